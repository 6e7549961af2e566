using System.Diagnostics;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Running;

/// <summary>Executes a notebook's code cells, in order, in a process of its own.</summary>
/// <remarks>
/// The process works in the notebook's folder, with the invariant culture and in UTC (on Windows in the system's time zone, which no process can choose). Execution stops at the first cell that fails; past a time limit
/// the process and everything that it started are killed. The notebook's file is only read.
/// </remarks>
public static class NotebookRunner
{
    /// <summary>The tag of a cell that must fail; its error is kept as its output.</summary>
    public const string RaisesExceptionTag = "raises-exception";

    /// <summary>The MIME type of the outputs that show a claim's check.</summary>
    public const string ClaimMimeType = "application/vnd.transformer-tutorial.claim+json";

    /// <summary>Executes the notebook in the file <paramref name="path"/>.</summary>
    /// <returns>What became of it; a failure, whether of a cell or of the whole notebook, is part of the result.</returns>
    /// <exception cref="OperationCanceledException">The execution was cancelled; the process has been killed.</exception>
    public static async Task<NotebookResult> RunAsync(string path, NotebookRunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new NotebookRunOptions();
        var clock = Stopwatch.StartNew();
        Notebook notebook;
        try
        {
            notebook = Notebook.Read(path);
        }
        catch (NotebookFormatException exception)
        {
            return new() { Path = path, Duration = clock.Elapsed, Failure = NotebookFailure.BeforeFirstCell("NotALegalNotebook", exception.Message) };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new() { Path = path, Duration = clock.Elapsed, Failure = NotebookFailure.BeforeFirstCell("NotReadable", exception.Message) };
        }

        var run = new NotebookRun(path, notebook, options);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        await run.ExecuteAsync(folder, cancellation).ConfigureAwait(false);
        return run.ToResult(clock.Elapsed);
    }

    /// <summary>The number of outputs of <paramref name="notebook"/> that show the outcome of a claim's check.</summary>
    internal static int CountClaims(Notebook notebook) =>
        notebook.CodeCells.Sum(cell => cell.Outputs.Count(output => output.Data.ContainsKey(ClaimMimeType)));
}
