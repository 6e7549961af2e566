using System.Globalization;

namespace TransformerTutorial.Display;

/// <summary>Chooses how the floating-point numbers of a tensor are written, all of them alike.</summary>
/// <remarks>
/// The rules are those of PyTorch's <c>print</c>: whole numbers end in a point; else four digits after it; with an exponent where the largest is more than 1,000 times the
/// smallest, above 10⁸, or something is below 10⁻⁴. Zeros, NaN and infinities don't count.
/// </remarks>
/// <example>1, 2.5 → <c>1.0000</c>, <c>2.5000</c>; 1, 2 → <c>1.</c>, <c>2.</c>; 1, 0.00001 → <c>1.0000e+00</c>, <c>1.0000e-05</c>.</example>
internal static class TensorNumbers
{
    /// <summary>The format for these numbers, as <see cref="double.ToString(string, IFormatProvider)"/> takes it.</summary>
    public static string FormatFor(IEnumerable<double> numbers)
    {
        double[] sizes = [.. numbers.Where(number => double.IsFinite(number) && number != 0).Select(Math.Abs)];
        if (sizes.Length == 0)
        {
            return "0'.'";
        }

        var (largest, smallest) = (sizes.Max(), sizes.Min());
        var areWhole = sizes.All(size => size == Math.Ceiling(size));
        return largest / smallest > 1000 || largest > 1e8 || (!areWhole && smallest < 1e-4) ? "0.0000e+00"
            : areWhole ? "0'.'"
            : "F4";
    }

    /// <summary>The number in this format; what is no number as PyTorch writes it.</summary>
    public static string Write(double number, string format) =>
        double.IsNaN(number) ? "nan"
        : double.IsInfinity(number) ? number > 0 ? "inf" : "-inf"
        : number.ToString(format, CultureInfo.InvariantCulture);
}
