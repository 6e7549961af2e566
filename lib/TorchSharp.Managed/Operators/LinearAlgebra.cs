using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Linear algebra of (batches of) matrices of Float32 and Float64, computed in double: determinants, inverses, systems, decompositions.
// The methods and their signs are those of the kernels in LinearAlgebra; gradients follow M. Giles, "Collected Matrix Derivative Results for Forward and Reverse Mode
// Algorithmic Differentiation", 2008, and PyTorch where it goes further.
public static partial class torch
{
    /// <inheritdoc cref="linalg.det"/>
    public static Tensor det(Tensor input) => linalg.det(input);

    /// <inheritdoc cref="linalg.inv"/>
    public static Tensor inverse(Tensor input) => linalg.inv(input);

    public partial class Tensor
    {
        /// <inheritdoc cref="linalg.det"/>
        public Tensor det() => linalg.det(this);

        /// <inheritdoc cref="linalg.inv"/>
        public Tensor inverse() => linalg.inv(this);
    }

    /// <summary>Linear algebra: the functions of <c>torch.linalg</c>.</summary>
    public static unsafe partial class linalg
    {
        /// <summary>The determinants of square matrices: (..., n, n) -> (...).</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The matrices are not square.</exception>
        public static Tensor det(Tensor input)
        {
            var n = CheckSquare("linalg.det", input);
            var result = ForEachMatrix("linalg.det", input, [[]], a =>
            {
                var (sign, _) = LinearAlgebra.Lu(a, n);
                double product = sign;
                for (var i = 0; i < n; i++)
                {
                    product *= a[(i * n) + i];
                }

                return [[product]];
            })[0];
            return Graph.Record("linalg.det", result, [input], [input, result], static (node, gradient) =>
            {
                var (a, determinant) = (node.Saved(0), node.Saved(1));
                return [gradient.unsqueeze(-1).unsqueeze(-1).mul(Tensor.HasZero(determinant) ? Cofactors(a) : inv(a).mT.mul(determinant.unsqueeze(-1).unsqueeze(-1)))];
            });
        }

        /// <summary>The signs of determinants and the logarithms of their sizes: (..., n, n) -> (...) and (...). Of a singular matrix they are 0 and -infinity.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The matrices are not square.</exception>
        public static (Tensor, Tensor) slogdet(Tensor input)
        {
            var n = CheckSquare("linalg.slogdet", input);
            var results = ForEachMatrix("linalg.slogdet", input, [[], []], a =>
            {
                double sign = LinearAlgebra.Lu(a, n).Sign;
                var sum = 0.0;
                for (var i = 0; i < n; i++)
                {
                    var pivot = a[(i * n) + i];
                    sign *= Math.Sign(pivot);
                    sum += VectorMath.Log(Math.Abs(pivot));
                }

                return [[sign], [sum]];
            });
            Graph.Record("linalg.slogdet", results, [input], [input], static (node, gradients) =>
                [gradients[1] is { } gradient ? inv(node.Saved(0)).mT.mul(gradient.unsqueeze(-1).unsqueeze(-1)) : null]);
            return (results[0], results[1]);
        }

        /// <summary>The inverses of square matrices.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A matrix is singular or not square.</exception>
        public static Tensor inv(Tensor input) => Inverse(input, true).Inverse;

        /// <summary>The inverses of square matrices, and 0 for each (Int32), or the number of the first pivot that is zero; then the inverse holds nothing of use.</summary>
        /// <param name="input">(..., n, n).</param>
        /// <param name="check_errors">Whether to throw for a singular matrix.</param>
        public static (Tensor L, Tensor info) inv_ex(Tensor input, bool check_errors = false) => Inverse(input, check_errors);

        /// <summary>X with A X = B (or X A = B): A (..., n, n), B (..., n, k) or (..., n).</summary>
        /// <param name="A">Square matrices.</param>
        /// <param name="B">Right-hand sides; vectors, if it has one dimension less than A and the lengths of A's rows.</param>
        /// <param name="left">Whether A stands left of X.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A matrix is singular, or the shapes don't fit.</exception>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Solve("linalg.solve", A, B, left, true).Solution;

        /// <summary>As <see cref="solve"/>, and 0 for each matrix (Int32), or the number of the first pivot that is zero.</summary>
        public static (Tensor result, Tensor info) solve_ex(Tensor A, Tensor B, bool left = true, bool check_errors = false) => Solve("linalg.solve_ex", A, B, left, check_errors);

