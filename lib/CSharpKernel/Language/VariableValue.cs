using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace CSharpKernel.Language;

/// <summary>Shows a variable's value in a few words, running no code but the framework's: a cell may be running, and a getter could do anything.</summary>
/// <remarks>Numbers, text, dates and enums are shown, of the framework's collections the size, of anything else nothing.</remarks>
internal static class VariableValue
{
    private const int LongestText = 100;

    // Collections whose count is a field of their own, not somebody else's property.
    private static readonly HashSet<Type> Collections =
    [
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(LinkedList<>), typeof(SortedDictionary<,>), typeof(SortedList<,>), typeof(SortedSet<>),
        typeof(PriorityQueue<,>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>),
        typeof(ArrayList), typeof(Hashtable),
    ];

    /// <summary>The value, or null where it can't be said so.</summary>
    public static string? Describe(object? value) => value switch
    {
        null => "null",
        string text => Quote(text),
        char character => $"'{Escape(character.ToString())}'",
        bool flag => flag ? "true" : "false",
        Enum => value.ToString(),
        sbyte or byte or short or ushort or int or uint or long or ulong or nint or nuint or Int128 or UInt128 or float or double or Half or decimal
            or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        BigInteger number when number.GetBitLength() < 1000 => number.ToString(CultureInfo.InvariantCulture),
        Array { Rank: 1 } array => Items(array.Length),
        Array array => string.Join(" x ", Enumerable.Range(0, array.Rank).Select(dimension => array.GetLength(dimension).ToString(CultureInfo.InvariantCulture))) + " items",
        _ => DescribeCollection(value),
    };

    private static string? DescribeCollection(object value)
    {
        var type = value.GetType();
        return Collections.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type) && type.GetProperty("Count")?.GetValue(value) is int count ? Items(count) : null;
    }

    private static string Items(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} item{(count == 1 ? string.Empty : "s")}");

    private static string Quote(string text)
    {
        var length = Math.Min(text.Length, LongestText);
        return $"\"{Escape(text.AsSpan(0, length))}\"{(text.Length > length ? string.Create(CultureInfo.InvariantCulture, $"... ({text.Length} characters)") : string.Empty)}";
    }

    private static string Escape(ReadOnlySpan<char> text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            escaped.Append(character switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(character) || char.IsSurrogate(character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => character.ToString(),
            });
        }

        return escaped.ToString();
    }
}
