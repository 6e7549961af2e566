using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// A mask as numbers that are added to the scores before softmax: 0 where a query may look, -∞ where it may not (e^-∞ is exactly 0).
/// Other numbers are no mask: what makes a key less likely without hiding it is a bias (<see cref="ScaledDotProduct"/> takes one).
/// </summary>
/// <remarks>Source of the form: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.3.</remarks>
public sealed class AdditiveMask
{
    internal AdditiveMask(Tensor values) => Values = values;

    /// <summary>The mask as Float32 or Float64: 0 or -∞.</summary>
    public Tensor Values { get; }

    /// <summary>The lengths of its dimensions; the last two are queries, or 1 for all of them, and keys.</summary>
    public IReadOnlyList<long> Shape => Values.shape;

    /// <summary>Takes a tensor at its word: 0 = may look, -∞ = hidden. What happens to the tensor afterwards doesn't change the mask.</summary>
    /// <param name="zeroOrMinusInfinity">Float32 or Float64, (T, S) or with more dimensions in front.</param>
    /// <exception cref="ArgumentException">The tensor is not floating point, has fewer than two dimensions, or holds another number; the message names it.</exception>
    public static AdditiveMask FromTensor(Tensor zeroOrMinusInfinity)
    {
        ArgumentNullException.ThrowIfNull(zeroOrMinusInfinity);
        var values = zeroOrMinusInfinity;
        if (values.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            var hint = values.dtype == ScalarType.Bool ? " Bools are taken by AllowedMask.FromTensor (true = may look) and BlockedMask.FromTensor (true = hidden)." : "";
            throw new ArgumentException($"An additive mask is Float32 or Float64, 0 = may look and -∞ = hidden; this tensor is {values.dtype} of shape {MaskChecks.Text(values.shape)}.{hint}", nameof(zeroOrMinusInfinity));
        }

        MaskChecks.RequireMatrix(values, "An additive mask", nameof(zeroOrMinusInfinity));
        using var scope = NewDisposeScope();
        var isWrong = values.eq(0).logical_or(values.isneginf()).logical_not();
        if (isWrong.any().item<bool>())
        {
            var wrong = values.masked_select(isWrong)[0].to(ScalarType.Float64).item<double>();
            throw new ArgumentException(FormattableString.Invariant($"An additive mask holds 0 and -∞ only; this one holds {wrong}. A finite number hides nothing completely: give it as a bias."), nameof(zeroOrMinusInfinity));
        }

        return new(values.detach().clone().MoveToOuterDisposeScope());
    }

    /// <summary>The same mask as the library takes it: true = may look.</summary>
    public AllowedMask ToAllowed() => new(Values.eq(0));

    /// <summary>The same mask in PyTorch's polarity: true = hidden.</summary>
    public BlockedMask ToBlocked() => new(Values.isneginf());

    /// <summary>Its shape and polarity, for instance <c>additive mask (4, 4), 0 = may look, -∞ = hidden</c>.</summary>
    public override string ToString() => $"additive mask {MaskChecks.Text(Values.shape)}, 0 = may look, -∞ = hidden";
}