        /// <summary>X with A X = B (or X A = B) for triangular matrices A (..., n, n): the other triangle is not read.</summary>
        /// <param name="A">Triangular matrices.</param>
        /// <param name="B">Right-hand sides, (..., n, k).</param>
        /// <param name="upper">Whether the upper triangle is read.</param>
        /// <param name="left">Whether A stands left of X.</param>
        /// <param name="unitriangular">Whether the diagonal counts as ones and is not read.</param>
        /// <param name="out">Where to write the result, if given.</param>
        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null)
        {
            ArgumentNullException.ThrowIfNull(A);
            ArgumentNullException.ThrowIfNull(B);
            const string Operation = "linalg.solve_triangular";
            if (!left)
            {
                return Tensor.WrittenTo(@out, solve_triangular(A.mT, B.mT, !upper, true, unitriangular).mT);
            }

            var n = CheckSquare(Operation, A);
            CheckRightHandSide(Operation, A, B);
            var result = ForEachPair(A, B, (a, b, count) =>
            {
                LinearAlgebra.SolveTriangular(a, n, b, count, upper, unitriangular);
                return b;
            });
            Graph.Record(Operation, result, [A, B], [A, result], (node, gradient) =>
            {
                var (a, x) = (node.Saved(0), node.Saved(1));
                var ofB = solve_triangular(a.mT, gradient, !upper, true, unitriangular);
                var ofA = node.Needs(0) ? ofB.matmul(x.mT).neg() : null;
                var triangle = upper ? ofA?.triu(unitriangular ? 1 : 0) : ofA?.tril(unitriangular ? -1 : 0);
                return [triangle?.SumTo(node.InputShape(0)), node.Needs(1) ? ofB.SumTo(node.InputShape(1)) : null];
            });
            return Tensor.WrittenTo(@out, result);
        }

        /// <summary>The lower triangular L with A = L L^T of symmetric positive definite matrices, whose lower triangle is read.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A matrix is not positive definite or not square.</exception>
        public static Tensor cholesky(Tensor input) => CholeskyFactor(input, true).L;

        /// <summary>As <see cref="cholesky"/>, and 0 for each matrix (Int32), or the number of the first leading block that is not positive definite.</summary>
        public static (Tensor L, Tensor info) cholesky_ex(Tensor input, bool check_errors = false) => CholeskyFactor(input, check_errors);

        /// <summary>A = P L U: a permutation, a lower triangle with ones on its diagonal, an upper triangle, of square matrices.</summary>
        /// <param name="input">(..., n, n).</param>
        /// <param name="pivot">Must be true.</param>
        public static (Tensor P, Tensor L, Tensor U) lu(Tensor input, bool pivot = true)
        {
            var (factors, pivots) = lu_factor(input, pivot);
            using (pivots)
            using (factors)
            {
                var lower = factors.tril(-1).add(Identity(input));
                var upper = factors.triu();
                using var mode = GradMode.Set(false);

                // P = A (L U)^-1 for invertible A; the permutation is had from the factorisation itself.
                var permutation = ForEachMatrix("linalg.lu", input, [[input.Shape[^2], input.Shape[^1]]], a =>
                {
                    var n = (int)input.Shape[^1];
                    var rows = new int[n];
                    LinearAlgebra.Lu(a, n, rows);
                    var p = new double[n * n];
                    for (var i = 0; i < n; i++)
                    {
                        p[(rows[i] * n) + i] = 1;
                    }

                    return [p];
                })[0];
                return (permutation, lower, upper);
            }
        }

        /// <summary>The factors of A = P L U in one matrix, U on and above the diagonal, and the row (from 1, Int32) with which each row was exchanged.</summary>
        /// <param name="input">(..., n, n).</param>
        /// <param name="pivot">Must be true.</param>
        /// <remarks>There is no gradient.</remarks>
        public static (Tensor LU, Tensor Pivots) lu_factor(Tensor input, bool pivot = true)
        {
            var n = CheckSquare("linalg.lu_factor", input);
            if (!pivot)
            {
                throw Errors.Of("linalg.lu_factor", $"LU without pivoting is not implemented; {Shapes.Text(input.Shape)} can be decomposed with pivot: true");
            }

            var results = ForEachMatrix("linalg.lu_factor", input, [[n, n], [n]], a =>
            {
                var rows = new int[n];
                LinearAlgebra.Lu(a, n, rows);

                // From the permutation to the exchanges that make it.
                var exchanges = new double[n];
                var present = Enumerable.Range(0, n).ToArray();
                for (var i = 0; i < n; i++)
                {
                    var at = Array.IndexOf(present, rows[i]);
                    exchanges[i] = at + 1;
                    (present[i], present[at]) = (present[at], present[i]);
                }

                return [a, exchanges];
            });
            return (results[0], results[1].to(ScalarType.Int32, disposeAfter: true));
        }

