using TransformerTutorial.Attention;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TransformerTutorial.Training;

/// <summary>How far a model's scores are from the words that were expected: cross-entropy in nats, smoothed if one likes, with padding left out.</summary>
/// <remarks>
/// With smoothing ε the model is to say each word of the vocabulary with probability ε/V and the expected one with 1 - ε more: the loss of a place is (1 - ε) · (-ln p(expected)) + ε · the mean of -ln p over the vocabulary
/// (C. Szegedy et al., "Rethinking the Inception Architecture", 2016, section 7; A. Vaswani et al., 2017, section 5.4, with ε = 0.1). It is never 0 then: compare models by their loss without smoothing.
/// </remarks>
public static class TranslationLoss
{
    /// <summary>The losses of all places that are not padding, added up. Divided by their number over several batches it is the mean over all of them; means of batches with different numbers, averaged, are not.</summary>
    /// <param name="logits">Scores for each word at each place: (B, T, V).</param>
    /// <param name="expected">The expected words: Int64 ids (B, T).</param>
    /// <param name="smoothing">ε, 0 to 1.</param>
    /// <param name="padding">The id that doesn't count.</param>
    /// <returns>One number.</returns>
    /// <exception cref="ArgumentException">Shapes or types don't fit, or ε is not from 0 to 1.</exception>
    public static Tensor Sum(Tensor logits, Tensor expected, double smoothing = 0, long padding = 0)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(expected);
        if (logits.ndim != 3 || expected.ndim != 2 || logits.shape[0] != expected.shape[0] || logits.shape[1] != expected.shape[1] || expected.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Scores (B, T, V) are compared with expected Int64 ids (B, T); these are {MaskChecks.Text(logits.shape)} and {expected.dtype} {MaskChecks.Text(expected.shape)}.", nameof(expected));
        }

        if (smoothing is not (>= 0 and <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"Label smoothing is a share from 0 to 1; it is {smoothing}."), nameof(smoothing));
        }

        return F.cross_entropy(
            logits.reshape(-1, logits.shape[2]),                                                      // (B T, V)
            expected.reshape(-1),                                                                     // (B T)
            ignore_index: padding, reduction: nn.Reduction.Sum, label_smoothing: smoothing);
    }

    /// <summary>The mean over all places that are not padding.</summary>
    /// <inheritdoc cref="Sum"/>
    /// <exception cref="ArgumentException">Shapes or types don't fit, ε is not from 0 to 1, or every place is padding.</exception>
    public static Tensor Mean(Tensor logits, Tensor expected, double smoothing = 0, long padding = 0)
    {
        using var scope = NewDisposeScope();
        var sum = Sum(logits, expected, smoothing, padding);
        var places = expected.ne(padding).sum().item<long>();
        return places > 0 ? (sum / places).MoveToOuterDisposeScope() : throw new ArgumentException("Every expected word is padding: there is nothing to take the mean of.", nameof(expected));
    }
}
