
namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    // Sums of products along k: the engine's one fused multiply-add after the other, PyTorch's in blocks.
    private static Dictionary<string, Operation> Products() => new()
    {
        ["matmul"] = Within(4, c => c[0].matmul(c[1])),
        ["mm"] = Within(4, c => c[0].mm(c[1])),
        ["bmm"] = Within(4, c => c[0].bmm(c[1])),
        ["mv"] = Within(4, c => c[0].mv(c[1])),
        ["dot"] = Within(4, c => c[0].dot(c[1])),
    };
}
