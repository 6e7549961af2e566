using System.Text;
using static TransformerTutorial.Plots.Drawing.SvgCanvas;

namespace TransformerTutorial.Plots.Drawing;

/// <summary>Draws lines and points, with error bands behind them.</summary>
internal static class ScatterDrawing
{
    public const double BandOpacity = 0.2;

    /// <summary>More markers than this become dots of one path, which is a tenth of the size.</summary>
    private const int MostShapes = 1000;

    public static void Draw(SvgCanvas canvas, StyledTrace styled, AxisScale x, AxisScale y, LabelPlacement labels)
    {
        var scatter = (ScatterTrace)styled.Trace;
        var across = Enumerable.Range(0, scatter.X.Count).Select(i => x.ToPixel(x.Range.PositionOf(scatter.X, i))).ToArray();
        (double X, double Y)?[] Points(IReadOnlyList<double> values) =>
            [.. values.Select((value, i) => double.IsFinite(value) ? (across[i], y.ToPixel(value)) : ((double, double)?)null)];

        if (scatter.Lower is not null)
        {
            DrawBand(canvas, Points(scatter.Lower), Points(scatter.Upper!), styled.Color);
        }

        var points = Points(scatter.Y.Numbers);
        if (scatter.ShowLine)
        {
            DrawLine(canvas, points, styled.Color, scatter, labels);
        }

        if (scatter.ShowMarkers)
        {
            DrawMarkers(canvas, points, styled, scatter, labels);
        }
    }

    private static void DrawBand(SvgCanvas canvas, (double X, double Y)?[] lower, (double X, double Y)?[] upper, Color color)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(Enumerable.Range(0, lower.Length).Select(i => lower[i] is null || upper[i] is null ? (int?)null : i)))
        {
            path.Append(Path(run.Select(i => upper[i]!.Value)));
            foreach (var point in run.AsEnumerable().Reverse().Select(i => lower[i]!.Value))
            {
                path.Append(Invariant(point, 'L'));
            }

            path.Append('z');
        }

        if (path.Length > 0)
        {
            canvas.Area(path.ToString(), color, BandOpacity);
        }
    }

    private static void DrawLine(SvgCanvas canvas, (double X, double Y)?[] points, Color color, ScatterTrace scatter, LabelPlacement labels)
    {
        var path = new StringBuilder();
        foreach (var run in Runs(points))
        {
            var simple = LineSimplification.Of(run);
            path.Append(Path(simple));
            if (simple.Count == 1)
            {
                // A point between two gaps would be invisible; a line of no length with round ends is a dot.
                path.Append("h0");
            }

            for (var i = 1; i < simple.Count; i++)
            {
                labels.AddLine(new Segment(simple[i - 1].X, simple[i - 1].Y, simple[i].X, simple[i].Y));
            }
        }

        canvas.Outline(path.ToString(), color, scatter.LineWidth, scatter.Dash);
    }

    private static void DrawMarkers(SvgCanvas canvas, (double X, double Y)?[] points, StyledTrace styled, ScatterTrace scatter, LabelPlacement labels)
    {
        var drawn = points.Index().Where(pair => pair.Item is not null).Select(pair => (pair.Index, pair.Item!.Value.X, pair.Item!.Value.Y)).ToList();
        if (drawn.Count > MostShapes && scatter.Labels is null)
        {
            canvas.Outline(string.Concat(drawn.Select(point => $"M{Number(point.X)} {Number(point.Y)}h0")), styled.Color, scatter.MarkerSize);
            return;
        }

        foreach (var (index, x, y) in drawn)
        {
            var label = scatter.Labels?[index] is { Length: > 0 } text ? PlotText.Visible(text) : null;
            Markers.Draw(canvas, styled.Symbol, x, y, scatter.MarkerSize, styled.Color, label);
            labels.AddPoint(x, y, scatter.MarkerSize / 2);
            if (label is not null && labels.Covers(x, y))
            {
                labels.AddLabel(x, y, scatter.MarkerSize / 2, TextMeasure.Fit(label, Theme.TickSize, 160), Theme.Text);
            }
        }
    }

    private static string Path(IEnumerable<(double X, double Y)> points) => string.Concat(points.Select((point, i) => Invariant(point, i == 0 ? 'M' : 'L')));

    private static string Invariant((double X, double Y) point, char command) => $"{command}{Number(point.X)} {Number(point.Y)}";

    /// <summary>The parts between gaps.</summary>
    private static IEnumerable<List<T>> Runs<T>(IEnumerable<T?> items)
        where T : struct
    {
        var run = new List<T>();
        foreach (var item in items)
        {
            if (item is { } value)
            {
                run.Add(value);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}
