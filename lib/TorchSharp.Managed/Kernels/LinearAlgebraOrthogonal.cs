namespace TorchSharp.Kernels;

/// <content>Decompositions with orthogonal factors: QR by Householder reflections; singular values and the eigenvalues of symmetric matrices by Jacobi rotations.</content>
internal static unsafe partial class LinearAlgebra
{
    // Jacobi's methods converge quadratically; matrices of a thousand rows need about ten sweeps.
    private const int MaximumSweeps = 60;

    /// <summary>A = Q R by Householder reflections (Golub and Van Loan, section 5.2.2), with LAPACK's signs: the reflection of column x puts -sign(x[0]) |x| on the diagonal of R.</summary>
    /// <param name="a">The m x n matrix; not changed.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="columns">How many columns of Q are wanted, from min(m, n) to m.</param>
    /// <returns>Q (m x columns) and the columns x n upper triangular R.</returns>
    public static (double[] Q, double[] R) Qr(double[] a, int m, int n, int columns)
    {
        // Columns lie one after the other while reflections work on them.
        var work = Transpose(a, m, n);
        var steps = Math.Min(m, n);
        var scales = new double[steps];
        fixed (double* p = work)
        {
            for (var k = 0; k < steps; k++)
            {
                var x = p + (k * m) + k;
                var length = m - k;
                var tail = Length(x + 1, length - 1);
                if (tail == 0)
                {
                    continue;
                }

                var diagonal = -Math.CopySign(Hypotenuse(x[0], tail), x[0]);
                scales[k] = (diagonal - x[0]) / diagonal;
                var divisor = x[0] - diagonal;
                for (var i = 1; i < length; i++)
                {
                    x[i] /= divisor;
                }

                x[0] = diagonal;
                for (var j = k + 1; j < n; j++)
                {
                    Reflect(x, scales[k], p + (j * m) + k, length);
                }
            }

            var r = new double[columns * n];
            for (var i = 0; i < Math.Min(columns, m); i++)
            {
                for (var j = i; j < n; j++)
                {
                    r[(i * n) + j] = p[(j * m) + i];
                }
            }

            // Q's columns are the reflections, last one first, of the columns of the identity.
            var q = new double[columns * m];
            fixed (double* columnsOfQ = q)
            {
                for (var j = 0; j < columns; j++)
                {
                    columnsOfQ[(j * m) + j] = 1;
                    for (var k = Math.Min(j, steps - 1); k >= 0; k--)
                    {
                        Reflect(p + (k * m) + k, scales[k], columnsOfQ + (j * m) + k, m - k);
                    }
                }
            }

            return (Transpose(q, columns, m), r);
        }
    }

    /// <summary>
    /// A = U diag(S) V^T by one-sided Jacobi rotations (Golub and Van Loan, section 8.6.3): the columns of A are rotated in pairs until all are orthogonal; their lengths are the singular values.
    /// </summary>
    /// <param name="a">The m x n matrix; not changed.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="full">Whether U and V are square; otherwise they have min(m, n) columns.</param>
    /// <returns>U (m x ...), the singular values from the greatest to the least, and V^T (... x n). In every row of V^T that has a singular value the element of the largest size (of equals the first) is positive.</returns>
    public static (double[] U, double[] S, double[] Vt) Svd(double[] a, int m, int n, bool full)
    {
        if (m < n)
        {
            var (v, s, ut) = SvdTall(Transpose(a, m, n), n, m, full);
            var (columns, rows) = (full ? n : m, m);
            return WithSigns(Transpose(ut, rows, m), s, Transpose(v, n, columns), m, n, rows, columns);
        }

        var tall = SvdTall(a, m, n, full);
        return WithSigns(tall.U, tall.S, tall.Vt, m, n, full ? m : n, n);
    }

