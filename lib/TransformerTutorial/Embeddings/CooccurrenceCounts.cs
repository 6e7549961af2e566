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
    private readonly double[] _counts;

    private CooccurrenceCounts(WordVocabulary vocabulary, double[] counts) => (Vocabulary, _counts) = (vocabulary, counts);

    /// <summary>The words that were counted, their ids and how often each occurs.</summary>
    public WordVocabulary Vocabulary { get; }

    /// <summary>The words, the most frequent first.</summary>
    public IReadOnlyList<string> Words => Vocabulary.Words;

    /// <summary>How often each word occurs.</summary>
    public IReadOnlyList<long> WordCounts => Vocabulary.Counts;

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
    /// <exception cref="ArgumentException">No word occurs often enough, more than 10,000 do, a sentence or word is null, or a word is empty or not valid Unicode.</exception>
    /// <exception cref="InvalidOperationException">The second reading gave other words than the first.</exception>
    public static CooccurrenceCounts Count(IEnumerable<IReadOnlyList<string>> sentences, int window = 5, int minimumCount = 1, bool isDistanceWeighted = false)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumCount);
        var vocabulary = WordVocabulary.FromSentences(sentences, minimumCount);
        CheckSize(vocabulary, minimumCount);

        // Whole numbers while counting, so that no order of addition matters.
        var counts = new double[vocabulary.Count * vocabulary.Count];
        var left = vocabulary.Counts.Sum();
        var ids = new List<int>();
        foreach (var sentence in sentences)
        {
            ids.Clear();
            ids.AddRange(sentence.Select(word => vocabulary.TryGetId(word, out var id) ? id : -1).Where(id => id >= 0));
            left -= ids.Count;
            for (var at = 0; at < ids.Count; at++)
            {
                for (var distance = 1; distance <= window && at + distance < ids.Count; distance++)
                {
                    var (one, other) = (ids[at], ids[at + distance]);
                    var weight = isDistanceWeighted ? window + 1 - distance : 1;
                    counts[(one * vocabulary.Count) + other] += weight;
                    counts[(other * vocabulary.Count) + one] += weight;
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

        return new CooccurrenceCounts(vocabulary, counts);
    }

    /// <summary>All counts as a new tensor, rows for words and columns for contexts: (V, V), Float64.</summary>
    public Tensor ToTensor() => tensor(_counts, [Words.Count, Words.Count]);

    private int IndexOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return Vocabulary.TryGetId(word, out var index) ? index : throw new KeyNotFoundException($"'{word}' is not among the {Words.Count} words that were counted.");
    }

    private static void CheckSize(WordVocabulary vocabulary, int minimumCount)
    {
        if (vocabulary.Count is 0 or > MostWords)
        {
            throw new ArgumentException(
                vocabulary.Count == 0 ? $"No word occurs at least {minimumCount:N0} times among {vocabulary.TotalCount:N0} words."
                : $"{vocabulary.Count:N0} words occur at least {minimumCount:N0} times; a table of all their pairs is made for {MostWords:N0} words at most. A greater minimum count leaves fewer.");
        }
    }
}
