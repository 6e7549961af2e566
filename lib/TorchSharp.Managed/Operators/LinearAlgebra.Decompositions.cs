using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Decompositions with orthogonal factors, and what rests on singular values.
// A decomposition is not unique: Q and R have LAPACK's signs (the diagonal of R is mostly negative); singular vectors and eigenvectors have the sign that makes the element of the
// largest size of each (right) vector positive.
public static partial class torch
{
    public static unsafe partial class linalg
    {
        /// <summary>What <see cref="qr"/> returns.</summary>
        public enum QRMode
        {
            /// <summary>Q with min(m, n) columns.</summary>
            Reduced = 0,

            /// <summary>A square Q.</summary>
            Complete = 1,

            /// <summary>R alone, and an empty Q.</summary>
            R = 2,
        }

        /// <summary>A = Q R with orthonormal columns in Q and an upper triangular R: (..., m, n) -> (..., m, k) and (..., k, n).</summary>
        /// <remarks>There is a gradient for the reduced form with m >= n, and for the complete one of square matrices.</remarks>
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced)
        {
            CheckMatrices("linalg.qr", input);
            var (m, n) = (input.Shape[^2], input.Shape[^1]);
            var columns = mode == QRMode.Complete ? m : Math.Min(m, n);
            var results = ForEachMatrix("linalg.qr", input, [[m, columns], [columns, n]], a =>
            {
                var (q, r) = LinearAlgebra.Qr(a, (int)m, (int)n, (int)columns);
                return [q, r];
            });
            if (mode == QRMode.R)
            {
                results[0].Dispose();
                return (Tensor.Zeros(input.dtype, 0), results[1]);
            }

            Graph.Record("linalg.qr", results, [input], [results[0], results[1]], (node, gradients) =>
            {
                if (columns != n || m < n)
                {
                    throw Errors.Of("linalg.qr", $"the derivative of qr is defined for the reduced form of matrices with at least as many rows as columns, not for {Shapes.Text(node.InputShape(0))}");
                }

                // (G + Q copyltu(R GR^T - GQ^T Q)) R^-T, where copyltu copies the lower triangle to the upper one.
                var (q, r) = (node.Saved(0), node.Saved(1));
                var (ofQ, ofR) = (gradients[0] ?? Tensor.Zeros(q.dtype, q.Shape), gradients[1] ?? Tensor.Zeros(r.dtype, r.Shape));
                var middle = r.matmul(ofR.mT).sub(ofQ.mT.matmul(q));
                var symmetric = middle.tril().add(middle.tril(-1).mT);
                return [solve_triangular(r, ofQ.add(q.matmul(symmetric)).mT, upper: true).mT];
            });
            return (results[0], results[1]);
        }

        /// <summary>A = U diag(S) Vh with orthonormal columns in U and rows in Vh and singular values from the greatest to the least: (..., m, n) -> (..., m, m or k), (..., k), (..., n or k, n).</summary>
        /// <param name="input">The matrices.</param>
        /// <param name="fullMatrices">Whether U and Vh are square; otherwise they have k = min(m, n) columns and rows.</param>
        /// <remarks>
        /// The gradients of U and Vh exist only where the singular values differ, and only for what does not depend on the vectors' signs; those of full matrices with m != n take the first k vectors.
        /// </remarks>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true)
        {
            CheckMatrices("linalg.svd", input);
            var (m, n) = (input.Shape[^2], input.Shape[^1]);
            var k = Math.Min(m, n);
            var results = ForEachMatrix("linalg.svd", input, [[m, fullMatrices ? m : k], [k], [fullMatrices ? n : k, n]], a =>
            {
                var (u, s, vt) = LinearAlgebra.Svd(a, (int)m, (int)n, fullMatrices);
                return [u, s, vt];
            });
            Graph.Record("linalg.svd", results, [input], results, (node, gradients) =>
            {
                var (u, s, vh) = (node.Saved(0).narrow(-1, 0, k), node.Saved(1), node.Saved(2).narrow(-2, 0, k));
                return [SvdGradient(u, s, vh, gradients[0]?.narrow(-1, 0, k), gradients[1], gradients[2]?.narrow(-2, 0, k))];
            });
            return (results[0], results[1], results[2]);
        }

