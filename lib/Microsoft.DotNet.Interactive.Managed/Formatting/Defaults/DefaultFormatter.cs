using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>How a value is shown for which nobody registered anything: one line for scalars, their sequences and tuples, a table for the rest.</summary>
internal static class DefaultFormatter
{
    /// <summary>True where values of the type fit one line: they have no form but plain text.</summary>
    public static bool IsPlain(Type type)
    {
        if (Scalar.Is(type))
        {
            return true;
        }

        if (Sequence.ElementTypeOf(type) is { } element)
        {
            return Scalar.Is(element) && !(type.IsArray && type.GetArrayRank() > 1) && !Sequence.IsDictionary(type);
        }

        if (typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type))
        {
            return type.GetGenericArguments().All(Scalar.Is);
        }

        return !typeof(IHtmlContent).IsAssignableFrom(type) && type != typeof(ItemTable) && Members.Of(type).Count == 0;
    }

    /// <summary>Writes the value as plain text, HTML or JSON; false for any other MIME type.</summary>
    public static bool TryFormat(object? value, string mimeType, FormatContext context)
    {
        switch (mimeType)
        {
            case PlainTextFormatter.MimeType:
                WritePlain(value, context);
                return true;
            case HtmlFormatter.MimeType:
                WriteHtml(value, context);
                return true;
            case JsonFormatter.MimeType:
                context.Writer.Write(JsonSerializer.Serialize(value));
                return true;
            default:
                return false;
        }
    }

    private static void WritePlain(object? value, FormatContext context)
    {
        if (value is IHtmlContent html)
        {
            html.WriteTo(context.Writer, HtmlEncoder.Default);
        }
        else if (context.Depth > 0 || Table.TryRead(value) is not { } table || !context.TryNest(value!, () => PlainTable.Write(table, context)))
        {
            Line.Write(value, context);
        }
    }

    private static void WriteHtml(object? value, FormatContext context)
    {
        if (value is IHtmlContent html)
        {
            html.WriteTo(context.Writer, HtmlEncoder.Default);
        }
        else if (context.Depth > 0 || Table.TryRead(value) is not { } table || !context.TryNest(value!, () => HtmlTable.Write(table, context)))
        {
            context.Writer.Write($"<pre>{HtmlTable.Encode(context.Capture(inner => Line.Write(value, inner)))}</pre>");
        }
    }
}
