namespace TransformerTutorial.Plots;

/// <summary>What an axis covers: numbers from low to high, or categories, which stand at 0, 1, 2, …</summary>
/// <param name="Axis">The axis as it was described.</param>
/// <param name="Low">The smallest value on it.</param>
/// <param name="High">The largest value on it.</param>
/// <param name="Categories">The category names in order, or null for numbers.</param>
/// <param name="Reversed">True where values grow downwards, as the rows of a table do.</param>
internal sealed record AxisRange(Axis Axis, double Low, double High, IReadOnlyList<string>? Categories, bool Reversed)
{
    private Dictionary<string, int>? _places;

    /// <summary>Where a trace's value lies on this axis.</summary>
    public double PositionOf(Coordinates coordinates, int index)
    {
        if (!coordinates.AreCategories)
        {
            return coordinates.Numbers[index];
        }

        _places ??= Categories!.Index().GroupBy(pair => pair.Item, pair => pair.Index).ToDictionary(group => group.Key, group => group.First());
        return _places[coordinates.Categories[index]];
    }

    /// <summary>How far along the axis a value lies: 0 at its low end, 1 at its high end.</summary>
    public double ShareOf(double value) => Axis.Logarithmic
        ? (Math.Log10(value) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low))
        : (value - Low) / (High - Low);
}
