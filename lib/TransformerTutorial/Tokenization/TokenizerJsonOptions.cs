namespace TransformerTutorial.Tokenization;

/// <summary>How a <c>tokenizer.json</c> is put to use.</summary>
public sealed record TokenizerJsonOptions
{
    /// <summary>
    /// What happens to special tokens in a text. Hugging Face's library always recognizes them; here it must be asked for, because a text from elsewhere
    /// should not be able to forge a <c>&lt;|endoftext|&gt;</c>.
    /// </summary>
    public SpecialTokenMode SpecialTokenMode { get; init; } = SpecialTokenMode.PlainText;

    /// <summary>
    /// Whether the tokens that the file's <c>post_processor</c> puts around one text (<c>[CLS] … [SEP]</c>, say) are put there. Either way the file's
    /// <c>post_processor</c> is kept and saved again.
    /// </summary>
    public bool AddTemplateTokens { get; init; }
}
