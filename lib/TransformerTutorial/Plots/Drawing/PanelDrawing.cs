namespace TransformerTutorial.Plots.Drawing;

/// <summary>Draws one panel: grid, axes, data, and last the texts inside the plot, which keep clear of each other.</summary>
internal sealed class PanelDrawing(SvgCanvas canvas, PanelPlan panel, Box plot, Box cell)
{
    private readonly AxisScale _x = AxisScale.Horizontal(panel.X, plot);
    private readonly AxisScale _y = AxisScale.Vertical(panel.Y, plot);

    public void Draw()
    {
        var below = AxisLabels.Below(panel.X, plot.Width);
        var beside = AxisLabels.Beside(panel.Y, plot.Height);
        if (panel.HeatMap is null)
        {
            DrawGrid(below, beside);
        }

        var labels = new LabelPlacement(plot);
        var clips = Clips();
        if (clips)
        {
            canvas.BeginClip(plot);
        }

        DrawReferenceLines();
        if (panel.HeatMap is { } map)
        {
            HeatMapDrawing.Draw(canvas, map, plot);
        }

        BarDrawing.Draw(canvas, panel, _x, _y, labels);
        foreach (var styled in panel.Traces.Where(styled => styled.Trace is ScatterTrace))
        {
            ScatterDrawing.Draw(canvas, styled, _x, _y, labels);
        }

        if (clips)
        {
            canvas.EndClip();
        }

        DrawAxes(below, beside);
        if (panel.HeatMap is not null)
        {
            ColorBarDrawing.Draw(canvas, panel.HeatMap, plot);
        }

        LabelReferenceLines(labels);
        labels.Draw(canvas);
    }

    /// <summary>Only a range that the author chose can cut data off.</summary>
    private bool Clips() => panel.HeatMap is null
        && (panel.X.Axis.Minimum ?? panel.X.Axis.Maximum ?? panel.Y.Axis.Minimum ?? panel.Y.Axis.Maximum) is not null;

    private void DrawGrid(AxisLabels below, AxisLabels beside)
    {
        if (panel.Y.Categories is null)
        {
            foreach (var tick in beside.Labels)
            {
                var y = _y.ToPixel(tick.Value);
                canvas.Line(new Segment(plot.Left, y, plot.Right, y), Theme.GridLine);
            }
        }

        if (panel.X.Categories is null && !(panel.Bars.Count > 0 && !panel.HasLyingBars))
        {
            foreach (var tick in below.Labels)
            {
                var x = _x.ToPixel(tick.Value);
                canvas.Line(new Segment(x, plot.Top, x, plot.Bottom), Theme.GridLine);
            }
        }
    }

    private void DrawAxes(AxisLabels below, AxisLabels beside)
    {
        if (panel.HeatMap is null)
        {
            var base_ = panel.HasLyingBars
                ? new Segment(_x.ToPixel(Math.Max(0, panel.X.Low)), plot.Top, _x.ToPixel(Math.Max(0, panel.X.Low)), plot.Bottom)
                : new Segment(plot.Left, BaseLine(), plot.Right, BaseLine());
            canvas.Line(base_, Theme.AxisLine);
        }

        foreach (var tick in below.Labels)
        {
            var x = _x.ToPixel(tick.Value);
            if (panel.X.Categories is null && panel.HeatMap is null)
            {
                canvas.Line(new Segment(x, plot.Bottom, x, plot.Bottom + 4), Theme.AxisLine);
            }

            var (dx, dy) = below.Angle switch { -45 => (Theme.TickSize * 0.35, Theme.TickSize * 0.85), -90 => (Theme.TickSize * 0.35, 2.0), _ => (0.0, Theme.TickSize) };
            canvas.Text(x + dx, plot.Bottom + PanelMargins.TickGap + dy, tick.Text, Theme.TickSize, Theme.SecondaryText, below.Angle == 0 ? TextAnchor.Middle : TextAnchor.End, below.Angle, full: tick.Full);
        }

        foreach (var tick in beside.Labels)
        {
            canvas.Text(plot.Left - PanelMargins.TickGap, _y.ToPixel(tick.Value) + (Theme.TickSize * 0.35), tick.Text, Theme.TickSize, Theme.SecondaryText, TextAnchor.End, full: tick.Full);
        }

        DrawTitle(panel.Panel.XAxis.Title, plot.MiddleX, cell.Bottom - 4, plot.Width, 0);
        DrawTitle(panel.Panel.YAxis.Title, cell.Left + Theme.LabelSize, plot.MiddleY, plot.Height, -90);
        if (panel.Panel.Title.Length > 0)
        {
            var title = PlotText.OneLine(panel.Panel.Title);
            canvas.Text(plot.Left, plot.Top - 8, TextMeasure.Fit(title, Theme.LabelSize, cell.Right - plot.Left, bold: true), Theme.LabelSize, Theme.Text, bold: true, full: title);
        }
    }

    private double BaseLine() => panel.Bars.Count > 0 && panel.Y.Low < 0 ? _y.ToPixel(Math.Min(0, panel.Y.High)) : plot.Bottom;

    private void DrawTitle(string title, double x, double y, double room, double angle)
    {
        if (title.Length > 0)
        {
            var whole = PlotText.OneLine(title);
            canvas.Text(x, y, TextMeasure.Fit(whole, Theme.LabelSize, room), Theme.LabelSize, Theme.Text, TextAnchor.Middle, angle, full: whole);
        }
    }

    private void DrawReferenceLines()
    {
        foreach (var line in panel.Panel.ReferenceLines)
        {
            canvas.Line(Across(line), line.Color ?? Theme.AxisLine, 1.25, line.Dash, line.Label is null ? null : PlotText.OneLine(line.Label));
        }
    }

    private void LabelReferenceLines(LabelPlacement labels)
    {
        foreach (var line in panel.Panel.ReferenceLines.Where(line => line.Label is not null))
        {
            labels.AddOnLine(Across(line), PlotText.OneLine(line.Label!), line.Color ?? Theme.SecondaryText);
        }
    }

    private Segment Across(ReferenceLine line) => line.IsHorizontal
        ? new Segment(plot.Left, _y.ToPixel(line.Value), plot.Right, _y.ToPixel(line.Value))
        : new Segment(_x.ToPixel(line.Value), plot.Top, _x.ToPixel(line.Value), plot.Bottom);
}
