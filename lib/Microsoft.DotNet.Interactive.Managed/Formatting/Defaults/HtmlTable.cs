using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>A table as HTML. It sets alignment and nothing else, so it takes the page's colours, light or dark.</summary>
internal static class HtmlTable
{
    private const string Left = " style=\"text-align:left\"";
    private const string Right = " style=\"text-align:right\"";

    public static void Write(Table table, FormatContext context)
    {
        var writer = context.Writer;
        if (table.Rows.Count == 0)
        {
            writer.Write($"<i>{Encode(table.Title)}</i>");
            return;
        }

        writer.Write("<table>");
        if (table.Title.Length > 0)
        {
            writer.Write($"<caption{Left}>{Encode(table.Title)}</caption>");
        }

        var styles = Enumerable.Range(0, table.Rows[0].Count).Select(column => table.IsNumeric(column) ? Right : Left).ToArray();
        if (table.Headers.Count > 0)
        {
            writer.Write("<thead><tr>");
            writer.Write(string.Concat(table.Headers.Select((header, column) => $"<th{styles[column]}>{Encode(header)}</th>")));
            writer.Write("</tr></thead>");
        }

        writer.Write("<tbody>");
        foreach (var row in table.Rows)
        {
            writer.Write("<tr>");
            for (var column = 0; column < row.Count; column++)
            {
                // Without headers the first column names what the second holds.
                var tag = table.Headers.Count == 0 && column == 0 ? "th" : "td";
                writer.Write($"<{tag}{styles[column]}>{HtmlOf(row[column], context)}</{tag}>");
            }

            writer.Write("</tr>");
        }

        writer.Write("</tbody></table>");
        if (table.More.Length > 0)
        {
            writer.Write($"<i>{Encode(table.More)}</i>");
        }
    }

    /// <summary>Text as HTML; only what HTML reserves is escaped, so that other scripts stay readable in the file.</summary>
    public static string Encode(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string HtmlOf(object? value, FormatContext context) => context.Capture(inner =>
    {
        if (Formatter.TryFormatSpecially(value, HtmlFormatter.MimeType, inner))
        {
            return;
        }

        if (value is IHtmlContent)
        {
            DefaultFormatter.TryFormat(value, HtmlFormatter.MimeType, inner);
            return;
        }

        var text = inner.Capture(plain => Formatter.TryFormat(value, PlainTextFormatter.MimeType, plain));
        inner.Writer.Write(Encode(text).Replace("\n", "<br>", StringComparison.Ordinal));
    });
}
