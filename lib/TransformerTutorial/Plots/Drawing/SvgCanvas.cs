using System.Globalization;
using System.Text;
using System.Xml;

namespace TransformerTutorial.Plots.Drawing;

/// <summary>Where text stands relative to its point.</summary>
internal enum TextAnchor
{
    Start,
    Middle,
    End,
}

/// <summary>Writes SVG with presentation attributes only: no styles, scripts, ids or references, so that it may stand inside any page.</summary>
internal sealed class SvgCanvas : IDisposable
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    private readonly StringBuilder _text = new();
    private readonly XmlWriter _writer;

    public SvgCanvas(double width, double height, string title, string description)
    {
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = "", NewLineChars = "\n" };
        _writer = XmlWriter.Create(_text, settings);
        _writer.WriteStartElement("svg", Namespace);
        Attributes(("viewBox", $"0 0 {Number(width)} {Number(height)}"), ("width", Number(width)), ("height", Number(height)), ("role", "img"), ("font-family", Theme.FontFamily));
        Element("title", title);
        Element("desc", description);
    }

    /// <summary>A coordinate: two decimals, invariant.</summary>
    public static string Number(double value)
    {
        var rounded = Math.Round(value, 2);
        return (rounded == 0 ? 0 : rounded).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the drawing.</summary>
    public string Finish()
    {
        _writer.WriteEndElement();
        _writer.Flush();
        return _text.ToString();
    }

    /// <summary>Everything until <see cref="EndClip"/> shows only inside the box. (A nested drawing clips without needing an id.)</summary>
    public void BeginClip(Box box)
    {
        _writer.WriteStartElement("svg", Namespace);
        Attributes(
            ("x", Number(box.Left)), ("y", Number(box.Top)), ("width", Number(box.Width)), ("height", Number(box.Height)),
            ("viewBox", $"{Number(box.Left)} {Number(box.Top)} {Number(box.Width)} {Number(box.Height)}"), ("overflow", "hidden"));
    }

    public void EndClip() => _writer.WriteEndElement();

    /// <summary>Everything until <see cref="EndCells"/> is measured in cells of this size.</summary>
    public void BeginCells(double left, double top, double width, double height)
    {
        _writer.WriteStartElement("g", Namespace);
        Attributes(
            ("transform", $"translate({Number(left)} {Number(top)}) scale({width.ToString("0.######", CultureInfo.InvariantCulture)} {height.ToString("0.######", CultureInfo.InvariantCulture)})"),
            ("fill", "none"), ("stroke-width", "1"), ("shape-rendering", "crispEdges"));
    }

    public void CellRuns(string path, Color color) => Begin("path", null, ("d", path), ("stroke", color.ToString()));

    public void EndCells() => _writer.WriteEndElement();

    public void Rectangle(Box box, Color fill, double opacity = 1, double radius = 0, Color? stroke = null, string? title = null)
    {
        Begin(
            "rect", title,
            ("x", Number(box.Left)), ("y", Number(box.Top)), ("width", Number(box.Width)), ("height", Number(box.Height)),
            ("rx", radius == 0 ? null : Number(radius)), ("fill", fill.ToString()), ("fill-opacity", opacity == 1 ? null : Number(opacity)), ("stroke", stroke?.ToString()));
    }

    public void Line(Segment line, Color color, double width = 1, LineDash dash = LineDash.Solid, string? title = null) => Begin(
        "line", title,
        ("x1", Number(line.X1)), ("y1", Number(line.Y1)), ("x2", Number(line.X2)), ("y2", Number(line.Y2)),
        ("stroke", color.ToString()), ("stroke-width", Number(width)), ("stroke-dasharray", Dashes(dash, width)));

    public void Circle(double x, double y, double radius, Color fill, string? title = null) => Begin(
        "circle", title, ("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), ("fill", fill.ToString()), ("stroke", Theme.Background.ToString()), ("stroke-width", "0.75"));

    public void Outline(string path, Color stroke, double width, LineDash dash = LineDash.Solid, string? title = null) => Begin(
        "path", title,
        ("d", path), ("fill", "none"), ("stroke", stroke.ToString()), ("stroke-width", Number(width)), ("stroke-linejoin", "round"), ("stroke-linecap", "round"),
        ("stroke-dasharray", Dashes(dash, width)));

    public void Area(string path, Color fill, double opacity = 1, Color? stroke = null, string? title = null) => Begin(
        "path", title, ("d", path), ("fill", fill.ToString()), ("fill-opacity", opacity == 1 ? null : Number(opacity)),
        ("stroke", stroke?.ToString()), ("stroke-width", stroke is null ? null : "0.75"));

    /// <param name="x">The anchor.</param>
    /// <param name="y">The base line.</param>
    /// <param name="text">What is written.</param>
    /// <param name="size">The font size.</param>
    /// <param name="color">The colour.</param>
    /// <param name="anchor">Where the text stands relative to the anchor.</param>
    /// <param name="angle">The rotation about the anchor, clockwise in degrees.</param>
    /// <param name="bold">Whether it is bold.</param>
    /// <param name="full">The whole text, where it was cut: shown when one points at it.</param>
    /// <param name="halo">Whether the text has a rim of the background's colour, to be read over lines.</param>
    public void Text(double x, double y, string text, double size, Color color, TextAnchor anchor = TextAnchor.Start, double angle = 0, bool bold = false, string? full = null, bool halo = false)
    {
        _writer.WriteStartElement("text", Namespace);
        Attributes(
            ("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)), ("fill", color.ToString()),
            ("text-anchor", anchor switch { TextAnchor.Middle => "middle", TextAnchor.End => "end", _ => null }),
            ("font-weight", bold ? "bold" : null),
            ("transform", angle == 0 ? null : $"rotate({Number(angle)} {Number(x)} {Number(y)})"),
            ("stroke", halo ? Theme.Background.ToString() : null), ("stroke-width", halo ? "3" : null), ("stroke-linejoin", halo ? "round" : null), ("paint-order", halo ? "stroke" : null),
            ("xml:space", text.StartsWith(' ') || text.EndsWith(' ') || text.Contains("  ", StringComparison.Ordinal) ? "preserve" : null));
        // The text first: the writer breaks lines before a first child, and the break would be drawn as a space.
        _writer.WriteString(text);
        if (full is not null && full != text)
        {
            Element("title", full);
        }

        _writer.WriteEndElement();
    }

    public void Dispose() => _writer.Dispose();

    private static string? Dashes(LineDash dash, double width) => dash switch
    {
        LineDash.Dashed => $"{Number(Math.Max(5, 3 * width))} {Number(Math.Max(4, 2.5 * width))}",
        LineDash.Dotted => $"{Number(Math.Max(1, width * 0.5))} {Number(Math.Max(3, width * 2))}",
        _ => null,
    };

    private void Begin(string name, string? title, params (string Name, string? Value)[] attributes)
    {
        _writer.WriteStartElement(name, Namespace);
        Attributes(attributes);
        if (title is not null)
        {
            Element("title", title);
        }

        _writer.WriteEndElement();
    }

    private void Attributes(params (string Name, string? Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
        {
            if (name == "xml:space" && value is not null)
            {
                _writer.WriteAttributeString("xml", "space", null, value);
            }
            else if (value is not null)
            {
                _writer.WriteAttributeString(name, value);
            }
        }
    }

    private void Element(string name, string text) => _writer.WriteElementString(name, Namespace, text);
}
