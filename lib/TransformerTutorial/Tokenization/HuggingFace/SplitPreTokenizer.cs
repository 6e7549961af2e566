using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>What happens to a delimiter when a text is split at it. On <c>"the-final--countdown"</c> split at <c>-</c>:</summary>
internal enum SplitBehavior
{
    /// <summary><c>the, final, countdown</c></summary>
    Removed,

    /// <summary><c>the, -, final, -, -, countdown</c></summary>
    Isolated,

    /// <summary><c>the-, final-, -, countdown</c></summary>
    MergedWithPrevious,

    /// <summary><c>the, -final, -, -countdown</c></summary>
    MergedWithNext,

    /// <summary><c>the, -, final, --, countdown</c></summary>
    Contiguous,
}

/// <summary>Splits a text at delimiters: the pre-tokenizers <c>Split</c>, <c>Digits</c> and <c>Punctuation</c> of a <c>tokenizer.json</c>.</summary>
/// <param name="findDelimiters">Finds the delimiters, from left to right.</param>
/// <param name="behavior">What happens to them.</param>
/// <param name="invert">Whether what is found are the pieces, and the rest the delimiters.</param>
internal sealed class SplitPreTokenizer(Func<string, IEnumerable<(int Start, int End)>> findDelimiters, SplitBehavior behavior, bool invert) : PreTokenizer
{
    /// <summary>Splits at the matches of a pattern.</summary>
    public static SplitPreTokenizer AtPattern(UnicodePattern pattern, SplitBehavior behavior, bool invert) => new(text => pattern.Matches(text), behavior, invert);

    /// <summary>Splits at characters.</summary>
    public static SplitPreTokenizer AtCharacters(Func<Rune, bool> isDelimiter, SplitBehavior behavior) => new(text => Characters(text, isDelimiter), behavior, false);

    /// <summary>Numbers of every kind, ½ and Ⅷ too.</summary>
    public static bool IsNumber(Rune rune) => Rune.IsNumber(rune);

    /// <summary>Punctuation, and in ASCII the symbols too.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value is > ' ' and < 0x7F && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Join(Parts(text)).Select(part => (part.Start, part.End - part.Start));
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private static IEnumerable<(int Start, int End)> Characters(string text, Func<Rune, bool> isDelimiter)
    {
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            if (isDelimiter(rune))
            {
                yield return (i, i + length);
            }

            i += length;
        }
    }

    /// <summary>Delimiters and what lies between them, covering the text.</summary>
    private List<(int Start, int End, bool IsDelimiter)> Parts(string text)
    {
        var parts = new List<(int, int, bool)>();
        var done = 0;
        foreach (var (start, end) in findDelimiters(text))
        {
            if (done < start)
            {
                parts.Add((done, start, invert));
            }

            parts.Add((start, end, !invert));
            done = end;
        }

        if (done < text.Length)
        {
            parts.Add((done, text.Length, invert));
        }

        return parts;
    }

    private List<(int Start, int End)> Join(List<(int Start, int End, bool IsDelimiter)> parts)
    {
        var pieces = new List<(int Start, int End)>();
        for (var i = 0; i < parts.Count; i++)
        {
            var (start, end, isDelimiter) = parts[i];
            var joins = i > 0 && behavior switch
            {
                SplitBehavior.Contiguous => parts[i - 1].IsDelimiter == isDelimiter,
                SplitBehavior.MergedWithPrevious => isDelimiter && !parts[i - 1].IsDelimiter,
                SplitBehavior.MergedWithNext => !isDelimiter && parts[i - 1].IsDelimiter,
                _ => false,
            };
            if (joins)
            {
                pieces[^1] = (pieces[^1].Start, end);
            }
            else if (behavior != SplitBehavior.Removed || !isDelimiter)
            {
                pieces.Add((start, end));
            }
        }

        return pieces;
    }
}
