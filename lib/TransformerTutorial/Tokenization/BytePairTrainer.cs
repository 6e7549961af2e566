using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Learns a byte-pair encoding from text: start from single characters (or bytes), merge the most frequent pair of neighbours inside words, repeat.
/// Sennrich, Haddow and Birch, 2016, "Neural Machine Translation of Rare Words with Subword Units", algorithm 1.
/// </summary>
/// <remarks>
/// <para>Ids: the special tokens, then the alphabet by code point (in the character form first the characters, then those that end a word with the suffix, or the suffix alone), then the merges.</para>
/// <para>A pair's count is the number of places where its tokens are neighbours, "aaa" being two places for (a, a); of overlapping places the leftmost is merged.
/// A pair whose merged token would read like a special token is never merged.</para>
/// <para>Each different word is worked on once, weighted by its count, and after a merge only the pairs around its places are counted anew, so the time is about
/// proportional to the characters in different words and doesn't depend on how long the words are.</para>
/// </remarks>
public static class BytePairTrainer
{
    private const int WordsBetweenReports = 1 << 18;

    /// <summary>Learns from texts. They are read once and not kept.</summary>
    /// <param name="texts">The texts; nothing is merged across their borders.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="cancellationToken">Stops the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The options contradict each other, the texts hold no word, or the vocabulary has no room for the alphabet.</exception>
    public static BytePairModel Train(IEnumerable<string> texts, BytePairTrainerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        Check(options);
        var preTokenizer = PreTokenizerOf(options);
        var counter = new WordCounter();
        foreach (var text in texts)
        {
            if (text is null)
            {
                throw new ArgumentException("One of the texts is null.", nameof(texts));
            }

            CountWords(counter, options.Normalizer?.Normalize(text) ?? text, preTokenizer, options.Progress, cancellationToken);
        }

        return Learn(counter, preTokenizer, options, cancellationToken);
    }

    /// <summary>Learns from words that have been counted already. Neither normalizer nor pre-tokenizer is applied to them; the model keeps both for encoding.</summary>
    /// <param name="wordCounts">Words and how often each was seen; a word may come more than once. Words without characters and counts of 0 are left out.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="cancellationToken">Stops the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A count is negative, the options contradict each other, there is no word, or the vocabulary has no room for the alphabet.</exception>
    public static BytePairModel Train(IEnumerable<KeyValuePair<string, long>> wordCounts, BytePairTrainerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wordCounts);
        Check(options);
        var counter = new WordCounter();
        foreach (var (word, count) in wordCounts)
        {
            if (word is null || count < 0)
            {
                throw new ArgumentException(word is null ? "One of the words is null." : $"The word '{word}' has the count {count}; a count can't be negative.", nameof(wordCounts));
            }

            if (word.Length > 0 && count > 0)
            {
                CheckedAdd(counter, word, count);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return Learn(counter, PreTokenizerOf(options), options, cancellationToken);
    }

    private static PreTokenizer PreTokenizerOf(BytePairTrainerOptions options) =>
        options.PreTokenizer ?? (options.ByteLevel ? BytePairPatterns.Gpt2 : PreTokenizers.Whitespace);

    private static void Check(BytePairTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.VocabularySize < 1)
        {
            throw new ArgumentException($"VocabularySize is {options.VocabularySize}; it must be at least 1.", nameof(options));
        }

        if (options.MinimumCount < 1)
        {
            throw new ArgumentException($"MinimumCount is {options.MinimumCount}; it must be at least 1.", nameof(options));
        }

        if (options.SpecialTokens is null || options.SpecialTokens.Any(string.IsNullOrEmpty) || options.UnknownToken is "")
        {
            throw new ArgumentException("A special token is null or empty.", nameof(options));
        }

        if (options.SpecialTokens.GroupBy(token => token, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The special token '{twice.Key}' is listed twice.", nameof(options));
        }

        if (!Enum.IsDefined(options.TieRule))
        {
            throw new ArgumentException($"There is no tie rule {options.TieRule}.", nameof(options));
        }

        if (!Enum.IsDefined(options.EndOfWordStyle))
        {
            throw new ArgumentException($"There is no end-of-word style {options.EndOfWordStyle}.", nameof(options));
        }
    }

    private static void CheckedAdd(WordCounter counter, ReadOnlySpan<char> word, long count)
    {
        try
        {
            counter.Add(word, count);
        }
        catch (OverflowException error)
        {
            throw new ArgumentException($"The counts add up to more than {long.MaxValue:N0} (at '{word}', {count:N0} times).", error);
        }
    }

    private static void CountWords(WordCounter counter, string text, PreTokenizer preTokenizer, IProgress<BytePairTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (preTokenizer is ScanningPreTokenizer scanner)
        {
            var span = text.AsSpan();
            var end = 0;
            while (scanner.TryNext(span, end, out var start, out end))
            {
                counter.Add(span[start..end]);
                ReportWords(counter, progress, cancellationToken);
            }
        }
        else
        {
            foreach (var (offset, length) in preTokenizer.PreTokenize(text))
            {
                if (length > 0)
                {
                    counter.Add(text.AsSpan(offset, length));
                    ReportWords(counter, progress, cancellationToken);
                }
            }
        }
    }

    private static void ReportWords(WordCounter counter, IProgress<BytePairTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (counter.Total % WordsBetweenReports == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new BytePairTrainingProgress(counter.Total, counter.Count, 0, 0));
        }
    }

