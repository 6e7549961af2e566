using System.Diagnostics;
using System.Globalization;
using CSharpKernel.Notebooks;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>One execution of one notebook, from the first cell to the last or to the one that fails.</summary>
internal sealed class NotebookRun
{
    private const int MostLastWords = 20;
    private const string OutputLimit = "OutputLimit";
    private static readonly string[] PlumbingFrames = ["at Microsoft.CodeAnalysis.", "at System.Runtime.CompilerServices.", "at System.Threading.", "at CSharpKernel."];

    private readonly string _path;
    private readonly Notebook _original;
    private readonly Notebook _executed;
    private readonly NotebookRunOptions _options;
    private readonly List<NotebookCell> _cells;
    private readonly List<CellResult> _results = [];
    private readonly OutputCollector _collector = new();
    private NotebookFailure? _failure;

    public NotebookRun(string path, Notebook notebook, NotebookRunOptions options)
    {
        _path = path;
        _original = notebook;
        _executed = notebook.Clone();
        _options = options;
        foreach (var cell in _executed.CodeCells)
        {
            cell.ExecutionCount = null;
            cell.SetOutputs([]);
        }

        // Jupyter does not execute a cell without code either.
        _cells = [.. _executed.CodeCells.Where(cell => !string.IsNullOrWhiteSpace(cell.Source))];
    }

    public NotebookResult ToResult(TimeSpan duration) => new()
    {
        Path = _path,
        Original = _original,
        Executed = _executed,
        Cells = _results,
        CellCount = _cells.Count,
        ClaimsChecked = NotebookRunner.CountClaims(_executed),
        Duration = duration,
        Failure = _failure,
    };

    public async Task ExecuteAsync(string folder, CancellationToken cancellation)
    {
        _failure = NotebookLanguage.FindForeign(_original) ?? TutorialLibrary.FindProblem(_original, folder);
        if (_failure is not null)
        {
            return;
        }

        using var notebookTime = new CancellationTokenSource(_options.Timeout);
        using var anyEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellation, notebookTime.Token);
        using var shadow = new ShadowFolder();
        var options = new WorkerOptions
        {
            Folder = folder,
            ShadowFolder = shadow.Path,
            MaximumOutput = _options.MaximumOutput,
            EnvironmentVariables = _options.EnvironmentVariables,
        };
        try
        {
            await using var worker = await WorkerProcess.StartAsync(options, anyEnd.Token).ConfigureAwait(false);
            for (var i = 0; i < _cells.Count && _failure is null; i++)
            {
                await ExecuteCellAsync(worker, i, notebookTime.Token, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _failure = NotebookFailure.BeforeFirstCell("Timeout", $"The process that executes cells was not ready within the notebook's limit of {Seconds(_options.Timeout)}.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
        {
            _failure = NotebookFailure.BeforeFirstCell("NotStarted", exception.Message);
        }

        for (var i = 0; i < _results.Count; i++)
        {
            _cells[i].SetOutputs(_collector.OutputsOf(i));
        }
    }

    private async Task ExecuteCellAsync(WorkerProcess worker, int index, CancellationToken notebookTime, CancellationToken cancellation)
    {
        var cell = _cells[index];
        _options.Progress?.Invoke(new RunProgress(_path, index + 1, _cells.Count, cell.Id));
        _collector.BeginCell(index + 1);
        cell.ExecutionCount = index + 1;

        using var cellTime = new CancellationTokenSource(_options.CellTimeout);
        using var anyEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellation, notebookTime, cellTime.Token);
        var clock = Stopwatch.StartNew();
        ErrorOutput? error = null;
        NotebookFailure? failure = null;

        void Emit(CellOutput output)
        {
            error = output as ErrorOutput ?? error;
            try
            {
                _collector.Add(output);
            }
            catch (FormatException exception)
            {
                failure ??= Failure(cell, "InvalidOutput", exception.Message);
            }
        }

        try
        {
            var end = await worker.ExecuteAsync(cell.Id, cell.Source, Emit, anyEnd.Token).ConfigureAwait(false);
            failure ??= Judge(cell, end, error, worker);
            if (failure?.Name == OutputLimit)
            {
                // The executed copy is for reading; nobody reads millions of characters.
                _collector.Add(new ClearOutput(Wait: false));
                error = null;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            failure = Failure(cell, "Timeout", notebookTime.IsCancellationRequested
                ? $"The notebook took longer than {Seconds(_options.Timeout)}; this cell was running for {Seconds(clock.Elapsed)}."
                : $"The cell took longer than {Seconds(_options.CellTimeout)}.");
        }

        if (failure is not null && error is null)
        {
            // A failure that the session could not report: the reader of the executed copy sees it in its cell.
            _collector.Add(new ErrorOutput(failure.Name, failure.Message, [$"{failure.Name}: {failure.Message}", .. failure.Details], 0, 0));
        }

        _failure = failure;
        _results.Add(new CellResult(cell.Id, clock.Elapsed, failure));
    }

    private NotebookFailure? Judge(NotebookCell cell, CellEnd end, ErrorOutput? error, WorkerProcess worker)
    {
        var mustFail = cell.HasTag(NotebookRunner.RaisesExceptionTag);
        if (error?.Name == typeof(OutputLimitException).FullName)
        {
            end = CellEnd.TooMuchOutput;
        }

        switch (end)
        {
            case CellEnd.Succeeded:
                return mustFail
                    ? Failure(cell, "NoException", $"The cell is tagged '{NotebookRunner.RaisesExceptionTag}', but it ran to its end without an exception.")
                    : null;
            case CellEnd.Failed when mustFail:
                return null;
            case CellEnd.Failed:
                return error is null
                    ? Failure(cell, "Error", "The cell failed without saying why.")
                    : new NotebookFailure(cell.Id, error.Line, error.Column, error.Name, error.Message, error.Traceback);
            case CellEnd.TooMuchOutput:
                var message = string.Create(CultureInfo.InvariantCulture, $"The cell wrote more than {_options.MaximumOutput:N0} characters of output.");
                return new NotebookFailure(cell.Id, error?.Line ?? 0, error?.Column ?? 0, OutputLimit, message, []);
            default:
                var lastWords = LastWords(worker.LastWords);
                var summary = lastWords.Count > 0 ? $" {lastWords[0].Trim()}" : "";
                return Failure(cell, "ProcessEnded", $"The cell ended the process that executes the notebook (exit code {worker.ExitCode}).{summary}", lastWords);
        }
    }

    /// <summary>The first lines of the runtime's report of a crash, without the frames that are the same for every cell.</summary>
    private static List<string> LastWords(string report) =>
        [.. report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !PlumbingFrames.Any(line.TrimStart().StartsWith)).Take(MostLastWords)];

    private static NotebookFailure Failure(NotebookCell cell, string name, string message, IEnumerable<string>? details = null) =>
        new(cell.Id, 0, 0, name, message, [.. details ?? []]);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} seconds");
}
