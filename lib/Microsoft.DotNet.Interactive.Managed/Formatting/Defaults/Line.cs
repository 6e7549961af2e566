using System.Collections;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Html;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>A value of any kind in running text: <c>[ 1, 2 ]</c>, <c>( 1, a )</c>, <c>{ a: 1 }</c>, <c>Point { X = 1, Y = 2 }</c>.</summary>
internal static class Line
{
    public static void Write(object? value, FormatContext context)
    {
        if (value is null)
        {
            context.Writer.Write(Formatter.NullString);
        }
        else if (Scalar.Is(value.GetType()))
        {
            context.Writer.Write(Scalar.TextOf(value));
        }
        else if (!context.TryNest(value, () => WriteParts(value, context)))
        {
            context.Writer.Write($"{TypeName.Of(value.GetType())} {{ … }}");
        }
    }

    private static void WriteParts(object value, FormatContext context)
    {
        if (value is Array { Rank: > 1 } matrix)
        {
            WriteMatrix(matrix, new int[matrix.Rank], 0, context);
        }
        else if (Sequence.Of(value) is { } items)
        {
            var isDictionary = Sequence.IsDictionary(value.GetType());
            var sequence = Sequence.Read(items);
            WriteList(isDictionary ? "{" : "[", sequence.Items, sequence.More, isDictionary ? "}" : "]", context, item => WriteItem(item, isDictionary, context));
        }
        else if (value is ITuple tuple)
        {
            WriteList("(", Enumerable.Range(0, tuple.Length).Select(index => tuple[index]).ToArray(), string.Empty, ")", context, item => WriteNested(item, context));
        }
        else
        {
            WriteObject(value, context);
        }
    }

    private static void WriteObject(object value, FormatContext context)
    {
        var type = value.GetType();
        var members = Members.Of(type);
        if (members.Count == 0)
        {
            context.Writer.Write(value.ToString());
            return;
        }

        var open = TypeName.IsAnonymous(type) ? "{" : $"{TypeName.Of(type)} {{";
        WriteList(open, members, string.Empty, "}", context, member =>
        {
            context.Writer.Write($"{member.Name} = ");
            WriteNested(Members.ValueOf(member, value), context);
        });
    }

    private static void WriteItem(object? item, bool isEntry, FormatContext context)
    {
        if (isEntry && TryGetEntry(item, out var key, out var value))
        {
            WriteNested(key, context);
            context.Writer.Write(": ");
            WriteNested(value, context);
        }
        else
        {
            WriteNested(item, context);
        }
    }

    /// <summary>Key and value of a dictionary's entry, generic or not.</summary>
    public static bool TryGetEntry(object? item, out object? key, out object? value)
    {
        if (item is DictionaryEntry entry)
        {
            (key, value) = (entry.Key, entry.Value);
            return true;
        }

        var isPair = item?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        key = isPair ? item!.GetType().GetProperty("Key")!.GetValue(item) : null;
        value = isPair ? item!.GetType().GetProperty("Value")!.GetValue(item) : null;
        return isPair;
    }

    private static void WriteMatrix(Array matrix, int[] indices, int dimension, FormatContext context)
    {
        var count = matrix.GetLength(dimension);
        var shown = Math.Min(count, Formatter.ListExpansionLimit);
        WriteList("[", Enumerable.Range(0, shown).ToArray(), count > shown ? $"... ({count - shown} more)" : string.Empty, "]", context, index =>
        {
            indices[dimension] = index + matrix.GetLowerBound(dimension);
            if (dimension == matrix.Rank - 1)
            {
                WriteNested(matrix.GetValue(indices), context);
            }
            else
            {
                WriteMatrix(matrix, indices, dimension + 1, context);
            }
        });
    }

    private static void WriteList<T>(string open, IReadOnlyList<T> items, string more, string close, FormatContext context, Action<T> write)
    {
        context.Writer.Write(open);
        var separator = " ";
        foreach (var item in items)
        {
            context.Writer.Write(separator);
            write(item);
            separator = ", ";
        }

        context.Writer.Write(more.Length > 0 ? $" {more} {close}" : $" {close}");
    }

    private static void WriteNested(object? value, FormatContext context)
    {
        if (!Formatter.TryFormatSpecially(value, PlainTextFormatter.MimeType, context))
        {
            if (value is IHtmlContent html)
            {
                html.WriteTo(context.Writer, System.Text.Encodings.Web.HtmlEncoder.Default);
            }
            else
            {
                Write(value, context);
            }
        }
    }
}