        /// <summary>X with A X = B (or X A = B, or with the transpose of A), from the factors of A.</summary>
        /// <param name="LU">The factors, as <see cref="lu_factor"/> gives them: (..., n, n).</param>
        /// <param name="pivots">The exchanges, as <see cref="lu_factor"/> gives them: (..., n), Int32.</param>
        /// <param name="B">The right-hand sides: (..., n, k), or (..., k, n) where X stands on the left.</param>
        /// <param name="left">Whether X stands to the right of A.</param>
        /// <param name="adjoint">Whether A is transposed.</param>
        /// <param name="out">If given, the result is written there and it is returned.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not fit, or the pivots are no such exchanges.</exception>
        public static Tensor lu_solve(Tensor LU, Tensor pivots, Tensor B, bool left = true, bool adjoint = false, Tensor? @out = null)
        {
            const string Operation = "linalg.lu_solve";
            if (!left)
            {
                using var turned = lu_solve(LU, pivots, Errors.Given(B).mT, true, !adjoint);
                return Tensor.WrittenTo(@out, turned.mT);
            }

            var n = CheckSquare(Operation, LU);
            if (Errors.Given(pivots).dtype != ScalarType.Int32 || !pivots.Shape.AsSpan().SequenceEqual(LU.Shape.AsSpan(..^1)))
            {
                throw Errors.Of(Operation, $"expects Int32 pivots of shape {Shapes.Text(LU.Shape.AsSpan(..^1))}, but they are {pivots.dtype} {Shapes.Text(pivots.Shape)}");
            }

            using var permutation = Permutation(Operation, pivots, n, LU.dtype);
            if (adjoint)
            {
                using var inner = solve_triangular(LU.mT, B, upper: false);
                using var outer = solve_triangular(LU.mT, inner, upper: true, unitriangular: true);
                return Tensor.WrittenTo(@out, permutation.matmul(outer));
            }

            using var ordered = permutation.mT.matmul(B);
            using var lower = solve_triangular(LU, ordered, upper: false, unitriangular: true);
            return Tensor.WrittenTo(@out, solve_triangular(LU, lower, upper: true));
        }

        // The matrices P with A = P L U, from the exchanges.
        private static Tensor Permutation(string operation, Tensor pivots, int n, ScalarType type)
        {
            var exchanges = pivots.data<int>().ToArray();
            var rows = new long[exchanges.Length];
            for (var first = 0; first < exchanges.Length; first += n)
            {
                for (var i = 0; i < n; i++)
                {
                    rows[first + i] = i;
                }

                for (var i = 0; i < n; i++)
                {
                    var with = exchanges[first + i] - 1;
                    if (with < 0 || with >= n)
                    {
                        throw Errors.Of(operation, $"expects pivots from 1 to {n}, but got {with + 1}");
                    }

                    (rows[first + i], rows[first + with]) = (rows[first + with], rows[first + i]);
                }
            }

            using var places = tensor(rows, pivots.Shape);
            using var chosen = nn.functional.one_hot(places, n);
            return chosen.mT.to(type).contiguous();
        }

        /// <summary>e^A of square matrices.</summary>
        public static Tensor matrix_exp(Tensor input)
        {
            var n = CheckSquare("linalg.matrix_exp", input);
            var result = ForEachMatrix("linalg.matrix_exp", input, [[n, n]], a => [LinearAlgebra.Exponential(a, n)])[0];
            return Graph.Record("linalg.matrix_exp", result, [input], [input], static (node, gradient) =>
            {
                // The derivative in a direction G is the upper right block of exp [[A, G], [0, A]]; its adjoint that of A^T.
                var transposed = node.Saved(0).mT;
                var n = transposed.Shape[^1];
                var upper = torch.cat([transposed, gradient], -1);
                var lower = torch.cat([Tensor.Zeros(gradient.dtype, gradient.Shape), transposed], -1);
                return [matrix_exp(torch.cat([upper, lower], -2)).narrow(-2, 0, n).narrow(-1, n, n)];
            });
        }

