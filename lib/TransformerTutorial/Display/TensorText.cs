using System.Globalization;
using System.Text;

namespace TransformerTutorial.Display;

/// <summary>Writes a tensor for a terminal: a heading, then columns aligned on the right.</summary>
internal static class TensorText
{
    private const string Gap = "…";

    public static string Write(TensorView view)
    {
        if (view.Sample.Slices.Count == 0)
        {
            return view.Heading + "\nno elements";
        }

        var parts = new List<string>();
        for (var slice = 0; slice < view.Sample.Slices.Count; slice++)
        {
            var table = Aligned(Cells(view, view.Texts[slice]), isLabelled: view.RowLabels is not null);
            parts.Add(view.SliceHeading(slice) is { } heading ? heading + "\n" + table : table);
        }

        if (view.LeftOut is { } leftOut)
        {
            parts.Add(leftOut);
        }

        return view.Heading + "\n" + string.Join("\n\n", parts);
    }

    /// <summary>How many columns of a terminal a text takes: two for a wide East Asian character or an emoji, none for a combining mark.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(rune =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0 : IsWide(rune.Value) ? 2 : 1);

    /// <summary>The table with its labels and gaps, row by row.</summary>
    private static List<string[]> Cells(TensorView view, string[] texts)
    {
        var (rows, columns) = (view.Sample.Rows, view.Sample.Columns);
        var lines = new List<string[]>();
        if (view.ColumnLabels is { } labels)
        {
            lines.Add(Line(view.RowLabels is null ? null : "", columns, column => labels[column]));
        }

        for (var row = 0; row < rows.Length; row++)
        {
            var first = row * columns.Length;
            lines.Add(Line(view.RowLabels?[row], columns, column => texts[first + column]));
            if (TensorView.GapAfter(rows, row))
            {
                lines.Add(Line(view.RowLabels is null ? null : Gap, columns, _ => Gap));
            }
        }

        return lines;
    }

    private static string[] Line(string? label, long[] columns, Func<int, string> cell)
    {
        var line = new List<string>();
        if (label is not null)
        {
            line.Add(label);
        }

        for (var column = 0; column < columns.Length; column++)
        {
            line.Add(cell(column));
            if (TensorView.GapAfter(columns, column))
            {
                line.Add(Gap);
            }
        }

        return [.. line];
    }

    private static string Aligned(List<string[]> lines, bool isLabelled)
    {
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => Width(line[column])))];
        return string.Join('\n', lines.Select(line => string.Join("  ", line.Select((cell, column) =>
        {
            var padding = new string(' ', widths[column] - Width(cell));
            return isLabelled && column == 0 ? cell + padding : padding + cell;
        })).TrimEnd()));
    }

    // Source: Unicode Standard Annex 11, "East Asian Width": the blocks of wide and fullwidth characters, taken whole.
    private static bool IsWide(int codePoint) => codePoint is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
