using System.Text.RegularExpressions;
using CSharpKernel.Scripting;

namespace CSharpKernel.Jupyter;

/// <summary>Colours the lines of an error with ANSI escapes: the error's name, the places, the caret below a source line. Source lines and messages stay plain.</summary>
internal static partial class TracebackColors
{
    private const string RedBold = "\u001b[1;31m";
    private const string Cyan = "\u001b[36m";
    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[0m";

    /// <summary>The lines to show; where the error has none, one with its name and message.</summary>
    public static IReadOnlyList<string> LinesOf(ErrorOutput error, bool isPlain)
    {
        IReadOnlyList<string> lines = error.Traceback.Count > 0 ? error.Traceback : [$"{error.Name}: {error.Message}"];
        return isPlain ? lines : [.. lines.Select((line, index) => IsSource(lines, index) ? line : Colour(line, index, error.Name))];
    }

    /// <summary>A line above a caret is the source's, whatever it looks like.</summary>
    private static bool IsSource(IReadOnlyList<string> lines, int index) => index + 1 < lines.Count && Caret().IsMatch(lines[index + 1]);

    private static string Colour(string line, int index, string errorName)
    {
        if (index == 0 && line.StartsWith(errorName + ":", StringComparison.Ordinal))
        {
            return $"{RedBold}{errorName}{Plain}{line[errorName.Length..]}";
        }

        if (Caret().IsMatch(line))
        {
            return $"{line[..^1]}{Bold}^{Plain}";
        }

        if (InnerException().Match(line) is { Success: true } inner)
        {
            return $"{inner.Groups[1]}{RedBold}{inner.Groups[2]}{Plain}{line[inner.Length..]}";
        }

        if (Frame().Match(line) is { Success: true } frame)
        {
            return $"{frame.Groups[1]}{Cyan}{frame.Groups[2]}{Plain}{line[frame.Length..]}";
        }

        if (Diagnostic().Match(line) is { Success: true } diagnostic)
        {
            var code = diagnostic.Groups[2].Value;
            return $"{Cyan}{diagnostic.Groups[1]}{Plain}: {(code.Length == 0 ? "" : $"{RedBold}{code}{Plain}")}{line[diagnostic.Length..]}";
        }

        return line;
    }

    [GeneratedRegex(@"\A[ \t]*\^\z")]
    private static partial Regex Caret();

    [GeneratedRegex(@"\A( ---> )([^\s:]+)")]
    private static partial Regex InnerException();

    [GeneratedRegex(@"\A(   at )(.+?, line [0-9]+)")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\A((?:cell )?[^\r\n]+?, line [0-9]+(?:, column [0-9]+)?): ((?:error|warning) [A-Z]+[0-9]+)?")]
    private static partial Regex Diagnostic();
}
