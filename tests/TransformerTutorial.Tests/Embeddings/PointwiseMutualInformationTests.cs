using TransformerTutorial.Embeddings;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>Counts, mutual information and the vectors made of it against a plain computation in NumPy; the truncated decomposition against the whole one.</summary>
[Collection(DefaultGenerator.Name)]
public sealed class PointwiseMutualInformationTests
{
    private static readonly string[][] Sentences = [.. ScientificPython.Part("mutualInformation").GetProperty("sentences").EnumerateArray().Select(GensimQueries.Texts)];

    [Fact]
    public void Counts_information_and_vectors_are_NumPys()
    {
        foreach (var row in ScientificPython.Part("mutualInformation").GetProperty("cases").EnumerateArray())
        {
            var counts = CooccurrenceCounts.Count(Sentences, row.Int("window"), row.Int("minimum"), row.GetProperty("weighted").GetBoolean());
            Assert.Equal(GensimQueries.Texts(row.GetProperty("words")), counts.Words);
            Assert.Equal(row.Numbers("frequency"), counts.WordCounts.Select(count => (double)count));
            ScientificPython.AssertClose(row.Numbers("counts"), counts.ToTensor(), 1e-11);
            Assert.Equal(row.Numbers("counts")[1], counts[counts.Words[0], counts.Words[1]], 1e-9);

            var (k, smoothing) = (row.Number("k"), row.Number("smoothing"));
            using var positive = PointwiseMutualInformation.Positive(counts, k, smoothing);
            ScientificPython.AssertClose(row.Numbers("positive"), positive, 1e-11);

            using var all = PointwiseMutualInformation.Of(counts, smoothing);
            using var seen = counts.ToTensor() > 0;
            Assert.Equal(ScientificPython.NumbersOf(seen), ScientificPython.NumbersOf(all.isfinite()));
            Assert.True(all.masked_select(~seen).isneginf().all().item<bool>());

            var vectors = PointwiseMutualInformation.Embed(counts, 4, k, smoothing, row.Number("exponent"));
            Assert.Equal(counts.Words, vectors.Words);
            using var rows = vectors.ToTensor().to(ScalarType.Float64);
            ScientificPython.AssertClose(row.Numbers("gram"), rows.matmul(rows.t()), 1e-6);
            ScientificPython.AssertClose(row.Numbers("singularValues")[..4], TruncatedSvd.Of(positive, 4).S, 1e-10);
        }
    }

    [Theory]
    [InlineData(120, 80, 10)]
    [InlineData(80, 120, 10)]
    [InlineData(300, 300, 20)]
    [InlineData(9, 30, 9)]
    [InlineData(4, 1, 1)]
    public void The_truncated_decomposition_is_the_beginning_of_the_whole_one(int rows, int columns, int count)
    {
        // Singular values that fall slowly, as those of word counts do: 1 / sqrt(i).
        manual_seed(4);
        var all = Math.Min(rows, columns);
        var left = linalg.qr(randn([rows, all], ScalarType.Float64)).Q;
        var right = linalg.qr(randn([columns, all], ScalarType.Float64)).Q;
        var values = arange(1, all + 1, ScalarType.Float64).rsqrt();
        var matrix = (left * values).matmul(right.t());
        var (u, s, vh) = TruncatedSvd.Of(matrix, count);
        Assert.Equal([rows, count], u.shape);
        Assert.Equal([count, columns], vh.shape);
        ScientificPython.AssertClose(ScientificPython.NumbersOf(eye(count)), u.t().matmul(u), 1e-12);
        ScientificPython.AssertClose(ScientificPython.NumbersOf(eye(count)), vh.matmul(vh.t()), 1e-12);
        ScientificPython.AssertClose(ScientificPython.NumbersOf(values.narrow(0, 0, count)), s, 1e-4);
        Assert.True((values.narrow(0, 0, count) - s).min().item<double>() > -1e-12);

        // What is left out is hardly more than it must be.
        var least = values.narrow(0, count, all - count).norm().item<double>();
        Assert.InRange((matrix - (u * s).matmul(vh)).norm().item<double>(), least - 1e-12, (least * 1.001) + 1e-12);
    }

    [Fact]
    public void Equal_singular_values_are_all_found()
    {
        var (_, s, _) = TruncatedSvd.Of(eye(100, dtype: ScalarType.Float64) * 3, 20);
        ScientificPython.AssertClose([.. Enumerable.Repeat(3.0, 20)], s, 1e-12);
        var (u, none, vh) = TruncatedSvd.Of(zeros([40, 30], ScalarType.Float64), 5);
        Assert.Equal(new double[5], ScientificPython.NumbersOf(none));
        Assert.True(u.isfinite().all().item<bool>() && vh.isfinite().all().item<bool>());
    }

