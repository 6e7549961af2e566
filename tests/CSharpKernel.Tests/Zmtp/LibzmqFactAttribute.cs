using System.ComponentModel;
using System.Diagnostics;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>A test that talks to libzmq through Python's zmq module; skipped, and says so, where there is none.</summary>
internal sealed class LibzmqFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> FoundPython = new(() => new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(HasZmq));

    public LibzmqFactAttribute()
    {
        if (Python is null)
        {
            Skip = "There is no Python with the module zmq (Debian: python3-zmq).";
        }
    }

    /// <summary>The Python that has it.</summary>
    public static string? Python => FoundPython.Value;

    private static bool HasZmq(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import zmq"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            return false;
        }
    }
}
