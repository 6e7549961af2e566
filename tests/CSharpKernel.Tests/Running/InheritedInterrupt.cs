using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CSharpKernel.Tests.Running;

/// <summary>Starts processes that can be interrupted, even where the tests themselves can't be: a process that ignores interrupts, as one does that <c>nohup</c> or a script's <c>&amp;</c> started, hands that on.</summary>
/// <remarks>Linux only: elsewhere nothing says, without changing it, whether interrupts are ignored.</remarks>
internal static class InheritedInterrupt
{
    private const int Interrupt = 2;
    private static readonly Lock Starting = new();

    /// <summary>Starts a process that obeys interrupts.</summary>
    public static Process Start(ProcessStartInfo command)
    {
        lock (Starting)
        {
            if (!IsIgnored())
            {
                return Process.Start(command)!;
            }

            var ignore = SetHandler(Interrupt, 0);
            try
            {
                return Process.Start(command)!;
            }
            finally
            {
                _ = SetHandler(Interrupt, ignore);
            }
        }
    }

    private static bool IsIgnored()
    {
        const string IgnoredSignals = "SigIgn:";
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(IgnoredSignals, StringComparison.Ordinal)) is { } mask
            && (ulong.Parse(mask.AsSpan(IgnoredSignals.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Interrupt - 1))) != 0;
    }

    // 0 is the system's own handler; what the signal did before is returned.
    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SetHandler(int signal, nint handler);
}
