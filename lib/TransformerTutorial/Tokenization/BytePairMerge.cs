namespace TransformerTutorial.Tokenization;

/// <summary>One rule of a byte-pair encoding: where these two tokens stand side by side, put one in their place.</summary>
/// <param name="Rank">When the merge was learned, 0 first. Encoding applies the smallest rank first.</param>
/// <param name="Left">The left token.</param>
/// <param name="Right">The right token.</param>
/// <param name="Count">How often the pair stood in the training text when it was merged; 0 where that isn't known (the merges came from a file).</param>
public sealed record BytePairMerge(int Rank, string Left, string Right, long Count)
{
    /// <summary>The token that the two become.</summary>
    public string Merged { get; init; } = Left + Right;

    /// <inheritdoc/>
    public override string ToString() => Count > 0 ? $"{Rank}: {Left} + {Right} -> {Merged} ({Count} times)" : $"{Rank}: {Left} + {Right} -> {Merged}";
}
