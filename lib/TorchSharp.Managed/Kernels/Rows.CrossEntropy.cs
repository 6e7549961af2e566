using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>Cross-entropy of logits with class indices, without writing the log-probabilities. Targets that are probabilities go through <see cref="LogSoftmax{T}"/> instead.</content>
internal static unsafe partial class Rows
{
    /// <summary>
    /// The loss of each row: logits (rows, n), one target per row -> losses (rows). With l = log softmax(x), w the classes' weights (null: 1) and s the smoothing
    /// (C. Szegedy et al., 2016, section 7), loss = -(1 - s) w[target] l[target] - s / n sum(w l).
    /// A row whose target is <paramref name="ignoreIndex"/> has the loss 0.
    /// </summary>
    /// <param name="logits">The scores before softmax, (rows, n).</param>
    /// <param name="targets">The classes, one per row.</param>
    /// <param name="weights">The classes' weights (n), or null.</param>
    /// <param name="ignoreIndex">The target of rows that don't count.</param>
    /// <param name="smoothing">The share that all classes divide among them.</param>
    /// <param name="losses">The result, (rows).</param>
    /// <param name="rowWeights">w[target] of each row, 0 if ignored: their sum divides the losses' sum in a mean. Null if not wanted.</param>
    /// <param name="maxima">The greatest logit of each row, for the gradient.</param>
    /// <param name="logSums">ln sum e^(x - max) of each row, for the gradient.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="n">How many classes.</param>
    /// <returns>-1, or the first row whose target is neither a class nor ignored; the rows from there on are not computed.</returns>
    [MethodImpl(Kernel)]
    public static long CrossEntropy<T>(T* logits, long* targets, T* weights, long ignoreIndex, double smoothing, T* losses, T* rowWeights, T* maxima, T* logSums, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var share = T.CreateTruncating(smoothing / n);
        var rest = T.CreateTruncating(1 - smoothing);
        for (var row = 0L; row < rows; row++, logits += n)
        {
            var target = targets[row];
            if (target == ignoreIndex)
            {
                (losses[row], maxima[row], logSums[row]) = (T.Zero, T.Zero, T.Zero);
                if (rowWeights is not null)
                {
                    rowWeights[row] = T.Zero;
                }

                continue;
            }

            if (target < 0 || target >= n)
            {
                return row;
            }

            var maximum = Maximum(logits, n);
            var logSum = VectorMath.LogOf(Sums.OfTerms<T, Exponentials<T>>(new(logits, maximum), n));
            (maxima[row], logSums[row]) = (maximum, logSum);
            var weight = weights is null ? T.One : weights[target];
            if (rowWeights is not null)
            {
                rowWeights[row] = weight;
            }

            var loss = -(weight * (logits[target] - maximum - logSum));
            if (smoothing != 0)
            {
                var all = Sums.OfTerms<T, LogProbabilities<T>>(new(logits, weights, maximum, logSum), n);
                loss = (rest * loss) - (share * all);
            }

            losses[row] = loss;
        }

        return -1;
    }

    /// <summary>
    /// The gradient of the logits: p total - s / n w g - (1 - s) w[target] g at the target, with total = ((1 - s) w[target] + s / n sum(w)) g; g is the gradient of the row's loss.
    /// Ignored rows get zeros. result may be logits.
    /// </summary>
    /// <param name="logits">The scores before softmax, (rows, n).</param>
    /// <param name="targets">The classes, one per row, known to be valid.</param>
    /// <param name="weights">The classes' weights (n), or null.</param>
    /// <param name="ignoreIndex">The target of rows that don't count.</param>
    /// <param name="smoothing">The share that all classes divide among them.</param>
    /// <param name="maxima">What the forward pass kept.</param>
    /// <param name="logSums">What the forward pass kept.</param>
    /// <param name="g">The losses' gradient, <paramref name="gStride"/> elements from row to row: 1, or 0 where all rows have the same.</param>
    /// <param name="gStride">See g.</param>
    /// <param name="result">The gradient, (rows, n).</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="n">How many classes.</param>
    [MethodImpl(Kernel)]
    public static void CrossEntropyBackward<T>(
        T* logits, long* targets, T* weights, long ignoreIndex, double smoothing, T* maxima, T* logSums, T* g, long gStride, T* result, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var share = T.CreateTruncating(smoothing / n);
        var rest = T.CreateTruncating(1 - smoothing);
        var sumOfWeights = smoothing == 0 ? T.Zero : weights is null ? T.CreateTruncating(n) : Sums.Sum(weights, n);
        for (var row = 0L; row < rows; row++, logits += n, result += n)
        {
            var target = targets[row];
            if (target == ignoreIndex)
            {
                new Span<T>(result, checked((int)n)).Clear();
                continue;
            }

            var gradient = g[row * gStride];
            var atTarget = rest * (weights is null ? T.One : weights[target]) * gradient;
            var everywhere = share * gradient;
            var total = Vector512.Create(atTarget + (everywhere * sumOfWeights));
            VectorLoop.Run<T, CrossEntropyGradientLoop<T>>(
                new(logits, weights, result, Vector512.Create(maxima[row]), Vector512.Create(logSums[row]), total, Vector512.Create(everywhere), smoothing != 0), n);
            result[target] -= atTarget;
        }
    }

    private readonly struct CrossEntropyGradientLoop<T>(
        T* logits, T* weights, T* result, Vector512<T> maximum, Vector512<T> logSum, Vector512<T> total, Vector512<T> shared, bool smoothed) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count)
        {
            var value = VectorMath.ExpOf(VectorMath.LoadFirst(logits + index, count) - maximum - logSum) * total;
            if (smoothed)
            {
                value -= weights is null ? shared : shared * VectorMath.LoadFirst(weights + index, count);
            }

            VectorMath.StoreFirst(value, result + index, count);
        }
    }

    // w l.
    private readonly struct LogProbabilities<T>(T* x, T* weights, T maximum, T logSum) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count)
        {
            var value = VectorMath.LoadFirst(x + index, count) - Vector512.Create(maximum) - Vector512.Create(logSum);
            return VectorMath.KeepFirst(weights is null ? value : value * VectorMath.LoadFirst(weights + index, count), count);
        }
    }
}
