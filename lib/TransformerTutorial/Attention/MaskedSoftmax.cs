using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// From scores to weights: adds a bias, hides what the mask hides, and takes the softmax of each row. A row in which everything is hidden has weights of 0 and passes no gradient
/// (0 / 0 would be NaN, and one such row would spoil every gradient of the batch).
/// </summary>
/// <remarks>
/// It does not scale, and it knows nothing of queries and keys. -∞ in a bias hides as a mask does, to the bit. Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.3.
/// </remarks>
/// <example>Scores (1, 1, 9) with the last one hidden: weights (0.5, 0.5, 0).</example>
public static class MaskedSoftmax
{
    /// <summary>The weights, and the scores that softmax was taken of, both (…, T, S).</summary>
    /// <param name="scores">(…, T, S), Float32 or Float64.</param>
    /// <param name="mask">Broadcasts to the scores; null hides nothing.</param>
    /// <param name="bias">Of the scores' type; broadcasts to the scores, and is added to them; or null.</param>
    /// <exception cref="ArgumentException">Mask or bias cannot be laid over the scores, or the bias has another type, or holds NaN or +∞.</exception>
    public static (Tensor Weights, Tensor Scores) Compute(Tensor scores, AllowedMask? mask = null, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.ndim < 2 || scores.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"Scores are Float32 or Float64 with at least two dimensions, queries and keys (T, S); these are {scores.dtype} of shape {MaskChecks.Text(scores.shape)}.", nameof(scores));
        }

        mask?.RequireFits(scores.shape, nameof(mask));
        using var scope = NewDisposeScope();
        var hidden = mask?.Values.logical_not();
        var shown = scores.alias();
        if (bias is not null)
        {
            if (bias.dtype != scores.dtype)
            {
                throw new ArgumentException($"The bias is {bias.dtype}, the scores are {scores.dtype}; both must have the same type.", nameof(bias));
            }

            MaskChecks.RequireFits("bias", bias.shape, scores.shape, nameof(bias));
            shown = scores + bias;
            var isNumber = bias.isfinite();
            if (!isNumber.all().item<bool>())
            {
                var hiddenByBias = bias.isneginf();
                if (!isNumber.logical_or(hiddenByBias).all().item<bool>())
                {
                    throw new ArgumentException($"A bias holds numbers, and -∞ for what it hides; the one of shape {MaskChecks.Text(bias.shape)} holds NaN or +∞, and every weight of such a row would be NaN.", nameof(bias));
                }

                hidden = hidden is null ? hiddenByBias : hidden.logical_or(hiddenByBias);
            }
        }

        if (hidden is null)
        {
            return scope.MoveToOuter(shown.softmax(-1), shown);
        }

        shown = shown.masked_fill(hidden, double.NegativeInfinity);
        var isEmpty = hidden.all(-1, keepdim: true);                                     // (…, T, 1), or fewer dimensions
        if (!isEmpty.any().item<bool>())
        {
            return scope.MoveToOuter(shown.softmax(-1), shown);
        }

        var weights = shown.masked_fill(isEmpty, 0).softmax(-1).masked_fill(isEmpty, 0); // softmax never sees a row of -∞, forward or backward
        return scope.MoveToOuter(weights, shown);
    }
}
