using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Positions that enter attention as a number added to each score, and one that changes with the query or the key as well as with the distance between them.
/// A bias that looks at neither is an <see cref="IScoreBias"/>.
/// </summary>
public interface IContentBias
{
    /// <summary>
    /// What positions add to the scores of these queries and keys: (B, h, T, S). It is scaled as the scores are: they are query · key times the scale, plus this.
    /// </summary>
    /// <param name="query">(B, h, T, d_k), at the positions offset … offset + T - 1.</param>
    /// <param name="key">(B, h, S, d_k), at the positions 0 … S - 1.</param>
    /// <param name="offset">The position of the first query; above 0 where keys of earlier steps are kept.</param>
    /// <param name="scale">What scores are multiplied by; null for 1 / √d_k.</param>
    /// <exception cref="ArgumentException">Queries and keys don't fit each other, or have other heads, another width or another type than these positions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    Tensor Bias(Tensor query, Tensor key, long offset = 0, double? scale = null);
}
