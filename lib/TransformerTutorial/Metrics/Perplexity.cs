using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Metrics;

/// <summary>
/// Perplexity: e to the mean of −log p over the right words, the number of equally likely words among which a model would be as undecided. 1 is certain and right; V is a guess among V words.
/// </summary>
/// <remarks>It compares models with the same vocabulary only. Of a loss with label smoothing it is not one: smoothing adds to the loss what has nothing to do with p.</remarks>
/// <example><c>Perplexity.FromLoss(0)</c> is 1, and <c>Perplexity.Of(zeros(1, 2, 8), ids)</c>, a model that scores eight words alike, is 8 but for rounding.</example>
public static class Perplexity
{
    /// <summary>From a mean of −log p in nats (a cross-entropy without smoothing).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The loss is negative or not a number.</exception>
    public static double FromLoss(double meanLoss) => meanLoss >= 0 ? ElementaryFunctions.Exp(meanLoss) : throw new ArgumentOutOfRangeException(nameof(meanLoss), meanLoss, "A mean of −log p is 0 or more.");

    /// <summary>From a model's scores.</summary>
    /// <param name="logits">(B, T, V), or (N, V).</param>
    /// <param name="expected">The right ids: (B, T), or (N).</param>
    /// <param name="paddingId">The id that fills sentences up and counts nowhere; null if there is none.</param>
    /// <exception cref="ArgumentException">The shapes don't fit, an id has no score, everything is padding, or a score is not a number; the message says which.</exception>
    public static double Of(Tensor logits, Tensor expected, long? paddingId = 0)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(expected);
        if (logits.ndim < 2 || !logits.shape.AsSpan(0, (int)logits.ndim - 1).SequenceEqual(expected.shape) || expected.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Scores (…, V) belong to Int64 ids (…); these are {MaskChecks.Text(logits.shape)} and {expected.dtype} of shape {MaskChecks.Text(expected.shape)}.", nameof(expected));
        }

        using var scope = NewDisposeScope();
        using var off = no_grad();
        var counts = paddingId is { } padding ? expected.ne(padding).sum().item<long>() : expected.numel();
        if (counts == 0)
        {
            throw new ArgumentException("There is no word to be right about: every id is padding.", nameof(expected));
        }

        var wrong = Array.Find(expected.contiguous().data<long>().ToArray(), id => id != paddingId && (id < 0 || id >= logits.shape[^1]));
        if (wrong != 0)
        {
            throw new ArgumentException($"The id {wrong} has no score: there are {logits.shape[^1]}, for the ids from 0 on.", nameof(expected));
        }

        var sum = nn.functional.cross_entropy(logits.flatten(0, -2).to(ScalarType.Float64), expected.flatten(), ignore_index: paddingId ?? -100, reduction: nn.Reduction.Sum).item<double>();
        return double.IsNaN(sum)
            ? throw new ArgumentException("The scores of a word are no distribution: one is not a number or +∞, or all are −∞.", nameof(logits))
            : FromLoss(sum / counts);
    }
}
