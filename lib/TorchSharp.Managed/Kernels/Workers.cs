using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TorchSharp.Kernels;

/// <summary>
/// The threads that share the work of one operation: a loop over 0..count is cut into ranges, which the calling thread and sleeping or spinning background threads take one by one.
/// Which thread takes which range changes from run to run, so a body may write only what belongs to its range. Nothing here adds numbers up.
/// </summary>
internal static class Workers
{
    // A thread that waits first spins for so long, because the next operation mostly follows within microseconds and waking a sleeping thread takes tens of them.
    private static readonly long SpinTicks = Stopwatch.Frequency * 50 / 1_000_000;

    private static readonly object Gate = new();
    private static readonly LinkedList<Job> OpenJobs = new();
    private static int _count = Environment.ProcessorCount;
    private static int _started;
    private static int _sleeping;
    private static int _published;

    [ThreadStatic]
    private static bool _isInside;

    /// <summary>How many threads, the calling one included, may share one operation; at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public static int Count
    {
        get => Volatile.Read(ref _count);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref _count, value);
        }
    }

    /// <summary>Runs a body on disjoint ranges [from, to) that cover 0..count.</summary>
    /// <param name="count">How many things there are to do.</param>
    /// <param name="grain">How many of them are at least worth a thread.</param>
    /// <param name="body">Called with from and to, at most <see cref="Count"/> times; on the calling thread alone when one range is enough, or when the caller is itself such a body.</param>
    /// <exception cref="Exception">The first exception of a body. Ranges that nobody had begun by then are left out; those begun have ended.</exception>
    public static void For(long count, long grain, Action<long, long> body) => For(count, grain, body, static (body, from, to) => body(from, to));

    /// <summary>Like <see cref="For(long, long, Action{long, long})"/>, with a state that is handed to a static body, so that nothing needs to be captured.</summary>
    public static void For<TState>(long count, long grain, TState state, Action<TState, long, long> body)
    {
        if (count <= 0)
        {
            return;
        }

        var ranges = (int)Math.Min(Count, count / Math.Max(1, grain));
        if (ranges <= 1 || _isInside)
        {
            body(state, 0, count);
            return;
        }

        var job = new Job<TState>(count, ranges, state, body);
        Publish(job);
        job.RunRanges();
        Withdraw(job);
        job.WaitForOthers();
    }

    private static void Publish(Job job)
    {
        lock (Gate)
        {
            while (_started < job.Ranges - 1)
            {
                new Thread(Work) { IsBackground = true, Name = $"TorchSharp worker {_started + 1}" }.UnsafeStart();
                _started++;
            }

            OpenJobs.AddLast(job.Node);
            _published++;
            for (var wake = Math.Min(_sleeping, job.Ranges - 1); wake > 0; wake--)
            {
                Monitor.Pulse(Gate);
            }
        }
    }

    /// <summary>Takes a job without ranges left from the list. An interrupt of the calling thread waits until the job has ended.</summary>
    private static void Withdraw(Job job)
    {
        while (true)
        {
            try
            {
                lock (Gate)
                {
                    if (job.Node.List is not null)
                    {
                        OpenJobs.Remove(job.Node);
                    }
                }

                return;
            }
            catch (ThreadInterruptedException interrupt)
            {
                job.Fail(interrupt);
            }
        }
    }

    private static void Work()
    {
        while (true)
        {
            try
            {
                TakeJob().RunRanges();
            }
            catch (ThreadInterruptedException)
            {
                // Somebody interrupted this thread from inside a body; it has nothing to stop for.
            }
        }
    }

    /// <summary>The oldest job that has ranges left; spins, then sleeps until there is one.</summary>
    private static Job TakeJob()
    {
        var seen = Volatile.Read(ref _published) - 1;
        while (true)
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _published) == seen && Spin(start))
            {
            }

            lock (Gate)
            {
                while (true)
                {
                    for (var node = OpenJobs.First; node is not null; node = OpenJobs.First)
                    {
                        if (node.Value.HasRangesLeft)
                        {
                            return node.Value;
                        }

                        OpenJobs.Remove(node);
                    }

                    if (_published != seen)
                    {
                        // Something was published since this thread last looked, and others were quicker: spin once more before sleeping.
                        seen = _published;
                        break;
                    }

                    _sleeping++;
                    try
                    {
                        Monitor.Wait(Gate);
                    }
                    finally
                    {
                        _sleeping--;
                    }
                }
            }
        }
    }

    /// <summary>Passes a moment, unless so many have passed since the start that a thread should sleep.</summary>
    private static bool Spin(long start)
    {
        var passed = Stopwatch.GetTimestamp() - start;
        if (passed < SpinTicks / 8)
        {
            Thread.SpinWait(8);
        }
        else
        {
            // Where more threads run than there are processors, the one waited for may be waiting for this one's processor.
            Thread.Yield();
        }

        return passed < SpinTicks;
    }

    private abstract class Job
    {
        private readonly long _count;
        private int _taken;
        private int _unfinished;
        private bool _callerSleeps;
        private ExceptionDispatchInfo? _failure;

        protected Job(long count, int ranges)
        {
            _count = count;
            _unfinished = ranges;
            Ranges = ranges;
            Node = new LinkedListNode<Job>(this);
        }

        public LinkedListNode<Job> Node { get; }

        public int Ranges { get; }

        public bool HasRangesLeft => Volatile.Read(ref _taken) < Ranges;

        /// <summary>Takes and runs ranges until none is left.</summary>
        public void RunRanges()
        {
            _isInside = true;
            try
            {
                for (var range = Take(); range < Ranges; range = Take())
                {
                    try
                    {
                        if (Volatile.Read(ref _failure) is null)
                        {
                            Run(Start(range), Start(range + 1));
                        }
                    }
#pragma warning disable CA1031 // Whatever a body throws is thrown again in the thread that asked for the work.
                    catch (Exception failure)
#pragma warning restore CA1031
                    {
                        Fail(failure);
                    }

                    Finish();
                }
            }
            finally
            {
                _isInside = false;
            }
        }

        /// <summary>Remembers the first exception.</summary>
        public void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);

        /// <summary>Waits until the ranges that other threads took have ended, even if interrupted, since their bodies use the caller's memory; then throws what was thrown.</summary>
        public void WaitForOthers()
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _unfinished) > 0)
            {
                if (Spin(start))
                {
                    continue;
                }

                try
                {
                    Sleep();
                }
                catch (ThreadInterruptedException interrupt)
                {
                    Fail(interrupt);
                }
            }

            _failure?.Throw();
        }

        protected abstract void Run(long from, long to);

        private int Take() => Interlocked.Increment(ref _taken) - 1;

        private long Start(int range) => (_count / Ranges * range) + Math.Min(range, _count % Ranges);

        private void Finish()
        {
            // The decrement is a full fence: either this thread sees that the caller sleeps, or the caller sees that nothing is left.
            if (Interlocked.Decrement(ref _unfinished) == 0 && Volatile.Read(ref _callerSleeps))
            {
                lock (this)
                {
                    Monitor.PulseAll(this);
                }
            }
        }

        private void Sleep()
        {
            lock (this)
            {
                _callerSleeps = true;
                Interlocked.MemoryBarrier();
                while (Volatile.Read(ref _unfinished) > 0)
                {
                    Monitor.Wait(this);
                }
            }
        }
    }

    private sealed class Job<TState>(long count, int ranges, TState state, Action<TState, long, long> body) : Job(count, ranges)
    {
        protected override void Run(long from, long to) => body(state, from, to);
    }
}