    private static BytePairModel Learn(WordCounter counter, PreTokenizer preTokenizer, BytePairTrainerOptions options, CancellationToken cancellationToken)
    {
        if (counter.Count == 0)
        {
            throw new ArgumentException("There is nothing to learn from: the texts hold no word.");
        }

        var unknown = options.ByteLevel ? null : options.UnknownToken;
        var suffix = options.ByteLevel ? null : options.EndOfWordSuffix is "" ? null : options.EndOfWordSuffix;
        var specialTokens = unknown is null || options.SpecialTokens.Contains(unknown) ? [.. options.SpecialTokens] : new List<string>([unknown, .. options.SpecialTokens]);

        var learner = new BytePairLearner(options.TieRule, options.MinimumCount, specialTokens);
        var encodeWord = options.ByteLevel ? AddBytes(learner) : AddCharacters(learner, counter, suffix, options.EndOfWordStyle);
        if (learner.TokenCount > options.VocabularySize)
        {
            throw new ArgumentException(
                $"VocabularySize is {options.VocabularySize:N0}, but the special tokens ({specialTokens.Count:N0}) and the alphabet ({learner.TokenCount - specialTokens.Count:N0}) need {learner.TokenCount:N0} already.",
                nameof(options));
        }

        var symbols = new int[64];
        for (var index = 0; index < counter.Count; index++)
        {
            var word = counter.WordAt(index);
            if (symbols.Length < 3L * word.Length + 1)
            {
                symbols = new int[checked(Math.Max(3 * word.Length + 1, 2 * symbols.Length))];
            }

            learner.AddWord(symbols.AsSpan(0, encodeWord(word, symbols)), counter.CountAt(index));
            if (index % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        var wanted = options.VocabularySize - learner.TokenCount;
        var reportEvery = Math.Max(1, wanted / 100);
        learner.Start();
        while (learner.TokenCount < options.VocabularySize && learner.TryLearnMerge())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (learner.Merges.Count % reportEvery == 0)
            {
                options.Progress?.Report(new BytePairTrainingProgress(counter.Total, counter.Count, learner.Merges.Count, wanted));
            }
        }

        options.Progress?.Report(new BytePairTrainingProgress(counter.Total, counter.Count, learner.Merges.Count, learner.Merges.Count));
        return new BytePairModel(learner.Vocabulary, learner.Merges)
        {
            ByteLevel = options.ByteLevel,
            EndOfWordSuffix = suffix,
            EndOfWordStyle = suffix is null ? EndOfWordStyle.SuffixOfLastCharacter : options.EndOfWordStyle,
            UnknownToken = unknown,
            SpecialTokens = specialTokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal),
            PreTokenizer = preTokenizer,
            Normalizer = options.Normalizer,
        };
    }

    private delegate int WordEncoder(ReadOnlySpan<char> word, Span<int> symbols);

    private static WordEncoder AddBytes(BytePairLearner learner)
    {
        // In the order of the characters that stand for the bytes, as GPT-2's vocabulary has them.
        var ids = new int[256];
        foreach (var value in Enumerable.Range(0, 256).OrderBy(value => ByteAlphabet.ToCharacter((byte)value)))
        {
            ids[value] = learner.AddSymbol(ByteAlphabet.ToCharacter((byte)value).ToString());
        }

        var buffer = new byte[256];
        return (word, symbols) =>
        {
            if (buffer.Length < 3L * word.Length)
            {
                buffer = new byte[checked(3 * word.Length)];
            }

            var count = Encoding.UTF8.GetBytes(word, buffer);
            for (var i = 0; i < count; i++)
            {
                symbols[i] = ids[buffer[i]];
            }

            return count;
        };
    }

    private static WordEncoder AddCharacters(BytePairLearner learner, WordCounter counter, string? suffix, EndOfWordStyle style)
    {
        var characters = new HashSet<int>();
        var lastCharacters = new HashSet<int>();
        for (var index = 0; index < counter.Count; index++)
        {
            var last = 0;
            foreach (var rune in counter.WordAt(index).EnumerateRunes())
            {
                characters.Add(last = rune.Value);
            }

            lastCharacters.Add(last);
        }

        var ids = characters.Order().ToDictionary(character => character, character => learner.AddSymbol(new Rune(character).ToString()));
        var separate = suffix is not null && style == EndOfWordStyle.SeparateSymbol ? learner.AddSymbol(suffix) : -1;
        var lastIds = suffix is null || separate >= 0 ? ids : lastCharacters.Order().ToDictionary(character => character, character => learner.AddSymbol(new Rune(character) + suffix));
        return (word, symbols) =>
        {
            var count = 0;
            var last = 0;
            foreach (var rune in word.EnumerateRunes())
            {
                symbols[count++] = ids[last = rune.Value];
            }

            symbols[count - 1] = lastIds[last];
            if (separate >= 0)
            {
                symbols[count++] = separate;
            }

            return count;
        };
    }
}
