namespace TransformerTutorial.Plots;

/// <summary>One pair of axes with what is drawn on them: the whole of a <see cref="Figure"/>, a part of a <see cref="FigureGrid"/>.</summary>
/// <param name="Title">What is written above it.</param>
public sealed record Panel(string Title = "")
{
    /// <summary>What is drawn, from the back to the front.</summary>
    public required IReadOnlyList<Trace> Traces { get; init; }

    /// <summary>The horizontal axis.</summary>
    public Axis XAxis { get; init; } = new();

    /// <summary>The vertical axis.</summary>
    public Axis YAxis { get; init; } = new();

    /// <summary>Lines for comparison.</summary>
    public IReadOnlyList<ReferenceLine> ReferenceLines { get; init; } = [];

    /// <summary>How bars share a position.</summary>
    public BarMode BarMode { get; init; }
}
