namespace Microsoft.ML.Tokenizers;

/// <summary>What a tokenizer's core encoding method returns.</summary>
/// <typeparam name="T"><see cref="EncodedToken"/>, or <see cref="int"/> for ids alone.</typeparam>
public struct EncodeResults<T>
{
    /// <summary>The tokens, in text order.</summary>
    public IReadOnlyList<T> Tokens { get; set; }

    /// <summary>The text after normalization, or null where no normalizer ran.</summary>
    public string? NormalizedText { get; set; }

    /// <summary>How many characters were encoded: fewer than there are when a token limit stopped the work.</summary>
    public int CharsConsumed { get; set; }
}
