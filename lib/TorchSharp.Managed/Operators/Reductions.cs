using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Sums, means, products, and whether all or any elements are true. In all of them no dimension means all dimensions.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.sum(ScalarType?)"/>
    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);

    /// <inheritdoc cref="Tensor.sum(ReadOnlySpan{long}, bool, ScalarType?)"/>
    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);

    /// <inheritdoc cref="Tensor.sum(long, bool, ScalarType?)"/>
    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);

    /// <inheritdoc cref="Tensor.mean()"/>
    public static Tensor mean(Tensor input) => input.mean();

    /// <inheritdoc cref="Tensor.mean(long[], bool, ScalarType?)"/>
    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null) => input.mean(dimensions, keepdim, type);

    /// <inheritdoc cref="Tensor.prod(ScalarType?)"/>
    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);

    /// <inheritdoc cref="Tensor.prod(long, bool, ScalarType?)"/>
    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.prod(dim, keepdim, type);

    /// <inheritdoc cref="Tensor.all()"/>
    public static Tensor all(Tensor input) => input.all();

    /// <inheritdoc cref="Tensor.all(long, bool)"/>
    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);

    /// <inheritdoc cref="Tensor.any()"/>
    public static Tensor any(Tensor input) => input.any();

    /// <inheritdoc cref="Tensor.any(long, bool)"/>
    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);

    /// <inheritdoc cref="Tensor.count_nonzero"/>
    public static Tensor count_nonzero(Tensor input, long[]? dims = null) => input.count_nonzero(dims);

    public unsafe partial class Tensor
    {
        /// <summary>The sum of all elements: a single number, of Int64 for whole numbers and bools.</summary>
        /// <param name="type">The type to convert the elements to before adding.</param>
        public Tensor sum(ScalarType? type = null) => sum(ReadOnlySpan<long>.Empty, false, type);

        /// <inheritdoc cref="sum(ReadOnlySpan{long}, bool, ScalarType?)"/>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);

        /// <summary>Sums over one dimension.</summary>
        /// <remarks>As in TorchSharp, <c>sum(0)</c> means a type: C# prefers to read the literal 0 as a value of the enum. Write <c>sum(dim: 0)</c> or <c>sum(0L)</c>.</remarks>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)[dim], keepdim, type);

        /// <summary>Sums over two dimensions.</summary>
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)[dim0, dim1], keepdim, type);

        /// <summary>Sums over three dimensions.</summary>
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)[dim0, dim1, dim2], keepdim, type);

        /// <summary>Sums over dimensions, in the order that <see cref="Sums"/> describes. Whole numbers and bools are added as Int64.</summary>
        /// <param name="dim">The dimensions; none for all.</param>
        /// <param name="keepdim">Whether they stay in the shape, with length 1.</param>
        /// <param name="type">The type to convert the elements to before adding.</param>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            var plan = new ReductionPlan("sum", Shape, dim);
            var target = type ?? (IsFloating ? dtype : ScalarType.Int64);
            if (!ScalarTypes.IsFloatingPoint(target))
            {
                using var integers = ConvertTo(ScalarType.Int64);
                using var total = Reductions.Reduce<long, long, Reductions.IntegerSumOf>(integers, plan, ScalarType.Int64, keepdim);
                return total.ConvertTo(target);
            }

            using var source = ConvertTo(target);
            var result = target == ScalarType.Float32 ? Reductions.Sum<float>(source, plan, keepdim) : Reductions.Sum<double>(source, plan, keepdim);
            var kept = plan.Kept;
            return Graph.Record("sum", result, [source], [], (node, gradient) => [gradient.view(kept).expand(node.InputShape(0))]);
        }

        /// <summary>The mean of all elements: a single number.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point.</exception>
        public Tensor mean() => mean([]);

        /// <summary>Means over dimensions: the sum over the number of elements. Of no elements it is NaN.</summary>
        /// <param name="dimensions">The dimensions; none for all.</param>
        /// <param name="keepdim">Whether they stay in the shape, with length 1.</param>
        /// <param name="type">The type to convert the elements to before adding.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point and no floating-point type is given.</exception>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            using var source = FloatingSource("mean", type);
            var plan = new ReductionPlan("mean", Shape, dimensions);
            var result = source.dtype == ScalarType.Float32 ? Reductions.Mean<float>(source, plan, keepdim) : Reductions.Mean<double>(source, plan, keepdim);
            var (kept, count) = (plan.Kept, plan.Length);
            return Graph.Record("mean", result, [source], [], (node, gradient) => [gradient.div(count).view(kept).expand(node.InputShape(0))]);
        }

        /// <summary>The product of all elements, of Int64 for whole numbers and bools; of no elements it is 1.</summary>
        /// <param name="type">The type to convert the elements to before multiplying.</param>
        public Tensor prod(ScalarType? type = null) => Product([], false, type);

        /// <summary>Products over a dimension, multiplied in order.</summary>
        /// <param name="dim">The dimension; negative from the back. The literal 0 must be written <c>0L</c> or named, because C# reads it as a type.</param>
        /// <param name="keepdim">Whether it stays in the shape, with length 1.</param>
        /// <param name="type">The type to convert the elements to before multiplying.</param>
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Product([dim], keepdim, type);

        /// <summary>Whether no element is zero: a bool (Byte for a Byte tensor).</summary>
        public Tensor all() => Reductions.Truth(this, new ReductionPlan("all", Shape, []), all: true, keepdim: false);

        /// <summary>Whether no element along a dimension is zero; of no elements it is true.</summary>
        public Tensor all(long dim, bool keepdim = false) => Reductions.Truth(this, new ReductionPlan("all", Shape, [dim]), all: true, keepdim);

        /// <summary>Whether some element is not zero: a bool (Byte for a Byte tensor).</summary>
        public Tensor any() => Reductions.Truth(this, new ReductionPlan("any", Shape, []), all: false, keepdim: false);

        /// <summary>Whether some element along a dimension is not zero; of no elements it is false.</summary>
        public Tensor any(long dim, bool keepdim = false) => Reductions.Truth(this, new ReductionPlan("any", Shape, [dim]), all: false, keepdim);

        /// <summary>How many elements are not zero, of all or along dimensions: Int64.</summary>
        public Tensor count_nonzero(long[]? dims = null) => Reductions.CountNonzero(this, new ReductionPlan("count_nonzero", Shape, dims));

        private Tensor Product(ReadOnlySpan<long> dim, bool keepdim, ScalarType? type)
        {
            var plan = new ReductionPlan("prod", Shape, dim);
            var target = type ?? (IsFloating ? dtype : ScalarType.Int64);
            if (!ScalarTypes.IsFloatingPoint(target))
            {
                using var integers = ConvertTo(ScalarType.Int64);
                using var product = Reductions.Reduce<long, long, Reductions.ProductOf<long>>(integers, plan, ScalarType.Int64, keepdim);
                return product.ConvertTo(target);
            }

            using var source = ConvertTo(target);
            var result = target == ScalarType.Float32
                ? Reductions.Reduce<float, float, Reductions.ProductOf<float>>(source, plan, target, keepdim)
                : Reductions.Reduce<double, double, Reductions.ProductOf<double>>(source, plan, target, keepdim);
            var (kept, reduced) = (plan.Kept, plan.Reduced);
            return Graph.Record("prod", result, [source], [source, result], (node, gradient) =>
            {
                var (x, y) = (node.Saved(0), node.Saved(1));
                if (!HasZero(x))
                {
                    return [gradient.mul(y).view(kept).div(x)];
                }

                // The product of all others: of those before and of those behind.
                var flat = reduced.Length == 1 ? x : x.reshape(-1);
                var d = reduced.Length == 1 ? reduced[0] : 0;
                var others = ProductOfOthers(flat, d).reshape(x.Shape);
                return [others.mul(gradient.view(kept))];
            });
        }

        private static Tensor ProductOfOthers(Tensor x, long d)
        {
            var n = x.Shape[d];
            var one = Zeros(x.dtype, [.. x.Shape.Select((length, i) => i == d ? 1 : length)]).fill_(1);
            var before = torch.cat([one, x.narrow(d, 0, n - 1)], d).cumprod(d);
            var behind = torch.cat([one, x.narrow(d, 1, n - 1).flip(d)], d).cumprod(d).flip(d);
            return before.mul(behind);
        }

        /// <summary>The same values one after the other in memory, outside the graph: for kernels that read bare pointers.</summary>
        internal Tensor Dense()
        {
            if (is_contiguous())
            {
                return Alias();
            }

            var copy = Allocate(dtype, Shape);
            Copying.Copy(this, copy);
            return copy;
        }

        /// <summary>This tensor, converted if a type is asked for, which must be floating point.</summary>
        private Tensor FloatingSource(string operation, ScalarType? type = null)
        {
            var target = type ?? dtype;
            return ScalarTypes.IsFloatingPoint(target)
                ? ConvertTo(target)
                : throw Errors.Of(operation, $"the type must be floating point, but it is {target}; convert the tensor of {dtype} {Shapes.Text(Shape)} first or name a floating-point type");
        }
    }
}
