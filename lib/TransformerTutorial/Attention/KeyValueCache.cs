using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// The keys and values of one attention that were computed in earlier steps. A causal model that produces a sequence token by token needs each token's key and value in all later steps,
/// and they never change; with a cache each step computes them for the new token only.
/// </summary>
/// <remarks>
/// One cache belongs to one attention and one batch of sequences. In self-attention it grows with every step; in cross-attention it takes the memory's keys and values in the first step and is only read afterwards.
/// Appending copies what is there, so n steps copy of the order of n² numbers: fine for sentences.
/// </remarks>
public sealed class KeyValueCache : IDisposable
{
    /// <summary>The keys: (B, h, S, d_k), with as many heads as the attention has for keys. Null while there are none. Valid until the cache changes.</summary>
    public Tensor? Keys { get; private set; }

    /// <summary>The values: (B, h, S, d_v). Null while there are none. Valid until the cache changes.</summary>
    public Tensor? Values { get; private set; }

    /// <summary>How many keys there are, S: the position of the next one.</summary>
    public long Length => Keys?.shape[2] ?? 0;

    /// <summary>Appends the keys and values of new tokens.</summary>
    /// <param name="keys">(B, h, n, d_k).</param>
    /// <param name="values">(B, h, n, d_v).</param>
    /// <exception cref="ArgumentException">Batch, heads, width or type are others than those of what is there; the message names both.</exception>
    public void Append(Tensor keys, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (keys.ndim != 4 || values.ndim != 4 || !keys.shape.AsSpan(0, 3).SequenceEqual(values.shape.AsSpan(0, 3)))
        {
            throw new ArgumentException($"A cache takes keys (B, h, n, d_k) and values (B, h, n, d_v); these are {MaskChecks.Text(keys.shape)} and {MaskChecks.Text(values.shape)}.", nameof(keys));
        }

        RequireContinues(nameof(keys), Keys, keys);
        RequireContinues(nameof(values), Values, values);
        Replace(Keys is null ? keys.alias() : cat([Keys, keys], 2), Values is null ? values.alias() : cat([Values, values], 2));
    }

    /// <summary>Takes the sequences of the batch in another order, some more than once, others not at all: what beam search does when it goes on with the best ones.</summary>
    /// <param name="sequences">Which sequence each place gets, Int64: (B').</param>
    public void Reorder(Tensor sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (Keys is not null)
        {
            Replace(Keys.index_select(0, sequences), Values!.index_select(0, sequences));
        }
    }

    /// <summary>Forgets all but the first so many keys and values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or there are fewer.</exception>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        if (length == 0)
        {
            Dispose();
        }
        else if (length < Length)
        {
            Replace(Keys!.narrow(2, 0, length), Values!.narrow(2, 0, length));
        }
    }

    /// <summary>Forgets everything. The cache can be used again.</summary>
    public void Dispose() => Replace(null, null);

    private void Replace(Tensor? keys, Tensor? values)
    {
        Keys?.Dispose();
        Values?.Dispose();
        (Keys, Values) = (keys?.DetachFromDisposeScope(), values?.DetachFromDisposeScope());
    }

    private static void RequireContinues(string what, Tensor? present, Tensor added)
    {
        if (present is not null && (present.dtype != added.dtype || present.shape[0] != added.shape[0] || present.shape[1] != added.shape[1] || present.shape[3] != added.shape[3]))
        {
            throw new ArgumentException(
                $"The cache holds {what} of shape {MaskChecks.Text(present.shape)}, {present.dtype}; the new ones, {MaskChecks.Text(added.shape)}, {added.dtype}, may differ in the third dimension only. A new batch needs a new cache.", what);
        }
    }
}
