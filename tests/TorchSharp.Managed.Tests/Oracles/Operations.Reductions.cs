using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Reductions() => new()
    {
        ["sum"] = Within(2, c => c.Has("dim") ? c[0].sum(c.Longs("dim"), c.Flag("keepdim"), c.Type) : c[0].sum(c.Type)),
        ["mean"] = Within(3, c => c.Has("dim") ? c[0].mean(c.Longs("dim"), c.Flag("keepdim"), c.Type) : c[0].mean()),
        ["prod"] = Within(2, c => c.Has("dim") ? c[0].prod(c.Long("dim"), c.Flag("keepdim"), c.Type) : c[0].prod(c.Type)),
        ["all"] = Exactly(c => c[0].all()),
        ["any"] = Exactly(c => c[0].any()),
        ["all_dim"] = Exactly(c => c[0].all(c.Long("dim"), c.Flag("keepdim"))),
        ["any_dim"] = Exactly(c => c[0].any(c.Long("dim"), c.Flag("keepdim"))),
        ["count_nonzero"] = Exactly(c => c[0].count_nonzero(c.Has("dim") ? c.Longs("dim") : null)),
    };

    private static Dictionary<string, Operation> Orders() => new()
    {
    };

    private static Tensor[] Listed((Tensor First, Tensor Second, Tensor Third) triple) => [triple.First, triple.Second, triple.Third];
}
