using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Cuts a text into the pieces that a tokenizer's model then works on one by one; no token ever crosses a cut.
/// Characters that no piece covers (white space, mostly) are dropped.
/// </summary>
public abstract partial class PreTokenizer
{
    /// <summary>The longest time that one match of a built-in pattern may take.</summary>
    internal const int MatchTimeoutMilliseconds = 30_000;

    private static readonly RegexPreTokenizer WhiteSpace = new(WhiteSpacePattern(), null);
    private static readonly RegexPreTokenizer WordOrNonWord = new(WordOrNonWordPattern(), null);
    private static readonly RegexPreTokenizer WordOrPunctuation = new(WordOrPunctuationPattern(), null);

    /// <summary>For derived classes.</summary>
    protected PreTokenizer()
    {
    }

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The pieces, as UTF-16 offsets and lengths in text order.</returns>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The pieces, as UTF-16 offsets and lengths in text order.</returns>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);

    /// <summary>Cuts at white space: the pieces are the matches of <c>\S+</c>.</summary>
    /// <param name="specialTokens">Tokens that are pieces of their own wherever they stand; null for none.</param>
    public static PreTokenizer CreateWhiteSpace(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? WhiteSpace : new RegexPreTokenizer(WhiteSpacePattern(), specialTokens);

    /// <summary>
    /// Cuts into runs of word characters and runs of anything else that is not white space: the matches of <c>\w+|[^\w\s]+</c>.
    /// </summary>
    /// <param name="specialTokens">Tokens that are pieces of their own wherever they stand; null for none.</param>
    public static PreTokenizer CreateWordOrNonWord(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? WordOrNonWord : new RegexPreTokenizer(WordOrNonWordPattern(), specialTokens);

    /// <summary>
    /// Cuts into runs of word characters and single punctuation marks: the matches of <c>\w+|[\p{P}]</c>.
    /// Symbols (<c>+</c>, <c>€</c>, emoji) match neither and are dropped.
    /// </summary>
    /// <param name="specialTokens">Tokens that are pieces of their own wherever they stand; null for none.</param>
    public static PreTokenizer CreateWordOrPunctuation(IReadOnlyDictionary<string, int>? specialTokens = null) =>
        specialTokens is null ? WordOrPunctuation : new RegexPreTokenizer(WordOrPunctuationPattern(), specialTokens);

    [GeneratedRegex(@"\S+", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex WhiteSpacePattern();

    [GeneratedRegex(@"\w+|[^\w\s]+", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex WordOrNonWordPattern();

    [GeneratedRegex(@"\w+|[\p{P}]", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex WordOrPunctuationPattern();
}
