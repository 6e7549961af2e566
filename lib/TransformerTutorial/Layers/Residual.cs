using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>
/// What stands around every sublayer (attention, feed-forward) of a Transformer: its output is added to its input, and one normalisation goes with it: <c>x + dropout(sublayer(norm(x)))</c> or
/// <c>norm(x + dropout(sublayer(x)))</c>. The sublayer is given to each call and is no part of it.
/// </summary>
/// <remarks>In <c>state_dict</c>: <c>norm</c>. Sources: K. He et al., "Deep Residual Learning for Image Recognition", 2015, section 3.2; A. Vaswani et al., "Attention Is All You Need", 2017, sections 3.1 and 5.4; <see cref="NormPlacement"/>.</remarks>
/// <example><c>residual.call(x, y =&gt; attention.call(y, mask: mask))</c>: (B, T, d) to (B, T, d).</example>
public sealed class Residual : nn.Module<Tensor, Func<Tensor, Tensor>, Tensor>
{
    private readonly double _dropout;

    // The field's name is the parameters' name in state_dict.
    private readonly nn.Module<Tensor, Tensor> norm;

    /// <summary>A residual connection with its normalisation.</summary>
    /// <param name="width">The width d of the vectors.</param>
    /// <param name="placement">Where it normalises.</param>
    /// <param name="kind">How it normalises.</param>
    /// <param name="dropout">The probability with which a number of the sublayer's output is taken for 0 in training.</param>
    /// <exception cref="ArgumentException">A number or name is none of those that there are; the message names it.</exception>
    public Residual(long width, NormPlacement placement = NormPlacement.Before, NormKind kind = NormKind.Layer, double dropout = 0)
        : base(nameof(Residual))
    {
        AttentionChecks.Dropout(dropout);
        if (!Enum.IsDefined(placement))
        {
            throw new ArgumentOutOfRangeException(nameof(placement), placement, "There is no such place for a normalisation.");
        }

        (Placement, _dropout) = (placement, dropout);
        norm = Norms.Create(kind, width);
        RegisterComponents();
    }

    /// <summary>Where it normalises.</summary>
    public NormPlacement Placement { get; }

    /// <summary>Its normalisation.</summary>
    public nn.Module<Tensor, Tensor> Norm => norm;

    /// <summary>(…, d) to (…, d), hooks included.</summary>
    /// <param name="x">What goes in: (…, d).</param>
    /// <param name="sublayer">From (…, d) to the same shape; it gets x, or x normalised.</param>
    /// <exception cref="ArgumentException">The sublayer changed the shape.</exception>
    public new Tensor call(Tensor x, Func<Tensor, Tensor> sublayer) => base.call(x, sublayer);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor x, Func<Tensor, Tensor> sublayer)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(sublayer);
        using var scope = NewDisposeScope();
        ActivationTrace.Add(this, "input", x);
        var read = Placement == NormPlacement.Before ? norm.call(x) : x;             // (…, d)
        ActivationTrace.Add(this, "sublayer_input", read);
        var change = sublayer(read);                                                 // (…, d)
        ActivationTrace.Add(this, "sublayer_output", change);
        if (!change.shape.SequenceEqual(x.shape))
        {
            throw new ArgumentException($"A residual connection adds a sublayer's output to its input; they have the shapes {MaskChecks.Text(change.shape)} and {MaskChecks.Text(x.shape)}.", nameof(sublayer));
        }

        var kept = training && _dropout > 0 ? nn.functional.dropout(change, _dropout) : change;
        var sum = x + kept;                                                          // (…, d)
        ActivationTrace.Add(this, "sum", sum);
        var result = Placement == NormPlacement.Before ? sum : norm.call(sum);       // (…, d)
        ActivationTrace.Add(this, "output", result);
        return result.MoveToOuterDisposeScope();
    }
}
