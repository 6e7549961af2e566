using FsCheck.Fluent;
using TransformerTutorial.Attention;
using TransformerTutorial.Positions;
using TransformerTutorial.Testing;
using TransformerTutorial.Tests.Embeddings;
using static TorchSharp.torch;
using static TransformerTutorial.Tests.Positions.PositionVectors;

namespace TransformerTutorial.Tests.Positions;

/// <summary>Biases that look at the distance alone: T5's buckets and ALiBi.</summary>
[Collection(DefaultGenerator.Name)]
public class ScoreBiasTests
{
    [Fact]
    public void Buckets_are_those_of_the_published_function()
    {
        foreach (var row in Cases("t5"))
        {
            var buckets = new T5Buckets(row.GetProperty("bidirectional").GetBoolean(), row.Int("buckets"), row.Int("maximum"));
            var first = row.Int("from");
            var expected = row.GetProperty("found").EnumerateArray().Select(bucket => bucket.GetInt32()).ToArray();
            Assert.Equal(expected, Enumerable.Range(first, expected.Length).Select(distance => buckets.Of(distance)));
        }
    }

    [Fact]
    public void Buckets_begin_at_these_distances()
    {
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91], new T5Buckets(isBidirectional: true).FirstDistances);
        Assert.Equal([.. Enumerable.Range(0, 17), 19L, 21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113], new T5Buckets(isBidirectional: false).FirstDistances);
        var both = new T5Buckets(isBidirectional: true);
        Assert.Equal([3, 2, 1, 0, 17, 18], new long[] { -3, -2, -1, 0, 1, 2 }.Select(both.Of));
        Assert.Equal([8, 8, 9, 15, 15, 31], new long[] { -8, -11, -12, -91, long.MinValue, long.MaxValue }.Select(both.Of));
        Assert.Equal([0, 0], new long[] { 1, 500 }.Select(new T5Buckets(isBidirectional: false).Of));

        // 16 (10^9 / 16)^(1/16), with the root taken by doubles; a search one by one would not come to an end.
        var far = new T5Buckets(isBidirectional: false, maximumDistance: 1_000_000_000).FirstDistances;
        Assert.Equal(Enumerable.Range(1, 15).Select(step => (long)Math.Ceiling(16 * Math.Pow(1e9 / 16, step / 16.0))), far.Skip(17));
    }

    [Fact]
    public void Buckets_of_any_sizes_follow_the_formula_away_from_its_boundaries()
    {
        var sizes = from count in Gen.Choose(1, 40) from beyond in Gen.Choose(1, 400) from distance in Gen.Choose(0, 600) select (Side: count + 1, Beyond: beyond, Distance: distance);
        PropertyCheck.ForAll(sizes, size =>
        {
            var exact = size.Side / 2;
            var maximum = exact + size.Beyond;
            var place = exact + ((size.Side - exact) * Math.Log((double)Math.Max(size.Distance, 1) / exact) / Math.Log((double)maximum / exact));
            var bucket = new T5Buckets(isBidirectional: false, size.Side, maximum).Of(-size.Distance);
            var expected = size.Distance < exact ? size.Distance : Math.Min(Math.Floor(place), size.Side - 1);
            return bucket == expected || Math.Abs(place - Math.Round(place)) < 1e-9;
        });
    }

    [Fact]
    public void Each_query_and_key_get_the_number_of_their_bucket_and_head()
    {
        var positions = new T5Positions(3, new T5Buckets(isBidirectional: true, 8, 20));
        Assert.Equal(["relative_attention_bias.weight"], positions.state_dict().Keys);
        Assert.Equal(0, Greatest(positions.Bias(4, 4)));
        var table = arange(24f).reshape(8, 3);
        Set(positions, "relative_attention_bias.weight", table);
        var bias = positions.Bias(4, 9, offset: 5);
        Assert.Equal([3L, 4, 9], bias.shape);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 9; j++)
            {
                Assert.Equal(Bits(table[positions.Buckets.Of(j - i - 5)]), Bits(bias[.., i, j]));
            }
        }

        bias.sum().backward();
        var uses = Enumerable.Range(0, 36).GroupBy(place => positions.Buckets.Of((place % 9) - (place / 9) - 5)).ToDictionary(group => group.Key, group => (float)group.Count());
        Assert.Equal(Enumerable.Range(0, 8).Select(bucket => uses.GetValueOrDefault(bucket)), Numbers(positions.get_parameter("relative_attention_bias.weight")!.grad!.select(1, 2)));
    }

    [Fact]
    public void Slopes_are_those_of_the_paper_for_every_number_of_heads()
    {
        foreach (var row in Cases("alibi"))
        {
            var slopes = new AlibiPositions(row.Int("heads")).Slopes;
            ScientificPython.AssertClose(row.Numbers("slopes"), [.. slopes], 1e-15);
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(k => 1.0 / (1 << k)), new AlibiPositions(8).Slopes);
    }

    [Fact]
    public void A_key_loses_its_slope_times_its_distance()
    {
        var bias = new AlibiPositions(3).Bias(3, 5, offset: 2);
        var slopes = new AlibiPositions(3).Slopes;
        Assert.Equal([3L, 3, 5], bias.shape);
        for (var h = 0; h < 3; h++)
        {
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 5; j++)
                {
                    var expected = (float)-(slopes[h] * Math.Abs(i + 2 - j));
                    Assert.Equal(expected, bias[h, i, j].item<float>());
                }
            }
        }

        Assert.DoesNotContain(Numbers(bias), value => value == 0 && float.IsNegative(value));
        Assert.Equal(ScalarType.Float64, new AlibiPositions(2, ScalarType.Float64).Bias(1, 1).dtype);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_bias_depends_on_the_distance_alone_and_steps_have_the_bits_of_the_whole(string name)
    {
        var positions = Kind(name);
        var whole = positions.Bias(12, 12);
        Assert.Equal(Bits(whole.narrow(1, 0, 7).narrow(2, 0, 7)), Bits(whole.narrow(1, 5, 7).narrow(2, 5, 7)));
        for (var step = 0; step < 12; step++)
        {
            Assert.Equal(Bits(whole.narrow(1, step, 1).narrow(2, 0, step + 1)), Bits(positions.Bias(1, step + 1, offset: step)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_score_less_its_bias_is_the_plain_score(string name)
    {
        manual_seed(15);
        var attention = new MultiHeadAttention(8, 4);
        var x = randn(2, 6, 8);
        var bias = Kind(name).Bias(6, 6);
        Assert.True(Greatest(bias) > 0.1);
        var scores = attention.Attend(x, positions: new() { ScoreBias = Kind(name).Bias }).Scores!;
        Assert.True(Greatest(scores - bias - attention.Attend(x).Scores!) < 1e-6);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new T5Buckets(isBidirectional: true, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new T5Buckets(isBidirectional: true, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new T5Buckets(isBidirectional: false, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new T5Buckets(isBidirectional: false, 32, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new T5Positions(0, new T5Buckets(isBidirectional: false)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlibiPositions(0));
        foreach (var name in new[] { "T5", "ALiBi" })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Kind(name).Bias(0, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => Kind(name).Bias(1, 0));
            Assert.Throws<ArgumentOutOfRangeException>(() => Kind(name).Bias(1, 1, -1));
        }
    }

    public static TheoryData<string> Kinds() => ["T5", "ALiBi"];

    private static IScoreBias Kind(string name)
    {
        if (name == "ALiBi")
        {
            return new AlibiPositions(4);
        }

        manual_seed(5);
        var positions = new T5Positions(4, new T5Buckets(isBidirectional: true, 8, 20));
        Set(positions, "relative_attention_bias.weight", randn(8, 4));
        return positions;
    }
}
