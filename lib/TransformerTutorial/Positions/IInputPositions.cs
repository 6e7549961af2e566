using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Positions that are added to the input of the first layer, one vector for each position, before any query, key or value is made from it.
/// Those that act inside attention are <see cref="IScoreBias"/>, <see cref="IContentBias"/> and <see cref="RotaryPositions"/>.
/// </summary>
public interface IInputPositions
{
    /// <summary>How many positions there are, so that the last is one less; null if any position has its vector.</summary>
    long? MaximumLength { get; }

    /// <summary>Adds each position's vector to what stands there: (B, T, d) to (B, T, d). The input itself keeps its values.</summary>
    /// <param name="x">Vectors of a sequence, or of several: (…, T, d).</param>
    /// <param name="offset">The position of the first of the T vectors; above 0 where those before it went through the model already.</param>
    /// <exception cref="ArgumentException">The tensor has another width, or holds no floating-point numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative, or the last position is past the end.</exception>
    Tensor AddTo(Tensor x, long offset = 0);
}
