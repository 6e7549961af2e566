using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// The second half of BERT's basic tokenization (Devlin et al. 2019, <c>tokenization.py</c>): cuts at white space, and makes every punctuation
/// mark a piece of its own: <c>"don't stop." -> don, ', t, stop, .</c> All ASCII characters that are no letter, digit or white space or
/// control character count as punctuation, <c>$</c> and <c>+</c> too.
/// </summary>
/// <remarks>Exactly BERT's rule, so a combining mark behind a punctuation mark begins a new piece. A surrogate pair is never split.</remarks>
public sealed class BertPreTokenizer : ScanningPreTokenizer
{
    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int pieceEnd)
    {
        start = pieceEnd = SkipWhiteSpace(text, from);
        while (pieceEnd < text.Length && !char.IsWhiteSpace(text[pieceEnd]))
        {
            Rune.DecodeFromUtf16(text[pieceEnd..], out var rune, out var length);
            if (IsPunctuation(rune))
            {
                pieceEnd = pieceEnd == start ? pieceEnd + length : pieceEnd;
                break;
            }

            pieceEnd += length;
        }

        return pieceEnd > start;
    }

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is > ' ' and < 0x7F && !Rune.IsLetterOrDigit(rune)
        : Rune.IsPunctuation(rune);
}
