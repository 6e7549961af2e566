using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// No positions: the input stays as it is. What attention without a mask then makes of a sequence is the same for every order of its words.
/// It adds nothing, has no parameters, and is defined for any length.
/// </summary>
public sealed class NoPositions : IInputPositions
{
    /// <inheritdoc/>
    public long? MaximumLength => null;

    /// <inheritdoc/>
    public Tensor AddTo(Tensor x, long offset = 0)
    {
        PositionChecks.Vectors(x, null, offset, "Positions", nameof(x));
        return x.alias();
    }
}
