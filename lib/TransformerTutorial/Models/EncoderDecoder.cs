using TorchSharp.Modules;
using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using TransformerTutorial.Positions;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>
/// The Transformer: an encoder reads a sentence, a decoder writes another one, looking at all words that it wrote so far and at all that the encoder made of the sentence. From ids to logits.
/// </summary>
/// <remarks>
/// <para>It makes its own masks: nobody looks at the source's padding, and the decoder doesn't look ahead. Padding of the target must stand behind the words, where the causal mask hides it from them.</para>
/// <para>In evaluation mode (<c>eval()</c>; in training dropout draws for each call) padding changes no bit of any word's output, and neither do the other sentences of a batch; decoding word by word with a cache gives the bits of reading all words at once.</para>
/// <para>In <c>state_dict</c>: <c>source_embedding</c> and <c>target_embedding</c> (or <c>embedding</c>, shared by both), <c>encoder</c>, <c>decoder</c>, with learned positions <c>source_positions</c> and <c>target_positions</c>, and <c>output</c> unless it is shared.
/// Word vectors begin with normal numbers of variance 1 / d and are multiplied by √d where they enter, so that they are as large as the positions' codes, and as rows of the output matrix give logits of
/// variance about 1; the other matrices begin as X. Glorot and Y. Bengio 2010, equation 16, says, biases with 0.</para>
/// <para>Source: A. Vaswani et al., "Attention Is All You Need", 2017, sections 3.1 and 3.4. It decodes nothing by itself.</para>
/// </remarks>
/// <example>
/// <code>
/// var model = new EncoderDecoder(new TransformerConfiguration(SourceVocabulary: 500, TargetVocabulary: 600));
/// var logits = model.call(source, target);                          // (B, S), (B, T) to (B, T, V)
/// model.eval();
/// var encoded = model.Encode(source);
/// using var cache = model.CreateCache();
/// var next = model.Decode(target.narrow(1, 0, 1), encoded, cache);  // (B, 1, V), the bits of the first row of model.call(source, target)
/// </code>
/// </example>
public sealed class EncoderDecoder : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly IInputPositions _fixedPositions;
    private readonly AttentionPositions? _rotary;

    // The fields' names are the parameters' names in state_dict. Shared tables are null here but for one.
    private readonly Embedding? embedding;
    private readonly Embedding? source_embedding;
    private readonly Embedding? target_embedding;
    private readonly LearnedPositions? source_positions;
    private readonly LearnedPositions? target_positions;
    private readonly Encoder encoder;
    private readonly Decoder decoder;
    private readonly Linear? output;

    /// <summary>A model of a configuration.</summary>
    /// <exception cref="ArgumentException">The configuration cannot be built; the message says why.</exception>
    public EncoderDecoder(TransformerConfiguration configuration)
        : base(nameof(EncoderDecoder))
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        Configuration = configuration;
        var d = configuration.Width;
        if (configuration.Sharing == EmbeddingSharing.All)
        {
            embedding = NewEmbedding(configuration.SourceVocabulary, d);
        }
        else
        {
            source_embedding = NewEmbedding(configuration.SourceVocabulary, d);
            target_embedding = NewEmbedding(configuration.TargetVocabulary, d);
        }

        if (configuration.Positions == PositionKind.Learned)
        {
            source_positions = new(configuration.MaximumLength, d);
            target_positions = new(configuration.MaximumLength, d);
        }

        _fixedPositions = configuration.Positions == PositionKind.Sinusoidal ? new SinusoidalPositions(d) : new NoPositions();
        _rotary = configuration.Positions == PositionKind.Rotary ? new() { Rotate = new RotaryPositions(d / configuration.Heads).Rotate } : null;
        encoder = new(configuration);
        decoder = new(configuration);
        if (configuration.Sharing == EmbeddingSharing.None)
        {
            output = nn.Linear(d, configuration.TargetVocabulary, hasBias: false);
            Initialization.Xavier(output);
        }

        RegisterComponents();
    }

    /// <summary>What it is made of.</summary>
    public TransformerConfiguration Configuration { get; }

    /// <summary>Its encoder, from vectors to vectors.</summary>
    public Encoder Encoder => encoder;

    /// <summary>Its decoder, from vectors to vectors.</summary>
    public Decoder Decoder => decoder;

    /// <summary>The source words' vectors: (source vocabulary, d). The target words' as well where they are shared.</summary>
    public Parameter SourceVectors => (source_embedding ?? embedding)!.weight!;

    /// <summary>The target words' vectors: (V, d).</summary>
    public Parameter TargetVectors => (target_embedding ?? embedding)!.weight!;

    /// <summary>The output matrix: (V, d). The target words' vectors where they are shared.</summary>
    public Parameter OutputMatrix => output?.weight ?? TargetVectors;

    /// <summary>Logits for the next word after each word of the target (teacher forcing: it reads the target's words, not its own), hooks included.</summary>
    /// <param name="source">Ids of the sentences to read: (B, S), words and the id for end, padding anywhere.</param>
    /// <param name="target">Ids of what is written: (B, T), the id for begin and words, padding behind them.</param>
    /// <returns>(B, T, V): row t scores the word at t + 1. Rows at padding mean nothing.</returns>
    /// <exception cref="ArgumentException">Ids or shapes don't fit; the message names them.</exception>
    public new Tensor call(Tensor source, Tensor target) => base.call(source, target);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor source, Tensor target)
    {
        using var scope = NewDisposeScope();
        return Decode(target, Encode(source)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoder's work alone.</summary>
    /// <param name="source">Ids of the sentences to read: (B, S).</param>
    /// <exception cref="ArgumentException">Ids or shapes don't fit; the message names them.</exception>
    public EncodedSource Encode(Tensor source)
    {
        ModelChecks.RequireIds(source, Configuration.SourceVocabulary, "Source sentences", nameof(source));
        RequireLength(source.shape[1], "Source sentences", nameof(source));
        RequireWords(source);
        using var scope = NewDisposeScope();
        var mask = Masks.PaddingTokens(source, Configuration.Special.Padding);                            // (B, 1, 1, S)
        var x = Enter((source_embedding ?? embedding)!, source_positions ?? _fixedPositions, source, 0, "source");           // (B, S, d)
        var memory = encoder.call(x, mask, _rotary);                                                      // (B, S, d)
        mask.Values.MoveToOuterDisposeScope();
        return new(memory.MoveToOuterDisposeScope(), mask);
    }

    /// <summary>The decoder's work: logits for the next word after each word of the target.</summary>
    /// <param name="target">Ids of what is written: (B, T); with a cache the new ones only.</param>
    /// <param name="encoded">What <see cref="Encode"/> made of the sentences that are read. A cache takes their keys and values in its first call; later ones look at the mask and the length only, so it must be the same one, or its <see cref="EncodedSource.Reorder"/>.</param>
    /// <param name="cache">
    /// What earlier calls kept, or null. A call that fails leaves it as it was. It keeps no ids, so that padding in front of a word is refused within a call only: a sentence that was given padding has ended, and is not to be gone on with.
    /// </param>
    /// <returns>(B, T, V).</returns>
    /// <exception cref="ArgumentException">Ids or shapes don't fit; the message names them.</exception>
    public Tensor Decode(Tensor target, EncodedSource encoded, DecoderCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        ModelChecks.RequireIds(target, Configuration.TargetVocabulary, "Target sentences", nameof(target));
        var (batch, length, offset) = (target.shape[0], target.shape[1], cache?.Length ?? 0);
        RequireLength(offset + length, "Target sentences", nameof(target));
        if (encoded.Memory.shape[0] != batch)
        {
            throw new ArgumentException($"There are {encoded.Memory.shape[0]} sentences to read and {batch} to write.", nameof(target));
        }

        RequirePaddingBehind(target);
        using var scope = NewDisposeScope();
        var mask = length == 1 ? null : Masks.Causal(length, offset + length, offset);                    // (T, T), or (T, T with earlier ones); the last word may look at all
        var y = Enter((target_embedding ?? embedding)!, target_positions ?? _fixedPositions, target, offset, "target");      // (B, T, d)
        var states = decoder.call(y, encoded.Memory, mask, encoded.Mask, _rotary, cache);                 // (B, T, d)
        var logits = nn.functional.linear(states, OutputMatrix);                                          // (B, T, V)
        ActivationTrace.Add(this, "logits", logits);
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>An empty cache for this model's decoder.</summary>
    public DecoderCache CreateCache() => new(Configuration.DecoderLayers);

    /// <summary>Copies the weights of TorchSharp's layer into the two stacks; both then compute the same numbers and gradients. Embeddings and output matrix stay as they are: it has none.</summary>
    /// <param name="source">
    /// A layer of the same sizes. It is sequence first, and normalises after each sublayer and at the end of each stack, so this model's configuration has <see cref="NormPlacement.After"/> and <see cref="TransformerConfiguration.HasFinalNorm"/>.
    /// Its number of heads and its activation cannot be seen from outside: they must be known to be the same.
    /// </param>
    /// <exception cref="ArgumentException">The models are not made of the same parts; the message names what differs, and nothing is copied.</exception>
    public void LoadFrom(Transformer source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Configuration.Placement != NormPlacement.After)
        {
            throw new ArgumentException($"nn.Transformer normalises after each sublayer; this model's {nameof(TransformerConfiguration.Placement)} is {Configuration.Placement}.", nameof(source));
        }

        TransformerWeights.Copy(this, source.state_dict());
    }

    /// <summary>Copies the parameters of a PyTorch <c>nn.Transformer</c>, from a file for instance, into the two stacks.</summary>
    /// <param name="source">The parameters by PyTorch's names, as <c>encoder.layers.0.self_attn.in_proj_weight</c>. Whether they were trained with norms before or after each sublayer (norm_first) must be known.</param>
    /// <exception cref="ArgumentException">A parameter is missing, superfluous or of another shape; the message names it, and nothing is copied.</exception>
    public void LoadFrom(IReadOnlyDictionary<string, Tensor> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        TransformerWeights.Copy(this, source);
    }

    private static Embedding NewEmbedding(long vocabulary, long width)
    {
        var table = nn.Embedding(vocabulary, width);
        Initialization.Normal(table);
        return table;
    }

    // (B, T) ids to (B, T, d)
    private Tensor Enter(Embedding table, IInputPositions positions, Tensor ids, long offset, string side)
    {
        var words = table.call(ids).mul(Math.Sqrt(Configuration.Width));                                  // (B, T, d)
        ActivationTrace.Add(this, $"{side}_embedding", words);
        var placed = positions.AddTo(words, offset);                                                      // (B, T, d)
        ActivationTrace.Add(this, $"{side}_input", placed);
        return training && Configuration.Dropout > 0 ? nn.functional.dropout(placed, Configuration.Dropout) : placed;
    }

    private void RequireLength(long length, string what, string argument)
    {
        if (length > Configuration.MaximumLength)
        {
            throw new ArgumentException($"{what} of {length} ids are longer than the model's {nameof(Configuration.MaximumLength)}, {Configuration.MaximumLength}.", argument);
        }
    }

    // Of nothing but padding the decoder would learn nothing, and say something all the same.
    private void RequireWords(Tensor source)
    {
        var length = (int)source.shape[1];
        var ids = source.data<long>().ToArray();
        for (var row = 0; row * length < ids.Length; row++)
        {
            if (!ids.AsSpan(row * length, length).ContainsAnyExcept(Configuration.Special.Padding))
            {
                throw new ArgumentException($"Source sentence {row} is nothing but padding.", nameof(source));
            }
        }
    }

    // A word behind padding would look at it.
    private void RequirePaddingBehind(Tensor target)
    {
        var length = target.shape[1];
        var ids = target.data<long>().ToArray();
        for (var i = 1; i < ids.Length; i++)
        {
            if (i % length != 0 && ids[i] != Configuration.Special.Padding && ids[i - 1] == Configuration.Special.Padding)
            {
                throw new ArgumentException($"Target sentence {i / length} has padding before the word at {i % length}; padding must stand behind the words.", nameof(target));
            }
        }
    }
}
