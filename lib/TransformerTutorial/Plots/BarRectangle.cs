namespace TransformerTutorial.Plots;

/// <summary>One bar in the units of the axes: along the axis of positions from start to end, along the axis of values between two values.</summary>
/// <param name="Trace">The trace that it belongs to.</param>
/// <param name="Point">Its place in the trace (for a histogram: the bin).</param>
/// <param name="Start">Where it begins along the axis of positions.</param>
/// <param name="End">Where it ends along the axis of positions.</param>
/// <param name="From">The value where it begins: zero, or the end of the bar that it stands on.</param>
/// <param name="To">The value where it ends.</param>
internal sealed record BarRectangle(StyledTrace Trace, int Point, double Start, double End, double From, double To);