        private static (Tensor Inverse, Tensor Info) Inverse(Tensor input, bool throws)
        {
            var n = CheckSquare("linalg.inv", input);
            var results = ForEachMatrix("linalg.inv", input, [[n, n], []], a =>
            {
                var rows = new int[n];
                var (_, singular) = LinearAlgebra.Lu(a, n, rows);
                return singular > 0 && throws
                    ? throw Errors.Of("linalg.inv", $"the diagonal element {singular} of the triangle is zero: a matrix of {Shapes.Text(input.Shape)} is singular and has no inverse")
                    : [LinearAlgebra.SolveLu(a, rows, n, LinearAlgebra.Identity(n), n), [singular]];
            });
            Graph.Record("linalg.inv", results[0], [input], [results[0]], static (node, gradient) =>
            {
                var transposed = node.Saved(0).mT;
                return [transposed.matmul(gradient).matmul(transposed).neg()];
            });
            return (results[0], results[1].to(ScalarType.Int32, disposeAfter: true));
        }

        private static (Tensor Solution, Tensor Info) Solve(string operation, Tensor a, Tensor b, bool left, bool throws)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            var n = CheckSquare(operation, a);
            var isVector = b.Rank == 1 || (b.Rank == a.Rank - 1 && b.Shape.AsSpan().SequenceEqual(a.Shape.AsSpan()[..^1]));
            if (isVector)
            {
                var (column, ofColumn) = Solve(operation, left ? a : a.mT, b.unsqueeze(-1), true, throws);
                return (column.squeeze(-1), ofColumn);
            }

            if (!left)
            {
                var (transposed, ofTransposed) = Solve(operation, a.mT, b.mT, true, throws);
                return (transposed.mT, ofTransposed);
            }

