using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

/// <summary>What cannot be drawn says so once, with the trace and the index.</summary>
public sealed class ErrorTests
{
    [Fact]
    public void X_and_y_of_different_lengths() => Fails(() => Plot.Line([1, 2, 3], [1.0, 2], "loss"), "\"loss\"", "3 x values", "2 y values");

    [Fact]
    public void Nothing_to_draw() => Fails(() => Plot.Line(Array.Empty<int>(), Array.Empty<int>(), "loss"), "nothing to draw", "\"loss\"");

    [Fact]
    public void Only_gaps() => Fails(() => Plot.Line([double.NaN, double.NegativeInfinity]), "every value", "gap");

    [Fact]
    public void A_position_that_is_no_number() => Fails(() => Plot.Scatter([1, double.NaN], [1, 2], "words"), "\"words\"", "NaN", "index 1");

    [Fact]
    public void A_category_twice_in_one_trace() => Fails(() => Plot.Bar(["the", "cat", "the"], [1, 2, 3]), "\"the\"", "index 0 and 2");

    [Fact]
    public void A_category_that_is_null() => Fails(() => Plot.Bar(["the", null!], [1, 2]), "index 1", "null");

    [Fact]
    public void Labels_of_another_number() => Fails(() => Plot.Scatter([1, 2], [1, 2], labels: ["a"]), "1 labels", "2 points");

    [Fact]
    public void A_map_with_rows_of_different_lengths() => Fails(() => Plot.HeatMap<double>([[1, 2], [3]]), "row 0 has 2", "row 1 has 1");

    [Fact]
    public void A_map_with_too_few_labels() => Fails(() => Plot.HeatMap(new[,] { { 1, 2 } }, ["a"], ["b"]), "1 column labels", "2 columns");

    [Fact]
    public void A_histogram_of_a_gap() => Fails(() => Plot.Histogram([1, double.PositiveInfinity]), "index 1");

    [Fact]
    public void An_error_band_upside_down() => Fails(() => Plot.Line([1, 2]).WithBand([0, 3], [1, 2]), "upside down", "index 1");

    [Fact]
    public void An_error_band_of_another_length() => Fails(() => Plot.Line([1, 2]).WithBand([0], [1]), "1 lower band values", "2 points");

    [Fact]
    public void Zero_on_a_logarithmic_axis() =>
        Fails(() => Draw([Plot.Line([1, 2, 3], [1, 0, 2], "loss")], y: new Axis { Logarithmic = true }), "y axis is logarithmic", "trace 0", "\"loss\"", "index 1");

    [Fact]
    public void A_bar_below_zero_on_a_logarithmic_axis() => Fails(() => Draw([Plot.Bar(["a"], [-1])], y: new Axis { Logarithmic = true }), "trace 0", "-1", "index 0");

    [Fact]
    public void A_reference_line_off_its_axis() => Fails(() => Draw([Plot.Line([1, 2])], y: new Axis { Logarithmic = true }, line: ReferenceLine.Horizontal(-1, "limit")), "\"limit\"", "-1");

    [Fact]
    public void Numbers_and_names_on_one_axis() => Fails(() => Draw([Plot.Line(["a"], [1]), Plot.Line([1], [1])]), "x axis", "numbers and category names");

    [Fact]
    public void A_map_with_an_outline_of_another_size() => Fails(() => Draw([Plot.HeatMap(new[,] { { 1, 2 } }) with { Outlined = [[true]] }]), "1 rows of 2 numbers", "1 rows of 1");

    [Fact]
    public void A_map_with_company() => Fails(() => Draw([Plot.HeatMap(new[,] { { 1 } }), Plot.Line([1, 2])]), "heat map", "panel of its own");

    [Fact]
    public void Lying_and_standing_bars() => Fails(() => Draw([Plot.Bar(["a"], [1]), Plot.HorizontalBar(["a"], [1])]), "Upright and lying");

    [Fact]
    public void A_histogram_on_a_logarithmic_axis() => Fails(() => Draw([Plot.Histogram([1, 2])], x: new Axis { Logarithmic = true }), "histogram", "linear");

    [Fact]
    public void An_axis_that_ends_before_it_begins() => Fails(() => Draw([Plot.Line([1, 2])], x: new Axis { Minimum = 2, Maximum = 1 }), "x axis", "from 2 to 1");

    [Fact]
    public void A_tick_format_that_is_none() => Fails(() => Draw([Plot.Line([1, 2])], x: new Axis { TickFormat = "0.00" }), "'0.00'", ".2f");

    [Fact]
    public void Numbers_too_large_to_draw() => Fails(() => Draw([Plot.Line([-1.7e308, 1.7e308])]), "y axis", "cannot be drawn");

    [Fact]
    public void A_figure_without_alternative_text() =>
        Assert.Contains("\"loss\" needs an AltText", Assert.Throws<InvalidOperationException>(() => new Figure { Title = "loss", Traces = [Plot.Line([1, 2])] }.ToSvg()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_figure_without_a_title() =>
        Assert.Contains("needs a Title", Assert.Throws<InvalidOperationException>(() => new Figure { Title = " ", AltText = "line", Traces = [Plot.Line([1, 2])] }.ToSvg()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_figure_without_traces() =>
        Assert.Contains("nothing to draw", Assert.Throws<InvalidOperationException>(() => new Figure { Title = "loss", AltText = "line", Traces = [] }.ToSvg()).Message, StringComparison.Ordinal);

    [Fact]
    public void An_error_in_a_grid_names_the_panel() =>
        Fails(
            () => new FigureGrid { Title = "grid", AltText = "grid", Panels = [new Panel("left") { Traces = [Plot.Line([1, 2])] }, new Panel("right") { Traces = [Plot.Line([0, 2])], YAxis = new Axis { Logarithmic = true } }] }.ToSvg(),
            "of panel \"right\"");

    private static string Draw(IReadOnlyList<Trace> traces, Axis? x = null, Axis? y = null, ReferenceLine? line = null) =>
        new Figure { Title = "figure", AltText = "figure", Traces = traces, XAxis = x ?? new(), YAxis = y ?? new(), ReferenceLines = line is null ? [] : [line] }.ToSvg();

    private static void Fails(Func<object> draw, params string[] parts)
    {
        var message = Assert.Throws<ArgumentException>(draw).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.OrdinalIgnoreCase));
    }
}
