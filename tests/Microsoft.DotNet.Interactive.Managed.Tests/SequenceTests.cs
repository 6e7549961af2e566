using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Managed.Tests;

public sealed class SequenceTests : FormatterTestBase
{
    public static TheoryData<object, string> SequencesOfScalars { get; } = new()
    {
        { new[] { 1, 2, 3 }, "[ 1, 2, 3 ]" },
        { new List<string> { "a", "b" }, "[ a, b ]" },
        { new[] { 1.5, 2 }.Select(x => x * 2), "[ 3, 4 ]" },
        { new HashSet<char> { 'x' }, "[ x ]" },
        { Array.Empty<int>(), "[ ]" },
        { new int?[] { 1, null }, "[ 1, <null> ]" },
        { new ReadOnlyMemory<int>([1, 2]), "[ 1, 2 ]" },
        { new Memory<double>([0.5]), "[ 0.5 ]" },
        { Enumerable.Range(0, 25), "[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ... (5 more) ]" },
        { Numbers(), "[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ... (more) ]" },
    };

    [Theory]
    [MemberData(nameof(SequencesOfScalars))]
    public void A_sequence_of_scalars_is_one_line(object value, string text)
    {
        Assert.Equal(["text/plain"], MimeTypesOf(value));
        Assert.Equal(text, Plain(value));
    }

    [Fact]
    public void An_array_of_objects_that_are_all_scalars_is_one_line_too()
    {
        Assert.Equal("[ 1, a, <null> ]", Plain(new object?[] { 1, "a", null }));
    }

    [Fact]
    public void A_sequence_of_records_is_a_table_with_numbers_to_the_right()
    {
        var value = new[] { new Word("low", 5), new Word("新的", 12) };
        Assert.Equal(["text/html", "text/plain"], MimeTypesOf(value));
        Assert.Equal(
            Lines(
                "index  Text  Count",
                "-----  ----  -----",
                "    0  low       5",
                "    1  新的     12"),
            Plain(value));
        Assert.Equal(
            "<table><thead><tr><th style=\"text-align:right\">index</th><th style=\"text-align:left\">Text</th><th style=\"text-align:right\">Count</th></tr></thead><tbody>"
            + "<tr><td style=\"text-align:right\">0</td><td style=\"text-align:left\">low</td><td style=\"text-align:right\">5</td></tr>"
            + "<tr><td style=\"text-align:right\">1</td><td style=\"text-align:left\">新的</td><td style=\"text-align:right\">12</td></tr></tbody></table>",
            Html(value));
    }

    [Fact]
    public void Tuples_anonymous_objects_and_pairs_have_their_members_as_columns()
    {
        Assert.Equal(Lines("index  Item1  Item2", "-----  -----  -----", "    0      1  a"), Plain(new[] { (1, "a") }));
        Assert.Equal(Lines("index  Name  Length", "-----  ----  ------", "    0  abc        3"), Plain(new[] { "abc" }.Select(text => new { Name = text, text.Length })));
        Assert.Equal(Lines("index  Key  Value", "-----  ---  -----", "    0  a        1"), Plain(new List<KeyValuePair<string, int>> { new("a", 1) }));
    }

    [Fact]
    public void A_dictionary_is_a_table_of_keys_and_values()
    {
        var value = new Dictionary<string, int> { ["the"] = 10, ["a"] = 7 };
        Assert.Equal(["text/html", "text/plain"], MimeTypesOf(value));
        Assert.Equal(Lines("key  value", "---  -----", "the     10", "a        7"), Plain(value));
        Assert.Equal("(empty)", Plain(new Dictionary<string, int>()));
        Assert.Equal("<i>(empty)</i>", Html(new Dictionary<string, int>()));
        Assert.Equal(Lines("key  value", "---  -----", "  1  x"), Plain(new System.Collections.Hashtable { [1] = "x" }));
    }

    [Fact]
    public void Groups_show_their_key()
    {
        Assert.Equal(
            Lines("index  Key  values", "-----  ---  --------", "    0    1  [ a, b ]", "    1    2  [ cc ]"),
            Plain(new[] { "a", "b", "cc" }.GroupBy(word => word.Length)));
    }

    [Fact]
    public void Items_of_different_types_share_a_table()
    {
        Assert.Equal(
            Lines("index  Text  Count  value", "-----  ----  -----  --------", "    0  a         1", "    1               [ 1, 2 ]", "    2               <null>"),
            Plain(new object?[] { new Word("a", 1), new[] { 1, 2 }, null }));
    }

    [Fact]
    public void A_table_ends_at_the_list_limit_and_says_so()
    {
        Formatter.ListExpansionLimit = 2;
        var words = Enumerable.Range(0, 5).Select(index => new Word("w", index));
        Assert.Equal(Lines("index  Text  Count", "-----  ----  -----", "    0  w         0", "    1  w         1", "... (more)"), Plain(words));
        Assert.Equal("... (3 more)", Plain(words.ToList()).Split('\n')[^1]);
        Assert.EndsWith("<i>... (3 more)</i>", Html(words.ToList()), StringComparison.Ordinal);
        Assert.Equal("[ 1, 2 ... (1 more) ]", Plain(new[] { 1, 2, 3 }));
    }

    [Fact]
    public void Arrays_of_arrays_have_a_line_for_each()
    {
        Assert.Equal(Lines("index  value", "-----  --------", "    0  [ 1, 2 ]", "    1  [ 3 ]"), Plain(new[] { new[] { 1, 2 }, new[] { 3 } }));
    }

    [Fact]
    public void A_matrix_is_shown_as_one()
    {
        Assert.Equal(["text/html", "text/plain"], MimeTypesOf(new int[2, 3]));
        Assert.Equal(Lines("     0   1   2", "-  ---  --  --", "0  1.5   2  30", "1    4  -5   6"), Plain(Matrix));
        Assert.Equal(Lines("      0  1", "----  -  -", "0, 0  1  2", "0, 1  3  4", "1, 0  5  6", "1, 1  7  8"), Plain(Cube));
        Formatter.ListExpansionLimit = 1;
        Assert.EndsWith("... (1 more rows, 2 more columns)", Plain(new int[2, 3]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sequence_that_throws_half_way_throws_where_it_is_shown()
    {
        Assert.Throws<DivideByZeroException>(() => Plain(new[] { 1, 0 }.Select(x => 1 / x)));
    }

    [Fact]
    public void DisplayTable_leaves_the_index_out()
    {
        FormattedValue? html = null;
        Formatter.Page = displayed =>
        {
            html = displayed.FormattedValues[0];
            return true;
        };
        new[] { new Word("a", 1) }.DisplayTable();
        Assert.Equal("text/html", html!.MimeType);
        Assert.DoesNotContain("index", html.Value, StringComparison.Ordinal);
        Assert.Contains(">Text</th>", html.Value, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Numbers()
    {
        for (var number = 0; ; number++)
        {
            yield return number;
        }
    }

    private static readonly double[,] Matrix =
    {
        { 1.5, 2, 30 },
        { 4, -5, 6 },
    };

    private static readonly int[,,] Cube =
    {
        { { 1, 2 }, { 3, 4 } },
        { { 5, 6 }, { 7, 8 } },
    };

    private sealed record Word(string Text, int Count);
}
