using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>Cuts vectors into the parts that the heads get, and puts the heads' outputs side by side again.</summary>
/// <remarks>
/// A head's part is d / h neighbouring columns of every vector. So the cut is in two steps, (B, T, d) to (B, T, h, d / h) to (B, h, T, d / h): reshaping straight to the last shape would mix tokens.
/// Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.2.
/// </remarks>
public static class AttentionHeads
{
    /// <summary>(B, T, d) to (B, h, T, d / h). It is a view: nothing is copied.</summary>
    /// <param name="x">(B, T, d).</param>
    /// <param name="heads">How many heads, h.</param>
    /// <exception cref="ArgumentException">The tensor is not (B, T, d), or d is no multiple of h.</exception>
    public static Tensor Split(Tensor x, long heads)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        if (x.ndim != 3 || x.shape[2] % heads != 0)
        {
            throw new ArgumentException($"{heads} heads share vectors (B, T, d) with d a multiple of {heads}; this tensor has shape {MaskChecks.Text(x.shape)}.", nameof(x));
        }

        using var scope = NewDisposeScope();
        var parts = x.unflatten(2, heads, x.shape[2] / heads);    // (B, T, h, d / h)
        return parts.transpose(1, 2).MoveToOuterDisposeScope();   // (B, h, T, d / h)
    }

    /// <summary>(B, h, T, d / h) to (B, T, d): the heads' vectors side by side, head 0 first.</summary>
    /// <param name="x">(B, h, T, d / h).</param>
    /// <exception cref="ArgumentException">The tensor has not four dimensions.</exception>
    public static Tensor Join(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.ndim != 4)
        {
            throw new ArgumentException($"The outputs of heads are (B, h, T, d / h); this tensor has shape {MaskChecks.Text(x.shape)}.", nameof(x));
        }

        using var scope = NewDisposeScope();
        var parts = x.transpose(1, 2);                                                                 // (B, T, h, d / h)
        return parts.reshape(parts.shape[0], parts.shape[1], parts.shape[2] * parts.shape[3]).MoveToOuterDisposeScope(); // (B, T, d)
    }

    /// <summary>Lets groups of query heads share the keys or values of one head: (B, h / g, S, d_k) to (B, h, S, d_k), each head g times in a row.</summary>
    /// <param name="x">(B, h / g, S, d_k).</param>
    /// <param name="groupSize">How many query heads share a head, g.</param>
    internal static Tensor Repeat(Tensor x, long groupSize)
    {
        if (groupSize == 1)
        {
            return x.alias();
        }

        using var scope = NewDisposeScope();
        var (batch, heads, keys, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var repeated = x.unsqueeze(2).expand(batch, heads, groupSize, keys, width);                    // (B, h / g, g, S, d_k)
        return repeated.reshape(batch, heads * groupSize, keys, width).MoveToOuterDisposeScope();      // (B, h, S, d_k)
    }
}
