using TorchSharp.Modules;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>
/// A convolutional network over sentences: vectors of words, then layers that each look through a window of neighbours, then scores at every place. All places of a layer are computed at once; how far a place sees grows with the layers.
/// </summary>
/// <remarks>
/// <para>A layer is <c>x + glu(conv(x))</c>: the convolution makes 2 d numbers, and one half opens or closes the other (a gated linear unit). Source: J. Gehring et al., "Convolutional Sequence to Sequence Learning", 2017, section 3.2;
/// theirs also has learnt positions, scaled residuals and attention between encoder and decoder, which this baseline has not.</para>
/// <para>Behind a sentence's end every layer sees zeros, as it does behind the end of the tensor, so a sentence has the same outputs in any batch.</para>
/// </remarks>
public sealed class ConvolutionalModel : nn.Module<Tensor, IReadOnlyList<int>?, Tensor>
{
    // The fields' names are the parameters' names in state_dict.
    private readonly Embedding embedding;
    private readonly ModuleList<Conv1d> layers;
    private readonly Dropout dropout;
    private readonly Linear output;

    /// <summary>A model with these options.</summary>
    /// <exception cref="ArgumentException">The options don't fit each other; the message names them.</exception>
    public ConvolutionalModel(ConvolutionalModelOptions options)
        : base(nameof(ConvolutionalModel))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        embedding = nn.Embedding(options.Vocabulary, options.Width);
        layers = new([.. Enumerable.Range(0, (int)options.Layers).Select(layer => nn.Conv1d(options.Width, 2 * options.Width, options.KernelWidth, dilation: options.Dilation(layer)))]);
        dropout = nn.Dropout(options.Dropout);
        output = nn.Linear(options.Width, options.OutputVocabulary ?? options.Vocabulary);
        RegisterComponents();
    }

    /// <summary>What it is made of.</summary>
    public ConvolutionalModelOptions Options { get; }

    /// <summary>Scores at every place, hooks included.</summary>
    /// <param name="ids">(B, T).</param>
    /// <param name="lengths">How many words each sentence has; null if all are as long as T.</param>
    /// <returns>(B, T, V). What it says behind a sentence's end means nothing.</returns>
    /// <exception cref="ArgumentException">Ids or lengths don't fit; the message names them.</exception>
    public new Tensor call(Tensor ids, IReadOnlyList<int>? lengths = null) => base.call(ids, lengths);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor ids, IReadOnlyList<int>? lengths)
    {
        ModelChecks.RequireIds(ids, Options.Vocabulary, "Sentences", nameof(ids));
        ModelChecks.RequireLengths(lengths, ids.shape[0], ids.shape[1], nameof(lengths));
        using var scope = NewDisposeScope();
        return output.call(ApplyLayers(embedding.call(ids), lengths)).MoveToOuterDisposeScope();           // (B, T, V)
    }

    /// <summary>The layers alone, between vectors of words and scores: (B, T, d) to (B, T, d).</summary>
    /// <param name="x">(B, T, d).</param>
    /// <param name="lengths">How many words each sentence has; null if all are as long as T.</param>
    /// <exception cref="ArgumentException">Shape or lengths don't fit; the message names them.</exception>
    public Tensor ApplyLayers(Tensor x, IReadOnlyList<int>? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.ndim != 3 || x.shape[2] != Options.Width)
        {
            throw new ArgumentException($"The layers take (B, T, {Options.Width}); this tensor has shape {MaskChecks.Text(x.shape)}.", nameof(x));
        }

        ModelChecks.RequireLengths(lengths, x.shape[0], x.shape[1], nameof(lengths));
        using var scope = NewDisposeScope();
        var behind = lengths is null ? null : Masks.Padding(lengths, x.shape[1]).Not().Values.squeeze(1);   // (B, 1, T)
        var channels = x.transpose(1, 2);                                                             // (B, d, T)
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var seen = behind is null ? channels : channels.masked_fill(behind, 0);
            var reach = (Options.KernelWidth - 1) * Options.Dilation(layer);
            var (before, after) = Options.IsCausal ? (reach, 0L) : (reach / 2, reach / 2);
            var padded = nn.functional.pad(dropout.call(seen), (before, after));                      // (B, d, T + reach)
            var halves = layers[layer].call(padded).chunk(2, 1);                                      // (B, 2 d, T) to twice (B, d, T)
            channels = channels + (halves[0] * halves[1].sigmoid());                                  // (B, d, T)
        }

        return channels.transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }
}
