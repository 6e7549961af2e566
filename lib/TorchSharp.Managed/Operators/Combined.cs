namespace TorchSharp;

// Operations that are written in terms of others, which give them their gradients: differences, sums without NaN, smallest and largest together, and products by other names.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.diff"/>
    public static Tensor diff(Tensor input, long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Errors.Given(input).diff(n, dim, prepend, append);

    /// <inheritdoc cref="Tensor.nansum"/>
    public static Tensor nansum(Tensor input) => Errors.Given(input).nansum();

    /// <inheritdoc cref="Tensor.nanmean"/>
    public static Tensor nanmean(Tensor input, int? dim = null, bool keepdim = false, ScalarType? dtype = null) => Errors.Given(input).nanmean(dim, keepdim, dtype);

    /// <inheritdoc cref="Tensor.logaddexp"/>
    public static Tensor logaddexp(Tensor left, Tensor right) => Errors.Given(left).logaddexp(right);

    /// <inheritdoc cref="Tensor.logit"/>
    public static Tensor logit(Tensor input, double? eps = null) => Errors.Given(input).logit(eps);

    /// <inheritdoc cref="Tensor.aminmax"/>
    public static (Tensor min, Tensor max) aminmax(Tensor input, long? dim = null, bool keepdim = false) => Errors.Given(input).aminmax(dim, keepdim);

    /// <inheritdoc cref="Tensor.inner"/>
    public static Tensor inner(Tensor input, Tensor vec2) => Errors.Given(input).inner(vec2);

    /// <inheritdoc cref="Tensor.vdot"/>
    public static Tensor vdot(Tensor input, Tensor target) => Errors.Given(input).vdot(target);

    /// <inheritdoc cref="Tensor.dist"/>
    public static Tensor dist(Tensor input, Tensor other, float p = 2.0f) => Errors.Given(input).dist(other, p);

    /// <inheritdoc cref="Tensor.msort"/>
    public static Tensor msort(Tensor tensor) => Errors.Given(tensor).msort();

    public partial class Tensor
    {
        /// <summary>The differences of neighbours along a dimension, taken n times; of bools, whether they differ.</summary>
        /// <param name="n">How often; each time the dimension gets shorter by one.</param>
        /// <param name="dim">The dimension.</param>
        /// <param name="prepend">What to put before the tensor first.</param>
        /// <param name="append">What to put behind it first.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">n is negative, or the tensor is a single number.</exception>
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null)
        {
            if (Rank == 0 || n < 0)
            {
                throw Errors.Of("diff", $"expects at least one dimension and an order of at least 0, but the shape was {Shapes.Text(Shape)} and the order {n}");
            }

            var d = Shapes.Dimension("diff", dim, Rank);
            var result = prepend is null && append is null ? Handle() : torch.cat([.. new[] { prepend, this, append }.OfType<Tensor>()], d);
            for (var i = 0L; i < n && result.Shape[d] > 0; i++)
            {
                using var source = result;
                var length = source.Shape[d] - 1;
                using var later = source.narrow(d, 1, length);
                using var earlier = source.narrow(d, 0, length);
                result = source.dtype == ScalarType.Bool ? later.logical_xor(earlier) : later.sub(earlier);
            }

            return result;
        }

        /// <summary>The sum of all elements, where NaN counts as 0.</summary>
        public Tensor nansum()
        {
            using var missing = isnan();
            using var present = masked_fill(missing, 0);
            return present.sum();
        }

        /// <summary>The mean of the elements that are not NaN, of all or along a dimension; NaN where there are none.</summary>
        /// <param name="dim">The dimension; null for all.</param>
        /// <param name="keepdim">Whether the dimension stays, with length 1.</param>
        /// <param name="dtype">The type to convert to first.</param>
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null)
        {
            using var source = dtype is { } type ? to(type) : Handle();
            using var missing = source.isnan();
            using var present = source.masked_fill(missing, 0);
            using var counted = missing.logical_not();
            using var sum = dim is { } d ? present.sum(d, keepdim) : present.sum();
            using var count = dim is { } e ? counted.sum(e, keepdim) : counted.sum();
            return sum.div(count);
        }

        /// <summary>ln(e^x + e^y), broadcast, without overflow.</summary>
        public Tensor logaddexp(Tensor other)
        {
            // Where both are equal, infinite ones too, the distance is 0.
            using var larger = maximum(other);
            using var same = eq(other);
            using var difference = sub(other);
            using var distance = difference.masked_fill(same, 0);
            using var size = distance.abs();
            using var turned = size.neg();
            using var rest = turned.exp();
            using var logarithm = rest.log1p();
            return larger.add(logarithm);
        }

        /// <summary>ln(x / (1 - x)): the inverse of the logistic function.</summary>
        /// <param name="eps">If given, x is brought between eps and 1 - eps first.</param>
        public Tensor logit(double? eps = null)
        {
            using var share = eps is { } margin ? clamp(margin, 1 - margin) : Handle();
            using var turned = share.neg();
            using var rest = turned.add(1);
            using var odds = share.div(rest);
            return odds.log();
        }

        /// <summary>The smallest and the largest element, of all or along a dimension.</summary>
        /// <param name="dim">The dimension; null for all.</param>
        /// <param name="keepdim">Whether the dimensions stay, with length 1.</param>
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false)
        {
            long[] dims = dim is { } d ? [d] : [.. Enumerable.Range(0, Rank).Select(i => (long)i)];
            return (amin(dims, keepdim), amax(dims, keepdim));
        }

        /// <summary>The sums of products along the last dimensions: (..., n) and (***, n) -> (..., ***). With a single number, the product.</summary>
        public Tensor inner(Tensor vec2) => Rank == 0 || Errors.Given(vec2).Rank == 0 ? mul(vec2) : tensordot(vec2, [Rank - 1], [vec2.Rank - 1]);

        /// <summary>The sum of the products of two vectors.</summary>
        public Tensor vdot(Tensor target) => dot(target);

        /// <summary>The p-norm of the difference, broadcast.</summary>
        public Tensor dist(Tensor other, float p = 2.0f)
        {
            using var difference = sub(other);
            return difference.norm(p);
        }

        /// <summary>Sorted along the first dimension, ascending.</summary>
        public Tensor msort()
        {
            var (values, indices) = sort(0);
            indices.Dispose();
            return values;
        }
    }
}
