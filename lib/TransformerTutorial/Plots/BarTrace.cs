namespace TransformerTutorial.Plots;

/// <summary>Bars from zero to a value, one at each position, upright or lying.</summary>
/// <remarks>A value that is NaN or infinite is a gap: no bar there. Lying bars run from the top down, in the order of the data.</remarks>
public sealed record BarTrace : Trace
{
    internal BarTrace(Coordinates positions, Coordinates lengths)
    {
        Positions = positions;
        Lengths = lengths;
    }

    /// <summary>Where the bars stand: categories or numbers.</summary>
    public Coordinates Positions { get; }

    /// <summary>How long the bars are.</summary>
    public Coordinates Lengths { get; }

    /// <summary>True for lying bars.</summary>
    public bool Horizontal { get; init; }

    /// <summary>A colour for each bar, or null for the trace's colour on all of them.</summary>
    public IReadOnlyList<Color>? Colors { get; init; }

    /// <summary>Whether each bar's value is written at its end.</summary>
    public bool ShowValues { get; init; }

    /// <summary>How such a value is written, as in <see cref="Axis.TickFormat"/>.</summary>
    public string ValueFormat { get; init; } = ",";

    /// <inheritdoc/>
    public override Coordinates X => Horizontal ? Lengths : Positions;

    /// <inheritdoc/>
    public override Coordinates Y => Horizontal ? Positions : Lengths;

    internal override string Kind => Horizontal ? "horizontal bars" : "bars";

    internal override void Validate(string description)
    {
        RequireSameCount(Positions.Count, "positions", Lengths.Count, "values", description);
        RequireSomething(Positions.Count, description);
        if (Positions.AreCategories)
        {
            RequireDistinct(Positions.Categories, description);
        }
        else
        {
            RequireFinite(Positions.Numbers, description, "position");
        }

        RequireSomeFinite(Lengths.Numbers, description);
        if (Colors is not null)
        {
            RequireSameCount(Colors.Count, "colours", Lengths.Count, "bars", description);
        }

        NumberFormat.Parse(ValueFormat);
    }
}