    /// <summary>A = V diag(values) V^T of a symmetric matrix by Jacobi rotations (Golub and Van Loan, section 8.5).</summary>
    /// <param name="a">The n x n matrix; not changed.</param>
    /// <param name="n">Rows and columns.</param>
    /// <returns>The eigenvalues in ascending order, and V with an eigenvector in every column, whose element of the largest size (of equals the first) is positive.</returns>
    public static (double[] Values, double[] Vectors) SymmetricEigen(double[] a, int n)
    {
        var x = (double[])a.Clone();
        var vectors = Identity(n);
        fixed (double* rows = x, v = vectors)
        {
            for (var sweep = 0; ; sweep++)
            {
                double off = 0, all = 0;
                for (var i = 0; i < x.Length; i++)
                {
                    all += rows[i] * rows[i];
                    off += i / n == i % n ? 0 : rows[i] * rows[i];
                }

                if (off <= all * 1e-34 || off == 0)
                {
                    break;
                }

                if (!double.IsFinite(all) || sweep == MaximumSweeps)
                {
                    throw Errors.Of("eigh", "the algorithm failed to converge; the matrix may have elements that are not finite");
                }

                for (var p = 0; p < n - 1; p++)
                {
                    for (var q = p + 1; q < n; q++)
                    {
                        RotateSymmetric(rows, v, n, p, q);
                    }
                }
            }
        }

        // The vectors are rows here; ascending, of equals the first first.
        var order = Enumerable.Range(0, n).OrderBy(i => x[(i * n) + i]).ToArray();
        var values = Array.ConvertAll(order, i => x[(i * n) + i]);
        var result = new double[n * n];
        for (var j = 0; j < n; j++)
        {
            var sign = SignOfLargest(vectors.AsSpan(order[j] * n, n));
            for (var i = 0; i < n; i++)
            {
                result[(i * n) + j] = sign * vectors[(order[j] * n) + i];
            }
        }

        return (values, result);
    }

    // Makes x[p, q] zero. The matrix stays exactly symmetric: columns are rotated as rows are.
    private static void RotateSymmetric(double* x, double* v, int n, int p, int q)
    {
        var (app, aqq, apq) = (x[(p * n) + p], x[(q * n) + q], x[(p * n) + q]);
        if (apq == 0)
        {
            return;
        }

        var (c, s, t) = Rotation((aqq - app) / (2 * apq));
        for (var k = 0; k < n; k++)
        {
            if (k != p && k != q)
            {
                var (xp, xq) = (x[(p * n) + k], x[(q * n) + k]);
                x[(k * n) + p] = x[(p * n) + k] = (c * xp) - (s * xq);
                x[(k * n) + q] = x[(q * n) + k] = (s * xp) + (c * xq);
            }
        }

        x[(p * n) + p] = app - (t * apq);
        x[(q * n) + q] = aqq + (t * apq);
        x[(p * n) + q] = x[(q * n) + p] = 0;
        Rotate(v + (p * n), v + (q * n), n, c, s);
    }

    // m >= n.
    private static (double[] U, double[] S, double[] Vt) SvdTall(double[] a, int m, int n, bool full)
    {
        // Of a tall matrix only the triangle R of A = Q R is rotated.
        var isTall = m > 2 * n && n > 0;
        var (orthogonal, triangle) = isTall ? Qr(a, m, n, n) : ([], a);
        var rows = isTall ? n : m;
        var work = Transpose(triangle, rows, n);
        var v = Identity(n);
        fixed (double* columns = work, right = v)
        {
            // Columns so short are rounding errors of the others.
            var negligible = n * 1.1e-16 * Length(columns, n * rows);
            if (!double.IsFinite(negligible))
            {
                throw Errors.Of("svd", "the algorithm failed to converge because the matrix has elements that are not finite");
            }

            Orthogonalise(columns, right, rows, n, negligible);
            var lengths = new double[n];
            for (var j = 0; j < n; j++)
            {
                lengths[j] = Length(columns + (j * rows), rows);
            }

            var order = Enumerable.Range(0, n).OrderByDescending(j => lengths[j]).ToArray();
            var s = Array.ConvertAll(order, j => lengths[j]);
            var vt = new double[n * n];
            var left = new double[n * rows];
            for (var j = 0; j < n; j++)
            {
                Array.Copy(v, order[j] * n, vt, j * n, n);
                for (var i = 0; i < rows && s[j] > negligible; i++)
                {
                    left[(j * rows) + i] = columns[(order[j] * rows) + i] / s[j];
                }
            }

            var rank = s.Count(value => value > negligible);
            var u = Transpose(Completed(left, rank, n, rows), n, rows);
            u = isTall ? Multiply(orthogonal, u, m, n, n) : u;
            return full && m > n ? (Transpose(Completed(Transpose(u, m, n), n, m, m), m, m), s, vt) : (u, s, vt);
        }
    }

