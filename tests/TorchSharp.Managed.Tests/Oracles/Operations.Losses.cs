using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Losses() => new()
    {
    };

    private static Reduction Reduced(OracleCase c) => c.Text("reduction") switch
    {
        "none" => Reduction.None,
        "sum" => Reduction.Sum,
        _ => Reduction.Mean,
    };
}
