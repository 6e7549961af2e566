namespace TransformerTutorial.Plots;

/// <summary>The colours and type sizes of every picture in the series. The same thing has the same colour in every chapter.</summary>
/// <remarks>
/// The hues are those of M. Okabe and K. Ito, "Color Universal Design" (2008); their lightness is spread until any two of them can be told apart with every
/// common colour vision and each has a contrast of at least 3 to <see cref="Background"/>. Families of roles share hues because they never meet in one picture:
/// the parts of a Transformer (queries to decoder), the material it reads (words to Chinese), space, data and training (first axis to loss), and ways to read a sequence (convolution to attention). Tests measure contrast and colour distance.
/// </remarks>
public static class Theme
{
    /// <summary>What every picture is drawn on, so that it reads the same in light and dark editors.</summary>
    public static Color Background { get; } = "#fdfdfb";

    /// <summary>Titles and labels.</summary>
    public static Color Text { get; } = "#24292f";

    /// <summary>Tick labels and captions.</summary>
    public static Color SecondaryText { get; } = "#4d555e";

    /// <summary>Axis lines and reference lines.</summary>
    public static Color AxisLine { get; } = "#6e7781";

    /// <summary>Grid lines, which should hardly be seen.</summary>
    public static Color GridLine { get; } = "#e4e6e8";

    /// <summary>Queries.</summary>
    public static Color Queries { get; } = "#0055b3";

    /// <summary>Keys.</summary>
    public static Color Keys { get; } = "#d55e00";

    /// <summary>Values.</summary>
    public static Color Values { get; } = "#0f8f5a";

    /// <summary>Positions.</summary>
    public static Color Positions { get; } = "#a8277a";

    /// <summary>The encoder.</summary>
    public static Color Encoder { get; } = "#3997d3";

    /// <summary>The decoder.</summary>
    public static Color Decoder { get; } = "#6b4300";

    /// <summary>Words.</summary>
    public static Color Words { get; } = "#0055b3";

    /// <summary>Characters.</summary>
    public static Color Characters { get; } = "#6b4300";

    /// <summary>Subwords.</summary>
    public static Color Subwords { get; } = "#0f8f5a";

    /// <summary>English.</summary>
    public static Color English { get; } = "#3997d3";

    /// <summary>Chinese.</summary>
    public static Color Chinese { get; } = "#d55e00";

    /// <summary>The first axis of space, and what a map makes of it.</summary>
    public static Color FirstAxis { get; } = "#0f8f5a";

    /// <summary>The second axis of space, and what a map makes of it.</summary>
    public static Color SecondAxis { get; } = "#a8277a";

    /// <summary>The first of two classes that are to be told apart.</summary>
    public static Color FirstClass { get; } = "#0055b3";

    /// <summary>The second of two classes that are to be told apart.</summary>
    public static Color SecondClass { get; } = "#d55e00";

    /// <summary>A convolution, among the three ways to read a sequence.</summary>
    public static Color Convolution { get; } = "#0f8f5a";

    /// <summary>A recurrence, among the three ways to read a sequence.</summary>
    public static Color Recurrence { get; } = "#d55e00";

    /// <summary>Attention, among the three ways to read a sequence.</summary>
    public static Color Attention { get; } = "#0055b3";

    /// <summary>A loss, and what training does to it.</summary>
    public static Color Loss { get; } = "#6b4300";

    /// <summary>Context: what is there for comparison.</summary>
    public static Color Neutral { get; } = "#868b98";

    /// <summary>The one thing to look at.</summary>
    public static Color Highlight { get; } = "#4d0030";

    /// <summary>The colours that traces get, in this order, where a figure doesn't name one.</summary>
    public static IReadOnlyList<Color> ColorSequence { get; } = [Queries, Keys, Values, Positions, Encoder, Decoder, Highlight, Neutral];

    /// <summary>The font of all text; a generic family, so that nothing is fetched.</summary>
    public const string FontFamily = "sans-serif";

    /// <summary>The size of a figure's title in pixels.</summary>
    public const double TitleSize = 15;

    /// <summary>The size of axis titles, panel titles and the legend in pixels.</summary>
    public const double LabelSize = 12;

    /// <summary>The size of tick labels and labels of points in pixels.</summary>
    public const double TickSize = 11;

    /// <summary>The width of a picture in pixels, where a figure doesn't name one: that of a notebook's output.</summary>
    public const int DefaultWidth = 720;
}
