using FsCheck.Fluent;
using TransformerTutorial.Plots;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Plots;

public sealed class NumberFormatTests
{
    // What d3-format itself writes for these, from its documentation and its own tests.
    [Theory]
    [InlineData(".0%", 0.123, "12%")]
    [InlineData(".1%", 0.0005, "0.1%")]
    [InlineData(",d", 1234567, "1,234,567")]
    [InlineData("d", -4.7, "−5")]
    [InlineData(".2f", 3.14159, "3.14")]
    [InlineData(".2f", -0.001, "0.00")]
    [InlineData("+.1f", 0.26, "+0.3")]
    [InlineData(".3s", 1500, "1.50k")]
    [InlineData("~s", 1500, "1.5k")]
    [InlineData(".2s", 0.0042, "4.2m")]
    [InlineData(".3s", 999.5e3, "1.00M")]
    [InlineData("s", 0, "0.00000")]
    [InlineData(".1e", 12345, "1.2e+4")]
    [InlineData(".3g", 0.00001, "0.0000100")]
    [InlineData(".3g", 1234567, "1.23e+6")]
    [InlineData(".3g", 0.12345, "0.123")]
    [InlineData(",", 12000, "12,000")]
    [InlineData("", 0.1, "0.1")]
    [InlineData("", 1e21, "1e+21")]
    [InlineData(".2", 1.23, "1.2")]
    public void A_number_is_written_as_d3_writes_it(string format, double value, string expected) => Assert.Equal(expected, NumberFormat.Parse(format).Write(value));

    [Theory]
    [InlineData("x")]
    [InlineData("%2f")]
    [InlineData(".2f\n")]
    [InlineData("$,.2f")]
    public void Another_format_is_an_error_that_quotes_it(string format) =>
        Assert.Contains($"'{format}'", Assert.Throws<ArgumentException>(() => NumberFormat.Parse(format)).Message, StringComparison.Ordinal);

    [Fact]
    public void Ticks_are_round_rising_within_the_range_and_not_too_many()
    {
        var ranges = Gen.Choose(0, int.MaxValue).Select(seed =>
        {
            var random = new Random(seed);
            var low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 9));
            return (Low: low, High: low + Math.Max(random.NextDouble() * Math.Pow(10, random.Next(-6, 9)), Math.Abs(low) * 1e-6), Most: random.Next(2, 12));
        });
        PropertyCheck.ForAll(ranges, range =>
        {
            var ticks = Ticks.Of(range.Low, range.High, logarithmic: false, range.Most);
            var room = (range.High - range.Low) * 1e-6;
            Assert.InRange(ticks.Count, 0, range.Most + 1);
            Assert.All(ticks, tick => Assert.InRange(tick, range.Low - room, range.High + room));
            Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.First < pair.Second));
            if (ticks.Count > 1)
            {
                var mantissa = (ticks[1] - ticks[0]) / Math.Pow(10, Math.Floor(Math.Log10((ticks[1] - ticks[0]) * 1.000001)));
                Assert.Contains(Math.Round(mantissa), new[] { 1.0, 2, 5, 10 });
                Assert.InRange(Math.Abs(mantissa - Math.Round(mantissa)), 0, 1e-3);
            }
        }, cases: 500);
    }

    [Theory]
    [InlineData(1, 1000, 10, new[] { 1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1000 })]
    [InlineData(1, 1e6, 8, new[] { 1, 10, 100, 1e3, 1e4, 1e5, 1e6 })]
    [InlineData(1, 1e12, 5, new[] { 1, 1e3, 1e6, 1e9, 1e12 })]
    [InlineData(20, 45, 6, new[] { 20.0, 25, 30, 35, 40, 45 })]
    public void Logarithmic_ticks_are_1_2_5_or_powers_of_ten(double low, double high, int most, double[] expected) =>
        Assert.Equal(expected, Ticks.Of(low, high, logarithmic: true, most).Select(tick => double.Round(tick, 6)));
}
