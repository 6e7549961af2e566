namespace TransformerTutorial.Tokenization;

/// <summary>One step of a WordPiece training: two pieces that became one.</summary>
/// <param name="Rank">When it was learned, 0 first. (Encoding doesn't use it: it takes the longest piece.)</param>
/// <param name="Left">The left piece.</param>
/// <param name="Right">The right piece.</param>
/// <param name="Count">How often the pair stood in the training text at that time.</param>
/// <param name="Score">Its score then: the pair's count divided by the product of the two pieces' counts.</param>
public sealed record WordPieceMerge(int Rank, string Left, string Right, long Count, double Score)
{
    /// <summary>The piece that the two became: the right one's prefix is gone.</summary>
    public required string Merged { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Rank}: {Left} + {Right} -> {Merged} ({Count} times, score {Score:G4})");
}
