using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The given places of one dimension, in the given order.</summary>
    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    /// <summary>A tensor with values added at the given places of one dimension.</summary>
    public static Tensor index_add(Tensor input, long dim, Tensor index, Tensor source, Scalar alpha) => input.index_add(dim, index, source, alpha);

    /// <summary>A tensor with values written to the given places of one dimension.</summary>
    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy(dim, index, source);

    /// <summary>A tensor with a number written to the given places of one dimension.</summary>
    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill(dim, index, value);

    /// <summary>The elements where a mask is true, as one dimension.</summary>
    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    /// <summary>The elements with the given numbers in logical order.</summary>
    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    /// <summary>The places of all elements that are not zero: one row for each.</summary>
    public static Tensor nonzero(Tensor input) => input.nonzero();

    /// <summary>The places of all elements that are not zero: one row for each.</summary>
    public static Tensor argwhere(Tensor input) => input.nonzero();

    /// <summary>The places where a condition holds: for each dimension a tensor of indices.</summary>
    public static Tensor[] where(Tensor condition)
    {
        using var shaped = condition.Rank == 0 ? condition.unsqueeze(0) : condition.Handle();
        using var places = shaped.nonzero();
        return places.unbind(1);
    }

    // Elements by their place along one dimension, by a mask, or by their number.
    public unsafe partial class Tensor
    {
        /// <summary>The given places of one dimension, in the given order.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">Whole numbers in one dimension (or a single one).</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">An index is out of range.</exception>
        public Tensor index_select(long dim, Tensor index)
        {
            using var source = Rank == 0 ? reshape(1) : Handle();
            var selection = source.Listed("index_select", dim, index);
            using var result = source.Take("index_select", selection);
            return Rank == 0 ? result.reshape([]) : result.Handle();
        }

        /// <summary>A tensor with values added at the given places of one dimension.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => clone().index_add_(dim, index, source, alpha);

        /// <summary>Adds values at the given places of one dimension; where a place is given several times, all of them, in order.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">The places.</param>
        /// <param name="source">The values: this shape, but with as many entries along the dimension as there are places.</param>
        /// <param name="alpha">A factor for the values.</param>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            ArgumentNullException.ThrowIfNull(source);
            ArgumentNullException.ThrowIfNull(alpha);
            using var scaled = alpha.AsDouble == 1 ? source.Handle() : source.mul(alpha);
            return PutListed("index_add_", dim, index, scaled, true);
        }

        /// <summary>A tensor with values written to the given places of one dimension.</summary>
        public Tensor index_copy(long dim, Tensor index, Tensor source) => clone().index_copy_(dim, index, source);

        /// <summary>Writes values to the given places of one dimension.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">The places.</param>
        /// <param name="source">The values: this shape, but with as many entries along the dimension as there are places.</param>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => PutListed("index_copy_", dim, index, source, false);

        /// <summary>A tensor with a number written to the given places of one dimension.</summary>
        public Tensor index_fill(long dim, Tensor index, Scalar value) => clone().index_fill_(dim, index, value);

        /// <summary>Writes a number to the given places of one dimension.</summary>
        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            var selection = Listed("index_fill_", dim, index);
            using var number = Number(value);
            return PutInPlace("index_fill_", selection, number, false);
        }

        /// <summary>The elements where a mask is true, as one dimension. This tensor and the mask broadcast.</summary>
        public Tensor masked_select(Tensor mask)
        {
            CheckMask("masked_select", mask);
            var shape = Shapes.Broadcast("masked_select", Shape, mask.Shape);
            using var source = expand(shape);
            using var stretched = mask.expand(shape);
            return source.index(TensorIndex.Tensor(stretched));
        }

        /// <summary>A tensor with values written, one after the other, to where a mask is true.</summary>
        public Tensor masked_scatter(Tensor mask, Tensor value) => clone().masked_scatter_(mask, value);

        /// <summary>Writes values, one after the other, to where a mask is true.</summary>
        /// <param name="mask">The mask, which broadcasts to this shape.</param>
        /// <param name="value">At least as many values as the mask has true elements.</param>
        public Tensor masked_scatter_(Tensor mask, Tensor value)
        {
            CheckMask("masked_scatter_", mask);
            Errors.Given(value);
            using var stretched = mask.expand(Shape);
            using var places = stretched.nonzero();
            var count = places.Shape[0];
            if (count > value.NumberOfElements)
            {
                throw Errors.Of("masked_scatter_", $"{count} elements of the mask are true, but the source of shape {Shapes.Text(value.Shape)} has only {value.NumberOfElements}");
            }

            using var flat = value.reshape(-1);
            using var used = flat.narrow(0, 0, count);
            if (Rank == 0)
            {
                return count == 0 ? this : copy_(used.reshape([]));
            }

            return PutInPlace("masked_scatter_", Selection.ByLists("masked_scatter_", Shape, [.. places.unbind(1).Select((list, d) => (d, list))], false), used, false);
        }

        /// <summary>The elements with the given numbers in logical order; the result has the shape of the numbers.</summary>
        /// <param name="index">Whole numbers of any shape; negative from the back.</param>
        public Tensor take(Tensor index)
        {
            using var flat = reshape(-1);
            return flat.Take("take", Selection.ByLists("take", flat.Shape, [(0, index)], allowNegative: true));
        }

        /// <summary>The places of all elements that are not zero: one row for each, in logical order.</summary>
        public Tensor nonzero()
        {
            using var truth = detach().to(ScalarType.Bool);
            using var dense = truth.contiguous();
            var flags = dense.Pointer<byte>();
            var elements = dense.NumberOfElements;
            long count = 0;
            for (long i = 0; i < elements; i++)
            {
                count += flags[i];
            }

            var result = Allocate(ScalarType.Int64, count, Rank);
            var rows = result.Pointer<long>();
            for (long i = 0; i < elements; i++)
            {
                if (flags[i] == 0)
                {
                    continue;
                }

                var rest = i;
                for (var d = Rank - 1; d >= 0; d--)
                {
                    rest = Math.DivRem(rest, Shape[d], out rows[d]);
                }

                rows += Rank;
            }

            GC.KeepAlive(dense);
            GC.KeepAlive(result);
            return result;
        }

        /// <summary>The places of all elements that are not zero: one row for each.</summary>
        public Tensor argwhere() => nonzero();

        // The selection of places of one dimension.
        private Selection Listed(string name, long dim, Tensor index)
        {
            ArgumentNullException.ThrowIfNull(index);
            var d = Shapes.Dimension(name, dim, Rank);
            if (index.Rank > 1)
            {
                throw Errors.Of(name, $"index is supposed to be a vector, but its shape is {Shapes.Text(index.Shape)}");
            }

            using var list = index.Rank == 0 ? index.detach().reshape(1) : index.detach();
            return Selection.ByLists(name, Shape, [(d, list)], allowNegative: false);
        }

        private Tensor PutListed(string name, long dim, Tensor index, Tensor source, bool accumulate)
        {
            Errors.Given(source);
            var selection = Listed(name, dim, index);
            using var shaped = source.Rank == 0 ? source.reshape(1) : source.Handle();
            if (!shaped.Shape.AsSpan().SequenceEqual(selection.ResultShape))
            {
                throw Errors.Of(name, $"the source must have the shape {Shapes.Text(selection.ResultShape)}, as many entries along dimension {dim} of {Shapes.Text(Shape)} as there are indices, but it has {Shapes.Text(source.Shape)}");
            }

            return PutInPlace(name, selection, shaped, accumulate);
        }

        private static void CheckMask(string name, Tensor mask)
        {
            ArgumentNullException.ThrowIfNull(mask);
            if (mask.dtype != ScalarType.Bool)
            {
                throw Errors.Of(name, $"expected a mask of Bool, but got {mask.dtype}");
            }
        }
    }
}
