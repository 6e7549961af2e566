using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Softmax, its logarithm, and the logarithm of a sum of exponentials, along any dimension.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.softmax"/>
    public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    /// <inheritdoc cref="Tensor.log_softmax"/>
    public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);

    /// <inheritdoc cref="Tensor.logsumexp"/>
    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);

    public unsafe partial class Tensor
    {
        /// <summary>e^x / sum e^x along a dimension, computed from differences from the greatest element, so that nothing overflows.</summary>
        /// <param name="dim">The dimension along which the result sums to 1.</param>
        /// <param name="dtype">The floating-point type to convert the elements to first.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point and no type is given.</exception>
        public Tensor softmax(long dim, ScalarType? dtype = null)
        {
            using var source = FloatingSource("softmax", dtype);
            var d = Shapes.Dimension("softmax", dim, Rank);
            var result = source.dtype == ScalarType.Float32 ? RowMaps.Apply<float>(source, d, Rows.Softmax) : RowMaps.Apply<double>(source, d, Rows.Softmax);
            return Graph.Record("softmax", result, [source], [result], (node, gradient) =>
            {
                var y = node.Saved(0);
                if (!GradMode.Enabled)
                {
                    return [y.dtype == ScalarType.Float32 ? RowMaps.Apply<float>(y, gradient, d, Rows.SoftmaxBackward) : RowMaps.Apply<double>(y, gradient, d, Rows.SoftmaxBackward)];
                }

                return [y.mul(gradient.sub(gradient.mul(y).sum((ReadOnlySpan<long>)[d], keepdim: true)))];
            });
        }

        /// <summary>ln softmax(x) along a dimension: x - ln sum e^x, computed from differences from the greatest element.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="dtype">The floating-point type to convert the elements to first.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point and no type is given.</exception>
        public Tensor log_softmax(long dim, ScalarType? dtype = null)
        {
            using var source = FloatingSource("log_softmax", dtype);
            var d = Shapes.Dimension("log_softmax", dim, Rank);
            var result = source.dtype == ScalarType.Float32 ? RowMaps.Apply<float>(source, d, Rows.LogSoftmax) : RowMaps.Apply<double>(source, d, Rows.LogSoftmax);
            return Graph.Record("log_softmax", result, [source], [result], (node, gradient) =>
            {
                var y = node.Saved(0);
                if (!GradMode.Enabled)
                {
                    return [y.dtype == ScalarType.Float32 ? RowMaps.Apply<float>(y, gradient, d, Rows.LogSoftmaxBackward) : RowMaps.Apply<double>(y, gradient, d, Rows.LogSoftmaxBackward)];
                }

                return [gradient.sub(y.exp().mul(gradient.sum((ReadOnlySpan<long>)[d], keepdim: true)))];
            });
        }

        /// <summary>ln sum e^x along a dimension, computed from differences from the greatest element; of no elements it is -infinity.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point.</exception>
        public Tensor logsumexp(long dim, bool keepdim = false)
        {
            using var source = FloatingSource("logsumexp");
            var plan = new ReductionPlan("logsumexp", Shape, [dim]);
            var result = dtype == ScalarType.Float32
                ? Reductions.Reduce<float, float, Reductions.LogSumExpOf<float>>(source, plan, dtype, keepdim)
                : Reductions.Reduce<double, double, Reductions.LogSumExpOf<double>>(source, plan, dtype, keepdim);
            var kept = plan.Kept;
            return Graph.Record("logsumexp", result, [this], [this, result], (node, gradient) =>
                [node.Saved(0).sub(node.Saved(1).view(kept)).exp().mul(gradient.view(kept))]);
        }
    }
}
