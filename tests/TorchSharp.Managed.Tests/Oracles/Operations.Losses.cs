using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Losses() => new()
    {
        ["mse_loss"] = Within(2, c => functional.mse_loss(c[0], c[1], Reduced(c))),
        ["mse_mean"] = Within(2, c => functional.mse_loss(c[0], c[1])),
        ["l1_loss"] = Within(2, c => functional.l1_loss(c[0], c[1], Reduced(c))),
        ["smooth_l1_loss"] = Within(2, c => functional.smooth_l1_loss(c[0], c[1], Reduced(c))),
        ["huber_loss"] = Within(2, c => functional.huber_loss(c[0], c[1], 1, Reduced(c))),
        ["binary_cross_entropy"] = Within(2, c => functional.binary_cross_entropy(c[0], c[1], c.Optional(2), Reduced(c))),
        ["bce_with_logits"] = Within(2, c => functional.binary_cross_entropy_with_logits(c[0], c[1], c.Optional(2), Reduced(c))),
        ["bce_with_positive_weights"] = Within(2, c => functional.binary_cross_entropy_with_logits(c[0], c[1], null, Reduced(c), c[2])),
        ["kl_div"] = Within(2, c => functional.kl_div(c[0], c[1], c.Flag("log_target"), Reduced(c))),
        ["nll_loss"] = Within(2, c => functional.nll_loss(c[0], c[1], c.Optional(2), Reduced(c))),
        ["cross_entropy"] = Within(3, c => functional.cross_entropy(c[0], c[1], c.Optional(2), c.Long("ignore_index"), Reduced(c), c.Number("label_smoothing"))),
        ["cosine_embedding_loss"] = Within(2, c => functional.cosine_embedding_loss(c[0], c[1], c[2], c.Number("margin"), Reduced(c))),
    };

    private static Reduction Reduced(OracleCase c) => c.Text("reduction") switch
    {
        "none" => Reduction.None,
        "sum" => Reduction.Sum,
        _ => Reduction.Mean,
    };
}
