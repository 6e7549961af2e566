namespace TransformerTutorial.Plots;

/// <summary>One series of data in a panel, with its looks. Made by <see cref="Plot"/>, changed with <c>with</c>.</summary>
public abstract record Trace
{
    private protected Trace()
    {
    }

    /// <summary>The name in the legend and in error messages; null leaves it out of the legend.</summary>
    public string? Name { get; init; }

    /// <summary>The colour; null takes the next one of <see cref="Theme.ColorSequence"/>.</summary>
    public Color? Color { get; init; }

    /// <summary>The values along the horizontal axis.</summary>
    public abstract Coordinates X { get; }

    /// <summary>The values along the vertical axis.</summary>
    public abstract Coordinates Y { get; }

    /// <summary>What kind of trace it is, in a word or two, for the text form of a figure.</summary>
    internal abstract string Kind { get; }

    /// <summary>Throws where the data cannot be drawn.</summary>
    /// <param name="description">What to call this trace in the message.</param>
    internal abstract void Validate(string description);

    /// <summary>What to call this trace in a message.</summary>
    internal string Describe(int? index = null) => (index, Name) switch
    {
        (null, null) => $"the {Kind}",
        (null, _) => $"the {Kind} \"{Name}\"",
        (_, null) => $"trace {index} (a {Kind})",
        _ => $"trace {index} (\"{Name}\")",
    };

    private protected static void RequireSomething(int count, string description)
    {
        if (count == 0)
        {
            throw new ArgumentException($"There is nothing to draw: {description} has no values.");
        }
    }

    private protected static void RequireFinite(IReadOnlyList<double> numbers, string description, string axis)
    {
        for (var i = 0; i < numbers.Count; i++)
        {
            if (!double.IsFinite(numbers[i]))
            {
                throw new ArgumentException($"{Capital(description)} has {numbers[i]} as {axis} at index {i}; only the drawn value may have gaps, not its position.");
            }
        }
    }

    private protected static void RequireSomeFinite(IEnumerable<double> numbers, string description)
    {
        if (!numbers.Any(double.IsFinite))
        {
            throw new ArgumentException($"There is nothing to draw: every value of {description} is a gap (NaN or infinite).");
        }
    }

    private protected static void RequireSameCount(int count, string what, int expected, string than, string description)
    {
        if (count != expected)
        {
            throw new ArgumentException($"{Capital(description)} has {count} {what} and {expected} {than}; it needs as many of both.");
        }
    }

    private protected static void RequireDistinct(IReadOnlyList<string> categories, string description)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < categories.Count; i++)
        {
            if (!seen.TryAdd(categories[i], i))
            {
                throw new ArgumentException($"{Capital(description)} has the category \"{categories[i]}\" twice, at index {seen[categories[i]]} and {i}.");
            }
        }
    }

    private protected static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
