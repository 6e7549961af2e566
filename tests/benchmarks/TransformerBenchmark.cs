using System.Diagnostics;
using System.Globalization;
using TransformerTutorial.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks;

/// <summary>
/// The library's <see cref="EncoderDecoder"/> against PyTorch's nn.Transformer with the same configuration and weights: training steps, and greedy decoding, ours with a cache, PyTorch's without (it has none).
/// PyTorch runs in child processes with one thread and with two; they and we take turns. The table compares our medians with the better of PyTorch's two.
/// </summary>
internal static class TransformerBenchmark
{
    private static readonly string[] Cases =
        ["step-chapter-0.05", "step-tiny-0.1", "step-tiny-0", "step-small-0.1", "step-small-0", "greedy-chapter-1", "greedy-chapter-32", "greedy-tiny-1", "greedy-tiny-32", "greedy-small-1", "greedy-small-32"];

    // Sizes and numbers are torch-transformer.py's. "chapter" is chapter 12's model, but for its rotary positions, which PyTorch doesn't have.
    private static readonly Dictionary<string, (TransformerConfiguration Configuration, int Batch, int Source, int Target)> Sizes = new()
    {
        ["chapter"] = (new(2000, 2000) { Width = 64, FeedForwardWidth = 256, Sharing = EmbeddingSharing.TargetAndOutput }, 80, 12, 13),
        ["tiny"] = (new(1000, 1000) { Width = 64, FeedForwardWidth = 256 }, 32, 24, 24),
        ["small"] = (new(8000, 8000) { Width = 256, Heads = 8, FeedForwardWidth = 1024, EncoderLayers = 3, DecoderLayers = 3 }, 32, 32, 32),
    };

