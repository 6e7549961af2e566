using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>The project's order of summation against a second, plain implementation of it, bit for bit.</summary>
public unsafe class SumsTests
{
    private static readonly int[] Lengths = [0, 1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 33, 64, 100, 4095, 4096, 4097, 4112, 8192, 12_345];

    /// <summary>The definition: blocks of 4,096, sixteen lanes, a tree, blocks added in double.</summary>
    internal static float PlainSum(ReadOnlySpan<float> x)
    {
        var total = 0.0;
        for (var start = 0; start < x.Length; start += 4096)
        {
            var lanes = new float[16];
            var block = x[start..Math.Min(x.Length, start + 4096)];
            for (var i = 0; i < block.Length; i++)
            {
                lanes[i % 16] += block[i];
            }

            for (var distance = 8; distance > 0; distance /= 2)
            {
                for (var i = 0; i < distance; i++)
                {
                    lanes[i] += lanes[i + distance];
                }
            }

            total = start == 0 ? lanes[0] : total + lanes[0];
        }

        return (float)total;
    }

    /// <inheritdoc cref="PlainSum(ReadOnlySpan{float})"/>
    internal static double PlainSum(ReadOnlySpan<double> x)
    {
        var total = 0.0;
        for (var start = 0; start < x.Length; start += 4096)
        {
            var lanes = new double[16];
            var block = x[start..Math.Min(x.Length, start + 4096)];
            for (var i = 0; i < block.Length; i++)
            {
                lanes[i % 16] += block[i];
            }

            for (var distance = 8; distance > 0; distance /= 2)
            {
                for (var i = 0; i < distance; i++)
                {
                    lanes[i] += lanes[i + distance];
                }
            }

            total = start == 0 ? lanes[0] : total + lanes[0];
        }

        return total;
    }

    internal static float[] Floats(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4))))];

    internal static double[] Doubles(Random random, int n) => [.. Enumerable.Range(0, n).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 4)))];

    [Fact]
    public void A_sum_has_the_bits_of_the_definition_at_any_offset_and_stride() => TestSeed.ForEachCase(Lengths.Length, (number, random) =>
    {
        var n = Lengths[number];
        foreach (var stride in new[] { 1, 2, 5 })
        {
            var offset = random.Next(5);
            var floats = Floats(random, offset + (n * stride) + 1);
            var doubles = Doubles(random, offset + (n * stride) + 1);
            var chosenFloats = Enumerable.Range(0, n).Select(i => floats[offset + (i * stride)]).ToArray();
            var chosenDoubles = Enumerable.Range(0, n).Select(i => doubles[offset + (i * stride)]).ToArray();
            fixed (float* x = floats)
            fixed (double* y = doubles)
            {
                Assert.Equal(PlainSum(chosenFloats), Sums.Sum(x + offset, n, stride));
                Assert.Equal(PlainSum(chosenDoubles), Sums.Sum(y + offset, n, stride));
            }
        }
    });

    [Fact]
    public void Squares_differences_and_products_are_rounded_and_then_summed_in_the_same_order() => TestSeed.ForEachCase(Lengths.Length, (number, random) =>
    {
        var n = Lengths[number];
        var floats = Floats(random, n);
        var others = Floats(random, n);
        var doubles = Doubles(random, n);
        fixed (float* x = floats, y = others)
        fixed (double* z = doubles)
        {
            Assert.Equal(PlainSum(floats.Select(v => v * v).ToArray()), Sums.SumOfSquares(x, n));
            Assert.Equal(PlainSum(floats.Select(v => (v - 0.3f) * (v - 0.3f)).ToArray()), Sums.SumOfSquares(x, n, 0.3f));
            Assert.Equal(PlainSum(floats.Zip(others, (a, b) => a * b).ToArray()), Sums.SumOfProducts(x, y, n));
            Assert.Equal(PlainSum(doubles.Select(v => (v - 0.3) * (v - 0.3)).ToArray()), Sums.SumOfSquares(z, n, 0.3));
        }
    });

    [Fact]
    public void The_sum_of_every_column_has_the_bits_of_the_sum_of_that_column() => TestSeed.ForEachCase(8, (number, random) =>
    {
        var rows = new[] { 0, 1, 15, 16, 17, 100, 4097, 9000 }[number];
        foreach (var columns in new[] { 1, 3, 16, 37, 130 })
        {
            var stride = columns + random.Next(3);
            var floats = Floats(random, (rows * stride) + columns);
            var doubles = Doubles(random, (rows * stride) + columns);
            var floatSums = new float[columns];
            var doubleSums = new double[columns];
            fixed (float* x = floats, result = floatSums)
            fixed (double* y = doubles, doubleResult = doubleSums)
            {
                Sums.SumRows(x, rows, columns, stride, result);
                Sums.SumRows(y, rows, columns, stride, doubleResult);
            }

            for (var column = 0; column < columns; column++)
            {
                Assert.Equal(PlainSum(Enumerable.Range(0, rows).Select(row => floats[(row * stride) + column]).ToArray()), floatSums[column]);
                Assert.Equal(PlainSum(Enumerable.Range(0, rows).Select(row => doubles[(row * stride) + column]).ToArray()), doubleSums[column]);
            }
        }
    });
}
