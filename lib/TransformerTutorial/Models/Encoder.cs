using TorchSharp.Modules;
using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>A Transformer's encoder: layers on each other, and a last normalisation if the configuration has one. It reads vectors; ids and positions that are added to vectors are the <see cref="EncoderDecoder"/>'s.</summary>
/// <remarks>In <c>state_dict</c>: <c>layers</c>, <c>norm</c>. Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.1.</remarks>
public sealed class Encoder : nn.Module<Tensor, AllowedMask?, AttentionPositions?, Tensor>
{
    // The fields' names are the parameters' names in state_dict.
    private readonly ModuleList<EncoderLayer> layers;
    private readonly nn.Module<Tensor, Tensor>? norm;

    /// <summary>An encoder of a configuration's sizes.</summary>
    /// <exception cref="ArgumentException">The configuration cannot be built; the message says why.</exception>
    public Encoder(TransformerConfiguration configuration)
        : base(nameof(Encoder))
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        layers = nn.ModuleList([.. Enumerable.Range(0, (int)configuration.EncoderLayers).Select(_ => new EncoderLayer(configuration))]);
        norm = configuration.EndsWithNorm ? Norms.Create(configuration.Norm, configuration.Width) : null;
        RegisterComponents();
    }

    /// <summary>Its layers, the first one first.</summary>
    public IReadOnlyList<EncoderLayer> EncoderLayers => [.. layers];

    /// <summary>The normalisation at its end, or null.</summary>
    public nn.Module<Tensor, Tensor>? Norm => norm;

    /// <summary>(B, S, d) to (B, S, d), hooks included.</summary>
    /// <param name="x">A vector for each word: (B, S, d).</param>
    /// <param name="mask">Which words each may look at; null for all. Broadcasts to (B, h, S, S).</param>
    /// <param name="positions">What positions do inside attention; null for nothing.</param>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public new Tensor call(Tensor x, AllowedMask? mask = null, AttentionPositions? positions = null) => base.call(x, mask, positions);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor x, AllowedMask? mask, AttentionPositions? positions)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        foreach (var layer in layers)
        {
            x = layer.call(x, mask, positions);                                  // (B, S, d)
        }

        x = norm?.call(x) ?? x;                                                  // (B, S, d)
        ActivationTrace.Add(this, "output", x);
        return x.MoveToOuterDisposeScope();
    }
}
