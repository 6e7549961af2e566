using System.Diagnostics;
using System.Runtime.InteropServices;
using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

/// <summary>Starts this repository's program as a person would, in a folder, and says how it ended.</summary>
internal static class TestProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string DotnetHost { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    public static Process Start(string folder, params string[] arguments) => InheritedInterrupt.Start(Command(folder, arguments));

    public static ProcessStartInfo Command(string folder, params string[] arguments) => new(DotnetHost, [typeof(NotebookRunner).Assembly.Location, .. arguments])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(string folder, params string[] arguments) => RunAsync(Command(folder, arguments));

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo command)
    {
        using var process = InheritedInterrupt.Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', command.ArgumentList)} did not end. It wrote: {await output}{await error}");
        }

        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }

    /// <summary>Waits until a process has ended; false where it still runs after a while.</summary>
    public static async Task<bool> HasEndedAsync(int processId)
    {
        for (var i = 0; i < 100; i++)
        {
            try
            {
                using var process = Process.GetProcessById(processId);
                if (process.HasExited)
                {
                    return true;
                }
            }
            catch (ArgumentException)
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    /// <summary>Waits for a file that another process writes, and returns its text.</summary>
    public static async Task<string> WaitForTextAsync(string file)
    {
        for (var i = 0; i < 400; i++)
        {
            if (File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } text)
            {
                return text;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{file} was not written.");
    }
}
