using System.Collections;
using System.Globalization;

namespace TransformerTutorial.Checks;

/// <summary>One measured fact: what was measured, what came out, what was asked of it, and whether it holds. Making one never throws on a wrong value.</summary>
/// <example><c>Evidence.Equal("UTF-8 bytes of 中", expected: 3, measured: 3)</c> reads "UTF-8 bytes of 中: 3 (expected 3)".</example>
/// <param name="What">What was measured, as a noun.</param>
/// <param name="Measured">The measured value, as text.</param>
/// <param name="Requirement">What was asked of it, as text: <c>expected 3</c>, <c>more than 0.02</c>.</param>
/// <param name="Holds">Whether the value meets the requirement.</param>
/// <param name="Detail">Where it fails: the first difference, the shapes; null when it holds.</param>
public sealed record Evidence(string What, string Measured, string Requirement, bool Holds, string? Detail = null)
{
    /// <summary>Two values are equal; sequences are compared element by element, arrays with their shapes.</summary>
    public static Evidence Equal<T>(string what, T expected, T measured)
    {
        if (expected is not string && measured is not string && expected is IEnumerable left && measured is IEnumerable right)
        {
            return Elements(what, left, right, Equals, "all as expected");
        }

        return new Evidence(what, Text(measured), $"expected {Text(expected)}", EqualityComparer<T>.Default.Equals(expected, measured));
    }

    /// <summary>Two values differ.</summary>
    public static Evidence Differ<T>(string what, T one, T other)
    {
        var same = one is not string && one is IEnumerable left && other is IEnumerable right
            ? Elements(what, left, right, Equals, "").Holds
            : EqualityComparer<T>.Default.Equals(one, other);
        return new Evidence(what, $"{Text(one)} and {Text(other)}", "must differ", !same);
    }

    /// <summary>A value lies within a tolerance of what was expected: |measured − expected| ≤ absolute + relative · |expected|.</summary>
    public static Evidence Close(string what, double expected, double measured, double relativeTolerance = 1e-6, double absoluteTolerance = 0) =>
        Number(what, measured, expected, bound => $"expected {bound} {Tolerance(relativeTolerance, absoluteTolerance)}", Near(expected, measured, relativeTolerance, absoluteTolerance));

    /// <summary>Every element lies within a tolerance of its expected value, as in <see cref="Close(string, double, double, double, double)"/>; the shapes are equal.</summary>
    public static Evidence Close(string what, IEnumerable expected, IEnumerable measured, double relativeTolerance = 1e-6, double absoluteTolerance = 0) =>
        Elements(
            what,
            expected,
            measured,
            (a, b) => Near(Convert.ToDouble(a, CultureInfo.InvariantCulture), Convert.ToDouble(b, CultureInfo.InvariantCulture), relativeTolerance, absoluteTolerance),
            $"all as expected {Tolerance(relativeTolerance, absoluteTolerance)}");

    /// <summary>measured &gt; bound.</summary>
    public static Evidence MoreThan(string what, double bound, double measured) => Number(what, measured, bound, text => $"more than {text}", measured > bound);

    /// <summary>measured &lt; bound.</summary>
    public static Evidence LessThan(string what, double bound, double measured) => Number(what, measured, bound, text => $"less than {text}", measured < bound);

    /// <summary>measured ≥ bound.</summary>
    public static Evidence AtLeast(string what, double bound, double measured) => Number(what, measured, bound, text => $"at least {text}", measured >= bound);

    /// <summary>measured ≤ bound.</summary>
    public static Evidence AtMost(string what, double bound, double measured) => Number(what, measured, bound, text => $"at most {text}", measured <= bound);

    /// <summary>A statement that is true or false.</summary>
    public static Evidence True(string what, bool measured) => new(what, measured ? "yes" : "no", "must be so", measured);

    /// <inheritdoc/>
    public override string ToString() => $"{What}: {Measured} ({Requirement}){(Detail is null ? "" : "; " + Detail)}";

    /// <summary>A measured number beside a bound: rounded for a reader where it holds, every digit where it doesn't, since the difference may be in the last.</summary>
    private static Evidence Number(string what, double measured, double bound, Func<string, string> requirement, bool holds)
    {
        string Shown(double value) => holds ? Text(value) : value.ToString("R", CultureInfo.InvariantCulture);
        return new Evidence(what, Shown(measured), requirement(Shown(bound)), holds);
    }

    private static bool Near(double expected, double measured, double relativeTolerance, double absoluteTolerance) =>
        expected.Equals(measured) || Math.Abs(measured - expected) <= absoluteTolerance + relativeTolerance * Math.Abs(expected);

    private static string Tolerance(double relative, double absolute) =>
        relative > 0 && absolute > 0 ? $"within {Text(relative)} of its size plus {Text(absolute)}"
        : absolute > 0 ? $"within {Text(absolute)}"
        : $"within {Text(relative)} of its size";

    private static Evidence Elements(string what, IEnumerable expected, IEnumerable measured, Func<object?, object?, bool> same, string requirement)
    {
        object?[] left = [.. expected.Cast<object?>()];
        object?[] right = [.. measured.Cast<object?>()];
        var (leftShape, rightShape) = (Shape(expected, left.Length), Shape(measured, right.Length));
        var shown = string.Create(CultureInfo.InvariantCulture, $"{right.Length:#,0} {(right.Length == 1 ? "element" : "elements")}{(measured is Array { Rank: > 1 } ? ", shape " + rightShape : "")}");
        if (leftShape != rightShape)
        {
            return new Evidence(what, shown, requirement, false, $"shape {rightShape}, expected {leftShape}");
        }

        var index = Enumerable.Range(0, left.Length).FirstOrDefault(i => !same(left[i], right[i]), -1);
        return new Evidence(what, shown, requirement, index < 0, index < 0 ? null : $"element {Position(measured, index)} is {Text(right[index])}, expected {Text(left[index])}");
    }

    private static string Shape(IEnumerable values, int count) =>
        values is Array { Rank: > 1 } array ? $"({string.Join(", ", Enumerable.Range(0, array.Rank).Select(array.GetLength))})" : $"({count})";

    private static string Position(IEnumerable values, int index)
    {
        if (values is not Array { Rank: > 1 } array)
        {
            return $"[{index}]";
        }

        var position = new int[array.Rank];
        for (var axis = array.Rank - 1; axis >= 0; axis--)
        {
            (index, position[axis]) = Math.DivRem(index, array.GetLength(axis));
        }

        return $"[{string.Join(", ", position)}]";
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        float single => Text((double)single),
        double number when Math.Abs(number) >= 1e6 || (number != 0 && Math.Abs(number) < 1e-3) => number.ToString("0.###e+0", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) < 1 => number.ToString("0.####", CultureInfo.InvariantCulture),
        double number => number.ToString("#,0.##", CultureInfo.InvariantCulture),
        int or long => ((IFormattable)value).ToString("#,0", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable sequence => Text(sequence),
        _ => value.ToString() ?? "",
    };

    private static string Text(IEnumerable sequence)
    {
        // Whole numbers in a list stand without separators: they are mostly ids, and the list has commas enough.
        string[] head = [.. sequence.Cast<object?>().Take(9).Select(value => value is int or long ? ((IFormattable)value).ToString("0", CultureInfo.InvariantCulture) : Text(value))];
        return $"[{string.Join(", ", head.Take(8))}{(head.Length > 8 ? ", …" : "")}]";
    }
}
