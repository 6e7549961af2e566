using System.Buffers;
using System.Text;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>
/// Finds added tokens in a text: the leftmost first, of those that begin together the longest.
/// <c>"a [MASK]. b" -> "a ", [MASK], ". b"</c>
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<char, List<(string Content, AddedToken Token)>> _byFirst = [];

    /// <param name="tokens">The tokens, each with the text to look for.</param>
    public AddedTokenFinder(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        foreach (var (content, token) in tokens.OrderByDescending(entry => entry.Content.Length))
        {
            if (content.Length > 0)
            {
                if (!_byFirst.TryGetValue(content[0], out var list))
                {
                    _byFirst.Add(content[0], list = []);
                }

                list.Add((content, token));
            }
        }
    }

    /// <summary>Cuts a text into tokens and what lies between them; empty stretches are left out.</summary>
    public List<(int Start, int End, AddedToken? Token)> Split(string text)
    {
        var parts = new List<(int, int, AddedToken?)>();
        var done = 0;
        for (var index = 0; _byFirst.Count > 0 && index < text.Length;)
        {
            if (TokenAt(text, index) is not var (content, token))
            {
                index++;
                continue;
            }

            var start = index;
            var end = index += content.Length;
            if (token.SingleWord && (EndsWithWord(text.AsSpan(0, start)) || StartsWithWord(text.AsSpan(end))))
            {
                continue;
            }

            if (token.StripLeft)
            {
                start = Math.Max(done, text.AsSpan(0, start).TrimEnd().Length);
            }

            if (token.StripRight)
            {
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            }

            if (done < start)
            {
                parts.Add((done, start, null));
            }

            parts.Add((start, end, token));
            done = end;
            index = Math.Max(index, end);
        }

        if (done < text.Length)
        {
            parts.Add((done, text.Length, null));
        }

        return parts;
    }

    private (string, AddedToken)? TokenAt(string text, int index)
    {
        if (_byFirst.TryGetValue(text[index], out var candidates))
        {
            foreach (var candidate in candidates)
            {
                if (text.AsSpan(index).StartsWith(candidate.Content, StringComparison.Ordinal))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out var rune, out _) == OperationStatus.Done && WordCharacters.Contains(rune);

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out var rune, out _) == OperationStatus.Done && WordCharacters.Contains(rune);
}
