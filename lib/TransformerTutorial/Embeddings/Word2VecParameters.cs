namespace TransformerTutorial.Embeddings;

/// <summary>What word2vec learns: a vector for each word as input, and a row for each word, or each inner node of the Huffman tree, as output.</summary>
internal sealed class Word2VecParameters : IDisposable
{
    /// <summary>Input vectors begin with numbers drawn evenly between -1/d and 1/d (skip-gram) or -1.5/d and 1.5/d (CBOW), output rows with zeros.</summary>
    /// <remarks>gensim begins with 1/d for both, word2vec.c with half of that. CBOW has come further after a few passes from 1.5/d; skip-gram has not, and its models then differ more from seed to seed.</remarks>
    public Word2VecParameters(int words, Word2VecOptions options)
    {
        Input = new VectorRows(words, options.VectorSize);
        Output = new VectorRows(options.Objective == Word2VecObjective.HierarchicalSoftmax ? words - 1 : words, options.VectorSize);
        var scale = options.Architecture == Word2VecArchitecture.SkipGram ? 1f : 1.5f;
        var random = new Word2VecRandom(options.Seed, epoch: -1, sentence: 0);
        for (var word = 0; word < words; word++)
        {
            foreach (ref var number in Input.Row(word))
            {
                // 24 bits make an exact float from -1 to below 1.
                number = (((random.Next() >> 8) / 8388608f) - 1) * scale / options.VectorSize;
            }
        }
    }

    /// <summary>(V, d).</summary>
    public VectorRows Input { get; }

    /// <summary>(V, d), or (V - 1, d) with a tree.</summary>
    public VectorRows Output { get; }

    /// <summary>The id of a word whose input vector has a number that is NaN or infinite, or -1; of -2 and below, an output row: -2 - row.</summary>
    public int FindNotFinite()
    {
        for (var row = 0; row < Input.Rows; row++)
        {
            if (!IsFinite(Input.Row(row)))
            {
                return row;
            }
        }

        for (var row = 0; row < Output.Rows; row++)
        {
            if (!IsFinite(Output.Row(row)))
            {
                return -2 - row;
            }
        }

        return -1;
    }

    public void Dispose()
    {
        Input.Dispose();
        Output.Dispose();
    }

    private static bool IsFinite(ReadOnlySpan<float> row)
    {
        // A number times zero is zero, unless it is NaN or infinite.
        var sum = 0f;
        foreach (var number in row)
        {
            sum += number * 0;
        }

        return sum == 0;
    }
}
