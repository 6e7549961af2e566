using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>How a WordPiece vocabulary is learned.</summary>
public sealed record WordPieceTrainerOptions
{
    /// <summary>The number of pieces to end with: special tokens, alphabet and merges together. Fewer where the text has no more pairs to merge.</summary>
    public int VocabularySize { get; init; } = 8_000;

    /// <summary>A pair seen less often than this is never merged; at least 1. The score favours rare pairs, so a larger minimum matters more than in byte-pair encoding.</summary>
    public long MinimumCount { get; init; } = 2;

    /// <summary>Tokens with the first ids, in this order. Plain text never produces them.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Stands for a word that the vocabulary cannot spell; put before the special tokens where it isn't one of them.</summary>
    public string UnknownToken { get; init; } = "[UNK]";

    /// <summary>Marks a piece that continues a word.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "##";

    /// <summary>A word of more characters (code points) is left out here, and is unknown to the tokenizer.</summary>
    public int MaxInputCharsPerWord { get; init; } = 100;

    /// <summary>Cuts the text into words. Null: <see cref="PreTokenizers.Bert"/>.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Rewrites every text first; null for none.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>Is told about a hundred times how far the training has come; null for silence.</summary>
    public IProgress<WordPieceTrainingProgress>? Progress { get; init; }
}
