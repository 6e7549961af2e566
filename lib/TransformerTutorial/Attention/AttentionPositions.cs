using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// The positions that act inside attention: what turns queries and keys, what is added to the scores, and what is added to each head's output. Attention knows no kind of positions, only these four places where they may enter;
/// those that are added to the input are no matter of attention.
/// </summary>
/// <remarks>They belong to the model, which may share them among its layers, so they are given to each call and their parameters are not the attention's.</remarks>
/// <example><c>new AttentionPositions { Rotate = rotary.Rotate }</c>, <c>new AttentionPositions { ScoreBias = distances.Bias }</c>, or, for both halves of Shaw's, <c>new AttentionPositions { ContentBias = shaw.Bias, ValueTerm = shaw.ValueTerm }</c>.</example>
public sealed record AttentionPositions
{
    /// <summary>Turns queries, and keys alike, by their positions: (B, h, n, d_k) and the position of the first of the n, to (B, h, n, d_k). Null for none.</summary>
    public Func<Tensor, long, Tensor>? Rotate { get; init; }

    /// <summary>A bias that depends on positions alone: from T, S and the position of the first query, to (h, T, S) or (B, h, T, S), or (T, S) for all heads alike. Keys stand at 0 … S - 1. Null for none.</summary>
    public Func<long, long, long, Tensor>? ScoreBias { get; init; }

    /// <summary>
    /// A bias that depends on positions and on what stands there: from queries (B, h, T, d_k), keys (B, h, S, d_k), the position of the first query, and what scores are multiplied with (null for 1 / √d_k), to (B, h, T, S),
    /// scaled as the scores are. Null for none.
    /// </summary>
    public Func<Tensor, Tensor, long, double?, Tensor>? ContentBias { get; init; }

    /// <summary>
    /// What positions add to each head's output, before the last projection: from the weights (B, h, T, S), after dropout, and the position of the first query, to (B, h, T, d_k). Null for none.
    /// </summary>
    public Func<Tensor, long, Tensor>? ValueTerm { get; init; }

    // (B, h, n, d_k) to (B, h, n, d_k)
    internal Tensor Rotated(Tensor x, long offset) => Rotate?.Invoke(x, offset) ?? x.alias();

    // (B, h, T, d_k) and (B, h, S, d_k) to (T, S), (h, T, S) or (B, h, T, S)
    internal Tensor? Bias(Tensor queries, Tensor keys, long offset, double? scale)
    {
        var ofPositions = ScoreBias?.Invoke(queries.shape[^2], keys.shape[^2], offset);
        var ofContent = ContentBias?.Invoke(queries, keys, offset, scale);
        RequireHeads(ofPositions, queries, nameof(ScoreBias));
        RequireHeads(ofContent, queries, nameof(ContentBias));
        return ofPositions is not null && ofContent is not null ? ofPositions + ofContent : ofPositions ?? ofContent;
    }

    // The weights (B, h, T, S), the first query's position, and the shape (B, h, T, d_k) of what it is added to.
    internal Tensor AddedToOutput(Tensor weights, long offset, long[] output)
    {
        var term = ValueTerm!(weights, offset);
        return term.shape.SequenceEqual(output)
            ? term
            : throw new ArgumentException($"{nameof(ValueTerm)} gave a tensor of shape {MaskChecks.Text(term.shape)} for heads' outputs of shape {MaskChecks.Text(output)}.");
    }

    // The biases of one head would be stretched over all of them without a word.
    private static void RequireHeads(Tensor? bias, Tensor queries, string place)
    {
        if (bias is not null && bias.ndim > 2 && bias.shape[^3] != queries.shape[1])
        {
            throw new ArgumentException($"{place} gave a bias of shape {MaskChecks.Text(bias.shape)}, so for {bias.shape[^3]} heads; this attention has {queries.shape[1]}.");
        }
    }
}
