using System.Numerics;

namespace TransformerTutorial.Plots;

/// <summary>Makes traces from any sequence of numbers, or of names where a position may be a category.</summary>
/// <remarks>All of them throw <see cref="ArgumentException"/> for data that cannot be drawn, naming the index.</remarks>
public static class Plot
{
    /// <summary>A line through points in the order given.</summary>
    public static ScatterTrace Line<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null)
        where TX : INumber<TX>
        where TY : INumber<TY> =>
        Checked(new ScatterTrace(Coordinates.Of(x), Coordinates.Of(y)) { Name = name, ShowLine = true });

    /// <summary>A line over categories.</summary>
    public static ScatterTrace Line<TY>(IEnumerable<string> x, IEnumerable<TY> y, string? name = null)
        where TY : INumber<TY> =>
        Checked(new ScatterTrace(Coordinates.Of(x), Coordinates.Of(y)) { Name = name, ShowLine = true });

    /// <summary>A line over the positions 0, 1, 2, …</summary>
    public static ScatterTrace Line<TY>(IEnumerable<TY> y, string? name = null)
        where TY : INumber<TY>
    {
        var values = Coordinates.Of(y);
        return Line(Enumerable.Range(0, values.Count), values.Numbers, name);
    }

    /// <summary>Points, each with a label if <paramref name="labels"/> has one for it.</summary>
    public static ScatterTrace Scatter<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null, IEnumerable<string?>? labels = null)
        where TX : INumber<TX>
        where TY : INumber<TY> =>
        Checked(new ScatterTrace(Coordinates.Of(x), Coordinates.Of(y)) { Name = name, ShowMarkers = true, Labels = labels?.ToArray() });

    /// <summary>Points over categories.</summary>
    public static ScatterTrace Scatter<TY>(IEnumerable<string> x, IEnumerable<TY> y, string? name = null, IEnumerable<string?>? labels = null)
        where TY : INumber<TY> =>
        Checked(new ScatterTrace(Coordinates.Of(x), Coordinates.Of(y)) { Name = name, ShowMarkers = true, Labels = labels?.ToArray() });

    /// <summary>Upright bars over categories.</summary>
    public static BarTrace Bar<T>(IEnumerable<string> categories, IEnumerable<T> values, string? name = null)
        where T : INumber<T> =>
        Checked(new BarTrace(Coordinates.Of(categories), Coordinates.Of(values)) { Name = name });

    /// <summary>Upright bars over numbers.</summary>
    public static BarTrace Bar<TX, TY>(IEnumerable<TX> positions, IEnumerable<TY> values, string? name = null)
        where TX : INumber<TX>
        where TY : INumber<TY> =>
        Checked(new BarTrace(Coordinates.Of(positions), Coordinates.Of(values)) { Name = name });

    /// <summary>Lying bars, one for each category, from the top down.</summary>
    public static BarTrace HorizontalBar<T>(IEnumerable<string> categories, IEnumerable<T> values, string? name = null)
        where T : INumber<T> =>
        Checked(new BarTrace(Coordinates.Of(categories), Coordinates.Of(values)) { Name = name, Horizontal = true });

    /// <summary>How often values fall into bins of equal width.</summary>
    public static HistogramTrace Histogram<T>(IEnumerable<T> values, string? name = null, int? bins = null)
        where T : INumber<T> =>
        Checked(new HistogramTrace(Coordinates.Of(values)) { Name = name, BinCount = bins });

    /// <summary>A table of numbers as colours, with a label for each column and row.</summary>
    /// <param name="rows">The numbers, row by row: as many rows as <paramref name="rowLabels"/>, as many columns as <paramref name="columnLabels"/>.</param>
    /// <param name="columnLabels">The labels along the horizontal axis.</param>
    /// <param name="rowLabels">The labels along the vertical axis, from the top.</param>
    /// <param name="name">What to call the map.</param>
    public static HeatMapTrace HeatMap<T>(IEnumerable<IEnumerable<T>> rows, IEnumerable<string> columnLabels, IEnumerable<string> rowLabels, string? name = null)
        where T : INumber<T> =>
        Checked(new HeatMapTrace(Table(rows), Coordinates.Of(columnLabels), Coordinates.Of(rowLabels)) { Name = name });

    /// <summary>A table of numbers as colours, rows and columns numbered from 0.</summary>
    public static HeatMapTrace HeatMap<T>(IEnumerable<IEnumerable<T>> rows, string? name = null)
        where T : INumber<T>
    {
        var table = Table(rows);
        return Checked(new HeatMapTrace(table, Numbered(table.Length == 0 ? 0 : table[0].Count), Numbered(table.Length)) { Name = name });
    }

    /// <summary>A table of numbers as colours, with a label for each column and row.</summary>
    public static HeatMapTrace HeatMap<T>(T[,] rows, IEnumerable<string> columnLabels, IEnumerable<string> rowLabels, string? name = null)
        where T : INumber<T> => HeatMap(Rows(rows), columnLabels, rowLabels, name);

    /// <summary>A table of numbers as colours, rows and columns numbered from 0.</summary>
    public static HeatMapTrace HeatMap<T>(T[,] rows, string? name = null)
        where T : INumber<T> => HeatMap(Rows(rows), name);

    private static T Checked<T>(T trace)
        where T : Trace
    {
        trace.Validate(trace.Describe());
        return trace;
    }

    private static Coordinates Numbered(int count) => Coordinates.Of(Enumerable.Range(0, count));

    private static IReadOnlyList<double>[] Table<T>(IEnumerable<IEnumerable<T>> rows)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. rows.Select(row => Coordinates.Of(row).Numbers)];
    }

    private static IEnumerable<IEnumerable<T>> Rows<T>(T[,] table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Enumerable.Range(0, table.GetLength(0)).Select(row => Enumerable.Range(0, table.GetLength(1)).Select(column => table[row, column]));
    }
}
