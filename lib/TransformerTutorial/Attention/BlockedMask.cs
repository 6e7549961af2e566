using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// Which keys are hidden from each query: true = hidden. This is the polarity of <c>attn_mask</c> and <c>key_padding_mask</c> in PyTorch's and TorchSharp's <c>MultiheadAttention</c>
/// (while <c>scaled_dot_product_attention</c> has the other). It is a form to come from and to go to; the library computes with <see cref="AllowedMask"/>.
/// </summary>
public sealed class BlockedMask
{
    internal BlockedMask(Tensor values) => Values = values;

    /// <summary>The mask as Bool, true = hidden.</summary>
    public Tensor Values { get; }

    /// <summary>The lengths of its dimensions; the last two are queries, or 1 for all of them, and keys.</summary>
    public IReadOnlyList<long> Shape => Values.shape;

    /// <summary>Takes a tensor at its word: true = this key is hidden from this query. What happens to the tensor afterwards doesn't change the mask.</summary>
    /// <param name="isHidden">Bool, (T, S) or with more dimensions in front.</param>
    /// <exception cref="ArgumentException">The tensor is not Bool, or has fewer than two dimensions.</exception>
    public static BlockedMask FromTensor(Tensor isHidden) => new(MaskChecks.CopyOfBools(isHidden, "A blocked mask", "true = hidden", nameof(isHidden)));

    /// <summary>Takes a <c>key_padding_mask</c>: true = this key of this sentence is padding, hidden from every query.</summary>
    /// <param name="isPadding">Bool, (B, S); the mask becomes (B, 1, 1, S).</param>
    /// <exception cref="ArgumentException">The tensor is not Bool, or not a matrix.</exception>
    public static BlockedMask FromKeyPaddingMask(Tensor isPadding)
    {
        ArgumentNullException.ThrowIfNull(isPadding);
        if (isPadding.ndim != 2)
        {
            throw new ArgumentException($"A key padding mask is (B, S), a row for each sentence; this tensor has shape {MaskChecks.Text(isPadding.shape)}.", nameof(isPadding));
        }

        using var scope = NewDisposeScope();
        return new(FromTensor(isPadding).Values.unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope());
    }

    /// <summary>The mask as a <c>key_padding_mask</c>, (B, S), true = padding.</summary>
    /// <exception cref="InvalidOperationException">The mask is not of the form (B, 1, 1, S), the same for every head and query.</exception>
    public Tensor ToKeyPaddingMask() => Values.shape is [var batch, 1, 1, var keys]
        ? Values.reshape(batch, keys)
        : throw new InvalidOperationException($"A key padding mask comes from a mask of shape (B, 1, 1, S); this one is {MaskChecks.Text(Values.shape)}.");

    /// <summary>The same mask as the library takes it: true = may look.</summary>
    public AllowedMask ToAllowed() => new(Values.logical_not());

    /// <summary>The same mask as numbers to add to scores: 0 where a query may look, -∞ where it may not.</summary>
    /// <param name="dtype">The scores' element type, Float32 or Float64.</param>
    /// <exception cref="ArgumentException">The type cannot hold -∞.</exception>
    public AdditiveMask ToAdditive(ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        return new(ToAllowed().ToAdditive(dtype).Values.MoveToOuterDisposeScope());
    }

    /// <summary>Its shape and polarity, for instance <c>blocked mask (4, 4), true = hidden</c>.</summary>
    public override string ToString() => $"blocked mask {MaskChecks.Text(Values.shape)}, true = hidden";
}
