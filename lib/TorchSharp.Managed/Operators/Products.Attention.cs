namespace TorchSharp;

/// <summary>Scaled dot-product attention (A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1).</summary>
internal static class Attention
{
    private const string Operation = "scaled_dot_product_attention";

    /// <summary>softmax(q k^T / sqrt(E) + mask) v: query (..., L, E), key (..., S, E), value (..., S, F) -> (..., L, F).</summary>
    /// <param name="query">What asks.</param>
    /// <param name="key">What is compared with it.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="mask">Broadcasts to (..., L, S): bools, true where attention is allowed; or numbers that are added to the scores; or null.</param>
    /// <param name="dropout">The probability with which a weight becomes zero.</param>
    /// <param name="isCausal">Whether row i sees only the columns 0..i; not together with a mask.</param>
    public static Tensor ScaledDotProduct(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout, bool isCausal)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Rank < 2 || (key.Rank >= 2 && key.Shape[^2] != value.Shape[^2]))
        {
            throw Errors.Of(Operation, $"expected key (..., S, E) and value (..., S, V), but got {Shapes.Text(key.Shape)} and {Shapes.Text(value.Shape)}");
        }

        if (!isCausal && dropout is >= 0 and <= 1 && HeadAttention.Takes(query, key, value, mask))
        {
            if (mask is not null)
            {
                Shapes.RequireBroadcast(Operation, mask.Shape, [query.Shape[0], query.Shape[1], query.Shape[2], key.Shape[2]]);
            }

            return HeadAttention.Attend(query, key, value, mask, dropout);
        }

        using var weights = Weights(query, key, mask, isCausal);
        using var kept = dropout > 0 ? torch.nn.functional.dropout(weights, dropout) : weights.Handle();
        return kept.matmul(value);
    }

    /// <summary>The attention's weights, softmax(q k^T / sqrt(E) + mask): (..., L, S).</summary>
    public static Tensor Weights(Tensor query, Tensor key, Tensor? mask, bool isCausal)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Rank < 2 || key.Rank < 2 || query.Shape[^1] != key.Shape[^1])
        {
            throw Errors.Of(Operation, $"expected query (..., L, E) and key (..., S, E), but got {Shapes.Text(query.Shape)} and {Shapes.Text(key.Shape)}");
        }

        if (isCausal && mask is not null)
        {
            throw Errors.Of(Operation, $"explicit attn_mask {Shapes.Text(mask.Shape)} should not be set when is_causal is true");
        }

        using var scaled = query.mul(1 / Math.Sqrt(query.Shape[^1]));
        using var transposed = MatrixProducts.Transposed(key);
        using var scores = scaled.matmul(transposed);
        if (mask is not null)
        {
            Shapes.RequireBroadcast(Operation, mask.Shape, scores.Shape);
        }

        using var causal = isCausal ? Causal(scores.Shape[^2], scores.Shape[^1]) : null;
        using var masked = (mask ?? causal) switch
        {
            null => scores.Handle(),
            { dtype: torch.ScalarType.Bool } allowed => Masked(scores, allowed),
            { } added => scores.add(added),
        };
        return masked.softmax(-1);
    }

    private static Tensor Masked(Tensor scores, Tensor allowed)
    {
        using var forbidden = allowed.logical_not();
        return scores.masked_fill(forbidden, double.NegativeInfinity);
    }

    private static unsafe Tensor Causal(long rows, long columns)
    {
        var result = Tensor.Zeros(torch.ScalarType.Bool, rows, columns);
        for (var row = 0L; row < rows; row++)
        {
            new Span<byte>(result.Pointer<byte>() + (row * columns), (int)Math.Min(row + 1, columns)).Fill(1);
        }

        return result;
    }
}
