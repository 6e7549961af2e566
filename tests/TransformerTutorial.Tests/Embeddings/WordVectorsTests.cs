using TransformerTutorial.Data;
using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>Searches against a plain second implementation, ties, and bad input.</summary>
public sealed class WordVectorsTests
{
    [Fact]
    public void Searches_find_what_a_plain_search_in_double_finds()
    {
        TestSeed.ForEachCase(30, (_, random) =>
        {
            var (count, dimensions) = (random.Next(2, 60), random.Next(1, 70));
            var table = RandomTable(random, count, dimensions);
            var word = table.Words[random.Next(count)];
            var found = table.MostSimilar(word, random.Next(1, 80));
            var expected = table.Words.Where(other => other != word).OrderByDescending(other => Cosine(table[word], table[other])).ToList();
            Assert.Equal(expected.Take(found.Count), found.Select(similar => similar.Word));
            Assert.All(found, similar => Assert.Equal(Cosine(table[word], table[similar.Word]), similar.Similarity, 1e-6));

            var query = Enumerable.Range(0, dimensions).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
            var near = table.MostSimilar(query, 3, [word]);
            Assert.Equal(table.Words.Where(other => other != word).OrderByDescending(other => Cosine(query, table[other])).Take(3), near.Select(similar => similar.Word));
            using var asTensor = tensor(query).to(ScalarType.Float64);
            Assert.Equal(near, table.MostSimilar(asTensor, 3, [word]));
        });
    }

    [Fact]
    public void Equal_similarities_keep_the_order_of_the_rows()
    {
        var table = new WordVectors(["query", "opposite", "far", "near", "far too", "near too"], [1, 0, -3, 0, 0, 1, 2, 0, 0, 5, 7, 0], 2);
        Assert.Equal(["near", "near too", "far", "far too", "opposite"], table.MostSimilar("query", 9).Select(similar => similar.Word));
        Assert.Equal(["near"], table.MostSimilar("query", 1).Select(similar => similar.Word));
        Assert.Equal([1f, 1f, 0f, 0f, -1f], table.MostSimilar("query", 5).Select(similar => similar.Similarity));
    }

    [Fact]
    public void A_vector_of_zeros_is_similar_to_nothing()
    {
        var table = new WordVectors(["zero", "one", "minus one"], [0, 0, 1, 1, -1, -1], 2);
        Assert.Equal([0f, 0f], table.MostSimilar("zero").Select(similar => similar.Similarity));
        Assert.Equal(0, table.Similarity("zero", "one"));
        Assert.Equal(["one", "minus one"], table.MostSimilar([0f, 0f], 2, ["zero"]).Select(similar => similar.Word));
    }

    [Fact]
    public void Lengths_do_not_matter_however_great_or_small()
    {
        var table = new WordVectors(["a", "b", "c"], [1e38f, 2e38f, 1e-44f, 2e-44f, 2, -1], 2);
        Assert.Equal(1, table.Similarity("a", "b"), 1e-6);
        Assert.Equal(0, table.Similarity("a", "c"), 1e-6);
    }

    [Fact]
    public void An_analogy_that_holds_exactly_is_found_by_both_methods()
    {
        // Axes: royal, female, old, person. Words of a pair differ by the same step, and all people have the same length.
        string[] words = ["man", "woman", "king", "queen", "prince", "princess", "apple"];
        var table = new WordVectors(words, [-1, -1, 1, 2, -1, 1, 1, 2, 1, -1, 1, 2, 1, 1, 1, 2, 1, -1, -1, 2, 1, 1, -1, 2, -1, 0, -1, 0], 4);
        foreach (var method in Enum.GetValues<AnalogyMethod>())
        {
            Assert.Equal("queen", table.Analogy("man", "woman", "king", 1, method)[0].Word);
            Assert.Equal("prince", table.Analogy("queen", "king", "princess", 1, method)[0].Word);
            Assert.DoesNotContain(table.Analogy("man", "woman", "king", 9, method), similar => similar.Word is "man" or "woman" or "king");
            Assert.Equal(4, table.Analogy("man", "woman", "king", 9, method).Count);
        }

        Assert.Equal("queen", table.MostSimilar(["king", "woman"], ["man"], 1)[0].Word);
        Assert.Equal("apple", table.DoesNotMatch(["king", "queen", "apple", "prince"]));
    }

