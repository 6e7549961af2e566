using CSharpKernel.Jupyter;
using FsCheck.Fluent;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Jupyter;

public sealed class CursorPositionTests
{
    // a, an emoji of two units, b, a Chinese character of one, an emoji, c.
    private const string Code = "a🙂b我🙂c";

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(4, 5)]
    [InlineData(5, 7)]
    [InlineData(6, 8)]
    [InlineData(-3, 0)]
    [InlineData(9, 8)]
    [InlineData(int.MaxValue, 8)]
    [InlineData(null, 8)]
    public void A_cursor_counts_code_points(int? cursor, int position) => Assert.Equal((position, false), new CursorPosition().Read("s", "me", Code, cursor));

    [Fact]
    public void A_client_that_was_seen_to_count_units_is_believed_from_then_on()
    {
        var cursor = new CursorPosition();
        Assert.Equal((3, false), cursor.Read("vscode", "me", Code, 2));
        Assert.Equal((7, true), cursor.Read("vscode", "me", Code, 7));
        Assert.Equal((2, true), cursor.Read("vscode", "me", Code, 2));
        Assert.Equal((8, true), cursor.Read("vscode", "me", Code, 99));
        Assert.Equal((3, false), cursor.Read("jupyter", "me", Code, 2));
    }

    [Fact]
    public void A_thousand_sessions_are_not_remembered()
    {
        var cursor = new CursorPosition();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal((8, true), cursor.Read($"{i}", "me", Code, 8));
        }

        Assert.Equal((3, true), cursor.Read("0", "me", Code, 3));
        Assert.Equal((4, false), cursor.Read("999", "me", Code, 3));
    }

    [Fact]
    public void Positions_are_those_that_counting_runes_gives() => PropertyCheck.ForAll(
        Gen.Elements("a", "b", "\n", "我", "🙂", "𝒳", "\u0301").ListOf().Select(parts => string.Concat(parts)),
        code =>
        {
            var runes = code.EnumerateRunes().ToList();
            for (var points = 0; points <= runes.Count; points++)
            {
                var units = runes.Take(points).Sum(rune => rune.Utf16SequenceLength);
                Assert.Equal((units, false), new CursorPosition().Read("s", "me", code, points));
                Assert.Equal(points, CursorPosition.Write(code, units, countsUnits: false));
                Assert.Equal(units, CursorPosition.Write(code, units, countsUnits: true));
            }
        });

    [Fact]
    public void A_user_name_that_is_a_UUID_counts_units() =>
        Assert.Equal((2, true), new CursorPosition().Read("s", "0b6dbb2f-0d4a-4f0e-9d5e-5a3a1c0f7b11", Code, 2));

    [Fact]
    public void Half_of_a_pair_is_a_code_point() => Assert.Equal((2, false), new CursorPosition().Read("s", "me", "\ud83dx\ude42", 2));
}
