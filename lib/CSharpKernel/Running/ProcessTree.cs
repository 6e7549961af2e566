using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CSharpKernel.Running;

/// <summary>Ends a worker together with everything that it started.</summary>
/// <remarks>
/// A child whose parent has gone is nobody's descendant any more, so walking the tree would miss it. On Unix a worker therefore leads a session and
/// process group of its own, which its children inherit and which can be killed as one; this also keeps a Ctrl-C in the terminal from reaching it.
/// On Linux it also adopts its descendants' orphans, so that even one that has left the group is found.
/// </remarks>
internal static class ProcessTree
{
    private const int SigKill = 9;
    private const int BecomeChildSubreaper = 36;

    /// <summary>Makes the calling process the leader of a group of its own; on Windows nothing happens.</summary>
    public static void BecomeGroupLeader()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetSessionId();
        }

        if (OperatingSystem.IsLinux())
        {
            _ = ControlProcess(BecomeChildSubreaper, 1, 0, 0, 0);
        }
    }

    /// <summary>Kills a worker, its descendants, and what they left behind. Does nothing for what has already ended.</summary>
    public static void Kill(Process worker)
    {
        var group = worker.Id;
        try
        {
            worker.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself in the meantime.
        }

        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(-group, SigKill);
        }
    }

    /// <summary>Kills the calling worker and its group: what it does when its runner has gone.</summary>
    public static void KillSelf()
    {
        if (!OperatingSystem.IsWindows() && GetGroup() == Environment.ProcessId)
        {
            _ = SendSignal(0, SigKill);
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetSessionId();

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ControlProcess(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [DllImport("libc", EntryPoint = "getpgrp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetGroup();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processOrGroup, int signal);
}
