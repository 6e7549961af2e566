using System.Diagnostics;
using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

/// <summary>A session whose cells can be interrupted, with a folder of its own.</summary>
internal sealed class InterruptibleCells(Func<ScriptSessionOptions, ScriptSessionOptions>? configure = null) : IDisposable
{
    private readonly Cells _cells = new(options => (configure?.Invoke(options) ?? options) with { IsInterruptible = true });
    private int _count;

    public async Task<(SessionResult Result, List<CellOutput> Outputs)> Run(string code, CancellationToken interrupt, Action<CellOutput>? also = null)
    {
        var outputs = new List<CellOutput>();
        var cell = new SessionCell(code, $"c{++_count}", output =>
        {
            lock (outputs)
            {
                outputs.Add(output);
            }

            also?.Invoke(output);
        });
        var result = await _cells.Session.ExecuteAsync(cell, interrupt);
        return (result, Cells.Join(outputs));
    }

    public string Write(string path, string text) => _cells.Write(path, text);

    public async Task<List<CellOutput>> RunToEnd(string code)
    {
        var (result, outputs) = await Run(code, default);
        Assert.True(result.End == SessionEnd.Succeeded, string.Join('\n', outputs.Select(Cells.Plain)));
        return outputs;
    }

    /// <summary>Runs a cell that displays something, and interrupts it a moment later; also says how long the cell went on.</summary>
    public async Task<(SessionResult Result, List<CellOutput> Outputs, TimeSpan Duration)> Interrupt(string code)
    {
        using var interrupt = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Run(code, interrupt.Token, output => begun.TrySetResult());
        await Task.WhenAny(begun.Task, run);
        await Task.Delay(50);
        Assert.False(run.IsCompleted);
        var clock = Stopwatch.StartNew();
        await interrupt.CancelAsync();
        var (result, outputs) = await run.WaitAsync(TimeSpan.FromSeconds(60));
        return (result, outputs, clock.Elapsed);
    }

    public void Dispose() => _cells.Dispose();
}
