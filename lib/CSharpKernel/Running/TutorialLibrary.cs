using System.Text.RegularExpressions;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Running;

/// <summary>Looks whether the library that a chapter loads is there, is not older than its sources, and is built for the stack that is asked for.</summary>
/// <remarks>Only for a notebook that loads <c>tutorial.csx</c>, the script that the library's build writes beside the assemblies.</remarks>
internal static partial class TutorialLibrary
{
    private const string ScriptName = "tutorial.csx";
    private const string StackVariable = "TutorialStack";
    private const string DefaultStack = "managed";

    /// <summary>The failure that names the command which mends it, or null.</summary>
    public static NotebookFailure? FindProblem(Notebook notebook, string folder)
    {
        foreach (var cell in notebook.CodeCells)
        {
            foreach (Match load in LoadDirective().Matches(cell.Source))
            {
                var script = Path.GetFullPath(Path.Combine(folder, load.Groups["path"].Value.Replace('\\', '/')));
                if (Path.GetFileName(script) == ScriptName && FindProblem(script, Environment.GetEnvironmentVariable(StackVariable)) is { } message)
                {
                    return new NotebookFailure(cell.Id, 0, 0, "LibraryNotReady", message, []);
                }
            }
        }

        return null;
    }

    /// <summary>What is wrong with the library whose build wrote <paramref name="script"/>, in one sentence, or null.</summary>
    /// <param name="script">The script's full path.</param>
    /// <param name="wantedStack">The stack that is asked for; null or empty where any will do.</param>
    internal static string? FindProblem(string script, string? wantedStack)
    {
        if (!File.Exists(script))
        {
            return $"The library has not been built, {Path.GetRelativePath(Environment.CurrentDirectory, script)} is missing: run `{BuildCommand(wantedStack)}` in the repository's root.";
        }

        var builtStack = File.ReadLines(script).Select(line => StackLine().Match(line)).FirstOrDefault(match => match.Success)?.Groups["stack"].Value;
        var command = BuildCommand(string.IsNullOrEmpty(wantedStack) ? builtStack : wantedStack);
        if (!string.IsNullOrEmpty(wantedStack) && builtStack is not null && !builtStack.Equals(wantedStack, StringComparison.OrdinalIgnoreCase))
        {
            return $"The library is built for the stack '{builtStack}' and {StackVariable} asks for '{wantedStack}': run `{command}` in the repository's root.";
        }

        var binaries = Path.GetDirectoryName(script)!;
        var sources = Path.GetDirectoryName(binaries)!;
        foreach (var assembly in Directory.EnumerateFiles(binaries, "*.dll").Order(StringComparer.Ordinal))
        {
            var project = Path.Combine(sources, Path.GetFileNameWithoutExtension(assembly));
            var built = File.GetLastWriteTimeUtc(assembly);
            if (Directory.Exists(project) && SourceFiles(project).FirstOrDefault(file => File.GetLastWriteTimeUtc(file) > built) is { } newer)
            {
                return $"The library is older than its source {Path.GetRelativePath(sources, newer)}: run `{command}` in the repository's root.";
            }
        }

        return null;
    }

    /// <summary>The command that builds the library for a stack; null or empty, and the default one, need no property.</summary>
    private static string BuildCommand(string? stack) =>
        "dotnet build lib/TransformerTutorial -c Release" + (string.IsNullOrEmpty(stack) || stack == DefaultStack ? "" : $" -p:{StackVariable}={stack}");

    private static IEnumerable<string> SourceFiles(string project)
    {
        foreach (var file in Directory.EnumerateFiles(project, "*.cs"))
        {
            yield return file;
        }

        foreach (var folder in Directory.EnumerateDirectories(project).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                yield return file;
            }
        }
    }

    [GeneratedRegex("^\\s*#load\\s+\"(?<path>[^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex LoadDirective();

    [GeneratedRegex("^// stack: (?<stack>\\S+)")]
    private static partial Regex StackLine();
}
