namespace TransformerTutorial.Embeddings;

/// <summary>How <see cref="TSne"/> draws its map.</summary>
public sealed record TSneOptions
{
    /// <summary>About how many neighbours of a point count: above 1 and below N - 1. Small values show small groups, large ones the whole.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>How many steps of gradient descent are made.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>In how many of the first steps neighbours attract each other more strongly than they should, so that groups can form.</summary>
    public int ExaggeratedIterations { get; init; } = 250;

    /// <summary>How many times as strongly they do.</summary>
    public double EarlyExaggeration { get; init; } = 12;

    /// <summary>The step length; null for N / (4 · exaggeration), at least 10.</summary>
    public double? LearningRate { get; init; }
}
