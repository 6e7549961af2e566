using System.Text;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>
/// The pre-tokenizer that a <c>tokenizer.json</c> calls <c>Whitespace</c>: <c>\w+|[^\w\s]+</c>, words and runs of other signs. <c>"It's 5€!!" -> It, ', s, 5, €!!</c>
/// </summary>
internal sealed class WordOrSymbolPreTokenizer : ScanningPreTokenizer
{
    /// <inheritdoc/>
    public override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int pieceEnd)
    {
        start = pieceEnd = SkipWhiteSpace(text, from);
        for (var inWord = false; pieceEnd < text.Length && !char.IsWhiteSpace(text[pieceEnd]);)
        {
            Rune.DecodeFromUtf16(text[pieceEnd..], out var rune, out var length);
            var isWord = WordCharacters.Contains(rune);
            if (pieceEnd > start && isWord != inWord)
            {
                break;
            }

            inWord = isWord;
            pieceEnd += length;
        }

        return pieceEnd > start;
    }
}
