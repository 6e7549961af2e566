using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The lower triangles of a batch of matrices; zeros above.</summary>
    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    /// <summary>The upper triangles of a batch of matrices; zeros below.</summary>
    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    /// <summary>The diagonal of a matrix, or the matrix with a diagonal.</summary>
    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    /// <summary>Matrices with the given diagonals and zeros elsewhere.</summary>
    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => input.diag_embed(offset, dim1, dim2);

    /// <summary>The matrix whose diagonal holds all elements.</summary>
    public static Tensor diagflat(Tensor input, long offset = 0) => input.diagflat(offset);

    /// <summary>The places of the lower triangle of a matrix, row by row: (2, n), the rows first.</summary>
    /// <param name="row">The matrix's number of rows.</param>
    /// <param name="col">Its number of columns.</param>
    /// <param name="offset">The last diagonal that belongs to it: 0 the main one, positive above it, negative below.</param>
    /// <param name="dtype">Int64 or Int32.</param>
    /// <param name="device">The processor.</param>
    public static Tensor tril_indices(long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        TriangleIndices("tril_indices", row, col, dtype, device, full => full.tril(offset));

    /// <summary>The places of the upper triangle of a matrix, row by row: (2, n), the rows first.</summary>
    /// <param name="row">The matrix's number of rows.</param>
    /// <param name="col">Its number of columns.</param>
    /// <param name="offset">The first diagonal that belongs to it: 0 the main one, positive above it, negative below.</param>
    /// <param name="dtype">Int64 or Int32.</param>
    /// <param name="device">The processor.</param>
    public static Tensor triu_indices(long row, long col, long offset = 0L, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        TriangleIndices("triu_indices", row, col, dtype, device, full => full.triu(offset));

    private static Tensor TriangleIndices(string operation, long rows, long columns, ScalarType dtype, Device? device, Func<Tensor, Tensor> triangle)
    {
        Device.Require(device, operation);
        if (dtype is not (ScalarType.Int64 or ScalarType.Int32) || rows < 0 || columns < 0)
        {
            throw Errors.Of(operation, $"expects Int64 or Int32 and no negative size, but got {dtype} and {Shapes.Text([rows, columns])}");
        }

        using var full = ones([rows, columns], ScalarType.Bool);
        using var kept = triangle(full);
        using var places = kept.nonzero();
        using var turned = places.t();
        using var indices = turned.contiguous();
        return indices.to(dtype);
    }

    // Triangles and diagonals.
    public unsafe partial class Tensor
    {
        /// <summary>The lower triangles of a batch of matrices; zeros above.</summary>
        /// <param name="diagonal">The last diagonal that is kept: 0 the main one, positive above it, negative below.</param>
        public Tensor tril(long diagonal = 0) => Triangle("tril", diagonal, lower: true);

        /// <summary>Sets what lies above the lower triangles to zero.</summary>
        public Tensor tril_(long diagonal = 0) => ApplyInPlace("tril_", self => self.tril(diagonal));

        /// <summary>The upper triangles of a batch of matrices; zeros below.</summary>
        /// <param name="diagonal">The first diagonal that is kept: 0 the main one, positive above it, negative below.</param>
        public Tensor triu(long diagonal = 0) => Triangle("triu", diagonal, lower: false);

        /// <summary>Sets what lies below the upper triangles to zero.</summary>
        public Tensor triu_(long diagonal = 0) => ApplyInPlace("triu_", self => self.triu(diagonal));

        /// <summary>A copy of the diagonal of a matrix; or, given one dimension, the matrix with that diagonal and zeros elsewhere.</summary>
        /// <param name="diagonal">Which diagonal: 0 the main one, positive above it, negative below.</param>
        public Tensor diag(long diagonal = 0)
        {
            if (Rank is not (1 or 2))
            {
                throw Errors.Of("diag", $"expects a vector or a matrix, but the shape was {Shapes.Text(Shape)}");
            }

            if (Rank == 1)
            {
                return diag_embed(diagonal);
            }

            using var view = this.diagonal(diagonal);
            return view.clone();
        }

        /// <summary>Matrices with the given diagonals and zeros elsewhere.</summary>
        /// <param name="offset">Which diagonal: 0 the main one, positive above it, negative below.</param>
        /// <param name="dim1">Where the matrices' rows stand in the result.</param>
        /// <param name="dim2">Where their columns stand.</param>
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1)
        {
            var row = Shapes.Dimension("diag_embed", dim1, Rank + 1);
            var column = Shapes.Dimension("diag_embed", dim2, Rank + 1);
            if (row == column || Rank == 0)
            {
                throw Errors.Of("diag_embed", $"diagonals of shape {Shapes.Text(Shape)} cannot go to dimensions {dim1} and {dim2}: expected two different ones, and at least one dimension");
            }

            if (offset is < -int.MaxValue or > int.MaxValue)
            {
                throw Errors.Of("diag_embed", $"a matrix with {Shapes.Text(Shape)} on the diagonal {offset} would be too large");
            }

            var side = Shape[^1] + Math.Abs(offset);
            var batch = new Queue<long>(Shape[..^1]);
            var shape = new long[Rank + 1];
            for (var d = 0; d < shape.Length; d++)
            {
                shape[d] = d == row || d == column ? side : batch.Dequeue();
            }

            return Embed("diag_embed", this, shape, result => result.diagonal(offset, row, column));
        }

        /// <summary>The matrix whose diagonal holds all elements, in logical order, and zeros elsewhere.</summary>
        public Tensor diagflat(long offset = 0)
        {
            using var flat = reshape(-1);
            return flat.diag_embed(offset);
        }

        private Tensor Triangle(string name, long diagonal, bool lower)
        {
            if (Rank < 2)
            {
                throw Errors.Of(name, $"input tensor must have at least 2 dimensions, but its shape is {Shapes.Text(Shape)}");
            }

            var result = Allocate(dtype, Shape);
            Kernels.Copying.Copy(this, result);
            var (rows, columns) = (Shape[^2], Shape[^1]);
            var size = ScalarTypes.Size(dtype);
            var bytes = (byte*)result.Storage.Pointer;
            var count = columns == 0 ? 0 : result.NumberOfElements / columns;
            for (long r = 0; r < count; r++)
            {
                // The first column right of the diagonal for the lower triangle; the first one on it for the upper.
                var row = r % rows;
                var edge = Math.Clamp(diagonal, -rows - 1, columns + 1) + row + (lower ? 1 : 0);
                edge = Math.Clamp(edge, 0, columns);
                var (from, to) = lower ? (edge, columns) : (0, edge);
                new Span<byte>(bytes + (((r * columns) + from) * size), checked((int)((to - from) * size))).Clear();
            }

            GC.KeepAlive(result);
            return Graph.Record(name, result, [this], [], (_, gradient) => [gradient.Triangle(name, diagonal, lower)]);
        }
    }
}
