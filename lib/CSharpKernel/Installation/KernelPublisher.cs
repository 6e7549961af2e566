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

    /// <summary>
    /// The full path of the <c>dotnet</c> that runs this process, also where it is not on the PATH. Where DOTNET_ROOT or the PATH lead to the same file by links, it is their path:
    /// a package manager's links stay when an upgrade removes what they lead to today.
    /// </summary>
    public static string DotnetHost { get; } = FindDotnetHost(
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", HostName)),
        [Environment.GetEnvironmentVariable("DOTNET_ROOT"), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)]);

    private static string HostName => OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <summary>The <c>dotnet</c> in the first of the folders where it is the same file as <paramref name="running"/>; otherwise that.</summary>
    internal static string FindDotnetHost(string running, IEnumerable<string?> folders)
    {
        var target = RealPath(running);
        return folders.Where(folder => Path.IsPathFullyQualified(folder ?? "")).Select(folder => Path.Combine(folder!, HostName)).FirstOrDefault(path => File.Exists(path) && RealPath(path) == target) ?? running;
    }

    /// <summary>The path without links, of the file or of any folder above it.</summary>
    private static string RealPath(string path)
    {
        try
        {
            var file = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
            var folder = Path.GetDirectoryName(file);
            return folder is null ? file : Path.Combine(RealFolder(folder), Path.GetFileName(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private static string RealFolder(string folder)
    {
        if (Path.GetDirectoryName(folder) is not { } parent)
        {
            return folder;
        }

        return new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealFolder(target.FullName) : Path.Combine(RealFolder(parent), Path.GetFileName(folder));
    }

    private static readonly TimeSpan LongestTrial = TimeSpan.FromMinutes(2);

    /// <summary>Compiles the program ahead of time into <paramref name="folder"/>, and tries it; where that cannot be done, copies it.</summary>
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

        var problem = await PublishAsync(project, folder, cancellation).ConfigureAwait(false) ?? await TryAsync(folder, cancellation).ConfigureAwait(false);
        if (problem is null)
        {
            return "compiled ahead of time";
        }

        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
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

    /// <summary>The project whose build's output the program runs from: <c>…/CSharpKernel/bin/Release/net10.0 -> …/CSharpKernel/CSharpKernel.csproj</c>; a stack may have a folder of its own in <c>bin</c>.</summary>
    private static string? FindProject(string outputFolder)
    {
        var folder = new DirectoryInfo(outputFolder);
        while (folder is not null && folder.Name != "bin")
        {
            folder = folder.Parent;
        }

        var project = Path.Combine(folder?.Parent?.FullName ?? outputFolder, ProgramName + ".csproj");
        return File.Exists(project) ? project : null;
    }

    /// <returns>What went wrong, in one line, or null.</returns>
    private static Task<string?> PublishAsync(string project, string folder, CancellationToken cancellation)
    {
        // The build servers would outlive the command and hold its output open.
        string[] arguments =
        [
            "publish", project, "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "--output", folder,
            "-p:PublishReadyToRun=true", "-p:UseAppHost=false", "-p:RunAnalyzers=false", "--disable-build-servers", "--nologo", "-consoleLoggerParameters:NoSummary", "-verbosity:quiet",
        ];
        return RunAsync("dotnet publish", arguments, Path.GetDirectoryName(project)!, LongestBuild, cancellation);
    }

    /// <summary>Lets the published program run a cell: a compiled file that does not fit the others ends the process that loads it.</summary>
    /// <returns>What went wrong, in one line, or null.</returns>
    private static async Task<string?> TryAsync(string folder, CancellationToken cancellation)
    {
        const string Notebook = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "trial", "metadata": {}, "outputs": [], "source": ["1 + 1"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""";
        var trial = Directory.CreateTempSubdirectory("csharp-kernel-trial-");
        try
        {
            var notebook = Path.Combine(trial.FullName, "trial.ipynb");
            await File.WriteAllTextAsync(notebook, Notebook, cancellation).ConfigureAwait(false);
            return await RunAsync("the compiled program", [ProgramIn(folder), "run", notebook, "--update"], trial.FullName, LongestTrial, cancellation).ConfigureAwait(false);
        }
        finally
        {
            trial.Delete(recursive: true);
        }
    }

    /// <summary>Runs <c>dotnet</c> to its end.</summary>
    /// <returns>What went wrong, in one line, or null.</returns>
    private static async Task<string?> RunAsync(string name, string[] arguments, string folder, TimeSpan patience, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(DotnetHost, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(patience);
        try
        {
            process.Start();
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(waiting.Token);
            var error = process.StandardError.ReadToEndAsync(waiting.Token);
            await process.WaitForExitAsync(waiting.Token).ConfigureAwait(false);
            var lines = $"{await error.ConfigureAwait(false)}\n{await output.ConfigureAwait(false)}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (process.ExitCode == 0)
            {
                return null;
            }

            return lines.FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
                ?? lines.FirstOrDefault()
                ?? $"{name} ended with exit code {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return $"{name} took more than {patience.TotalMinutes} minutes";
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
