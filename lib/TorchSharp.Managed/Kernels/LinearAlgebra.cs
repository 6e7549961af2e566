namespace TorchSharp.Kernels;

/// <summary>
/// Decompositions and solutions of small dense systems in double, in a fixed order of operations, so with the same bits everywhere: LU, Cholesky, triangular systems, exponentials.
/// Matrices are arrays, row after row. G. H. Golub and C. F. Van Loan, "Matrix Computations", 4th edition, describes all of the methods.
/// </summary>
internal static partial class LinearAlgebra
{
    /// <summary>Decomposes an n x n matrix in place into P A = L U, L with ones on its diagonal, choosing the largest pivot of each column (section 3.4.1).</summary>
    /// <param name="a">The matrix; afterwards L below the diagonal and U on and above it.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="rows">Which row of the matrix became row i; null if not wanted.</param>
    /// <returns>The sign of the permutation, and the number (from 1) of the first pivot that is zero, or 0.</returns>
    public static (int Sign, int Singular) Lu(double[] a, int n, int[]? rows = null)
    {
        var (sign, singular) = (1, 0);
        for (var i = 0; i < n && rows is not null; i++)
        {
            rows[i] = i;
        }

        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k]))
                {
                    pivot = i;
                }
            }

            if (a[(pivot * n) + k] == 0)
            {
                singular = singular == 0 ? k + 1 : singular;
                continue;
            }

            if (pivot != k)
            {
                sign = -sign;
                for (var j = 0; j < n; j++)
                {
                    (a[(k * n) + j], a[(pivot * n) + j]) = (a[(pivot * n) + j], a[(k * n) + j]);
                }

                if (rows is not null)
                {
                    (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
                }
            }

            for (var i = k + 1; i < n; i++)
            {
                var factor = a[(i * n) + k] /= a[(k * n) + k];
                for (var j = k + 1; j < n && factor != 0; j++)
                {
                    a[(i * n) + j] -= factor * a[(k * n) + j];
                }
            }
        }

        return (sign, singular);
    }

    /// <summary>Solves A X = B for n x count matrices X and B, from the parts of <see cref="Lu"/>.</summary>
    public static double[] SolveLu(double[] lu, int[] rows, int n, double[] b, int count)
    {
        var x = new double[n * count];
        for (var i = 0; i < n; i++)
        {
            Array.Copy(b, rows[i] * count, x, i * count, count);
        }

        SolveTriangular(lu, n, x, count, upper: false, unit: true);
        SolveTriangular(lu, n, x, count, upper: true, unit: false);
        return x;
    }

    /// <summary>Solves T X = B in place for n x count matrices, T triangular; the other triangle of T is not read.</summary>
    public static void SolveTriangular(double[] t, int n, double[] x, int count, bool upper, bool unit)
    {
        for (var step = 0; step < n; step++)
        {
            var i = upper ? n - 1 - step : step;
            for (var k = upper ? i + 1 : 0; k < (upper ? n : i); k++)
            {
                var factor = t[(i * n) + k];
                for (var j = 0; j < count && factor != 0; j++)
                {
                    x[(i * count) + j] -= factor * x[(k * count) + j];
                }
            }

            for (var j = 0; j < count && !unit; j++)
            {
                x[(i * count) + j] /= t[(i * n) + i];
            }
        }
    }

    /// <summary>Decomposes a symmetric positive definite matrix, of which the lower triangle is read, in place into L L^T; the upper triangle becomes zero (section 4.2.5).</summary>
    /// <returns>0, or the number (from 1) of the first leading block that is not positive definite.</returns>
    public static int Cholesky(double[] a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = a[(i * n) + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= a[(i * n) + k] * a[(j * n) + k];
                }

                if (i > j)
                {
                    a[(i * n) + j] = sum / a[(j * n) + j];
                }
                else if (sum > 0)
                {
                    a[(j * n) + j] = Math.Sqrt(sum);
                }
                else
                {
                    return j + 1;
                }
            }

            for (var k = j + 1; k < n; k++)
            {
                a[(j * n) + k] = 0;
            }
        }

        return 0;
    }

    /// <summary>e^A of an n x n matrix: the Taylor series of A / 2^s, with a norm of at most 1/2, squared s times (section 9.3).</summary>
    public static double[] Exponential(double[] a, int n)
    {
        var norm = 0.0;
        for (var i = 0; i < n; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < n; j++)
            {
                sum += Math.Abs(a[(i * n) + j]);
            }

            norm = Math.Max(norm, sum);
        }

        var squarings = 0;
        var scale = 1.0;
        while (norm * scale > 0.5 && squarings < 1100)
        {
            scale /= 2;
            squarings++;
        }

        // 0.5^17 / 17! is far below the last bit of 1.
        const int Terms = 16;
        var scaled = Array.ConvertAll(a, x => x * scale);
        var result = Identity(n);
        for (var k = Terms; k >= 1; k--)
        {
            // Horner's rule: 1 + A / k (...).
            result = Multiply(scaled, result, n, n, n);
            for (var i = 0; i < result.Length; i++)
            {
                result[i] /= k;
            }

            for (var i = 0; i < n; i++)
            {
                result[(i * n) + i] += 1;
            }
        }

        for (var i = 0; i < squarings; i++)
        {
            result = Multiply(result, result, n, n, n);
        }

        return result;
    }

    /// <summary>The product of an m x k and a k x n matrix.</summary>
    public static double[] Multiply(double[] a, double[] b, int m, int n, int k)
    {
        var result = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var l = 0; l < k; l++)
            {
                var factor = a[(i * k) + l];
                for (var j = 0; j < n; j++)
                {
                    result[(i * n) + j] += factor * b[(l * n) + j];
                }
            }
        }

        return result;
    }

    /// <summary>The n x n matrix with ones on its diagonal.</summary>
    public static double[] Identity(int n)
    {
        var result = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            result[(i * n) + i] = 1;
        }

        return result;
    }

    /// <summary>The transposed m x n matrix.</summary>
    public static double[] Transpose(double[] a, int m, int n)
    {
        var result = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                result[(j * m) + i] = a[(i * n) + j];
            }
        }

        return result;
    }
}
