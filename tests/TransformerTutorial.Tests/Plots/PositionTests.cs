using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck.Fluent;
using TransformerTutorial.Plots;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Plots;

/// <summary>Reads values back from the drawing as a person would: from the tick labels and where they stand.</summary>
public sealed partial class PositionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_points_place_between_the_ticks_is_its_value(bool logarithmic)
    {
        var points = Gen.Choose(0, int.MaxValue).Select(seed =>
        {
            var random = new Random(seed);
            var (scaleX, scaleY) = (Math.Pow(10, random.Next(-3, 6)), Math.Pow(10, random.Next(-3, 6)));
            double Next(double scale) => logarithmic ? scale * Math.Pow(10, 4 * random.NextDouble()) : scale * (random.NextDouble() - 0.5);
            return Enumerable.Range(0, random.Next(2, 30)).Select(_ => (X: Next(scaleX), Y: Next(scaleY))).ToArray();
        });
        PropertyCheck.ForAll(points, values =>
        {
            var figure = new Figure
            {
                Title = "points",
                AltText = "points",
                Traces = [Plot.Scatter(values.Select(p => p.X), values.Select(p => p.Y))],
                XAxis = new Axis { Logarithmic = logarithmic },
                YAxis = new Axis { Logarithmic = logarithmic },
            };
            var document = new SvgDocument(figure.ToSvg());
            var (toX, toY) = (Ruler(document, horizontal: true, logarithmic), Ruler(document, horizontal: false, logarithmic));
            var circles = document.All("circle").ToList();

            Assert.Equal(values.Length, circles.Count);
            foreach (var (circle, value) in circles.Zip(values))
            {
                // Coordinates are rounded to a hundredth of a pixel.
                Assert.Equal(SvgDocument.Value(circle, "cx"), toX(value.X), 0.1);
                Assert.Equal(SvgDocument.Value(circle, "cy"), toY(value.Y), 0.1);
            }
        });
    }

    [Fact]
    public void A_line_runs_through_its_points_and_stops_at_gaps()
    {
        var figure = new Figure { Title = "line", AltText = "line", Traces = [Plot.Line([0.0, 1, 2, 3, 4, 5], [1, 2, double.NaN, 4, double.PositiveInfinity, 3])] };
        var document = new SvgDocument(figure.ToSvg());
        var (toX, toY) = (Ruler(document, true, false), Ruler(document, false, false));

        var path = document.All("path").Single().Attribute("d")!.Value;
        var commands = Regex.Matches(path, "([MLh])([0-9. ]+)").Select(match => (Command: match.Groups[1].Value, Numbers: match.Groups[2].Value.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray())).ToList();
        Assert.Equal(["M", "L", "M", "h", "M", "h"], commands.Select(command => command.Command));
        foreach (var (command, (x, y)) in commands.Where(command => command.Command != "h").Zip([(0, 1), (1, 2), (3, 4), (5, 3)]))
        {
            Assert.Equal(command.Numbers[0], toX(x), 0.1);
            Assert.Equal(command.Numbers[1], toY(y), 0.1);
        }
    }

    [Fact]
    public void A_bar_reaches_from_zero_to_its_value()
    {
        double[] values = [3, -2, 5.5, 0.25];
        var document = new SvgDocument(new Figure { Title = "bars", AltText = "bars", Traces = [Plot.Bar(["a", "b", "c", "d"], values)] }.ToSvg());
        var toY = Ruler(document, false, false);

        foreach (var (bar, value) in document.All("rect").Skip(1).Zip(values))
        {
            var (top, bottom) = (SvgDocument.Value(bar, "y"), SvgDocument.Value(bar, "y") + SvgDocument.Value(bar, "height"));
            Assert.Equal(toY(Math.Max(value, 0)), top, 0.1);
            Assert.Equal(toY(Math.Min(value, 0)), bottom, 0.1);
        }
    }

    [Fact]
    public void Stacked_bars_stand_on_each_other_and_negative_ones_hang()
    {
        var figure = new Figure
        {
            Title = "bars",
            AltText = "bars",
            BarMode = BarMode.Stacked,
            Traces = [Plot.Bar(["a"], [3], "one"), Plot.Bar(["a"], [-1], "two"), Plot.Bar(["a"], [4], "three"), Plot.Bar(["a"], [-2], "four")],
        };
        var document = new SvgDocument(figure.ToSvg());
        var toY = Ruler(document, false, false);

        var bars = document.All("rect").Where(rect => SvgDocument.Value(rect, "width") is > 100 and < 700).ToList();
        Assert.Equal(4, bars.Count);
        foreach (var (bar, (low, high)) in bars.Zip([(0, 3), (-1, 0), (3, 7), (-3, -1)]))
        {
            Assert.Equal(toY(high), SvgDocument.Value(bar, "y"), 0.1);
            Assert.Equal(toY(low), SvgDocument.Value(bar, "y") + SvgDocument.Value(bar, "height"), 0.1);
        }
    }

    [Fact]
    public void Lying_bars_run_from_the_top_down()
    {
        var document = new SvgDocument(new Figure { Title = "bars", AltText = "bars", Traces = [Plot.HorizontalBar(["first", "second", "third"], [1, 2, 3])] }.ToSvg());

        var names = document.Texts.Where(text => text.Text is "first" or "second" or "third").OrderBy(text => text.Y).Select(text => text.Text);
        Assert.Equal(["first", "second", "third"], names);
        Assert.Equal(["first", "second", "third"], document.All("rect").Skip(1).OrderBy(bar => SvgDocument.Value(bar, "width")).Zip(["first", "second", "third"])
            .OrderBy(pair => SvgDocument.Value(pair.First, "y")).Select(pair => pair.Second));
    }

    [Fact]
    public void A_histograms_bars_are_the_counts_of_a_naive_count()
    {
        TestSeed.ForEachCase(3, (_, random) =>
        {
            double[] values = [.. ExampleFigures.Normal(random.Next(), 1000)];
            var document = new SvgDocument(new Figure { Title = "histogram", AltText = "histogram", Traces = [Plot.Histogram(values) with { BinWidth = 0.5 }] }.ToSvg());
            var (toX, toY) = (Ruler(document, true, false), Ruler(document, false, false));

            var counts = values.CountBy(value => Math.Floor(value / 0.5)).ToDictionary();
            var bars = document.All("rect").Skip(1).ToList();
            foreach (var (bin, count) in counts)
            {
                var bar = bars.Single(rect => Math.Abs(SvgDocument.Value(rect, "x") - toX(bin * 0.5)) < 1);
                Assert.Equal(toY(count), SvgDocument.Value(bar, "y"), 0.1);
            }
        });
    }

    [Theory]
    [InlineData(6, 5)]
    [InlineData(100, 80)]
    public void A_maps_colours_are_its_numbers(int rows, int columns)
    {
        TestSeed.ForEachCase(3, (_, random) =>
        {
            double[][] numbers = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble()).ToArray())];
            (numbers[0][0], numbers[0][1], numbers[2][2]) = (0, 1, double.NaN);
            var document = new SvgDocument(new Figure { Title = "map", AltText = "map", Traces = [Plot.HeatMap(numbers)] }.ToSvg());

            var found = new double?[rows, columns];
            var plot = document.All("rect").ElementAt(1);
            foreach (var path in document.All("path"))
            {
                var color = Color.Parse((path.Attribute("fill") ?? path.Attribute("stroke"))!.Value);
                var number = Enumerable.Range(0, 1001).Select(i => i / 1000.0).MinBy(share => Distance(ColorScale.Sequential.At(share), color));
                foreach (var (row, column) in path.Parent!.Name.LocalName == "g" ? Runs(path.Attribute("d")!.Value) : Cells(path.Attribute("d")!.Value, plot, rows, columns))
                {
                    Assert.Null(found[row, column]);
                    found[row, column] = number;
                }
            }

            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    if (double.IsNaN(numbers[row][column]))
                    {
                        Assert.Null(found[row, column]);
                    }
                    else
                    {
                        Assert.Equal(numbers[row][column], found[row, column]!.Value, 0.01);
                    }
                }
            }
        });
    }

    [Fact]
    public void A_long_line_keeps_the_extremes_of_every_pixel_column()
    {
        TestSeed.ForEachCase(3, (_, random) =>
        {
            (double X, double Y)[] points = [.. ExampleFigures.Normal(random.Next(), 20_000).Select((y, i) => (i * 0.03, y))];

            var simple = TransformerTutorial.Plots.Drawing.LineSimplification.Of(points);

            Assert.InRange(simple.Count, 2, 2500);
            Assert.Equal(points.GroupBy(p => Math.Floor(p.X)).Select(g => (g.Key, g.Min(p => p.Y), g.Max(p => p.Y))), simple.GroupBy(p => Math.Floor(p.X)).Select(g => (g.Key, g.Min(p => p.Y), g.Max(p => p.Y))));
            Assert.Equal((points[0], points[^1]), (simple[0], simple[^1]));
        });
    }

    /// <summary>Value to pixel along an axis, by the first and last tick label.</summary>
    private static Func<double, double> Ruler(SvgDocument document, bool horizontal, bool logarithmic)
    {
        var texts = document.Texts.Where(text => text.Size == Theme.TickSize && Number().IsMatch(text.Text)).ToList();
        var ticks = (horizontal ? texts.Where(text => (string?)text.Element.Attribute("text-anchor") == "middle") : texts.Where(text => (string?)text.Element.Attribute("text-anchor") == "end"))
            .Select(text => (Value: Parse(text.Text), Pixel: horizontal ? text.X : text.Y - (0.35 * text.Size))).Select(tick => (Value: logarithmic ? Math.Log10(tick.Value) : tick.Value, tick.Pixel)).ToList();
        Assert.True(ticks.Count >= 2);
        var (first, last) = (ticks[0], ticks[^1]);
        return value => first.Pixel + (((logarithmic ? Math.Log10(value) : value) - first.Value) * (last.Pixel - first.Pixel) / (last.Value - first.Value));
    }

    private static double Parse(string text) => double.Parse(text.Replace('−', '-').Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Distance(Color a, Color b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);

    private static IEnumerable<(int Row, int Column)> Cells(string path, System.Xml.Linq.XElement plot, int rows, int columns) =>
        Regex.Matches(path, @"M([\d.]+) ([\d.]+)h").Select(match => (
            (int)((double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) + 1 - SvgDocument.Value(plot, "y")) / SvgDocument.Value(plot, "height") * rows),
            (int)((double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + 1 - SvgDocument.Value(plot, "x")) / SvgDocument.Value(plot, "width") * columns)));

    private static IEnumerable<(int Row, int Column)> Runs(string path)
    {
        var (x, y) = (0, 0);
        foreach (Match match in Regex.Matches(path["M0 0.5".Length..], @"m(-?\d+) (\d+)h(\d+)"))
        {
            var numbers = match.Groups.Values.Skip(1).Select(group => int.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray();
            (x, y) = (x + numbers[0], y + numbers[1]);
            for (var i = 0; i < numbers[2]; i++)
            {
                yield return (y, x++);
            }
        }
    }

    [GeneratedRegex(@"^−?[\d,.]+(e[+−]\d+)?$")]
    private static partial Regex Number();
}
