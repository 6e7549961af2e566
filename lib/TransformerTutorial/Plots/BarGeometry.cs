namespace TransformerTutorial.Plots;

/// <summary>Where the bars of a panel lie: side by side, on each other, or as bins.</summary>
internal static class BarGeometry
{
    /// <summary>The share of the distance between positions that bars fill.</summary>
    public const double Fill = 0.8;

    /// <param name="traces">The panel's traces; those that are no bars are ignored.</param>
    /// <param name="mode">How bars share a position.</param>
    /// <param name="positionOf">Where a bar stands along the axis of positions.</param>
    public static IReadOnlyList<BarRectangle> Of(IReadOnlyList<StyledTrace> traces, BarMode mode, Func<Coordinates, int, double> positionOf)
    {
        var bars = traces.Where(styled => styled.Trace is BarTrace).ToList();
        if (bars.Count == 0)
        {
            return [];
        }

        var spacing = Spacing([.. bars.SelectMany(styled => Positions((BarTrace)styled.Trace, positionOf)).Distinct().Order()]);
        var side = mode == BarMode.Grouped ? bars.Count : 1;
        var width = spacing * Fill / side;
        var heights = new Dictionary<(double Position, bool Negative), double>();
        var result = new List<BarRectangle>();
        foreach (var (place, styled) in bars.Index())
        {
            var bar = (BarTrace)styled.Trace;
            foreach (var (point, position) in Positions(bar, positionOf).Index())
            {
                var length = bar.Lengths.Numbers[point];
                if (!double.IsFinite(length))
                {
                    continue;
                }

                var start = position - (spacing * Fill / 2) + (mode == BarMode.Grouped ? place * width : 0);
                var from = mode == BarMode.Stacked ? heights.GetValueOrDefault((position, length < 0)) : 0;
                heights[(position, length < 0)] = from + length;
                result.Add(new BarRectangle(styled, point, start, start + width, from, from + length));
            }
        }

        return result;
    }

    private static IEnumerable<double> Positions(BarTrace bar, Func<Coordinates, int, double> positionOf) =>
        Enumerable.Range(0, bar.Positions.Count).Select(i => positionOf(bar.Positions, i));

    private static double Spacing(double[] sorted) =>
        sorted.Length < 2 ? 1 : sorted.Zip(sorted.Skip(1), (left, right) => right - left).Min();
}
