using System.Diagnostics;
using Microsoft.DotNet.Interactive;

namespace CSharpKernel.Scripting;

/// <summary>One run of one cell, which can be interrupted.</summary>
/// <remarks>
/// The run is known by execution context, which threads, tasks and timers inherit from the code that starts them: all of a cell's code is stopped but what it started without its execution
/// context, and nothing of other cells. From an interrupt on every poll in the cell's code throws, and threads that wait are woken, again and again; only for a moment after the first of these
/// both let the code pass, so that its <c>finally</c> blocks can do their work. Where the cell awaits, or goes on in code that has no polls (native code, a long computation in a
/// library), it is no longer waited for. Such code goes on in the background until it meets its next poll.
/// <c>ControlledExecution.Run</c>, which aborts threads anywhere, would stop more: but in .NET 10 an abort in the middle of a library ends the whole process often enough to lose the session.
/// </remarks>
internal sealed class CellRun : IDisposable
{
    private const int FirstWakeMilliseconds = 40;
    private const int WakeIntervalMilliseconds = 80;
    private const int GraceMilliseconds = 200;
    private const int LookIntervalMilliseconds = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);
    private static readonly AsyncLocal<CellRun?> CurrentRun = new(change => Enter(change.CurrentValue));
    private static long _nextLook;

    private readonly Action _reportUnstoppable;
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _isInterrupted;
    private volatile bool _isInvoking;
    private Thread? _stopper;
    private long _graceEnd;

    static CellRun() => CellInterruption.Check = Check;

    /// <summary>A run that hasn't begun.</summary>
    /// <param name="reportUnstoppable">Called where code that goes on is left behind.</param>
    /// <param name="interrupt">Interrupts it.</param>
    public CellRun(Action reportUnstoppable, CancellationToken interrupt)
    {
        _reportUnstoppable = reportUnstoppable;
        _registration = interrupt.UnsafeRegister(static run => ((CellRun)run!).Interrupt(), this);
    }

    /// <summary>True from the interrupt on, for ever.</summary>
    public bool IsInterrupted => _isInterrupted;

    /// <summary>True where the calling code belongs to an interrupted run.</summary>
    public static bool IsCurrentInterrupted => CurrentRun.Value is { IsInterrupted: true };

    /// <summary>Throws where the calling code belongs to an interrupted run, and has had its time to clean up.</summary>
    public static void ThrowIfInterrupted()
    {
        if (CurrentRun.Value is { IsInterrupted: true } run && !run.IsInGrace())
        {
            run.BeginGrace();
            throw new CellInterruptedException();
        }
    }

    /// <summary>Runs a cell's code as part of this run.</summary>
    /// <exception cref="CellInterruptedException">It was interrupted, and is not waited for.</exception>
    public async Task<T> InvokeAsync<T>(Func<Task<T>> code)
    {
        _isInvoking = true;
        try
        {
            var invoked = OwnThread.RunAsync(async () =>
            {
                CurrentRun.Value = this;
                ThrowIfInterrupted();
                return await code().ConfigureAwait(false);
            });
            if (await Task.WhenAny(invoked, _abandoned.Task).ConfigureAwait(false) != invoked)
            {
                // Nobody awaits it any more, and what comes of it is nobody's concern.
                _ = invoked.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                throw new CellInterruptedException();
            }

            return await invoked.ConfigureAwait(false);
        }
        finally
        {
            _isInvoking = false;
        }
    }

    /// <summary>The run has ended: an interrupt does nothing any more.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _ended.Set();
        _stopper?.Join();
        _ended.Dispose();
        CellThread.Purge();
    }

    private static void Enter(CellRun? run)
    {
        // In this order: either the interrupt's look at the threads finds this one, or this one finds the interrupt.
        CellThread.Enter(run);
        if (run is { IsInterrupted: true })
        {
            CellInterruption.IsPending = true;
        }
    }

    /// <summary>What a poll asks while there is something to stop somewhere.</summary>
    private static void Check()
    {
        ThrowIfInterrupted();

        // Not at every poll: a thread that is left behind may keep this up for long.
        var now = Environment.TickCount64;
        if (now < Volatile.Read(ref _nextLook))
        {
            return;
        }

        Volatile.Write(ref _nextLook, now + LookIntervalMilliseconds);
        if (!CellThread.AnyInterrupted())
        {
            CellInterruption.IsPending = false;
            Interlocked.MemoryBarrier();
            if (CellThread.AnyInterrupted())
            {
                // It came in between.
                CellInterruption.IsPending = true;
            }
        }
    }

    private bool IsInGrace() => Environment.TickCount64 < Volatile.Read(ref _graceEnd);

    /// <summary>Only the first call has an effect: there is one grace for a run.</summary>
    private void BeginGrace() => Interlocked.CompareExchange(ref _graceEnd, Environment.TickCount64 + GraceMilliseconds, 0);

    private void Interrupt()
    {
        _isInterrupted = true;
        Interlocked.MemoryBarrier();
        CellInterruption.IsPending = true;
        _stopper = new Thread(Stop) { IsBackground = true, Name = "Cell interrupt" };
        _stopper.UnsafeStart();
    }

    private void Stop()
    {
        var clock = Stopwatch.StartNew();
        var idleChecks = 0;
        for (var wait = FirstWakeMilliseconds; !_ended.Wait(wait); wait = WakeIntervalMilliseconds)
        {
            // Another run's poll may have found nothing to stop just before this run's code came to a thread.
            CellInterruption.IsPending = true;
            var threads = CellThread.In(this);
            if (!IsInGrace())
            {
                foreach (var thread in threads.Where(thread => thread.IsWaiting))
                {
                    BeginGrace();
                    thread.Wake(this);
                }
            }

            idleChecks = threads.Exists(thread => !thread.IsWaiting) ? 0 : idleChecks + 1;
            if (_isInvoking && !_abandoned.Task.IsCompleted && (idleChecks > (threads.Count == 0 ? 2 : 5) || clock.Elapsed > Patience))
            {
                if (threads.Exists(thread => !thread.IsWaiting))
                {
                    try
                    {
                        _reportUnstoppable();
                    }
                    catch (Exception)
                    {
                        // The cell ends, told or not.
                    }
                }

                _abandoned.TrySetResult();
            }
        }
    }
}
