namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>What happens after encoding: tokens put around the text, white space trimmed from offsets. The <c>post_processor</c> of a <c>tokenizer.json</c>.</summary>
/// <param name="Before">Ids to put before the text's tokens.</param>
/// <param name="After">Ids to put behind them.</param>
/// <param name="TrimOffsets">Whether offsets leave out the white space at the ends of byte-level tokens.</param>
/// <param name="PrefixSpace">Whether, in trimming, the first token's first space is taken for one that was put there.</param>
internal sealed record PostProcessor(IReadOnlyList<int> Before, IReadOnlyList<int> After, bool TrimOffsets, bool PrefixSpace)
{
    /// <summary>Does nothing.</summary>
    public static PostProcessor None { get; } = new([], [], false, false);

    /// <summary>Whether it puts tokens around the text.</summary>
    public bool AddsTokens => Before.Count + After.Count > 0;
}
