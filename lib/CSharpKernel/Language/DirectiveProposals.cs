using System.Text.RegularExpressions;
using CSharpKernel.Scripting;

namespace CSharpKernel.Language;

/// <summary>Proposes directives (<c>#r</c>, <c>#load</c>), magics (<c>#!html</c>) and the files that they name.</summary>
internal static partial class DirectiveProposals
{
    private const int MostFiles = 500;

    private static readonly string[] Names =
    [
        "#r", "#load", "#!csharp", "#!html", "#!import", "#define", "#elif", "#else", "#endif", "#endregion", "#error", "#if", "#nullable", "#pragma", "#region", "#undef", "#warning",
    ];

    /// <summary>What could stand at a position in a directive's line.</summary>
    /// <param name="line">The line, which starts with <c>#</c> or blanks before it.</param>
    /// <param name="position">The position in it.</param>
    /// <param name="paths">Where files are.</param>
    public static CompletionList Find(string line, int position, ScriptPaths paths)
    {
        var before = line[..position];
        if (NameBegun().Match(before) is { Success: true } name)
        {
            var start = name.Groups["name"].Index;
            var end = position + WordRest().Match(line, position).Length;
            var names = Names.Where(candidate => candidate.StartsWith(name.Groups["name"].Value, StringComparison.OrdinalIgnoreCase));
            return new CompletionList(start, end, [.. names.Select(candidate => new CompletionItem(candidate, "keyword", string.Empty, string.Empty))]);
        }

        if (PathBegun().Match(before) is { Success: true } path)
        {
            var typed = path.Groups["path"].Value;
            var slash = typed.LastIndexOfAny(['/', '\\']) + 1;
            string[] extensions = path.Groups["directive"].Value switch
            {
                "r" => [".dll"],
                "load" => [".csx", ".cs"],
                _ => [".ipynb", ".csx", ".cs"],
            };
            var end = position + PathRest().Match(line, position).Length;
            return new CompletionList(path.Groups["path"].Index + slash, end, FindFiles(paths.Resolve(typed[..slash] + ".", null), typed[slash..], extensions));
        }

        return new CompletionList(position, position, []);
    }

    /// <summary>The folders and the files of some kinds whose names start as typed; none where the folder can't be read.</summary>
    private static List<CompletionItem> FindFiles(string folder, string typed, string[] extensions)
    {
        var items = new List<CompletionItem>();
        if (typed is "." or "..")
        {
            items.Add(new CompletionItem("../", "folder", string.Empty, string.Empty));
        }

        try
        {
            var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .Where(entry => entry.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && (typed.Length > 0 || entry.Name[0] != '.'))
                .Where(entry => entry is DirectoryInfo || extensions.Contains(entry.Extension.ToLowerInvariant()))
                .Take(MostFiles)
                .OrderBy(entry => entry is DirectoryInfo)
                .ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
            items.AddRange(entries.Select(entry => entry is DirectoryInfo
                ? new CompletionItem(entry.Name + "/", "folder", string.Empty, string.Empty)
                : new CompletionItem(entry.Name, "file", string.Empty, string.Empty)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            // What can't be listed isn't proposed.
        }

        return items;
    }

    [GeneratedRegex(@"^\s*(?<name>#!?\w*)$")]
    private static partial Regex NameBegun();

    [GeneratedRegex("^\\s*#(?:(?<directive>r|load)\\s+\"|!(?<directive>import)\\s+\"?)(?<path>[^\"]*)$")]
    private static partial Regex PathBegun();

    [GeneratedRegex(@"\G\w*")]
    private static partial Regex WordRest();

    [GeneratedRegex(@"\G[^""/\\\r\n]*")]
    private static partial Regex PathRest();
}
