using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Sorting and what rests on it: the k greatest, medians, modes, quantiles, distinct values; and counting into bins.
// All sorts are stable; NaN counts as greater than every number.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.sort"/>
    public static (Tensor values, Tensor indices) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) => input.sort(dim, descending, stable);

    /// <inheritdoc cref="Tensor.argsort"/>
    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);

    /// <inheritdoc cref="Tensor.topk"/>
    public static (Tensor values, Tensor indices) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) => tensor.topk(k, dim, largest, sorted);

    /// <inheritdoc cref="Tensor.kthvalue"/>
    public static (Tensor values, Tensor indices) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);

    /// <inheritdoc cref="Tensor.median"/>
    public static Tensor median(Tensor input) => input.median();

    /// <inheritdoc cref="Tensor.mode"/>
    public static (Tensor values, Tensor indices) mode(Tensor input, long dim = -1L, bool keepdim = false) => input.mode(dim, keepdim);

    /// <inheritdoc cref="Tensor.quantile"/>
    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.quantile(q, dim, keepdim);

    /// <inheritdoc cref="Tensor.unique"/>
    public static (Tensor output, Tensor inverse_indices, Tensor counts) unique(Tensor input, bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique(sorted, return_inverse, return_counts, dim);

    /// <inheritdoc cref="Tensor.bincount"/>
    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);

    /// <inheritdoc cref="Tensor.histc"/>
    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);

    public unsafe partial class Tensor
    {
        /// <summary>The elements along a dimension in order, and where each stood.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="descending">Whether the greatest come first.</param>
        /// <param name="stable">Has no effect: equals always keep their order.</param>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            _ = stable;
            var d = Shapes.Dimension("sort", dim, Rank);
            return Chosen("sort", d, Ordered(d, descending, RowMaps.Length(this, d)));
        }

        /// <summary>The indices that put the elements along a dimension in order: Int64. Equals keep their order.</summary>
        public Tensor argsort(long dim = -1, bool descending = false)
        {
            var d = Shapes.Dimension("argsort", dim, Rank);
            return Ordered(d, descending, RowMaps.Length(this, d));
        }

        /// <summary>The k greatest (or least) elements along a dimension, the most extreme first, and where they stand. Of equals the first counts first.</summary>
        /// <param name="k">How many.</param>
        /// <param name="dim">The dimension.</param>
        /// <param name="largest">Whether the greatest or the least are wanted.</param>
        /// <param name="sorted">Has no effect: the result is always in order.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There are fewer than k.</exception>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            _ = sorted;
            var d = Shapes.Dimension("topk", dim, Rank);
            return k >= 0 && k <= RowMaps.Length(this, d)
                ? Chosen("topk", d, Ordered(d, largest, k))
                : throw Errors.Of("topk", $"selected index k={k} out of range: dimension {d} of {Shapes.Text(Shape)} has {RowMaps.Length(this, d)} elements");
        }

        /// <summary>The k-th least element along a dimension, counted from 1, and where it stands.</summary>
        /// <param name="k">Which.</param>
        /// <param name="dim">The dimension; the last one if null.</param>
        /// <param name="keepdim">Whether it stays in the shape, with length 1.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There are fewer than k.</exception>
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false)
        {
            var d = Shapes.Dimension("kthvalue", dim ?? -1, Rank);
            if (k < 1 || k > RowMaps.Length(this, d))
            {
                throw Errors.Of("kthvalue", $"selected number k={k} out of range: dimension {d} of {Shapes.Text(Shape)} has {RowMaps.Length(this, d)} elements");
            }

            using var order = Ordered(d, false, k);
            using var last = Rank == 0 ? order.Handle() : order.narrow(d, k - 1, 1);
            using var index = last.clone();
            return ChosenOne("kthvalue", d, index, keepdim);
        }

        /// <summary>The median of all elements: the lower of the two in the middle if their number is even; NaN if there is one.</summary>
        public Tensor median()
        {
            using var flat = reshape(-1);
            var count = flat.NumberOfElements;
            if (count == 0)
            {
                return IsFloating ? Zeros(dtype).fill_(double.NaN) : throw Errors.Of("median", $"{Shapes.Text(Shape)} has no elements");
            }

            // A NaN comes last in the order, and wins.
            using var order = flat.Ordered(0, false, count);
            using var rows = flat.Dense();
            var last = order.Pointer<long>()[count - 1];
            var middle = flat.IsNaNAt(rows, last) ? last : order.Pointer<long>()[(count - 1) / 2];
            using var index = Zeros(ScalarType.Int64, 1);
            *index.Pointer<long>() = middle;
            return flat.ChosenOne("median", 0, index, keepdim: false).Values;
        }

        /// <summary>The most frequent element along a dimension (the least of several) and the index of its last occurrence.</summary>
        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false)
        {
            var d = Shapes.Dimension("mode", dim, Rank);
            var n = RowMaps.Length(this, d);
            if (n == 0)
            {
                throw Errors.Of("mode", $"expected dimension {d} of {Shapes.Text(Shape)} to have non-zero size");
            }

            using var rows = RowMaps.ToRows(this, d);
            using var matrix = rows.Alias([rows.NumberOfElements / n, n], [n, 1], rows.Offset);
            using var order = Sorting.Order(matrix, false, n);
            using var sorted = Sorting.Take(matrix, order);
            using var keys = sorted.Keys();
            using var found = Allocate(ScalarType.Int64, rows.Rank == 0 ? [] : [.. rows.Shape[..^1], 1]);
            for (var row = 0L; row < matrix.Shape[0]; row++)
            {
                var key = (ulong*)keys.Pointer<long>() + (row * n);
                long best = 0, start = 0, end = 0;
                for (var i = 1L; i <= n; i++)
                {
                    if (i == n || key[i] != key[start])
                    {
                        (best, end, start) = i - start > best ? (i - start, i - 1, i) : (best, end, i);
                    }
                }

                found.Pointer<long>()[row] = order.Pointer<long>()[(row * n) + end];
            }

            using var indices = RowMaps.FromRows(found.Handle(), rows.Rank == 0 ? [] : [.. Shape[..d], 1, .. Shape[(d + 1)..]], d);
            return ChosenOne("mode", d, indices, keepdim);
        }

        /// <summary>Quantiles, interpolated linearly between neighbours: the result has the shape of q followed by what is left of this shape.</summary>
        /// <param name="q">Numbers from 0 to 1: a single one or a vector, of this type.</param>
        /// <param name="dim">The dimension; -1 for all elements (as TorchSharp has it).</param>
        /// <param name="keepdim">Whether the dimension stays in the shape, with length 1.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The types don't fit, q is out of range, or there are no elements.</exception>
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false)
        {
            ArgumentNullException.ThrowIfNull(q);
            if (!IsFloating || q.dtype != dtype || q.Rank > 1)
            {
                throw Errors.Of("quantile", $"expected a floating-point tensor and a number or vector q of its type, but got {dtype} {Shapes.Text(Shape)} and {q.dtype} {Shapes.Text(q.Shape)}");
            }

            var d = dim == -1 ? 0 : Shapes.Dimension("quantile", dim, Rank);
            using var source = dim == -1 ? reshape(-1) : Rank == 0 ? view(1) : Handle();
            var n = source.Shape[d];
            if (n == 0)
            {
                throw Errors.Of("quantile", $"the input {Shapes.Text(Shape)} must have elements along the dimension");
            }

            var (sorted, order) = source.sort(d);
            order.Dispose();
            using var wanted = q.Dense();
            var parts = new List<Tensor>();

            // A NaN in a row is its last element, and every quantile of that row.
            var last = sorted.narrow(d, n - 1, 1);
            using var hasNaN = last.isnan();
            for (var i = 0L; i < wanted.NumberOfElements; i++)
            {
                var share = dtype == ScalarType.Float32 ? wanted.Pointer<float>()[i] : wanted.Pointer<double>()[i];
                if (!(share >= 0 && share <= 1))
                {
                    throw Errors.Of("quantile", FormattableString.Invariant($"q values must be in the range [0, 1], but one is {share}"));
                }

                var position = dtype == ScalarType.Float32 ? (float)share * (n - 1) : share * (n - 1);
                var below = (long)position;
                var above = Math.Min(below + 1, n - 1);
                using var lower = sorted.narrow(d, below, 1);
                using var upper = sorted.narrow(d, above, 1);
                var value = lower.add(upper.sub(lower).mul(position - below));
                value = torch.where(hasNaN, last, value);
                parts.Add(dim == -1 ? keepdim ? value.view([.. Enumerable.Repeat(1L, Rank)]) : value.view([]) : keepdim ? value : value.squeeze(d));
            }

            return q.Rank == 0 ? parts[0] : torch.stack(parts, 0);
        }

        /// <summary>The distinct elements in order (NaNs are all distinct), or the distinct slices along a dimension.</summary>
        /// <param name="sorted">Has no effect: the result is always in order.</param>
        /// <param name="return_inverse">Whether to say for every element where it is in the output.</param>
        /// <param name="return_counts">Whether to say how often every element of the output occurs.</param>
        /// <param name="dim">The dimension whose slices are compared; all elements by themselves if null.</param>
        /// <returns>What was not asked for is null.</returns>
        public (Tensor output, Tensor inverse_indices, Tensor counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null)
        {
            _ = sorted;
            var d = dim is null ? 0 : Shapes.Dimension("unique", dim.Value, Rank);
            using var moved = dim is null ? reshape(-1) : Rank == 0 ? view(1) : transpose(0, d);
            using var slices = moved.Dense();
            var count = slices.Shape[0];
            var length = count == 0 ? 0 : slices.NumberOfElements / count;
            using var keys = slices.Keys();
            var key = (ulong*)keys.Pointer<long>();
            var order = new int[count];
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (x, y) => Compare(keys, x, y, length) is var c && c != 0 ? c : x.CompareTo(y));
            List<long> firsts = [], counts = [];
            using var inverse = Allocate(ScalarType.Int64, count);
            for (var i = 0; i < order.Length; i++)
            {
                if (i == 0 || Compare(keys, order[i - 1], order[i], length) != 0 || (length == 1 && key[order[i]] == ulong.MaxValue && IsFloating))
                {
                    firsts.Add(order[i]);
                    counts.Add(0);
                }

                counts[^1]++;
                inverse.Pointer<long>()[order[i]] = firsts.Count - 1;
            }

            GC.KeepAlive(keys);
            using var chosen = FromIntegers(firsts);
            using var output = slices.index_select(0, chosen);
            using var back = dim is null || Rank == 0 ? output.Handle() : output.transpose(0, d);
            return (back.contiguous().detach(), return_inverse ? dim is null ? inverse.view(Shape) : inverse.Handle() : null!, return_counts ? FromIntegers(counts) : null!);
        }

        /// <summary>How often every whole number 0, 1, 2, ... occurs: Int64, or the sum of their weights: Float64 (Float32 for Float32 weights).</summary>
        /// <param name="weights">Of this shape, or null.</param>
        /// <param name="minlength">The least length of the result.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">This is no vector of non-negative whole numbers, or the weights have another shape.</exception>
        public Tensor bincount(Tensor? weights, long minlength = 0)
        {
            if (Rank != 1 || !ScalarTypes.IsInteger(dtype) || minlength < 0)
            {
                throw Errors.Of("bincount", $"expected a 1-d vector of non-negative whole numbers and minlength >= 0, but got {dtype} {Shapes.Text(Shape)} and {minlength}");
            }

            if (weights is not null && !weights.Shape.AsSpan().SequenceEqual(Shape))
            {
                throw Errors.Of("bincount", $"the weights {Shapes.Text(weights.Shape)} should have the shape of the input {Shapes.Text(Shape)}");
            }

            using var integers = to(ScalarType.Int64);
            using var values = integers.Dense();
            var length = minlength;
            for (var i = 0L; i < values.NumberOfElements; i++)
            {
                var value = values.Pointer<long>()[i];
                length = value >= 0 ? Math.Max(length, value + 1) : throw Errors.Of("bincount", $"expected non-negative whole numbers, but {Shapes.Text(Shape)} holds {value}");
            }

            if (weights is null)
            {
                var counts = Zeros(ScalarType.Int64, length);
                for (var i = 0L; i < values.NumberOfElements; i++)
                {
                    counts.Pointer<long>()[values.Pointer<long>()[i]]++;
                }

                return counts;
            }

            // Added in order.
            using var doubles = weights.detach().to(ScalarType.Float64);
            using var terms = doubles.Dense();
            var sums = Zeros(ScalarType.Float64, length);
            for (var i = 0L; i < values.NumberOfElements; i++)
            {
                var bin = sums.Pointer<double>() + values.Pointer<long>()[i];
                *bin += terms.Pointer<double>()[i];
                *bin = weights.dtype == ScalarType.Float32 ? (float)*bin : *bin;
            }

            GC.KeepAlive(terms);
            GC.KeepAlive(values);
            return weights.dtype == ScalarType.Float32 ? sums.to(ScalarType.Float32, disposeAfter: true) : sums;
        }

        /// <summary>How many elements fall into each of so many bins of equal width from min to max; elements outside are left out.</summary>
        /// <param name="bins">How many bins.</param>
        /// <param name="min">The lower end; with <paramref name="max"/> equal to it, the least element.</param>
        /// <param name="max">The upper end, which the last bin includes.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The elements are not floating point, there are no bins, or the ends are the wrong way round or not finite.</exception>
        public Tensor histc(long bins = 100, long min = 0, long max = 0)
        {
            if (!IsFloating || bins <= 0 || max < min)
            {
                throw Errors.Of("histc", $"expected floating-point elements, bins > 0 and max >= min, but got {dtype} {Shapes.Text(Shape)}, bins={bins}, min={min}, max={max}");
            }

            var result = Zeros(dtype, bins);
            using var doubles = detach().to(ScalarType.Float64);
            using var values = doubles.Dense();
            var x = values.Pointer<double>();
            var count = values.NumberOfElements;
            (double low, double high) = (min, max);
            if (min == max && count > 0)
            {
                (low, high) = (Extrema.Min(x, count), Extrema.Max(x, count));
            }

            if (low == high)
            {
                (low, high) = (low - 1, high + 1);
            }

            if (!double.IsFinite(low) || !double.IsFinite(high))
            {
                throw Errors.Of("histc", FormattableString.Invariant($"the range of [{low}, {high}] of {Shapes.Text(Shape)} is not finite"));
            }

            var counts = new long[bins];
            for (var i = 0L; i < count; i++)
            {
                if (x[i] >= low && x[i] <= high)
                {
                    // The bin's number is computed in the type of the elements.
                    var place = dtype == ScalarType.Float32 ? (float)((float)(x[i] - low) / (float)(high - low) * bins) : (x[i] - low) / (high - low) * bins;
                    counts[Math.Min((long)place, bins - 1)]++;
                }
            }

            for (var i = 0L; i < bins; i++)
            {
                if (dtype == ScalarType.Float32)
                {
                    result.Pointer<float>()[i] = counts[i];
                }
                else
                {
                    result.Pointer<double>()[i] = counts[i];
                }
            }

            GC.KeepAlive(values);
            return result;
        }

        private static Tensor FromIntegers(List<long> values)
        {
            var result = Allocate(ScalarType.Int64, values.Count);
            values.CopyTo(new Span<long>(result.Pointer<long>(), values.Count));
            return result;
        }

        private static int Compare(Tensor keys, int x, int y, long length)
        {
            var p = (ulong*)keys.Pointer<long>() + (x * length);
            var q = (ulong*)keys.Pointer<long>() + (y * length);
            for (var i = 0L; i < length; i++)
            {
                if (p[i] != q[i])
                {
                    return p[i] < q[i] ? -1 : 1;
                }
            }

            return 0;
        }

        // The elements as whole numbers that sort as they do; bit for bit unsigned. The tensor is contiguous.
        private Tensor Keys()
        {
            var result = Allocate(ScalarType.Int64, Shape);
            var keys = (ulong*)result.Pointer<long>();
            for (var i = 0L; i < NumberOfElements; i++)
            {
                keys[i] = dtype switch
                {
                    ScalarType.Float32 => Sorting.Key(Pointer<float>()[i]),
                    ScalarType.Float64 => Sorting.Key(Pointer<double>()[i]),
                    ScalarType.Int64 => Sorting.Key(Pointer<long>()[i]),
                    ScalarType.Int32 => Sorting.Key(Pointer<int>()[i]),
                    _ => Sorting.Key(Pointer<byte>()[i]),
                };
            }

            return result;
        }

        private bool IsNaNAt(Tensor dense, long index) =>
            dtype == ScalarType.Float32 ? float.IsNaN(dense.Pointer<float>()[index]) : dtype == ScalarType.Float64 && double.IsNaN(dense.Pointer<double>()[index]);

        // The indices of the first elements in sorted order along a dimension, in this tensor's shape except for that dimension's length.
        private Tensor Ordered(int d, bool descending, long count)
        {
            var n = RowMaps.Length(this, d);
            using var rows = RowMaps.ToRows(this, d);
            var rowCount = n == 0 ? 0 : rows.NumberOfElements / n;
            using var matrix = rows.Alias([rowCount, n], [n, 1], rows.Offset);
            using var order = Sorting.Order(matrix, descending, count);
            if (Rank == 0)
            {
                return order.Alias([], [], 0);
            }

            long[] shape = [.. rows.Shape[..^1], count];
            long[] original = [.. Shape[..d], count, .. Shape[(d + 1)..]];
            return RowMaps.FromRows(order.Alias(shape, Shapes.ContiguousStrides(shape), 0), original, d);
        }

        // The elements at indices along a dimension, as a recorded operation.
        private (Tensor Values, Tensor Indices) Chosen(string operation, int d, Tensor indices)
        {
            using var source = detach();
            var values = Rank == 0 ? source.clone() : source.gather(d, indices);
            Graph.Record(operation, values, [this], [indices], (node, gradient) => [ToChosen(gradient, node.Saved(0), node.InputShape(0), d, keepdim: true)]);
            return (values, indices);
        }

        // One element along a dimension for every result; the indices have the dimension, with length 1.
        private (Tensor Values, Tensor Indices) ChosenOne(string operation, int d, Tensor indices, bool keepdim)
        {
            var (values, _) = Chosen(operation, d, indices);
            if (keepdim || Rank == 0)
            {
                return (values, indices.Handle());
            }

            using (values)
            {
                return (values.squeeze(d), indices.squeeze(d));
            }
        }
    }
}
