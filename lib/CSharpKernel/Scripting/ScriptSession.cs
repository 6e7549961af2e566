using CSharpKernel.Language;
using CSharpKernel.Notebooks;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace CSharpKernel.Scripting;

/// <summary>Runs the cells of a notebook one after another, as .NET Interactive's C# kernel does.</summary>
/// <remarks>
/// Cells see the declarations of earlier ones and may redeclare them; a trailing expression without semicolon is shown; <c>await</c> works anywhere. <c>#r</c> and <c>#load</c>
/// name files from the notebook's folder (in a loaded script: from its own), <c>#!csharp</c>, <c>#!html</c> and <c>#!import</c> divide a cell. Whatever a cell writes to the console
/// or displays is reported in that order, from background threads too. Not done here: NuGet packages, other languages, stopping code that
/// doesn't stop by itself, except where the session is interruptible.
/// </remarks>
public sealed class ScriptSession : IDisposable
{
    private readonly ScriptSessionOptions _options;
    private readonly ScriptPaths _paths;
    private readonly ScriptErrors _errors;
    private readonly SubmissionChain _chain;
    private readonly Lazy<LanguageService> _language;
    private readonly SessionOutput _output;
    private readonly SemaphoreSlim _oneCell = new(1);
    private readonly List<string> _warnings = [];
    private CellRun? _run;
    private bool _wasInterrupted;
    private PolledCode? _polled;

    /// <summary>A session in which nothing has run yet.</summary>
    public ScriptSession(ScriptSessionOptions options)
        : this(options, isThrowAway: false)
    {
    }

