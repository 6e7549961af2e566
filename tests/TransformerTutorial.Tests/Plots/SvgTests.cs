using System.Globalization;
using System.Text.RegularExpressions;
using TransformerTutorial.Plots;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Plots;

public sealed partial class SvgTests
{
    private static readonly HashSet<string> Elements = ["svg", "title", "desc", "rect", "line", "path", "circle", "text", "g"];

    private static readonly HashSet<string> Attributes =
    [
        "xmlns", "viewBox", "width", "height", "role", "overflow", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "d", "transform",
        "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap", "paint-order", "shape-rendering",
        "font-family", "font-size", "font-weight", "text-anchor", "space",
    ];

    public static TheoryData<string> Names => ExampleFigures.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_drawing_uses_presentation_attributes_only(string name)
    {
        var document = new SvgDocument(ExampleFigures.All[name]().ToSvg());

        foreach (var element in document.Root.DescendantsAndSelf())
        {
            Assert.Contains(element.Name.LocalName, Elements);
            Assert.All(element.Attributes(), attribute => Assert.Contains(attribute.Name.LocalName, Attributes));
            Assert.All(element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration), attribute => Assert.DoesNotContain("url(", attribute.Value, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_drawing_is_an_image_with_a_title_a_description_and_its_own_background(string name)
    {
        var picture = ExampleFigures.All[name]();
        var document = new SvgDocument(picture.ToSvg());
        var children = document.Root.Elements().Take(3).ToList();

        Assert.Equal("img", document.Root.Attribute("role")!.Value);
        Assert.Equal(["title", "desc", "rect"], children.Select(child => child.Name.LocalName));
        Assert.Equal(PlotText.OneLine(picture.Title), children[0].Value);
        Assert.Equal(PlotText.OneLine(picture.AltText), children[1].Value);
        Assert.Equal(Theme.Background.ToString(), children[2].Attribute("fill")!.Value);
        Assert.Equal((document.Width, document.Height), (SvgDocument.Value(children[2], "width"), SvgDocument.Value(children[2], "height")));
        Assert.Equal(720, document.Width);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_text_lies_over_another_or_outside(string name) => AssertTextsApart(ExampleFigures.All[name]());

    [Fact]
    public void No_text_lies_over_another_or_outside_in_figures_made_at_random() => TestSeed.ForEachCase(150, (_, random) => AssertTextsApart(RandomPicture(random)));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_drawing_is_the_same_in_every_culture_and_run(string name)
    {
        var first = ExampleFigures.All[name]().ToSvg();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            Assert.Equal(first, ExampleFigures.All[name]().ToSvg());
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(first, ExampleFigures.All[name]().ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_drawing_is_small(string name)
    {
        var length = ExampleFigures.All[name]().ToSvg().Length;

        Assert.InRange(length, 1, name == "large map" ? 300_000 : 60_000);
        Assert.DoesNotMatch(TooManyDecimals(), Regex.Replace(ExampleFigures.All[name]().ToSvg(), "scale\\([^)]*\\)", ""));
    }

    [Fact]
    public void A_text_that_was_cut_keeps_its_whole_in_a_title()
    {
        var document = new SvgDocument(ExampleFigures.All["lying bars with odd names"]().ToSvg());

        var cut = Assert.Single(document.Texts, text => text.Text.EndsWith('…'));
        Assert.Equal(" a very long token that hardly fits anywhere at all in the margin", cut.Element.Elements().Single().Value);
    }

    [Fact]
    public void Every_labelled_point_shows_its_label_or_tells_it_when_pointed_at()
    {
        var document = new SvgDocument(ExampleFigures.All["crowded labels"]().ToSvg());

        var told = document.All("circle").SelectMany(circle => circle.Elements()).Select(title => title.Value);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"word {i}"), told);
        Assert.InRange(document.Texts.Count(text => text.Text.StartsWith("word ", StringComparison.Ordinal)), 45, 200);
    }

    [Fact]
    public void All_labels_are_shown_where_there_is_room()
    {
        var document = new SvgDocument(ExampleFigures.All["labelled points"]().ToSvg());

        var labels = ((ScatterTrace)((Figure)ExampleFigures.All["labelled points"]()).Traces[0]).Labels!;
        Assert.Superset(labels.ToHashSet()!, document.Texts.Select(text => text.Text).ToHashSet());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_map_much_higher_than_wide_is_drawn_wide_enough_to_be_seen(int columns)
    {
        var panel = new Panel { Traces = [Plot.HeatMap(Enumerable.Range(0, 60).Select(row => new double[] { row }).ToArray())] };
        var document = new SvgDocument(new FigureGrid { Title = "column", AltText = "column", Columns = columns, Panels = [.. Enumerable.Repeat(panel, columns)] }.ToSvg());

        Assert.Equal(columns, document.All("rect").Count(rect => SvgDocument.Value(rect, "width") == 30 && SvgDocument.Value(rect, "height") >= 260));
    }

    [Fact]
    public void An_outline_has_a_rim_and_is_there_only_if_asked_for()
    {
        var map = Plot.HeatMap(new[,] { { 1, 2 }, { 3, 4 } });
        string Drawn(HeatMapTrace trace) => new Figure { Title = "map", AltText = "map", Traces = [trace] }.ToSvg();
        var strokes = new SvgDocument(Drawn(map with { Outlined = [[false, true], [false, false]] })).All("path").Where(path => path.Attribute("stroke") is not null).Select(path => (Path: (string)path.Attribute("d")!, Stroke: (string)path.Attribute("stroke")!)).ToArray();

        Assert.Equal([Theme.Background.ToString(), Theme.Highlight.ToString()], strokes.Select(stroke => stroke.Stroke));
        Assert.Single(strokes.Select(stroke => stroke.Path).Distinct());
        Assert.Equal(4, strokes[0].Path.Count(letter => letter == 'M'));
        Assert.Equal(Drawn(map), Drawn(map with { Outlined = [[false, false], [false, false]] }));
    }

    [Fact]
    public void A_picture_too_small_for_its_panels_is_an_error()
    {
        var figure = new Figure { Title = "small", AltText = "small", Width = 60, Traces = [Plot.Line([1, 2])] };

        Assert.Contains("no room", Assert.Throws<InvalidOperationException>(figure.ToSvg).Message, StringComparison.Ordinal);
    }

    private static void AssertTextsApart(Picture picture)
    {
        var document = new SvgDocument(picture.ToSvg());
        for (var i = 0; i < document.Texts.Count; i++)
        {
            var text = document.Texts[i];
            Assert.All(text.Corners, corner => Assert.True(corner.X >= 0 && corner.Y >= 0 && corner.X <= document.Width && corner.Y <= document.Height, $"\"{text.Text}\" reaches outside, to {corner}"));
            for (var j = 0; j < i; j++)
            {
                Assert.False(text.Overlaps(document.Texts[j]), $"\"{text.Text}\" at {text.Corners[0]} lies over \"{document.Texts[j].Text}\" at {document.Texts[j].Corners[0]}");
            }
        }
    }

    private static Picture RandomPicture(Random random)
    {
        string Word() => string.Concat(Enumerable.Range(0, random.Next(1, random.Next(2, 30))).Select(_ => random.Next(8) switch { 0 => "中", 1 => "W", 2 => " ", 3 => "i", _ => "e" })) + random.Next(1000);
        double Number() => Math.Pow(10, random.Next(-6, 9)) * (random.NextDouble() - (random.Next(2) * 0.5)) * (random.Next(10) == 0 ? 1e6 : 1);
        Axis Axis() => new(random.Next(2) == 0 ? Word() : "");
        Panel Panel()
        {
            var count = random.Next(1, random.Next(2, 60));
            var names = Enumerable.Range(0, count).Select(i => Word() + i).ToArray();
            var scale = Number();
            double[] Values() => [.. Enumerable.Range(0, count).Select(_ => scale * (random.NextDouble() - 0.3))];
            var name = random.Next(3) == 0 ? null : Word();
            IReadOnlyList<Trace> traces = random.Next(6) switch
            {
                0 => [Plot.Line(Values(), name), Plot.Line(Values(), Word())],
                1 => [Plot.Bar(names, Values(), name) with { ShowValues = true }, Plot.Bar(names, Values(), Word()) with { ShowValues = random.Next(2) == 0 }],
                2 => [Plot.HorizontalBar(names, Values(), name) with { ShowValues = true }],
                3 => [Plot.Histogram(Values(), name)],
                4 => [Plot.HeatMap(Enumerable.Range(0, random.Next(1, 25)).Select(_ => Values()).ToArray()) with { ShowValues = random.Next(2) == 0, ColorTitle = random.Next(2) == 0 ? Word() : null }],
                _ => [Plot.Scatter(Values(), Values(), name, names)],
            };
            var reference = traces[0] is ScatterTrace ? new[] { ReferenceLine.Horizontal(scale * 0.2, Word()), ReferenceLine.Vertical(traces[0].X.Numbers[0], Word()) } : [];
            return new Panel(random.Next(2) == 0 ? Word() : "") { Traces = traces, XAxis = Axis(), YAxis = Axis(), ReferenceLines = reference };
        }

        var mode = random.Next(3);
        return mode == 0
            ? new FigureGrid { Title = Word() + Word() + Word(), AltText = "random", Columns = random.Next(1, 3), Panels = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Panel()).Where(panel => panel.Traces[0] is not (HistogramTrace or BarTrace)).DefaultIfEmpty(new Panel { Traces = [Plot.Line([1, 2])] })] }
            : Single(Panel());

        Figure Single(Panel panel) => new() { Title = Word(), AltText = "random", Traces = panel.Traces, XAxis = panel.XAxis, YAxis = panel.YAxis, ReferenceLines = panel.ReferenceLines };
    }

    [GeneratedRegex(@"\d\.\d{3}")]
    private static partial Regex TooManyDecimals();
}
