namespace TransformerTutorial.Plots;

/// <summary>How often values fall into bins of equal width. The trace carries the values; the bins are chosen when it is drawn.</summary>
/// <remarks>Several histograms in one panel share their bins and are drawn over each other. Values that are NaN or infinite are errors.</remarks>
public sealed record HistogramTrace : Trace
{
    internal HistogramTrace(Coordinates values) => X = values;

    /// <summary>The values that are counted.</summary>
    public override Coordinates X { get; }

    /// <summary>Nothing: the heights depend on the bins.</summary>
    public override Coordinates Y => Coordinates.None;

    /// <summary>About how many bins there should be; null chooses from the number of values. Bin widths are 1, 2 or 5 times a power of ten.</summary>
    public int? BinCount { get; init; }

    /// <summary>The width of a bin; null chooses one.</summary>
    public double? BinWidth { get; init; }

    /// <summary>What the height of a bar means.</summary>
    public HistogramNormalization Normalization { get; init; }

    internal override string Kind => "histogram";

    internal override void Validate(string description)
    {
        RequireSomething(X.Count, description);
        RequireFinite(X.Numbers, description, "value");
        if (BinCount is < 1 or > 1000)
        {
            throw new ArgumentException($"{Capital(description)} asks for {BinCount} bins; it must be 1 to 1,000.");
        }

        if (BinWidth is { } width && !(width > 0 && double.IsFinite(width)))
        {
            throw new ArgumentException($"{Capital(description)} asks for bins {width} wide; it must be a positive number.");
        }
    }
}
