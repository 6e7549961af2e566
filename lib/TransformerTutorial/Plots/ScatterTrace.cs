using System.Numerics;

namespace TransformerTutorial.Plots;

/// <summary>Points, joined by a line or not, with labels or not, with an error band or not.</summary>
/// <remarks>A y value that is NaN or infinite is a gap: the line stops there and goes on after it (<c>null</c> in Plotly's JSON).</remarks>
public sealed record ScatterTrace : Trace
{
    internal ScatterTrace(Coordinates x, Coordinates y)
    {
        X = x;
        Y = y;
    }

    /// <inheritdoc/>
    public override Coordinates X { get; }

    /// <inheritdoc/>
    public override Coordinates Y { get; }

    /// <summary>Whether the points are joined.</summary>
    public bool ShowLine { get; init; }

    /// <summary>Whether the points are marked.</summary>
    public bool ShowMarkers { get; init; }

    /// <summary>One label for each point, or null for none. A label that finds no place in the static picture is shown when one points at the marker.</summary>
    public IReadOnlyList<string?>? Labels { get; init; }

    /// <summary>How the line is broken.</summary>
    public LineDash Dash { get; init; }

    /// <summary>The line's width in pixels.</summary>
    public double LineWidth { get; init; } = 2;

    /// <summary>The shape of the points; null takes another one for each trace of a panel.</summary>
    public MarkerSymbol? Symbol { get; init; }

    /// <summary>The points' diameter in pixels.</summary>
    public double MarkerSize { get; init; } = 7;

    /// <summary>The lower edge of the error band, one value for each point, or null for no band.</summary>
    public IReadOnlyList<double>? Lower { get; init; }

    /// <summary>The upper edge of the error band, one value for each point, or null for no band.</summary>
    public IReadOnlyList<double>? Upper { get; init; }

    /// <summary>The same trace with an error band between two edges.</summary>
    /// <exception cref="ArgumentException">An edge has another number of values than the line.</exception>
    public ScatterTrace WithBand<TLower, TUpper>(IEnumerable<TLower> lower, IEnumerable<TUpper> upper)
        where TLower : INumber<TLower>
        where TUpper : INumber<TUpper>
    {
        var result = this with { Lower = Coordinates.Of(lower).Numbers, Upper = Coordinates.Of(upper).Numbers };
        result.Validate(result.Describe());
        return result;
    }

    internal override string Kind => ShowLine ? "line" : "scatter";

    internal override void Validate(string description)
    {
        RequireSameCount(X.Count, "x values", Y.Count, "y values", description);
        RequireSomething(X.Count, description);
        if (X.AreCategories)
        {
            RequireDistinct(X.Categories, description);
        }
        else
        {
            RequireFinite(X.Numbers, description, "x");
        }

        RequireSomeFinite(Y.Numbers, description);
        if (Labels is not null)
        {
            RequireSameCount(Labels.Count, "labels", Y.Count, "points", description);
        }

        if ((Lower is null) != (Upper is null))
        {
            throw new ArgumentException($"{Capital(description)} has one edge of an error band without the other.");
        }

        if (Lower is not null)
        {
            RequireSameCount(Lower.Count, "lower band values", Y.Count, "points", description);
            RequireSameCount(Upper!.Count, "upper band values", Y.Count, "points", description);
            for (var i = 0; i < Lower.Count; i++)
            {
                if (Lower[i] > Upper[i])
                {
                    throw new ArgumentException($"{Capital(description)} has an error band upside down at index {i}: lower {Lower[i]}, upper {Upper[i]}.");
                }
            }
        }

        if (!(LineWidth is > 0 and < 100) || !(MarkerSize is > 0 and < 100))
        {
            throw new ArgumentException($"{Capital(description)} has a line width of {LineWidth} and a marker size of {MarkerSize}; both must lie between 0 and 100 pixels.");
        }
    }
}
