using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>One layer of a Transformer's encoder: every word looks at every word, then each is thought over by itself: self-attention and a feed-forward network, each inside a <see cref="Residual"/>.</summary>
/// <remarks>In <c>state_dict</c>: <c>attention</c>, <c>attention_residual</c>, <c>feed_forward</c>, <c>feed_forward_residual</c>. Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.1.</remarks>
public sealed class EncoderLayer : nn.Module<Tensor, AllowedMask?, AttentionPositions?, Tensor>
{
    // The fields' names are the parameters' names in state_dict.
    private readonly MultiHeadAttention attention;
    private readonly Residual attention_residual;
    private readonly FeedForward feed_forward;
    private readonly Residual feed_forward_residual;

    /// <summary>A layer of a configuration's sizes.</summary>
    /// <exception cref="ArgumentException">The configuration cannot be built; the message says why.</exception>
    public EncoderLayer(TransformerConfiguration configuration)
        : base(nameof(EncoderLayer))
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        attention = new(configuration.Attention(isSelf: true));
        attention_residual = new(configuration.Width, configuration.Placement, configuration.Norm, configuration.Dropout);
        feed_forward = new(configuration.FeedForward());
        feed_forward_residual = new(configuration.Width, configuration.Placement, configuration.Norm, configuration.Dropout);
        RegisterComponents();
    }

    /// <summary>Its attention.</summary>
    public MultiHeadAttention Attention => attention;

    /// <summary>What stands around its attention.</summary>
    public Residual AttentionResidual => attention_residual;

    /// <summary>Its feed-forward network.</summary>
    public FeedForward FeedForward => feed_forward;

    /// <summary>What stands around its feed-forward network.</summary>
    public Residual FeedForwardResidual => feed_forward_residual;

    /// <summary>(B, S, d) to (B, S, d), hooks included.</summary>
    /// <param name="x">A vector for each word: (B, S, d).</param>
    /// <param name="mask">Which words each may look at; null for all. Broadcasts to (B, h, S, S).</param>
    /// <param name="positions">What positions do inside attention; null for nothing.</param>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public new Tensor call(Tensor x, AllowedMask? mask = null, AttentionPositions? positions = null) => base.call(x, mask, positions);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor x, AllowedMask? mask, AttentionPositions? positions)
    {
        using var scope = NewDisposeScope();
        var looked = attention_residual.call(x, y => attention.call(y, mask: mask, positions: positions));   // (B, S, d)
        return feed_forward_residual.call(looked, feed_forward.call).MoveToOuterDisposeScope();              // (B, S, d)
    }
}
