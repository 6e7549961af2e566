namespace Microsoft.ML.Tokenizers;

/// <summary>How a tokenizer's core methods are to treat one text.</summary>
public struct EncodeSettings
{
    /// <summary>Settings without a token limit; both steps are off until they are asked for.</summary>
    public EncodeSettings()
    {
        MaxTokenCount = int.MaxValue;
    }

    /// <summary>Whether the tokenizer's normalizer is applied.</summary>
    public bool ConsiderNormalization { get; set; }

    /// <summary>Whether the tokenizer's pre-tokenizer is applied.</summary>
    public bool ConsiderPreTokenization { get; set; }

    /// <summary>The largest number of tokens to produce; <see cref="int.MaxValue"/> for no limit.</summary>
    public int MaxTokenCount { get; set; }
}
