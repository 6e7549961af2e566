using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSharpKernel.Notebooks;

/// <summary>Writes JSON as Jupyter's own tools write a notebook, or on one line.</summary>
/// <remarks>
/// Jupyter's form is that of Python's <c>json.dumps</c> with sorted keys, an indent of one space and non-ASCII characters as they are. Two things
/// differ from it: half of a surrogate pair is written as an escape, where Python writes a file that nobody can read, and a number
/// too large for a double keeps its digits.
/// </remarks>
internal static class JsonTextWriter
{
    /// <summary>Indented by one space a level, keys in the order of their code points.</summary>
    public static string WriteIndented(JsonNode? node)
    {
        var builder = new StringBuilder();
        Write(builder, node, level: 0);
        return builder.ToString();
    }

    /// <summary>On one line and without spaces, keys in the order in which they stand.</summary>
    public static string WriteCompact(JsonNode? node)
    {
        var builder = new StringBuilder();
        Write(builder, node, level: -1);
        return builder.ToString();
    }

    private static void Write(StringBuilder builder, JsonNode? node, int level)
    {
        switch (node)
        {
            case null:
                builder.Append("null");
                break;
            case JsonObject { Count: 0 }:
                builder.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                builder.Append("[]");
                break;
            case JsonObject values:
                WriteObject(builder, values, level);
                break;
            case JsonArray values:
                WriteArray(builder, values, level);
                break;
            default:
                WriteScalar(builder, node);
                break;
        }
    }

    private static void WriteObject(StringBuilder builder, JsonObject values, int level)
    {
        var inner = level < 0 ? level : level + 1;
        builder.Append('{');
        var first = true;
        foreach (var (key, value) in level < 0 ? values.AsEnumerable() : values.OrderBy(pair => pair.Key, CodePointComparer.Instance))
        {
            Separate(builder, ref first, inner);
            WriteString(builder, key);
            builder.Append(level < 0 ? ":" : ": ");
            Write(builder, value, inner);
        }

        BreakLine(builder, level);
        builder.Append('}');
    }

    private static void WriteArray(StringBuilder builder, JsonArray values, int level)
    {
        var inner = level < 0 ? level : level + 1;
        builder.Append('[');
        var first = true;
        foreach (var value in values)
        {
            Separate(builder, ref first, inner);
            Write(builder, value, inner);
        }

        BreakLine(builder, level);
        builder.Append(']');
    }

    private static void Separate(StringBuilder builder, ref bool first, int level)
    {
        if (!first)
        {
            builder.Append(',');
        }

        first = false;
        BreakLine(builder, level);
    }

    private static void BreakLine(StringBuilder builder, int level)
    {
        if (level >= 0)
        {
            builder.Append('\n').Append(' ', level);
        }
    }

    private static void WriteScalar(StringBuilder builder, JsonNode node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(builder, node.GetValue<string>());
                break;
            case JsonValueKind.Number:
                builder.Append(PythonNumber(node.ToJsonString()));
                break;
            default:
                builder.Append(node.ToJsonString());
                break;
        }
    }

    private static void WriteString(StringBuilder builder, string text)
    {
        builder.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                builder.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '"' => builder.Append("\\\""),
                '\\' => builder.Append("\\\\"),
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                '\b' => builder.Append("\\b"),
                '\f' => builder.Append("\\f"),
                _ when c < ' ' || char.IsSurrogate(c) => builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => builder.Append(c),
            };
        }

        builder.Append('"');
    }

    /// <summary>A number as Python writes it after reading it: <c>1E5 -> 100000.0</c>, <c>0.00001 -> 1e-05</c>; integers keep their digits.</summary>
    internal static string PythonNumber(string number)
    {
        if (number.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            return number == "-0" ? "0" : number;
        }

        var value = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            return number;
        }

        // .NET writes the shortest digits that give the same double, as Python does; only the places of point and exponent differ.
        var sign = double.IsNegative(value) ? "-" : "";
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var allDigits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = allDigits.TrimStart('0');
        if (digits.Length == 0)
        {
            return sign + "0.0";
        }

        exponent += (point < 0 ? mantissa.Length : point) - 1 - (allDigits.Length - digits.Length);
        digits = digits.TrimEnd('0');
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var exponentSign = exponent < 0 ? '-' : '+';
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{exponentSign}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
        {
            return sign + "0." + new string('0', -exponent - 1) + digits;
        }

        return digits.Length <= exponent + 1
            ? sign + digits.PadRight(exponent + 1, '0') + ".0"
            : sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    /// <summary>Orders strings by code point, as Python does; UTF-16 units would put emoji before U+E000.</summary>
    private sealed class CodePointComparer : IComparer<string>
    {
        public static readonly CodePointComparer Instance = new();

        public int Compare(string? x, string? y)
        {
            var common = Math.Min(x!.Length, y!.Length);
            for (var i = 0; i < common; i++)
            {
                if (x[i] != y[i])
                {
                    return Rank(x[i]).CompareTo(Rank(y[i]));
                }
            }

            return x.Length.CompareTo(y.Length);
        }

        private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }
}