    [Fact]
    public void Another_seed_finds_the_same_space()
    {
        manual_seed(1);
        using var matrix = randn([60, 60], ScalarType.Float64).pow(3);
        var (one, other) = (TruncatedSvd.Of(matrix, 5, seed: 1), TruncatedSvd.Of(matrix, 5, seed: 2));
        ScientificPython.AssertClose(ScientificPython.NumbersOf(one.S), other.S, 1e-5);
        ScientificPython.AssertClose(ScientificPython.NumbersOf((one.U * one.S).matmul(one.Vh)), (other.U * other.S).matmul(other.Vh), 1e-2);
        Assert.Equal(ScientificPython.NumbersOf(one.U), ScientificPython.NumbersOf(TruncatedSvd.Of(matrix, 5, seed: 1).U));
    }

    [Fact]
    public void The_documented_example_holds()
    {
        // "a" and "b" stand together twice among twelve pairs of neighbours, and take part in four each: log(2/12 / (4/12 · 4/12)) = log 1.5.
        var counts = CooccurrenceCounts.Count([["a", "b"], ["a", "b"], ["a", "c"], ["b", "c"], ["a", "d"], ["d", "b"]], window: 1);
        Assert.Equal((2, 1, 0), (counts["a", "b"], counts["c", "a"], counts["c", "d"]));
        using var information = PointwiseMutualInformation.Of(counts);
        Assert.Equal(Math.Log(1.5), information[0, 1].item<double>(), 1e-12);
    }

    [Fact]
    public void The_positive_table_is_the_other_without_its_negative_half()
    {
        var counts = CooccurrenceCounts.Count(Sentences);
        Assert.Equal(counts.Words, counts.Vocabulary.Words);
        Assert.Equal(Sentences.Sum(sentence => (long)sentence.Length), counts.Vocabulary.TotalCount);
        using var all = PointwiseMutualInformation.Of(counts);
        using var positive = PointwiseMutualInformation.Positive(counts);
        ScientificPython.AssertClose(ScientificPython.NumbersOf(all.clamp_min(0)), positive, 1e-12);
    }

    [Fact]
    public void Words_without_neighbours_have_no_information_and_a_vector_of_zeros()
    {
        var counts = CooccurrenceCounts.Count([["alone"], ["a", "b", "c"], ["alone"], ["alone"]], window: 2);
        using var positive = PointwiseMutualInformation.Positive(counts);
        Assert.Equal(new double[4], ScientificPython.NumbersOf(positive[counts.Words.ToList().IndexOf("alone")]));
        Assert.All(PointwiseMutualInformation.Embed(counts, 2)["alone"], number => Assert.Equal(0, number, 1e-7));
    }

    [Fact]
    public void Nothing_but_lone_words_makes_no_vectors_but_no_error_either()
    {
        var vectors = PointwiseMutualInformation.Embed(CooccurrenceCounts.Count([["a"], ["b"]]), 1);
        Assert.Equal([0f], vectors["a"]);
    }

    [Fact]
    public void Sentences_are_read_anew_for_each_pass()
    {
        var passes = 0;
        IEnumerable<IReadOnlyList<string>> Read(string last)
        {
            passes++;
            yield return ["a", "b"];
            yield return ["b", passes == 1 ? "a" : last];
        }

        Assert.Equal(2, CooccurrenceCounts.Count(Read("a"))["a", "b"]);
        passes = 0;
        Assert.Contains("changed", Assert.Throws<InvalidOperationException>(() => CooccurrenceCounts.Count(Read("new"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Contains("No word occurs at least 1 times among 0 words", Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count([])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count([["a"], []], minimumCount: 2));
        Assert.Contains("Sentence 2 is null", Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count([["a"], null!])).Message, StringComparison.Ordinal);
        Assert.Contains("Sentence 1, word 2: it is null", Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count([["a", null!]])).Message, StringComparison.Ordinal);
        Assert.Contains("10,001 words", Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count(Enumerable.Range(0, 10_001).Select(i => (string[])[$"w{i}"]))).Message, StringComparison.Ordinal);
        Assert.Contains("Sentence 1, word 2: it is empty", Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count([["a", ""]])).Message, StringComparison.Ordinal);
        Assert.Contains("lone surrogate", Assert.Throws<ArgumentException>(() => CooccurrenceCounts.Count([["a", "b\ud83d"]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CooccurrenceCounts.Count([["a"]], window: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => CooccurrenceCounts.Count([["a"]], minimumCount: 0));
        var counts = CooccurrenceCounts.Count([["a", "b"]]);
        Assert.Throws<KeyNotFoundException>(() => counts["a", "x"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => PointwiseMutualInformation.Of(counts, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => PointwiseMutualInformation.Positive(counts, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PointwiseMutualInformation.Embed(counts, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => PointwiseMutualInformation.Embed(counts, 1, exponent: -1));
        Assert.Throws<ArgumentException>(() => TruncatedSvd.Of(zeros(3), 1));
        Assert.Throws<ArgumentException>(() => TruncatedSvd.Of(tensor(new[] { 1, double.NaN }, [2, 1]), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TruncatedSvd.Of(zeros(3, 2), 3));
    }
}
