using TransformerTutorial.Display;
using TransformerTutorial.Plots.Drawing;
using TransformerTutorial.Plots.Plotly;

namespace TransformerTutorial.Plots;

/// <summary>What <see cref="Figure"/> and <see cref="FigureGrid"/> share: a title, a description in words, and the three forms in which a notebook keeps them.</summary>
/// <remarks>
/// A notebook gets Plotly's JSON (interactive), an SVG (drawn here, the same everywhere) and one line of text. All three are made from the same
/// data when the picture is displayed; what cannot be drawn is reported then, or already when a trace is made.
/// </remarks>
public abstract class Picture : RichOutput
{
    private protected Picture()
    {
    }

    /// <summary>The finding, in one sentence.</summary>
    public required string Title { get; init; }

    /// <summary>What a person who cannot see the picture should know about it: what is plotted, and what one sees.</summary>
    public string AltText { get; init; } = "";

    /// <summary>The width in pixels.</summary>
    public int Width { get; init; } = Theme.DefaultWidth;

    /// <summary>The height in pixels; null chooses from the content.</summary>
    public int? Height { get; init; }

    /// <summary>Whether there is a legend; null shows one where a panel has more than one named trace.</summary>
    public bool? ShowLegend { get; init; }

    /// <summary>The panels, row by row.</summary>
    internal abstract IReadOnlyList<Panel> AllPanels { get; }

    /// <summary>How many panels stand side by side.</summary>
    internal abstract int ColumnCount { get; }

    /// <summary>Whether all panels have the same horizontal range, the same vertical range.</summary>
    internal virtual (bool X, bool Y) SharedAxes => (false, false);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The title or the alternative text is missing.</exception>
    /// <exception cref="ArgumentException">The data cannot be drawn; the message names the trace and the index.</exception>
    public sealed override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plotly => PlotlyJson.Write(PicturePlan.Of(this)),
        MimeTypes.Svg => PictureDrawing.Draw(PicturePlan.Of(this)),
        MimeTypes.Plain => PlainText.Write(PicturePlan.Of(this)),
        _ => null,
    };

    /// <summary>The picture as Plotly's JSON.</summary>
    public string ToPlotly() => Write(MimeTypes.Plotly)!;

    /// <summary>The picture as SVG.</summary>
    public string ToSvg() => Write(MimeTypes.Svg)!;
}
