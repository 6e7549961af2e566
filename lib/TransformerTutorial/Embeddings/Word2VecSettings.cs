namespace TransformerTutorial.Embeddings;

/// <summary>What follows from the options and the vocabulary and is the same for all threads.</summary>
internal sealed class Word2VecSettings
{
    private readonly long _words;

    public Word2VecSettings(Word2VecOptions options, WordVocabulary vocabulary)
    {
        (Options, _words) = (options, vocabulary.TotalCount);
        KeepThresholds = options.SubsamplingThreshold > 0 ? Subsampling.Thresholds(vocabulary, options.SubsamplingThreshold) : null;
        if (options.Objective == Word2VecObjective.NegativeSampling)
        {
            Sampler = new NegativeSampler(vocabulary.Counts, options.NegativeExponent);
            MostChosenRows = options.NegativeSamples + 1;
        }
        else if (options.Objective == Word2VecObjective.HierarchicalSoftmax)
        {
            Tree = new HuffmanTree(vocabulary.Counts);
            MostChosenRows = Enumerable.Range(0, vocabulary.Count).Max(word => Tree.PathSpan(word).Length);
        }
    }

    public Word2VecOptions Options { get; }

    /// <summary>For each word: it is kept where 32 random bits are below this. Null if all are kept.</summary>
    public ulong[]? KeepThresholds { get; }

    /// <summary>Draws negative samples; null for other objectives.</summary>
    public NegativeSampler? Sampler { get; }

    /// <summary>The tree of hierarchical softmax; null for other objectives.</summary>
    public HuffmanTree? Tree { get; }

    /// <summary>The most output rows that are chosen for one example: the target and its negative samples, or the longest way from the root to a word. None for a full softmax, where all take part.</summary>
    public int MostChosenRows { get; }

    /// <summary>How many words all passes read.</summary>
    public long WordsWanted => _words * Options.Epochs;

    /// <summary>The rate of a sentence before which so many words of its pass stand.</summary>
    public float Rate(int epoch, long wordsBefore)
    {
        var done = ((double)((epoch * _words) + wordsBefore)) / WordsWanted;
        return (float)(Options.LearningRate - ((Options.LearningRate - Options.FinalLearningRate) * done));
    }
}