        /// <summary>The singular values from the greatest to the least: (..., m, n) -> (..., min(m, n)).</summary>
        public static Tensor svdvals(Tensor input)
        {
            var (u, s, vh) = svd(input, fullMatrices: false);
            u.Dispose();
            vh.Dispose();
            return s;
        }

        /// <summary>The eigenvalues of symmetric matrices in ascending order, and an eigenvector of length 1 in every column: (..., n, n) -> (..., n) and (..., n, n).</summary>
        /// <param name="input">The matrices, of which one triangle is read.</param>
        /// <param name="UPLO">Which: 'L' or 'U'.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The matrices are not square, or the triangle is neither.</exception>
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L')
        {
            var n = CheckSquare("linalg.eigh", input);
            if (char.ToUpperInvariant(UPLO) is not ('L' or 'U'))
            {
                throw Errors.Of("linalg.eigh", $"the UPLO argument must be 'L' or 'U', but it is '{UPLO}'");
            }

            var isUpper = char.ToUpperInvariant(UPLO) == 'U';
            var results = ForEachMatrix("linalg.eigh", input, [[n], [n, n]], a =>
            {
                for (var i = 0; i < n; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        a[(i * n) + j] = a[(j * n) + i] = isUpper ? a[(j * n) + i] : a[(i * n) + j];
                    }
                }

                var (values, vectors) = LinearAlgebra.SymmetricEigen(a, n);
                return [values, vectors];
            });
            Graph.Record("linalg.eigh", results, [input], results, static (node, gradients) =>
            {
                // V (diag(gL) + (V^T gV) / (L[j] - L[i])) V^T.
                var (values, vectors) = (node.Saved(0), node.Saved(1));
                var inner = gradients[0] is { } ofValues ? torch.diag_embed(ofValues) : null;
                if (gradients[1] is { } ofVectors)
                {
                    var differences = WithoutDiagonal(values.unsqueeze(-2).sub(values.unsqueeze(-1)), 1);
                    var turned = WithoutDiagonal(vectors.mT.matmul(ofVectors), 0).div(differences);
                    inner = inner is null ? turned : inner.add(turned);
                }

                return [inner is null ? null : vectors.matmul(inner).matmul(vectors.mT)];
            });
            return (results[0], results[1]);
        }

        /// <summary>The eigenvalues of symmetric matrices in ascending order.</summary>
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L')
        {
            var (values, vectors) = eigh(input, UPLO);
            vectors.Dispose();
            return values;
        }

        /// <summary>The eigenvalues of matrices whose eigenvalues are all real, and an eigenvector of length 1 in every column. There are no gradients.</summary>
        /// <remarks>TorchSharp returns complex tensors here; this engine has none.</remarks>
        /// <exception cref="NotSupportedException">Some eigenvalues are not real.</exception>
        public static (Tensor, Tensor) eig(Tensor input)
        {
            var n = CheckSquare("linalg.eig", input);
            var results = ForEachMatrix("linalg.eig", input, [[n], [n, n]], a =>
            {
                var (values, vectors) = LinearAlgebra.Eigen(a, n);
                return [values, vectors];
            });
            return (results[0], results[1]);
        }

        /// <summary>The eigenvalues of matrices whose eigenvalues are all real. See <see cref="eig"/>.</summary>
        public static Tensor eigvals(Tensor input)
        {
            var (values, vectors) = eig(input);
            vectors.Dispose();
            return values;
        }

        /// <summary>The Moore-Penrose inverses: (..., m, n) -> (..., n, m). Singular values up to max(atol, rtol times the greatest one) count as zero.</summary>
        /// <param name="input">The matrices.</param>
        /// <param name="atol">0 if null.</param>
        /// <param name="rtol">If null, max(m, n) times the machine's epsilon for the type, or 0 if atol is given.</param>
        /// <param name="hermitian">Has no effect: symmetric matrices need no other method.</param>
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false)
        {
            _ = hermitian;
            CheckMatrices("linalg.pinv", input);
            var (m, n) = ((int)input.Shape[^2], (int)input.Shape[^1]);
            var k = Math.Min(m, n);
            var (absolute, relative) = Tolerances(input, atol, rtol);
            var result = ForEachMatrix("linalg.pinv", input, [[n, m]], a =>
            {
                var (u, s, vt) = LinearAlgebra.Svd(a, m, n, false);
                var limit = Math.Max(absolute, relative * (k > 0 ? s[0] : 0));
                for (var i = 0; i < k; i++)
                {
                    var inverse = s[i] > limit ? 1 / s[i] : 0;
                    for (var j = 0; j < n; j++)
                    {
                        vt[(i * n) + j] *= inverse;
                    }
                }

                return [LinearAlgebra.Multiply(LinearAlgebra.Transpose(vt, k, n), LinearAlgebra.Transpose(u, m, k), n, m, k)];
            })[0];
            return Graph.Record("linalg.pinv", result, [input], [input, result], static (node, gradient) =>
            {
                // G. H. Golub and V. Pereyra, "The Differentiation of Pseudo-Inverses and Nonlinear Least Squares Problems Whose Variables Separate", 1973.
                var (a, p) = (node.Saved(0), node.Saved(1));
                var (pt, gt) = (p.mT, gradient.mT);
                if (a.Shape[^2] <= a.Shape[^1])
                {
                    var wide = gt.matmul(p);
                    var squared = wide.matmul(pt);
                    return [squared.sub(p.matmul(wide).mT).sub(a.matmul(p).matmul(squared)).add(pt.matmul(p).matmul(gt.sub(wide.matmul(a))))];
                }

                var tall = p.matmul(gt);
                var inner = pt.matmul(tall);
                return [gt.sub(a.matmul(tall)).matmul(p).matmul(pt).sub(tall.matmul(p).mT).add(inner).sub(inner.matmul(p).matmul(a))];
            });
        }

        /// <summary>The Moore-Penrose inverses, with tolerances that are single numbers. See <see cref="pinv(Tensor, double?, double?, bool)"/>.</summary>
        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) => pinv(input, Number(atol), rtol is null ? null : Number(rtol), hermitian);

        /// <summary>How many singular values are greater than max(atol, rtol times the greatest one): Int64. The defaults are those of <see cref="pinv(Tensor, double?, double?, bool)"/>.</summary>
        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false)
        {
            ArgumentNullException.ThrowIfNull(input);
            _ = hermitian;
            using var detached = input.detach();
            using var values = svdvals(detached);
            var (absolute, relative) = Tolerances(input, atol, rtol);
            if (values.Shape[^1] == 0)
            {
                return Tensor.Zeros(ScalarType.Int64, input.Shape[..^2]);
            }

            using var limit = values.amax([-1], keepdim: true).mul(relative).clamp(min: absolute);
            using var counted = values.gt(limit);
            return counted.sum((ReadOnlySpan<long>)[-1]);
        }

        /// <summary>The rank, with tolerances that are single numbers.</summary>
        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) => matrix_rank(input, Number(atol), rtol is null ? null : Number(rtol), hermitian);

        /// <summary>The X of least |A X - B|, and of those the least X: A (..., m, n), B (..., m, k) -> (..., n, k).</summary>
        /// <returns>The solution; the sums of the squared residuals (..., k), empty unless m > n and all matrices have rank n; the ranks; an empty tensor, as with LAPACK's gelsy.</returns>
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other) => LeastSquares(input, other, null);

        /// <inheritdoc cref="lstsq(Tensor, Tensor)"/>
        /// <param name="input">A.</param>
        /// <param name="other">B.</param>
        /// <param name="rcond">Singular values up to this times the greatest one count as zero.</param>
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other, double rcond) => LeastSquares(input, other, rcond);

        private static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) LeastSquares(Tensor a, Tensor b, double? rcond)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            CheckMatrices("linalg.lstsq", a);
            var isVector = b.Rank == a.Rank - 1 && b.Shape.AsSpan().SequenceEqual(a.Shape.AsSpan()[..^1]);
            var columns = isVector ? b.unsqueeze(-1) : b;
            if (columns.Rank < 2 || columns.dtype != a.dtype || columns.Shape[^2] != a.Shape[^2])
            {
                throw Errors.Of("linalg.lstsq", $"A is {a.dtype} {Shapes.Text(a.Shape)} and B is {b.dtype} {Shapes.Text(b.Shape)}; both need as many rows");
            }

            var solution = pinv(a, rtol: rcond).matmul(columns);
            var rank = matrix_rank(a, rtol: rcond);
            var (m, n) = (a.Shape[^2], a.Shape[^1]);
            using var complete = rank.eq(n).all();
            var residuals = m > n && *complete.Pointer<byte>() != 0 ? a.matmul(solution).sub(columns).square().sum((ReadOnlySpan<long>)[-2]) : Tensor.Zeros(a.dtype, 0);
            return (isVector ? solution.squeeze(-1) : solution, residuals, rank, Tensor.Zeros(a.dtype, 0));
        }

        private static Tensor? SvdGradient(Tensor u, Tensor s, Tensor vh, Tensor? ofU, Tensor? ofS, Tensor? ofVh)
        {
            var inner = ofS is null ? Tensor.Zeros(s.dtype, [.. s.Shape, s.Shape[^1]]) : torch.diag_embed(ofS);
            Tensor? outside = null;
            var (rows, columns) = (s.unsqueeze(-1), s.unsqueeze(-2));
            if (ofU is not null || ofVh is not null)
            {
                // S[j]^2 - S[i]^2, and ones on the diagonal.
                var differences = WithoutDiagonal(columns.sub(rows).mul(columns.add(rows)), 1);
                if (ofU is not null)
                {
                    var turned = u.mT.matmul(ofU);
                    inner = inner.add(turned.sub(turned.mT).div(differences).mul(columns));
                    if (u.Shape[^2] > u.Shape[^1])
                    {
                        outside = ofU.sub(u.matmul(turned)).div(columns).matmul(vh);
                    }
                }

                if (ofVh is not null)
                {
                    var turned = vh.matmul(ofVh.mT);
                    inner = inner.add(turned.sub(turned.mT).div(differences).mul(rows));
                    if (vh.Shape[^1] > vh.Shape[^2])
                    {
                        var beyond = u.matmul(ofVh.sub(turned.mT.matmul(vh)).div(rows));
                        outside = outside is null ? beyond : outside.add(beyond);
                    }
                }
            }

            var result = u.matmul(inner).matmul(vh);
            return outside is null ? result : result.add(outside);
        }

        private static Tensor WithoutDiagonal(Tensor matrices, double diagonal)
        {
            using var one = Tensor.Zeros(ScalarType.Bool, matrices.Shape[^1]).fill_(true);
            using var mask = torch.diag_embed(one);
            return matrices.masked_fill(mask, diagonal);
        }

        private static (double Absolute, double Relative) Tolerances(Tensor input, double? atol, double? rtol)
        {
            const double SingleEpsilon = 1.1920928955078125e-07;
            const double DoubleEpsilon = 2.220446049250313e-16;
            var epsilon = input.dtype == ScalarType.Float32 ? SingleEpsilon : DoubleEpsilon;
            return (atol ?? 0, rtol ?? (atol > 0 ? 0 : Math.Max(input.Shape[^1], input.Shape[^2]) * epsilon));
        }

        private static double Number(Tensor tensor) => Errors.Given(tensor).NumberOfElements == 1
            ? tensor.ToDouble()
            : throw new NotSupportedException($"TorchSharp.Managed takes one tolerance for all matrices, not a tensor of them ({Shapes.Text(tensor.Shape)}).");
    }
}