    [Fact]
    public void Questions_with_unknown_words_count_apart()
    {
        var table = new WordVectors(["a", "b", "c", "d", "e"], [1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, -1, -1, -1], 3);
        AnalogyQuestion[] questions = [new("one", "a", "b", "c", "d"), new("one", "a", "b", "c", "e"), new("two", "a", "b", "c", "x"), new("one", "x", "b", "c", "d"), new("two", "a", "b", "a", "b")];
        var report = table.EvaluateAnalogies(questions);
        Assert.Equal((3, 1, 2), (report.Asked, report.Right, report.Unknown));
        Assert.Equal(1.0 / 3, report.Accuracy);

        // Two of five words may be answered to the first two; to the last one three, but never b.
        Assert.Equal((0.5 + 0.5 + 0) / 3, report.ChanceLevel, 1e-12);
        Assert.Equal(["one", "two"], report.Relations.Select(relation => relation.Relation));
        Assert.Equal((2, 1), (report.Relations[0].Report.Asked, report.Relations[0].Report.Right));
        Assert.Equal("d", report.Answers[0].Answer);
        Assert.Null(report.Answers[2].Answer);

        // The first four rows only: e is neither known nor an answer.
        var first = table.EvaluateAnalogies(questions, firstRows: 4);
        Assert.Equal((2, 1, 3), (first.Asked, first.Right, first.Unknown));
        Assert.Equal(0.5, first.ChanceLevel);
        Assert.True(double.IsNaN(table.EvaluateAnalogies([]).Accuracy));
        Assert.True(double.IsNaN(table.EvaluateAnalogies([]).ChanceLevel));
    }

    [Fact]
    public void Nothing_is_left_to_answer_where_the_question_uses_up_all_words()
    {
        var report = new WordVectors(["a", "b", "c"], [1, 2, 3], 1).EvaluateAnalogies([new("r", "a", "b", "c", "a")]);
        Assert.Equal((0, 1), (report.Asked, report.Unknown));
    }

    [Fact]
    public void Tensors_go_in_and_come_out()
    {
        using var values = arange(6, ScalarType.Float64).reshape(2, 3).t();
        var table = WordVectors.FromTensor(["a", "b", "c"], values);
        Assert.Equal([1f, 4f], table["b"]);
        using var back = table.ToTensor();
        Assert.Equal([3, 2], back.shape);
        Assert.Equal(ScalarType.Float32, back.dtype);
        Assert.Equal(values.contiguous().data<double>().ToArray().Select(value => (float)value), back.data<float>().ToArray());
        back.zero_();
        Assert.Equal([1f, 4f], table["b"]);
    }

    [Fact]
    public void A_table_does_not_change_with_what_it_was_made_from()
    {
        string[] words = ["a", "b"];
        float[] values = [1, 2];
        var table = new WordVectors(words, values, 1);
        (words[0], values[0]) = ("x", 9);
        table["b"][0] = 7;
        Assert.Equal((1f, 2f), (table["a"][0], table["b"][0]));
        Assert.False(table.Contains("x"));
    }

