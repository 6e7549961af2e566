using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CSharpKernel.Installation;

/// <summary>
/// Puts the program's files into a folder: compiled ahead of time for this machine (ReadyToRun), which makes the kernel start in less than half the time, or copied as they are. Compiling takes the
/// repository's sources, the SDK and the SDK's ahead-of-time compiler, which NuGet brings.
/// </summary>
internal static class KernelPublisher
{
    private const string ProgramName = "CSharpKernel";

    /// <summary>Long enough for a slow machine that has yet to download the compiler.</summary>
    private static readonly TimeSpan LongestBuild = TimeSpan.FromMinutes(10);

    /// <summary>The kernel's assembly in a folder that it has been published to.</summary>
    public static string ProgramIn(string folder) => Path.Combine(folder, ProgramName + ".dll");

    /// <summary>The full path of the <c>dotnet</c> that runs this process, also where it is not on the PATH.</summary>
    public static string DotnetHost { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Compiles the program ahead of time into <paramref name="folder"/>; where that cannot be done, copies it.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="cancellation">Kills the compiler.</param>
    /// <returns>Which of the two was done, and why: <c>compiled ahead of time</c>.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static async Task<string> CompileAsync(string folder, CancellationToken cancellation)
    {
        if (FindProject(AppContext.BaseDirectory) is not { } project)
        {
            Copy(folder);
            return "copied as it is, for its sources are not here";
        }

        if (await RunPublishAsync(project, folder, cancellation).ConfigureAwait(false) is not { } problem)
        {
            return "compiled ahead of time";
        }

        Copy(folder);
        return $"copied as it is, for compiling ahead of time failed: {problem}";
    }

    /// <summary>Copies the program's files into <paramref name="folder"/>.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static void Copy(string folder)
    {
        // Not the subfolders: in a build's output they hold other builds. What the program needs lies side by side.
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(file => !Path.GetFileName(file).StartsWith('.')))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>The project whose build's output the program runs from: <c>…/CSharpKernel/bin/Release/net10.0 -> …/CSharpKernel/CSharpKernel.csproj</c>.</summary>
    private static string? FindProject(string outputFolder)
    {
        var project = Path.GetFullPath(Path.Combine(outputFolder, "..", "..", "..", ProgramName + ".csproj"));
        return File.Exists(project) ? project : null;
    }

    /// <summary>Runs <c>dotnet publish</c>.</summary>
    /// <returns>What went wrong, in one line, or null.</returns>
    private static async Task<string?> RunPublishAsync(string project, string folder, CancellationToken cancellation)
    {
        // The build servers would outlive the command and hold its output open.
        string[] arguments =
        [
            "publish", project, "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "--output", folder,
            "-p:PublishReadyToRun=true", "-p:UseAppHost=false", "-p:RunAnalyzers=false", "--disable-build-servers", "--nologo", "-consoleLoggerParameters:NoSummary", "-verbosity:quiet",
        ];
        using var publish = new Process
        {
            StartInfo = new ProcessStartInfo(DotnetHost, arguments)
            {
                WorkingDirectory = Path.GetDirectoryName(project)!,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LongestBuild);
        try
        {
            publish.Start();
            publish.StandardInput.Close();
            var output = publish.StandardOutput.ReadToEndAsync(patience.Token);
            var error = publish.StandardError.ReadToEndAsync(patience.Token);
            await publish.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            var lines = $"{await error.ConfigureAwait(false)}\n{await output.ConfigureAwait(false)}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (publish.ExitCode == 0 && File.Exists(ProgramIn(folder)))
            {
                return null;
            }

            return lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
                ?? lines.FirstOrDefault()
                ?? $"dotnet publish ended with exit code {publish.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            publish.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return $"dotnet publish took more than {LongestBuild.TotalMinutes} minutes";
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
