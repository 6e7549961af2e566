using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of losses: targets of another shape or type, classes that there are not.</summary>
internal static class LossErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("cross_entropy of a class past the end", () => cross_entropy(Floats(2, 3), tensor(new long[] { 0, 3 })), "cross_entropy:", "target 3", "position 1", "[2, 3]", "3 classes"),
        Of("cross_entropy of a negative class", () => cross_entropy(Floats(2, 3), tensor(new long[] { 0, -1 })), "cross_entropy:", "target -1", "[2, 3]"),
        Of("cross_entropy of more targets", () => cross_entropy(Floats(2, 3), Longs(3)), "cross_entropy:", "[2, 3]", "[2]", "[3]"),
        Of("cross_entropy of sequences that were not flattened", () => cross_entropy(Floats(2, 4, 3), Longs(2, 4)), "cross_entropy:", "[2, 4, 3]", "[2, 3]", "[2, 4]"),
        Of("cross_entropy of other probabilities", () => cross_entropy(Floats(2, 3), Floats(2, 4)), "cross_entropy:", "[2, 3]", "[2, 4]"),
        Of("cross_entropy of whole numbers", () => cross_entropy(Longs(2, 3), Longs(2)), "cross_entropy:", "Int64", "[2, 3]"),
        Of("cross_entropy of other weights", () => cross_entropy(Floats(2, 3), Longs(2), Floats(4)), "cross_entropy:", "[3]", "[4]"),
        Of("cross_entropy with too much smoothing", () => cross_entropy(Floats(2, 3), Longs(2), label_smoothing: 1.5), "cross_entropy:", "1.5"),
        Of("the loss CrossEntropyLoss", () => nn.CrossEntropyLoss().call(Floats(2, 3), tensor(new long[] { 0, 3 })), "cross_entropy:", "target 3"),
        Of("nll_loss of a class past the end", () => nll_loss(Floats(2, 3), tensor(new long[] { 0, 3 })), "nll_loss:", "target 3", "[2, 3]"),
        Of("nll_loss of numbers with a fraction", () => nll_loss(Floats(2, 3), Floats(2)), "nll_loss:", "Int64", "Float32"),
        Of("mse_loss", () => mse_loss(Floats(2, 3), Floats(2, 4)), "mse_loss:", "[2, 3]", "[2, 4]"),
        Of("l1_loss", () => l1_loss(Floats(2, 3), Floats(2, 4)), "l1_loss:", "[2, 3]", "[2, 4]"),
        Of("smooth_l1_loss", () => smooth_l1_loss(Floats(2, 3), Floats(2, 4)), "smooth_l1_loss:", "[2, 3]", "[2, 4]"),
        Of("huber_loss", () => huber_loss(Floats(2, 3), Floats(2, 4)), "huber_loss:", "[2, 3]", "[2, 4]"),
        Of("binary_cross_entropy of other shapes", () => binary_cross_entropy(Floats(2), Floats(3)), "binary_cross_entropy:", "[2]", "[3]"),
        Of("binary_cross_entropy of more than one", () => binary_cross_entropy(full([2], 1.5), Floats(2)), "binary_cross_entropy:", "[2]", "between 0 and 1"),
        Of("binary_cross_entropy_with_logits", () => binary_cross_entropy_with_logits(Floats(2), Floats(3)), "binary_cross_entropy_with_logits:", "[2]", "[3]"),
        Of("kl_div", () => kl_div(Floats(2), Floats(3)), "kl_div", "[2]", "[3]"),
        Of("cosine_embedding_loss", () => cosine_embedding_loss(Floats(2, 3), Floats(2, 4), Floats(2)), "[2, 3]", "[2, 4]"),
    ];
}
