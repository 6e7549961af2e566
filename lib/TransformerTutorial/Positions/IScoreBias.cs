using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Positions that enter attention as a number added to each score, whatever the words are: query i and key j get a bias that depends on the distance j - i alone.
/// It is added to the scores after they were scaled and before the softmax. All positions here are made on the processor.
/// </summary>
public interface IScoreBias
{
    /// <summary>The bias for every query and key: (h, T, S), to be added to scores of shape (B, h, T, S).</summary>
    /// <param name="targetLength">How many queries there are, T; they stand at the positions offset … offset + T - 1.</param>
    /// <param name="sourceLength">How many keys there are, S; they stand at the positions 0 … S - 1.</param>
    /// <param name="offset">The position of the first query; above 0 where keys of earlier steps are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive, or the offset is negative.</exception>
    Tensor Bias(long targetLength, long sourceLength, long offset = 0);
}
