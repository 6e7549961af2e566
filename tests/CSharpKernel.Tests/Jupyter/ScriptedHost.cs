using System.Collections.Concurrent;
using CSharpKernel.Language;
using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>A cell that a <see cref="ScriptedHost"/> runs.</summary>
internal sealed record ScriptedCell(CellRequest Request, ICellFrontEnd FrontEnd, CancellationToken Interrupted)
{
    public void Write(string text, string name = "stdout") => FrontEnd.Emit(new StreamOutput(name, text));

    public void Show(string text, string? displayId = null) => FrontEnd.Emit(new DisplayOutput([new("text/plain", text)], displayId, IsResult: false));

    public CellConclusion Return(string value)
    {
        FrontEnd.Emit(new DisplayOutput([new("text/html", $"<b>{value}</b>"), new("text/plain", value)], null, IsResult: true));
        return ScriptedHost.Success;
    }

    public CellConclusion Fail(string name, string message, CellStatus status = CellStatus.Failed)
    {
        FrontEnd.Emit(new ErrorOutput(name, message, [$"{name}: {message}", $"   at cell {Request.CellName}, line 1"], 1, 1));
        return new CellConclusion(status, new Dictionary<string, CellOutput>());
    }

    /// <summary>Waits until it is interrupted, and fails as an interrupted cell does.</summary>
    public async Task<CellConclusion> WaitForInterruptAsync()
    {
        await Task.Delay(Timeout.Infinite, Interrupted).ContinueWith(_ => { }, TaskScheduler.Default);
        return Fail("Interrupted", "The cell was interrupted.", CellStatus.Interrupted);
    }
}

/// <summary>Runs cells that a test has written in C# of its own, by their code; a cell that it does not know succeeds with nothing.</summary>
internal sealed class ScriptedHost : ICellHost
{
    private readonly Dictionary<string, Func<ScriptedCell, Task<CellConclusion>>> _cells = [];
    private CancellationTokenSource? _announced;
    private CancellationTokenSource? _running;

    public static CellConclusion Success { get; } = new(CellStatus.Succeeded, new Dictionary<string, CellOutput>());

    /// <summary>The cells that ran, in order.</summary>
    public ConcurrentQueue<CellRequest> Ran { get; } = new();

    public int Interrupts { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>What completion answers; inspection and completeness follow simple rules.</summary>
    public Func<string, int, CancellationToken, Task<CompletionList>> Completion { get; set; } = (_, position, _) => Task.FromResult(new CompletionList(position, position, []));

    public void On(string code, Func<ScriptedCell, CellConclusion> run) => _cells[code] = cell => Task.FromResult(run(cell));

    public void OnAsync(string code, Func<ScriptedCell, Task<CellConclusion>> run) => _cells[code] = run;

    public void Announce() => _running = _announced = new CancellationTokenSource();

    public async Task<CellConclusion> ExecuteAsync(CellRequest request, ICellFrontEnd frontEnd)
    {
        // An executor that announces nothing would lose interrupts.
        using var running = _announced ?? throw new InvalidOperationException("The cell was not announced.");
        _announced = null;
        Ran.Enqueue(request);
        try
        {
            return _cells.TryGetValue(request.Code, out var run) ? await run(new ScriptedCell(request, frontEnd, running.Token)) : Success;
        }
        finally
        {
            _running = null;
        }
    }

    public async Task InterruptAsync()
    {
        Interrupts++;
        if (_running is { } running)
        {
            await running.CancelAsync();
        }
    }

    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken) => Completion(code, position, cancellationToken);

    public Task<Inspection?> InspectAsync(string code, int position, bool isDetailed, CancellationToken cancellationToken) =>
        Task.FromResult(code.Contains("known", StringComparison.Ordinal) ? new Inspection($"{position} {isDetailed}", "**known**") : null);

    public Task<Completeness> CheckCompletenessAsync(string code, CancellationToken cancellationToken) => Task.FromResult(
        code.EndsWith('{') ? new Completeness(CompletenessStatus.Incomplete, "    ") : new Completeness(code.Contains('!') ? CompletenessStatus.Invalid : CompletenessStatus.Complete, ""));

    public async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        await InterruptAsync();
    }
}
