using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// The positions that act inside attention: what turns queries and keys, and what is added to the scores. Attention knows no kind of positions, only these three places where they may enter;
/// those that are added to the input are no matter of attention.
/// </summary>
/// <remarks>They belong to the model, which may share them among its layers, so they are given to each call and their parameters are not the attention's.</remarks>
/// <example><c>new AttentionPositions { Rotate = rotary.Rotate }</c>, or <c>new AttentionPositions { ScoreBias = distances.Bias }</c>.</example>
public sealed record AttentionPositions
{
    /// <summary>Turns queries, and keys alike, by their positions: (B, h, n, d_k) and the position of the first of the n, to (B, h, n, d_k). Null for none.</summary>
    public Func<Tensor, long, Tensor>? Rotate { get; init; }

    /// <summary>A bias that depends on positions alone: from T, S and the position of the first query, to (h, T, S), or what broadcasts to (B, h, T, S). Keys stand at 0 … S - 1. Null for none.</summary>
    public Func<long, long, long, Tensor>? ScoreBias { get; init; }

    /// <summary>
    /// A bias that depends on positions and on what stands there: from queries (B, h, T, d_k), keys (B, h, S, d_k), the position of the first query, and what scores are multiplied with (null for 1 / √d_k), to (B, h, T, S),
    /// scaled as the scores are. Null for none.
    /// </summary>
    public Func<Tensor, Tensor, long, double?, Tensor>? ContentBias { get; init; }

    // (B, h, n, d_k) to (B, h, n, d_k)
    internal Tensor Rotated(Tensor x, long offset) => Rotate?.Invoke(x, offset) ?? x.alias();

    // (B, h, T, d_k) and (B, h, S, d_k) to (h, T, S) or (B, h, T, S)
    internal Tensor? Bias(Tensor queries, Tensor keys, long offset, double? scale)
    {
        var ofPositions = ScoreBias?.Invoke(queries.shape[^2], keys.shape[^2], offset);
        var ofContent = ContentBias?.Invoke(queries, keys, offset, scale);
        return ofPositions is not null && ofContent is not null ? ofPositions + ofContent : ofPositions ?? ofContent;
    }
}
