namespace TransformerTutorial.Plots.Drawing;

/// <summary>The room that a plot's labels need around it, in pixels.</summary>
internal readonly record struct PanelMargins(double Left, double Top, double Right, double Bottom)
{
    public const double TickGap = 6;
    public const double AxisTitle = 20;
    public const double PanelTitle = 22;

    public static PanelMargins Of(PanelPlan panel, double plotWidth, double plotHeight)
    {
        var below = AxisLabels.Below(panel.X, plotWidth);
        var beside = AxisLabels.Beside(panel.Y, plotHeight);
        return new PanelMargins(
            Math.Max(beside.Extent + TickGap + (panel.Panel.YAxis.Title.Length > 0 ? AxisTitle : 0), below.OverhangBefore),
            panel.Panel.Title.Length > 0 ? PanelTitle : 6,
            Math.Max(panel.HeatMap is { } map ? ColorBarDrawing.WidthFor(map, plotHeight) : 6, below.OverhangAfter),
            below.Extent + TickGap + (panel.Panel.XAxis.Title.Length > 0 ? AxisTitle : 0));
    }

    /// <summary>The margins that leave room for both.</summary>
    public PanelMargins Grown(PanelMargins other) =>
        new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    /// <summary>How wide a plot is: all the room there is, but the cells of a map are at most twice as wide as high where that leaves it wide enough to be seen.</summary>
    public static double PlotWidth(PanelPlan panel, double room, double plotHeight) => panel.HeatMap is { } map
        ? Math.Min(room, Math.Max(GridLayout.SmallestPlot, map.Z[0].Count * 2 * plotHeight / map.Z.Count))
        : room;

    /// <summary>How high a plot is where the figure leaves it open: near-square cells for a map, a line of text for a lying bar.</summary>
    public static double PreferredPlotHeight(PanelPlan panel, double plotWidth, bool small)
    {
        if (panel.HeatMap is { } map)
        {
            var rows = map.Z.Count;
            var cell = Math.Clamp(plotWidth / map.Z[0].Count, 18, rows <= 6 ? 52 : 38);
            return Math.Clamp(rows * cell, 80, small ? 260 : 460);
        }

        if (panel.HasLyingBars)
        {
            var bars = panel.Bars.Select(bar => bar.Start).Distinct().Count();
            var places = panel.Bars.Select(bar => panel.Y.PositionOf(((BarTrace)bar.Trace.Trace).Positions, bar.Point)).Distinct().Count();
            return Math.Max(80, Math.Max(bars * 16.0, places * 24.0));
        }

        return small ? 200 : 290;
    }
}
