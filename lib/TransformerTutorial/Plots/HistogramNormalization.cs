namespace TransformerTutorial.Plots;

/// <summary>What the height of a histogram's bar means.</summary>
public enum HistogramNormalization
{
    /// <summary>How many values fall into the bin.</summary>
    Count,

    /// <summary>The share of the values that fall into the bin; the heights add up to 1.</summary>
    Probability,

    /// <summary>That share divided by the bin's width; the areas add up to 1.</summary>
    ProbabilityDensity,
}