    public static void Run(string[] options)
    {
        var turns = int.Parse(Option(options, "--turns") ?? "5", CultureInfo.InvariantCulture);
        var seconds = double.Parse(Option(options, "--seconds") ?? "1", CultureInfo.InvariantCulture);
        var only = Option(options, "--only")?.Split(',');
        var cases = Cases.Where(name => only is null || only.Any(prefix => name == prefix || name.StartsWith($"{prefix}-", StringComparison.Ordinal))).ToArray();
        if (options.Contains("--alone"))
        {
            set_num_threads(int.Parse(Option(options, "--threads") ?? "2", CultureInfo.InvariantCulture));
            foreach (var name in cases)
            {
                var work = Prepare(name);
                Time(work, seconds / 2);
                var (before, runs) = (Environment.CpuUsage.TotalTime, 0);
                var (best, median) = Time(() => work() + runs++, seconds);
                var processor = (Environment.CpuUsage.TotalTime - before) / runs;
                Console.WriteLine($"{name}: best {best * 1000:F2} ms, median {median * 1000:F2} ms, processor time {processor.TotalMilliseconds:F2} ms");
            }

            return;
        }

        Console.WriteLine($"{turns} turns of {seconds} s each, load before: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}\n");
        Console.WriteLine("| case | PyTorch, 1 thread, ms | PyTorch, 2 threads, ms | ours, ms | tokens/s, the better PyTorch | tokens/s, ours | ours ÷ PyTorch | best ÷ best |\n|---|---|---|---|---|---|---|---|");
        using var one = new PythonPeer("torch-transformer.py", 1);
        using var two = new PythonPeer("torch-transformer.py", 2);
        foreach (var name in cases)
        {
            Check(name, one);
            var work = Prepare(name);
            Time(work, 1);
            var times = new[] { new List<(double Best, double Median)>(), [], [] };
            for (var turn = 0; turn < turns; turn++)
            {
                times[0].Add(one.Time($"{name} {seconds}"));
                times[1].Add(two.Time($"{name} {seconds}"));

                // OpenMP's threads spin for a while after their last work.
                Thread.Sleep(50);
                times[2].Add(Time(work, seconds));
            }

            var medians = Array.ConvertAll(times, list => list.Select(time => time.Median).Order().ElementAt(turns / 2));
            var bests = Array.ConvertAll(times, list => list.Min(time => time.Best));
            var (theirs, tokens) = (Math.Min(medians[0], medians[1]), TokensOf(name));
            Console.WriteLine(
                $"| {name} | {medians[0] * 1000:F2} | {medians[1] * 1000:F2} | {medians[2] * 1000:F2} | {tokens / theirs:N0} | {tokens / medians[2]:N0} | {theirs / medians[2]:F2} | {Math.Min(bests[0], bests[1]) / bests[2]:F2} |");
        }

        Console.WriteLine($"\nLoad after: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    }

    private static string? Option(string[] options, string name) => Array.IndexOf(options, name) is var index and >= 0 && index + 1 < options.Length ? options[index + 1] : null;

    // Both sides begin with the same weights: after two steps, and word by word, the numbers must agree. Dropout draws other numbers, so it is left out here.
    private static void Check(string name, PythonPeer peer)
    {
        var words = name.Split('-');
        var compared = words[0] == "step" ? $"step-{words[1]}-0" : name;
        var theirs = peer.Number($"check {compared}");
        var work = Prepare(compared);
        work();
        work();
        var ours = work();
        if (!(Math.Abs(theirs - ours) <= 1e-4 * Math.Max(1, Math.Abs(theirs))))
        {
            throw new InvalidOperationException($"{compared} gives {ours}, PyTorch's {theirs}; there is nothing to time.");
        }
    }

    private static (double Best, double Median) Time(Func<double> work, double seconds)
    {
        var times = new List<double>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds || times.Count < 3;)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        times.Sort();
        return (times[0], times[times.Count / 2]);
    }

    // Words read and written in one repetition, without padding; in decoding those that are written.
    private static long TokensOf(string name)
    {
        var (_, batch, source, target) = Sizes[name.Split('-')[1]];
        return name.StartsWith("step", StringComparison.Ordinal)
            ? Enumerable.Range(0, batch).Sum(row => source + target - (2 * (row % 4)) + (row % 4 > 0 ? 1 : 0))
            : 32 * int.Parse(name.Split('-')[2], CultureInfo.InvariantCulture);
    }

    private static Func<double> Prepare(string name)
    {
        var words = name.Split('-');
        return words[0] == "step" ? Step(words[1], double.Parse(words[2], CultureInfo.InvariantCulture)) : Greedy(words[1], int.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private static Func<double> Step(string size, double dropout)
    {
        var (configuration, batch, read, written) = Sizes[size];
        manual_seed(1);
        var model = Fixed(new EncoderDecoder(configuration with { Dropout = dropout }));
        var optimizer = optim.Adam(model.parameters(), lr: 1e-4);
        var (source, target) = (Sentences(0, configuration.SourceVocabulary, batch, read), Sentences(7, configuration.TargetVocabulary, batch, written + 1));
        var (given, expected) = (target.narrow(1, 0, written).contiguous(), target.narrow(1, 1, written).contiguous());
        return () =>
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = TranslationLoss.Mean(model.call(source, given), expected, smoothing: 0.1);
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        };
    }

    private static Func<double> Greedy(string size, int batch)
    {
        var configuration = Sizes[size].Configuration;
        var model = Fixed(new EncoderDecoder(configuration));
        model.eval();
        var source = Sentences(0, configuration.SourceVocabulary, batch, 32);
        return () =>
        {
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            var encoded = model.Encode(source);
            using var cache = model.CreateCache();
            var word = ones([batch, 1], ScalarType.Int64);
            var sum = (long)batch;
            for (var i = 0; i < 32; i++)
            {
                using var step = NewDisposeScope();
                word = model.Decode(word, encoded, cache).argmax(-1).MoveToOuterDisposeScope();
                sum += word.sum().item<long>();
            }

            return sum;
        };
    }

    // The Python side's weights, in the order of its names.
    private static EncoderDecoder Fixed(EncoderDecoder model)
    {
        using var mode = no_grad();
        var configuration = model.Configuration;
        var stacks = nn.Transformer(configuration.Width, configuration.Heads, configuration.EncoderLayers, configuration.DecoderLayers, configuration.FeedForwardWidth, configuration.Dropout).state_dict();
        var all = stacks.ToDictionary(one => $"transformer.{one.Key}", one => one.Value);
        all["source.weight"] = model.SourceVectors;
        all["target.weight"] = model.TargetVectors;
        if (configuration.Sharing == EmbeddingSharing.None)
        {
            all["output.weight"] = model.OutputMatrix;
        }

        var i = 0;
        foreach (var (name, parameter) in all.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (parameter.dim() > 1)
            {
                parameter.copy_(Numbers(i, parameter.shape) * (2 / Math.Sqrt(parameter.shape[^1])));
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.copy_(Numbers(i, parameter.shape));
            }

            i++;
        }

        model.LoadFrom(stacks);
        return model;
    }

    // (B, length): words from id 3 on, padding 0 behind the end of three in four.
    private static Tensor Sentences(long first, long vocabulary, int batch, int length)
    {
        var ids = new long[batch, length];
        for (var row = 0; row < batch; row++)
        {
            for (var place = 0; place < length - (row % 4); place++)
            {
                ids[row, place] = (Mixed(first + (row * length) + place) % (vocabulary - 3)) + 3;
            }
        }

        return tensor(ids);
    }

    // A fixed number that looks random, the same as the Python side's.
    private static uint Mixed(long i)
    {
        var bits = unchecked((uint)i * 2654435761u);
        bits = unchecked((bits ^ (bits >> 16)) * 0x45d9f3bu);
        return bits ^ (bits >> 16);
    }

    private static Tensor Numbers(long first, params long[] shape)
    {
        var values = new float[shape.Aggregate((product, length) => product * length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((Mixed(first + i) >> 8) / 16777216f) - 0.5f;
        }

        return tensor(values).view(shape);
    }
}
