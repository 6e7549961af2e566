using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Cuts a text into the matches of a regular expression. Special tokens are found first, each a piece of its own; the
/// expression sees only the text between them. What it doesn't match is dropped.
/// </summary>
/// <remarks>
/// Every search starts a new input where the last match ended (and ends where the next special token starts), so
/// <c>^</c> and <c>$</c> mean those places and a look-behind sees nothing. An empty match ends the search in its stretch.
/// </remarks>
public sealed class RegexPreTokenizer : PreTokenizer
{
    private readonly Regex _pieces;
    private readonly Regex? _specialTokens;

    /// <summary>Creates a pre-tokenizer.</summary>
    /// <param name="regex">Its matches are the pieces.</param>
    /// <param name="specialTokens">
    /// Tokens that are pieces of their own wherever they stand; where two start at the same character, the one that the
    /// dictionary lists first is taken. Null or empty for none.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="regex"/> is null.</exception>
    public RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens)
    {
        ArgumentNullException.ThrowIfNull(regex);
        _pieces = regex;
        _specialTokens = specialTokens is { Count: > 0 } ? AnyOf(specialTokens.Keys) : null;
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) =>
        string.IsNullOrEmpty(text) ? [] : Split(text);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) =>
        text.IsEmpty ? [] : Split(text.ToString());

    /// <summary>The expression that matches any of the tokens, the first listed first.</summary>
    internal static Regex AnyOf(IEnumerable<string> tokens) =>
        new(string.Join('|', tokens.Select(Regex.Escape)), RegexOptions.Compiled);

    private IEnumerable<(int Offset, int Length)> Split(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var special = _specialTokens is null ? null : FirstMatch(_specialTokens, text, start, text.Length);
            var stretchEnd = special?.Offset ?? text.Length;
            while (FirstMatch(_pieces, text, start, stretchEnd) is { } piece)
            {
                yield return piece;
                start = piece.Offset + piece.Length;
            }

            if (special is not { } token)
            {
                yield break;
            }

            yield return token;
            start = token.Offset + token.Length;
        }
    }

    private static (int Offset, int Length)? FirstMatch(Regex regex, string text, int start, int end)
    {
        foreach (var match in regex.EnumerateMatches(text.AsSpan(start, end - start)))
        {
            return match.Length == 0 ? null : (start + match.Index, match.Length);
        }

        return null;
    }
}
