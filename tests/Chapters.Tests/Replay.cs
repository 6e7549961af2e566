using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace Chapters.Tests;

/// <summary>
/// Runs a chapter once, in this process, and goes back to any of its cells: to run it with other code, and then what follows it. That is how checks are seen
/// to fail without running the whole chapter again for each of them.
/// </summary>
/// <remarks>
/// Chapters replay side by side, each with assemblies of its own; what is done to one chapter is done in turn, since its sessions share the library's state and the objects that cells have made. The process's
/// current directory becomes the chapters' folder, as in a chapter's own process.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Kept as long as the tests run; a semaphore that was only waited for holds nothing of the system's.")]
public sealed class Replay
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Replay>>> Known = new();

    private readonly Chapter _chapter;
    private readonly Dictionary<string, ScriptSession> _before = [];
    private readonly SemaphoreSlim _inTurn = new(1);

    private Replay(Chapter chapter) => _chapter = chapter;

    /// <summary>The replay of a chapter, run to its end the first time that it is asked for.</summary>
    public static Task<Replay> OfAsync(string name) => Known.GetOrAdd(name, known => new(() => RunAsync(Chapter.Named(known)))).Value;

    /// <summary>
    /// Goes back to cell <paramref name="first"/>, runs it with <paramref name="code"/> in the place of its source, then the code cells after it up to and including
    /// <paramref name="last"/>, and returns what the last one reported. Cells tagged <c>timing</c> and the checks of other claims are passed over.
    /// </summary>
    public async Task<IReadOnlyList<CellOutput>> FromAsync(string first, string code, string last)
    {
        await _inTurn.WaitAsync();
        try
        {
            return await RunFromAsync(first, code, last);
        }
        finally
        {
            _inTurn.Release();
        }
    }

    /// <summary>The error among a cell's outputs, or null.</summary>
    public static ErrorOutput? Error(IEnumerable<CellOutput> outputs) => outputs.OfType<ErrorOutput>().FirstOrDefault();

    /// <summary>What a cell showed last, as plain text.</summary>
    public static string Shown(IEnumerable<CellOutput> outputs) =>
        outputs.OfType<DisplayOutput>().LastOrDefault()?.Data.First(entry => entry.Key == "text/plain").Value ?? "";

    private static async Task<Replay> RunAsync(Chapter chapter)
    {
        var replay = new Replay(chapter);
        await replay.RunAsync();
        return replay;
    }

    private async Task<IReadOnlyList<CellOutput>> RunFromAsync(string first, string code, string last)
    {
        var session = _before[first].Fork();
        var claimCells = CatalogueEntry.All.Where(entry => entry.Cell is not null).Select(entry => entry.Cell!).ToHashSet();
        var cells = _chapter.Notebook.CodeCells.SkipWhile(cell => cell.Id != first).ToList();
        foreach (var cell in cells.Take(cells.FindIndex(cell => cell.Id == last) + 1))
        {
            if (cell.Id != first && cell.Id != last && (cell.HasTag("timing") || claimCells.Contains(cell.Id)))
            {
                continue;
            }

            var outputs = new List<CellOutput>();
            var succeeded = await ExecuteAsync(session, cell.Id, cell.Id == first ? code : cell.Source, outputs);
            if (cell.Id == last)
            {
                return outputs;
            }

            Assert.True(succeeded, $"{cell.Id}, which stands between {first} and {last}, failed: {Error(outputs)?.Message}");
        }

        throw new InvalidOperationException($"{last} does not stand at or after {first}.");
    }

    private async Task RunAsync()
    {
        var folder = Path.GetDirectoryName(_chapter.Path)!;
        Directory.SetCurrentDirectory(folder);
        var session = new ScriptSession(new ScriptSessionOptions { WorkingDirectory = folder, WarningsAsErrors = true });
        foreach (var cell in _chapter.Notebook.CodeCells)
        {
            _before[cell.Id] = session.Fork();
            if (cell.HasTag("timing"))
            {
                continue;
            }

            var outputs = new List<CellOutput>();
            var succeeded = await ExecuteAsync(session, cell.Id, cell.Source, outputs);
            Assert.True(succeeded || cell.HasTag(NotebookRunner.RaisesExceptionTag), $"{cell.Id} failed: {Error(outputs)?.Message}");
        }
    }

    private static Task<bool> ExecuteAsync(ScriptSession session, string cell, string code, List<CellOutput> outputs) =>
        session.ExecuteAsync(code, cell, outputs.Add, CancellationToken.None);
}
