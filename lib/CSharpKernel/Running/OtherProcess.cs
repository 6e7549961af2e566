using System.ComponentModel;
using System.Diagnostics;

namespace CSharpKernel.Running;

/// <summary>Asks after a process by its id alone. An id may by now be another process's; whoever asks must be able to live with that.</summary>
internal static class OtherProcess
{
    /// <summary>True where a process of that id is there; also where it is there and not ours to look at.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            return true;
        }
    }
}
