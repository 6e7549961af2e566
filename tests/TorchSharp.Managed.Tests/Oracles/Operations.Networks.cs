using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Networks() => new()
    {
        ["conv1d"] = Within(2, c => functional.conv1d(c[0], c[1], c.Optional(2), c.Long("stride"), c.Long("padding"), c.Long("dilation"), c.Long("groups")), 4),
        ["conv2d"] = Within(2, c => functional.conv2d(c[0], c[1], c.Optional(2), Twice(c, "stride"), Twice(c, "padding"), Twice(c, "dilation"), c.Long("groups")), 4),
        ["softmax"] = Within(3, c => c[0].softmax(c.Long("dim"), c.Type)),
        ["softmax_last"] = Within(3, c => c[0].softmax(-1)),
        ["log_softmax"] = Within(3, c => c[0].log_softmax(c.Long("dim"))),
        ["log_softmax_last"] = Within(3, c => c[0].log_softmax(-1)),
        ["elu"] = Each(4, c => c[0].elu(c.Number("alpha"))),
        ["hardtanh"] = Exactly(c => c[0].hardtanh(c.Number("low"), c.Number("high"))),
    };

    private static long[] Twice(OracleCase c, string name) => [c.Long(name), c.Long(name)];

}