            CheckRightHandSide(operation, a, b);
            var info = Tensor.Zeros(ScalarType.Int32, a.Shape[..^2]);
            var matrices = Shapes.Count(a.Shape.AsSpan()[..^2]);
            var next = 0L;
            var result = ForEachPair(a, b, (matrix, rightHandSide, count) =>
            {
                var rows = new int[n];
                var (_, singular) = LinearAlgebra.Lu(matrix, n, rows);
                if (singular > 0 && throws)
                {
                    throw Errors.Of(operation, $"a matrix of {Shapes.Text(a.Shape)} is singular: the diagonal element {singular} of its triangle is zero, so there is no solution");
                }

                info.Pointer<int>()[next++ % matrices] = singular;
                return LinearAlgebra.SolveLu(matrix, rows, n, rightHandSide, count);
            });
            Graph.Record(operation, result, [a, b], [a, result], static (node, gradient) =>
            {
                var (a, x) = (node.Saved(0), node.Saved(1));
                var ofB = solve(a.mT, gradient);
                return [node.Needs(0) ? ofB.matmul(x.mT).neg().SumTo(node.InputShape(0)) : null, node.Needs(1) ? ofB.SumTo(node.InputShape(1)) : null];
            });
            return (result, info);
        }

        private static (Tensor L, Tensor Info) CholeskyFactor(Tensor input, bool throws)
        {
            var n = CheckSquare("linalg.cholesky", input);
            var results = ForEachMatrix("linalg.cholesky", input, [[n, n], []], a =>
            {
                var failed = LinearAlgebra.Cholesky(a, n);
                return failed > 0 && throws
                    ? throw Errors.Of("linalg.cholesky", $"the factorization could not be completed because a matrix of {Shapes.Text(input.Shape)} is not positive-definite (its leading minor of order {failed})")
                    : [a, [failed]];
            });
            Graph.Record("linalg.cholesky", results[0], [input], [results[0]], static (node, gradient) =>
            {
                // L^-T phi(L^T G) L^-1, where phi takes the lower triangle with half the diagonal; made symmetric.
                var l = node.Saved(0);
                var product = l.mT.matmul(gradient);
                var phi = product.tril().sub(torch.diag_embed(product.diagonal(0, -2, -1)).mul(0.5));
                var inner = solve_triangular(l.mT, phi, upper: true);
                var result = solve_triangular(l.mT, inner.mT, upper: true).mT;
                return [result.add(result.mT).mul(0.5)];
            });
            return (results[0], results[1].to(ScalarType.Int32, disposeAfter: true));
        }

        // d det / d A also where the determinant is zero: from A = U S V^T, each singular value replaced by the product of the others.
        private static Tensor Cofactors(Tensor a)
        {
            var (u, s, vh) = svd(a);
            var n = s.Shape[^1];
            var parts = new List<Tensor>();
            for (var i = 0L; i < n; i++)
            {
                parts.Add(torch.cat([s.narrow(-1, 0, i), s.narrow(-1, i + 1, n - i - 1)], -1).prod(-1, keepdim: true));
            }

            var others = torch.cat(parts, -1);
            return u.mul(others.unsqueeze(-2)).matmul(vh).mul(det(u).mul(det(vh)).unsqueeze(-1).unsqueeze(-1));
        }

        private static Tensor Identity(Tensor like)
        {
            using var one = Tensor.Zeros(like.dtype, like.Shape[^1]).fill_(1);
            return torch.diag_embed(one);
        }

        private static int CheckSquare(string operation, Tensor input)
        {
            CheckMatrices(operation, input);
            return input.Shape[^1] == input.Shape[^2] ? checked((int)input.Shape[^1]) : throw Errors.Of(operation, $"the matrices must be square, but the input is {Shapes.Text(input.Shape)}");
        }

        private static void CheckMatrices(string operation, Tensor input)
        {
            ArgumentNullException.ThrowIfNull(input);
            if (!input.IsFloating || input.Rank < 2)
            {
                throw Errors.Of(operation, $"expected floating-point matrices (..., rows, columns), but got {input.dtype} {Shapes.Text(input.Shape)}");
            }
        }

        private static void CheckRightHandSide(string operation, Tensor a, Tensor b)
        {
            if (b.Rank < 2 || b.dtype != a.dtype || b.Shape[^2] != a.Shape[^1])
            {
                throw Errors.Of(operation, $"incompatible: A is {a.dtype} {Shapes.Text(a.Shape)} and B is {b.dtype} {Shapes.Text(b.Shape)}; each A must be able to multiply each B");
            }
        }

        /// <summary>Runs a function of one matrix on every matrix of a batch, in double, outside the graph.</summary>
        /// <param name="operation">The name, for messages.</param>
        /// <param name="input">(..., m, n).</param>
        /// <param name="shapes">For each result the shape that it has for one matrix.</param>
        /// <param name="function">From a copy of the matrix, row after row, to the results. It may change its argument.</param>
        /// <returns>The results (..., shape) of the input's type.</returns>
        private static Tensor[] ForEachMatrix(string operation, Tensor input, long[][] shapes, Func<double[], double[][]> function)
        {
            CheckMatrices(operation, input);
            using var detached = input.detach();
            using var doubles = detached.to(ScalarType.Float64);
            using var dense = doubles.Dense();
            var size = input.Shape[^1] * input.Shape[^2];
            long[] batch = input.Shape[..^2];
            var results = Array.ConvertAll(shapes, shape => Tensor.Zeros(ScalarType.Float64, [.. batch, .. shape]));
            for (var i = 0L; i < Shapes.Count(batch); i++)
            {
                var outputs = function(new Span<double>(dense.Pointer<double>() + (i * size), checked((int)size)).ToArray());
                for (var j = 0; j < outputs.Length; j++)
                {
                    outputs[j].CopyTo(new Span<double>(results[j].Pointer<double>() + (i * outputs[j].Length), outputs[j].Length));
                }
            }

            GC.KeepAlive(dense);
            return Array.ConvertAll(results, result => result.to(input.dtype, disposeAfter: result.dtype != input.dtype));
        }

        // The same for a matrix and a right-hand side of so many columns, with broadcast batches.
        private static Tensor ForEachPair(Tensor a, Tensor b, Func<double[], double[], int, double[]> function)
        {
            var batch = Shapes.Broadcast("linalg.solve", a.Shape[..^2], b.Shape[..^2]);
            using var left = Doubles(a, batch);
            using var right = Doubles(b, batch);
            var (sizeOfA, sizeOfB) = (checked((int)(a.Shape[^1] * a.Shape[^2])), checked((int)(b.Shape[^1] * b.Shape[^2])));
            var result = Tensor.Zeros(ScalarType.Float64, [.. batch, b.Shape[^2], b.Shape[^1]]);
            for (var i = 0L; i < Shapes.Count(batch); i++)
            {
                var matrix = new Span<double>(left.Pointer<double>() + (i * sizeOfA), sizeOfA).ToArray();
                var rightHandSide = new Span<double>(right.Pointer<double>() + (i * sizeOfB), sizeOfB).ToArray();
                function(matrix, rightHandSide, (int)b.Shape[^1]).CopyTo(new Span<double>(result.Pointer<double>() + (i * sizeOfB), sizeOfB));
            }

            GC.KeepAlive(left);
            GC.KeepAlive(right);
            return result.to(a.dtype, disposeAfter: a.dtype != ScalarType.Float64);
        }

        private static Tensor Doubles(Tensor x, long[] batch)
        {
            using var detached = x.detach();
            using var expanded = detached.expand([.. batch, x.Shape[^2], x.Shape[^1]]);
            using var doubles = expanded.to(ScalarType.Float64);
            return doubles.Dense();
        }
    }
}
