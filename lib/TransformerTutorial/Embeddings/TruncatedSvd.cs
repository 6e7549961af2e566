using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The greatest singular values of a matrix and their vectors, found without decomposing all of it: random directions are multiplied by the matrix until they lie where it stretches most,
/// and the small matrix that is left there is decomposed.
/// </summary>
/// <remarks>
/// It computes with half as many directions again as are asked for, and ten more; where that is as many as the matrix has, the result is exact. Singular values near the last one asked for
/// can be slightly too small, never too great. Source: N. Halko, P.-G. Martinsson and J. Tropp, "Finding Structure with Randomness", 2011, algorithms 4.4 and 5.1.
/// </remarks>
public static class TruncatedSvd
{
    private const int Iterations = 8;

    /// <summary>A ≈ U diag(S) Vh with the k greatest singular values: (m, n) to (m, k), (k) and (k, n), in Float64.</summary>
    /// <param name="matrix">The matrix A: (m, n).</param>
    /// <param name="count">k, at most min(m, n).</param>
    /// <param name="seed">From which the random directions are drawn.</param>
    /// <returns>Orthonormal columns of U, values from the greatest to the least, orthonormal rows of Vh. A pair of vectors and its opposite are the same; which it is, is <c>linalg.svd</c>'s choice.</returns>
    /// <exception cref="ArgumentException">The tensor is not a matrix, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many singular values.</exception>
    public static (Tensor U, Tensor S, Tensor Vh) Of(Tensor matrix, int count, int seed = 1)
    {
        Points.Check(matrix, minimum: 1, nameof(matrix));
        var (rows, columns) = (matrix.shape[0], matrix.shape[1]);
        var all = Math.Min(rows, columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, all);
        var width = Math.Min(all, count + (count / 2) + 10);

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var a = matrix.detach().to(ScalarType.Float64);                                          // (m, n)
        var basis = a.matmul(randn([columns, width], ScalarType.Float64, generator: generator)); // (m, w)
        basis = linalg.qr(basis).Q;
        for (var i = 0; i < Iterations && width < all; i++)
        {
            // Orthonormal again after every product, or the strongest direction would drown the others.
            basis = linalg.qr(a.matmul(linalg.qr(a.t().matmul(basis)).Q)).Q;                     // (m, w)
        }

        var (u, s, vh) = linalg.svd(basis.t().matmul(a), fullMatrices: false);                   // (w, w), (w), (w, n)
        var left = basis.matmul(u).narrow(1, 0, count).contiguous();                             // (m, k)
        return (left.MoveToOuterDisposeScope(), s.narrow(0, 0, count).contiguous().MoveToOuterDisposeScope(), vh.narrow(0, 0, count).contiguous().MoveToOuterDisposeScope());
    }
}