    private ScriptSession(ScriptSessionOptions options, bool isThrowAway)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _paths = new ScriptPaths(options.WorkingDirectory);
        _errors = new ScriptErrors(_paths);
        _chain = new SubmissionChain(_paths, options.ShadowCopyFolder, options.IsInterruptible);
        _language = new(() => new LanguageService(_chain, _paths));
        _output = new SessionOutput(options.MaximumOutputCharacters);
        if (options.IsInterruptible && !isThrowAway)
        {
            BackgroundExceptions.ReportTo((exception, origin) => _output.Report($"{string.Join('\n', _errors.OfBackgroundException(exception, origin))}\n"));
        }
    }

    private ScriptSession(ScriptSession other)
    {
        _options = other._options;
        _paths = other._paths;
        _errors = other._errors;
        _chain = other._chain.Fork();
        _language = new(() => new LanguageService(_chain, _paths));
        _output = new SessionOutput(other._options.MaximumOutputCharacters);
    }

    /// <summary>The compiler's warnings about the last cell, one line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Answers an editor's questions about code that comes after what has run. Nothing of it is loaded before the first.</summary>
    internal LanguageService Language => _language.Value;

    /// <summary>Runs one cell. A second call waits for the first.</summary>
    /// <param name="code">The cell's source.</param>
    /// <param name="cellName">Names the cell in errors and stack traces: its id.</param>
    /// <param name="emit">Receives each output as it comes, one at a time, possibly on another thread. Adjacent <see cref="StreamOutput"/> of one name are one text.</param>
    /// <param name="cancellationToken">Stops compiling, and waiting for what the cell awaits; code that computes is not interrupted.</param>
    /// <returns>False where the cell failed; its last output is then an <see cref="ErrorOutput"/>.</returns>
    public async Task<bool> ExecuteAsync(string code, string cellName, Action<CellOutput> emit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentException.ThrowIfNullOrWhiteSpace(cellName);
        ArgumentNullException.ThrowIfNull(emit);
        return (await ExecuteAsync(new SessionCell(code, cellName, emit), cancellationToken).ConfigureAwait(false)).End == SessionEnd.Succeeded;
    }

    /// <summary>Runs one cell. A second call waits for the first.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    internal async Task<SessionResult> ExecuteAsync(SessionCell cell, CancellationToken cancellationToken)
    {
        await _oneCell.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _warnings.Clear();
            _output.BeginCell(cell, cancellationToken);
            using var run = _options.IsInterruptible ? new CellRun(ReportUnstoppable, cancellationToken) : null;
            _run = run;
            return await OwnThread.RunAsync(() => RunCellAsync(cell, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            _run = null;
            _output.EndCell();
            _oneCell.Release();
        }
    }

    /// <summary>A session that goes on from here on its own: what it declares or assigns, this one doesn't see. Objects that variables refer to are shared.</summary>
    /// <remarks>A lambda that an earlier cell made keeps the variables of the session that made it.</remarks>
    public ScriptSession Fork() => new(this);

    /// <summary>Does now, in a session that is thrown away, what the first cell would have to wait for: most of it is the compilation of the compiler.</summary>
    internal async Task WarmUpAsync()
    {
        const string Code = """
            Console.Write(string.Empty);
            var sum = 0;
            foreach (var item in Enumerable.Range(0, 3).Select(index => 2 * index)) { sum += item; }
            sum
            """;
        using var session = new ScriptSession(_options, isThrowAway: true);
        await session.ExecuteAsync(new SessionCell(Code, "warm-up", _ => { }), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The value of a cell's variable; false where no cell has declared one of that name.</summary>
    public bool TryGetVariable(string name, out object? value) => _chain.TryGetVariable(name, out value);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_language.IsValueCreated)
        {
            _language.Value.Dispose();
        }

        _output.Dispose();
        _oneCell.Dispose();
    }

    private async Task<SessionResult> RunCellAsync(SessionCell cell, CancellationToken cancellationToken)
    {
        SessionConsole.Enter(_output);
        _wasInterrupted = false;
        var values = new Dictionary<string, CellOutput>();
        if (!await RunSourceAsync(new ScriptSource(ScriptPaths.OfCell(cell.Name)), cell.Code, cancellationToken).ConfigureAwait(false))
        {
            return new SessionResult(_wasInterrupted ? SessionEnd.Interrupted : SessionEnd.Failed, values);
        }

        foreach (var (name, expression) in cell.UserExpressions)
        {
            values[name] = await EvaluateAsync(expression, ScriptPaths.OfCell($"{cell.Name}, {name}"), cancellationToken).ConfigureAwait(false);
        }

        return new SessionResult(SessionEnd.Succeeded, values);
    }

    /// <summary>The value of an expression, or what is wrong with it. It declares nothing.</summary>
    private async Task<CellOutput> EvaluateAsync(string expression, string path, CancellationToken cancellationToken)
    {
        try
        {
            var submission = _chain.Compile(expression, path, cancellationToken);
            if (submission.Run is null)
            {
                return _errors.OfCompilation(submission, withWarnings: false);
            }

            var forms = await InvokeAsync(() => _chain.EvaluateAsync(submission), hasResult: true, cancellationToken).ConfigureAwait(false);
            return new DisplayOutput(SessionOutput.DataOf(forms), DisplayId: null, IsResult: true);
        }
        catch (Exception exception)
        {
            return await DescribeAsync(exception, path, polled: null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs code of the cell's and writes its value in the forms in which it is shown.</summary>
    private Task<IReadOnlyList<FormattedValue>> InvokeAsync(Func<Task<object?>> code, bool hasResult, CancellationToken cancellationToken)
    {
        return _run is { } run ? run.InvokeAsync(RunAndFormatAsync) : RunAndFormatAsync();

        async Task<IReadOnlyList<FormattedValue>> RunAndFormatAsync()
        {
            var result = await code().WaitAsync(_run is null ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
            return !hasResult ? [] : result switch
            {
                FormattedValue form => [form],
                IEnumerable<FormattedValue> forms => [.. forms],
                _ => FormattedValue.CreateManyFromObject(result),
            };
        }
    }

    /// <summary>What an exception says; asked as part of the cell's run, since its message may be made by the cell's code.</summary>
    private async Task<ErrorOutput> DescribeAsync(Exception exception, string path, PolledCode? polled, CancellationToken cancellationToken)
    {
        if (_run is not { } run)
        {
            return _errors.OfException(exception, path, polled);
        }

        try
        {
            return await run.InvokeAsync(() => Task.FromResult(_errors.OfException(exception, path, polled))).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            _wasInterrupted = true;
            return ScriptErrors.OfInterrupt(exception, path, _paths);
        }
    }

    private void ReportUnstoppable() => _output.Report(
        "The cell was interrupted, but something that it called can't be stopped: native code, a library's, or code without polls. It goes on in the background until it returns; "
        + "restart the kernel to end it.\n");

    private async Task<bool> RunSourceAsync(ScriptSource source, string code, CancellationToken cancellationToken)
    {
        var segments = CellSegment.Split(code);
        if (segments.FirstOrDefault(segment => segment.Kind == CellSegmentKind.Unknown) is { } unknown)
        {
            return Fail(source, _errors.OfDirective(source.Path, unknown, $"'{unknown.Text}' is not a magic that this kernel knows; it knows #!csharp, #!html and #!import FILE."));
        }

        foreach (var segment in segments)
        {
            if (!await RunSegmentAsync(source, segment, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> RunSegmentAsync(ScriptSource source, CellSegment segment, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var succeeded = segment.Kind switch
            {
                CellSegmentKind.Html => ShowHtml(segment.Text),
                CellSegmentKind.Import => await ImportAsync(source, segment, cancellationToken).ConfigureAwait(false),
                _ => await RunCodeAsync(source, segment, cancellationToken).ConfigureAwait(false),
            };

            // The code may have caught the exception that told it so.
            return succeeded && _output.IsOverLimit ? throw new OutputLimitException(_options.MaximumOutputCharacters) : succeeded;
        }
        catch (Exception exception) when (_run is not null && cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, without the interrupt it would not have come to it.
            _wasInterrupted = true;
            return Fail(source, ScriptErrors.OfInterrupt(exception, source.Path, _paths));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Fail(source, _errors.OfException(new OperationCanceledException("The cell was cancelled."), source.Path, polled: null));
        }
        catch (Exception exception)
        {
            var cause = _output.IsOverLimit && exception is not OutputLimitException ? new OutputLimitException(_options.MaximumOutputCharacters) : exception;
            return Fail(source, await DescribeAsync(cause, source.Path, _polled, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<bool> RunCodeAsync(ScriptSource source, CellSegment segment, CancellationToken cancellationToken)
    {
        // Blank lines stand for what precedes the segment, so that lines count from the start of the cell.
        var code = new string('\n', segment.Line) + segment.Text;
        var submission = _chain.Compile(code, source.Path, cancellationToken);
        _polled = submission.Polled;
        _warnings.AddRange(_errors.WarningsOf(submission));
        if (submission.Run is null || (_options.WarningsAsErrors && submission.Diagnostics.Count > 0))
        {
            return Fail(source, _errors.OfCompilation(submission, _options.WarningsAsErrors));
        }

        var forms = await InvokeAsync(() => _chain.RunAsync(submission), submission.HasResult, cancellationToken).ConfigureAwait(false);
        if (submission.HasResult)
        {
            _output.ShowResult(forms);
        }

        return true;
    }

    private static bool ShowHtml(string html)
    {
        Kernel.HTML(html.TrimEnd()).Display();
        return true;
    }

    /// <summary>Runs a notebook's code cells, or a script, as if they stood in the place of the <c>#!import</c> line.</summary>
    private async Task<bool> ImportAsync(ScriptSource source, CellSegment segment, CancellationToken cancellationToken)
    {
        var path = _paths.Resolve(segment.Text, baseFilePath: null);
        if (!File.Exists(path))
        {
            return Fail(source, _errors.OfDirective(source.Path, segment, $"There is no file '{segment.Text}' to import; paths start from the notebook's folder."));
        }

        if (source.IsBeingImported(path))
        {
            return Fail(source, _errors.OfDirective(source.Path, segment, $"'{segment.Text}' imports itself."));
        }

        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".cs" or ".csx":
                var script = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
                return await RunSourceAsync(source.Import(path, path, segment.Line + 1), script, cancellationToken).ConfigureAwait(false);
            case ".ipynb":
                return await ImportNotebookAsync(source, segment, path, cancellationToken).ConfigureAwait(false);
            default:
                return Fail(source, _errors.OfDirective(source.Path, segment, $"'{segment.Text}' is neither a notebook (.ipynb) nor a C# script (.cs, .csx)."));
        }
    }

    private async Task<bool> ImportNotebookAsync(ScriptSource source, CellSegment segment, string path, CancellationToken cancellationToken)
    {
        Notebook notebook;
        try
        {
            notebook = Notebook.Read(path);
        }
        catch (NotebookFormatException exception)
        {
            return Fail(source, _errors.OfDirective(source.Path, segment, exception.Message.Replace(path, _paths.Display(path), StringComparison.Ordinal)));
        }

        foreach (var cell in notebook.CodeCells)
        {
            var imported = source.Import(path, ScriptPaths.OfCell($"{cell.Id} of {_paths.Display(path)}"), segment.Line + 1);
            if (!await RunSourceAsync(imported, cell.Source, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private bool Fail(ScriptSource source, ErrorOutput error)
    {
        _output.Fail(source.ImportLine is { } line ? error with { Line = line, Column = 1 } : error);
        return false;
    }
}
