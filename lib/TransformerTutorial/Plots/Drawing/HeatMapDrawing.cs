using System.Globalization;
using System.Text;
using static TransformerTutorial.Plots.Drawing.SvgCanvas;

namespace TransformerTutorial.Plots.Drawing;

/// <summary>Draws a heat map: one path for each colour, and the numbers where they fit.</summary>
/// <remarks>Colours come in 128 steps. Where cells would be hardly larger than a pixel, each drawn cell is the mean of a block of them.</remarks>
internal static class HeatMapDrawing
{
    private const int Levels = 128;
    private const double SmallestCell = 2;
    private const double LargeCell = 12;
    private const double OutlineWidth = 2;

    public static void Draw(SvgCanvas canvas, HeatMapTrace map, Box plot)
    {
        var table = Shrink(map.Z, (int)(plot.Height / SmallestCell), (int)(plot.Width / SmallestCell));
        var (cellWidth, cellHeight) = (plot.Width / table[0].Length, plot.Height / table.Length);
        var range = map.ColorRange;
        canvas.Rectangle(plot, Theme.GridLine);
        if (Math.Min(cellWidth, cellHeight) >= LargeCell)
        {
            DrawLargeCells(canvas, map, table, plot, range);
        }
        else
        {
            DrawSmallCells(canvas, map, table, plot, range);
        }

        if (map.ShowValues && table.Length == map.Z.Count && table[0].Length == map.Z[0].Count)
        {
            WriteValues(canvas, map, plot, cellWidth, cellHeight, range.Low, range.High);
        }

        DrawOutline(canvas, map, plot);
    }

    /// <summary>A dark line with a pale rim, to be seen on cells of any colour.</summary>
    private static void DrawOutline(SvgCanvas canvas, HeatMapTrace map, Box plot)
    {
        var (width, height) = (plot.Width / map.Z[0].Count, plot.Height / map.Z.Count);
        string Point(int x, int y) => $"{Number(plot.Left + (x * width))} {Number(plot.Top + (y * height))}";
        var path = string.Concat(map.OutlinePieces().Select(piece => $"M{Point(piece.X0, piece.Y0)}L{Point(piece.X1, piece.Y1)}"));
        if (path.Length > 0)
        {
            canvas.Outline(path, Theme.Background, 2 * OutlineWidth);
            canvas.Outline(path, Theme.Highlight, OutlineWidth);
        }
    }

    /// <summary>Cells set apart by a line of the background.</summary>
    private static void DrawLargeCells(SvgCanvas canvas, HeatMapTrace map, double[][] table, Box plot, (double Low, double High) range)
    {
        var (width, height) = (plot.Width / table[0].Length, plot.Height / table.Length);
        var cell = $"h{Number(width - 1)}v{Number(height - 1)}h{Number(1 - width)}z";
        var cells = table.SelectMany((row, y) => row.Select((value, x) => (Value: value, X: x, Y: y))).Where(cell => double.IsFinite(cell.Value));
        foreach (var level in cells.GroupBy(cell => LevelOf(cell.Value, range.Low, range.High)).OrderBy(group => group.Key))
        {
            var path = string.Concat(level.Select(place => $"M{Number(plot.Left + (place.X * width) + 0.5)} {Number(plot.Top + (place.Y * height) + 0.5)}{cell}"));
            canvas.Area(path, ColorOf(map, level.Key));
        }
    }

    /// <summary>Cells that touch, in units of one cell: runs of one colour are strokes one unit thick, which takes few characters each.</summary>
    private static void DrawSmallCells(SvgCanvas canvas, HeatMapTrace map, double[][] table, Box plot, (double Low, double High) range)
    {
        var paths = new SortedDictionary<int, (StringBuilder Path, int X, int Y)>();
        for (var y = 0; y < table.Length; y++)
        {
            for (var x = 0; x < table[y].Length; x++)
            {
                if (!double.IsFinite(table[y][x]))
                {
                    continue;
                }

                var (start, level) = (x, LevelOf(table[y][x], range.Low, range.High));
                while (x + 1 < table[y].Length && double.IsFinite(table[y][x + 1]) && LevelOf(table[y][x + 1], range.Low, range.High) == level)
                {
                    x++;
                }

                var (path, lastX, lastY) = paths.TryGetValue(level, out var begun) ? begun : (new StringBuilder("M0 0.5"), 0, 0);
                path.Append(CultureInfo.InvariantCulture, $"m{start - lastX} {y - lastY}h{x + 1 - start}");
                paths[level] = (path, x + 1, y);
            }
        }

        canvas.BeginCells(plot.Left, plot.Top, plot.Width / table[0].Length, plot.Height / table.Length);
        foreach (var (level, (path, _, _)) in paths)
        {
            canvas.CellRuns(path.ToString(), ColorOf(map, level));
        }

        canvas.EndCells();
    }

    private static Color ColorOf(HeatMapTrace map, int level) => map.ColorScale.At(level / (double)Levels);

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
                    var color = double.IsFinite(value) ? ColorOf(map, LevelOf(value, low, high)).TextOnTop : Theme.SecondaryText;
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
