using System.Diagnostics;
using System.Globalization;
using CSharpKernel.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CSharpKernel.CommandLine;

/// <summary>Is told how far a run is, from several threads at once.</summary>
internal interface IRunDisplay
{
    void NotebookStarts(string path);

    void CellStarts(RunProgress progress);

    void NotebookEnds(NotebookOutcome outcome);
}

/// <summary>Prints a line when a notebook starts and when it ends, and now and then one for a notebook that takes long: for logs.</summary>
internal sealed class PlainRunDisplay(IAnsiConsole console) : IRunDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stopwatch> _sinceLastLine = new(StringComparer.Ordinal);

    public void NotebookStarts(string path) => WriteLine(path, "starts");

    public void CellStarts(RunProgress progress)
    {
        lock (_lock)
        {
            if (_sinceLastLine[progress.Path].Elapsed < Interval)
            {
                return;
            }
        }

        WriteLine(progress.Path, $"cell {progress.CellNumber}/{progress.CellCount} {progress.CellId}");
    }

    public void NotebookEnds(NotebookOutcome outcome) =>
        WriteLine(outcome.Result.Path, $"{outcome.Verdict}, {RunSummary.Seconds(outcome.Result.Duration)} s");

    private void WriteLine(string path, string text)
    {
        lock (_lock)
        {
            _sinceLastLine[path] = Stopwatch.StartNew();
            console.WriteLine($"{RunSummary.Name(path)}: {text}");
        }
    }
}

/// <summary>Shows the running notebooks on a terminal, a line each, rewritten in place; they vanish when all is done.</summary>
internal sealed class LiveRunDisplay(int notebookCount) : IRunDisplay
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (RunProgress? Cell, Stopwatch Clock)> _running = new(StringComparer.Ordinal);
    private int _ended;

    public void NotebookStarts(string path)
    {
        lock (_lock)
        {
            _running[path] = (null, Stopwatch.StartNew());
        }
    }

    public void CellStarts(RunProgress progress)
    {
        lock (_lock)
        {
            _running[progress.Path] = (progress, _running[progress.Path].Clock);
        }
    }

    public void NotebookEnds(NotebookOutcome outcome)
    {
        lock (_lock)
        {
            _running.Remove(outcome.Result.Path);
            _ended++;
        }
    }

    /// <summary>Keeps the picture up to date until <paramref name="work"/> has ended.</summary>
    public Task ShowWhileAsync(IAnsiConsole console, Task work) => console.Live(Render()).AutoClear(true).StartAsync(async context =>
    {
        while (!work.IsCompleted)
        {
            context.UpdateTarget(Render());
            await Task.WhenAny(work, Task.Delay(100)).ConfigureAwait(false);
        }
    });

    private Rows Render()
    {
        lock (_lock)
        {
            var lines = _running.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(IRenderable (entry) =>
            {
                var (cell, clock) = entry.Value;
                var place = cell is null ? "starting" : $"cell {cell.CellNumber}/{cell.CellCount}  {cell.CellId}";
                return new Text($"{RunSummary.Name(entry.Key)}  {place}  {RunSummary.Seconds(clock.Elapsed)} s").Overflow(Overflow.Ellipsis);
            });
            return new Rows(lines.Prepend(new Text(string.Create(CultureInfo.InvariantCulture, $"{_ended} of {notebookCount} notebooks done"))));
        }
    }
}
