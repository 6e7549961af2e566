using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>Makes the layers that normalise.</summary>
public static class Norms
{
    /// <summary>A normalisation over the last dimension; its factors begin with 1, its summands with 0.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="width">The length d of the vectors.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, or no dimension.</exception>
    public static nn.Module<Tensor, Tensor> Create(NormKind kind, long width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        return kind switch
        {
            NormKind.Layer => nn.LayerNorm(width),
            NormKind.RootMeanSquare => new RMSNorm(width),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such normalisation."),
        };
    }
}
