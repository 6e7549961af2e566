using System.Numerics;

namespace TransformerTutorial.Plots;

/// <summary>One trace's values along one axis: all numbers, or all category names.</summary>
public sealed class Coordinates
{
    private readonly double[]? _numbers;
    private readonly string[]? _categories;

    private Coordinates(double[]? numbers, string[]? categories)
    {
        _numbers = numbers;
        _categories = categories;
    }

    /// <summary>No values at all.</summary>
    public static Coordinates None { get; } = new([], null);

    /// <summary>True for category names, false for numbers.</summary>
    public bool AreCategories => _categories is not null;

    /// <summary>How many there are.</summary>
    public int Count => _categories?.Length ?? _numbers!.Length;

    /// <summary>The numbers.</summary>
    /// <exception cref="InvalidOperationException">The values are category names.</exception>
    public IReadOnlyList<double> Numbers => _numbers ?? throw new InvalidOperationException("These coordinates are category names, not numbers.");

    /// <summary>The category names.</summary>
    /// <exception cref="InvalidOperationException">The values are numbers.</exception>
    public IReadOnlyList<string> Categories => _categories ?? throw new InvalidOperationException("These coordinates are numbers, not category names.");

    /// <summary>Copies numbers of any type.</summary>
    public static Coordinates Of<T>(IEnumerable<T> numbers)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return new([.. numbers.Select(double.CreateChecked)], null);
    }

    /// <summary>Copies category names.</summary>
    /// <exception cref="ArgumentException">A name is null.</exception>
    public static Coordinates Of(IEnumerable<string> categories)
    {
        ArgumentNullException.ThrowIfNull(categories);
        string[] copy = [.. categories];
        var missing = Array.IndexOf(copy, null);
        return missing < 0 ? new(null, copy) : throw new ArgumentException($"The category name at index {missing} is null.", nameof(categories));
    }

    /// <summary>The values, separated by commas.</summary>
    public override string ToString() => AreCategories ? string.Join(", ", Categories) : string.Join(", ", Numbers.Select(n => NumberFormat.Plain.Write(n)));
}
