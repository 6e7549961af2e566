using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// How often words stand near each other: for every word and every context word, the number of times that the second stands within a window around the first.
/// Nothing is learnt here, and nothing is left to chance.
/// </summary>
/// <remarks>
/// The counts are a dense (V, V) table: vocabularies of a few thousand words. Words are ordered by how often they occur, equally frequent ones by their characters' numbers.
/// Source: O. Levy, Y. Goldberg and I. Dagan, "Improving Distributional Similarity with Lessons Learned from Word Embeddings", 2015, sections 2.1 and 3.1.
/// </remarks>
public sealed class CooccurrenceCounts
{
    private const int MostWords = 10_000;
    private readonly Dictionary<string, int> _indices;
    private readonly double[] _counts;

    private CooccurrenceCounts(string[] words, long[] wordCounts, Dictionary<string, int> indices, double[] counts) =>
        (Words, WordCounts, _indices, _counts) = (words, wordCounts, indices, counts);

    /// <summary>The words, the most frequent first.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>How often each word occurs.</summary>
    public IReadOnlyList<long> WordCounts { get; }

    /// <summary>How often a context word stands within the window around a word; a whole number unless near neighbours count more.</summary>
    /// <exception cref="KeyNotFoundException">A word was not counted.</exception>
    public double this[string word, string context] => _counts[(IndexOf(word) * Words.Count) + IndexOf(context)];

    /// <summary>Counts the words of sentences.</summary>
    /// <param name="sentences">Sentences as words; they are read twice, once for the vocabulary.</param>
    /// <param name="window">How many places to the left and to the right belong to the context; it ends with the sentence.</param>
    /// <param name="minimumCount">Rarer words are taken out of the sentences first, as word2vec does.</param>
    /// <param name="isDistanceWeighted">
    /// Whether a neighbour at distance s counts (window + 1 - s) / window instead of 1. That is what a window of random width counts on average, as in word2vec.
    /// </param>
    /// <exception cref="ArgumentException">No word occurs often enough, or more than 10,000 do, or a sentence or word is null.</exception>
    /// <exception cref="InvalidOperationException">The second reading gave other words than the first.</exception>
    public static CooccurrenceCounts Count(IEnumerable<IReadOnlyList<string>> sentences, int window = 5, int minimumCount = 1, bool isDistanceWeighted = false)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumCount);
        var (words, wordCounts) = CountWords(sentences, minimumCount);
        var indices = words.Select((word, index) => (word, index)).ToDictionary(pair => pair.word, pair => pair.index, StringComparer.Ordinal);

        // Whole numbers while counting, so that no order of addition matters.
        var counts = new double[words.Length * words.Length];
        var left = wordCounts.Sum();
        var ids = new List<int>();
        foreach (var sentence in sentences)
        {
            ids.Clear();
            ids.AddRange(sentence.Select(word => indices.GetValueOrDefault(word, -1)).Where(id => id >= 0));
            left -= ids.Count;
            for (var at = 0; at < ids.Count; at++)
            {
                for (var distance = 1; distance <= window && at + distance < ids.Count; distance++)
                {
                    var (one, other) = (ids[at], ids[at + distance]);
                    var weight = isDistanceWeighted ? window + 1 - distance : 1;
                    counts[(one * words.Length) + other] += weight;
                    counts[(other * words.Length) + one] += weight;
                }
            }
        }

        if (left != 0)
        {
            throw new InvalidOperationException($"The sentences changed between the first and the second reading: the second had {Math.Abs(left)} words {(left > 0 ? "fewer" : "more")}.");
        }

        for (var i = 0; i < counts.Length && isDistanceWeighted; i++)
        {
            counts[i] /= window;
        }

        return new CooccurrenceCounts(words, wordCounts, indices, counts);
    }

    /// <summary>All counts as a new tensor, rows for words and columns for contexts: (V, V), Float64.</summary>
    public Tensor ToTensor() => tensor(_counts, [Words.Count, Words.Count]);

    private int IndexOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return _indices.TryGetValue(word, out var index) ? index : throw new KeyNotFoundException($"'{word}' is not among the {Words.Count} words that were counted.");
    }

    private static (string[] Words, long[] Counts) CountWords(IEnumerable<IReadOnlyList<string>> sentences, int minimumCount)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var number = 0;
        foreach (var sentence in sentences)
        {
            number++;
            foreach (var word in sentence ?? throw new ArgumentException($"Sentence {number} is null.", nameof(sentences)))
            {
                counts[word ?? throw new ArgumentException($"A word of sentence {number} is null.", nameof(sentences))] = counts.GetValueOrDefault(word) + 1;
            }
        }

        var kept = counts.Where(pair => pair.Value >= minimumCount).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        return kept.Count switch
        {
            0 => throw new ArgumentException($"No word occurs at least {minimumCount} times in these {number} sentences.", nameof(sentences)),
            > MostWords => throw new ArgumentException($"{kept.Count} words occur at least {minimumCount} times; a table of all their pairs is made for {MostWords} words at most. A greater minimum count leaves fewer.", nameof(sentences)),
            _ => ([.. kept.Select(pair => pair.Key)], [.. kept.Select(pair => pair.Value)]),
        };
    }
}
