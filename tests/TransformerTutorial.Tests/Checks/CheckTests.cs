using System.Text.Json;
using TransformerTutorial.Checks;
using TransformerTutorial.Display;

namespace TransformerTutorial.Tests.Checks;

public class CheckTests
{
    [Fact]
    public void Equal_values_pass_and_are_shown_with_what_was_measured()
    {
        var result = Check.Equal("bytes of 中", 3, 3);

        Assert.Equal("✓ bytes of 中: 3 (expected 3)", result.ToString());
    }

    [Fact]
    public void Unequal_values_throw_and_name_both()
    {
        var failure = Assert.Throws<CheckFailedException>(() => Check.Equal("bytes of 𠀀", 3, 4));

        Assert.Contains("bytes of 𠀀: 4 (expected 3)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_name_the_first_difference()
    {
        var failure = Assert.Throws<CheckFailedException>(() => Check.Equal("ids", new[] { 1, 2, 3, 4 }, new[] { 1, 2, 30, 40 }));

        Assert.Contains("element [2] is 30, expected 3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_of_different_lengths_name_both_shapes()
    {
        var failure = Assert.Throws<CheckFailedException>(() => Check.Equal("ids", new[] { 1, 2 }, new[] { 1, 2, 3 }));

        Assert.Contains("shape (3), expected (2)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_of_different_shapes_differ_even_with_equal_elements()
    {
        var failure = Assert.Throws<CheckFailedException>(() => Check.Close("weights", new double[2, 3], new double[3, 2]));

        Assert.Contains("shape (3, 2), expected (2, 3)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_in_a_matrix_is_named_by_row_and_column()
    {
        var failure = Assert.Throws<CheckFailedException>(() =>
            Check.Close("weights", new double[,] { { 1, 2 }, { 3, 4 } }, new double[,] { { 1, 2 }, { 3.5, 4 } }));

        Assert.Contains("element [1, 0] is 3.5, expected 3", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100.0, 101.9, 0.02, true)]
    [InlineData(100.0, 102.1, 0.02, false)]
    [InlineData(-100.0, -98.1, 0.02, true)]
    [InlineData(0.0, 1e-9, 0.02, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0.02, true)]
    [InlineData(1.0, double.NaN, 0.02, false)]
    public void Close_means_relative_to_the_expected_value(double expected, double measured, double tolerance, bool holds) =>
        Assert.Equal(holds, Evidence.Close("x", expected, measured, tolerance).Holds);

    [Fact]
    public void Bounds_are_strict_where_their_names_say_so()
    {
        Assert.False(Evidence.MoreThan("x", 2, 2).Holds);
        Assert.True(Evidence.AtLeast("x", 2, 2).Holds);
        Assert.False(Evidence.LessThan("x", 2, 2).Holds);
        Assert.True(Evidence.AtMost("x", 2, 2).Holds);
        Assert.False(Evidence.AtLeast("x", 2, double.NaN).Holds);
        Assert.False(Evidence.AtMost("x", 2, double.NaN).Holds);
    }

    [Fact]
    public void Numbers_are_rounded_where_they_hold_and_exact_where_they_do_not()
    {
        Assert.Equal("x: 3.7 (less than 15)", Evidence.LessThan("x", 15, 3.7037).ToString());
        Assert.Equal("x: 1,234.57 (more than 0.1)", Evidence.MoreThan("x", 0.1, 1234.5678).ToString());
        Assert.Equal("x: 1.00001 (expected 1 within 1e-6 of its size)", Evidence.Close("x", 1, 1.00001).ToString());
    }

    [Fact]
    public void Equal_sequences_do_not_differ()
    {
        Assert.False(Evidence.Differ("merges", new[] { "es", "est" }, new[] { "es", "est" }).Holds);
        Assert.True(Evidence.Differ("merges", new[] { "es", "est" }, new[] { "es", "st" }).Holds);
    }

    [Fact]
    public void Whole_numbers_have_separators_alone_and_none_in_a_list()
    {
        Assert.Equal("lines: 12,345 (expected 12,345)", Evidence.Equal("lines", 12_345, 12_345).ToString());
        Assert.Equal("ids: [12345, 6] and [7] (must differ)", Evidence.Differ("ids", [12_345, 6], new[] { 7 }).ToString());
    }

    [Fact]
    public void A_check_of_nothing_is_an_error() => Assert.Throws<ArgumentException>(() => Check.All());

    [Fact]
    public void A_failed_check_lists_every_fact_that_fails()
    {
        var failure = Assert.Throws<CheckFailedException>(() =>
            Check.All(Evidence.Equal("a", 1, 2), Evidence.Equal("b", 1, 1), Evidence.True("c", false)));

        Assert.Contains("a: 2 (expected 1); c: no (must be so)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("b:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_shows_its_verdict_its_correction_and_its_numbers()
    {
        var claim = Claim.Holds("001-14", Evidence.Equal("bytes of 中", 3, 3));

        Assert.StartsWith("Claim 001-14: holds with conditions\nThe notes: ", claim.ToString(), StringComparison.Ordinal);
        Assert.Contains("What holds: Common Chinese characters", claim.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("✓ bytes of 中: 3 (expected 3)", claim.ToString(), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(claim.Write(MimeTypes.Claim)!);
        Assert.Equal("001-14", json.RootElement.GetProperty("id").GetString());
        Assert.True(json.RootElement.GetProperty("facts")[0].GetProperty("holds").GetBoolean());
    }

    [Fact]
    public void A_claim_that_the_numbers_do_not_bear_out_throws_with_its_wording()
    {
        var failure = Assert.Throws<CheckFailedException>(() => Claim.Holds("001-14", Evidence.Equal("bytes of 中", 3, 2)));

        Assert.Contains("Claim 001-14 (Byte-level BPE starts from UTF-8 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Contains("bytes of 中: 2 (expected 3)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chapter_cannot_give_a_claim_another_verdict_than_the_catalogue() =>
        Assert.Contains("has the verdict 'corrected'", Assert.Throws<ArgumentException>(() => Claim.Holds("002-05", Evidence.True("x", true))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_claim_is_named() =>
        Assert.Contains("No claim '999-99'", Assert.Throws<ArgumentException>(() => Claim.Holds("999-99", Evidence.True("x", true))).Message, StringComparison.Ordinal);

    [Fact]
    public void Cards_escape_what_a_value_says() =>
        Assert.Contains("&lt;b&gt;", Check.Equal("<b>", "<b>", "<b>").Write(MimeTypes.Html)!, StringComparison.Ordinal);
}
