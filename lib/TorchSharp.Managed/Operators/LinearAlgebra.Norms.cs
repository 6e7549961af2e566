namespace TorchSharp;

// Norms of vectors and matrices, condition numbers, and products with names of their own. All are composed of other operations, and have their gradients.
public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>The p-norms of all elements or over dimensions: (sum |x|^ord)^(1/ord), the number of non-zeros for 0, the extreme |x| for +-infinity.</summary>
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => Errors.Given(input).VectorNorm("linalg.vector_norm", ord, dims, keepdim);

        /// <summary>Norms of matrices in two dimensions: "fro" the root of the sum of squares, "nuc" the sum of the singular values.</summary>
        /// <param name="input">At least two dimensions.</param>
        /// <param name="ord">Which.</param>
        /// <param name="dims">Rows and columns; the last two dimensions if null.</param>
        /// <param name="keepdim">Whether they stay in the shape, with length 1.</param>
        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false)
        {
            const string Operation = "linalg.matrix_norm";
            var (rows, columns) = RowsAndColumns(Operation, input, dims);
            return ord switch
            {
                "fro" => Errors.Given(input).VectorNorm(Operation, 2, [rows, columns], keepdim),
                "nuc" => Kept(SingularValues(input, rows, columns).sum((ReadOnlySpan<long>)[-1]), rows, columns, keepdim),
                _ => throw Errors.Of(Operation, $"order '{ord}' is not known; expected 'fro' or 'nuc' for {Shapes.Text(input.Shape)}"),
            };
        }

        /// <summary>Norms of matrices in two dimensions: the greatest (or with a minus the least) sum of sizes of a column for +-1, of a row for +-infinity, singular value for +-2.</summary>
        /// <param name="input">At least two dimensions.</param>
        /// <param name="ord">Which.</param>
        /// <param name="dims">Rows and columns; the last two dimensions if null.</param>
        /// <param name="keepdim">Whether they stay in the shape, with length 1.</param>
        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false)
        {
            const string Operation = "linalg.matrix_norm";
            var (rows, columns) = RowsAndColumns(Operation, input, dims);
            if (Math.Abs(ord) == 2)
            {
                var values = SingularValues(input, rows, columns);
                return Kept(ord > 0 ? values.amax(-1) : values.amin(-1), rows, columns, keepdim);
            }

            if (Math.Abs(ord) != 1 && !double.IsInfinity(ord))
            {
                throw Errors.Of(Operation, FormattableString.Invariant($"order {ord} is not supported; expected 1, 2 or infinity or their negatives for {Shapes.Text(input.Shape)}"));
            }

            var (summed, compared) = double.IsInfinity(ord) ? (columns, rows) : (rows, columns);
            var sums = input.abs().sum((ReadOnlySpan<long>)[summed], keepdim: true);
            var result = ord > 0 ? sums.amax([compared], keepdim: true) : sums.amin([compared], keepdim: true);
            return keepdim ? result : result.squeeze(Math.Max(rows, columns)).squeeze(Math.Min(rows, columns));
        }

        /// <summary>The root of the sum of squares, of all elements or over dimensions.</summary>
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Errors.Given(input).VectorNorm("linalg.norm", 2, dims, keepdim);

        /// <summary>Norms of matrices. See <see cref="matrix_norm(Tensor, string, long[], bool)"/>.</summary>
        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => matrix_norm(input, ord, dims, keepdim);

        /// <summary>Norms of vectors, or of matrices if two dimensions are given or the tensor has just two.</summary>
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => dims is { Length: 2 } || (dims is null && Errors.Given(input).Rank == 2)
            ? matrix_norm(input, ord, dims, keepdim)
            : vector_norm(input, ord, dims, keepdim);

        /// <inheritdoc cref="norm(Tensor, double, long[], bool)"/>
        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => norm(input, (double)ord, dims, keepdim);

        /// <summary>The greatest over the least singular value.</summary>
        public static Tensor cond(Tensor input) => cond(input, 2.0);

        /// <inheritdoc cref="cond(Tensor, double)"/>
        public static Tensor cond(Tensor input, int p) => cond(input, (double)p);

        /// <summary>The norm of matrices times that of their inverses; for 2 and -2 from the singular values.</summary>
        public static Tensor cond(Tensor input, double p)
        {
            if (Math.Abs(p) == 2)
            {
                var values = svdvals(input);
                return p > 0 ? values.amax(-1).div(values.amin(-1)) : values.amin(-1).div(values.amax(-1));
            }

            return matrix_norm(input, p).mul(matrix_norm(inv(input), p));
        }

        /// <inheritdoc cref="cond(Tensor, double)"/>
        public static Tensor cond(Tensor input, string p) => matrix_norm(input, p).mul(matrix_norm(inv(input), p));

        /// <summary>The cross products of vectors of length 3 along a dimension.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The dimension has another length.</exception>
        public static Tensor cross(Tensor input, Tensor other, long dim = -1)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(other);
            var shape = Shapes.Broadcast("linalg.cross", input.Shape, other.Shape);
            var d = Shapes.Dimension("linalg.cross", dim, shape.Length);
            if (shape.Length == 0 || input.Rank != other.Rank || input.Shape[d] != 3 || other.Shape[d] != 3)
            {
                throw Errors.Of("linalg.cross", $"inputs of as many dimensions must have length 3 along dimension {dim}, but are {Shapes.Text(input.Shape)} and {Shapes.Text(other.Shape)}");
            }

            var x = input.unbind(d);
            var y = other.unbind(d);
            return torch.stack([x[1].mul(y[2]).sub(x[2].mul(y[1])), x[2].mul(y[0]).sub(x[0].mul(y[2])), x[0].mul(y[1]).sub(x[1].mul(y[0]))], d);
        }

        /// <summary>A view of diagonals: of the last two dimensions if no others are given.</summary>
        public static Tensor diagonal(Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1) => Errors.Given(input).diagonal(offset, dim1, dim2);

        /// <summary>The product of several matrices, multiplied in the order that costs least; the first and the last may be vectors.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There are fewer than two, or the shapes don't fit.</exception>
        public static Tensor multi_dot(IList<Tensor> tensors)
        {
            const string Operation = "linalg.multi_dot";
            var shapes = string.Join(", ", tensors.Select(tensor => Shapes.Text(tensor.Shape)));
            if (tensors.Count < 2)
            {
                throw Errors.Of(Operation, $"expected at least 2 tensors, but got {tensors.Count}: {shapes}");
            }

            var matrices = tensors.ToArray();
            matrices[0] = matrices[0].Rank == 1 ? matrices[0].unsqueeze(0) : matrices[0];
            matrices[^1] = matrices[^1].Rank == 1 ? matrices[^1].unsqueeze(1) : matrices[^1];
            for (var i = 0; i < matrices.Length; i++)
            {
                if (matrices[i].Rank != 2 || (i > 0 && matrices[i - 1].Shape[1] != matrices[i].Shape[0]))
                {
                    throw Errors.Of(Operation, $"tensors must be matrices that can be multiplied one after the other, but their shapes are {shapes}");
                }
            }

            var result = ProductOf(matrices, BestSplits(matrices), 0, matrices.Length - 1);
            result = tensors[0].Rank == 1 ? result.squeeze(0) : result;
            return tensors[^1].Rank == 1 ? result.squeeze(-1) : result;
        }

        /// <summary>The inverse of a tensor as a linear map from its last dimensions to its first <paramref name="ind"/> ones.</summary>
        public static Tensor tensorinv(Tensor input, long ind)
        {
            ArgumentNullException.ThrowIfNull(input);
            if (ind <= 0 || ind > input.Rank)
            {
                throw Errors.Of("linalg.tensorinv", $"expected 0 < ind <= {input.Rank} for {Shapes.Text(input.Shape)}, but got {ind}");
            }

            var (first, last) = (input.Shape[..(int)ind], input.Shape[(int)ind..]);
            return inv(input.reshape(Shapes.Count(first), Shapes.Count(last))).reshape([.. last, .. first]);
        }

        /// <summary>The X for which the contraction of A with X over X's dimensions gives B.</summary>
        /// <param name="A">The shape of B, followed by that of X.</param>
        /// <param name="B">The right-hand side.</param>
        /// <param name="dims">Dimensions of A to move to its end first.</param>
        public static Tensor tensorsolve(Tensor A, Tensor B, long[] dims)
        {
            ArgumentNullException.ThrowIfNull(A);
            ArgumentNullException.ThrowIfNull(B);
            var moved = Shapes.Dimensions("linalg.tensorsolve", dims ?? [], A.Rank);
            long[] order = [.. Enumerable.Range(0, A.Rank).Except(moved).Select(d => (long)d), .. moved.Select(d => (long)d)];
            var permuted = A.permute(order);
            long[] unknown = permuted.Shape[B.Rank..];
            return solve(permuted.reshape(B.NumberOfElements, Shapes.Count(unknown)), B.reshape(-1)).reshape(unknown);
        }

        /// <summary>Powers x^0, x^1, ..., x^(N-1) of the elements along a new last dimension: (..., n) -> (..., n, N).</summary>
        /// <param name="input">The vectors.</param>
        /// <param name="N">How many powers; as many as there are elements if null.</param>
        public static Tensor vander(Tensor input, long? N = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            var count = N ?? (input.Rank > 0 ? input.Shape[^1] : 0);
            if (input.Rank == 0 || count < 1)
            {
                throw Errors.Of("linalg.vander", $"expected at least one dimension and N >= 1, but got {Shapes.Text(input.Shape)} and {count}");
            }

            using var one = Tensor.Zeros(input.dtype, [.. input.Shape, 1]).fill_(1);
            using var factors = torch.cat([one, input.unsqueeze(-1).expand([.. input.Shape, count - 1])], -1);
            return factors.cumprod(-1);
        }

        /// <summary>The sums of the products of elements along a dimension.</summary>
        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor? @out = null) => Tensor.WrittenTo(@out, Errors.Given(x).mul(y).sum((ReadOnlySpan<long>)[dim]));

        private static (int Rows, int Columns) RowsAndColumns(string operation, Tensor input, long[]? dims)
        {
            ArgumentNullException.ThrowIfNull(input);
            var pair = input.Rank >= 2 ? Shapes.Dimensions(operation, dims ?? [-2, -1], input.Rank) : [];
            return pair.Length == 2 ? (pair[0], pair[1]) : throw Errors.Of(operation, $"expected an input of at least 2 dimensions and 2 of them to reduce, but got {Shapes.Text(input.Shape)} and {Shapes.Text(dims)}");
        }

        private static Tensor SingularValues(Tensor input, int rows, int columns) => svdvals(input.movedim([rows, columns], [-2, -1]));

        private static Tensor Kept(Tensor result, int rows, int columns, bool keepdim) => keepdim ? result.unsqueeze(Math.Min(rows, columns)).unsqueeze(Math.Max(rows, columns)) : result;

        // Where to split the products i..j so that the fewest multiplications are needed (T. H. Cormen et al., "Introduction to Algorithms", section 15.2).
        private static int[,] BestSplits(Tensor[] matrices)
        {
            var n = matrices.Length;
            var cost = new double[n, n];
            var split = new int[n, n];
            for (var length = 1; length < n; length++)
            {
                for (var i = 0; i + length < n; i++)
                {
                    var j = i + length;
                    cost[i, j] = double.PositiveInfinity;
                    for (var k = i; k < j; k++)
                    {
                        var total = cost[i, k] + cost[k + 1, j] + ((double)matrices[i].Shape[0] * matrices[k].Shape[1] * matrices[j].Shape[1]);
                        if (total < cost[i, j])
                        {
                            (cost[i, j], split[i, j]) = (total, k);
                        }
                    }
                }
            }

            return split;
        }

        private static Tensor ProductOf(Tensor[] matrices, int[,] split, int i, int j) =>
            i == j ? matrices[i] : ProductOf(matrices, split, i, split[i, j]).mm(ProductOf(matrices, split, split[i, j] + 1, j));
    }
}
