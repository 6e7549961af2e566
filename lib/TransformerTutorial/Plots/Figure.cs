using TransformerTutorial.Display;

namespace TransformerTutorial.Plots;

/// <summary>A chart: traces on one pair of axes.</summary>
/// <example>
/// <code>
/// new Figure
/// {
///     Title = "Scores spread as √d",
///     AltText = "The standard deviation of random scores rises from 2 at d = 4 to 32 at d = 1,024, a straight line on two log axes.",
///     Traces = [Plot.Line(dimensions, deviations, "measured")],
///     XAxis = new Axis("d (log scale)") { Logarithmic = true },
///     YAxis = new Axis("standard deviation") { Logarithmic = true },
/// }
/// </code>
/// </example>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Plain])]
public sealed class Figure : Picture
{
    /// <summary>What is drawn, from the back to the front.</summary>
    public required IReadOnlyList<Trace> Traces { get; init; }

    /// <summary>The horizontal axis.</summary>
    public Axis XAxis { get; init; } = new();

    /// <summary>The vertical axis.</summary>
    public Axis YAxis { get; init; } = new();

    /// <summary>Lines for comparison.</summary>
    public IReadOnlyList<ReferenceLine> ReferenceLines { get; init; } = [];

    /// <summary>How bars share a position.</summary>
    public BarMode BarMode { get; init; }

    internal override IReadOnlyList<Panel> AllPanels =>
        [new Panel { Traces = Traces, XAxis = XAxis, YAxis = YAxis, ReferenceLines = ReferenceLines, BarMode = BarMode }];

    internal override int ColumnCount => 1;
}
