using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>Byte-pair encoding as one would write it from the definition, with nothing but lists of strings: counts everything anew before each merge.</summary>
internal static class NaiveBytePairEncoding
{
    public static List<(string Left, string Right, long Count)> Train(IReadOnlyList<(string[] Symbols, long Count)> words, IReadOnlyList<string> alphabet, int vocabularySize, long minimumCount, PairTieRule rule)
    {
        var vocabulary = alphabet.ToList();
        var segmented = words.Select(word => (Symbols: word.Symbols.ToList(), word.Count)).ToList();
        var merges = new List<(string, string, long)>();
        while (vocabulary.Count < vocabularySize)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            var order = new List<(string Left, string Right)>();
            foreach (var (symbols, count) in segmented)
            {
                for (var i = 0; i + 1 < symbols.Count; i++)
                {
                    var pair = (symbols[i], symbols[i + 1]);
                    if (!counts.TryAdd(pair, count))
                    {
                        counts[pair] += count;
                    }
                    else
                    {
                        order.Add(pair);
                    }
                }
            }

            var candidates = order.Where(pair => counts[pair] >= minimumCount).ToList();
            if (candidates.Count == 0)
            {
                break;
            }

            var most = candidates.Max(pair => counts[pair]);
            var tied = candidates.Where(pair => counts[pair] == most);
            var best = rule switch
            {
                PairTieRule.FirstSeen => tied.First(),
                PairTieRule.FirstInTokenOrder => tied.OrderBy(pair => vocabulary.IndexOf(pair.Left)).ThenBy(pair => vocabulary.IndexOf(pair.Right)).First(),
                _ => tied.OrderByDescending(pair => Utf32(pair.Left), StringComparer.Ordinal).ThenByDescending(pair => Utf32(pair.Right), StringComparer.Ordinal).First(),
            };
            merges.Add((best.Left, best.Right, most));
            if (!vocabulary.Contains(best.Left + best.Right))
            {
                vocabulary.Add(best.Left + best.Right);
            }

            foreach (var (symbols, _) in segmented)
            {
                for (var i = 0; i + 1 < symbols.Count; i++)
                {
                    if (symbols[i] == best.Left && symbols[i + 1] == best.Right)
                    {
                        symbols[i] += best.Right;
                        symbols.RemoveAt(i + 1);
                    }
                }
            }
        }

        return merges;
    }

    /// <summary>Merges the neighbours with the smallest rank, the leftmost first, until none has one.</summary>
    public static List<string> Encode(IEnumerable<string> symbols, IReadOnlyDictionary<(string Left, string Right), int> ranks)
    {
        var tokens = symbols.ToList();
        while (true)
        {
            var best = -1;
            var bestRank = int.MaxValue;
            for (var i = 0; i + 1 < tokens.Count; i++)
            {
                if (ranks.TryGetValue((tokens[i], tokens[i + 1]), out var rank) && rank < bestRank)
                {
                    (best, bestRank) = (i, rank);
                }
            }

            if (best < 0)
            {
                return tokens;
            }

            tokens[best] += tokens[best + 1];
            tokens.RemoveAt(best + 1);
        }
    }

    /// <summary>A word as characters, the last with the suffix, or the suffix behind it.</summary>
    public static string[] Characters(string word, string? suffix, EndOfWordStyle style = EndOfWordStyle.SuffixOfLastCharacter)
    {
        var characters = word.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        if (suffix is not null && style == EndOfWordStyle.SeparateSymbol)
        {
            return [.. characters, suffix];
        }

        characters[^1] += suffix;
        return characters;
    }

    /// <summary>A word as bytes in GPT-2's alphabet.</summary>
    public static string[] Bytes(string word) => [.. ByteAlphabet.Encode(word).Select(character => character.ToString())];

    private static string Utf32(string text) => string.Concat(text.EnumerateRunes().Select(rune => $"{rune.Value:X6}"));
}
