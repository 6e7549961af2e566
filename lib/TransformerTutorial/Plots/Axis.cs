namespace TransformerTutorial.Plots;

/// <summary>One axis of a panel.</summary>
/// <param name="Title">What is measured along it, with its unit.</param>
public sealed record Axis(string Title = "")
{
    /// <summary>True for a logarithmic axis; every value on it must then be positive.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Where the axis begins; null chooses from the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>Where the axis ends; null chooses from the data.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether zero is on the axis whatever the data. Bars and histograms always have it.</summary>
    public bool IncludeZero { get; init; }

    /// <summary>The only values that get a tick; null chooses round ones.</summary>
    public IReadOnlyList<double>? TickValues { get; init; }

    /// <summary>The text at each of <see cref="TickValues"/>; null writes the numbers.</summary>
    public IReadOnlyList<string>? TickLabels { get; init; }

    /// <summary>
    /// How numbers are written: d3's format, as Plotly takes it, as far as <c>[+][,][.digits][~][d|e|f|g|s|%]</c>. For instance <c>,d</c> → 12,000, <c>.2f</c> → 0.25,
    /// <c>.0%</c> → 25%, <c>~s</c> → 12k.
    /// </summary>
    public string TickFormat { get; init; } = ",";

    /// <summary>What follows every tick's number, a unit for instance.</summary>
    public string TickSuffix { get; init; } = "";

    internal void Validate(string description)
    {
        NumberFormat.Parse(TickFormat);
        if (Minimum is { } low && !double.IsFinite(low) || Maximum is { } high && !double.IsFinite(high) || Minimum >= Maximum)
        {
            throw new ArgumentException($"The {description} runs from {Minimum} to {Maximum}; it must be finite, the minimum below the maximum.");
        }

        if (Logarithmic && (Minimum <= 0 || Maximum <= 0))
        {
            throw new ArgumentException($"The {description} is logarithmic and runs from {Minimum} to {Maximum}; both ends must be positive.");
        }

        if (TickLabels is not null && TickLabels.Count != (TickValues?.Count ?? 0))
        {
            throw new ArgumentException($"The {description} has {TickLabels.Count} tick labels and {TickValues?.Count ?? 0} tick values; it needs as many of both.");
        }

        if (TickValues?.FirstOrDefault(value => !double.IsFinite(value) || (Logarithmic && value <= 0), 1) is { } tick && (!double.IsFinite(tick) || (Logarithmic && tick <= 0)))
        {
            throw new ArgumentException($"The {description} has a tick at {tick}, which cannot be drawn on it.");
        }
    }
}
