using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// The greatest and least elements and where they are. A NaN wins over every number; of equals the first counts, except for the gradients of amax, amin and of max and min over everything,
// which all equals share.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.max()"/>
    public static Tensor max(Tensor input) => input.max();

    /// <inheritdoc cref="Tensor.max(long, bool)"/>
    public static (Tensor values, Tensor indexes) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    /// <inheritdoc cref="Tensor.min()"/>
    public static Tensor min(Tensor input) => input.min();

    /// <inheritdoc cref="Tensor.min(long, bool)"/>
    public static (Tensor values, Tensor indexes) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    /// <inheritdoc cref="Tensor.amax(ReadOnlySpan{long}, bool, Tensor?)"/>
    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);

    /// <inheritdoc cref="Tensor.amax(ReadOnlySpan{long}, bool, Tensor?)"/>
    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    /// <inheritdoc cref="Tensor.amax(ReadOnlySpan{long}, bool, Tensor?)"/>
    public static Tensor amax(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => input.amax(dims, keepdim, @out);

    /// <inheritdoc cref="Tensor.amin(ReadOnlySpan{long}, bool, Tensor?)"/>
    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    /// <inheritdoc cref="Tensor.amin(ReadOnlySpan{long}, bool, Tensor?)"/>
    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => input.amin(dims, keepdim, @out);

    /// <inheritdoc cref="Tensor.argmax()"/>
    public static Tensor argmax(Tensor input) => input.argmax();

    /// <inheritdoc cref="Tensor.argmax(long, bool)"/>
    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    /// <inheritdoc cref="Tensor.argmin()"/>
    public static Tensor argmin(Tensor input) => input.argmin();

    /// <inheritdoc cref="Tensor.argmin(long, bool)"/>
    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);

    public unsafe partial class Tensor
    {
        /// <summary>The greatest element: a single number. Equal greatest elements share its gradient.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There are no elements.</exception>
        public Tensor max() => Extreme("max", [], greatest: true, keepdim: false);

        /// <summary>The greatest element along a dimension and its index, of equals the first, which alone gets the gradient.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The dimension is empty.</exception>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => ExtremeAlong("max", dim, greatest: true, keepdim);

        /// <summary>The least element: a single number. Equal least elements share its gradient.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There are no elements.</exception>
        public Tensor min() => Extreme("min", [], greatest: false, keepdim: false);

        /// <summary>The least element along a dimension and its index, of equals the first, which alone gets the gradient.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The dimension is empty.</exception>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => ExtremeAlong("min", dim, greatest: false, keepdim);

        /// <inheritdoc cref="amax(ReadOnlySpan{long}, bool, Tensor?)"/>
        public Tensor amax(params long[] dims) => amax((ReadOnlySpan<long>)dims);

        /// <inheritdoc cref="amax(ReadOnlySpan{long}, bool, Tensor?)"/>
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax((ReadOnlySpan<long>)dims, keepdim, @out);

        /// <summary>The greatest element over dimensions. Equal greatest elements share its gradient.</summary>
        /// <param name="dims">The dimensions; none for all.</param>
        /// <param name="keepdim">Whether they stay in the shape, with length 1.</param>
        /// <param name="out">Where to write the result, if given; of its shape.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There is nothing along the dimensions.</exception>
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => WrittenTo(@out, Extreme("amax", dims, greatest: true, keepdim));

        /// <inheritdoc cref="amin(ReadOnlySpan{long}, bool, Tensor?)"/>
        public Tensor amin(params long[] dims) => amin((ReadOnlySpan<long>)dims);

        /// <inheritdoc cref="amin(ReadOnlySpan{long}, bool, Tensor?)"/>
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin((ReadOnlySpan<long>)dims, keepdim, @out);

        /// <summary>The least element over dimensions. Equal least elements share its gradient.</summary>
        /// <param name="dims">The dimensions; none for all.</param>
        /// <param name="keepdim">Whether they stay in the shape, with length 1.</param>
        /// <param name="out">Where to write the result, if given; of its shape.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There is nothing along the dimensions.</exception>
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => WrittenTo(@out, Extreme("amin", dims, greatest: false, keepdim));

        /// <summary>The index of the first greatest element in logical order: a single Int64.</summary>
        public Tensor argmax() => ExtremeIndex("argmax", [], greatest: true, keepdim: false);

        /// <summary>The index of the first greatest element along a dimension: Int64.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => ExtremeIndex("argmax", [dim], greatest: true, keepdim);

        /// <summary>The index of the first least element in logical order: a single Int64.</summary>
        public Tensor argmin() => ExtremeIndex("argmin", [], greatest: false, keepdim: false);

        /// <summary>The index of the first least element along a dimension: Int64.</summary>
        public Tensor argmin(long dim, bool keepdim = false) => ExtremeIndex("argmin", [dim], greatest: false, keepdim);

        /// <summary>The gradient of a tensor from which one element along a dimension was chosen for every result: it goes to those elements, the others get zero.</summary>
        internal static Tensor ToChosen(Tensor gradient, Tensor indices, long[] shape, int dim, bool keepdim)
        {
            if (shape.Length == 0)
            {
                return gradient;
            }

            return keepdim
                ? Zeros(gradient.dtype, shape).scatter(dim, indices, gradient)
                : Zeros(gradient.dtype, shape).scatter(dim, indices.unsqueeze(dim), gradient.unsqueeze(dim));
        }

        /// <summary>A result, or the tensor given to take it.</summary>
        internal static Tensor WrittenTo(Tensor? @out, Tensor result)
        {
            if (@out is null)
            {
                return result;
            }

            using (result)
            {
                return @out.copy_(result);
            }
        }

        private static ReductionPlan PlanOfSome(string operation, Tensor x, ReadOnlySpan<long> dims)
        {
            var plan = new ReductionPlan(operation, x.Shape, dims);
            return plan.Length > 0 ? plan : throw Errors.Of(operation, $"expected the reduced dimensions of {Shapes.Text(x.Shape)} to have non-zero size: nothing has no extreme");
        }

        private Tensor Extreme(string operation, ReadOnlySpan<long> dims, bool greatest, bool keepdim)
        {
            var plan = PlanOfSome(operation, this, dims);
            var (values, indices) = Reductions.Extremes(this, plan, greatest, keepdim);
            indices.Dispose();
            var kept = plan.Kept;
            return Graph.Record(operation, values, [this], [this, values], (node, gradient) =>
            {
                // Equals share evenly; where the extreme is NaN, the NaNs do.
                var (x, extreme) = (node.Saved(0), node.Saved(1).view(kept));
                using var equal = x.eq(extreme);
                using var bothNaN = x.isnan().logical_and(extreme.isnan());
                var share = equal.logical_or(bothNaN).to(x.dtype);
                return [share.div(share.SumTo(kept)).mul(gradient.view(kept))];
            });
        }

        private (Tensor Values, Tensor Indices) ExtremeAlong(string operation, long dim, bool greatest, bool keepdim)
        {
            var d = Shapes.Dimension(operation, dim, Rank);
            var (values, indices) = Reductions.Extremes(this, PlanOfSome(operation, this, [dim]), greatest, keepdim);
            Graph.Record(operation, values, [this], [indices], (node, gradient) => [ToChosen(gradient, node.Saved(0), node.InputShape(0), d, keepdim)]);
            return (values, indices);
        }

        private Tensor ExtremeIndex(string operation, ReadOnlySpan<long> dims, bool greatest, bool keepdim)
        {
            var (values, indices) = Reductions.Extremes(this, PlanOfSome(operation, this, dims), greatest, keepdim);
            values.Dispose();
            return indices;
        }
    }
}
