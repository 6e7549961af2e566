namespace TransformerTutorial.Plots.Drawing;

/// <summary>A tick with its text.</summary>
/// <param name="Value">Where it lies on the axis.</param>
/// <param name="Text">What is written, cut to the room there is.</param>
/// <param name="Full">The whole text.</param>
internal sealed record TickLabel(double Value, string Text, string Full);

/// <summary>The ticks of an axis, as many as can be read: turned where they are long, thinned out where they are many.</summary>
/// <param name="Labels">The ticks.</param>
/// <param name="Angle">How the texts are turned, in degrees: 0, -45 or -90.</param>
/// <param name="Extent">How far the texts reach away from the axis, in pixels.</param>
/// <param name="OverhangBefore">How far they reach beyond the axis' left end.</param>
/// <param name="OverhangAfter">How far they reach beyond the axis' right end.</param>
internal sealed record AxisLabels(IReadOnlyList<TickLabel> Labels, double Angle, double Extent, double OverhangBefore, double OverhangAfter)
{
    private const double Size = Theme.TickSize;
    private const double LineHeight = Size * 1.25;
    private const double LongestBelow = 120;
    private const double LongestBeside = 190;

    /// <summary>The labels below a plot.</summary>
    public static AxisLabels Below(AxisRange range, double length)
    {
        if (range.Categories is { } names)
        {
            return CategoriesBelow([.. names.Select(PlotText.Visible)], length);
        }

        for (var most = Math.Max(2, (int)(length / 55)); ; most--)
        {
            var labels = Numbers(range, most);
            double[] widths = [.. labels.Select(label => TextMeasure.Width(label.Text, Size))];
            double[] middles = [.. labels.Select(label => range.ShareOf(label.Value) * length)];
            var apart = Enumerable.Range(1, Math.Max(labels.Count - 1, 0)).All(i => middles[i] - middles[i - 1] >= ((widths[i] + widths[i - 1]) / 2) + 10);
            if (apart || most <= 1)
            {
                labels = apart ? labels : [.. labels.Take(1)];
                return labels.Count == 0
                    ? new([], 0, 0, 0, 0)
                    : new(labels, 0, LineHeight, Math.Max(0, (widths[0] / 2) - middles[0]), Math.Max(0, middles[labels.Count - 1] + (widths[labels.Count - 1] / 2) - length));
            }
        }
    }

    /// <summary>The labels to the left of a plot.</summary>
    public static AxisLabels Beside(AxisRange range, double length)
    {
        List<TickLabel> labels;
        if (range.Categories is { } names)
        {
            var every = Every(length / names.Count, LineHeight);
            labels = [.. names.Select((name, i) => Cut(i, PlotText.Visible(name), LongestBeside)).Where((_, i) => i % every == 0)];
        }
        else
        {
            var most = Math.Max(2, (int)(length / 38));
            do
            {
                labels = Numbers(range, most);
            }
            while (--most >= 1 && labels.Zip(labels.Skip(1)).Any(pair => Math.Abs(range.ShareOf(pair.Second.Value) - range.ShareOf(pair.First.Value)) * length < LineHeight));
        }

        return new(labels, 0, labels.Count == 0 ? 0 : labels.Max(label => TextMeasure.Width(label.Text, Size)), 0, 0);
    }

    private static AxisLabels CategoriesBelow(string[] names, double length)
    {
        var slot = length / names.Length;
        var widest = names.Max(name => TextMeasure.Width(name, Size));
        if (widest + 6 <= slot)
        {
            return Build(names, slot, 1, 0, LongestBelow);
        }

        // Short labels are thinned out rather than turned where there are very many of them.
        const double Diagonal = LineHeight * 1.45;
        if (slot >= Diagonal)
        {
            return Build(names, slot, 1, -45, LongestBelow);
        }

        return slot >= LineHeight ? Build(names, slot, 1, -90, LongestBelow) : Build(names, slot, Every(slot, LineHeight), -90, LongestBelow);
    }

    private static AxisLabels Build(string[] names, double slot, int every, double angle, double longest)
    {
        TickLabel[] labels = [.. names.Select((name, i) => Cut(i, name, angle == 0 ? double.PositiveInfinity : longest)).Where((_, i) => i % every == 0)];
        var widest = labels.Max(label => TextMeasure.Width(label.Text, Size));
        var slant = Math.Abs(Math.Sin(angle * Math.PI / 180));
        var before = angle == -45 ? labels.Max(label => (TextMeasure.Width(label.Text, Size) * 0.71) - ((label.Value + 0.5) * slot)) + 4 : 0;
        return new(labels, angle, angle == 0 ? LineHeight : (widest * slant) + (LineHeight * (1 - (slant * 0.4))), Math.Max(0, before), 0);
    }

    private static int Every(double slot, double needed) => Math.Max(1, (int)Math.Ceiling(needed / slot));

    private static TickLabel Cut(double value, string text, double room) => new(value, TextMeasure.Fit(text, Size, room), text);

    private static List<TickLabel> Numbers(AxisRange range, int most)
    {
        var format = NumberFormat.Parse(range.Axis.TickFormat);
        TickLabel Label(double value, string? given)
        {
            var text = given is null ? format.Write(value) + range.Axis.TickSuffix : PlotText.Visible(given);
            return Cut(value, text, LongestBeside);
        }

        if (range.Axis.TickValues is not { } values)
        {
            return [.. Ticks.Of(range.Low, range.High, range.Axis.Logarithmic, most).Select(value => Label(value, null))];
        }

        var chosen = values.Select((value, i) => Label(value, range.Axis.TickLabels?[i])).Where(label => label.Value >= range.Low && label.Value <= range.High).OrderBy(label => label.Value).ToList();
        var every = Math.Max(1, (int)Math.Ceiling(chosen.Count / (double)most));
        return [.. chosen.Where((_, i) => i % every == 0)];
    }
}
