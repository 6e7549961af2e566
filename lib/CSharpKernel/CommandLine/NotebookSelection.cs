using System.Text;
using System.Text.RegularExpressions;

namespace CSharpKernel.CommandLine;

/// <summary>Finds the notebooks that a command line names: files, folders with everything below them, and patterns with <c>*</c>, <c>?</c> and <c>**</c>.</summary>
internal static class NotebookSelection
{
    private const string Extension = ".ipynb";

    /// <summary>The notebooks' full paths: arguments in their order, what a folder or pattern holds by name, links to folders aside, each only once.</summary>
    /// <param name="arguments">Files, folders or patterns.</param>
    /// <param name="outputFolder">The folder for executed copies; nothing in it is ever found in a folder or by a pattern.</param>
    /// <exception cref="UsageException">An argument finds nothing.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> arguments, string outputFolder)
    {
        var found = new List<string>();
        foreach (var argument in arguments)
        {
            if (File.Exists(argument))
            {
                found.Add(Path.GetFullPath(argument));
                continue;
            }

            var isFolder = Directory.Exists(argument);
            var isPattern = !isFolder && argument.AsSpan().IndexOfAny('*', '?') >= 0;
            if (!isFolder && !isPattern)
            {
                throw new UsageException($"There is no notebook or folder '{argument}'.");
            }

            var matches = isFolder ? NotebooksBelow(argument, outputFolder) : Matching(argument, outputFolder);
            if (matches.Count == 0)
            {
                throw new UsageException(isFolder ? $"The folder '{argument}' holds no notebook." : $"No notebook matches '{argument}'.");
            }

            found.AddRange(matches);
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    private static List<string> Matching(string pattern, string outputFolder)
    {
        var parts = Path.GetFullPath(pattern).Replace('\\', '/').Split('/');
        var fixedParts = parts.TakeWhile(part => part.AsSpan().IndexOfAny('*', '?') < 0).ToList();
        var root = string.Join('/', fixedParts) + "/";
        if (!Directory.Exists(root))
        {
            return [];
        }

        var regex = ToRegex(string.Join('/', parts.Skip(fixedParts.Count)));
        return [.. NotebooksBelow(root, outputFolder).Where(file => regex.IsMatch(Path.GetRelativePath(root, file).Replace('\\', '/')))];
    }

    private static List<string> NotebooksBelow(string folder, string outputFolder)
    {
        var output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder));
        var result = new List<string>();
        Visit(Path.GetFullPath(folder));
        return result;

        void Visit(string current)
        {
            result.AddRange(Directory.EnumerateFiles(current)
                .Where(file => file.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && Path.GetFileName(file)[0] != '.')
                .Order(StringComparer.Ordinal));
            foreach (var child in Directory.EnumerateDirectories(current).Order(StringComparer.Ordinal))
            {
                // Hidden folders hold .ipynb_checkpoints and the like; a link may lead back to where it lies.
                if (Path.GetFileName(child)[0] != '.' && child != output && new DirectoryInfo(child).LinkTarget is null)
                {
                    Visit(child);
                }
            }
        }
    }

    private static Regex ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/"))
            {
                regex.Append("(?:.*/)?");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**"))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        return new Regex(regex.Append('$').ToString(), OperatingSystem.IsWindows() ? RegexOptions.IgnoreCase : RegexOptions.None);
    }
}
