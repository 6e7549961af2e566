namespace CSharpKernel.Scripting;

/// <summary>Runs work on a thread of its own, where it must not wait for one of the pool's: a cell may keep all of those.</summary>
internal static class OwnThread
{
    /// <summary>Begins it; what comes after its first <c>await</c> is the pool's all the same.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> work) => StartAsync(work).Unwrap();

    /// <summary>Begins it and goes on.</summary>
    public static void Start(Action work) => _ = StartAsync(() =>
    {
        work();
        return true;
    });

    private static Task<T> StartAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
