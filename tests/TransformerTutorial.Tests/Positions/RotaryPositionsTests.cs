using TransformerTutorial.Positions;
using TransformerTutorial.Tests.Embeddings;
using static TorchSharp.torch;
using static TransformerTutorial.Tests.Positions.PositionVectors;

namespace TransformerTutorial.Tests.Positions;

/// <summary>Rotary positions against PyTorch's products of complex numbers, and what the notes claim of them.</summary>
[Collection(DefaultGenerator.Name)]
public class RotaryPositionsTests
{
    [Fact]
    public void Pairs_turn_as_complex_numbers_do()
    {
        foreach (var row in Cases("rotary"))
        {
            var (width, rotary, offset) = (row.Int("width"), row.Int("rotary"), row.Int("offset"));
            var x = row.Tensor("x", 2, 3, width);
            foreach (var (layout, name) in new[] { (RotaryLayout.Interleaved, "interleaved"), (RotaryLayout.HalfSplit, "halfSplit") })
            {
                var positions = new RotaryPositions(width, layout, row.Number("base"), rotary);
                ScientificPython.AssertClose(row.Numbers(name), positions.Rotate(x, offset), offset > 10_000 ? 4e-11 : 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(RotaryLayout.Interleaved)]
    [InlineData(RotaryLayout.HalfSplit)]
    public void Turning_is_a_product_with_an_orthogonal_matrix_of_blocks_two_wide(RotaryLayout layout)
    {
        var positions = new RotaryPositions(8, layout, rotaryWidth: 6);
        manual_seed(3);
        var x = randn(2, 3, 5, 8, ScalarType.Float64);
        var turned = positions.Rotate(x, offset: 40);
        for (var t = 0; t < 5; t++)
        {
            var matrix = positions.Matrix(40 + t);
            Assert.True(Greatest(turned.select(2, t) - x.select(2, t).matmul(matrix.t())) < 1e-14);
            Assert.True(Greatest(matrix.matmul(matrix.t()) - eye(8, dtype: ScalarType.Float64)) < 1e-15);
            Assert.True(Greatest(matrix.t() - positions.Matrix(-40 - t)) < 1e-15);
            Assert.Equal(3 * 4 + 2, Values(matrix).Count(value => value != 0));
        }

        Assert.Equal([1.0, 1.0], Values(positions.Matrix(9).diagonal()).Skip(6));
        Assert.Equal(Values(x.narrow(-1, 6, 2)), Values(turned.narrow(-1, 6, 2)));
    }

    [Fact]
    public void Pair_k_turns_by_its_frequency_ten_thousand_to_minus_2k_over_d()
    {
        var positions = new RotaryPositions(8);
        Assert.Equal([1.0, 0.1, 0.01, 0.001], positions.Frequencies.Select(frequency => Math.Round(frequency, 15)));
        var matrix = positions.Matrix(7);
        for (var pair = 0; pair < 4; pair++)
        {
            var angle = 7 * Math.Pow(10000, -2.0 * pair / 8);
            Assert.Equal(Math.Cos(angle), matrix[2 * pair, 2 * pair].item<double>(), 1e-15);
            Assert.Equal(-Math.Sin(angle), matrix[2 * pair, (2 * pair) + 1].item<double>(), 1e-15);
            Assert.Equal(Math.Sin(angle), matrix[(2 * pair) + 1, 2 * pair].item<double>(), 1e-15);
        }
    }

    [Theory]
    [InlineData(RotaryLayout.Interleaved)]
    [InlineData(RotaryLayout.HalfSplit)]
    public void Scores_depend_on_the_distance_alone(RotaryLayout layout)
    {
        var positions = new RotaryPositions(16, layout);
        manual_seed(16);
        var (q, k) = (randn(1, 16, ScalarType.Float64), randn(1, 16, ScalarType.Float64));
        double Score(long m, long n) => positions.Rotate(q, m).matmul(positions.Rotate(k, n).t()).item<double>();
        for (var m = 0; m < 8; m++)
        {
            for (var n = 0; n < 8; n++)
            {
                Assert.Equal(Score(Math.Max(m - n, 0), Math.Max(n - m, 0)), Score(m + 1_000, n + 1_000), 1e-11);
            }
        }

        Assert.Equal(q.matmul(k.t()).item<double>(), Score(77, 77), 1e-12);
        Assert.True(Math.Abs(Score(5, 2) - Score(5, 3)) > 1e-3);
    }

    [Fact]
    public void A_score_is_the_sum_over_pairs_with_an_angle_of_their_own_and_the_notes_cosine_misses_it()
    {
        var positions = new RotaryPositions(8);
        manual_seed(22);
        var (q, k) = (randn(1, 8, ScalarType.Float64), randn(1, 8, ScalarType.Float64));
        var (a, b) = (Values(q), Values(k));
        var missed = 0.0;
        foreach (var (m, n) in new[] { (5, 2), (3, 11), (40, 0) })
        {
            var score = positions.Rotate(q, m).matmul(positions.Rotate(k, n).t()).item<double>();
            var (exact, withoutOwnAngles) = (0.0, 0.0);
            for (var pair = 0; pair < 4; pair++)
            {
                var lengths = Math.Sqrt(((a[2 * pair] * a[2 * pair]) + (a[(2 * pair) + 1] * a[(2 * pair) + 1])) * ((b[2 * pair] * b[2 * pair]) + (b[(2 * pair) + 1] * b[(2 * pair) + 1])));
                var own = Math.Atan2(a[(2 * pair) + 1], a[2 * pair]) - Math.Atan2(b[(2 * pair) + 1], b[2 * pair]);
                var turned = (m - n) * positions.Frequencies[pair];
                exact += lengths * Math.Cos(own + turned);
                withoutOwnAngles += lengths * Math.Cos(turned);
            }

            Assert.Equal(exact, score, 1e-12);
            missed = Math.Max(missed, Math.Abs(withoutOwnAngles - score));
        }

        Assert.True(missed > 0.1);
    }

    [Fact]
    public void Turning_the_words_instead_of_queries_and_keys_gives_scores_that_change_with_the_place()
    {
        var positions = new RotaryPositions(8);
        manual_seed(31);
        var (x, y) = (randn(1, 8, ScalarType.Float64), randn(1, 8, ScalarType.Float64));
        var (wq, wk) = (randn(8, 8, ScalarType.Float64), randn(8, 8, ScalarType.Float64));
        var places = new[] { (5, 2), (15, 12), (105, 102) };
        var projected = places.Select(place => positions.Rotate(x.matmul(wq), place.Item1).matmul(positions.Rotate(y.matmul(wk), place.Item2).t()).item<double>()).ToArray();
        var words = places.Select(place => positions.Rotate(x, place.Item1).matmul(wq).matmul(positions.Rotate(y, place.Item2).matmul(wk).t()).item<double>()).ToArray();
        Assert.All(projected, score => Assert.Equal(projected[0], score, 1e-11));
        Assert.True(new[] { words[0] - words[1], words[0] - words[2], words[1] - words[2] }.All(difference => Math.Abs(difference) > 0.01));
    }

    [Fact]
    public void One_layout_becomes_the_other_when_dimensions_are_put_in_another_order()
    {
        var order = tensor(new long[] { 0, 2, 4, 6, 1, 3, 5, 7 });
        manual_seed(4);
        var x = randn(2, 2, 6, 8);
        var neighbours = new RotaryPositions(8).Rotate(x, 3).index_select(-1, order);
        var halves = new RotaryPositions(8, RotaryLayout.HalfSplit).Rotate(x.index_select(-1, order), 3);
        Assert.Equal(Bits(neighbours), Bits(halves));
        Assert.NotEqual(Bits(new RotaryPositions(8).Rotate(x, 3)), Bits(new RotaryPositions(8, RotaryLayout.HalfSplit).Rotate(x, 3)));
    }

    [Theory]
    [InlineData(RotaryLayout.Interleaved)]
    [InlineData(RotaryLayout.HalfSplit)]
    public void Steps_have_the_bits_of_the_whole_and_gradients_turn_back(RotaryLayout layout)
    {
        var positions = new RotaryPositions(6, layout, rotaryWidth: 4);
        manual_seed(8);
        var x = randn(2, 3, 9, 6).requires_grad_();
        var whole = positions.Rotate(x);
        for (var t = 0; t < 9; t++)
        {
            Assert.Equal(Bits(whole.narrow(2, t, 1)), Bits(positions.Rotate(x.narrow(2, t, 1), offset: t)));
        }

        var g = randn(2, 3, 9, 6);
        (whole * g).sum().backward();
        for (var t = 0; t < 9; t++)
        {
            Assert.True(Greatest(x.grad!.select(2, t) - g.select(2, t).matmul(positions.Matrix(t).to(ScalarType.Float32))) < 1e-6);
        }
    }

#if !TUTORIAL_STACK_NUGET
    [Fact]
    public void Turned_vectors_have_these_bits_on_every_machine()
    {
        var x = arange(3 * 500 * 32, dtype: ScalarType.Float32).reshape(3, 500, 32) / 7;
        Assert.Equal("1ca092822f8865c7", Fingerprint.Of(Bits(new RotaryPositions(32).Rotate(x, 4_000)).Select(value => (ulong)value)));
    }
#endif

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryPositions(7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryPositions(8, rotaryWidth: 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryPositions(8, rotaryWidth: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryPositions(8, frequencyBase: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryPositions(8, (RotaryLayout)5));
        Assert.Equal(4, new RotaryPositions(7, rotaryWidth: 4).RotaryWidth);
        var error = Assert.Throws<ArgumentException>(() => new RotaryPositions(8).Rotate(zeros(2, 3, 6)));
        Assert.Contains("width 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("(2, 3, 6)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RotaryPositions(8).Rotate(zeros(8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RotaryPositions(8).Rotate(zeros(2, 8), -1));
    }
}
