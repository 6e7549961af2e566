using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// Which keys each query may look at: true = may look. This is the form that the library's attention takes; <see cref="Masks"/> makes the usual ones.
/// PyTorch's masks say the opposite (<see cref="BlockedMask"/>) or are numbers (<see cref="AdditiveMask"/>); nothing converts silently from one to another.
/// </summary>
/// <remarks>
/// Its last two dimensions are queries and keys; it is laid over scores (B, h, T, S) by broadcasting, so (T, S) holds for every sentence and head, and (B, 1, 1, S) for every head and query of a sentence.
/// Like any tensor, a mask that is made inside a dispose scope lives as long as the scope: make one that is to be kept outside. Attention and its masks and positions work on the processor.
/// Over such scores a mask of three dimensions is refused, since its first could mean sentences or heads; and a mask must know each key: its last dimension is never stretched.
/// </remarks>
/// <example>
/// <code>
/// var mask = Masks.Causal(4) &amp; Masks.Padding([4, 2], 4);   // (2, 1, 4, 4): nobody looks ahead, nobody looks at padding
/// </code>
/// </example>
public sealed class AllowedMask
{
    internal AllowedMask(Tensor values) => Values = values;

    /// <summary>The mask as Bool, true = may look.</summary>
    public Tensor Values { get; }

    /// <summary>The lengths of its dimensions; the last two are queries, or 1 for all of them, and keys.</summary>
    public IReadOnlyList<long> Shape => Values.shape;

    /// <summary>Takes a tensor at its word: true = this query may look at this key. What happens to the tensor afterwards doesn't change the mask.</summary>
    /// <param name="mayLook">Bool, (T, S) or with more dimensions in front. One that says of each sentence which keys are words, (B, S), is taken by <see cref="FromKeys"/>: here it would pass for (T, S) whenever B = T.</param>
    /// <exception cref="ArgumentException">The tensor is not Bool, or has fewer than two dimensions.</exception>
    public static AllowedMask FromTensor(Tensor mayLook) => new(MaskChecks.CopyOfBools(mayLook, "An allowed mask", "true = may look", nameof(mayLook)));

    /// <summary>Takes a row for each sentence: true = every query may look at this key of this sentence (it is a word), false = none may (it is padding).</summary>
    /// <param name="isWord">Bool, (B, S); the mask becomes (B, 1, 1, S).</param>
    /// <exception cref="ArgumentException">The tensor is not Bool, or not a matrix.</exception>
    public static AllowedMask FromKeys(Tensor isWord)
    {
        ArgumentNullException.ThrowIfNull(isWord);
        if (isWord.ndim != 2)
        {
            throw new ArgumentException($"A mask of keys is (B, S), a row for each sentence; this tensor has shape {MaskChecks.Text(isWord.shape)}.", nameof(isWord));
        }

        using var scope = NewDisposeScope();
        return new(FromTensor(isWord).Values.unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope());
    }

    /// <summary>The same mask in PyTorch's polarity: true = hidden.</summary>
    public BlockedMask ToBlocked() => new(Values.logical_not());

    /// <summary>The same mask as numbers to add to scores: 0 where a query may look, -∞ where it may not.</summary>
    /// <param name="dtype">The scores' element type, Float32 or Float64.</param>
    /// <exception cref="ArgumentException">The type cannot hold -∞.</exception>
    public AdditiveMask ToAdditive(ScalarType dtype = ScalarType.Float32)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"An additive mask is Float32 or Float64, like the scores; {dtype} has no -∞.", nameof(dtype));
        }

        using var scope = NewDisposeScope();
        return new(zeros(Values.shape, dtype).masked_fill(Values.logical_not(), double.NegativeInfinity).MoveToOuterDisposeScope());
    }

    /// <summary>May look where both masks allow it. Shapes broadcast, but for the keys.</summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast, or the masks know different numbers of keys.</exception>
    public AllowedMask And(AllowedMask other) => Combine(other, "and", static (left, right) => left.logical_and(right));

    /// <summary>May look where one of the masks allows it. Shapes broadcast, but for the keys.</summary>
    /// <exception cref="ArgumentException">The shapes don't broadcast, or the masks know different numbers of keys.</exception>
    public AllowedMask Or(AllowedMask other) => Combine(other, "or", static (left, right) => left.logical_or(right));

    /// <summary>May look where this mask does not allow it: still an allowed mask, with another meaning. The same mask in the other polarity is <see cref="ToBlocked"/>.</summary>
    public AllowedMask Not() => new(Values.logical_not());

    /// <inheritdoc cref="And"/>
    public static AllowedMask operator &(AllowedMask left, AllowedMask right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.And(right);
    }

    /// <inheritdoc cref="Or"/>
    public static AllowedMask operator |(AllowedMask left, AllowedMask right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left.Or(right);
    }

    /// <inheritdoc cref="Not"/>
    public static AllowedMask operator ~(AllowedMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return mask.Not();
    }

    /// <summary>Its shape and polarity, for instance <c>allowed mask (4, 4), true = may look</c>.</summary>
    public override string ToString() => $"allowed mask {MaskChecks.Text(Values.shape)}, true = may look";

    /// <summary>Refuses scores that the mask cannot be laid over.</summary>
    internal void RequireFits(long[] scores, string argument) => MaskChecks.RequireMaskFits(Values.shape, scores, argument);

    private AllowedMask Combine(AllowedMask other, string word, Func<Tensor, Tensor, Tensor> operation)
    {
        ArgumentNullException.ThrowIfNull(other);
        return MaskChecks.Broadcast(Values.shape, other.Values.shape) && Values.shape[^1] == other.Values.shape[^1]
            ? new(operation(Values, other.Values))
            : throw new ArgumentException($"A mask of shape {MaskChecks.Text(Values.shape)} {word} one of shape {MaskChecks.Text(other.Values.shape)} have no common shape: both must know the same keys, and from the right the other lengths must be equal or 1.", nameof(other));
    }
}
