using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>
/// One layer of a Transformer's decoder: every word looks at those before it, then at the encoder's output (the memory), then each is thought over by itself: self-attention, cross-attention and a feed-forward network, each inside a
/// <see cref="Residual"/>.
/// </summary>
/// <remarks>
/// In <c>state_dict</c>: <c>self_attention</c>, <c>cross_attention</c>, <c>feed_forward</c>, each with its <c>_residual</c>. It has no mask of its own: a causal one is given. Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.1.
/// </remarks>
public sealed class DecoderLayer : nn.Module<Tensor, Tensor, AllowedMask?, AllowedMask?, AttentionPositions?, DecoderLayerCache?, Tensor>
{
    // The fields' names are the parameters' names in state_dict.
    private readonly MultiHeadAttention self_attention;
    private readonly Residual self_attention_residual;
    private readonly MultiHeadAttention cross_attention;
    private readonly Residual cross_attention_residual;
    private readonly FeedForward feed_forward;
    private readonly Residual feed_forward_residual;

    /// <summary>A layer of a configuration's sizes.</summary>
    /// <exception cref="ArgumentException">The configuration cannot be built; the message says why.</exception>
    public DecoderLayer(TransformerConfiguration configuration)
        : base(nameof(DecoderLayer))
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Validate();
        self_attention = new(configuration.Attention(isSelf: true));
        self_attention_residual = new(configuration.Width, configuration.Placement, configuration.Norm, configuration.Dropout);
        cross_attention = new(configuration.Attention(isSelf: false));
        cross_attention_residual = new(configuration.Width, configuration.Placement, configuration.Norm, configuration.Dropout);
        feed_forward = new(configuration.FeedForward());
        feed_forward_residual = new(configuration.Width, configuration.Placement, configuration.Norm, configuration.Dropout);
        RegisterComponents();
    }

    /// <summary>The attention to the words before.</summary>
    public MultiHeadAttention SelfAttention => self_attention;

    /// <summary>What stands around the attention to the words before.</summary>
    public Residual SelfAttentionResidual => self_attention_residual;

    /// <summary>The attention to the memory.</summary>
    public MultiHeadAttention CrossAttention => cross_attention;

    /// <summary>What stands around the attention to the memory.</summary>
    public Residual CrossAttentionResidual => cross_attention_residual;

    /// <summary>Its feed-forward network.</summary>
    public FeedForward FeedForward => feed_forward;

    /// <summary>What stands around its feed-forward network.</summary>
    public Residual FeedForwardResidual => feed_forward_residual;

    /// <summary>(B, T, d) to (B, T, d), hooks included.</summary>
    /// <param name="x">A vector for each word: (B, T, d).</param>
    /// <param name="memory">The encoder's output: (B, S, d).</param>
    /// <param name="mask">Which words each may look at; null for all. Broadcasts to (B, h, T, T), or (B, h, T, T with those of earlier steps).</param>
    /// <param name="memoryMask">Which of the memory's vectors each may look at; null for all. Broadcasts to (B, h, T, S).</param>
    /// <param name="positions">What positions do inside self-attention; null for nothing.</param>
    /// <param name="cache">Keys and values of earlier steps, or null.</param>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public new Tensor call(Tensor x, Tensor memory, AllowedMask? mask = null, AllowedMask? memoryMask = null, AttentionPositions? positions = null, DecoderLayerCache? cache = null) =>
        base.call(x, memory, mask, memoryMask, positions, cache);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor x, Tensor memory, AllowedMask? mask, AllowedMask? memoryMask, AttentionPositions? positions, DecoderLayerCache? cache)
    {
        ArgumentNullException.ThrowIfNull(memory);
        using var scope = NewDisposeScope();
        var looked = self_attention_residual.call(x, y => self_attention.call(y, mask: mask, positions: positions, cache: cache?.Self));      // (B, T, d)
        var asked = cross_attention_residual.call(looked, y => cross_attention.call(y, memory, memoryMask, cache: cache?.Memory));           // (B, T, d)
        return feed_forward_residual.call(asked, feed_forward.call).MoveToOuterDisposeScope();                                               // (B, T, d)
    }
}
