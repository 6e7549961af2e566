using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks;

/// <summary>
/// Cases that PyTorch and we time by turns. PyTorch runs in two child processes, with one thread and with two. A case is first checked against PyTorch's result; then each side has its turn, again and again, and a table has
/// a row for it. With <c>--alone</c> ours is timed without a peer.
/// </summary>
internal sealed class PeerBenchmark
{
    /// <summary>The names of the cases; <c>--only</c> chooses among them.</summary>
    public required string[] Cases { get; init; }

    /// <summary>PyTorch's side, a script beside the benchmarks.</summary>
    public required string Script { get; init; }

    /// <summary>From a case to a function that runs it once and returns a number of its result.</summary>
    public required Func<string, Func<double>> Prepare { get; init; }

    /// <summary>Throws where a case's result isn't PyTorch's.</summary>
    public required Action<string, PythonPeer> Check { get; init; }

    /// <summary>The table's columns, separated by <c> | </c>.</summary>
    public required string Columns { get; init; }

    /// <summary>A case's row, one text a column.</summary>
    public required Func<string, CaseTimings, string[]> Row { get; init; }

    public void Run(string[] words)
    {
        var options = new CommandOptions(words, ["--turns", "--seconds", "--only", "--threads"], "--alone");
        var (turns, seconds) = (options.Number("--turns", 5), options.Number("--seconds", 1.0));
        string[] cases = [.. Cases.Where(options.IsWanted)];
        if (cases.Length == 0)
        {
            throw new UsageException($"There is no such case; there are {string.Join(", ", Cases)}.");
        }

        if (options.Has("--alone"))
        {
            set_num_threads(options.Number("--threads", 2));
            Alone(cases, seconds);
            return;
        }

        Console.WriteLine($"{turns} turns of {seconds} s each, load before: {Timing.Load}\n");
        Console.WriteLine($"| {Columns} |\n|{string.Concat(Enumerable.Repeat("---|", Columns.Split(" | ").Length))}");
        using var one = new PythonPeer(Script, 1);
        using var two = new PythonPeer(Script, 2);
        foreach (var name in cases)
        {
            Check(name, one);
            var work = Prepare(name);
            Timing.Of(work, 1);
            List<Timing> first = [], second = [], ours = [];
            for (var turn = 0; turn < turns; turn++)
            {
                first.Add(one.Time($"{name} {seconds}"));
                second.Add(two.Time($"{name} {seconds}"));

                // OpenMP's threads spin for a while after their last work.
                Thread.Sleep(50);
                ours.Add(Timing.Of(work, seconds));
            }

            Console.WriteLine($"| {name} | {string.Join(" | ", Row(name, new(Timing.Over(first), Timing.Over(second), Timing.Over(ours))))} |");
        }

        Console.WriteLine($"\nLoad after: {Timing.Load}");
    }

    private void Alone(string[] cases, double seconds)
    {
        foreach (var name in cases)
        {
            var work = Prepare(name);
            Timing.Of(work, Math.Max(1, seconds / 2));
            var (before, runs) = (Environment.CpuUsage.TotalTime, 0);
            var (best, median) = Timing.Of(() => work() + runs++, seconds);
            var processor = (Environment.CpuUsage.TotalTime - before) / runs;
            Console.WriteLine($"{name}: best {best * 1000:F2} ms, median {median * 1000:F2} ms, processor time {processor.TotalMilliseconds:F2} ms");
        }
    }
}

/// <summary>What a case took: PyTorch with one thread, with two, and ours.</summary>
internal sealed record CaseTimings(Timing One, Timing Two, Timing Ours)
{
    /// <summary>PyTorch's, with as many threads as make it faster.</summary>
    public Timing Theirs => new(Math.Min(One.Best, Two.Best), Math.Min(One.Median, Two.Median));

    /// <summary>The three medians in milliseconds.</summary>
    public string[] Milliseconds => [.. new[] { One, Two, Ours }.Select(timing => $"{timing.Median * 1000:F2}")];
}
