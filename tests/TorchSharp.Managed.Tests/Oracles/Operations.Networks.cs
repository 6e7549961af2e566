using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Networks() => new()
    {
        ["conv1d"] = Within(2, c => functional.conv1d(c[0], c[1], c.Optional(2), c.Long("stride"), c.Long("padding"), c.Long("dilation"), c.Long("groups")), 4),
        ["conv2d"] = Within(2, c => functional.conv2d(c[0], c[1], c.Optional(2), Twice(c, "stride"), Twice(c, "padding"), Twice(c, "dilation"), c.Long("groups")), 4),
        ["max_pool1d"] = Exactly(c => functional.max_pool1d(c[0], c.Long("kernel"), c.Long("stride"), c.Long("padding"), c.Long("dilation"), c.Flag("ceil_mode"))),
        ["max_pool2d"] = Exactly(c => functional.max_pool2d(c[0], c.Long("kernel"), c.Long("stride"), c.Long("padding"), c.Long("dilation"), c.Flag("ceil_mode"))),
        ["avg_pool1d"] = Within(2, c => functional.avg_pool1d(c[0], c.Long("kernel"), c.Long("stride"), c.Long("padding"), c.Flag("ceil_mode"), c.Flag("count_include_pad"))),
        ["avg_pool2d"] = Within(2, c => functional.avg_pool2d(c[0], c.Long("kernel"), c.Long("stride"), c.Long("padding"), c.Flag("ceil_mode"), c.Flag("count_include_pad"))),
        ["adaptive_avg_pool1d"] = Within(2, c => AdaptiveAvgPool1d(c.Long("size")).call(c[0])),
        ["adaptive_avg_pool2d"] = Within(2, c => AdaptiveAvgPool2d(c.Long("size")).call(c[0])),
        ["layer_norm"] = Within(2, c => functional.layer_norm(c[0], c.Longs("normalized"), c.Optional(1), c.Optional(2), c.Number("eps")), 3),
        ["layer_norm_last"] = Within(2, c => functional.layer_norm(c[0], [c[0].shape[^1]]), 3),
        ["group_norm"] = Within(2, c => functional.group_norm(c[0], c.Long("groups"), c.Optional(1), c.Optional(2), c.Number("eps")), 3),
        ["batch_norm_training"] = Within(2, c => Normalised(c), 3),
        ["batch_norm_inference"] = Within(2, c => functional.batch_norm(c[0], c[1], c[2], c.Optional(3), c.Optional(4), false, 0.1, c.Number("eps")), 3),
        ["softmax"] = Within(2, c => c[0].softmax(c.Long("dim"), c.Type)),
        ["softmax_last"] = Within(2, c => c[0].softmax(-1)),
        ["log_softmax"] = Within(2, c => c[0].log_softmax(c.Long("dim"))),
        ["log_softmax_last"] = Within(2, c => c[0].log_softmax(-1)),
        ["leaky_relu"] = Exactly(c => functional.leaky_relu(c[0], c.Number("slope"))),
        ["elu"] = Each(2, c => c[0].elu(c.Number("alpha"))),
        ["softplus"] = Each(2, c => functional.softplus(c[0], c.Number("beta"), c.Number("threshold"))),
        ["softplus_plain"] = Each(2, c => functional.softplus(c[0])),
        ["hardtanh"] = Exactly(c => c[0].hardtanh(c.Number("low"), c.Number("high"))),
        ["relu6"] = Exactly(c => c[0].relu6()),
        ["hardsigmoid"] = Within(2, c => c[0].hardsigmoid()),
        ["hardswish"] = Within(2, c => c[0].hardswish()),
        ["selu"] = Each(2, c => c[0].selu()),
        ["celu"] = Each(2, c => c[0].celu()),
        ["mish"] = Within(2, c => c[0].mish()),
        ["prelu"] = Exactly(c => functional.prelu(c[0], c[1])),
        ["dropout"] = Exactly(c => functional.dropout(c[0], c.Number("p"), c.Flag("training"))),
    };

    private static long[] Twice(OracleCase c, string name) => [c.Long(name), c.Long(name)];

    private static Tensor[] Normalised(OracleCase c)
    {
        Tensor mean = c[1].clone(), variance = c[2].clone();
        var y = functional.batch_norm(c[0], mean, variance, c.Optional(3), c.Optional(4), true, c.Number("momentum"), c.Number("eps"));
        return [y, mean, variance];
    }
}
