using System.Text.Json;
using System.Text.RegularExpressions;
using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

public sealed class PlotlyJsonTests
{
    private static readonly Dictionary<string, string[]> Schema = ReadSchema();

    public static TheoryData<string> Names => ExampleFigures.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_attribute_is_one_that_plotly_knows_with_a_value_of_its_type(string name)
    {
        using var json = JsonDocument.Parse(ExampleFigures.All[name]().ToPlotly());

        Assert.Equal(["data", "layout"], json.RootElement.EnumerateObject().Select(property => property.Name));
        foreach (var trace in json.RootElement.GetProperty("data").EnumerateArray())
        {
            CheckObject(trace, trace.GetProperty("type").GetString()!);
        }

        CheckObject(json.RootElement.GetProperty("layout"), "layout");
        CheckObject(json.RootElement.GetProperty("layout").GetProperty("template").GetProperty("layout"), "layout");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_trace_refers_to_axes_of_the_layout(string name)
    {
        using var json = JsonDocument.Parse(ExampleFigures.All[name]().ToPlotly());

        var layout = json.RootElement.GetProperty("layout");
        foreach (var trace in json.RootElement.GetProperty("data").EnumerateArray())
        {
            foreach (var letter in "xy")
            {
                var axis = layout.GetProperty(trace.GetProperty(letter + "axis").GetString()!.Insert(1, "axis"));
                var values = trace.TryGetProperty(letter.ToString(), out var found) ? found.EnumerateArray().ToList() : [];
                var isCategory = axis.GetProperty("type").GetString() == "category";
                Assert.All(values, value => Assert.Equal(isCategory, value.ValueKind == JsonValueKind.String));
            }
        }
    }

    [Fact]
    public void The_json_carries_the_data_and_null_for_gaps()
    {
        var figure = new Figure { Title = "line", AltText = "line", Traces = [Plot.Line([1, 2, 3], [0.1f, float.NaN, float.NegativeInfinity], "loss")] };

        using var json = JsonDocument.Parse(figure.ToPlotly());
        var trace = json.RootElement.GetProperty("data")[0];
        Assert.Equal("[1,2,3]", trace.GetProperty("x").GetRawText());
        Assert.Equal("[0.100000001,null,null]", trace.GetProperty("y").GetRawText());
        Assert.Equal(0.1f, trace.GetProperty("y")[0].GetSingle());
        Assert.Equal("loss", trace.GetProperty("name").GetString());
    }

    [Fact]
    public void A_figure_keeps_its_data_for_tests_to_read()
    {
        var figure = new Figure { Title = "line", AltText = "line", Traces = [Plot.Line(["a", "b"], [1.5, 2.5]), Plot.HeatMap(new[,] { { 1, 2 }, { 3, 4 } })] };

        Assert.Equal(["a", "b"], figure.Traces[0].X.Categories);
        Assert.Equal([1.5, 2.5], figure.Traces[0].Y.Numbers);
        Assert.Equal([3.0, 4], ((HeatMapTrace)figure.Traces[1]).Z[1]);
    }

    [Fact]
    public void Words_that_repeat_in_a_sentence_stay_apart()
    {
        string[] words = ["the", "cat", "the"];
        var figure = new Figure { Title = "map", AltText = "map", Traces = [Plot.HeatMap(words.Select(_ => words.Select((_, i) => i)), words, words)] };

        using var json = JsonDocument.Parse(figure.ToPlotly());
        var labels = json.RootElement.GetProperty("data")[0].GetProperty("x").EnumerateArray().Select(label => label.GetString()!).ToList();
        Assert.Equal(3, labels.Distinct().Count());
        Assert.Equal(words, labels.Select(label => label.Replace("\u200b", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_outline_runs_along_the_borders_of_cells()
    {
        bool[][] corner = [[false, true, true], [false, false, true]];
        foreach (var (map, first, step) in new[]
        {
            (Plot.HeatMap(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }, ["a", "b", "c"], ["d", "e"]), 0.0, 1.0),
            (Plot.HeatMap(new[,] { { 1, 2, 3 }, { 4, 5, 6 } }), 0.0, 1.0),
        })
        {
            using var json = JsonDocument.Parse(new Figure { Title = "map", AltText = "map", Traces = [map with { Outlined = corner }] }.ToPlotly());
            var pieces = json.RootElement.GetProperty("layout").GetProperty("shapes").EnumerateArray()
                .Select(shape => (X0: shape.GetProperty("x0").GetDouble(), Y0: shape.GetProperty("y0").GetDouble(), X1: shape.GetProperty("x1").GetDouble(), Y1: shape.GetProperty("y1").GetDouble())).ToHashSet();
            double At(double border) => first + ((border - 0.5) * step);
            var expected = new[] { (1, 0, 3, 0), (1, 1, 2, 1), (2, 2, 3, 2), (1, 0, 1, 1), (2, 1, 2, 2), (3, 0, 3, 2) };
            Assert.Equal(expected.Select(piece => (At(piece.Item1), At(piece.Item2), At(piece.Item3), At(piece.Item4))).Order(), pieces.Order());
        }
    }

    [Fact]
    public void Text_that_plotly_would_read_as_markup_is_escaped()
    {
        var figure = new Figure { Title = "low</w> costs $5 or $6", AltText = "bars", Traces = [Plot.Bar(["<unk>", "a&b", "2024"], [1, 2, 3])] };

        using var json = JsonDocument.Parse(figure.ToPlotly());
        var layout = json.RootElement.GetProperty("layout");
        Assert.Equal("<b>low&lt;/w&gt; costs &#36;5 or &#36;6</b>", layout.GetProperty("title").GetProperty("text").GetString());
        Assert.Equal(["&lt;unk&gt;", "a&amp;b", "2024"], json.RootElement.GetProperty("data")[0].GetProperty("x").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal("category", layout.GetProperty("xaxis").GetProperty("type").GetString());
    }

    [Fact]
    public void Ranges_of_logarithmic_axes_and_their_annotations_are_logarithms_and_shapes_are_values()
    {
        var figure = new Figure
        {
            Title = "log",
            AltText = "log",
            Traces = [Plot.Line([1, 10], [1, 1000])],
            YAxis = new Axis { Logarithmic = true, Minimum = 1, Maximum = 10_000 },
            ReferenceLines = [ReferenceLine.Horizontal(100, "hundred")],
        };

        using var json = JsonDocument.Parse(figure.ToPlotly());
        var layout = json.RootElement.GetProperty("layout");
        Assert.Equal("[0,4]", layout.GetProperty("yaxis").GetProperty("range").GetRawText());
        Assert.Equal(100, layout.GetProperty("shapes")[0].GetProperty("y0").GetDouble());
        Assert.Equal(2, layout.GetProperty("annotations")[0].GetProperty("y").GetDouble());
    }

    private static void CheckObject(JsonElement value, string path)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (property.Name == "type" && !path.Contains('.', StringComparison.Ordinal))
            {
                // The schema is sorted by it: scatter, bar, histogram or heatmap.
                continue;
            }

            var name = path == "layout" ? Regex.Replace(property.Name, @"^([xy]axis)\d+$", "$1") : property.Name;
            Check(property.Value, $"{path}.{name}");
        }
    }

    private static void Check(JsonElement value, string path)
    {
        if (Schema.TryGetValue(path, out var type))
        {
            Assert.True(Fits(value, type), $"{path} is {value.GetRawText()}, which is no {string.Join(' ', type)}");
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                CheckObject(item, path + "[]");
            }

            return;
        }

        Assert.True(value.ValueKind == JsonValueKind.Object && Schema.Keys.Any(key => key.StartsWith(path + ".", StringComparison.Ordinal)), $"plotly has no {path}");
        CheckObject(value, path);
    }

    private static bool Fits(JsonElement value, string[] type)
    {
        var isText = value.ValueKind == JsonValueKind.String;
        if (value.ValueKind == JsonValueKind.Array && type[0] is not ("data_array" or "info_array" or "colorlist" or "colorscale"))
        {
            // Many attributes take one value for each point.
            return value.EnumerateArray().All(item => Fits(item, type));
        }

        return type[0] switch
        {
            "number" or "integer" or "angle" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "string" => isText,
            "color" => isText && Regex.IsMatch(value.GetString()!, @"^(#[0-9a-f]{6}|rgba\(\d+,\d+,\d+,[\d.]+\))$"),
            "data_array" or "info_array" or "colorlist" or "colorscale" => value.ValueKind == JsonValueKind.Array,
            "subplotid" => isText && Regex.IsMatch(value.GetString()!, @"^[xy]\d*$"),
            "flaglist" => (isText ? value.GetString()! : value.GetRawText()).Split('+').All(type[1].Split('|').Contains),
            "enumerated" => IsAmong(string.Join(' ', type[1..]), isText ? value.GetString()! : value.GetRawText()),
            _ => true,
        };
    }

    /// <summary>Values stand between bars; some are patterns between slashes, with bars of their own.</summary>
    private static bool IsAmong(string values, string text) =>
        values.Split('|').Contains(text) || Regex.Matches(values, @"/(\^.*?\$)/").Any(match => Regex.IsMatch(text, match.Groups[1].Value));

    private static Dictionary<string, string[]> ReadSchema()
    {
        using var stream = typeof(PlotlyJsonTests).Assembly.GetManifestResourceStream("plotly-attributes.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1..]);
    }
}
