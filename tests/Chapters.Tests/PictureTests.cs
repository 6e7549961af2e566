using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CSharpKernel.Notebooks;
using Markdig;

namespace Chapters.Tests;

/// <summary>Whoever reads a chapter can see its pictures and cards: described in words, and with enough contrast whatever the editor's colours.</summary>
public partial class PictureTests
{
    private const double ReadableContrast = 4.5;

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Every_drawing_is_described_in_words(string name)
    {
        foreach (var (cell, svg) in Drawings(name))
        {
            Assert.True((string?)svg.Attribute("role") == "img", $"{cell}: role");
            Assert.True(svg.Elements().FirstOrDefault(element => element.Name.LocalName == "title")?.Value.Length > 10, $"{cell}: title");
            Assert.True(svg.Elements().FirstOrDefault(element => element.Name.LocalName == "desc")?.Value.Length > 40, $"{cell}: description");
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Every_drawing_brings_its_own_background_and_nothing_that_runs_or_is_fetched(string name)
    {
        string[] allowed = ["svg", "title", "desc", "g", "rect", "line", "path", "polyline", "polygon", "circle", "ellipse", "text", "tspan", "defs", "clipPath", "linearGradient", "stop"];
        foreach (var (cell, svg) in Drawings(name))
        {
            Assert.All(svg.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, allowed));
            Assert.All(svg.DescendantsAndSelf().Attributes(), attribute =>
                Assert.False(attribute.Name.LocalName is "style" or "class" or "href" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal), $"{cell}: {attribute}"));
            Assert.True(BackgroundOf(svg) is not null, $"{cell}: no background");
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void The_text_of_every_drawing_can_be_read_on_its_background(string name)
    {
        foreach (var (cell, svg) in Drawings(name))
        {
            var background = BackgroundOf(svg)!;
            foreach (var text in svg.Descendants().Where(element => element.Name.LocalName == "text"))
            {
                var behind = CellBehind(svg, text) ?? background;
                var fill = text.AncestorsAndSelf().Select(element => (string?)element.Attribute("fill")).FirstOrDefault(value => value is not null) ?? "#000000";
                Assert.True(Contrast(fill, behind) >= ReadableContrast, $"{cell}: '{text.Value}' in {fill} on {behind} has a contrast of {Contrast(fill, behind):F1}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Html_that_sets_a_background_sets_a_text_colour_that_can_be_read_on_it(string name)
    {
        foreach (var cell in Chapter.Named(name).Notebook.CodeCells)
        {
            foreach (var html in cell.Outputs.Select(output => output.Data["text/html"]).Where(html => html is not null))
            {
                var body = new HtmlParser().ParseDocument(html!.GetValue<string>()).Body!;
                foreach (var element in body.QuerySelectorAll("*").Where(element => element.TextContent.Trim().Length > 0))
                {
                    var background = Inherited(element, "background");
                    var colour = Inherited(element, "color");
                    Assert.True(background is null == colour is null, $"{cell.Id}: a background without a text colour, or the other way round: {element.OuterHtml}");
                    Assert.True(background is null || Contrast(colour!, background) >= ReadableContrast, $"{cell.Id}: {colour} on {background}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Pictures_in_the_text_have_alternative_text_and_exist(string name)
    {
        var chapter = Chapter.Named(name);
        foreach (var cell in chapter.Notebook.Cells.Where(cell => cell.CellType == CellType.Markdown))
        {
            var html = new HtmlParser().ParseDocument(Markdown.ToHtml(cell.Source));
            foreach (var image in html.QuerySelectorAll("img"))
            {
                Assert.True(image.GetAttribute("alt")?.Length > 20, $"{cell.Id}: {image.OuterHtml}");
                Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(chapter.Path)!, image.GetAttribute("src")!)), $"{cell.Id}: {image.OuterHtml}");
            }
        }
    }

    [Fact]
    public void The_picture_in_the_README_is_the_chapter_s()
    {
        var picture = XDocument.Parse(File.ReadAllText(Path.Combine(Chapter.Root, "notebooks", "pictures", "01-compression.svg"))).Root!;
        var drawn = Drawings("01-tokenizer").Single(drawing => drawing.Cell == "ch01-compression-run").Svg;

        Assert.Equal(drawn.ToString(), picture.ToString());
        Assert.Contains("](notebooks/pictures/01-compression.svg)", File.ReadAllText(Path.Combine(Chapter.Root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Contrast_is_that_of_the_web_s_accessibility_guidelines()
    {
        Assert.Equal(21, Contrast("#000000", "#ffffff"), 2);
        Assert.Equal(1, Contrast("#777777", "#777777"), 2);
        Assert.Equal(4.48, Contrast("#777777", "#ffffff"), 2);
    }

    private static IEnumerable<(string Cell, XElement Svg)> Drawings(string name) =>
        from cell in Chapter.Named(name).Notebook.CodeCells
        from output in cell.Outputs
        let svg = output.Data["image/svg+xml"]
        where svg is not null
        select (cell.Id, XDocument.Parse(svg.GetValue<string>()).Root!);

    private static string? BackgroundOf(XElement svg) =>
        (string?)svg.Elements().FirstOrDefault(element => element.Name.LocalName == "rect")?.Attribute("fill");

    /// <summary>The fill of the last rectangle, drawn before the text, that the text's anchor lies in. Heat maps draw theirs as paths: many rectangles of one colour.</summary>
    private static string? CellBehind(XElement svg, XElement text)
    {
        if (text.Attribute("transform") is not null || text.Attribute("x") is null)
        {
            return null;
        }

        var (x, y) = (Number(text, "x"), Number(text, "y") - 3);
        return svg.Descendants()
            .TakeWhile(element => element != text)
            .Where(element => ((string?)element.Attribute("fill"))?.StartsWith('#') == true)
            .Where(element => Rectangles(element).Any(box => box.X <= x && x <= box.X + box.Width && box.Y <= y && y <= box.Y + box.Height))
            .Select(element => (string)element.Attribute("fill")!)
            .LastOrDefault();
    }

    private static IEnumerable<(double X, double Y, double Width, double Height)> Rectangles(XElement element) => element.Name.LocalName switch
    {
        "rect" => [(Number(element, "x"), Number(element, "y"), Number(element, "width"), Number(element, "height"))],
        "path" => RectanglePath().Matches((string)element.Attribute("d")!).Select(match =>
        {
            double Group(int i) => double.Parse(match.Groups[i].Value, CultureInfo.InvariantCulture);
            return (Group(1), Group(2), Group(3), Group(4));
        }),
        _ => [],
    };

    private static double Number(XElement element, string attribute) => double.Parse((string?)element.Attribute(attribute) ?? "0", CultureInfo.InvariantCulture);

    private static string? Inherited(IElement element, string property)
    {
        for (var at = element; at is not null; at = at.ParentElement)
        {
            var value = Declaration().Matches(at.GetAttribute("style") ?? "").FirstOrDefault(match => match.Groups[1].Value == property);
            if (value is not null && value.Groups[2].Value.StartsWith('#'))
            {
                return value.Groups[2].Value;
            }
        }

        return null;
    }

    /// <summary>The contrast ratio of two colours: Web Content Accessibility Guidelines 2.2, "contrast ratio".</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }

    [GeneratedRegex(@"([a-z-]+)\s*:\s*([^;]+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")]
    private static partial Regex RectanglePath();
}
