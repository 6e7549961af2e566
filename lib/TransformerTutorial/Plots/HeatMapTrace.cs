namespace TransformerTutorial.Plots;

/// <summary>A table of numbers shown as colours, its first row at the top.</summary>
/// <remarks>
/// A number that is NaN or infinite is a gap (an empty cell; with <see cref="ShowValues"/>, infinities are written: a masked score is −∞). Labels of rows and columns may repeat,
/// as words of a sentence do. A panel holds one heat map and nothing else.
/// </remarks>
public sealed record HeatMapTrace : Trace
{
    internal HeatMapTrace(IReadOnlyList<IReadOnlyList<double>> z, Coordinates x, Coordinates y)
    {
        Z = z;
        X = x;
        Y = y;
    }

    /// <summary>The numbers, row by row.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Z { get; }

    /// <summary>One label, or one evenly spaced number, for each column.</summary>
    public override Coordinates X { get; }

    /// <summary>One label, or one evenly spaced number, for each row.</summary>
    public override Coordinates Y { get; }

    /// <summary>The colours.</summary>
    public ColorScale ColorScale { get; init; } = ColorScale.Sequential;

    /// <summary>The number at the scale's low end; null takes the smallest one (for a diverging scale: minus the largest absolute one).</summary>
    public double? Minimum { get; init; }

    /// <summary>The number at the scale's high end; null takes the largest one (for a diverging scale: the largest absolute one).</summary>
    public double? Maximum { get; init; }

    /// <summary>What the colours measure, written beside the colour bar.</summary>
    public string? ColorTitle { get; init; }

    /// <summary>Whether every cell shows its number. Where the cells are too small for it, the static picture leaves the numbers out.</summary>
    public bool ShowValues { get; init; }

    /// <summary>How a number is written, as in <see cref="Axis.TickFormat"/>.</summary>
    public string ValueFormat { get; init; } = ".2f";

    /// <summary>Cells that a line runs around, true = inside, row by row as the numbers: what a mask hides, for instance. Null for no line.</summary>
    public IReadOnlyList<IReadOnlyList<bool>>? Outlined { get; init; }

    internal override string Kind => "heat map";

    /// <summary>The numbers at both ends of the colour scale.</summary>
    internal (double Low, double High) ColorRange
    {
        get
        {
            var finite = Z.SelectMany(row => row).Where(double.IsFinite);
            var (low, high) = (Minimum ?? finite.Min(), Maximum ?? finite.Max());
            if (ColorScale.IsDiverging)
            {
                var largest = Math.Max(Math.Abs(low), Math.Abs(high));
                (low, high) = (Minimum ?? -largest, Maximum ?? largest);
            }

            return (low < high, Minimum, Maximum) switch
            {
                (true, _, _) => (low, high),
                (_, { } given, _) => (given, given + 1),
                (_, _, { } given) => (given - 1, given),
                _ => (low - 0.5, high + 0.5),
            };
        }
    }

    /// <summary>The line around <see cref="Outlined"/>, in straight pieces, counted in cells from the upper left corner of the map.</summary>
    internal IEnumerable<(int X0, int Y0, int X1, int Y1)> OutlinePieces()
    {
        if (Outlined is null)
        {
            yield break;
        }

        var (rows, columns) = (Outlined.Count, Outlined[0].Count);
        bool IsInside(int row, int column) => row >= 0 && row < rows && column >= 0 && column < columns && Outlined[row][column];
        for (var row = 0; row <= rows; row++)
        {
            foreach (var (start, end) in Runs(columns, column => IsInside(row - 1, column) != IsInside(row, column)))
            {
                yield return (start, row, end, row);
            }
        }

        for (var column = 0; column <= columns; column++)
        {
            foreach (var (start, end) in Runs(rows, row => IsInside(row, column - 1) != IsInside(row, column)))
            {
                yield return (column, start, column, end);
            }
        }
    }

    internal override void Validate(string description)
    {
        RequireSomething(Z.Count, description);
        RequireSomething(Z[0].Count, description);
        for (var row = 1; row < Z.Count; row++)
        {
            if (Z[row].Count != Z[0].Count)
            {
                throw new ArgumentException($"{Capital(description)} has rows of different lengths: row 0 has {Z[0].Count} numbers, row {row} has {Z[row].Count}.");
            }
        }

        RequireSomeFinite(Z.SelectMany(row => row), description);
        RequireSameCount(X.Count, "column labels", Z[0].Count, "columns", description);
        RequireSameCount(Y.Count, "row labels", Z.Count, "rows", description);
        RequireEvenSteps(X, description, "column");
        RequireEvenSteps(Y, description, "row");
        if (Minimum is { } low && !double.IsFinite(low) || Maximum is { } high && !double.IsFinite(high) || Minimum >= Maximum)
        {
            throw new ArgumentException($"{Capital(description)} has a colour range from {Minimum} to {Maximum}; it must be finite, the minimum below the maximum.");
        }

        NumberFormat.Parse(ValueFormat);
        if (Outlined is not null && (Outlined.Count != Z.Count || Outlined.Any(row => row.Count != Z[0].Count)))
        {
            throw new ArgumentException($"{Capital(description)} has {Z.Count} rows of {Z[0].Count} numbers; the cells to be outlined are {Outlined.Count} rows of {string.Join(", ", Outlined.Select(row => row.Count).Distinct())}.");
        }
    }

    // Where a condition holds for neighbours in a row: from the first to behind the last.
    private static IEnumerable<(int Start, int End)> Runs(int count, Func<int, bool> holds)
    {
        for (var i = 0; i < count; i++)
        {
            if (holds(i))
            {
                var start = i;
                while (i < count && holds(i))
                {
                    i++;
                }

                yield return (start, i);
            }
        }
    }

    private static void RequireEvenSteps(Coordinates coordinates, string description, string what)
    {
        if (coordinates.AreCategories)
        {
            return;
        }

        RequireFinite(coordinates.Numbers, description, $"{what} position");
        for (var i = 1; i < coordinates.Count; i++)
        {
            var step = coordinates.Numbers[1] - coordinates.Numbers[0];
            if (step <= 0 || Math.Abs(coordinates.Numbers[i] - coordinates.Numbers[i - 1] - step) > 1e-6 * step)
            {
                throw new ArgumentException($"{Capital(description)} has {what} positions that are not evenly spaced and rising, at index {i}; use labels instead.");
            }
        }
    }
}
