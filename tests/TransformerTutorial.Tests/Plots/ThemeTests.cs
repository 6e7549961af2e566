using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

public sealed class ThemeTests
{
    public static TheoryData<string> Marks =>
    [
        nameof(Theme.Queries), nameof(Theme.Keys), nameof(Theme.Values), nameof(Theme.Positions), nameof(Theme.Encoder), nameof(Theme.Decoder), nameof(Theme.Words),
        nameof(Theme.Characters), nameof(Theme.Subwords), nameof(Theme.English), nameof(Theme.Chinese),
        nameof(Theme.FirstAxis), nameof(Theme.SecondAxis), nameof(Theme.FirstClass), nameof(Theme.SecondClass), nameof(Theme.Convolution), nameof(Theme.Recurrence), nameof(Theme.Attention), nameof(Theme.Loss), nameof(Theme.Neutral), nameof(Theme.Highlight), nameof(Theme.AxisLine),
    ];

    [Theory]
    [InlineData("#ffffff", "#000000", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#ff0000", "#ffffff", 4.00)]
    [InlineData("#0000ff", "#ffffff", 8.59)]
    public void Contrast_is_that_of_published_examples(string one, string other, double expected) =>
        Assert.Equal(expected, Color.Parse(one).ContrastWith(other), 0.01);

    [Fact]
    public void Every_text_has_a_contrast_of_at_least_4_5()
    {
        Assert.InRange(Theme.Text.ContrastWith(Theme.Background), 4.5, 21);
        Assert.InRange(Theme.SecondaryText.ContrastWith(Theme.Background), 4.5, 21);
        Assert.InRange(Theme.SecondaryText.ContrastWith(Theme.GridLine), 4.5, 21);
    }

    [Theory]
    [MemberData(nameof(Marks))]
    public void Every_mark_has_a_contrast_of_at_least_3(string role) => Assert.InRange(Role(role).ContrastWith(Theme.Background), 3, 21);

    [Fact]
    public void Text_on_any_colour_of_a_scale_has_a_contrast_of_at_least_4_5()
    {
        foreach (var scale in new[] { ColorScale.Sequential, ColorScale.Diverging })
        {
            for (var i = 0; i <= 256; i++)
            {
                var color = scale.At(i / 256.0);
                Assert.InRange(color.ContrastWith(color.TextOnTop), 4.5, 21);
            }
        }
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("protanopia")]
    [InlineData("deuteranopia")]
    [InlineData("tritanopia")]
    public void Any_two_colours_can_be_told_apart_with_any_common_colour_vision(string vision)
    {
        for (var i = 0; i < Theme.ColorSequence.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // For comparison: 0.02 is about the smallest difference one sees side by side.
                var distance = Distance(Lab(Theme.ColorSequence[i], vision), Lab(Theme.ColorSequence[j], vision));
                Assert.True(distance >= 0.075, $"{Theme.ColorSequence[i]} and {Theme.ColorSequence[j]} are {distance:F3} apart");
            }
        }
    }

    [Fact]
    public void Every_role_has_a_colour_of_the_sequence_and_those_that_meet_have_different_ones()
    {
        Color[][] meeting =
        [
            [Theme.Queries, Theme.Keys, Theme.Values, Theme.Positions, Theme.Encoder, Theme.Decoder, Theme.Highlight, Theme.Neutral],
            [Theme.Words, Theme.Characters, Theme.Subwords, Theme.English, Theme.Chinese, Theme.Highlight, Theme.Neutral],
            [Theme.FirstAxis, Theme.SecondAxis, Theme.FirstClass, Theme.SecondClass, Theme.Loss, Theme.Highlight, Theme.Neutral],
            [Theme.Convolution, Theme.Recurrence, Theme.Attention, Theme.Highlight, Theme.Neutral],
        ];
        foreach (var roles in meeting)
        {
            Assert.Equal(roles.Length, roles.Distinct().Count());
            Assert.All(roles, role => Assert.Contains(role, Theme.ColorSequence));
        }
    }

    [Fact]
    public void The_sequential_scale_gets_steadily_darker_in_even_steps()
    {
        var colors = Enumerable.Range(0, 33).Select(i => Lab(ColorScale.Sequential.At(i / 32.0), "normal")).ToList();
        var steps = colors.Zip(colors.Skip(1), Distance).ToList();

        Assert.All(colors.Zip(colors.Skip(1)), pair => Assert.True(pair.Second.L < pair.First.L));
        Assert.InRange(steps.Max() / steps.Average(), 1, 1.5);
        Assert.InRange(steps.Min() / steps.Average(), 0.6, 1);
    }

    [Fact]
    public void The_diverging_scale_is_palest_in_the_middle_and_equally_dark_at_both_sides()
    {
        for (var i = 1; i <= 16; i++)
        {
            var (left, right) = (Lab(ColorScale.Diverging.At((16 - i) / 32.0), "normal"), Lab(ColorScale.Diverging.At((16 + i) / 32.0), "normal"));
            Assert.Equal(left.L, right.L, 0.03);
            Assert.True(left.L < Lab(ColorScale.Diverging.At((17 - i) / 32.0), "normal").L);
            Assert.True(right.L < Lab(ColorScale.Diverging.At((15 + i) / 32.0), "normal").L);
        }
    }

    [Fact]
    public void A_colour_that_is_none_is_an_error() => Assert.Contains("'red'", Assert.Throws<FormatException>(() => Color.Parse("red")).Message, StringComparison.Ordinal);

    private static Color Role(string name) => (Color)typeof(Theme).GetProperty(name)!.GetValue(null)!;

    private static double Distance((double L, double A, double B) one, (double L, double A, double B) other) =>
        Math.Sqrt(Math.Pow(one.L - other.L, 2) + Math.Pow(one.A - other.A, 2) + Math.Pow(one.B - other.B, 2));

    /// <summary>OKLab (B. Ottosson, 2020) of a colour as seen with a kind of colour vision (G. Machado et al., 2009, severity 1).</summary>
    private static (double L, double A, double B) Lab(Color color, string vision)
    {
        static double Linear(byte channel) => channel <= 10 ? channel / 255.0 / 12.92 : Math.Pow(((channel / 255.0) + 0.055) / 1.055, 2.4);
        double[] light = [Linear(color.Red), Linear(color.Green), Linear(color.Blue)];
        double[][]? seen = vision switch
        {
            "protanopia" => [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
            "deuteranopia" => [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
            "tritanopia" => [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
            _ => null,
        };
        if (seen is not null)
        {
            light = [.. seen.Select(row => Math.Clamp(row.Zip(light, (factor, channel) => factor * channel).Sum(), 0, 1))];
        }

        var l = Math.Cbrt((0.4122214708 * light[0]) + (0.5363325363 * light[1]) + (0.0514459929 * light[2]));
        var m = Math.Cbrt((0.2119034982 * light[0]) + (0.6806995451 * light[1]) + (0.1073969566 * light[2]));
        var s = Math.Cbrt((0.0883024619 * light[0]) + (0.2817188376 * light[1]) + (0.6299787005 * light[2]));
        return (
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }
}
