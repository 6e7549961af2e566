namespace TransformerTutorial.Embeddings;

/// <summary>The words that get a vector, most frequent first, and how often each was seen; a word's id is its place. Equally frequent words stand in the order of their UTF-16 code units,
/// so the vocabulary depends on what was counted and not on the order of the sentences.</summary>
public sealed class WordVocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly string[] _words;
    private readonly long[] _counts;

    private WordVocabulary(string[] words, long[] counts, long totalCount)
    {
        (_words, _counts, TotalCount) = (words, counts, totalCount);
        _ids = new Dictionary<string, int>(words.Length, StringComparer.Ordinal);
        for (var id = 0; id < words.Length; id++)
        {
            _ids.Add(words[id], id);
        }
    }

    /// <summary>The words, by id.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>How often each word was seen, by id.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>How many words there are.</summary>
    public int Count => _words.Length;

    /// <summary>How many words were counted, repetitions and words too rare to be here included.</summary>
    public long TotalCount { get; }

    /// <summary>A word's id.</summary>
    /// <exception cref="KeyNotFoundException">The word isn't here.</exception>
    public int this[string word] => TryGetId(word, out var id) ? id : throw new KeyNotFoundException($"The vocabulary has no word '{word}'.");

    /// <summary>Finds a word's id.</summary>
    public bool TryGetId(string word, out int id)
    {
        ArgumentNullException.ThrowIfNull(word);
        return _ids.TryGetValue(word, out id);
    }

    /// <summary>Counts the words of sentences.</summary>
    /// <param name="sentences">Sentences of words. They are read once.</param>
    /// <param name="minimumCount">Words seen less often are left out.</param>
    /// <param name="cancellationToken">Stops the counting with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A sentence or word is null, a word is empty or not valid Unicode; the message says which.</exception>
    public static WordVocabulary FromSentences(IEnumerable<IReadOnlyList<string>> sentences, long minimumCount = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);
        if (sentences is SentenceFile file)
        {
            return file.CountWords(cancellationToken).ToVocabulary(minimumCount);
        }

        var counter = new SentenceCounter();
        foreach (var sentence in sentences)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counter.Add(sentence);
        }

        return counter.ToVocabulary(minimumCount);
    }

    /// <summary>Makes a vocabulary of words that have been counted already.</summary>
    /// <param name="counts">Each word once, with its count.</param>
    /// <param name="minimumCount">Words with a smaller count are left out.</param>
    /// <exception cref="ArgumentException">A word is null, empty, there twice or not valid Unicode, or a count is negative; the message says which.</exception>
    public static WordVocabulary FromCounts(IEnumerable<KeyValuePair<string, long>> counts, long minimumCount = 1)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumCount, 1);
        var all = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in counts)
        {
            var problem = ProblemOf(word) ?? (count < 0 ? $"'{word}' has the count {count}; a count can't be negative" : all.TryAdd(word, count) ? null : $"'{word}' is there twice");
            if (problem is not null)
            {
                throw new ArgumentException($"Word {all.Count + 1}: {problem}.", nameof(counts));
            }
        }

        return FromCounted([.. all], minimumCount);
    }

    /// <summary>What is wrong with a word, or null.</summary>
    internal static string? ProblemOf(string? word)
    {
        if (string.IsNullOrEmpty(word))
        {
            return word is null ? "it is null" : "it is empty";
        }

        for (var i = 0; i < word.Length; i++)
        {
            if (char.IsSurrogate(word[i]))
            {
                if (!char.IsHighSurrogate(word[i]) || i + 1 == word.Length || !char.IsLowSurrogate(word[i + 1]))
                {
                    return $"it is not valid Unicode (a lone surrogate at character {i + 1})";
                }

                i++;
            }
        }

        return null;
    }

    internal static WordVocabulary FromCounted(List<KeyValuePair<string, long>> counted, long minimumCount)
    {
        var total = counted.Sum(pair => pair.Value);
        counted.RemoveAll(pair => pair.Value < minimumCount);
        counted.Sort((a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : string.CompareOrdinal(a.Key, b.Key));
        return new WordVocabulary([.. counted.Select(pair => pair.Key)], [.. counted.Select(pair => pair.Value)], total);
    }
}
