using System.Runtime.InteropServices;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// The state of a WordPiece training: every different word as pieces, how often each piece and each pair of neighbours occurs, and which words hold a pair.
/// A merge changes only the words that hold its pair. It changes the score of every pair that shares a piece with it, too, so each step
/// looks at all pairs: they lie side by side in memory, and that is faster than keeping them sorted.
/// </summary>
internal sealed class WordPieceLearner
{
    private readonly string _prefix;
    private readonly long _minimumCount;
    private readonly HashSet<string> _specialTokens;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<long> _tokenCounts = [];
    private readonly List<int[]> _words = [];
    private readonly List<long> _wordCounts = [];
    private readonly List<Pair> _pairs = [];
    private readonly List<SortedSet<int>> _wordsOfPairs = [];
    private readonly Dictionary<(int Left, int Right), int> _pairIndexes = [];
    private readonly List<int> _best = [];

    public WordPieceLearner(IReadOnlyList<string> specialTokens, string prefix, long minimumCount)
    {
        _prefix = prefix;
        _minimumCount = minimumCount;
        _specialTokens = new(specialTokens, StringComparer.Ordinal);
        foreach (var token in specialTokens)
        {
            IdOf(token);
        }
    }

    /// <summary>All tokens; the index is the id.</summary>
    public List<string> Tokens { get; } = [];

    /// <summary>The merges so far.</summary>
    public List<WordPieceMerge> Merges { get; } = [];

    /// <summary>Gives ids to the characters that begin and those that continue a word.</summary>
    public void AddAlphabet(IEnumerable<Rune> beginning, IEnumerable<Rune> continuing)
    {
        foreach (var rune in beginning.Distinct().Order().ToList())
        {
            IdOf(rune.ToString());
        }

        foreach (var rune in continuing.Distinct().Order().ToList())
        {
            IdOf(_prefix + rune);
        }
    }

    /// <summary>Adds a word that hasn't been added before.</summary>
    public void AddWord(ReadOnlySpan<Rune> runes, long count)
    {
        var pieces = new int[runes.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = IdOf(i == 0 ? runes[i].ToString() : _prefix + runes[i]);
        }

        _words.Add(pieces);
        _wordCounts.Add(count);
        Count(_words.Count - 1, sign: 1);
    }

    /// <summary>Merges the pair with the highest score everywhere.</summary>
    /// <returns>False where no pair is left that occurs often enough.</returns>
    public bool TryLearnMerge()
    {
        FindBest();
        if (_best.Count == 0)
        {
            return false;
        }

        var index = _best.Count == 1 ? _best[0] : _best.MinBy(FirstPlace);
        var pair = _pairs[index];
        var merged = MergedToken(pair);
        var id = IdOf(merged);
        Merges.Add(new(Merges.Count, Tokens[pair.Left], Tokens[pair.Right], pair.Count, Score(pair)) { Merged = merged });
        foreach (var word in _wordsOfPairs[index].ToArray())
        {
            Count(word, sign: -1);
            _words[word] = Merge(_words[word], pair, id);
            Count(word, sign: 1);
        }

        return true;
    }

    private string MergedToken(Pair pair) => Tokens[pair.Left] + Tokens[pair.Right][_prefix.Length..];

    private double Score(Pair pair) => pair.Count / ((double)_tokenCounts[pair.Left] * _tokenCounts[pair.Right]);

    /// <summary>Collects the pairs with the highest score.</summary>
    private void FindBest()
    {
        var bestScore = 0.0;
        _best.Clear();
        var pairs = CollectionsMarshal.AsSpan(_pairs);
        var tokenCounts = CollectionsMarshal.AsSpan(_tokenCounts);
        for (var i = 0; i < pairs.Length; i++)
        {
            ref readonly var pair = ref pairs[i];
            if (pair.Count < _minimumCount || pair.IsForbidden)
            {
                continue;
            }

            var score = pair.Count / ((double)tokenCounts[pair.Left] * tokenCounts[pair.Right]);
            if (score > bestScore)
            {
                bestScore = score;
                _best.Clear();
            }

            if (score == bestScore)
            {
                _best.Add(i);
            }
        }
    }

    /// <summary>Where a pair first stands: in which word, and at which place in it.</summary>
    private (int Word, int Place) FirstPlace(int index)
    {
        var pair = _pairs[index];
        var word = _wordsOfPairs[index].Min;
        var pieces = _words[word];
        var place = 0;
        while (pieces[place] != pair.Left || pieces[place + 1] != pair.Right)
        {
            place++;
        }

        return (word, place);
    }

    private static int[] Merge(int[] pieces, Pair pair, int merged)
    {
        var result = new List<int>(pieces.Length - 1);
        for (var i = 0; i < pieces.Length; i++)
        {
            if (i + 1 < pieces.Length && pieces[i] == pair.Left && pieces[i + 1] == pair.Right)
            {
                result.Add(merged);
                i++;
            }
            else
            {
                result.Add(pieces[i]);
            }
        }

        return [.. result];
    }

    /// <summary>Adds a word's pieces and pairs to all counts, or takes them away.</summary>
    private void Count(int word, int sign)
    {
        var pieces = _words[word];
        var count = sign * _wordCounts[word];
        for (var i = 0; i < pieces.Length; i++)
        {
            _tokenCounts[pieces[i]] += count;
            if (i > 0)
            {
                CountPair((pieces[i - 1], pieces[i]), word, count);
            }
        }
    }

    private void CountPair((int Left, int Right) key, int word, long count)
    {
        if (!_pairIndexes.TryGetValue(key, out var index))
        {
            index = _pairs.Count;
            _pairIndexes.Add(key, index);
            var pair = new Pair(key.Left, key.Right, 0, false);
            _pairs.Add(pair with { IsForbidden = _specialTokens.Contains(MergedToken(pair)) });
            _wordsOfPairs.Add([]);
        }

        var changed = _pairs[index] with { Count = _pairs[index].Count + count };
        _pairs[index] = changed;
        if (count > 0)
        {
            _wordsOfPairs[index].Add(word);
        }
        else
        {
            _wordsOfPairs[index].Remove(word);
        }

        if (changed.Count == 0)
        {
            Remove(index);
        }
    }

    /// <summary>Removes a pair that doesn't occur any more; the last one takes its place.</summary>
    private void Remove(int index)
    {
        var last = _pairs.Count - 1;
        _pairIndexes.Remove((_pairs[index].Left, _pairs[index].Right));
        if (index != last)
        {
            _pairs[index] = _pairs[last];
            _wordsOfPairs[index] = _wordsOfPairs[last];
            _pairIndexes[(_pairs[index].Left, _pairs[index].Right)] = index;
        }

        _pairs.RemoveAt(last);
        _wordsOfPairs.RemoveAt(last);
    }

    private int IdOf(string token)
    {
        if (!_ids.TryGetValue(token, out var id))
        {
            id = Tokens.Count;
            _ids.Add(token, id);
            Tokens.Add(token);
            _tokenCounts.Add(0);
        }

        return id;
    }

    /// <summary>Two neighbouring pieces.</summary>
    private readonly record struct Pair(int Left, int Right, long Count, bool IsForbidden);
}
