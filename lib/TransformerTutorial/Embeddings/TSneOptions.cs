namespace TransformerTutorial.Embeddings;

/// <summary>How <see cref="TSne"/> draws its map.</summary>
public sealed record TSneOptions
{
    /// <summary>About how many neighbours of a point count: above 1 and below N - 1. Small values show small groups, large ones the whole. Null for 30, or about a third of the points if that is less.</summary>
    public double? Perplexity { get; init; }

    /// <summary>How many steps of gradient descent are made.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>In how many of the first steps neighbours attract each other more strongly than they should, so that groups can form: fewer than there are steps. Null for a quarter of them, at most 250.</summary>
    public int? ExaggeratedIterations { get; init; }

    /// <summary>How many times as strongly they do.</summary>
    public double EarlyExaggeration { get; init; } = 12;

    /// <summary>The step length; null for N / (4 · exaggeration), at least 10.</summary>
    public double? LearningRate { get; init; }
}
