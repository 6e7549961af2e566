namespace TransformerTutorial.Tokenization;

/// <summary>Cuts at white space: <c>"don't  stop." -> don't, stop.</c></summary>
public sealed class WhitespacePreTokenizer : ScanningPreTokenizer
{
    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int pieceEnd)
    {
        start = pieceEnd = SkipWhiteSpace(text, from);
        while (pieceEnd < text.Length && !char.IsWhiteSpace(text[pieceEnd]))
        {
            pieceEnd++;
        }

        return pieceEnd > start;
    }
}
