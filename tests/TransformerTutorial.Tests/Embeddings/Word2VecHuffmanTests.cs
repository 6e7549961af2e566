using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>Huffman's tree against a slow construction that looks for the two lightest trees each time, and against what any such tree must be.</summary>
public class Word2VecHuffmanTests
{
    [Fact]
    public void Codes_are_those_of_the_slow_construction() => TestSeed.ForEachCase(60, (number, random) =>
    {
        var counts = Enumerable.Range(0, random.Next(2, 60)).Select(_ => (long)random.Next(number % 3 == 0 ? 4 : 10_000)).ToArray();
        var tree = new HuffmanTree(counts);
        var codes = SlowCodes(counts);
        for (var word = 0; word < counts.Length; word++)
        {
            Assert.Equal(codes[word], tree.CodeText(word));
        }
    });

    [Fact]
    public void No_code_begins_another_and_none_is_wasted() => TestSeed.ForEachCase(30, (_, random) =>
    {
        var tree = new HuffmanTree([.. Enumerable.Range(0, random.Next(2, 200)).Select(_ => (long)random.Next(1, 1000))]);
        string[] codes = [.. Enumerable.Range(0, tree.WordCount).Select(tree.CodeText).Order(StringComparer.Ordinal)];
        Assert.All(codes.Zip(codes.Skip(1)), pair => Assert.False(pair.Second.StartsWith(pair.First, StringComparison.Ordinal)));
        Assert.Equal(1, codes.Sum(code => Math.Pow(2, -code.Length)), 1e-12);
    });

    [Fact]
    public void A_path_leads_from_the_root_through_the_nodes_that_the_code_names()
    {
        var tree = new HuffmanTree([5, 3, 2, 2, 1]);
        Assert.Equal(4, tree.NodeCount);
        int[] path = tree.Path(4);
        bool[] code = tree.Code(4);
        Assert.Equal(path.Length, code.Length);
        Array.Clear(path);
        Assert.NotEqual(path, tree.Path(4));
        var children = new Dictionary<(int Node, bool Bit), int>();
        for (var word = 0; word < tree.WordCount; word++)
        {
            Assert.Equal(tree.NodeCount - 1, tree.Path(word)[0]);
            for (var i = 0; i < tree.Path(word).Length; i++)
            {
                var next = i + 1 < tree.Path(word).Length ? tree.Path(word)[i + 1] : -1 - word;
                var key = (tree.Path(word)[i], tree.Code(word)[i]);
                Assert.Equal(next, children.GetValueOrDefault(key, next));
                children[key] = next;
            }
        }

        // Every node has two children, and everything but the root is a child once.
        Assert.Equal(8, children.Count);
        Assert.Equal(8, children.Values.Distinct().Count());
    }

    [Fact]
    public void Eight_equal_words_have_three_bits_each()
    {
        var tree = new HuffmanTree([1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.All(Enumerable.Range(0, 8), word => Assert.Equal(3, tree.Path(word).Length));
    }

    [Fact]
    public void Too_few_words_and_negative_counts_are_refused()
    {
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => new HuffmanTree([3])).Message, StringComparison.Ordinal);
        Assert.Contains("negative", Assert.Throws<ArgumentException>(() => new HuffmanTree([3, -1])).Message, StringComparison.Ordinal);
    }

    private static string[] SlowCodes(long[] counts)
    {
        // Each tree: its weight, its words and the age by which ties are decided (words before nodes, later words first).
        var trees = counts.Select((count, word) => (Weight: count, Age: -word - 1, Words: new List<int> { word })).ToList();
        var codes = counts.Select(_ => "").ToArray();
        for (var age = 0; trees.Count > 1; age++)
        {
            var first = trees.MinBy(tree => (tree.Weight, tree.Age < 0 ? 0 : 1, tree.Age < 0 ? tree.Age + counts.Length : tree.Age));
            trees.Remove(first);
            var second = trees.MinBy(tree => (tree.Weight, tree.Age < 0 ? 0 : 1, tree.Age < 0 ? tree.Age + counts.Length : tree.Age));
            trees.Remove(second);
            first.Words.ForEach(word => codes[word] = "0" + codes[word]);
            second.Words.ForEach(word => codes[word] = "1" + codes[word]);
            trees.Add((first.Weight + second.Weight, age, [.. first.Words, .. second.Words]));
        }

        return codes;
    }
}
