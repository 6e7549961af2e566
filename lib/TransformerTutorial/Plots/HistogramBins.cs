namespace TransformerTutorial.Plots;

/// <summary>Bins of equal width that all histograms of a panel share.</summary>
/// <param name="Start">Where the first bin begins.</param>
/// <param name="Width">The width of every bin.</param>
/// <param name="Count">How many there are.</param>
internal sealed record HistogramBins(double Start, double Width, int Count)
{
    /// <summary>Bins for the values of all these histograms; whole numbers get bins centred on them.</summary>
    public static HistogramBins Of(IReadOnlyList<HistogramTrace> histograms)
    {
        double[] values = [.. histograms.SelectMany(histogram => histogram.X.Numbers)];
        var (low, high) = (values.Min(), values.Max());
        var whole = values.All(value => value == Math.Round(value));
        var wanted = histograms.Max(histogram => histogram.BinCount) ?? Math.Clamp((int)Math.Ceiling(Math.Sqrt(histograms.Max(histogram => histogram.X.Count))), 8, 40);
        var width = histograms.Max(histogram => histogram.BinWidth) ?? Ticks.RoundStep((high - low) / wanted);
        if (whole && histograms.All(histogram => histogram.BinWidth is null))
        {
            width = Math.Max(width, 1);
        }

        var start = whole && width == Math.Round(width) ? (Math.Floor(low / width) * width) - 0.5 : Math.Floor(low / width) * width;
        var count = Math.Floor((high - start) / width) + 1;
        return count <= 2000 ? new HistogramBins(start, width, (int)count) : throw new ArgumentException($"Bins {width} wide from {low} to {high} would be {count}; 2,000 is the most that can be drawn.");
    }

    /// <summary>One bar for each bin of a histogram.</summary>
    public IEnumerable<BarRectangle> BarsOf(StyledTrace styled)
    {
        var histogram = (HistogramTrace)styled.Trace;
        var counts = new int[Count];
        foreach (var value in histogram.X.Numbers)
        {
            counts[Math.Clamp((int)Math.Floor((value - Start) / Width), 0, Count - 1)]++;
        }

        var unit = histogram.Normalization switch
        {
            HistogramNormalization.Probability => 1.0 / histogram.X.Count,
            HistogramNormalization.ProbabilityDensity => 1 / (histogram.X.Count * Width),
            _ => 1,
        };
        return counts.Select((count, bin) => new BarRectangle(styled, bin, Start + (bin * Width), Start + ((bin + 1) * Width), 0, count * unit));
    }
}
