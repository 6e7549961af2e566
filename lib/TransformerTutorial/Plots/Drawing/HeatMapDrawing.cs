using System.Text;
using static TransformerTutorial.Plots.Drawing.SvgCanvas;

namespace TransformerTutorial.Plots.Drawing;

/// <summary>Draws a heat map: one path for each colour, and the numbers where they fit.</summary>
/// <remarks>Colours come in 128 steps. Where cells would be smaller than a pixel, each drawn cell is the mean of a block of them.</remarks>
internal static class HeatMapDrawing
{
    private const int Levels = 128;
    private const double SmallestCell = 1.5;

    public static void Draw(SvgCanvas canvas, HeatMapTrace map, Box plot)
    {
        var table = Shrink(map.Z, (int)(plot.Height / SmallestCell), (int)(plot.Width / SmallestCell));
        var (rows, columns) = (table.Length, table[0].Length);
        var (low, high) = map.ColorRange;
        var (cellWidth, cellHeight) = (plot.Width / columns, plot.Height / rows);

        // Large cells are set apart by the background; small ones touch and are drawn without smoothing.
        var gap = Math.Min(cellWidth, cellHeight) >= 12 ? 1 : 0;
        var paths = new SortedDictionary<int, StringBuilder>();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (!double.IsFinite(table[row][column]))
                {
                    continue;
                }

                var level = LevelOf(table[row][column], low, high);
                var run = 1;
                while (gap == 0 && column + run < columns && double.IsFinite(table[row][column + run]) && LevelOf(table[row][column + run], low, high) == level)
                {
                    run++;
                }

                var (left, top) = (plot.Left + (column * cellWidth), plot.Top + (row * cellHeight));
                var (width, height) = ((run * cellWidth) - gap, cellHeight - gap);
                paths.TryAdd(level, new StringBuilder());
                paths[level].Append('M').Append(Number(left + (gap / 2.0))).Append(' ').Append(Number(top + (gap / 2.0)))
                    .Append('h').Append(Number(width)).Append('v').Append(Number(height)).Append('h').Append(Number(-width)).Append('z');
                column += run - 1;
            }
        }

        canvas.Rectangle(plot, Theme.GridLine);
        foreach (var (level, path) in paths)
        {
            canvas.Area(path.ToString(), map.ColorScale.At(level / (double)Levels), crisp: gap == 0);
        }

        if (map.ShowValues && rows == map.Z.Count && columns == map.Z[0].Count)
        {
            WriteValues(canvas, map, plot, cellWidth, cellHeight, low, high);
        }
    }

    private static int LevelOf(double value, double low, double high) => (int)Math.Round(Math.Clamp((value - low) / (high - low), 0, 1) * Levels);

    private static void WriteValues(SvgCanvas canvas, HeatMapTrace map, Box plot, double cellWidth, double cellHeight, double low, double high)
    {
        var format = NumberFormat.Parse(map.ValueFormat);
        string[][] texts = [.. map.Z.Select(row => row.Select(value => double.IsNaN(value) ? "" : format.Write(value)).ToArray())];
        double? fitting = null;
        for (var size = Theme.TickSize; size >= 8 && fitting is null; size--)
        {
            var widest = texts.Max(row => row.Max(text => TextMeasure.Width(text, size)));
            fitting = widest + 3 <= cellWidth && size * 1.1 <= cellHeight - 1 ? size : null;
        }

        if (fitting is not { } fontSize)
        {
            return;
        }

        for (var row = 0; row < texts.Length; row++)
        {
            for (var column = 0; column < texts[row].Length; column++)
            {
                var value = map.Z[row][column];
                if (texts[row][column].Length > 0)
                {
                    var color = double.IsFinite(value) ? map.ColorScale.At(LevelOf(value, low, high) / (double)Levels).TextOnTop : Theme.SecondaryText;
                    canvas.Text(plot.Left + ((column + 0.5) * cellWidth), plot.Top + ((row + 0.5) * cellHeight) + (fontSize * 0.35), texts[row][column], fontSize, color, TextAnchor.Middle);
                }
            }
        }
    }

    /// <summary>The table itself, or the means of its blocks where it has more rows or columns than can be shown.</summary>
    private static double[][] Shrink(IReadOnlyList<IReadOnlyList<double>> table, int mostRows, int mostColumns)
    {
        var down = Math.Max(1, (int)Math.Ceiling(table.Count / (double)Math.Max(mostRows, 1)));
        var across = Math.Max(1, (int)Math.Ceiling(table[0].Count / (double)Math.Max(mostColumns, 1)));
        if (down == 1 && across == 1)
        {
            return [.. table.Select(row => row.ToArray())];
        }

        double Mean(int row, int column)
        {
            var block = table.Skip(row * down).Take(down).SelectMany(cells => cells.Skip(column * across).Take(across)).Where(double.IsFinite);
            return block.DefaultIfEmpty(double.NaN).Average();
        }

        var (rows, columns) = ((table.Count + down - 1) / down, (table[0].Count + across - 1) / across);
        return [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Select(column => Mean(row, column)).ToArray())];
    }
}
