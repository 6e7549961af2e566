namespace TransformerTutorial.Plots.Drawing;

/// <summary>Draws bars and histograms, with their values where asked.</summary>
internal static class BarDrawing
{
    public const double HistogramOpacity = 0.4;

    private const double Size = Theme.TickSize - 1;

    public static void Draw(SvgCanvas canvas, PanelPlan panel, AxisScale x, AxisScale y, LabelPlacement labels)
    {
        var lying = panel.HasLyingBars;
        var opacity = panel.Bins is not null && panel.Traces.Count > 1 ? HistogramOpacity : 1;
        var boxes = panel.Bars.Select(bar => (Bar: bar, Box: lying ? Between(x, bar.From, bar.To, y, bar.Start, bar.End) : Between(x, bar.Start, bar.End, y, bar.From, bar.To))).ToList();
        foreach (var (bar, box) in opacity < 1 ? [] : boxes)
        {
            // Bins touch; a hair of background between them keeps them apart for the eye.
            var drawn = panel.Bins is not null && box.Width > 3 ? box with { Left = box.Left + 0.5, Right = box.Right - 0.5 } : box;
            canvas.Rectangle(drawn, (bar.Trace.Trace as BarTrace)?.Colors?[bar.Point] ?? bar.Trace.Color);
        }

        if (opacity < 1)
        {
            DrawOverlaidHistograms(canvas, boxes);
        }

        foreach (var group in boxes.Where(pair => pair.Bar.Trace.Trace is BarTrace { ShowValues: true }).GroupBy(pair => pair.Bar.Trace))
        {
            var trace = (BarTrace)group.Key.Trace;
            var format = NumberFormat.Parse(trace.ValueFormat);
            var stacked = panel.Panel.BarMode == BarMode.Stacked && panel.Traces.Count > 1;
            var texts = group.Select(pair => (pair.Box, Text: format.Write(trace.Lengths.Numbers[pair.Bar.Point]), Color: trace.Colors?[pair.Bar.Point] ?? group.Key.Color, Negative: pair.Bar.To < pair.Bar.From)).ToList();

            // Upright bars have little width for a number: either all of a trace's numbers fit over their bars, or none is written.
            var room = panel.Bars.Select(bar => bar.Trace).Distinct().Count() == 1 || stacked ? 1 / BarGeometry.Fill : 1;
            if (!lying && texts.Any(text => TextMeasure.Width(text.Text, Size) > (text.Box.Width * room) - 2))
            {
                continue;
            }

            foreach (var (box, text, color, negative) in texts)
            {
                WriteValue(canvas, box, text, color, negative, lying, stacked, lying ? x : y, labels);
            }
        }
    }

    /// <summary>Histograms over each other are pale, so each gets its outline in full colour.</summary>
    private static void DrawOverlaidHistograms(SvgCanvas canvas, IEnumerable<(BarRectangle Bar, Box Box)> boxes)
    {
        foreach (var group in boxes.GroupBy(pair => pair.Bar.Trace))
        {
            var steps = group.Select(pair => $"V{SvgCanvas.Number(pair.Box.Top)}H{SvgCanvas.Number(pair.Box.Right)}");
            var first = group.First().Box;
            var path = $"M{SvgCanvas.Number(first.Left)} {SvgCanvas.Number(first.Bottom)}{string.Concat(steps)}V{SvgCanvas.Number(first.Bottom)}";
            canvas.Area(path, group.Key.Color, HistogramOpacity);
            canvas.Outline(path, group.Key.Color, 1.5);
        }
    }

    private static void WriteValue(SvgCanvas canvas, Box bar, string text, Color color, bool negative, bool lying, bool stacked, AxisScale values, LabelPlacement labels)
    {
        var width = TextMeasure.Width(text, Size);
        const double Height = Size * 1.1;
        var box = (lying, stacked) switch
        {
            (_, true) => Around(bar.MiddleX, bar.MiddleY, width, Height),
            (true, _) when negative => Around(bar.Left - 4 - (width / 2), bar.MiddleY, width, Height),
            (true, _) => Around(bar.Right + 4 + (width / 2), bar.MiddleY, width, Height),
            (false, _) when negative => Around(bar.MiddleX, bar.Bottom + 3 + (Height / 2), width, Height),
            _ => Around(bar.MiddleX, bar.Top - 3 - (Height / 2), width, Height),
        };
        var inside = stacked;
        if (lying && !stacked && (box.Right > values.HighPixel || box.Left < values.LowPixel))
        {
            box = Around(negative ? bar.Left + 4 + (width / 2) : bar.Right - 4 - (width / 2), bar.MiddleY, width, Height);
            inside = true;
        }

        // A range chosen by the author may cut a bar off; its number would hang outside the plot.
        var cut = lying ? bar.Right > values.HighPixel + 1 || bar.Left < values.LowPixel - 1 : bar.Top < values.HighPixel - 1 || bar.Bottom > values.LowPixel + 1;
        if (cut || inside && (bar.Width < width + 2 || bar.Height < Height) || (lying && bar.Height < Size * 0.9))
        {
            return;
        }

        canvas.Text(box.MiddleX, box.Bottom - (Size * TextMeasure.Descent), text, Size, inside ? color.TextOnTop : Theme.SecondaryText, TextAnchor.Middle);
        labels.AddText(box);
    }

    private static Box Around(double x, double y, double width, double height) => new(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2));

    private static Box Between(AxisScale x, double left, double right, AxisScale y, double bottom, double top)
    {
        var (x1, x2, y1, y2) = (x.ToPixel(left), x.ToPixel(right), y.ToPixel(bottom), y.ToPixel(top));
        return new Box(Math.Min(x1, x2), Math.Min(y1, y2), Math.Max(x1, x2), Math.Max(y1, y2));
    }
}
