using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// What <c>vocab.json</c> and <c>merges.txt</c> don't say. A tokenizer that is loaded with other settings than it was trained with cuts texts differently, without any error.
/// </summary>
public sealed record BytePairFileOptions
{
    /// <summary>Whether tokens are UTF-8 bytes written through <see cref="ByteAlphabet"/>, and not characters.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>Marks tokens that end a word; null for none.</summary>
    public string? EndOfWordSuffix { get; init; }

    /// <summary>Whether that suffix is written onto the last character or is a symbol of its own.</summary>
    public EndOfWordStyle EndOfWordStyle { get; init; }

    /// <summary>Marks tokens that don't begin a word; null for none.</summary>
    public string? ContinuingSubwordPrefix { get; init; }

    /// <summary>Stands for a symbol that the vocabulary lacks; null for none, which makes such a text an error.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether unknown symbols in a row become one unknown token.</summary>
    public bool FuseUnknownTokens { get; init; }

    /// <summary>Whether a word that is a token as it stands is encoded as that token, whatever the merges would make of it.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Tokens of the vocabulary that plain text never produces. The unknown token need not be listed.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Cuts a text into words. Null: white space in the character form, GPT-2's pattern in the byte-level form.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Rewrites a text first; null for none.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>What to do with special tokens in a text.</summary>
    public SpecialTokenMode SpecialTokenMode { get; init; }
}
