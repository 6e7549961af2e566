using System.Diagnostics.CodeAnalysis;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Cuts a text at the special tokens in it: <c>a[SEP]b -> a, [SEP], b</c>. Of several that start at the same character the longest is taken.
/// Looks at the text as it stands: before normalization, inside words too.
/// </summary>
internal sealed class SpecialTokenSplitter
{
    private readonly string[] _longestFirst;
    private readonly System.Buffers.SearchValues<char> _firstCharacters;

    /// <param name="specialTokens">The tokens; an empty one is never found.</param>
    public SpecialTokenSplitter(IEnumerable<string> specialTokens)
    {
        _longestFirst = [.. specialTokens.Where(token => token.Length > 0).OrderByDescending(token => token.Length).ThenBy(token => token, StringComparer.Ordinal)];
        _firstCharacters = System.Buffers.SearchValues.Create([.. _longestFirst.Select(token => token[0])]);
    }

    /// <summary>Finds the first special token at or behind a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="start">Where it starts; the text's length where there is none.</param>
    /// <param name="token">The token.</param>
    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, [NotNullWhen(true)] out string? token)
    {
        for (start = from; start < text.Length; start++)
        {
            var next = text[start..].IndexOfAny(_firstCharacters);
            if (next < 0)
            {
                break;
            }

            start += next;
            foreach (var candidate in _longestFirst)
            {
                if (text[start..].StartsWith(candidate, StringComparison.Ordinal))
                {
                    token = candidate;
                    return true;
                }
            }
        }

        start = text.Length;
        token = null;
        return false;
    }

    /// <summary>Throws where a text contains a special token.</summary>
    /// <exception cref="ArgumentException">It does; the message names the token and its place.</exception>
    public void ThrowIfFound(ReadOnlySpan<char> text)
    {
        if (TryFind(text, 0, out var start, out var token))
        {
            throw new ArgumentException($"The text contains the special token '{token}' at character {start}; with {nameof(SpecialTokenMode)}.{nameof(SpecialTokenMode.Throw)} that is an error.", nameof(text));
        }
    }
}
