using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>How a byte-pair encoding is learned.</summary>
public sealed record BytePairTrainerOptions
{
    /// <summary>The number of tokens to end with: special tokens, alphabet and merges together. Fewer where the text has no more pairs to merge.</summary>
    public int VocabularySize { get; init; } = 8_000;

    /// <summary>A pair seen less often than this is never merged; at least 1.</summary>
    public long MinimumCount { get; init; } = 2;

    /// <summary>Tokens with the first ids, in this order. Plain text never produces them.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>Whether the alphabet is the 256 bytes of UTF-8, written through <see cref="ByteAlphabet"/>, and not the characters of the text.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>Put behind the last character of every word, so that a token knows whether it ends one; null for none. Character form only.</summary>
    public string? EndOfWordSuffix { get; init; } = "</w>";

    /// <summary>Whether that suffix is written onto the last character or is a symbol of its own.</summary>
    public EndOfWordStyle EndOfWordStyle { get; init; } = EndOfWordStyle.SuffixOfLastCharacter;

    /// <summary>Cuts the text into words, across whose borders nothing is merged. Null: white space in the character form, GPT-2's pattern in the byte-level form.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Rewrites every text first; null for none.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>The token for characters that the alphabet lacks, added before the other special tokens where it isn't one of them; null for none. Character form only.</summary>
    public string? UnknownToken { get; init; } = "<unk>";

    /// <summary>Which of several equally frequent pairs comes first.</summary>
    public PairTieRule TieRule { get; init; } = PairTieRule.FirstInTokenOrder;

    /// <summary>Is told about a hundred times how far the training has come; null for silence.</summary>
    public IProgress<BytePairTrainingProgress>? Progress { get; init; }
}