    [Fact]
    public void Bad_tables_are_refused()
    {
        Check("no words", () => new WordVectors([], [], 2));
        Check("need 4 numbers, not 3", () => new WordVectors(["a", "b"], [1, 2, 3], 2));
        Check("'a' in words[2] stands in words[0] already", () => new WordVectors(["a", "b", "a"], [1, 2, 3], 1));
        Check("words[1] is null", () => new WordVectors(["a", null!], [1, 2], 1));
        Check("number 2 of the vector of 'b' (words[1]) is NaN", () => new WordVectors(["a", "b"], [1, 2, 3, float.NaN], 2));
        Check("is Infinity", () => new WordVectors(["a"], [float.PositiveInfinity], 1));
        Check("[2, d], not [3, 1]", () => WordVectors.FromTensor(["a", "b"], zeros(3, 1)));
        Check("[2, d], not [2]", () => WordVectors.FromTensor(["a", "b"], zeros(2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordVectors(["a"], [], 0));
        Assert.Throws<ArgumentNullException>(() => new WordVectors(null!, [], 1));
        Assert.Throws<ArgumentNullException>(() => new WordVectors(["a"], null!, 1));

        static void Check(string part, Func<object> create) => Assert.Contains(part, Assert.Throws<ArgumentException>(create).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_queries_are_refused()
    {
        var table = new WordVectors(["a", "b", "c"], [1, 2, 3, 4, 5, 6], 2);
        Assert.Contains("'x'", Assert.Throws<KeyNotFoundException>(() => table["x"]).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => table.MostSimilar("x"));
        Assert.Throws<KeyNotFoundException>(() => table.Similarity("a", "x"));
        Assert.Throws<KeyNotFoundException>(() => table.Analogy("a", "b", "x"));
        Assert.Throws<KeyNotFoundException>(() => table.DoesNotMatch(["a", "b", "x"]));
        Assert.Throws<ArgumentException>(() => table.DoesNotMatch(["a", "b"]));
        Assert.Throws<ArgumentException>(() => table.MostSimilar((string[])[], []));
        Assert.Throws<ArgumentException>(() => table.MostSimilar([1f, 2f, 3f]));
        Assert.Throws<ArgumentException>(() => table.MostSimilar([1f, float.NaN]));
        Assert.Throws<ArgumentException>(() => table.MostSimilar([1f, float.NegativeInfinity]));
        Assert.Throws<ArgumentException>(() => table.MostSimilar(zeros(1, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.MostSimilar("a", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Analogy("a", "b", "c", -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Row(3));
        Assert.Throws<ArgumentNullException>(() => table.MostSimilar((string)null!));
    }

    [Fact]
    public void A_subset_has_the_words_asked_for_in_that_order()
    {
        var table = new WordVectors(["a", "b", "c"], [1, 2, 3, 4, 5, 6], 2).Subset(["c", "a"]);
        Assert.Equal(["c", "a"], table.Words);
        Assert.Equal([5f, 6f], table.Row(0).ToArray());
        Assert.Equal([1f, 2f], table["a"]);
        Assert.Throws<KeyNotFoundException>(() => table.Subset(["a", "b"]));
        Assert.Equal("words", Assert.Throws<ArgumentNullException>(() => table.Subset(null!)).ParamName);
        Assert.Throws<ArgumentException>(() => table.Subset(["a", "a"]));
        Assert.Throws<ArgumentException>(() => table.Subset([]));
    }

    [Fact]
    public void Inner_products_have_the_bits_of_sixteen_running_sums()
    {
        TestSeed.ForEachCase(60, (_, random) =>
        {
            var length = random.Next(1, 130);
            var (a, b) = (Numbers(), Numbers());
            var sums = new float[16];
            for (var i = 0; i < length; i++)
            {
                sums[i % 16] = MathF.FusedMultiplyAdd(a[i], b[i], sums[i % 16]);
            }

            for (var half = 8; half > 0; half /= 2)
            {
                for (var i = 0; i < half; i++)
                {
                    sums[i] += sums[i + half];
                }
            }

            Assert.Equal(BitConverter.SingleToInt32Bits(sums[0]), BitConverter.SingleToInt32Bits(InnerProduct.Of(a, b)));

            float[] Numbers() => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
        });
    }

    [Fact]
    public void Inner_products_do_not_read_beyond_the_end()
    {
        for (var length = 1; length < 70; length++)
        {
            var padded = Enumerable.Repeat(float.NaN, length + 32).ToArray();
            padded.AsSpan(16, length).Fill(1);
            Assert.Equal(length, InnerProduct.Of(padded.AsSpan(16, length), padded.AsSpan(16, length)));
        }
    }

    private static WordVectors RandomTable(Random random, int count, int dimensions) =>
        new([.. Enumerable.Range(0, count).Select(i => $"word{i}")], [.. Enumerable.Range(0, count * dimensions).Select(_ => (float)(random.NextDouble() - 0.5))], dimensions);

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b).Sum(pair => (double)pair.First * pair.Second) / Math.Sqrt(a.Sum(x => (double)x * x)) / Math.Sqrt(b.Sum(x => (double)x * x));
}
