using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>Layer normalisation against its definition: forward bit for bit, gradients by formula and by finite differences.</summary>
public unsafe class RowsNormalizationTests
{
    private static readonly int[] Widths = [1, 2, 8, 15, 16, 33, 256, 5000];

    [Fact]
    public void Layer_normalisation_has_the_bits_of_its_definition() => TestSeed.ForEachCase(Widths.Length, (number, random) =>
    {
        var n = Widths[number];
        var (x, weight, bias) = (SumsTests.Floats(random, 3 * n), SumsTests.Floats(random, n), SumsTests.Floats(random, n));
        foreach (var (hasWeight, hasBias) in new[] { (true, true), (true, false), (false, true), (false, false) })
        {
            var (y, mean, rstd) = (new float[3 * n], new float[3], new float[3]);
            fixed (float* input = x, w = weight, b = bias, output = y, m = mean, r = rstd)
            {
                Rows.LayerNorm(input, hasWeight ? w : null, hasBias ? b : null, 1e-5, output, m, r, 3, n);
            }

            for (var row = 0; row < 3; row++)
            {
                var values = x.AsSpan(row * n, n).ToArray();
                var average = SumsTests.PlainSum(values) / n;
                var variance = SumsTests.PlainSum(values.Select(v => (v - average) * (v - average)).ToArray()) / n;
                var factor = 1 / MathF.Sqrt(variance + 1e-5f);
                Assert.Equal(average, mean[row]);
                Assert.Equal(factor, rstd[row]);
                for (var i = 0; i < n; i++)
                {
                    var z = (values[i] - average) * factor;
                    Assert.Equal((hasWeight, hasBias) switch
                    {
                        (true, true) => MathF.FusedMultiplyAdd(z, weight[i], bias[i]),
                        (true, false) => z * weight[i],
                        (false, true) => z + bias[i],
                        _ => z,
                    }, y[(row * n) + i]);
                }
            }
        }
    });

    [Fact]
    public void Gradients_are_those_of_finite_differences() => TestSeed.ForEachCase(6, (number, random) =>
    {
        const int rows = 5;
        var n = new[] { 2, 3, 8, 11, 16, 21 }[number];
        var (x, weight, bias, g) = (SumsTests.Doubles(random, rows * n), SumsTests.Doubles(random, n), SumsTests.Doubles(random, n), SumsTests.Doubles(random, rows * n));
        for (var i = 0; i < x.Length; i++)
        {
            // Of moderate size, so that differences are meaningful.
            (x[i], g[i]) = (random.NextDouble() * 4, random.NextDouble() - 0.5);
        }

        var (gradient, weightGradient, y, mean, rstd) = (new double[rows * n], new double[n], new double[rows * n], new double[rows], new double[rows]);
        double Loss(double[] input, double[] scale)
        {
            var (output, m, r) = (new double[rows * n], new double[rows], new double[rows]);
            fixed (double* i = input, w = scale, b = bias, o = output, mp = m, rp = r)
            {
                Rows.LayerNorm(i, w, b, 1e-5, o, mp, rp, rows, n);
            }

            return output.Zip(g, (a, c) => a * c).Sum();
        }

        fixed (double* input = x, w = weight, b = bias, output = y, m = mean, r = rstd, up = g, down = gradient, downWeight = weightGradient)
        {
            Rows.LayerNorm(input, w, b, 1e-5, output, m, r, rows, n);
            Rows.LayerNormBackward(input, w, m, r, up, down, rows, n);
            Rows.LayerNormWeightGradient(input, m, r, up, rows, n, 0, n / 2, downWeight);
            Rows.LayerNormWeightGradient(input, m, r, up, rows, n, n / 2, n, downWeight + (n / 2));
        }

        double Slope(double[] values, int i, Func<double> loss)
        {
            var kept = values[i];
            values[i] = kept + 1e-6;
            var above = loss();
            values[i] = kept - 1e-6;
            var below = loss();
            values[i] = kept;
            return (above - below) / 2e-6;
        }

        var size = 1e-5 * (1 + weight.Max(Math.Abs));
        Assert.All(Enumerable.Range(0, x.Length), i => Assert.Equal(Slope(x, i, () => Loss(x, weight)), gradient[i], size));
        Assert.All(Enumerable.Range(0, n), i => Assert.Equal(Slope(weight, i, () => Loss(x, weight)), weightGradient[i], size));
    });
}
