using System.Globalization;
using System.Text.RegularExpressions;

namespace TransformerTutorial.Plots;

/// <summary>Writes numbers by the part of d3's format language that Plotly's axes are given here: <c>[+][,][.digits][~][d|e|f|g|s|%]</c>.</summary>
/// <remarks>Source of the meanings: the documentation of d3-format. Always the invariant culture; the minus sign is U+2212, as d3 writes it.</remarks>
internal sealed partial class NumberFormat
{
    private const string SiPrefixes = "yzafpnµm kMGTPEZY";

    private readonly bool _plusSign;
    private readonly bool _groups;
    private readonly int? _digits;
    private readonly bool _trim;
    private readonly char _type;

    private NumberFormat(bool plusSign, bool groups, int? digits, bool trim, char type)
    {
        _plusSign = plusSign;
        _groups = groups;
        _digits = digits;
        _trim = trim;
        _type = type;
    }

    /// <summary>Twelve significant digits with thousands separators, no trailing zeros.</summary>
    public static NumberFormat Plain { get; } = Parse(",");

    /// <exception cref="ArgumentException">The format has another form.</exception>
    public static NumberFormat Parse(string format)
    {
        ArgumentNullException.ThrowIfNull(format);
        var match = Form().Match(format);
        if (!match.Success)
        {
            throw new ArgumentException($"'{format}' is no number format; the form is [+][,][.digits][~][d|e|f|g|s|%], for instance ,d or .2f or .0%.");
        }

        int? digits = match.Groups["digits"].Success ? int.Parse(match.Groups["digits"].ValueSpan, CultureInfo.InvariantCulture) : null;
        var type = match.Groups["type"].Length > 0 ? match.Groups["type"].Value[0] : ' ';
        return new NumberFormat(match.Groups["plus"].Success, match.Groups["comma"].Success, digits, match.Groups["trim"].Success || type == ' ', type);
    }

    /// <summary>The number as text; infinities are ∞ and −∞, NaN is a dash.</summary>
    public string Write(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }

        var size = Math.Abs(value);
        var text = _type switch
        {
            'd' => Fixed(size, 0),
            'f' => Fixed(size, _digits ?? 6),
            '%' => Fixed(size * 100, _digits ?? 6),
            'e' => Exponential(size, _digits ?? 6),
            's' => Si(size, Math.Max(_digits ?? 6, 1)),
            'g' => Significant(size, Math.Max(_digits ?? 6, 1)),
            _ => Significant(size, Math.Max(_digits ?? 12, 1)),
        };
        var isZero = !text.AsSpan().ContainsAnyInRange('1', '9');
        var sign = value < 0 && !isZero ? "−" : _plusSign ? "+" : "";
        return sign + text + (_type == '%' ? "%" : "");
    }

    private string Fixed(double size, int digits) =>
        Trimmed(size.ToString((_groups ? "N" : "F") + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), "");

    private string Exponential(double size, int digits)
    {
        var text = size.ToString("e" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var at = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture);
        return Trimmed(text[..at], $"e{(exponent < 0 ? "−" : "+")}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}");
    }

    private string Significant(double size, int digits)
    {
        var exponent = Exponent(size, digits);
        return exponent < -6 || exponent >= digits ? Exponential(size, digits - 1) : Fixed(size, Math.Max(digits - 1 - exponent, 0));
    }

    private string Si(double size, int digits)
    {
        var exponent = Exponent(size, digits);
        var group = size == 0 ? 0 : Math.Clamp((int)Math.Floor(exponent / 3.0), -8, 8);
        var prefix = group == 0 ? "" : SiPrefixes[group + 8].ToString();
        return Fixed(size * Math.Pow(10, -3 * group), Math.Max(digits - 1 - (exponent - (3 * group)), 0)) + prefix;
    }

    /// <summary>The decimal exponent of the number once it is rounded to so many significant digits.</summary>
    private static int Exponent(double size, int digits)
    {
        var text = size.ToString("e" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('e', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
    }

    private string Trimmed(string digits, string suffix) =>
        (_trim && digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits) + suffix;

    [GeneratedRegex(@"^(?<plus>\+)?(?<comma>,)?(\.(?<digits>[0-9]{1,2}))?(?<trim>~)?(?<type>[defgs%]?)\z")]
    private static partial Regex Form();
}
