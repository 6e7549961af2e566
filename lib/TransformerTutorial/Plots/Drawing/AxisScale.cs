namespace TransformerTutorial.Plots.Drawing;

/// <summary>An axis in pixels: value to pixel and back.</summary>
/// <param name="Range">What the axis covers.</param>
/// <param name="LowPixel">Where its low end lies.</param>
/// <param name="HighPixel">Where its high end lies.</param>
internal sealed record AxisScale(AxisRange Range, double LowPixel, double HighPixel)
{
    public static AxisScale Horizontal(AxisRange range, Box plot) => new(range, plot.Left, plot.Right);

    public static AxisScale Vertical(AxisRange range, Box plot) => range.Reversed ? new(range, plot.Top, plot.Bottom) : new(range, plot.Bottom, plot.Top);

    /// <summary>The pixel of a value; for values outside the axis a pixel outside the plot, kept within what drawings can hold.</summary>
    public double ToPixel(double value)
    {
        // On a logarithmic axis a bar begins at the axis, not at zero.
        var share = Range.Axis.Logarithmic && value <= 0 ? 0 : Math.Clamp(Range.ShareOf(value), -50, 50);
        return LowPixel + (share * (HighPixel - LowPixel));
    }
}
