using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    // Decompositions are compared through what is unique: values, and products put together again.
    private static Dictionary<string, Operation> LinearAlgebra() => new()
    {
        ["det"] = Within(8, c => linalg.det(c[0]), 8),
        ["slogdet"] = Within(8, c => linalg.slogdet(c[0]), 8),
        ["inverse"] = Within(8, c => linalg.inv(c[0]), 8),
        ["solve"] = Within(8, c => linalg.solve(c[0], c[1]), 8),
        ["cholesky"] = Within(8, c => linalg.cholesky(Positive(c[0])), 8),
        ["cholesky_plain"] = Within(8, c => linalg.cholesky(c[0])),
        ["svd"] = Within(16, c => Decomposed(linalg.svd(c[0], false)), 32),
        ["svdvals"] = Within(16, c => linalg.svdvals(c[0]), 16),
        ["qr"] = Within(16, c => Factored(c[0]), 16),
        ["eigh"] = Within(16, c => Spectrum(linalg.eigh(Symmetric(c[0]))), 32),
        ["eigvalsh"] = Within(16, c => linalg.eigvalsh(Symmetric(c[0])), 16),
        ["eig_symmetric"] = Within(16, c => RealSpectrum(linalg.eig(Symmetric(c[0].detach())))),
        ["eigvals_sorted"] = Within(16, c => linalg.eigvals(c[0]).sort().Values),
        ["pinv"] = Within(16, c => linalg.pinv(c[0]), 16),
        ["lstsq"] = Within(16, c => linalg.lstsq(c[0], c[1]).Solution),
        ["matrix_rank"] = Exactly(c => linalg.matrix_rank(c[0])),
        ["matrix_norm"] = Within(8, c => c.Text("ord") is "fro" or "nuc" ? linalg.matrix_norm(c[0], c.Text("ord")) : linalg.matrix_norm(c[0], c.Number("ord")), 16),
        ["vector_norm"] = Within(4, c => linalg.vector_norm(c[0], c.Number("ord")), 8),
        ["solve_triangular"] = Within(8, c => linalg.solve_triangular(c[0] + (2.0 * eye(c[0].shape[0], dtype: c[0].dtype)), c[1], c.Flag("upper")), 8),
        ["matrix_exp"] = Within(8, c => linalg.matrix_exp(c[0]), 16),
        ["cross"] = Within(2, c => linalg.cross(c[0], c[1])),
        ["vecdot"] = Within(2, c => linalg.vecdot(c[0], c[1])),
        ["multi_dot"] = Within(4, c => linalg.multi_dot(c.Inputs)),
    };

    private static Tensor Symmetric(Tensor x) => (x + x.mT) / 2;

    private static Tensor Positive(Tensor x) => x.matmul(x.mT) + eye(x.shape[^1], dtype: x.dtype);

    private static Tensor[] Decomposed((Tensor U, Tensor S, Tensor Vh) parts) => [parts.S, (parts.U * parts.S.unsqueeze(-2)).matmul(parts.Vh)];

    private static Tensor[] Factored(Tensor x)
    {
        var (q, r) = linalg.qr(x);
        return x.shape[^2] >= x.shape[^1] ? [q.matmul(r), q.mT.matmul(q)] : [q.matmul(r)];
    }

    private static Tensor[] Spectrum((Tensor Values, Tensor Vectors) parts) => [parts.Values, (parts.Vectors * parts.Values.exp().unsqueeze(-2)).matmul(parts.Vectors.mT)];

    private static Tensor[] RealSpectrum((Tensor Values, Tensor Vectors) parts) => [parts.Values.sort().Values, (parts.Vectors * parts.Values.unsqueeze(-2)).matmul(linalg.inv(parts.Vectors))];
}
