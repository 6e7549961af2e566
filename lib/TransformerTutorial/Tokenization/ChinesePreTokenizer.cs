using System.Globalization;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Cuts Chinese text, mixed with anything else: every Han character is a piece, and so is every punctuation mark, every run of letters, digits and
/// underscores, and every run of other symbols; white space is dropped: <c>"我爱C++编程 v2！" -> 我, 爱, C, ++, 编, 程, v2, ！</c>
/// </summary>
/// <remarks>
/// Combining marks, variation selectors and zero-width joiners stay with the character before them, so neither a surrogate pair nor a character
/// with its marks nor an emoji sequence is ever split.
/// </remarks>
public sealed class ChinesePreTokenizer : ScanningPreTokenizer
{
    private enum Kind
    {
        Space,
        Han,
        Punctuation,
        Word,
        Symbol,
        Extender,
    }

    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int pieceEnd)
    {
        start = from;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        pieceEnd = start;
        if (start == text.Length)
        {
            return false;
        }

        var kind = KindAt(text, ref pieceEnd);
        while (pieceEnd < text.Length)
        {
            var next = pieceEnd;
            var nextKind = KindAt(text, ref next);
            var belongs = nextKind == Kind.Extender || (nextKind == kind && kind is Kind.Word or Kind.Symbol);
            if (!belongs)
            {
                break;
            }

            pieceEnd = next;
        }

        return true;
    }

    /// <summary>The kind of the character at <paramref name="index"/>, which moves behind it.</summary>
    private static Kind KindAt(ReadOnlySpan<char> text, ref int index)
    {
        Rune.DecodeFromUtf16(text[index..], out var rune, out var length);
        index += length;
        return rune.Value switch
        {
            '_' => Kind.Word,
            0x200C or 0x200D => Kind.Extender,
            _ when ChineseCharacters.IsHan(rune) => Kind.Han,
            _ when Rune.IsWhiteSpace(rune) => Kind.Space,
            _ => Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Kind.Extender,
                _ when Rune.IsLetter(rune) || Rune.IsNumber(rune) => Kind.Word,
                _ when Rune.IsPunctuation(rune) => Kind.Punctuation,
                _ => Kind.Symbol,
            },
        };
    }
}
