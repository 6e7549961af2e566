using System.Globalization;
using System.Runtime.InteropServices;
using CSharpKernel.Running;
using Microsoft.Win32.SafeHandles;

namespace CSharpKernel.Jupyter;

/// <summary>The process that started the kernel, as Jupyter names it: when it has gone, nobody is left to end the kernel.</summary>
internal static class ParentProcess
{
    /// <summary>The environment variable in which it stands: on Unix a process id, on Windows a handle that the kernel inherited, or a process id.</summary>
    public const string Variable = "JPY_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the process has gone; never where the environment names none.</summary>
    public static Task WaitForEndAsync(CancellationToken cancellationToken) =>
        long.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 1
            ? WaitForEndAsync(value, cancellationToken)
            : Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Ends when a process has gone.</summary>
    /// <param name="value">What the variable holds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WaitForEndAsync(long value, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() && IsProcessHandle((nint)value))
        {
            using var handle = new ProcessWaitHandle((nint)value);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var registration = ThreadPool.RegisterWaitForSingleObject(handle, (_, _) => ended.TrySetResult(), null, Timeout.Infinite, executeOnlyOnce: true);
            try
            {
                await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                registration.Unregister(null);
            }

            return;
        }

        var isThere = value <= int.MaxValue && OtherProcess.IsRunning((int)value);
        if (OperatingSystem.IsWindows())
        {
            // Neither a handle nor a process: nothing to watch.
            await WatchAsync(() => !isThere || OtherProcess.IsRunning((int)value), cancellationToken).ConfigureAwait(false);
            return;
        }

        // A process that has ended and that nobody has waited for still has an id; so if it is our parent, what tells is that it is one no longer.
        // The same where its id means nothing here, as in a container.
        var parent = GetParent();
        await WatchAsync(parent != value && isThere ? () => OtherProcess.IsRunning((int)value) : () => GetParent() == parent, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WatchAsync(Func<bool> isThere, CancellationToken cancellationToken)
    {
        while (isThere())
        {
            await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsProcessHandle(nint handle) => GetProcessId(handle) is var id && id != 0 && id != Environment.ProcessId;

    [DllImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetParent();

    [DllImport("kernel32.dll", EntryPoint = "GetProcessId")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetProcessId(nint handle);

    private sealed class ProcessWaitHandle : WaitHandle
    {
        public ProcessWaitHandle(nint handle) => SafeWaitHandle = new SafeWaitHandle(handle, ownsHandle: false);
    }
}
