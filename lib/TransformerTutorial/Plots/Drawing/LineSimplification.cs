namespace TransformerTutorial.Plots.Drawing;

/// <summary>Leaves out points of a long line that no one could see: of those in one pixel column, the first, lowest, highest and last stay.</summary>
internal static class LineSimplification
{
    private const int Threshold = 1500;

    public static IReadOnlyList<(double X, double Y)> Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= Threshold)
        {
            return points;
        }

        var result = new List<(double X, double Y)>();
        var start = 0;
        while (start < points.Count)
        {
            var end = start + 1;
            while (end < points.Count && Math.Floor(points[end].X) == Math.Floor(points[start].X))
            {
                end++;
            }

            var (low, high) = (start, start);
            for (var i = start; i < end; i++)
            {
                low = points[i].Y < points[low].Y ? i : low;
                high = points[i].Y > points[high].Y ? i : high;
            }

            result.AddRange(new[] { start, low, high, end - 1 }.Distinct().Order().Select(i => points[i]));
            start = end;
        }

        return result;
    }
}
