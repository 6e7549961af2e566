using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>The four terms of Transformer-XL's scores, before they are scaled: (B, h, T, S) each. Position enters two of them, through the distance alone.</summary>
/// <param name="ContentAddressing">(a) The query's content with the key's: q · k. No position.</param>
/// <param name="ContentDependentPositionBias">(b) The query's content with the distance: q · r(i - j).</param>
/// <param name="GlobalContentBias">(c) The key's content, the same for every query: u · k. No position.</param>
/// <param name="GlobalPositionBias">(d) The distance, the same for every content: v · r(i - j).</param>
public sealed record TransformerXLTerms(Tensor ContentAddressing, Tensor ContentDependentPositionBias, Tensor GlobalContentBias, Tensor GlobalPositionBias)
{
    /// <summary>The scores: the terms' sum, (B, h, T, S).</summary>
    public Tensor Sum()
    {
        using var scope = NewDisposeScope();
        return (ContentAddressing + ContentDependentPositionBias + GlobalContentBias + GlobalPositionBias).MoveToOuterDisposeScope();
    }
}
