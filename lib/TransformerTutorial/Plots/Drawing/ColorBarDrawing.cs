namespace TransformerTutorial.Plots.Drawing;

/// <summary>The bar beside a heat map that says which colour is which number.</summary>
internal static class ColorBarDrawing
{
    private const double Gap = 14;
    private const double Thickness = 12;
    private const int Steps = 48;
    private const double Title = 18;

    public static double WidthFor(HeatMapTrace map, double height) =>
        Gap + Thickness + 6 + AxisLabels.Beside(RangeOf(map), height).Extent + (map.ColorTitle is null ? 0 : Title);

    public static void Draw(SvgCanvas canvas, HeatMapTrace map, Box plot)
    {
        var range = RangeOf(map);
        var bar = new Box(plot.Right + Gap, plot.Top, plot.Right + Gap + Thickness, plot.Bottom);
        for (var i = 0; i < Steps; i++)
        {
            var (top, bottom) = (bar.Bottom - ((i + 1) * bar.Height / Steps), bar.Bottom - (i * bar.Height / Steps));

            // Each step reaches under the next one, so that no seam shows.
            canvas.Rectangle(new Box(bar.Left, top, bar.Right, i == 0 ? bottom : Math.Min(bottom + 0.6, bar.Bottom)), map.ColorScale.At((i + 0.5) / Steps));
        }

        var scale = new AxisScale(range, bar.Bottom, bar.Top);
        var labels = AxisLabels.Beside(range, bar.Height);
        foreach (var tick in labels.Labels)
        {
            canvas.Text(bar.Right + 5, scale.ToPixel(tick.Value) + (Theme.TickSize * 0.35), tick.Text, Theme.TickSize, Theme.SecondaryText, full: tick.Full);
        }

        if (map.ColorTitle is { } title)
        {
            var whole = PlotText.OneLine(title);
            canvas.Text(bar.Right + 6 + labels.Extent + Title - 4, bar.MiddleY, TextMeasure.Fit(whole, Theme.LabelSize, bar.Height), Theme.LabelSize, Theme.Text, TextAnchor.Middle, -90, full: whole);
        }
    }

    private static AxisRange RangeOf(HeatMapTrace map)
    {
        var (low, high) = map.ColorRange;
        return new AxisRange(new Axis(), low, high, null, false);
    }
}
