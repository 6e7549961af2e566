using System.Diagnostics;

namespace CSharpKernel.Running;

/// <summary>Gives the thread pool more threads where all that it has are kept by work that waits.</summary>
/// <remarks>
/// Work that blocks (<c>Task.Run(() => gate.Wait())</c>, hundreds of times) keeps the pool's threads even after the cell that queued it has ended, and the pool itself adds one or two a second: the next cell that awaits
/// anything would stand still for minutes. Here the number of threads doubles as long as work is queued, none of it is finished and processors idle: work that computes is left to the pool.
/// </remarks>
internal static class ThreadPoolRelief
{
    private const int LookIntervalMilliseconds = 500;
    private const int MostThreads = 4096;

    /// <summary>The share of the machine's processor time above which the process counts as computing.</summary>
    private const double ComputingShare = 0.75;

    /// <summary>Begins to look after the pool, on a thread of its own, until the process ends.</summary>
    public static void Start() => new Thread(Look) { IsBackground = true, Name = "Thread pool relief" }.UnsafeStart();

    private static void Look()
    {
        ThreadPool.GetMinThreads(out var usual, out var completionPorts);
        var allowed = usual;
        var completed = ThreadPool.CompletedWorkItemCount;
        var used = Environment.CpuUsage.TotalTime;
        var wasQueued = false;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            Thread.Sleep(LookIntervalMilliseconds);
            var isQueued = ThreadPool.PendingWorkItemCount > 0;
            var nowCompleted = ThreadPool.CompletedWorkItemCount;
            var nowUsed = Environment.CpuUsage.TotalTime;
            var isComputing = nowUsed - used > ComputingShare * Environment.ProcessorCount * clock.Elapsed;
            clock.Restart();
            if (isQueued && wasQueued && nowCompleted == completed && !isComputing)
            {
                allowed = Math.Min(Math.Max(allowed, ThreadPool.ThreadCount) * 2, MostThreads);
                ThreadPool.SetMinThreads(allowed, completionPorts);
            }
            else if (!isQueued && allowed != usual)
            {
                allowed = usual;
                ThreadPool.SetMinThreads(usual, completionPorts);
            }

            (completed, used, wasQueued) = (nowCompleted, nowUsed, isQueued);
        }
    }
}
