using TransformerTutorial.Decoding;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Decoding;

/// <summary>Sampling: the words drawn are as frequent as the distribution says, cut and tempered.</summary>
public class SamplingTests
{
    private const int Draws = 20_000;

    // Ids 2 to 7 may be written.
    private static readonly double[] Probabilities = [0.05, 0.05, 0.30, 0.25, 0.2, 0.1, 0.04, 0.01];

    public static TheoryData<double, int?, double, double[]> Cuts => new()
    {
        { 1, null, 1, [0, 0, 0.30, 0.25, 0.2, 0.1, 0.04, 0.01] },
        { 1, 3, 1, [0, 0, 0.30, 0.25, 0.2, 0, 0, 0] },
        { 1, null, 0.6, [0, 0, 0.30, 0.25, 0, 0, 0, 0] },                                        // 0.55 of 0.9 is 0.61
        { 1, null, 0.62, [0, 0, 0.30, 0.25, 0.2, 0, 0, 0] },
        { 1, 2, 0.5, [0, 0, 0.30, 0, 0, 0, 0, 0] },                                              // 0.3 of the two that are left, 0.55, is 0.545
        { 0.5, null, 1, [0, 0, 0.0900, 0.0625, 0.04, 0.01, 0.0016, 0.0001] },                    // squares
        { 2, 4, 1, [0, 0, 0.547723, 0.5, 0.447214, 0.316228, 0, 0] },                            // roots
        { 1e-300, null, 1, [0, 0, 1, 0, 0, 0, 0, 0] },
        { 1e300, null, 1, [0, 0, 1, 1, 1, 1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Words_are_as_frequent_as_the_distribution_says(double temperature, int? topK, double topP, double[] weights)
    {
        var counts = Counts(new() { Temperature = temperature, TopK = topK, TopP = topP, Seed = 11 });
        var total = weights.Sum();
        var (statistic, freedom) = (0.0, -1);
        for (var id = 0; id < weights.Length; id++)
        {
            var expected = Draws * weights[id] / total;
            if (expected == 0)
            {
                Assert.Equal(0, counts[id]);
                continue;
            }

            statistic += (counts[id] - expected) * (counts[id] - expected) / expected;
            freedom++;
        }

        // The chi-square values that chance exceeds once in 1,000, for 0 to 5 degrees of freedom.
        double[] limits = [1e-9, 10.83, 13.82, 16.27, 18.47, 20.52];
        Assert.True(statistic <= limits[freedom], $"chi-square is {statistic:F1}, with {freedom} degrees of freedom at most {limits[freedom]}: {string.Join(' ', counts)}");
    }

    [Fact]
    public void The_same_seed_draws_the_same_words_and_streams_are_unlike()
    {
        var model = TableModel.Random(40, 4);
        var source = DecodeTests.Sources([3, 3, 3, 3]);
        SamplingOptions options = new() { Seed = 8, MaximumLength = 20 };
        var (once, again, other) = (Decode.Sample(model, source, options), Decode.Sample(model, source, options), Decode.Sample(model, source, options with { Seed = 9 }));
        DecodeTests.AssertSame(once.Best, again.Best);
        Assert.Equal(4, once.Best.Select(answer => string.Join(' ', answer.Ids)).Distinct().Count());
        Assert.NotEqual(once.Best.Select(answer => string.Join(' ', answer.Ids)), other.Best.Select(answer => string.Join(' ', answer.Ids)));
    }

    [Fact]
    public void Log_probabilities_are_the_models_own_whatever_it_is_drawn_from()
    {
        var answer = Decode.Sample(Model(), DecodeTests.Sources([1]), new() { Temperature = 0.5, TopK = 2, MaximumLength = 1, Seed = 3 })[0];
        Assert.Equal(Math.Log(Probabilities[answer.Steps[0].Written.Id]), answer.LogProbability, 6);
        Assert.Equal(5, answer.Steps[0].Candidates.Count);
    }

    [Fact]
    public void From_the_likeliest_word_alone_it_draws_what_greedy_decoding_takes()
    {
        var model = TableModel.Random(9, 2);
        var source = DecodeTests.Sources([1, 2, 3]);
        DecodeTests.AssertSame(Decode.Greedy(model, source).Best, Decode.Sample(model, source, new() { TopK = 1, Seed = 7 }).Best);
        DecodeTests.AssertSame(Decode.Greedy(model, source).Best, Decode.Sample(model, source, new() { TopP = 1e-9, Seed = 7 }).Best);
        DecodeTests.AssertSame(Decode.Greedy(model, source).Best, Decode.Sample(model, source, new() { Temperature = 1e-200, Seed = 7 }).Best);
    }

    private static TableModel Model() => new(8, (_, _) => [.. Probabilities.Select(probability => (float)Math.Log(probability))]);

    private static int[] Counts(SamplingOptions options)
    {
        var counts = new int[Probabilities.Length];
        using var source = ones(500, 1, dtype: ScalarType.Int64);
        for (var first = 0; first < Draws; first += 500)
        {
            foreach (var answer in Decode.Sample(Model(), source, options with { MaximumLength = 1, Streams = [.. Enumerable.Range(first, 500)], TopCandidates = 0 }).Best)
            {
                counts[answer.Steps[0].Written.Id]++;
            }
        }

        return counts;
    }
}
