using TransformerTutorial.Attention;

namespace TransformerTutorial.Layers;

/// <summary>What a <see cref="FeedForward"/> is made of.</summary>
/// <param name="Width">The width d of what goes in and comes out.</param>
/// <param name="HiddenWidth">The width between the two maps; 4 d in the paper. With <see cref="FeedForwardActivation.SwiGlu"/>, which has three matrices for two, 2/3 of it has as many parameters.</param>
public sealed record FeedForwardOptions(long Width, long HiddenWidth)
{
    /// <summary>What stands between the two maps.</summary>
    public FeedForwardActivation Activation { get; init; }

    /// <summary>The probability with which a hidden number is taken for 0 in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the maps have biases, as the paper's and PyTorch's do.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>Refuses what cannot be built.</summary>
    internal void Validate()
    {
        if (Width <= 0 || HiddenWidth <= 0)
        {
            throw new ArgumentException($"The widths of a feed-forward network must be positive; they are {Width} and {HiddenWidth}.");
        }

        if (!Enum.IsDefined(Activation))
        {
            throw new ArgumentException($"There is no activation {Activation}.");
        }

        AttentionChecks.Dropout(Dropout);
    }
}
