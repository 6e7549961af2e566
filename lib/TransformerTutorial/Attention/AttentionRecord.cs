using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>What one attention left in an <see cref="AttentionTrace"/>.</summary>
/// <param name="Name">Which attention it was: its module's name in the model, or its kind.</param>
/// <param name="Weights">(…, T, S), usually (B, h, T, S), without a gradient; before dropout.</param>
/// <param name="Scores">(…, T, S): what softmax was taken of, -∞ where the mask hides.</param>
public sealed record AttentionRecord(string Name, Tensor Weights, Tensor Scores)
{
    /// <summary>Name and shape, for instance <c>encoder.0: (1, 4, 7, 7)</c>.</summary>
    public override string ToString() => $"{Name}: {MaskChecks.Text(Weights.shape)}";
}
