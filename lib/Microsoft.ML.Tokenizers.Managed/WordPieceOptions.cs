namespace Microsoft.ML.Tokenizers;

/// <summary>How a WordPiece tokenizer is set up.</summary>
public class WordPieceOptions
{
    /// <summary>Cuts the text into words; null for the tokenizer's own way.</summary>
    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Rewrites the text first; null for the tokenizer's own way.</summary>
    public Normalizer? Normalizer { get; set; }

    /// <summary>Tokens that are never split, with their ids; null for none (BERT: its own five).</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    /// <summary>Stands for a word that the vocabulary cannot spell.</summary>
    public string UnknownToken { get; set; } = "[UNK]";

    /// <summary>Marks a piece that continues a word.</summary>
    public string ContinuingSubwordPrefix { get; set; } = "##";

    /// <summary>A word of more UTF-16 characters becomes the unknown token.</summary>
    public int MaxInputCharsPerWord { get; set; } = 100;
}
