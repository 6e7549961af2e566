using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    // Decompositions are compared through what is unique: values, and products put together again.
    private static Dictionary<string, Operation> LinearAlgebra() => new()
    {
        ["det"] = Within(2, c => linalg.det(c[0])),
        ["slogdet"] = Within(2, c => linalg.slogdet(c[0])),
        ["inverse"] = Within(2, c => linalg.inv(c[0])),
        ["solve"] = Within(2, c => linalg.solve(c[0], c[1])),
        ["cholesky"] = Within(2, c => linalg.cholesky(Positive(c[0]))),
        ["cholesky_plain"] = Within(2, c => linalg.cholesky(c[0])),
        ["svd"] = Within(8, c => Decomposed(linalg.svd(c[0], false)), 8),
        ["svdvals"] = Within(4, c => linalg.svdvals(c[0]), 4),
        ["qr"] = Within(4, c => Factored(c[0]), 8),
        ["eigh"] = Within(10, c => Spectrum(linalg.eigh(Symmetric(c[0]))), 8),
        ["eigvalsh"] = Within(8, c => linalg.eigvalsh(Symmetric(c[0])), 4),
        ["eig_symmetric"] = Within(16, c => RealSpectrum(linalg.eig(Symmetric(c[0].detach())))),
        ["eigvals_sorted"] = Within(8, c => linalg.eigvals(c[0]).sort().Values),
        ["pinv"] = Within(4, c => linalg.pinv(c[0]), 6),
        ["lstsq"] = Within(4, c => linalg.lstsq(c[0], c[1]).Solution),
        ["matrix_rank"] = Exactly(c => linalg.matrix_rank(c[0])),
        ["matrix_norm"] = Within(2, c => c.Text("ord") is "fro" or "nuc" ? linalg.matrix_norm(c[0], c.Text("ord")) : linalg.matrix_norm(c[0], c.Number("ord")), 4),
        ["vector_norm"] = Within(3, c => linalg.vector_norm(c[0], c.Number("ord"))),
        ["solve_triangular"] = Within(2, c => linalg.solve_triangular(c[0] + (2.0 * eye(c[0].shape[0], dtype: c[0].dtype)), c[1], c.Flag("upper"))),
        ["matrix_exp"] = Within(3, c => linalg.matrix_exp(c[0]), 8),
        ["cross"] = Within(1, c => linalg.cross(c[0], c[1])),
        ["vecdot"] = Within(1, c => linalg.vecdot(c[0], c[1])),
        ["multi_dot"] = Within(2, c => linalg.multi_dot(c.Inputs)),
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
