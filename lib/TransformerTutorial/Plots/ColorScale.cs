namespace TransformerTutorial.Plots;

/// <summary>A continuous colour scale: evenly spaced stops from 0 to 1, mixed linearly in between.</summary>
/// <remarks>The stops are spaced so that equal steps of the value are nearly equal steps for the eye (a test measures them in OKLab).</remarks>
/// <param name="Name">What the scale is called.</param>
/// <param name="Stops">The colours, at least two.</param>
/// <param name="IsDiverging">True where the middle of the scale is a value of its own (zero), false where the scale runs from little to much.</param>
public sealed record ColorScale(string Name, IReadOnlyList<Color> Stops, bool IsDiverging)
{
    /// <summary>From little (pale yellow) over green and blue to much (dark violet).</summary>
    public static ColorScale Sequential { get; } = new(
        "sequential",
        ["#fcf7d4", "#e3ebae", "#bddf9a", "#8ed094", "#5dbd95", "#2ea89a", "#12909c", "#1f7799", "#325d90", "#3c427d", "#3a2460"],
        IsDiverging: false);

    /// <summary>From negative (blue) over nothing (nearly white) to positive (vermilion).</summary>
    public static ColorScale Diverging { get; } = new(
        "diverging",
        ["#004c82", "#2a6da2", "#5b8fbd", "#8cb0d2", "#bed2e5", "#f3f2f0", "#e9c7b4", "#d69d7c", "#c07449", "#9f4e1d", "#7b2f00"],
        IsDiverging: true);

    /// <summary>The colour at a share of the scale; shares outside 0 to 1 get the nearest end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is not a number.</exception>
    public Color At(double share)
    {
        if (double.IsNaN(share))
        {
            throw new ArgumentOutOfRangeException(nameof(share), "A colour scale has no colour for NaN.");
        }

        var place = Math.Clamp(share, 0, 1) * (Stops.Count - 1);
        var stop = Math.Min((int)place, Stops.Count - 2);
        return Stops[stop].MixedWith(Stops[stop + 1], place - stop);
    }
}