    private static void Orthogonalise(double* columns, double* right, int rows, int n, double negligible)
    {
        for (var sweep = 0; ; sweep++)
        {
            var rotated = false;
            for (var p = 0; p < n - 1; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    var x = columns + ((nint)p * rows);
                    var y = columns + ((nint)q * rows);
                    var (xx, yy, xy) = (Sums.SumOfSquares(x, rows), Sums.SumOfSquares(y, rows), Sums.SumOfProducts(x, y, rows));
                    if (Math.Abs(xy) <= 1e-15 * Math.Sqrt(xx) * Math.Sqrt(yy) || Math.Min(xx, yy) <= negligible * negligible)
                    {
                        continue;
                    }

                    rotated = true;
                    var (c, s, _) = Rotation((yy - xx) / (2 * xy));
                    Rotate(x, y, rows, c, s);
                    Rotate(right + (p * n), right + (q * n), n, c, s);
                }
            }

            if (!rotated)
            {
                return;
            }

            if (sweep == MaximumSweeps)
            {
                throw Errors.Of("svd", "the algorithm failed to converge");
            }
        }
    }

    // Cosine, sine and tangent of the angle that makes two rows orthogonal, the smaller of the two angles.
    private static (double C, double S, double T) Rotation(double cotangentOfTwice)
    {
        var z = cotangentOfTwice;
        var t = double.IsInfinity(z) ? 0 : Math.CopySign(1, z) / (Math.Abs(z) + Hypotenuse(1, z));
        var c = 1 / Math.Sqrt(1 + (t * t));
        return (c, c * t, t);
    }

    private static void Rotate(double* x, double* y, int n, double c, double s)
    {
        for (var i = 0; i < n; i++)
        {
            var (xi, yi) = (x[i], y[i]);
            x[i] = (c * xi) - (s * yi);
            y[i] = (s * xi) + (c * yi);
        }
    }

    // Rows of length n, of which the first `known` are orthonormal; the others are filled up to `wanted` orthonormal ones.
    private static double[] Completed(double[] rows, int known, int wanted, int n)
    {
        if (known == wanted)
        {
            return rows;
        }

        var (q, _) = Qr(Transpose(rows[..(known * n)], known, n), n, known, n);
        var columns = Transpose(q, n, n);
        var result = new double[wanted * n];
        Array.Copy(rows, result, known * n);
        Array.Copy(columns, known * n, result, known * n, (wanted - known) * n);
        return result;
    }

    // Turns every pair of singular vectors so that the right one has its largest element positive.
    private static (double[] U, double[] S, double[] Vt) WithSigns(double[] u, double[] s, double[] vt, int m, int n, int columns, int rows)
    {
        for (var j = 0; j < s.Length && j < rows; j++)
        {
            if (SignOfLargest(vt.AsSpan(j * n, n)) > 0)
            {
                continue;
            }

            for (var i = 0; i < n; i++)
            {
                vt[(j * n) + i] = -vt[(j * n) + i];
            }

            for (var i = 0; i < m; i++)
            {
                u[(i * columns) + j] = -u[(i * columns) + j];
            }
        }

        return (u, s, vt);
    }

    private static int SignOfLargest(ReadOnlySpan<double> x)
    {
        var largest = 0;
        for (var i = 1; i < x.Length; i++)
        {
            // Sizes that differ by rounding alone count as equal.
            largest = Math.Abs(x[i]) > Math.Abs(x[largest]) * (1 + 1e-9) ? i : largest;
        }

        return x.Length > 0 && x[largest] < 0 ? -1 : 1;
    }

    // y -= scale v (v . y), where v is 1 followed by x[1..].
    private static void Reflect(double* x, double scale, double* y, int n)
    {
        if (scale == 0)
        {
            return;
        }

        var product = scale * (y[0] + Sums.SumOfProducts(x + 1, y + 1, n - 1));
        y[0] -= product;
        for (var i = 1; i < n; i++)
        {
            y[i] -= product * x[i];
        }
    }

    // sqrt(sum x^2), scaled by the largest element so that no square leaves the range.
    private static double Length(double* x, int n)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++)
        {
            largest = Math.Max(largest, Math.Abs(x[i]));
        }

        if (largest is 0 || !double.IsFinite(largest))
        {
            return largest;
        }

        if (largest is > 1e-140 and < 1e140)
        {
            return Math.Sqrt(Sums.SumOfSquares(x, n));
        }

        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            sum += x[i] / largest * (x[i] / largest);
        }

        return largest * Math.Sqrt(sum);
    }

    // sqrt(a^2 + b^2) without overflow.
    private static double Hypotenuse(double a, double b)
    {
        var (large, small) = (Math.Max(Math.Abs(a), Math.Abs(b)), Math.Min(Math.Abs(a), Math.Abs(b)));
        if (large == 0 || !double.IsFinite(large))
        {
            return large;
        }

        var ratio = small / large;
        return large * Math.Sqrt(1 + (ratio * ratio));
    }
}
