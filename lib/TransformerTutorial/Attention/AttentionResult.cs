using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>What attention computed.</summary>
/// <param name="Output">For each query the mean of the values under its weights: (…, T, d_v).</param>
/// <param name="Weights">How much each query takes of each key's value: (…, T, S). A row sums to 1, or is 0 where every key is hidden. Those before dropout. Null if they were not asked for.</param>
/// <param name="Scores">What softmax was taken of: (…, T, S), scaled, with the bias, -∞ where the mask hides. Null if they were not asked for.</param>
public sealed record AttentionResult(Tensor Output, Tensor? Weights, Tensor? Scores)
{
    // Keeps the parts that were asked for beyond the scope in which they were computed.
    internal static AttentionResult Of(Tensor output, Tensor weights, Tensor scores, AttentionParts parts) => new(
        output.MoveToOuterDisposeScope(),
        parts.HasFlag(AttentionParts.Weights) ? weights.MoveToOuterDisposeScope() : null,
        parts.HasFlag(AttentionParts.Scores) ? scores.MoveToOuterDisposeScope() : null);
}
