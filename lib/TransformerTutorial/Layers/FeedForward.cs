using TorchSharp.Modules;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>
/// The feed-forward network of a Transformer's layer: every vector by itself is mapped to a wider one, bent, and mapped back: <c>down(relu(up(x)))</c>. It is the same for all positions and mixes none of them.
/// </summary>
/// <remarks>
/// <para>It has no residual connection and no normalisation; those are a <see cref="Residual"/>'s.</para>
/// <para>In <c>state_dict</c>: <c>up</c> and <c>down</c>, with SwiGLU also <c>gate</c>. Weights begin uniform (X. Glorot and Y. Bengio 2010, equation 16), which keeps the variance of what passes through
/// about as it is, forwards and backwards; biases begin with 0.</para>
/// <para>Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.3, equation 2; others: <see cref="FeedForwardActivation"/>.</para>
/// </remarks>
/// <example><c>new FeedForward(new(Width: 64, HiddenWidth: 256)).call(x)</c>: (B, T, 64) to (B, T, 64), with 64 · 256 · 2 + 256 + 64 = 33,088 parameters.</example>
public sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    // The fields' names are the parameters' names in state_dict. The gate is null but for SwiGLU.
    private readonly Linear up;
    private readonly Linear down;
    private readonly Linear? gate;

    /// <summary>The paper's: ReLU between two maps with biases.</summary>
    /// <param name="width">The width d of what goes in and comes out.</param>
    /// <param name="hiddenWidth">The width between the maps.</param>
    public FeedForward(long width, long hiddenWidth)
        : this(new FeedForwardOptions(width, hiddenWidth))
    {
    }

    /// <summary>A network with these options.</summary>
    /// <exception cref="ArgumentException">The options don't fit each other; the message names them.</exception>
    public FeedForward(FeedForwardOptions options)
        : base(nameof(FeedForward))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        up = nn.Linear(options.Width, options.HiddenWidth, options.HasBias);
        down = nn.Linear(options.HiddenWidth, options.Width, options.HasBias);
        gate = options.Activation == FeedForwardActivation.SwiGlu ? nn.Linear(options.Width, options.HiddenWidth, options.HasBias) : null;
        RegisterComponents();
        Linear[] maps = gate is null ? [up, down] : [up, down, gate];
        foreach (var map in maps)
        {
            Initialization.Xavier(map);
        }
    }

    /// <summary>What it is made of.</summary>
    public FeedForwardOptions Options { get; }

    /// <summary>The map to the hidden width.</summary>
    public Linear Up => up;

    /// <summary>The map back.</summary>
    public Linear Down => down;

    /// <summary>The map whose bent output multiplies that of <see cref="Up"/>; null but for SwiGLU.</summary>
    public Linear? Gate => gate;

    /// <summary>(…, d) to (…, d).</summary>
    /// <exception cref="ArgumentException">The last dimension has another length, or the type is another than the weights'.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim == 0 || input.shape[^1] != Options.Width)
        {
            throw new ArgumentException($"A feed-forward network of width {Options.Width} takes (…, {Options.Width}); this tensor has shape {MaskChecks.Text(input.shape)}.", nameof(input));
        }

        AttentionChecks.SameType("the input", input, up.weight!);
        using var scope = NewDisposeScope();
        var wide = up.call(input);                                                                 // (…, hidden)
        var hidden = Options.Activation switch
        {
            FeedForwardActivation.Relu => wide.relu(),
            FeedForwardActivation.Gelu => wide.gelu(),
            _ => gate!.call(input).silu() * wide,
        };                                                                                         // (…, hidden)
        ActivationTrace.Add(this, "hidden", hidden);
        var kept = training && Options.Dropout > 0 ? nn.functional.dropout(hidden, Options.Dropout) : hidden;
        return down.call(kept).MoveToOuterDisposeScope();                                          // (…, d)
    }
}
