namespace TransformerTutorial.Plots;

/// <summary>A panel that has been checked, with its colours, ranges and bars decided.</summary>
/// <param name="Panel">What is drawn.</param>
/// <param name="Traces">Its traces with their looks.</param>
/// <param name="X">What the horizontal axis covers.</param>
/// <param name="Y">What the vertical axis covers.</param>
/// <param name="Bars">All bars, those of histograms included.</param>
/// <param name="Bins">The bins of its histograms, or null.</param>
internal sealed record PanelPlan(Panel Panel, IReadOnlyList<StyledTrace> Traces, AxisRange X, AxisRange Y, IReadOnlyList<BarRectangle> Bars, HistogramBins? Bins)
{
    /// <summary>The panel's heat map, or null.</summary>
    public HeatMapTrace? HeatMap => Traces[0].Trace as HeatMapTrace;

    /// <summary>True where the bars lie.</summary>
    public bool HasLyingBars => Traces.Any(styled => styled.Trace is BarTrace { Horizontal: true });

    /// <summary>Plotly's name for how the bars share a position, or null without bars.</summary>
    public string? PlotlyBarMode => Bins is not null ? "overlay" : Bars.Count == 0 ? null : Panel.BarMode == BarMode.Stacked ? "stack" : "group";

    /// <exception cref="ArgumentException">The data cannot be drawn.</exception>
    public static PanelPlan Of(Panel panel, IReadOnlyList<StyledTrace> traces, string place)
    {
        foreach (var styled in traces)
        {
            styled.Trace.Validate(styled.Trace.Describe(styled.Index) + place);
        }

        panel.XAxis.Validate("x axis" + place);
        panel.YAxis.Validate("y axis" + place);
        RequireOneKind(traces, place);
        RequirePositive(traces, panel, place);

        var xNames = CategoriesOf(traces, trace => trace.X, "x axis" + place);
        var yNames = CategoriesOf(traces, trace => trace.Y, "y axis" + place);
        var lying = traces.Any(styled => styled.Trace is BarTrace { Horizontal: true });
        var isMap = traces[0].Trace is HeatMapTrace;

        // Positions are needed before ranges are known, so the first pair of ranges has none yet.
        var x = new AxisRange(panel.XAxis, 0, 1, xNames, false);
        var y = new AxisRange(panel.YAxis, 0, 1, yNames, isMap || lying);
        var bars = BarGeometry.Of(traces, panel.BarMode, (lying ? y : x).PositionOf);
        HistogramTrace[] histograms = [.. traces.Select(styled => styled.Trace).OfType<HistogramTrace>()];
        var bins = histograms.Length > 0 ? HistogramBins.Of(histograms) : null;
        bars = bins is null ? bars : [.. traces.Where(styled => styled.Trace is HistogramTrace).SelectMany(bins.BarsOf)];

        var plan = new PanelPlan(panel, traces, x, y, bars, bins);
        return plan with
        {
            X = plan.Cover(x, isX: true, "x axis" + place),
            Y = plan.Cover(y, isX: false, "y axis" + place),
        };
    }

    /// <summary>The same panels with a common range along shared axes.</summary>
    public static IReadOnlyList<PanelPlan> Share(IReadOnlyList<PanelPlan> panels, bool shareX, bool shareY)
    {
        static AxisRange Widen(AxisRange range, IEnumerable<AxisRange> all) => range.Categories is not null
            ? range
            : range with { Low = all.Where(other => other.Categories is null).Min(other => other.Low), High = all.Where(other => other.Categories is null).Max(other => other.High) };
        return [.. panels.Select(panel => panel with
        {
            X = shareX ? Widen(panel.X, panels.Select(other => other.X)) : panel.X,
            Y = shareY ? Widen(panel.Y, panels.Select(other => other.Y)) : panel.Y,
        })];
    }

    private static void RequireOneKind(IReadOnlyList<StyledTrace> traces, string place)
    {
        bool Any<T>() => traces.Any(styled => styled.Trace is T);
        if (Any<HeatMapTrace>() && traces.Count > 1)
        {
            throw new ArgumentException($"A heat map needs a panel of its own; here are {traces.Count} traces{place}.");
        }

        if (Any<BarTrace>() && Any<HistogramTrace>())
        {
            throw new ArgumentException($"Bars and histograms cannot share a panel{place}.");
        }

        if (traces.Select(styled => styled.Trace).OfType<BarTrace>().Select(bar => bar.Horizontal).Distinct().Count() > 1)
        {
            throw new ArgumentException($"Upright and lying bars cannot share a panel{place}.");
        }
    }

