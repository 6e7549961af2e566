namespace Microsoft.ML.Tokenizers;

/// <summary>How a BERT tokenizer is set up: WordPiece behind BERT's basic tokenization.</summary>
public sealed class BertOptions : WordPieceOptions
{
    /// <summary>Whether the text is put into lower case.</summary>
    public bool LowerCaseBeforeTokenization { get; set; } = true;

    /// <summary>Whether the text is cleaned and cut at white space and punctuation at all.</summary>
    public bool ApplyBasicTokenization { get; set; } = true;

    /// <summary>Whether special tokens in the text are recognised.</summary>
    public bool SplitOnSpecialTokens { get; set; } = true;

    /// <summary>Ends a sentence and stands between two.</summary>
    public string SeparatorToken { get; set; } = "[SEP]";

    /// <summary>Fills a batch's shorter rows.</summary>
    public string PaddingToken { get; set; } = "[PAD]";

    /// <summary>Begins every input.</summary>
    public string ClassificationToken { get; set; } = "[CLS]";

    /// <summary>Stands for a hidden word in masked language modelling.</summary>
    public string MaskingToken { get; set; } = "[MASK]";

    /// <summary>Whether every Chinese character is a word of its own.</summary>
    public bool IndividuallyTokenizeCjk { get; set; } = true;

    /// <summary>Whether accents are removed (NFD, then without its non-spacing marks).</summary>
    public bool RemoveNonSpacingMarks { get; set; }
}
