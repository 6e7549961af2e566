using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Norms of vectors: (sum |x|^p)^(1/p), the number of elements that are not zero for p = 0, the greatest or least |x| for p = infinity or -infinity.
public static partial class torch
{
    /// <summary>The square root of the sum of all squares.</summary>
    public static Tensor norm(Tensor input) => input.norm();

    /// <inheritdoc cref="Tensor.norm(float)"/>
    public static Tensor norm(Tensor input, float p = 2f) => input.norm(p);

    /// <inheritdoc cref="Tensor.norm(int, bool, float)"/>
    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2f) => input.norm(dimension, keepdim, p);

    public partial class Tensor
    {
        /// <summary>The p-norm of all elements: a single number.</summary>
        public Tensor norm(float p = 2f) => VectorNorm("norm", p, [], false);

        /// <summary>The p-norms along a dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2f) => VectorNorm("norm", p, [dim], keepdim);

        /// <summary>The p-norms over dimensions; none means all.</summary>
        internal Tensor VectorNorm(string operation, double p, ReadOnlySpan<long> dimensions, bool keepdim)
        {
            using var checkedType = FloatingSource(operation);
            var plan = new ReductionPlan(operation, Shape, dimensions);
            if (plan.Length == 0 && plan.RowCount > 0 && (double.IsInfinity(p) || p < 0))
            {
                throw Errors.Of(operation, FormattableString.Invariant($"{Shapes.Text(Shape)} has no elements along the dimensions, and nothing has no norm of order {p}"));
            }

            var (kept, reduced) = (plan.Kept, plan.Reduced);
            var result = NormValue(plan, p, keepdim);
            return Graph.Record(operation, result, [this], [this, result], (node, gradient) =>
                [VectorNormGradient(node.Saved(0), node.Saved(1).view(kept), gradient.view(kept), p, reduced)]);
        }

        // Outside the graph.
        private Tensor NormValue(ReductionPlan plan, double p, bool keepdim)
        {
            using var mode = GradMode.Set(false);
            if (p == 2)
            {
                using var squares = dtype == ScalarType.Float32
                    ? Reductions.Reduce<float, float, Reductions.SquaresOf<float>>(this, plan, dtype, keepdim)
                    : Reductions.Reduce<double, double, Reductions.SquaresOf<double>>(this, plan, dtype, keepdim);
                return squares.sqrt();
            }

            using var absolute = abs();
            if (double.IsInfinity(p) && NumberOfElements > 0)
            {
                return p > 0 ? absolute.amax(plan.Reduced, keepdim) : absolute.amin(plan.Reduced, keepdim);
            }

            using var terms = p == 0 ? ne(0).to(dtype, disposeAfter: true) : p == 1 ? absolute.Handle() : absolute.pow(p);
            using var sum = terms.sum(plan.Reduced, keepdim);
            return p is 0 or 1 ? sum.Handle() : sum.pow(1 / p);
        }

        private static Tensor VectorNormGradient(Tensor x, Tensor norm, Tensor gradient, double p, long[] reduced)
        {
            if (p == 0)
            {
                return Zeros(x.dtype, x.Shape);
            }

            if (p == 1)
            {
                return x.sign().mul(gradient);
            }

            if (double.IsInfinity(p))
            {
                // Elements of the same extreme size share the gradient.
                var share = x.abs().eq(norm).logical_or(x.isnan().logical_and(norm.isnan())).to(x.dtype);
                return x.sign().mul(share.div(share.sum(reduced, keepdim: true)).mul(gradient));
            }

            // Where the norm is zero, so is the gradient.
            var isZero = norm.eq(0);
            if (p == 2)
            {
                return x.mul(gradient.div(norm).masked_fill(isZero, 0));
            }

            var factor = gradient.div(norm.pow(p - 1)).masked_fill(isZero, 0);
            return p < 2
                ? x.sign().mul(x.abs().pow(p - 1).masked_fill(x.eq(0), 0)).mul(factor)
                : x.mul(x.abs().pow(p - 2)).mul(factor);
        }
    }
}
