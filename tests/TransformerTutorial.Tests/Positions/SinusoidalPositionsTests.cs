using TransformerTutorial.Positions;
using TransformerTutorial.Tests.Embeddings;
using static TorchSharp.torch;
using static TransformerTutorial.Tests.Positions.PositionVectors;

namespace TransformerTutorial.Tests.Positions;

/// <summary>Sinusoidal positions against NumPy, and every property that the paper and the study notes claim of them.</summary>
[Collection(DefaultGenerator.Name)]
public class SinusoidalPositionsTests
{
    [Fact]
    public void Codes_are_those_of_the_papers_formula()
    {
        foreach (var row in Cases("sinusoidal"))
        {
            var codes = new SinusoidalPositions(row.Int("width")).At(tensor(row.Numbers("positions")));
            ScientificPython.AssertClose(row.Numbers("codes"), codes, 4e-12);
        }
    }

    [Fact]
    public void Position_one_of_width_four_is_the_worked_example()
    {
        var code = Values(new SinusoidalPositions(4).Table(2, dtype: ScalarType.Float64)[1]);
        Assert.Equal([0.8415, 0.5403, 0.0100, 0.99995], code.Select(value => Math.Round(value, value > 0.99 ? 5 : 4)));
    }

    [Fact]
    public void The_other_layout_moves_columns_and_nothing_else()
    {
        var paper = new SinusoidalPositions(10).Table(20);
        var halves = new SinusoidalPositions(10, SinusoidalLayout.HalfSplit).Table(20);
        Assert.Equal(Bits(paper.index_select(1, tensor(new long[] { 0, 2, 4, 6, 8, 1, 3, 5, 7, 9 }))), Bits(halves));
    }

    [Fact]
    public void A_code_has_the_same_bits_in_a_sentence_of_any_length_and_at_any_offset()
    {
        var positions = new SinusoidalPositions(32);
        Assert.Equal(Bits(positions.Table(5)), Bits(positions.Table(10).narrow(0, 0, 5)));
        Assert.Equal(Bits(positions.Table(300).narrow(0, 123, 17)), Bits(positions.Table(17, offset: 123)));
    }

    [Fact]
    public void A_table_is_rounded_once_from_doubles()
    {
        var positions = new SinusoidalPositions(64);
        var exact = Values(positions.Table(4, 9_998, ScalarType.Float64));
        Assert.Equal(exact.Select(value => BitConverter.SingleToUInt32Bits((float)value)), Bits(positions.Table(4, 9_998)));
    }

    [Fact]
    public void Adding_keeps_the_width_and_equals_concatenating_before_a_map_of_two_identities()
    {
        var positions = new SinusoidalPositions(6);
        manual_seed(12);
        var x = randn(2, 4, 6);
        var sum = positions.AddTo(x, offset: 3);
        var both = cat([x, positions.Table(4, 3).expand(2, 4, 6)], -1);
        Assert.Equal([2L, 4, 6], sum.shape);
        Assert.Equal([2L, 4, 12], both.shape);
        Assert.Equal(Bits(nn.functional.linear(both, cat([eye(6), eye(6)], 1))), Bits(sum));
    }

    [Fact]
    public void A_sentence_with_its_pair_index_doubled_has_its_frequencies_squared()
    {
        const int Width = 32;
        var paper = new SinusoidalPositions(Width);
        var sample = new double[7, Width];
        for (var p = 0; p < 7; p++)
        {
            for (var i = 0; i < Width; i++)
            {
                var angle = p / Math.Pow(10000, 2.0 * (i - (i % 2)) / Width);
                sample[p, i] = i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
            }
        }

        for (var pair = 0; pair < Width / 2; pair++)
        {
            Assert.Equal(paper.Frequencies[pair] * paper.Frequencies[pair], Math.Pow(10000, -4.0 * pair / Width), 1e-12);
        }

        Assert.Equal(7, FlatColumns(paper.Table(7, dtype: ScalarType.Float64)));
        Assert.Equal(19, FlatColumns(tensor(sample)));

        static int FlatColumns(Tensor table) => Values(table.max(0).values - table.min(0).values).Count(range => range < 0.001);
    }

    [Theory]
    [InlineData(SinusoidalLayout.Interleaved)]
    [InlineData(SinusoidalLayout.HalfSplit)]
    public void One_rotation_leads_from_every_position_to_the_one_k_further_on(SinusoidalLayout layout)
    {
        var positions = new SinusoidalPositions(64, layout);
        foreach (var shift in new[] { 1L, 7, 4_096, -3 })
        {
            var matrix = positions.ShiftMatrix(shift);
            Assert.True(Greatest(matrix.matmul(matrix.t()) - eye(64, dtype: ScalarType.Float64)) < 1e-14);
            foreach (var start in new[] { 3L, 50, 2_000, 9_999 })
            {
                var moved = matrix.matmul(positions.At(tensor(start)));
                Assert.True(Greatest(moved - positions.At(tensor(start + shift))) < 1e-10);
            }
        }
    }

    [Fact]
    public void Angles_in_single_precision_lose_digits_as_positions_grow_and_ours_do_not()
    {
        var positions = new SinusoidalPositions(64);
        var frequencies = tensor(positions.Frequencies.ToArray()).to(ScalarType.Float32);
        var matrix = positions.ShiftMatrix(1);
        double Error(long p, bool isSingle)
        {
            Tensor Code(long position)
            {
                var angles = frequencies * (float)position;
                return (isSingle ? stack([angles.sin(), angles.cos()], -1).flatten() : positions.Table(1, position)[0]).to(ScalarType.Float64);
            }

            return Greatest(matrix.matmul(Code(p)) - Code(p + 1));
        }

        Assert.InRange(Enumerable.Range(0, 50).Max(p => Error(p, isSingle: true)), 5e-7, 6e-6);
        Assert.InRange(Enumerable.Range(9_900, 100).Max(p => Error(p, isSingle: true)), 2e-4, 2e-3);
        Assert.True(Enumerable.Range(9_900, 100).Max(p => Error(p, isSingle: false)) < 2e-7);
    }

