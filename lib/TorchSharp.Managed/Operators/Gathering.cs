using TorchSharp.Kernels;

namespace TorchSharp;

/// <summary>Rows of a table by their numbers: what an embedding is.</summary>
internal static class Gathering
{
    /// <summary>The rows of a table with the given numbers.</summary>
    /// <remarks>Backward adds the gradients of a row that occurs several times in the order of occurrence, so its bits don't depend on threads.</remarks>
    /// <param name="weight">The table [V, d].</param>
    /// <param name="indices">Row numbers of any shape.</param>
    /// <param name="paddingIndex">A row that gets no gradient, or null.</param>
    /// <returns>The shape of the indices with d appended.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A number is out of range.</exception>
    public static Tensor Rows(Tensor weight, Tensor indices, long? paddingIndex = null)
    {
        if (weight.Rank != 2)
        {
            throw Errors.Of("embedding", $"'weight' must be 2-D, but its shape is {Shapes.Text(weight.Shape)}");
        }

        var selection = Selection.ByLists("embedding", weight.Shape, [(0, indices)], allowNegative: false);
        var result = torch.Tensor.Allocate(weight.dtype, selection.ResultShape);
        Indexing.Read(selection, weight, result);
        return Autograd.Graph.Record("embedding", result, [weight], [], (_, gradient) =>
        {
            var sum = torch.Tensor.Scattered("embedding", gradient, selection);
            if (paddingIndex is { } row)
            {
                using var padding = sum.select(0, row);
                padding.zero_();
            }

            return [sum];
        });
    }
}

public static partial class torch
{
    /// <summary>Elements by an index for each, along one dimension.</summary>
    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    /// <summary>Elements by an index for each, along one dimension.</summary>
    public static Tensor gather(Tensor input, long dim, Tensor index, bool sparse_grad = false)
    {
        _ = sparse_grad;
        return input.gather(dim, index);
    }

    /// <summary>A tensor with values written to an index for each, along one dimension.</summary>
    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    /// <summary>Writes values to an index for each, along one dimension.</summary>
    public static Tensor scatter_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_(dim, index, src);

    /// <summary>A tensor with values added at an index for each, along one dimension.</summary>
    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    /// <summary>Adds values at an index for each, along one dimension.</summary>
    public static Tensor scatter_add_(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add_(dim, index, src);

    /// <summary>Elements by an index for each, along one dimension; the other dimensions broadcast.</summary>
    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) => input.take_along_dim(indices, dim);

    // An index for every element of the result (gather) or of the values (scatter).
    public partial class Tensor
    {
        /// <summary>Elements by an index for each, along one dimension: <c>result[i, j] = this[i, index[i, j]]</c> for dimension 1.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">Whole numbers; along the other dimensions no longer than this tensor.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">An index is out of range, or the shapes don't fit.</exception>
        public Tensor gather(long dim, Tensor index)
        {
            ArgumentNullException.ThrowIfNull(index);
            var d = Shapes.Dimension("gather", dim, Rank);
            using var shaped = Rank == 0 && index.Rank == 1 ? reshape(1) : Handle();
            using var indices = Rank == 1 && index.Rank == 0 ? index.reshape(1) : index.Handle();
            using var result = shaped.Take("gather", Selection.Along("gather", shaped.Shape, d, indices));
            return result.Rank == index.Rank ? result.Handle() : result.reshape(index.Shape);
        }

        /// <summary>A tensor with values written to an index for each, along one dimension.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) => clone().scatter_(dim, index, src);

        /// <summary>Writes values to an index for each, along one dimension: <c>this[i, index[i, j]] = src[i, j]</c> for dimension 1.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">Whole numbers; no longer than the values, and along the other dimensions no longer than this tensor.</param>
        /// <param name="src">The values.</param>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Scatter("scatter_", dim, index, src, false);

        /// <summary>A tensor with values added at an index for each, along one dimension.</summary>
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => clone().scatter_add_(dim, index, src);

        /// <summary>Adds values at an index for each, along one dimension, in logical order of the values.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Scatter("scatter_add_", dim, index, src, true);

        /// <summary>The elements with the given numbers in logical order, as <see cref="take"/>.</summary>
        public Tensor take_along_dim(Tensor indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            using var flat = reshape(-1);
            using var numbers = indices.reshape(-1);
            return flat.gather(0, numbers);
        }

        /// <summary>Elements by an index for each, along one dimension; the other dimensions broadcast.</summary>
        public Tensor take_along_dim(Tensor indices, long dim)
        {
            ArgumentNullException.ThrowIfNull(indices);
            var d = Shapes.Dimension("take_along_dim", dim, Rank);
            if (indices.Rank != Rank)
            {
                throw Errors.Of("take_along_dim", $"input and indices should have the same number of dimensions, but their shapes are {Shapes.Text(Shape)} and {Shapes.Text(indices.Shape)}");
            }

            var (mine, theirs) = ((long[])Shape.Clone(), (long[])indices.Shape.Clone());
            if (Rank > 0)
            {
                (mine[d], theirs[d]) = (1, 1);
            }

            var common = Shapes.Broadcast("take_along_dim", mine, theirs);
            (mine, theirs) = ((long[])common.Clone(), (long[])common.Clone());
            if (Rank > 0)
            {
                (mine[d], theirs[d]) = (Shape[d], indices.Shape[d]);
            }

            using var source = expand(mine);
            using var numbers = indices.expand(theirs);
            return source.gather(d, numbers);
        }

        private Tensor Scatter(string name, long dim, Tensor index, Tensor src, bool accumulate)
        {
            ArgumentNullException.ThrowIfNull(index);
            ArgumentNullException.ThrowIfNull(src);
            var d = Shapes.Dimension(name, dim, Rank);
            if (index.NumberOfElements == 0)
            {
                return this;
            }

            var fits = index.Rank == src.Rank;
            for (var i = 0; i < index.Rank && fits; i++)
            {
                fits = index.Shape[i] <= src.Shape[i];
            }

            if (!fits)
            {
                throw Errors.Of(name, $"expected index {Shapes.Text(index.Shape)} to be no larger than src {Shapes.Text(src.Shape)}");
            }

            using var scope = NewDisposeScope();
            var used = src;
            for (var i = 0; i < index.Rank; i++)
            {
                if (index.Shape[i] != src.Shape[i])
                {
                    used = used.narrow(i, 0, index.Shape[i]);
                }
            }

            return PutInPlace(name, Selection.Along(name, Shape, d, index), used, accumulate);
        }
    }
}
