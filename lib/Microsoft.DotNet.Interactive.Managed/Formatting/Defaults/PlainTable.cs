namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>A table as text: columns two spaces apart, numbers to the right, a line of dashes below the headers.</summary>
internal static class PlainTable
{
    public static void Write(Table table, FormatContext context)
    {
        var lines = new List<string>();
        if (table.Title.Length > 0)
        {
            lines.Add(table.Title);
        }

        var texts = table.Rows.Select(row => row.Select(value => TextOf(value, context)).ToArray()).ToList();
        if (table.Rows.Count > 0)
        {
            var all = table.Headers.Count > 0 ? texts.Prepend([.. table.Headers]).ToList() : texts;
            var widths = Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => DisplayWidth.Of(row[column]))).ToArray();
            var toTheRight = widths.Select((_, column) => table.IsNumeric(column)).ToArray();
            if (table.Headers.Count > 0)
            {
                lines.Add(Row(all[0], widths, toTheRight));
                lines.Add(string.Join("  ", widths.Select(width => new string('-', width))));
            }

            lines.AddRange(texts.Select(row => Row(row, widths, toTheRight)));
        }

        if (table.More.Length > 0)
        {
            lines.Add(table.More);
        }

        context.Writer.Write(string.Join('\n', lines));
    }

    private static string Row(string[] texts, int[] widths, bool[] toTheRight)
    {
        var cells = texts.Select((text, column) =>
        {
            var padding = new string(' ', widths[column] - DisplayWidth.Of(text));
            return toTheRight[column] ? padding + text : text + padding;
        });
        return string.Join("  ", cells).TrimEnd();
    }

    private static string TextOf(object? value, FormatContext context)
    {
        var text = context.Capture(inner =>
        {
            if (!Formatter.TryFormatSpecially(value, PlainTextFormatter.MimeType, inner))
            {
                DefaultFormatter.TryFormat(value, PlainTextFormatter.MimeType, inner);
            }
        });
        return text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
    }
}
