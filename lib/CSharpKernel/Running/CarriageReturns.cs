using System.Text;

namespace CSharpKernel.Running;

/// <summary>What a terminal would show in the end of a text that goes back to rewrite its lines: <c>"10 %\r100 %\n" -> "100 %\n"</c>.</summary>
internal static class CarriageReturns
{
    private const string EraseToEnd = "\u001b[K";
    private const string EraseLine = "\u001b[2K";

    /// <summary>The final form of <paramref name="text"/>; a text without carriage returns is returned as it is, <c>\r\n</c> becomes <c>\n</c>.</summary>
    public static string Reduce(string text)
    {
        if (!text.Contains('\r', StringComparison.Ordinal))
        {
            return text;
        }

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        return string.Join('\n', lines.Select(ReduceLine));
    }

    private static string ReduceLine(string line)
    {
        if (!line.Contains('\r', StringComparison.Ordinal))
        {
            return line;
        }

        var shown = new List<Rune>();
        foreach (var piece in line.Split('\r'))
        {
            var column = 0;
            for (var rest = piece.AsSpan(); !rest.IsEmpty;)
            {
                if (rest.StartsWith(EraseToEnd) || rest.StartsWith(EraseLine))
                {
                    var all = rest.StartsWith(EraseLine);
                    shown.RemoveRange(Math.Min(column, shown.Count), Math.Max(0, shown.Count - column));
                    if (all)
                    {
                        shown.Clear();
                        shown.AddRange(Enumerable.Repeat(new Rune(' '), column));
                    }

                    rest = rest[(all ? EraseLine : EraseToEnd).Length..];
                    continue;
                }

                _ = Rune.DecodeFromUtf16(rest, out var rune, out var length);
                if (column < shown.Count)
                {
                    shown[column] = rune;
                }
                else
                {
                    shown.Add(rune);
                }

                column++;
                rest = rest[length..];
            }
        }

        // Blanks at the end are what wiped out a longer text.
        return string.Concat(shown).TrimEnd(' ');
    }
}
