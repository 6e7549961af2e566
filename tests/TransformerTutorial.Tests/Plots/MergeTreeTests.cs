using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

public class MergeTreeTests
{
    private static readonly (string, string)[] Merges = [("e", "s"), ("x", "y"), ("es", "t"), ("l", "o")];

    [Fact]
    public void The_title_counts_the_merges_that_occur() =>
        Assert.Equal("3 merges turn 5 symbols into 2", MergeTree.Draw(["l", "o", "e", "s", "t"], Merges).Title);

    [Fact]
    public void Every_symbol_and_every_merge_is_a_labelled_point_at_its_step()
    {
        var points = (ScatterTrace)MergeTree.Draw(["l", "o", "e", "s", "t"], Merges).Traces[^1];

        Assert.Equal(["l", "o", "e", "s", "t", "es", "est", "lo"], points.Labels);
        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 3], points.Y.Numbers);
        Assert.Equal([0, 1, 2, 3, 4, 2.5, 3.25, 0.5], points.X.Numbers);
    }

    [Fact]
    public void Every_merge_has_two_branches_from_its_parts()
    {
        var figure = MergeTree.Draw(["l", "o", "e", "s", "t"], Merges);

        Assert.Equal(6, figure.Traces.Count - 1);
        Assert.Equal([2, 2.5], figure.Traces[0].X.Numbers);
        Assert.Equal([0, 1], figure.Traces[0].Y.Numbers);
    }

    [Fact]
    public void A_merge_that_occurs_twice_is_made_in_one_step()
    {
        var figure = MergeTree.Draw(["a", "b", "a", "b"], [("a", "b")]);

        Assert.Equal("1 merge turns 4 symbols into 2", figure.Title);
        Assert.Equal([0, 0, 0, 0, 1, 1], figure.Traces[^1].Y.Numbers);
    }

    [Fact]
    public void No_symbols_are_an_error() => Assert.Throws<ArgumentException>(() => MergeTree.Draw([], Merges));

    [Fact]
    public void A_word_that_nothing_merges_is_a_row_of_leaves() =>
        Assert.Equal("0 merges turn 2 symbols into 2", MergeTree.Draw(["q", "r"], Merges).Title);
}
