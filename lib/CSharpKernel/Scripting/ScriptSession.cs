using Microsoft.DotNet.Interactive.Formatting;

namespace CSharpKernel.Scripting;

/// <summary>Runs the cells of a notebook one after another, as .NET Interactive's C# kernel does.</summary>
/// <remarks>
/// Cells see the declarations of earlier ones and may redeclare them; a trailing expression without semicolon is shown; <c>await</c> works anywhere. <c>#r</c> and <c>#load</c>
/// name files from the notebook's folder (in a loaded script: from its own), <c>#!csharp</c>, <c>#!html</c> and <c>#!import</c> divide a cell. Whatever a cell writes to the console
/// or displays is reported in that order, from background threads too. Not done here: NuGet packages, other languages, stopping code that doesn't stop by itself.
/// </remarks>
public sealed class ScriptSession : IDisposable
{
    private readonly ScriptSessionOptions _options;
    private readonly ScriptPaths _paths;
    private readonly ScriptErrors _errors;
    private readonly SubmissionChain _chain;
    private readonly SessionOutput _output;
    private readonly SemaphoreSlim _oneCell = new(1);
    private readonly List<string> _warnings = [];

    /// <summary>A session in which nothing has run yet.</summary>
    public ScriptSession(ScriptSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _paths = new ScriptPaths(options.WorkingDirectory);
        _errors = new ScriptErrors(_paths);
        _chain = new SubmissionChain(_paths, options.ShadowCopyFolder);
        _output = new SessionOutput(options.MaximumOutputCharacters);
    }

    private ScriptSession(ScriptSession other)
    {
        _options = other._options;
        _paths = other._paths;
        _errors = other._errors;
        _chain = other._chain.Fork();
        _output = new SessionOutput(other._options.MaximumOutputCharacters);
    }

    /// <summary>The compiler's warnings about the last cell, one line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

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
        await _oneCell.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _warnings.Clear();
            _output.BeginCell(emit);
            return await Task.Run(
                () =>
                {
                    SessionConsole.Enter(_output);
                    return RunCellAsync(code, cellName, cancellationToken);
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _output.EndCell();
            _oneCell.Release();
        }
    }

    /// <summary>A session that goes on from here on its own: what it declares or assigns, this one doesn't see. Objects that variables refer to are shared.</summary>
    /// <remarks>A lambda that an earlier cell made keeps the variables of the session that made it.</remarks>
    public ScriptSession Fork() => new(this);

    /// <summary>The value of a cell's variable; false where no cell has declared one of that name.</summary>
    public bool TryGetVariable(string name, out object? value) => _chain.TryGetVariable(name, out value);

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _oneCell.Dispose();
    }

    private async Task<bool> RunCellAsync(string code, string cellName, CancellationToken cancellationToken)
    {
        var segments = CellSegment.Split(code);
        if (segments.FirstOrDefault(segment => segment.Kind == CellSegmentKind.Unknown) is { } unknown)
        {
            _output.Fail(ScriptErrors.OfDirective(cellName, unknown, $"'{unknown.Text}' is not a magic that this kernel knows; it knows #!csharp, #!html and #!import FILE."));
            return false;
        }

        foreach (var segment in segments)
        {
            if (!await RunSegmentAsync(segment, cellName, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> RunSegmentAsync(CellSegment segment, string cellName, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (segment.Kind)
            {
                case CellSegmentKind.Html:
                    Microsoft.DotNet.Interactive.Kernel.HTML(segment.Text.TrimEnd()).Display();
                    return true;
                case CellSegmentKind.Import:
                    throw new NotSupportedException("#!import is not there yet.");
                default:
                    return await RunCodeAsync(segment, cellName, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!_output.IsOverLimit || exception is OutputLimitException)
        {
            _output.Fail(_errors.OfException(exception, cellName));
            return false;
        }
    }

    private async Task<bool> RunCodeAsync(CellSegment segment, string cellName, CancellationToken cancellationToken)
    {
        // Blank lines stand for what precedes the segment, so that lines count from the start of the cell.
        var code = new string('\n', segment.Line) + segment.Text;
        var submission = _chain.Compile(code, ScriptPaths.OfCell(cellName), cancellationToken);
        _warnings.AddRange(_errors.WarningsOf(submission));
        if (submission.Run is null || (_options.WarningsAsErrors && submission.Diagnostics.Count > 0))
        {
            _output.Fail(_errors.OfCompilation(submission, _options.WarningsAsErrors));
            return false;
        }

        var result = await _chain.RunAsync(submission).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (submission.HasResult)
        {
            _output.ShowResult(result switch
            {
                FormattedValue form => [form],
                IEnumerable<FormattedValue> forms => [.. forms],
                _ => FormattedValue.CreateManyFromObject(result),
            });
        }

        return true;
    }
}
