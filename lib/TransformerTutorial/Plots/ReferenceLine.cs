namespace TransformerTutorial.Plots;

/// <summary>A thin line across the whole panel at one value, for comparison.</summary>
/// <param name="Value">Where it lies; on a category axis, the position counted from 0.</param>
/// <param name="IsHorizontal">True for a line across at a y value, false for a line up at an x value.</param>
/// <param name="Label">What is written at its end; null for nothing.</param>
public sealed record ReferenceLine(double Value, bool IsHorizontal, string? Label)
{
    /// <summary>The colour; null takes <see cref="Theme.AxisLine"/>.</summary>
    public Color? Color { get; init; }

    /// <summary>How the line is broken.</summary>
    public LineDash Dash { get; init; } = LineDash.Dashed;

    /// <summary>A line across at a y value.</summary>
    public static ReferenceLine Horizontal(double y, string? label = null) => new(y, true, label);

    /// <summary>A line up at an x value.</summary>
    public static ReferenceLine Vertical(double x, string? label = null) => new(x, false, label);
}
