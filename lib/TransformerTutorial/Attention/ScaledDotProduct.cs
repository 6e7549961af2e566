using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// Scaled dot-product attention: <c>softmax(Q Kᵀ / √d_k) V</c>. Each query is compared with every key by a dot product; softmax turns its row of scores into weights; the output is the mean of the values under these weights.
/// It projects nothing: queries, keys and values come as they are (<see cref="MultiHeadAttention"/> makes them from vectors).
/// </summary>
/// <remarks>Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1, equation 1.</remarks>
/// <example>A query (1, 0), the keys (0, 0) and (√2 ln 3, 0), the values 10 and 20: scores 0 and ln 3, weights 1/4 and 3/4, output 17.5.</example>
public static class ScaledDotProduct
{
    /// <summary>Attends.</summary>
    /// <param name="query">What asks: (…, T, d_k), usually (B, h, T, d_k).</param>
    /// <param name="key">What is compared with it: (…, S, d_k). Leading dimensions broadcast. It must be finite where it is hidden too: the output would not show it, but the queries' gradient would be NaN (0 · NaN in the product's backward).</param>
    /// <param name="value">What is averaged: (…, S, d_v). It must be finite where keys are hidden too: they have the weight 0, and 0 · NaN is NaN.</param>
    /// <param name="mask">Which keys each query may look at; null for all. Broadcasts to (…, T, S).</param>
    /// <param name="bias">Numbers to add to the scaled scores, of the same type; null for none. Broadcasts to (…, T, S). -∞ hides as the mask does; NaN and +∞ are refused.</param>
    /// <param name="scale">What scores are multiplied with; null for 1 / √d_k.</param>
    /// <param name="dropout">The probability with which a weight is taken for 0 (the others grow by as much); 0 outside training.</param>
    /// <param name="parts">What the result holds besides the output.</param>
    /// <param name="name">What an <see cref="AttentionTrace"/> calls this attention.</param>
    /// <returns>The output (…, T, d_v); the weights and scores (…, T, S) that were asked for. A query that may look at nothing has zeros in output and weights, and passes no gradient.</returns>
    /// <exception cref="ArgumentException">Shapes or types don't fit each other, the bias holds NaN or +∞, the scale is not finite, or dropout is no probability; the message names it.</exception>
    public static AttentionResult Compute(
        Tensor query,
        Tensor key,
        Tensor value,
        AllowedMask? mask = null,
        Tensor? bias = null,
        double? scale = null,
        double dropout = 0,
        AttentionParts parts = AttentionParts.All,
        string name = "scaled dot product") => Compute(query, key, value, mask, bias, scale, dropout, parts, name, module: null);

    /// <summary>Attends as part of a module, under whose name a trace keeps it. The values' positions may add a term to the output, (B, h, T, d_v), made from the weights after dropout.</summary>
    internal static AttentionResult Compute(
        Tensor query,
        Tensor key,
        Tensor value,
        AllowedMask? mask,
        Tensor? bias,
        double? scale,
        double dropout,
        AttentionParts parts,
        string name,
        nn.Module? module,
        Func<Tensor, Tensor>? valueTerm = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        Check(query, key, value);
        AttentionChecks.Dropout(dropout);
        AttentionChecks.Scale(scale);
        using var scope = NewDisposeScope();
        if (parts == AttentionParts.None && bias is null && scale is null && valueTerm is null && !AttentionTrace.IsRecording && IsSeenByAll(query, key, mask))
        {
            return new(nn.functional.scaled_dot_product_attention(query, key, value, mask?.Values, dropout).MoveToOuterDisposeScope(), null, null);   // the same bits, without a tensor for every step
        }

        var products = query.mul(scale ?? 1 / Math.Sqrt(query.shape[^1])).matmul(key.transpose(-2, -1));   // (…, T, S)
        var (weights, scores) = MaskedSoftmax.Compute(products, mask, bias);                               // (…, T, S)
        AttentionTrace.Add(module, name, weights, scores);
        var kept = dropout > 0 ? nn.functional.dropout(weights, dropout) : weights;
        var output = kept.matmul(value);                                                                   // (…, T, d_v)
        output = valueTerm is null ? output : output + valueTerm(kept);
        return AttentionResult.Of(output, weights, scores, parts);
    }

    // Whether every query may look at something: TorchSharp's function makes NaN of one that may not.
    private static bool IsSeenByAll(Tensor query, Tensor key, AllowedMask? mask)
    {
        if (mask is null)
        {
            return true;
        }

        mask.RequireFits([.. query.shape[..^1], key.shape[^2]], nameof(mask));
        return mask.Values.any(-1).all().item<bool>();
    }

    private static void Check(Tensor query, Tensor key, Tensor value)
    {
        if (query.ndim < 2 || key.ndim < 2 || value.ndim < 2 || query.shape[^1] != key.shape[^1] || key.shape[^2] != value.shape[^2]
            || !MaskChecks.Broadcast(query.shape[..^2], key.shape[..^2]) || !MaskChecks.Broadcast(query.shape[..^2], value.shape[..^2]) || !MaskChecks.Broadcast(key.shape[..^2], value.shape[..^2]))
        {
            throw new ArgumentException(
                $"Attention takes queries (…, T, d_k), keys (…, S, d_k) and values (…, S, d_v); these are {MaskChecks.Text(query.shape)}, {MaskChecks.Text(key.shape)} and {MaskChecks.Text(value.shape)}.", nameof(query));
        }

        if (query.dtype is not (ScalarType.Float32 or ScalarType.Float64) || key.dtype != query.dtype || value.dtype != query.dtype)
        {
            throw new ArgumentException($"Queries, keys and values are all Float32 or all Float64; these are {query.dtype}, {key.dtype} and {value.dtype}.", nameof(query));
        }
    }
}
