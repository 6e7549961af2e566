using System.Globalization;

namespace TransformerTutorial.Plots;

/// <summary>An opaque colour in sRGB, eight bits a channel.</summary>
/// <example><c>Color ours = "#0072B2";</c> then <c>ours.ToString()</c> is <c>#0072b2</c>.</example>
/// <param name="Red">Red, 0 to 255.</param>
/// <param name="Green">Green, 0 to 255.</param>
/// <param name="Blue">Blue, 0 to 255.</param>
public readonly record struct Color(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Color Black { get; } = new(0, 0, 0);

    /// <summary>White.</summary>
    public static Color White { get; } = new(255, 255, 255);

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static Color Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 7 && text[0] == '#' && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new Color((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : throw new FormatException($"'{text}' is no colour; the form is #rrggbb, for instance #0072b2.");
    }

    /// <summary>Reads <c>#rrggbb</c>, so that a colour can be written as a string.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static implicit operator Color(string text) => Parse(text);

    /// <summary>The relative luminance, 0 for black to 1 for white (WCAG 2.2, "relative luminance").</summary>
    public double RelativeLuminance =>
        (0.2126 * LinearLight(Red)) + (0.7152 * LinearLight(Green)) + (0.0722 * LinearLight(Blue));

    /// <summary>The contrast ratio to another colour, from 1 (the same) to 21 (black and white) (WCAG 2.2, "contrast ratio").</summary>
    public double ContrastWith(Color other)
    {
        var (mine, theirs) = (RelativeLuminance, other.RelativeLuminance);
        return (Math.Max(mine, theirs) + 0.05) / (Math.Min(mine, theirs) + 0.05);
    }

    /// <summary>Black or white, whichever reads better on this colour; the contrast is always above 4.5.</summary>
    public Color TextOnTop => ContrastWith(Black) >= ContrastWith(White) ? Black : White;

    /// <summary>The colour between this one (0) and another (1), mixed in sRGB.</summary>
    public Color MixedWith(Color other, double share) =>
        new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

    /// <summary>The colour as <c>#rrggbb</c>.</summary>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Round(from + ((to - from) * share), MidpointRounding.AwayFromZero);

    private static double LinearLight(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}
