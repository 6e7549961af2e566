namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Several pre-tokenizers in turn: the first one's pieces are final, each stretch between them goes to the second, and so on.
/// What the last one leaves is a piece as it stands, so every character of the text is in exactly one piece.
/// </summary>
/// <remarks>
/// Note that a piece is never cut again (this is not a pipeline). Version 2.0.0 of the package reports a wrong
/// length for a stretch that the last pre-tokenizer leaves after a piece; here it is the stretch's own length.
/// </remarks>
public class CompositePreTokenizer : PreTokenizer
{
    private const int MaximumCount = 10;

    /// <summary>Puts pre-tokenizers in a row.</summary>
    /// <param name="preTokenizers">At most ten, in order.</param>
    /// <param name="specialTokens">Tokens that are found before everything else; null or empty for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="preTokenizers"/> is null.</exception>
    /// <exception cref="ArgumentException">There are more than ten, or one of them is null.</exception>
    public CompositePreTokenizer(IReadOnlyList<PreTokenizer> preTokenizers, IReadOnlyDictionary<string, int>? specialTokens = null)
    {
        ArgumentNullException.ThrowIfNull(preTokenizers);
        if (preTokenizers.Count > MaximumCount)
        {
            throw new ArgumentException($"There are {preTokenizers.Count} pre-tokenizers; at most {MaximumCount} can be combined.", nameof(preTokenizers));
        }

        for (var i = 0; i < preTokenizers.Count; i++)
        {
            if (preTokenizers[i] is null)
            {
                throw new ArgumentException($"Pre-tokenizer {i} is null.", nameof(preTokenizers));
            }
        }

        PreTokenizers = specialTokens is { Count: > 0 }
            ? [new RegexPreTokenizer(RegexPreTokenizer.AnyOf(specialTokens.Keys), null), .. preTokenizers]
            : preTokenizers;
    }

    /// <summary>The pre-tokenizers in order; one for the special tokens stands first where there are any.</summary>
    public IReadOnlyList<PreTokenizer> PreTokenizers { get; }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) =>
        string.IsNullOrEmpty(text) ? [] : Split(text, 0, 0, text.Length);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) =>
        text.IsEmpty ? [] : Split(text.ToString(), 0, 0, text.Length);

    /// <summary>The pieces of text[start..end] by the pre-tokenizers from <paramref name="level"/> on.</summary>
    private IEnumerable<(int Offset, int Length)> Split(string text, int level, int start, int end)
    {
        if (start == end)
        {
            yield break;
        }

        if (level == PreTokenizers.Count)
        {
            yield return (start, end - start);
            yield break;
        }

        var leftFrom = start;
        foreach (var (offset, length) in PreTokenizers[level].PreTokenize(text.AsSpan(start, end - start)))
        {
            foreach (var piece in Split(text, level + 1, leftFrom, start + offset))
            {
                yield return piece;
            }

            yield return (start + offset, length);
            leftFrom = start + offset + length;
        }

        foreach (var piece in Split(text, level + 1, leftFrom, end))
        {
            yield return piece;
        }
    }
}
