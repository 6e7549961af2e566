using TransformerTutorial.Display;

namespace TransformerTutorial.Plots;

/// <summary>Several panels in rows and columns, under one title and with one legend. Traces of the same name have the same colour in all panels.</summary>
/// <example>
/// <code>
/// new FigureGrid
/// {
///     Title = "Every head looks somewhere else",
///     AltText = "Four attention maps side by side: …",
///     Columns = 2,
///     Panels = [new Panel("head 0") { Traces = [Plot.HeatMap(weights[0], words, words)] }, …],
/// }
/// </code>
/// </example>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Plain])]
public sealed class FigureGrid : Picture
{
    /// <summary>The panels, row by row.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>How many panels stand side by side.</summary>
    public int Columns { get; init; } = 2;

    /// <summary>Whether all panels have the same range along the horizontal axis.</summary>
    public bool SharedXAxis { get; init; }

    /// <summary>Whether all panels have the same range along the vertical axis.</summary>
    public bool SharedYAxis { get; init; }

    internal override IReadOnlyList<Panel> AllPanels => Panels;

    internal override int ColumnCount => Math.Min(Columns, Math.Max(Panels.Count, 1));

    internal override (bool X, bool Y) SharedAxes => (SharedXAxis, SharedYAxis);
}