    [Fact]
    public void The_distance_between_two_codes_depends_on_their_offset_alone()
    {
        var positions = new SinusoidalPositions(64);
        foreach (var shift in new[] { 1L, 10, 500 })
        {
            var starts = arange(0, 9_000, 1_000, dtype: ScalarType.Float64);
            var distances = Values((positions.At(starts + shift) - positions.At(starts)).norm(1));
            Assert.All(distances, distance => Assert.Equal(distances[0], distance, 1e-9));
        }
    }

    [Theory]
    [InlineData(64, 1.47)]
    [InlineData(512, 3.71)]
    public void No_two_of_ten_thousand_codes_are_the_same_and_neighbours_are_the_nearest(int width, double nearest)
    {
        // The distance depends on the offset alone, so the distances from position 0 are all there are.
        var codes = new SinusoidalPositions(width).Table(10_001, dtype: ScalarType.Float64);
        var distances = (codes.narrow(0, 1, 10_000) - codes[0]).norm(1);
        Assert.Equal(0, distances.argmin().item<long>());
        Assert.Equal(nearest, distances.min().item<double>(), 0.005);
    }

    [Fact]
    public void Each_column_is_one_sinusoid_and_the_frequencies_are_geometric_not_those_of_a_fourier_series()
    {
        var positions = new SinusoidalPositions(32);
        var codes = positions.Table(200, dtype: ScalarType.Float64);
        var cosines = tensor(positions.Frequencies.Select(Math.Cos).ToArray()).repeat_interleave(2);
        var error = codes.narrow(0, 2, 198) + codes.narrow(0, 0, 198) - (2 * cosines * codes.narrow(0, 1, 198));
        Assert.True(Greatest(error) < 1e-12);

        var frequencies = positions.Frequencies;
        var ratio = Math.Pow(10000, -2.0 / 32);
        Assert.All(frequencies.Zip(frequencies.Skip(1)), pair => Assert.Equal(ratio, pair.Second / pair.First, 1e-14));
        Assert.Equal(1, frequencies[0]);
        Assert.Equal(16, frequencies.Count);

        // A Fourier series' frequencies are multiples of the lowest and stand equally far apart; these are not, and do not.
        Assert.All(frequencies.SkipLast(2).Zip(frequencies.Skip(1), frequencies.Skip(2)), three => Assert.True(three.First - three.Second > 1.5 * (three.Second - three.Third)));
        Assert.Contains(frequencies, frequency => Math.Abs((frequency / frequencies[^1]) - Math.Round(frequency / frequencies[^1])) > 0.1);
        Assert.All(positions.Wavelengths.Zip(frequencies), pair => Assert.Equal(2 * Math.PI, pair.First * pair.Second, 1e-12));
    }

    [Fact]
    public void Fractional_and_negative_positions_have_codes()
    {
        var positions = new SinusoidalPositions(8);
        var half = positions.At(tensor(-0.5));
        var back = positions.ShiftMatrix(-1).matmul(positions.At(tensor(0.5)));
        Assert.True(Greatest(half - back) < 1e-15);
        Assert.Equal([2L, 3, 8], positions.At(zeros(2, 3)).shape);
    }

    [Fact]
    public void The_gradient_of_the_input_passes_unchanged_and_the_input_keeps_its_values()
    {
        var x = ones(2, 3, 4).requires_grad_();
        var g = arange(24f).reshape(2, 3, 4);
        (new SinusoidalPositions(4).AddTo(x) * g).sum().backward();
        Assert.Equal(Bits(g), Bits(x.grad!));
        Assert.Equal(Bits(ones(2, 3, 4)), Bits(x));
        Assert.Equal(ScalarType.Float64, new SinusoidalPositions(4).AddTo(ones(3, 4, ScalarType.Float64)).dtype);
        Assert.Equal([2L, 0, 4], new SinusoidalPositions(4).AddTo(ones(2, 0, 4), offset: 3).shape);
    }

#if !TUTORIAL_STACK_NUGET
    [Fact]
    public void A_table_has_these_bits_on_every_machine()
    {
        var bits = Bits(new SinusoidalPositions(64).Table(2_000, offset: 9_000));
        var doubles = Values(new SinusoidalPositions(64).Table(2_000, 9_000, ScalarType.Float64)).Select(BitConverter.DoubleToUInt64Bits);
        Assert.Equal("dfd15a11e5dfbb78", Fingerprint.Of(bits.Select(value => (ulong)value)));
        Assert.Equal("10d46b29172ec108", Fingerprint.Of(doubles));
    }
#endif

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        Assert.Contains("even", Assert.Throws<ArgumentOutOfRangeException>(() => new SinusoidalPositions(5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SinusoidalPositions(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SinusoidalPositions(4, (SinusoidalLayout)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SinusoidalPositions(4, frequencyBase: double.NaN));
        var positions = new SinusoidalPositions(4);
        var error = Assert.Throws<ArgumentException>(() => positions.AddTo(zeros(2, 3, 6)));
        Assert.Contains("width 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("(2, 3, 6)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => positions.AddTo(zeros(3, 4, ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => positions.AddTo(zeros(3, 4), -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => positions.Table(0));
    }
}
