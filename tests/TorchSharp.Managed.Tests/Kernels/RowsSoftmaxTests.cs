using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>Softmax and its kin against their definitions in double, and what must not change a bit.</summary>
public unsafe class RowsSoftmaxTests
{
    private delegate void Kernel(float* x, float* y, long rows, long n);

    private static readonly int[] Widths = [1, 2, 7, 16, 17, 24, 33, 64, 100, 5000];

    [Fact]
    public void Softmax_and_log_softmax_agree_with_double() => TestSeed.ForEachCase(Widths.Length, (number, random) =>
    {
        var n = Widths[number];
        var x = Enumerable.Range(0, 3 * n).Select(_ => (float)((random.NextDouble() - 0.5) * 20)).ToArray();
        var (softmax, logSoftmax, logSumExp) = (new float[3 * n], new float[3 * n], new float[3]);
        fixed (float* input = x, y = softmax, z = logSoftmax, w = logSumExp)
        {
            Rows.Softmax(input, y, 3, n);
            Rows.LogSoftmax(input, z, 3, n);
            Rows.LogSumExp(input, w, 3, n);
        }

        for (var row = 0; row < 3; row++)
        {
            var exact = Math.Log(x.Skip(row * n).Take(n).Sum(v => Math.Exp(v)));
            Assert.Equal(exact, logSumExp[row], 2e-6);
            for (var i = row * n; i < (row + 1) * n; i++)
            {
                Assert.Equal(1, softmax[i] / Math.Exp(x[i] - exact), 4e-6);
                Assert.Equal(x[i] - exact, logSoftmax[i], 4e-6);
            }
        }
    });

    [Fact]
    public void A_softmax_in_double_sums_to_one_and_keeps_ratios() => TestSeed.ForEachCase(Widths.Length, (number, random) =>
    {
        var n = Widths[number];
        var x = Enumerable.Range(0, n).Select(_ => (random.NextDouble() - 0.5) * 20).ToArray();
        var y = new double[n];
        fixed (double* input = x, output = y)
        {
            Rows.Softmax(input, output, 1, n);
        }

        Assert.Equal(1, y.Sum(), 1e-14);
        Assert.All(Enumerable.Range(0, n), i => Assert.Equal(Math.Exp(x[i] - x[0]), y[i] / y[0], Math.Exp(x[i] - x[0]) * 1e-14));
    });

    [Fact]
    public void Masked_columns_behind_change_no_bit_of_the_others() => TestSeed.ForEachCase(20, (_, random) =>
    {
        var n = random.Next(1, 50);
        var wider = n + random.Next(1, 9000);
        var x = Enumerable.Range(0, wider).Select(i => i < n ? (float)((random.NextDouble() - 0.5) * 20) : float.NegativeInfinity).ToArray();
        foreach (var kernel in new Kernel[] { Rows.Softmax, Rows.LogSoftmax })
        {
            var (narrow, wide) = (new float[n], new float[wider]);
            fixed (float* input = x, y = narrow, z = wide)
            {
                kernel(input, y, 1, n);
                kernel(input, z, 1, wider);
            }

            Assert.Equal(narrow, wide[..n]);
        }
    });

    [Fact]
    public void Rows_without_a_finite_maximum_give_what_PyTorch_gives()
    {
        float[] x = [float.NegativeInfinity, float.NegativeInfinity, 1, float.PositiveInfinity, 1, float.NaN];
        var (y, z) = (new float[6], new float[3]);
        fixed (float* input = x, output = y, sums = z)
        {
            Rows.Softmax(input, output, 3, 2);
            Rows.LogSumExp(input, sums, 3, 2);
        }

        Assert.Equal(Enumerable.Repeat(float.NaN, 6), y);
        Assert.Equal([float.NegativeInfinity, float.PositiveInfinity, float.NaN], z);
    }

    [Fact]
    public void Gradients_agree_with_their_formulae_in_double() => TestSeed.ForEachCase(Widths.Length, (number, random) =>
    {
        var n = Widths[number];
        var x = Enumerable.Range(0, n).Select(_ => (float)((random.NextDouble() - 0.5) * 4)).ToArray();
        var g = Enumerable.Range(0, n).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var (y, z, gradient, logGradient) = (new float[n], new float[n], new float[n], new float[n]);
        fixed (float* input = x, output = y, logOutput = z, up = g, down = gradient, logDown = logGradient)
        {
            Rows.Softmax(input, output, 1, n);
            Rows.LogSoftmax(input, logOutput, 1, n);
            Rows.SoftmaxBackward(output, up, down, 1, n);
            Rows.LogSoftmaxBackward(logOutput, up, logDown, 1, n);
        }

        var total = x.Sum(v => Math.Exp(v));
        var softmax = x.Select(v => Math.Exp(v) / total).ToArray();
        var inner = softmax.Zip(g, (a, b) => a * b).Sum();
        var all = g.Sum(v => (double)v);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(softmax[i] * (g[i] - inner), gradient[i], 1e-6 * softmax[i]);
            Assert.Equal(g[i] - (softmax[i] * all), logGradient[i], 2e-6);
        }
    });
}
