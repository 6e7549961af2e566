namespace TransformerTutorial.Tokenization;

/// <summary>
/// A scanner whose words are exactly the matches of a published regular expression, each beginning where the last one ended.
/// </summary>
/// <remarks>
/// In the contractions, case-insensitive <c>s</c> includes ſ (U+017F), as in the regular expressions of tiktoken; .NET's don't think so.
/// </remarks>
public abstract class PatternScanner : ScanningPreTokenizer
{
    private protected PatternScanner(string name, string pattern)
    {
        Name = name;
        Pattern = pattern;
    }

    /// <summary>The usual name: <c>gpt2</c>, <c>cl100k_base</c>, <c>o200k_base</c>.</summary>
    public string Name { get; }

    /// <summary>The regular expression that the scanner stands for, as published.</summary>
    public string Pattern { get; }

    /// <inheritdoc/>
    public sealed override bool TryNext(ReadOnlySpan<char> text, int from, out int start, out int pieceEnd)
    {
        start = from;
        pieceEnd = from < text.Length ? EndOfWord(text, from) : from;
        return pieceEnd > from;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private protected abstract int EndOfWord(ReadOnlySpan<char> text, int start);

    /// <summary>The length of the contraction (<c>'s 't 'm 'd 're 've 'll</c>) that begins at an index, 0 for none.</summary>
    private protected static int ContractionLength(ReadOnlySpan<char> text, int index, bool ignoreCase)
    {
        if (index + 1 >= text.Length || text[index] != '\'')
        {
            return 0;
        }

        var first = Lower(text[index + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        var second = index + 2 < text.Length ? Lower(text[index + 2], ignoreCase) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>
    /// The end of what <c>\s+(?!\S)|\s+</c> matches where white space begins: all of it, but for the last character where a word follows (which may want it).
    /// </summary>
    private protected static int EndOfWhiteSpace(ReadOnlySpan<char> text, int index)
    {
        var end = CharacterClasses.EndOfRun(text, index, CharacterClass.WhiteSpace);
        return end < text.Length && end - index > 1 ? end - 1 : end;
    }

    /// <summary>The same behind <c>\s*[\r\n]+|</c>: where the white space has line breaks, up to the last of them.</summary>
    private protected static int EndOfLinesOrWhiteSpace(ReadOnlySpan<char> text, int index)
    {
        var end = CharacterClasses.EndOfRun(text, index, CharacterClass.WhiteSpace);
        var lastBreak = text[index..end].LastIndexOfAny('\r', '\n');
        return lastBreak >= 0 ? index + lastBreak + 1 : EndOfWhiteSpace(text, index);
    }

    /// <summary>The end of <c>\p{N}{1,3}</c> where a number begins.</summary>
    private protected static int EndOfThreeDigits(ReadOnlySpan<char> text, int index)
    {
        for (var digits = 0; digits < 3 && index < text.Length; digits++)
        {
            if ((CharacterClasses.At(text, index, out var length) & CharacterClass.Number) == 0)
            {
                break;
            }

            index += length;
        }

        return index;
    }

    private static char Lower(char character, bool ignoreCase) => character switch
    {
        _ when !ignoreCase => character,
        >= 'A' and <= 'Z' => (char)(character | 0x20),
        'ſ' => 's',
        _ => character,
    };
}
