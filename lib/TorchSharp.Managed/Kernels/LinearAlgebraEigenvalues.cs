namespace TorchSharp.Kernels;

/// <content>Eigenvalues of general matrices, where all of them are real: the QR algorithm with shifts on the Hessenberg form (Golub and Van Loan, section 7.5).</content>
internal static partial class LinearAlgebra
{
    /// <summary>The eigenvalues of an n x n matrix and an eigenvector of length 1 in every column, whose element of the largest size is positive.</summary>
    /// <exception cref="NotSupportedException">Some eigenvalues are not real.</exception>
    public static (double[] Values, double[] Vectors) Eigen(double[] a, int n)
    {
        var (h, z) = Hessenberg(a, n);
        var attempts = 0;
        for (var end = n - 1; end > 0;)
        {
            // The active block begins behind the last negligible element below the diagonal.
            var start = end;
            while (start > 0)
            {
                var size = Math.Abs(h[((start - 1) * n) + start - 1]) + Math.Abs(h[(start * n) + start]);
                if (Math.Abs(h[(start * n) + start - 1]) <= 2.2e-16 * (size == 0 ? 1 : size))
                {
                    h[(start * n) + start - 1] = 0;
                    break;
                }

                start--;
            }

            if (start == end)
            {
                (end, attempts) = (end - 1, 0);
                continue;
            }

            var (p, q, r, s) = (h[((end - 1) * n) + end - 1], h[((end - 1) * n) + end], h[(end * n) + end - 1], h[(end * n) + end]);
            var half = (p - s) / 2;
            var discriminant = (half * half) + (q * r);
            if (++attempts > 100 || (start == end - 1 && discriminant < 0 && attempts > 10))
            {
                throw new NotSupportedException("eig: the matrix has eigenvalues that are not real, and TorchSharp.Managed has no complex tensors.");
            }

            // The eigenvalue of the last block that is nearer to its corner; now and then another shift breaks cycles.
            var root = Math.Sqrt(Math.Max(discriminant, 0));
            var shift = attempts % 11 == 10 ? s + Math.Abs(r) : s + half - Math.CopySign(root, half);
            QrStep(h, z, n, start, end, shift);
        }

        return TriangularEigen(h, z, n);
    }

    // H = Z^T A Z with nothing below the first subdiagonal, by Householder reflections.
    private static (double[] H, double[] Z) Hessenberg(double[] a, int n)
    {
        var h = (double[])a.Clone();
        var z = Identity(n);
        var v = new double[n];
        for (var k = 0; k < n - 2; k++)
        {
            var length = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                v[i] = h[(i * n) + k];
                length = Hypotenuse(length, v[i]);
            }

            if (length == 0)
            {
                continue;
            }

            v[k + 1] += Math.CopySign(length, v[k + 1]);
            var square = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                square += v[i] * v[i];
            }

            for (var j = 0; j < n; j++)
            {
                double fromLeft = 0;
                for (var i = k + 1; i < n; i++)
                {
                    fromLeft += v[i] * h[(i * n) + j];
                }

                for (var i = k + 1; i < n; i++)
                {
                    h[(i * n) + j] -= 2 * fromLeft / square * v[i];
                }
            }

            foreach (var matrix in (ReadOnlySpan<double[]>)[h, z])
            {
                for (var i = 0; i < n; i++)
                {
                    double fromRight = 0;
                    for (var j = k + 1; j < n; j++)
                    {
                        fromRight += v[j] * matrix[(i * n) + j];
                    }

                    for (var j = k + 1; j < n; j++)
                    {
                        matrix[(i * n) + j] -= 2 * fromRight / square * v[j];
                    }
                }
            }
        }

        return (h, z);
    }

    // One step H - shift = Q R, H := R Q + shift on the rows and columns from start to end, and Z := Z Q.
    private static void QrStep(double[] h, double[] z, int n, int start, int end, double shift)
    {
        var (cosines, sines) = (new double[n], new double[n]);
        for (var i = start; i <= end; i++)
        {
            h[(i * n) + i] -= shift;
        }

        for (var k = start; k < end; k++)
        {
            var (x, y) = (h[(k * n) + k], h[((k + 1) * n) + k]);
            var length = Hypotenuse(x, y);
            var (c, s) = length == 0 ? (1.0, 0.0) : (x / length, y / length);
            (cosines[k], sines[k]) = (c, s);
            for (var j = k; j < n; j++)
            {
                var (top, bottom) = (h[(k * n) + j], h[((k + 1) * n) + j]);
                h[(k * n) + j] = (c * top) + (s * bottom);
                h[((k + 1) * n) + j] = (c * bottom) - (s * top);
            }
        }

        for (var k = start; k < end; k++)
        {
            var (c, s) = (cosines[k], sines[k]);
            RotateColumns(h, n, k, Math.Min(k + 2, end + 1), c, s);
            RotateColumns(z, n, k, n, c, s);
        }

        for (var i = start; i <= end; i++)
        {
            h[(i * n) + i] += shift;
        }
    }

    private static void RotateColumns(double[] x, int n, int k, int rows, double c, double s)
    {
        for (var i = 0; i < rows; i++)
        {
            var (left, right) = (x[(i * n) + k], x[(i * n) + k + 1]);
            x[(i * n) + k] = (c * left) + (s * right);
            x[(i * n) + k + 1] = (c * right) - (s * left);
        }
    }

    // The eigenvectors of the triangle T by substitution, turned back by Z.
    private static (double[] Values, double[] Vectors) TriangularEigen(double[] t, double[] z, int n)
    {
        var values = new double[n];
        var vectors = new double[n * n];
        var norm = 0.0;
        foreach (var x in t)
        {
            norm = Math.Max(norm, Math.Abs(x));
        }

        for (var k = 0; k < n; k++)
        {
            values[k] = t[(k * n) + k];
            var x = new double[n];
            x[k] = 1;
            for (var i = k - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var j = i + 1; j <= k; j++)
                {
                    sum += t[(i * n) + j] * x[j];
                }

                // Equal eigenvalues: a tiny difference stands in for none.
                var difference = values[k] - t[(i * n) + i];
                x[i] = sum / (Math.Abs(difference) < 2.2e-16 * norm ? 2.2e-16 * Math.Max(norm, 1e-300) : difference);
            }

            var vector = Multiply(z, x, n, 1, n);
            var length = 0.0;
            foreach (var element in vector)
            {
                length = Hypotenuse(length, element);
            }

            var sign = SignOfLargest(vector);
            for (var i = 0; i < n; i++)
            {
                vectors[(i * n) + k] = sign * vector[i] / length;
            }
        }

        return (values, vectors);
    }
}
