using System.Globalization;
using System.Xml.Linq;
using TransformerTutorial.Plots.Drawing;

namespace TransformerTutorial.Tests.Plots;

/// <summary>A drawing read back: its texts with the room they take, its numbers.</summary>
internal sealed class SvgDocument
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public SvgDocument(string svg)
    {
        Root = XDocument.Parse(svg, LoadOptions.PreserveWhitespace).Root!;
        Width = Value(Root, "width");
        Height = Value(Root, "height");
        Texts = [.. Root.Descendants(Svg + "text").Select(Read)];
    }

    public XElement Root { get; }

    public double Width { get; }

    public double Height { get; }

    public IReadOnlyList<DrawnText> Texts { get; }

    public IEnumerable<XElement> All(string name) => Root.Descendants(Svg + name);

    public static double Value(XElement element, string attribute, double otherwise = 0) =>
        element.Attribute(attribute) is { } found ? double.Parse(found.Value, CultureInfo.InvariantCulture) : otherwise;

    private static DrawnText Read(XElement element)
    {
        var text = string.Concat(element.Nodes().OfType<XText>().Select(node => node.Value));
        var size = Value(element, "font-size");
        var width = TextMeasure.Width(text, size, (string?)element.Attribute("font-weight") == "bold");
        var (x, y) = (Value(element, "x"), Value(element, "y"));
        var left = (string?)element.Attribute("text-anchor") switch { "middle" => x - (width / 2), "end" => x - width, _ => x };
        var angle = (string?)element.Attribute("transform") is { } rotation ? double.Parse(rotation["rotate(".Length..].Split(' ')[0], CultureInfo.InvariantCulture) : 0;
        (double X, double Y)[] corners = [(left, y - (0.75 * size)), (left + width, y - (0.75 * size)), (left + width, y + (0.2 * size)), (left, y + (0.2 * size))];
        var (sine, cosine) = Math.SinCos(angle * Math.PI / 180);
        return new DrawnText(text, x, y, size, angle, [.. corners.Select(corner => (
            x + ((corner.X - x) * cosine) - ((corner.Y - y) * sine),
            y + ((corner.X - x) * sine) + ((corner.Y - y) * cosine)))], element);
    }
}

/// <summary>A text with the four corners of the room it takes.</summary>
internal sealed record DrawnText(string Text, double X, double Y, double Size, double Angle, (double X, double Y)[] Corners, XElement Element)
{
    /// <summary>Whether two turned rectangles overlap: they don't if a line parallel to one of their sides keeps them apart.</summary>
    public bool Overlaps(DrawnText other)
    {
        foreach (var corners in new[] { Corners, other.Corners })
        {
            for (var i = 0; i < 2; i++)
            {
                var (dx, dy) = (corners[i + 1].X - corners[i].X, corners[i + 1].Y - corners[i].Y);
                double Along((double X, double Y) point) => (point.X * dx) + (point.Y * dy);
                if (Corners.Max(Along) <= other.Corners.Min(Along) || other.Corners.Max(Along) <= Corners.Min(Along))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
