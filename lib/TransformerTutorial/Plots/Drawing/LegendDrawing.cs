namespace TransformerTutorial.Plots.Drawing;

/// <summary>The legend: one row, or several, between the title and the plot.</summary>
internal sealed class LegendDrawing
{
    private const double RowHeight = 18;
    private const double LongestName = 220;

    private readonly List<(StyledTrace Entry, double X, int Row, string Name)> _entries = [];
    private readonly int _rows;

    public LegendDrawing(IReadOnlyList<StyledTrace> entries, double width)
    {
        var (x, row) = (0.0, 0);
        foreach (var entry in entries)
        {
            var name = TextMeasure.Fit(PlotText.OneLine(entry.Trace.Name!), Theme.LabelSize, LongestName);
            var needed = SwatchWidth(entry) + 6 + TextMeasure.Width(name, Theme.LabelSize);
            if (x > 0 && x + needed > width)
            {
                (x, row) = (0, row + 1);
            }

            _entries.Add((entry, x, row, name));
            x += needed + 16;
        }

        _rows = entries.Count == 0 ? 0 : row + 1;
    }

    public double Height => _rows * RowHeight;

    public void Draw(SvgCanvas canvas, double left, double top)
    {
        foreach (var (entry, x, row, name) in _entries)
        {
            var middle = top + (row * RowHeight) + (RowHeight / 2);
            var swatch = SwatchWidth(entry);
            DrawSwatch(canvas, entry, new Box(left + x, middle - 6, left + x + swatch, middle + 6));
            canvas.Text(left + x + swatch + 6, middle + (Theme.LabelSize * 0.35), name, Theme.LabelSize, Theme.Text, full: PlotText.OneLine(entry.Trace.Name!));
        }
    }

    private static double SwatchWidth(StyledTrace entry) => entry.Trace is ScatterTrace { ShowLine: true } ? 24 : 13;

    private static void DrawSwatch(SvgCanvas canvas, StyledTrace entry, Box box)
    {
        if (entry.Trace is not ScatterTrace scatter)
        {
            canvas.Rectangle(box, entry.Color, entry.Trace is HistogramTrace ? BarDrawing.HistogramOpacity : 1, stroke: entry.Color);
            return;
        }

        if (scatter.Lower is not null)
        {
            canvas.Rectangle(box, entry.Color, ScatterDrawing.BandOpacity);
        }

        if (scatter.ShowLine)
        {
            canvas.Line(new Segment(box.Left, box.MiddleY, box.Right, box.MiddleY), entry.Color, scatter.LineWidth, scatter.Dash);
        }

        if (scatter.ShowMarkers)
        {
            Markers.Draw(canvas, entry.Symbol, box.MiddleX, box.MiddleY, Math.Min(scatter.MarkerSize, 10), entry.Color, null);
        }
    }
}
