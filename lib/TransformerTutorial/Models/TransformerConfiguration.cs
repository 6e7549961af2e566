using TransformerTutorial.Attention;
using TransformerTutorial.Layers;

namespace TransformerTutorial.Models;

/// <summary>All that an <see cref="EncoderDecoder"/> is made of, in one flat record.</summary>
/// <param name="SourceVocabulary">How many ids the language has that it reads.</param>
/// <param name="TargetVocabulary">How many ids the language has that it writes, V.</param>
/// <example><c>new TransformerConfiguration(SourceVocabulary: 2000, TargetVocabulary: 2000) { Width = 256, EncoderLayers = 3 }</c>; the paper's base model has Width 512, Heads 8, FeedForwardWidth 2048, 6 + 6 layers, Placement After, Sharing All.</example>
public sealed record TransformerConfiguration(long SourceVocabulary, long TargetVocabulary)
{
    /// <summary>The width d of every vector between layers.</summary>
    public long Width { get; init; } = 128;

    /// <summary>How many heads each attention has, h; each is d / h wide.</summary>
    public long Heads { get; init; } = 4;

    /// <summary>How many heads keys and values have; null for h (<see cref="MultiHeadAttentionOptions.KeyValueHeads"/>).</summary>
    public long? KeyValueHeads { get; init; }

    /// <summary>The width between the two maps of each feed-forward network.</summary>
    public long FeedForwardWidth { get; init; } = 512;

    /// <summary>How many layers the encoder has.</summary>
    public long EncoderLayers { get; init; } = 2;

    /// <summary>How many layers the decoder has.</summary>
    public long DecoderLayers { get; init; } = 2;

    /// <summary>The probability with which, in training, a number is taken for 0: of the inputs of both stacks, of attention's weights, between the maps of a feed-forward network, and of every sublayer's output.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Where each sublayer's normalisation stands.</summary>
    public NormPlacement Placement { get; init; } = NormPlacement.Before;

    /// <summary>How vectors are normalised.</summary>
    public NormKind Norm { get; init; } = NormKind.Layer;

    /// <summary>Whether each stack ends with one more normalisation; null for where it is needed, so with <see cref="NormPlacement.Before"/>. The paper has none; <c>nn.Transformer</c> has one with <see cref="NormPlacement.After"/> too.</summary>
    public bool? HasFinalNorm { get; init; }

    /// <summary>What the feed-forward networks do between their maps.</summary>
    public FeedForwardActivation Activation { get; init; } = FeedForwardActivation.Relu;

    /// <summary>Whether the maps of attention and of feed-forward networks have biases. The output matrix has none.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>How the model knows where words stand.</summary>
    public PositionKind Positions { get; init; } = PositionKind.Sinusoidal;

    /// <summary>How many ids a sentence may have, those for begin and end included.</summary>
    public long MaximumLength { get; init; } = 512;

    /// <summary>Which tables are one.</summary>
    public EmbeddingSharing Sharing { get; init; } = EmbeddingSharing.None;

    /// <summary>Whether scores are divided by √d_k. False is for experiments that show why they should be.</summary>
    public bool IsScaled { get; init; } = true;

    /// <summary>The ids with a meaning of their own.</summary>
    public SpecialIds Special { get; init; } = new();

    /// <summary>Whether each stack ends with one more normalisation.</summary>
    internal bool EndsWithNorm => HasFinalNorm ?? Placement == NormPlacement.Before;

    /// <summary>Refuses what cannot be built.</summary>
    /// <exception cref="ArgumentException">Something doesn't fit; the message names it.</exception>
    public void Validate()
    {
        Require(SourceVocabulary > 0 && TargetVocabulary > 0, $"Vocabularies have at least one id; these have {SourceVocabulary} and {TargetVocabulary}.");
        Require(EncoderLayers > 0 && DecoderLayers > 0, $"Encoder and decoder have at least one layer; these have {EncoderLayers} and {DecoderLayers}.");
        Require(MaximumLength > 0, $"{nameof(MaximumLength)} must be positive; it is {MaximumLength}.");
        Require(Enum.IsDefined(Placement), $"There is no {nameof(Placement)} {Placement}.");
        Require(Enum.IsDefined(Norm), $"There is no {nameof(Norm)} {Norm}.");
        Require(Enum.IsDefined(Positions), $"There are no {nameof(Positions)} {Positions}.");
        Require(Enum.IsDefined(Sharing), $"There is no {nameof(Sharing)} {Sharing}.");
        Attention(isSelf: true).Validate();
        FeedForward().Validate();
        Require(Positions != PositionKind.Sinusoidal || Width % 2 == 0, $"Sinusoidal positions need an even width; it is {Width}.");
        Require(Positions != PositionKind.Rotary || Width / Heads % 2 == 0, $"Rotary positions need heads of an even width; these are {Width / Heads} wide.");
        Require(Sharing != EmbeddingSharing.All || SourceVocabulary == TargetVocabulary, $"Both languages can share a table only if they share a vocabulary; these have {SourceVocabulary} and {TargetVocabulary} ids.");
        Require(Special is not null, $"{nameof(Special)} is null.");
        Special!.Validate();
        var (padding, begin, end) = (Special.Padding, Special.Begin, Special.End);
        Require(Math.Max(padding, end) < SourceVocabulary, $"The ids for padding and end, {padding} and {end}, must be in the source vocabulary, 0 to {SourceVocabulary - 1}.");
        Require(Math.Max(Math.Max(padding, begin), end) < TargetVocabulary, $"The ids for padding, begin and end, {padding}, {begin} and {end}, must be in the target vocabulary, 0 to {TargetVocabulary - 1}.");
    }

    /// <summary>The configuration as JSON, which <see cref="FromJson"/> reads.</summary>
    public string ToJson() => TransformerConfigurationFile.Write(this);

    /// <summary>The configuration that a JSON text holds. What the text leaves out has its usual value.</summary>
    /// <example><c>{ "sourceVocabulary": 500, "targetVocabulary": 600, "width": 64 }</c></example>
    /// <exception cref="InvalidDataException">The text is no configuration, names something that a configuration doesn't have, or cannot be built; the message says where and why.</exception>
    public static TransformerConfiguration FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return TransformerConfigurationFile.Read(json);
    }

    /// <summary>What a model of this configuration costs: parameters, operations, memory.</summary>
    /// <param name="batch">How many sentences at once, B.</param>
    /// <param name="source">How many ids each has that is read, padding included, S.</param>
    /// <param name="target">How many ids each has that is written, padding included, T.</param>
    /// <exception cref="ArgumentException">The configuration cannot be built, or the sentences are longer than it allows; the message says why.</exception>
    public TransformerCost Cost(long batch, long source, long target) => TransformerCost.Of(this, batch, source, target);

    // Queries, keys and values of self-attention come from the same vectors, so one product makes them.
    internal MultiHeadAttentionOptions Attention(bool isSelf) => new(Width, Heads)
    {
        KeyValueHeads = KeyValueHeads,
        HasBias = HasBias,
        IsFused = isSelf,
        Dropout = Dropout,
        Scale = IsScaled ? null : 1,
    };

    internal FeedForwardOptions FeedForward() => new(Width, FeedForwardWidth) { Activation = Activation, Dropout = Dropout, HasBias = HasBias };

    private static void Require(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ArgumentException(message);
        }
    }
}
