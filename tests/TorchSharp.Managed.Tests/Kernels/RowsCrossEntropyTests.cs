using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>Cross-entropy against log-softmax and its definition in double, its gradient against finite differences.</summary>
public unsafe class RowsCrossEntropyTests
{
    private const int RowCount = 4;
    private const long Ignored = -100;

    [Fact]
    public void Without_extras_the_loss_is_minus_the_log_softmax_at_the_target_to_the_bit() => TestSeed.ForEachCase(8, (number, random) =>
    {
        var n = new[] { 1, 2, 15, 16, 17, 100, 5000, 8000 }[number];
        var x = SumsTests.Floats(random, RowCount * n);
        var targets = Enumerable.Range(0, RowCount).Select(_ => (long)random.Next(n)).ToArray();
        var (losses, maxima, logSums, logs) = (new float[RowCount], new float[RowCount], new float[RowCount], new float[RowCount * n]);
        fixed (float* input = x, loss = losses, m = maxima, s = logSums, l = logs)
        fixed (long* t = targets)
        {
            Assert.Equal(-1, Rows.CrossEntropy(input, t, null, Ignored, 0, loss, null, m, s, RowCount, n));
            Rows.LogSoftmax(input, l, RowCount, n);
        }

        Assert.All(Enumerable.Range(0, RowCount), row => Assert.Equal(-logs[(row * n) + targets[row]], losses[row]));
    });

    [Fact]
    public void Weights_smoothing_and_ignored_rows_follow_the_definition_and_gradients_finite_differences() => TestSeed.ForEachCase(24, (number, random) =>
    {
        var n = random.Next(2, 40);
        var smoothing = number % 2 == 0 ? 0 : 0.1;
        var weights = number % 3 == 0 ? null : Enumerable.Range(0, n).Select(_ => random.NextDouble() + 0.1).ToArray();
        var targets = Enumerable.Range(0, RowCount).Select(row => row == 2 ? Ignored : random.Next(n)).ToArray();
        var x = Enumerable.Range(0, RowCount * n).Select(_ => (random.NextDouble() - 0.5) * 6).ToArray();
        var g = Enumerable.Range(0, RowCount).Select(_ => random.NextDouble() - 0.5).ToArray();
        double[] Losses(double[] input, double[] maxima, double[] logSums, double[] rowWeights)
        {
            var losses = new double[RowCount];
            fixed (double* i = input, w = weights, l = losses, r = rowWeights, m = maxima, s = logSums)
            fixed (long* t = targets)
            {
                Assert.Equal(-1, Rows.CrossEntropy(i, t, w, Ignored, smoothing, l, r, m, s, RowCount, n));
            }

            return losses;
        }

        var (maxima, logSums, rowWeights, gradient) = (new double[RowCount], new double[RowCount], new double[RowCount], new double[RowCount * n]);
        var losses = Losses(x, maxima, logSums, rowWeights);
        fixed (double* i = x, w = weights, up = g, m = maxima, s = logSums, down = gradient)
        fixed (long* t = targets)
        {
            Rows.CrossEntropyBackward(i, t, w, Ignored, smoothing, m, s, up, 1, down, RowCount, n);
        }

        for (var row = 0; row < RowCount; row++)
        {
            var logits = x.Skip(row * n).Take(n).ToArray();
            var total = Math.Log(logits.Sum(Math.Exp));
            double Weight(long c) => weights?[c] ?? 1;
            var expected = targets[row] == Ignored ? 0
                : ((1 - smoothing) * Weight(targets[row]) * (total - logits[targets[row]])) + (smoothing / n * logits.Select((v, c) => Weight(c) * (total - v)).Sum());
            Assert.Equal(expected, losses[row], 1e-12);
            Assert.Equal(targets[row] == Ignored ? 0 : Weight(targets[row]), rowWeights[row]);
        }

        for (var i = 0; i < x.Length; i++)
        {
            var kept = x[i];
            x[i] = kept + 1e-6;
            var above = Losses(x, new double[RowCount], new double[RowCount], new double[RowCount]).Zip(g, (a, b) => a * b).Sum();
            x[i] = kept - 1e-6;
            var below = Losses(x, new double[RowCount], new double[RowCount], new double[RowCount]).Zip(g, (a, b) => a * b).Sum();
            x[i] = kept;
            Assert.Equal((above - below) / 2e-6, gradient[i], 1e-8);
        }
    });

    [Fact]
    public void A_target_that_is_no_class_is_reported_and_nothing_is_read_there()
    {
        var (x, losses, maxima, logSums) = (new float[6], new float[3], new float[3], new float[3]);
        long[] targets = [1, 2, 0];
        fixed (float* input = x, l = losses, m = maxima, s = logSums)
        fixed (long* t = targets)
        {
            Assert.Equal(1, Rows.CrossEntropy(input, t, null, Ignored, 0, l, null, m, s, 3, 2));
            targets[1] = -1;
            Assert.Equal(1, Rows.CrossEntropy(input, t, null, Ignored, 0, l, null, m, s, 3, 2));
            Assert.Equal(-1, Rows.CrossEntropy(input, t, null, -1, 0, l, null, m, s, 3, 2));
        }
    }
}
