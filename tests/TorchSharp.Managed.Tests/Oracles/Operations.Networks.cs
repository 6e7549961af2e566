using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Networks() => new()
    {
        ["conv1d"] = Within(4, c => functional.conv1d(c[0], c[1], c.Optional(2), c.Long("stride"), c.Long("padding"), c.Long("dilation"), c.Long("groups"))),
        ["conv2d"] = Within(4, c => functional.conv2d(c[0], c[1], c.Optional(2), Twice(c, "stride"), Twice(c, "padding"), Twice(c, "dilation"), c.Long("groups"))),
    };

    private static long[] Twice(OracleCase c, string name) => [c.Long(name), c.Long(name)];

}
