namespace TransformerTutorial.Embeddings;

/// <summary>How often a frequent word is kept. Mikolov et al., 2013, "Distributed Representations of Words and Phrases", section 2.3, describe the idea; the formula is the one of word2vec.c
/// and gensim, which differs from the paper's.</summary>
public static class Subsampling
{
    /// <summary>The probability that one occurrence of a word is kept: (√(f/t) + 1) · t/f for a word whose share of the text is f, at most 1.</summary>
    /// <param name="count">How often the word stands in the text.</param>
    /// <param name="total">How many words the text has, those too rare for the vocabulary left out.</param>
    /// <param name="threshold">t; 0 keeps all words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is not between 1 and the total, or the threshold is negative or no number.</exception>
    /// <example>A word with a tenth of the text and t = 0.001: (√100 + 1) / 100 = 0.11.</example>
    public static double KeepProbability(long count, long total, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, count);
        if (!(threshold >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be 0 or a positive number.");
        }

        if (threshold == 0)
        {
            return 1;
        }

        var ratio = count / (threshold * total);
        return Math.Min(1, (Math.Sqrt(ratio) + 1) / ratio);
    }

    /// <summary>For each word of a vocabulary: it is kept where 32 random bits are below this, and always at 2³².</summary>
    internal static ulong[] Thresholds(WordVocabulary vocabulary, double threshold)
    {
        var total = vocabulary.Counts.Sum();
        return [.. vocabulary.Counts.Select(count => (ulong)(KeepProbability(count, total, threshold) * 4294967296.0))];
    }
}
