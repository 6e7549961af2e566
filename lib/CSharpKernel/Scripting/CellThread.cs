namespace CSharpKernel.Scripting;

/// <summary>What is known of a thread that has run a cell's code: whose code it runs now, and whether it may be woken from a wait.</summary>
/// <remarks>
/// A thread that is woken (<see cref="Thread.Interrupt"/>) while it doesn't wait would be woken from its next wait, which may be none of the cell's. So waking is a short state of its own
/// that a thread sits out before it leaves the cell's code, and a wake that nobody has taken is taken then. <see cref="Enter"/> runs where no exception may leave, so it never throws, and blocks for a moment at most.
/// </remarks>
internal sealed class CellThread
{
    private const int Open = 0;
    private const int Shielded = 1;
    private const int BeingWoken = 2;

    private static readonly Lock Purging = new();
    private static CellThread? _first;

    [ThreadStatic]
    private static CellThread? _current;

    private readonly Thread _thread = Thread.CurrentThread;
    private volatile CellRun? _run;
    private volatile bool _wasWoken;
    private CellThread? _next;
    private int _state;
    private int _shields;

    private CellThread()
    {
    }

    /// <summary>True where the thread sleeps, or waits for a lock, a task or another thread.</summary>
    public bool IsWaiting => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    /// <summary>Notes that the calling thread runs code of that run from here on, or of none.</summary>
    public static void Enter(CellRun? run)
    {
        var current = _current;
        if (current is null)
        {
            if (run is null)
            {
                return;
            }

            current = _current = new CellThread();
            do
            {
                current._next = Volatile.Read(ref _first);
            }
            while (Interlocked.CompareExchange(ref _first, current, current._next) != current._next);
        }

        current._run = run;
        Interlocked.MemoryBarrier();
        current.WaitUntilNotBeingWoken();
        current.TakeWake();
    }

    /// <summary>The threads that run code of that run now.</summary>
    public static List<CellThread> In(CellRun run)
    {
        var threads = new List<CellThread>();
        for (var thread = Volatile.Read(ref _first); thread is not null; thread = thread._next)
        {
            if (thread._run == run && thread._thread.IsAlive)
            {
                threads.Add(thread);
            }
        }

        return threads;
    }

    /// <summary>True where some thread runs code of an interrupted run.</summary>
    public static bool AnyInterrupted()
    {
        for (var thread = Volatile.Read(ref _first); thread is not null; thread = thread._next)
        {
            if (thread._run is { IsInterrupted: true } && thread._thread.IsAlive)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets threads that have ended.</summary>
    public static void Purge()
    {
        lock (Purging)
        {
            // New ones are put in front of the first, which therefore stays.
            for (var thread = Volatile.Read(ref _first); thread is not null; thread = thread._next)
            {
                while (thread._next is { _thread.IsAlive: false } ended)
                {
                    thread._next = ended._next;
                }
            }
        }
    }

    /// <summary>Wakes the thread, if it waits in code of that run.</summary>
    public void Wake(CellRun run)
    {
        if (_run != run || !IsWaiting || Interlocked.CompareExchange(ref _state, BeingWoken, Open) != Open)
        {
            return;
        }

        if (_run == run)
        {
            _wasWoken = true;
            _thread.Interrupt();
        }

        Volatile.Write(ref _state, Open);
    }

    /// <summary>Keeps the calling thread from being woken until the result is disposed of: for steps that must not be left half done.</summary>
    /// <exception cref="ThreadInterruptedException">The thread has been woken just before.</exception>
    public static Shield EnterShield()
    {
        if (_current is not { } current)
        {
            return default;
        }

        if (current._shields++ == 0)
        {
            while (Interlocked.CompareExchange(ref current._state, Shielded, Open) != Open)
            {
                Thread.SpinWait(20);
            }

            if (current._wasWoken && current.TakeWake())
            {
                current.LeaveShield();
                throw new ThreadInterruptedException();
            }
        }

        return new Shield(current);
    }

    private void LeaveShield()
    {
        if (--_shields == 0)
        {
            Volatile.Write(ref _state, Open);
        }
    }

    private void WaitUntilNotBeingWoken()
    {
        while (Volatile.Read(ref _state) == BeingWoken)
        {
            Thread.SpinWait(20);
        }
    }

    /// <summary>Takes a wake that came when the thread no longer waited; true where there was one.</summary>
    private bool TakeWake()
    {
        if (!_wasWoken)
        {
            return false;
        }

        _wasWoken = false;
        try
        {
            Thread.Sleep(1);
            return false;
        }
        catch (ThreadInterruptedException)
        {
            return true;
        }
    }

    /// <summary>Ends what <see cref="EnterShield"/> began.</summary>
    internal readonly struct Shield(CellThread? thread) : IDisposable
    {
        public void Dispose() => thread?.LeaveShield();
    }
}