    private static void RequirePositive(IReadOnlyList<StyledTrace> traces, Panel panel, string place)
    {
        void Check(IReadOnlyList<double> numbers, string axis, StyledTrace styled)
        {
            for (var i = 0; i < numbers.Count; i++)
            {
                if (numbers[i] <= 0 && double.IsFinite(numbers[i]))
                {
                    throw new ArgumentException($"The {axis} axis is logarithmic, and {styled.Trace.Describe(styled.Index)}{place} has {numbers[i]} at index {i}; a logarithm needs positive values.");
                }
            }
        }

        foreach (var styled in traces)
        {
            if (styled.Trace is HistogramTrace or HeatMapTrace && (panel.XAxis.Logarithmic || panel.YAxis.Logarithmic))
            {
                throw new ArgumentException($"A {styled.Trace.Kind} needs linear axes{place}.");
            }

            if (panel.XAxis.Logarithmic && !styled.Trace.X.AreCategories)
            {
                Check(styled.Trace.X.Numbers, "x", styled);
            }

            if (panel.YAxis.Logarithmic && !styled.Trace.Y.AreCategories)
            {
                Check(styled.Trace.Y.Numbers, "y", styled);
                Check((styled.Trace as ScatterTrace)?.Lower ?? [], "y", styled);
            }
        }

        foreach (var line in panel.ReferenceLines)
        {
            var names = CategoriesOf(traces, line.IsHorizontal ? trace => trace.Y : trace => trace.X, "axis" + place);
            if (!double.IsFinite(line.Value) || line.Value < -0.5 && names is not null || line.Value > names?.Length - 0.5 || (line.Value <= 0 && (line.IsHorizontal ? panel.YAxis : panel.XAxis).Logarithmic))
            {
                throw new ArgumentException($"The reference line \"{line.Label}\"{place} lies at {line.Value}, which is not on its axis.");
            }
        }
    }

    private static string[]? CategoriesOf(IReadOnlyList<StyledTrace> traces, Func<Trace, Coordinates> coordinates, string description)
    {
        var all = traces.Select(styled => coordinates(styled.Trace)).Where(values => values.Count > 0).ToList();
        if (!all.Any(values => values.AreCategories))
        {
            return null;
        }

        if (!all.All(values => values.AreCategories))
        {
            throw new ArgumentException($"The {description} has numbers and category names; it can have one of both.");
        }

        return traces[0].Trace is HeatMapTrace ? [.. all[0].Categories] : [.. all.SelectMany(values => values.Categories).Distinct(StringComparer.Ordinal)];
    }

    private AxisRange Cover(AxisRange range, bool isX, string description)
    {
        var axis = range.Axis;
        if (range.Categories is { } names)
        {
            if (axis.Logarithmic)
            {
                throw new ArgumentException($"The {description} has category names; it cannot be logarithmic.");
            }

            return range with { Low = -0.5, High = names.Count - 0.5 };
        }

        if (HeatMap is not null)
        {
            var numbers = (isX ? HeatMap.X : HeatMap.Y).Numbers;
            var half = numbers.Count < 2 ? 0.5 : (numbers[1] - numbers[0]) / 2;
            return range with { Low = axis.Minimum ?? (numbers[0] - half), High = axis.Maximum ?? (numbers[^1] + half) };
        }

        var alongValues = Bars.Count > 0 && isX == HasLyingBars;
        double[] values = [.. ValuesAlong(isX, alongValues).Where(double.IsFinite)];
        if (axis.IncludeZero && !axis.Logarithmic)
        {
            values = [.. values, 0];
        }

        var (low, high) = Padded(values.Min(), values.Max(), axis.Logarithmic, isX && !alongValues ? 0.025 : 0.06);
        (low, high) = (axis.Minimum ?? low, axis.Maximum ?? high);
        if (!double.IsFinite(high - low) || !(low < high))
        {
            throw new ArgumentException($"The {description} would run from {low} to {high}, which cannot be drawn.");
        }

        return range with { Low = low, High = high };
    }

    private IEnumerable<double> ValuesAlong(bool isX, bool alongValues)
    {
        var logarithmic = (isX ? X : Y).Axis.Logarithmic;
        foreach (var bar in Bars)
        {
            foreach (var value in alongValues ? new[] { bar.From, bar.To } : [bar.Start, bar.End])
            {
                if (value > 0 || !logarithmic)
                {
                    yield return value;
                }
            }
        }

        foreach (var scatter in Traces.Select(styled => styled.Trace).OfType<ScatterTrace>())
        {
            foreach (var value in (isX ? scatter.X.Numbers : scatter.Y.Numbers).Concat(isX ? [] : scatter.Lower ?? []).Concat(isX ? [] : scatter.Upper ?? []))
            {
                yield return value;
            }
        }

        foreach (var line in Panel.ReferenceLines.Where(line => line.IsHorizontal != isX))
        {
            yield return line.Value;
        }
    }

    /// <summary>A little room at both ends, but none beyond zero where all values lie on one side of it.</summary>
    private static (double Low, double High) Padded(double low, double high, bool logarithmic, double share)
    {
        if (logarithmic)
        {
            var factor = low == high ? 2 : Math.Pow(high / low, share);
            return (low / factor, high * factor);
        }

        if (low == 0 && high == 0)
        {
            return (-0.5, 0.5);
        }

        var room = low < high ? (high - low) * share : Math.Abs(low) * 0.5;
        return (low >= 0 && low - room < 0 ? 0 : low - room, high <= 0 && high + room > 0 ? 0 : high + room);
    }
}
