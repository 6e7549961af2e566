using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>Layer normalisation (J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer Normalization", 2016), forward and backward. Other norms build on <see cref="Sums"/>.</content>
internal static unsafe partial class Rows
{
    /// <summary>
    /// y = (x - mean) rstd weight + bias in each row, with rstd = 1 / sqrt(variance + eps) and the variance in a second pass, divided by n;
    /// the last multiplication and addition are one fused step. mean and rstd (one per row) are kept for the gradient; weight and bias (n) may be null.
    /// </summary>
    [MethodImpl(Kernel)]
    public static void LayerNorm<T>(T* x, T* weight, T* bias, double eps, T* y, T* mean, T* rstd, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = T.CreateTruncating(n);
        var epsilon = T.CreateTruncating(eps);
        for (var row = 0L; row < rows; row++, x += n, y += n)
        {
            var average = Sums.Sum(x, n) / count;
            var factor = T.One / T.Sqrt((Sums.SumOfSquares(x, n, average) / count) + epsilon);
            (mean[row], rstd[row]) = (average, factor);
            VectorLoop.Run<T, NormalizeLoop<T>>(new(x, weight, bias, y, Vector512.Create(average), Vector512.Create(factor)), n);
        }
    }

    /// <summary>
    /// The gradient of x: rstd (h - average(h) - z average(h z)) in each row, with h = g weight and z = (x - mean) rstd; g is the gradient of y. result may be g; weight may be null.
    /// </summary>
    [MethodImpl(Kernel)]
    public static void LayerNormBackward<T>(T* x, T* weight, T* mean, T* rstd, T* g, T* result, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = T.CreateTruncating(n);
        for (var row = 0L; row < rows; row++, x += n, g += n, result += n)
        {
            var (direct, normalized) = Sums.OfTwoTerms<T, GradientTerms<T>>(new(x, g, weight, mean[row], rstd[row]), n);
            VectorLoop.Run<T, GradientLoop<T>>(
                new(x, g, weight, result, Vector512.Create(mean[row]), Vector512.Create(rstd[row]), Vector512.Create(direct / count), Vector512.Create(normalized / count)), n);
        }
    }

    /// <summary>
    /// The gradient of the weight: the sum of g z over all rows for the columns from <paramref name="from"/> to <paramref name="to"/>, which threads may divide
    /// among them; result[0] belongs to the first of them. The gradient of the bias is <see cref="Sums.SumRows{T}"/> of g.
    /// </summary>
    [MethodImpl(Kernel)]
    public static void LayerNormWeightGradient<T>(T* x, T* mean, T* rstd, T* g, long rows, long n, long from, long to, T* result)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Sums.OfColumnTerms<T, NormalizedColumns<T>>(new(x, g, mean, rstd, n), rows, from, to, result);

    private readonly struct NormalizeLoop<T>(T* x, T* weight, T* bias, T* y, Vector512<T> center, Vector512<T> scale) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count)
        {
            var value = (VectorMath.LoadFirst(x + index, count) - center) * scale;
            if (weight is not null)
            {
                value = bias is null ? value * VectorMath.LoadFirst(weight + index, count)
                    : VectorMath.FusedMultiplyAdd(value, VectorMath.LoadFirst(weight + index, count), VectorMath.LoadFirst(bias + index, count));
            }
            else if (bias is not null)
            {
                value += VectorMath.LoadFirst(bias + index, count);
            }

            VectorMath.StoreFirst(value, y + index, count);
        }
    }

    // h, and h z.
    private readonly struct GradientTerms<T>(T* x, T* g, T* weight, T mean, T rstd) : ITwoTerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<T> First, Vector512<T> Second) At(long index, long count)
        {
            var h = VectorMath.LoadFirst(g + index, count);
            if (weight is not null)
            {
                h *= VectorMath.LoadFirst(weight + index, count);
            }

            return (h, VectorMath.KeepFirst(h * ((VectorMath.LoadFirst(x + index, count) - Vector512.Create(mean)) * Vector512.Create(rstd)), count));
        }
    }

    private readonly struct GradientLoop<T>(
        T* x, T* g, T* weight, T* result, Vector512<T> center, Vector512<T> scale, Vector512<T> directAverage, Vector512<T> normalizedAverage) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count)
        {
            var h = VectorMath.LoadFirst(g + index, count);
            if (weight is not null)
            {
                h *= VectorMath.LoadFirst(weight + index, count);
            }

            var z = (VectorMath.LoadFirst(x + index, count) - center) * scale;
            VectorMath.StoreFirst(scale * VectorMath.FusedMultiplyAdd(-z, normalizedAverage, h - directAverage), result + index, count);
        }
    }

    // g z.
    private readonly struct NormalizedColumns<T>(T* x, T* g, T* mean, T* rstd, long n) : IColumnTerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long row, long column, long count)
        {
            var z = (VectorMath.LoadFirst(x + (row * n) + column, count) - Vector512.Create(mean[row])) * Vector512.Create(rstd[row]);
            return VectorMath.LoadFirst(g + (row * n) + column, count) * z;
        }
    }
}
