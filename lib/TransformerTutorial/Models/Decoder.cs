using TorchSharp.Modules;
using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>A Transformer's decoder: layers on each other, and a last normalisation if the configuration has one. It reads vectors; ids, positions that are added to vectors, and logits are the <see cref="EncoderDecoder"/>'s.</summary>
/// <remarks>In <c>state_dict</c>: <c>layers</c>, <c>norm</c>. It has no mask of its own: a causal one is given. Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.1.</remarks>
public sealed class Decoder : nn.Module<Tensor, Tensor, AllowedMask?, AllowedMask?, AttentionPositions?, DecoderCache?, Tensor>
{
    // The fields' names are the parameters' names in state_dict.
    private readonly ModuleList<DecoderLayer> layers;
    private readonly nn.Module<Tensor, Tensor>? norm;

    /// <summary>A decoder of a configuration's sizes.</summary>
    /// <exception cref="ArgumentException">The configuration cannot be built; the message says why.</exception>
    public Decoder(TransformerConfiguration configuration)
        : base(nameof(Decoder))
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        layers = nn.ModuleList([.. Enumerable.Range(0, (int)configuration.DecoderLayers).Select(_ => new DecoderLayer(configuration))]);
        norm = configuration.EndsWithNorm ? Norms.Create(configuration.Norm, configuration.Width) : null;
        RegisterComponents();
    }

    /// <summary>Its layers, the first one first.</summary>
    public IReadOnlyList<DecoderLayer> DecoderLayers => [.. layers];

    /// <summary>The normalisation at its end, or null.</summary>
    public nn.Module<Tensor, Tensor>? Norm => norm;

    /// <summary>(B, T, d) to (B, T, d), hooks included.</summary>
    /// <param name="x">A vector for each word: (B, T, d).</param>
    /// <param name="memory">The encoder's output: (B, S, d).</param>
    /// <param name="mask">Which words each may look at; null for all. Broadcasts to (B, h, T, T), or (B, h, T, T with those of earlier steps).</param>
    /// <param name="memoryMask">Which of the memory's vectors each may look at; null for all. Broadcasts to (B, h, T, S).</param>
    /// <param name="positions">What positions do inside self-attention; null for nothing.</param>
    /// <param name="cache">Keys and values of earlier steps, or null. A call that fails leaves its words as they were.</param>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public new Tensor call(Tensor x, Tensor memory, AllowedMask? mask = null, AllowedMask? memoryMask = null, AttentionPositions? positions = null, DecoderCache? cache = null) =>
        base.call(x, memory, mask, memoryMask, positions, cache);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor x, Tensor memory, AllowedMask? mask, AllowedMask? memoryMask, AttentionPositions? positions, DecoderCache? cache)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (cache is not null && cache.Layers.Count != layers.Count)
        {
            throw new ArgumentException($"The cache is one for {cache.Layers.Count} layers; this decoder has {layers.Count}.", nameof(cache));
        }

        using var scope = NewDisposeScope();
        var before = cache?.Length ?? 0;
        try
        {
            for (var i = 0; i < layers.Count; i++)
            {
                x = layers[i].call(x, memory, mask, memoryMask, positions, cache?.Layers[i]);   // (B, T, d)
            }
        }
        catch
        {
            cache?.Truncate(before);
            throw;
        }

        x = norm?.call(x) ?? x;                                                                  // (B, T, d)
        ActivationTrace.Add(this, "output", x);
        return x.MoveToOuterDisposeScope();
    }
}
