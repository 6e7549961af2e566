using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>A pre-tokenizer that walks a text once from left to right, without regular expressions.</summary>
public abstract class ScanningPreTokenizer : PreTokenizer
{
    /// <summary>Finds the next piece.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="from">The end of the last piece; 0 at first.</param>
    /// <param name="start">Where the piece starts: at <paramref name="from"/> or behind it.</param>
    /// <param name="pieceEnd">Where the piece ends: behind <paramref name="start"/>.</param>
    /// <returns>False where there is no piece any more.</returns>
    public abstract bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int pieceEnd);

    /// <inheritdoc/>
    public sealed override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Pieces(text);
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        // A span cannot wait for a lazy enumeration.
        var pieces = new List<(int Offset, int Length)>();
        for (var from = 0; TryNext(text, from, out var start, out var pieceEnd); from = pieceEnd)
        {
            pieces.Add((start, pieceEnd - start));
        }

        return pieces;
    }

    /// <summary>The first place at or behind <paramref name="from"/> that is not white space.</summary>
    private protected static int SkipWhiteSpace(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        return from;
    }

    private IEnumerable<(int Offset, int Length)> Pieces(string text)
    {
        for (var from = 0; TryNext(text, from, out var start, out var pieceEnd); from = pieceEnd)
        {
            yield return (start, pieceEnd - start);
        }
    }
}
