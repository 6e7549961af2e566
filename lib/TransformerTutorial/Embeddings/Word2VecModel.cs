using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>What word2vec learned.</summary>
public sealed class Word2VecModel
{
    private readonly float[] _outputRows;
    private readonly Lazy<WordVectors> _output;

    internal Word2VecModel(Word2VecOptions options, WordVocabulary vocabulary, Word2VecParameters parameters, HuffmanTree? tree, double[] losses)
    {
        (Options, Vocabulary, Tree, Losses) = (options, vocabulary, tree, losses);
        Input = new WordVectors(vocabulary.Words, parameters.Input.ToArray(), options.VectorSize);
        _outputRows = parameters.Output.ToArray();
        _output = new Lazy<WordVectors>(() => new WordVectors(vocabulary.Words, _outputRows, options.VectorSize));
    }

    /// <summary>How it was learned.</summary>
    public Word2VecOptions Options { get; }

    /// <summary>The words, their counts and ids.</summary>
    public WordVocabulary Vocabulary { get; }

    /// <summary>The input vectors, W: (V, d). They are what one usually calls word vectors.</summary>
    public WordVectors Input { get; }

    /// <summary>The output vectors, W': (V, d). Word w is expected beside the input h in so far as h · W'[w] is large.</summary>
    /// <exception cref="InvalidOperationException">The objective was hierarchical softmax, whose output rows belong to the inner nodes of <see cref="Tree"/>.</exception>
    public WordVectors Output => Tree is null ? _output.Value
        : throw new InvalidOperationException($"With hierarchical softmax words have no output vectors, the tree's inner nodes have: see {nameof(OutputToTensor)}.");

    /// <summary>The tree of hierarchical softmax; null for other objectives.</summary>
    public HuffmanTree? Tree { get; }

    /// <summary>The mean loss of an example in each pass, in nats; NaN for a pass in which subsampling left no example. It is measured on the way, each example before its own step.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The output rows as a new tensor: (V, d) by words, or with hierarchical softmax (V - 1, d) by the nodes of <see cref="Tree"/>.</summary>
    public Tensor OutputToTensor() => tensor(_outputRows, [_outputRows.Length / Options.VectorSize, Options.VectorSize]);
}
