namespace TransformerTutorial.Plots.Drawing;

/// <summary>Finds room for texts inside a plot: beside their point if possible, further away with a line to it if not, and never over another text.</summary>
/// <remarks>Greedy, in the order of the data: first the places that keep clear of the drawn lines, then any that keeps clear of points and texts.</remarks>
internal sealed class LabelPlacement(Box plot)
{
    private const double Size = Theme.TickSize;
    private const double Height = Size * 1.1;

    private static readonly double[] Distances = [0, 9, 18, 28, 40, 54, 70];
    private static readonly (double X, double Y)[] Directions =
        [(1, 0), (0, -1), (0, 1), (-1, 0), (0.8, -0.7), (-0.8, -0.7), (0.8, 0.7), (-0.8, 0.7)];

    private readonly List<Box> _texts = [];
    private readonly List<Box> _points = [];
    private readonly List<Segment> _lines = [];
    private readonly List<Segment> _leads = [];
    private readonly List<(double X, double Y, double Radius, string Text, Color Color)> _wanted = [];
    private readonly List<(Segment Line, string Text, Color Color)> _wantedOnLines = [];

    /// <summary>Whether a point lies in the plot; one cut off by a chosen range needs no label.</summary>
    public bool Covers(double x, double y) => x >= plot.Left && x <= plot.Right && y >= plot.Top && y <= plot.Bottom;

    /// <summary>Says that there is a point, which no text should cover.</summary>
    public void AddPoint(double x, double y, double radius) => _points.Add(new Box(x - radius, y - radius, x + radius, y + radius));

    /// <summary>Says that there is a line, which texts should rather not cross.</summary>
    public void AddLine(Segment line) => _lines.Add(line);

    /// <summary>Says that there is a text, which no other may cover.</summary>
    public void AddText(Box box) => _texts.Add(box);

    /// <summary>Asks for a label at a point.</summary>
    public void AddLabel(double x, double y, double radius, string text, Color color) => _wanted.Add((x, y, radius, text, color));

    /// <summary>Asks for a label somewhere along a line across the plot.</summary>
    public void AddOnLine(Segment line, string text, Color color) => _wantedOnLines.Add((line, text, color));

    /// <summary>Draws every label that finds a place.</summary>
    public void Draw(SvgCanvas canvas)
    {
        foreach (var (line, text, color) in _wantedOnLines)
        {
            var places = AlongLine(line, TextMeasure.Width(text, Size)).ToList();
            if ((First(places, box => IsFree(box, avoidLines: true)) ?? First(places, box => IsFree(box, avoidLines: false))) is { } place)
            {
                Write(canvas, place, text, color);
            }
        }

        foreach (var (x, y, radius, text, color) in _wanted)
        {
            var width = TextMeasure.Width(text, Size);
            foreach (var avoidLines in new[] { true, false })
            {
                if (Place(x, y, radius, width, avoidLines) is { } found)
                {
                    if (found.Lead is { } lead)
                    {
                        canvas.Line(lead, Theme.AxisLine, 0.75);
                        _leads.Add(lead);
                    }

                    Write(canvas, found.Box, text, color);
                    break;
                }
            }
        }
    }

    private void Write(SvgCanvas canvas, Box box, string text, Color color)
    {
        canvas.Text(box.MiddleX, box.Bottom - (Size * TextMeasure.Descent), text, Size, color, TextAnchor.Middle, halo: true);
        _texts.Add(box);
    }

    private (Box Box, Segment? Lead)? Place(double x, double y, double radius, double width, bool avoidLines)
    {
        foreach (var distance in Distances)
        {
            foreach (var (dx, dy) in Directions)
            {
                var reach = radius + 2 + distance;
                var (middleX, middleY) = (x + (dx * reach) + (Math.Sign(dx) * width / 2), y + (dy * reach) + (Math.Sign(dy) * Height / 2));
                var box = new Box(middleX - (width / 2), middleY - (Height / 2), middleX + (width / 2), middleY + (Height / 2));
                Segment? lead = distance == 0 ? null : new Segment(x, y, Math.Clamp(x, box.Left, box.Right), Math.Clamp(y, box.Top, box.Bottom));
                if (IsFree(box, avoidLines) && (lead is null || !_texts.Any(text => text.Meets(lead.Value))))
                {
                    return (box, lead);
                }
            }
        }

        return null;
    }

    private bool IsFree(Box box, bool avoidLines) =>
        plot.Contains(box)
        && !_texts.Any(box.Overlaps)
        && !_points.Any(box.Overlaps)
        && !_leads.Any(lead => box.Meets(lead))
        && (!avoidLines || !_lines.Any(line => box.Meets(line)));

    private IEnumerable<Box> AlongLine(Segment line, double width)
    {
        if (line.Y1 == line.Y2)
        {
            for (var right = plot.Right - 4; right - width > plot.Left; right -= 24)
            {
                yield return new Box(right - width, line.Y1 - 3 - Height, right, line.Y1 - 3);
                yield return new Box(right - width, line.Y1 + 3, right, line.Y1 + 3 + Height);
            }
        }
        else
        {
            for (var top = plot.Top + 3; top + Height < plot.Bottom; top += 14)
            {
                yield return new Box(line.X1 + 4, top, line.X1 + 4 + width, top + Height);
                yield return new Box(line.X1 - 4 - width, top, line.X1 - 4, top + Height);
            }
        }
    }

    private static Box? First(IEnumerable<Box> boxes, Func<Box, bool> isFree)
    {
        foreach (var box in boxes)
        {
            if (isFree(box))
            {
                return box;
            }
        }

        return null;
    }
}
