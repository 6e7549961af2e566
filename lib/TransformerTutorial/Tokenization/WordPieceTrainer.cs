using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Learns a WordPiece vocabulary: start from single characters, merge the pair of neighbours inside words that raises the likelihood of the text most, repeat.
/// The idea is from Schuster and Nakajima, 2012, "Japanese and Korean Voice Search", section 3; Google's trainer was never published. The score is the one that the
/// Hugging Face course (chapter 6, "WordPiece tokenization") describes: count(ab) / (count(a) · count(b)).
/// </summary>
/// <remarks>
/// <para>A frequent pair of frequent pieces (<c>t</c>, <c>##h</c>) scores low, a rare pair that hardly ever occurs apart (<c>q</c>, <c>##u</c>) scores high. In byte-pair encoding it is the count alone.</para>
/// <para>Ids: the special tokens, the characters that begin a word by code point, the characters that continue one by code point, then the merges.</para>
/// <para>Of pairs with equal scores (compared as 64-bit floating-point numbers) the one is merged that comes first in the text as it is segmented then, words taken in the order in which they
/// were first seen. Of overlapping places (a in "aaa") the leftmost is merged. A pair whose merged piece would read like a special token is never merged.</para>
/// </remarks>
public static class WordPieceTrainer
{
    private const int WordsBetweenReports = 1 << 18;

    /// <summary>Learns from texts. They are read once and not kept.</summary>
    /// <param name="texts">The texts; nothing is merged across their borders.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="cancellationToken">Stops the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The options contradict each other, the texts hold no word, or the vocabulary has no room for the alphabet.</exception>
    public static WordPieceModel Train(IEnumerable<string> texts, WordPieceTrainerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Check(options);
        var preTokenizer = options.PreTokenizer ?? PreTokenizers.Bert;
        var counts = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var text in texts)
        {
            if (text is null)
            {
                throw new ArgumentException("One of the texts is null.", nameof(texts));
            }

            var normalized = options.Normalizer?.Normalize(text) ?? text;
            foreach (var (offset, length) in preTokenizer.PreTokenize(normalized))
            {
                Count(counts, normalized.Substring(offset, length), 1);
                if (++total % WordsBetweenReports == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    options.Progress?.Report(new(total, counts.Count, 0, 0));
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return Learn(counts, preTokenizer, options, cancellationToken);
    }

    /// <summary>Learns from words that have been counted already. Neither normalizer nor pre-tokenizer is applied to them; the model keeps both for encoding.</summary>
    /// <param name="wordCounts">Words and how often each was seen; a word may come more than once. Empty words and counts of 0 are left out.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="cancellationToken">Stops the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A count is negative, the options contradict each other, there is no word, or the vocabulary has no room for the alphabet.</exception>
    public static WordPieceModel Train(IEnumerable<KeyValuePair<string, long>> wordCounts, WordPieceTrainerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wordCounts);
        Check(options);
        var counts = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in wordCounts)
        {
            if (word is null || count < 0)
            {
                throw new ArgumentException(word is null ? "One of the words is null." : $"The word '{word}' has the count {count}; a count can't be negative.", nameof(wordCounts));
            }

            Count(counts, word, count);
        }

        return Learn(counts, options.PreTokenizer ?? PreTokenizers.Bert, options, cancellationToken);
    }

    private static void Count(OrderedDictionary<string, long> counts, string word, long count)
    {
        if (word.Length > 0 && count > 0)
        {
            counts.TryGetValue(word, out var before);
            counts[word] = checked(before + count);
        }
    }

    private static void Check(WordPieceTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireAtLeastOne(options.VocabularySize, nameof(options.VocabularySize));
        RequireAtLeastOne(options.MinimumCount, nameof(options.MinimumCount));
        RequireAtLeastOne(options.MaxInputCharsPerWord, nameof(options.MaxInputCharsPerWord));
        if (options.SpecialTokens is null || options.SpecialTokens.Any(string.IsNullOrEmpty) || string.IsNullOrEmpty(options.UnknownToken))
        {
            throw new ArgumentException("A special token is null or empty.", nameof(options));
        }

        if (string.IsNullOrEmpty(options.ContinuingSubwordPrefix))
        {
            throw new ArgumentException("The prefix of continuing pieces is null or empty.", nameof(options));
        }

        if (options.SpecialTokens.CountBy(token => token, StringComparer.Ordinal).FirstOrDefault(entry => entry.Value > 1).Key is { } twice)
        {
            throw new ArgumentException($"The special token '{twice}' is listed twice.", nameof(options));
        }
    }

    private static void RequireAtLeastOne(long value, string name)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{name} is {value}; it must be at least 1.", nameof(value));
        }
    }

    private static WordPieceModel Learn(OrderedDictionary<string, long> counts, PreTokenizer preTokenizer, WordPieceTrainerOptions options, CancellationToken cancellationToken)
    {
        var words = counts.Select(entry => (Runes: entry.Key.EnumerateRunes().ToArray(), Count: entry.Value))
            .Where(word => word.Runes.Length <= options.MaxInputCharsPerWord).ToList();
        if (words.Count == 0)
        {
            throw new ArgumentException("There is nothing to learn from: the texts hold no word.");
        }

        List<string> specialTokens = options.SpecialTokens.Contains(options.UnknownToken) ? [.. options.SpecialTokens] : [options.UnknownToken, .. options.SpecialTokens];
        var learner = new WordPieceLearner(specialTokens, options.ContinuingSubwordPrefix, options.MinimumCount);
        learner.AddAlphabet(words.Select(word => word.Runes[0]), words.SelectMany(word => word.Runes.Skip(1)));
        if (learner.Tokens.Count > options.VocabularySize)
        {
            throw new ArgumentException(
                $"VocabularySize is {options.VocabularySize:N0}, but the special tokens ({specialTokens.Count:N0}) and the alphabet ({learner.Tokens.Count - specialTokens.Count:N0}) need {learner.Tokens.Count:N0} already.",
                nameof(options));
        }

        foreach (var (runes, count) in words)
        {
            learner.AddWord(runes, count);
        }

        var total = words.Sum(word => word.Count);
        var wanted = options.VocabularySize - learner.Tokens.Count;
        var reportEvery = Math.Max(1, wanted / 100);
        while (learner.Tokens.Count < options.VocabularySize && learner.TryLearnMerge())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (learner.Merges.Count % reportEvery == 0)
            {
                options.Progress?.Report(new(total, words.Count, learner.Merges.Count, wanted));
            }
        }

        options.Progress?.Report(new(total, words.Count, learner.Merges.Count, learner.Merges.Count));
        return new WordPieceModel(
            learner.Tokens.Select((token, id) => KeyValuePair.Create(token, id)),
            options.UnknownToken,
            specialTokens.Select((token, id) => KeyValuePair.Create(token, id)))
        {
            ContinuingSubwordPrefix = options.ContinuingSubwordPrefix,
            MaxInputCharsPerWord = options.MaxInputCharsPerWord,
            Normalizer = options.Normalizer,
            PreTokenizer = preTokenizer,
            Merges = learner.Merges,
        };
    }
}
