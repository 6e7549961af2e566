using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace Chapters.Tests;

/// <summary>
/// Runs a chapter once, in this process, and goes back to any of its cells: to run it with other code, and then what follows it. That is how checks are seen
/// to fail without running the whole chapter again for each of them.
/// </summary>
/// <remarks>It changes the current directory, as a chapter's own process would, so tests that use it do not run side by side.</remarks>
public sealed class Replay
{
    private static readonly Dictionary<string, Replay> Known = [];

    private readonly Chapter _chapter;
    private readonly Dictionary<string, ScriptSession> _before = [];

    private Replay(Chapter chapter) => _chapter = chapter;

    /// <summary>The replay of a chapter, run to its end the first time that it is asked for.</summary>
    public static async Task<Replay> OfAsync(string name)
    {
        if (!Known.TryGetValue(name, out var replay))
        {
            replay = new Replay(Chapter.Named(name));
            await replay.RunAsync();
            Known[name] = replay;
        }

        return replay;
    }

    /// <summary>
    /// Goes back to cell <paramref name="first"/>, runs it with <paramref name="code"/> in the place of its source, then the code cells after it up to and including
    /// <paramref name="last"/>, and returns what the last one reported. Cells tagged <c>timing</c> and the checks of other claims are passed over.
    /// </summary>
    public async Task<IReadOnlyList<CellOutput>> FromAsync(string first, string code, string last)
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

    /// <summary>The error among a cell's outputs, or null.</summary>
    public static ErrorOutput? Error(IEnumerable<CellOutput> outputs) => outputs.OfType<ErrorOutput>().FirstOrDefault();

    /// <summary>What a cell showed last, as plain text.</summary>
    public static string Shown(IEnumerable<CellOutput> outputs) =>
        outputs.OfType<DisplayOutput>().LastOrDefault()?.Data.First(entry => entry.Key == "text/plain").Value ?? "";

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
