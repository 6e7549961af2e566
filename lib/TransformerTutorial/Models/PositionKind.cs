using TransformerTutorial.Positions;

namespace TransformerTutorial.Models;

/// <summary>How a Transformer knows where its words stand.</summary>
public enum PositionKind
{
    /// <summary><see cref="SinusoidalPositions"/>, added to the word vectors: the paper's.</summary>
    Sinusoidal,

    /// <summary><see cref="LearnedPositions"/>, added to the word vectors.</summary>
    Learned,

    /// <summary>Not at all. The decoder still knows what it has read before what, by its mask; the encoder knows nothing of order.</summary>
    None,

    /// <summary><see cref="RotaryPositions"/>, which turn queries and keys in every self-attention.</summary>
    Rotary,
}
