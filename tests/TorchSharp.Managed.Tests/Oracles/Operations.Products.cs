using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    // Sums of products along k: the engine's one fused multiply-add after the other, PyTorch's in blocks.
    private static Dictionary<string, Operation> Products() => new()
    {
        ["matmul"] = Within(2, c => c[0].matmul(c[1])),
        ["mm"] = Within(2, c => c[0].mm(c[1])),
        ["bmm"] = Within(2, c => c[0].bmm(c[1])),
        ["mv"] = Within(2, c => c[0].mv(c[1])),
        ["dot"] = Within(2, c => c[0].dot(c[1])),
        ["outer"] = Exactly(c => c[0].outer(c[1])),
        ["addmm"] = Within(2, c => c[0].addmm(c[1], c[2], (float)c.Number("beta"), (float)c.Number("alpha"))),
        ["baddbmm"] = Within(2, c => c[0].baddbmm(c[1], c[2], (float)c.Number("beta"), (float)c.Number("alpha"))),
        ["addbmm"] = Within(2, c => c[0].addbmm(c[1], c[2], (float)c.Number("beta"), (float)c.Number("alpha"))),
        ["einsum"] = Within(2, c => einsum(c.Text("equation"), c.Inputs)),
        ["tensordot"] = Within(2, c => c[0].tensordot(c[1], c.Long("dims"))),
        ["tensordot_lists"] = Within(2, c => c[0].tensordot(c[1], c.Longs("dims1"), c.Longs("dims2"))),
        ["kron"] = Exactly(c => c[0].kron(c[1])),
        ["cdist"] = Within(2, c => cdist(c[0], c[1], c.Number("p"))),
        ["linear"] = Within(2, c => nn.functional.linear(c[0], c[1], c.Optional(2))),
        ["attention"] = Within(2, c => nn.functional.scaled_dot_product_attention(c[0], c[1], c[2], c.Optional(3), 0, c.Flag("is_causal"))),
    };
}
