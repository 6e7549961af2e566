using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    // Decompositions are compared through what is unique: values, and products put together again.
    private static Dictionary<string, Operation> LinearAlgebra() => new()
    {
    };

    private static Tensor Symmetric(Tensor x) => (x + x.mT) / 2;

    private static Tensor Positive(Tensor x) => x.matmul(x.mT) + eye(x.shape[^1], dtype: x.dtype);

    private static Tensor[] Decomposed((Tensor U, Tensor S, Tensor Vh) parts) => [parts.S, (parts.U * parts.S.unsqueeze(-2)).matmul(parts.Vh)];


    private static Tensor[] Spectrum((Tensor Values, Tensor Vectors) parts) => [parts.Values, (parts.Vectors * parts.Values.exp().unsqueeze(-2)).matmul(parts.Vectors.mT)];

}
