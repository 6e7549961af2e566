using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Variances and standard deviations, computed in two passes: the mean, then the mean of the squared differences from it.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.std(bool)"/>
    public static Tensor std(Tensor input, bool unbiased = true) => input.std(unbiased);

    /// <inheritdoc cref="Tensor.std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor std(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor std(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor std(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor std(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std_mean(bool)"/>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, bool unbiased = true) => input.std_mean(unbiased);

    /// <inheritdoc cref="Tensor.std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.std_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var(bool)"/>
    public static Tensor var(Tensor input, bool unbiased = true) => input.var(unbiased);

    /// <inheritdoc cref="Tensor.var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor var(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor var(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor var(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static Tensor var(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var_mean(bool)"/>
    public static (Tensor var, Tensor mean) var_mean(Tensor input, bool unbiased = true) => input.var_mean(unbiased);

    /// <inheritdoc cref="Tensor.var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor var, Tensor mean) var_mean(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor var, Tensor mean) var_mean(Tensor input, ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor var, Tensor mean) var_mean(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor var, Tensor mean) var_mean(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var_mean(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="Tensor.var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
    public static (Tensor var, Tensor mean) var_mean(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => input.var_mean(dimensions, unbiased, keepdim, type);

    public partial class Tensor
    {
        /// <summary>The standard deviation of all elements: a single number.</summary>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        public Tensor std(bool unbiased = true) => std(ReadOnlySpan<long>.Empty, unbiased);

        /// <summary>Standard deviations over dimensions. Of a single element they are NaN if unbiased.</summary>
        /// <param name="dimensions">The dimensions; none for all.</param>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        /// <param name="keepdim">Whether the dimensions stay in the shape, with length 1.</param>
        /// <param name="type">The floating-point type to convert the elements to first.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point.</exception>
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Deviation("std", dimensions, unbiased, keepdim, type);

        /// <inheritdoc cref="std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        /// <inheritdoc cref="std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);

        /// <inheritdoc cref="std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((ReadOnlySpan<long>)[dim.Item1, dim.Item2], unbiased, keepdim, type);

        /// <inheritdoc cref="std(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std((ReadOnlySpan<long>)[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        /// <summary>The standard deviation and the mean of all elements.</summary>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => std_mean(ReadOnlySpan<long>.Empty, unbiased);

        /// <summary>Standard deviations and means over dimensions.</summary>
        /// <param name="dimensions">The dimensions; none for all.</param>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        /// <param name="keepdim">Whether the dimensions stay in the shape, with length 1.</param>
        /// <param name="type">The floating-point type to convert the elements to first.</param>
        public (Tensor std, Tensor mean) std_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            (Deviation("std_mean", dimensions, unbiased, keepdim, type), mean(dimensions.ToArray(), keepdim, type));

        /// <inheritdoc cref="std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std_mean((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        /// <inheritdoc cref="std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor std, Tensor mean) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std_mean((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);

        /// <inheritdoc cref="std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor std, Tensor mean) std_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std_mean((ReadOnlySpan<long>)[dim.Item1, dim.Item2], unbiased, keepdim, type);

        /// <inheritdoc cref="std_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor std, Tensor mean) std_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std_mean((ReadOnlySpan<long>)[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        /// <summary>The variance of all elements: a single number.</summary>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        public Tensor var(bool unbiased = true) => var(ReadOnlySpan<long>.Empty, unbiased);

        /// <summary>Variances over dimensions. Of a single element they are NaN if unbiased.</summary>
        /// <param name="dimensions">The dimensions; none for all.</param>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        /// <param name="keepdim">Whether the dimensions stay in the shape, with length 1.</param>
        /// <param name="type">The floating-point type to convert the elements to first.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point.</exception>
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Variance("var", dimensions, unbiased, keepdim, type);

        /// <inheritdoc cref="var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        /// <inheritdoc cref="var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);

        /// <inheritdoc cref="var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((ReadOnlySpan<long>)[dim.Item1, dim.Item2], unbiased, keepdim, type);

        /// <inheritdoc cref="var(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var((ReadOnlySpan<long>)[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        /// <summary>The variance and the mean of all elements.</summary>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        public (Tensor var, Tensor mean) var_mean(bool unbiased = true) => var_mean(ReadOnlySpan<long>.Empty, unbiased);

        /// <summary>Variances and means over dimensions (the first of the two is named std in TorchSharp).</summary>
        /// <param name="dimensions">The dimensions; none for all.</param>
        /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
        /// <param name="keepdim">Whether the dimensions stay in the shape, with length 1.</param>
        /// <param name="type">The floating-point type to convert the elements to first.</param>
        public (Tensor std, Tensor mean) var_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            (Variance("var_mean", dimensions, unbiased, keepdim, type), mean(dimensions.ToArray(), keepdim, type));

        /// <inheritdoc cref="var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor std, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var_mean((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        /// <inheritdoc cref="var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor var, Tensor mean) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var_mean((ReadOnlySpan<long>)[dim], unbiased, keepdim, type);

        /// <inheritdoc cref="var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor var, Tensor mean) var_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var_mean((ReadOnlySpan<long>)[dim.Item1, dim.Item2], unbiased, keepdim, type);

        /// <inheritdoc cref="var_mean(ReadOnlySpan{long}, bool, bool, ScalarType?)"/>
        public (Tensor var, Tensor mean) var_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var_mean((ReadOnlySpan<long>)[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

        private Tensor Variance(string operation, ReadOnlySpan<long> dimensions, bool unbiased, bool keepdim, ScalarType? type)
        {
            using var source = FloatingSource(operation, type);
            var plan = new ReductionPlan(operation, Shape, dimensions);
            var divisor = Math.Max(0.0, plan.Length - (unbiased ? 1 : 0));
            var result = Reductions.Variance(source, plan, divisor, keepdim);
            var (kept, reduced) = (plan.Kept, plan.Reduced);
            return Graph.Record(operation, result, [source], [source], (node, gradient) => [VarianceGradient(node.Saved(0), gradient.view(kept), reduced, divisor)]);
        }

        private Tensor Deviation(string operation, ReadOnlySpan<long> dimensions, bool unbiased, bool keepdim, ScalarType? type)
        {
            using var source = FloatingSource(operation, type);
            var plan = new ReductionPlan(operation, Shape, dimensions);
            var divisor = Math.Max(0.0, plan.Length - (unbiased ? 1 : 0));
            using var variance = Reductions.Variance(source, plan, divisor, keepdim);
            var result = variance.sqrt();
            var (kept, reduced) = (plan.Kept, plan.Reduced);
            return Graph.Record(operation, result, [source], [source, result], (node, gradient) =>
            {
                // Where nothing deviates, the gradient is zero.
                var deviation = node.Saved(1);
                var ofVariance = gradient.div(deviation.mul(2)).masked_fill(deviation.eq(0), 0);
                return [VarianceGradient(node.Saved(0), ofVariance.view(kept), reduced, divisor)];
            });
        }

        private static Tensor VarianceGradient(Tensor x, Tensor gradient, long[] reduced, double divisor) =>
            x.sub(x.mean(reduced, keepdim: true)).mul(gradient.mul(2 / divisor));
    }
}
