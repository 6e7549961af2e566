namespace TransformerTutorial.Models;

/// <summary>What a <see cref="RecurrentSeq2Seq"/> is made of.</summary>
/// <param name="SourceVocabulary">How many words the language has that it reads.</param>
/// <param name="TargetVocabulary">How many words the language has that it writes, with those for begin, end and padding.</param>
public sealed record RecurrentSeq2SeqOptions(long SourceVocabulary, long TargetVocabulary)
{
    /// <summary>The length d of a word's vector, in both languages.</summary>
    public long Width { get; init; } = 32;

    /// <summary>The length h of a state.</summary>
    public long HiddenWidth { get; init; } = 64;

    /// <summary>How encoder and decoder step.</summary>
    public RecurrentCell Cell { get; init; } = RecurrentCell.Gru;

    /// <summary>How many networks stand on each other, in the encoder and in the decoder.</summary>
    public long Layers { get; init; } = 1;

    /// <summary>Whether the encoder reads from both ends. The decoder then begins with tanh(W [forwards; backwards]) in place of the encoder's state.</summary>
    public bool IsBidirectional { get; init; }

    /// <summary>How the decoder looks back.</summary>
    public RecurrentAttention Attention { get; init; }

    /// <summary>The probability with which a number between layers, and of words' vectors, is taken for 0 in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Refuses what cannot be built.</summary>
    internal void Validate()
    {
        Require(SourceVocabulary > 0 && TargetVocabulary > 0, $"Vocabularies have at least one word; these have {SourceVocabulary} and {TargetVocabulary}.");
        Require(Width > 0 && HiddenWidth > 0 && Layers > 0, $"Widths and layers must be positive; they are {Width}, {HiddenWidth} and {Layers}.");
        Require(Dropout is >= 0 and <= 1, FormattableString.Invariant($"Dropout is a probability from 0 to 1; it is {Dropout}."));
        Require(Enum.IsDefined(Cell) && Enum.IsDefined(Attention), $"There is no cell {Cell} or no attention {Attention}.");
    }

    private static void Require(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ArgumentException(message);
        }
    }
}
