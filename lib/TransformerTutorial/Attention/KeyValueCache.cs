using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// The keys and values of one attention that were computed in earlier steps. A causal model that produces a sequence token by token needs each token's key and value in all later steps,
/// and they never change; with a cache each step computes them for the new token only.
/// </summary>
/// <remarks>
/// <para>One cache belongs to one attention and one batch of sequences; another attention is refused. <c>new KeyValueCache()</c> is for self-attention and grows with every step; <see cref="ForMemory"/> is for cross-attention,
/// takes the memory's keys and values in the first step and is only read afterwards. Which of the two it is has to be said, since a step's query and memory may be two tensors with the same numbers.</para>
/// <para>Appending copies what is there, so n steps copy of the order of n² numbers: fine for sentences. Outside <c>no_grad</c> the keys and values keep the graph of all steps alive, so that a loss over steps has gradients.</para>
/// </remarks>
public sealed class KeyValueCache : IDisposable
{
    // The attention whose keys these are; null while there are none, or they were appended by hand.
    private nn.Module? _owner;

    /// <summary>A cache for cross-attention: it takes the keys and values of a memory once.</summary>
    public static KeyValueCache ForMemory() => new() { IsForMemory = true };

    /// <summary>Whether it keeps the keys of a memory, for cross-attention; otherwise it grows with self-attention.</summary>
    public bool IsForMemory { get; private init; }

    /// <summary>The keys: (B, h, S, d_k), with as many heads as the attention has for keys. Null while there are none. Valid until the cache changes.</summary>
    public Tensor? Keys { get; private set; }

    /// <summary>The values: (B, h, S, d_v). Null while there are none. Valid until the cache changes.</summary>
    public Tensor? Values { get; private set; }

    /// <summary>How many keys there are, S: the position of the next one.</summary>
    public long Length => Keys?.shape[2] ?? 0;

    /// <summary>Appends the keys and values of new tokens; what happens to these tensors afterwards doesn't change the cache.</summary>
    /// <param name="keys">(B, h, n, d_k).</param>
    /// <param name="values">(B, h, n, d_v).</param>
    /// <exception cref="ArgumentException">Batch, heads, width or type are others than those of what is there; the message names both.</exception>
    /// <exception cref="InvalidOperationException">The cache is for a memory and holds one.</exception>
    public void Append(Tensor keys, Tensor values)
    {
        var (allKeys, allValues) = With(keys, values);
        Replace(allKeys, allValues);
    }

    /// <summary>What the cache would hold with these keys and values behind its own. It holds them only after <see cref="Keep"/>, so that a step that fails leaves it as it was.</summary>
    internal (Tensor Keys, Tensor Values) With(Tensor keys, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (keys.ndim != 4 || values.ndim != 4 || !keys.shape.AsSpan(0, 3).SequenceEqual(values.shape.AsSpan(0, 3)))
        {
            throw new ArgumentException($"A cache takes keys (B, h, n, d_k) and values (B, h, n, d_v); these are {MaskChecks.Text(keys.shape)} and {MaskChecks.Text(values.shape)}.", nameof(keys));
        }

        RequireContinues(nameof(keys), Keys, keys);
        RequireContinues(nameof(values), Values, values);
        if (IsForMemory && Keys is not null)
        {
            throw new InvalidOperationException($"The cache holds the keys of a memory of {Length} vectors, and a memory is taken once. Another memory needs another cache.");
        }

        return Keys is null ? (keys.clone(), values.clone()) : (cat([Keys, keys], 2), cat([Values!, values], 2));
    }

    /// <summary>Takes the keys and values of a step of an attention, with those of the steps before it.</summary>
    internal void Keep(nn.Module owner, Tensor keys, Tensor values)
    {
        Replace(keys, values);
        _owner = owner;
    }

    /// <summary>Refuses a cache that is of no use to this attention: of another one, of the other kind, or of another batch.</summary>
    internal void RequireUsable(nn.Module attention, bool isSelf, Tensor query, Tensor memory)
    {
        if (isSelf == IsForMemory)
        {
            throw new ArgumentException(isSelf
                ? "The cache is for the keys of a memory, but there is no memory: self-attention takes new KeyValueCache()."
                : "The cache grows with self-attention, but query and memory are two tensors. For self-attention leave memory out; for cross-attention take KeyValueCache.ForMemory().");
        }

        if (Keys is null)
        {
            return;
        }

        if (_owner is not null && !ReferenceEquals(_owner, attention))
        {
            throw new ArgumentException("The cache holds the keys of another attention. Each attention needs a cache of its own.");
        }

        if (Keys.shape[0] != query.shape[0] || Keys.dtype != query.dtype)
        {
            throw new ArgumentException($"The cache holds keys of shape {MaskChecks.Text(Keys.shape)}, {Keys.dtype}, the queries are {MaskChecks.Text(query.shape)}, {query.dtype}: another batch or type. A new batch needs a new cache.");
        }

        if (!isSelf && Length != memory.shape[1])
        {
            throw new ArgumentException($"The cache holds the keys of a memory of {Length} vectors; this one has {memory.shape[1]}. Another memory needs another cache.");
        }
    }

    /// <summary>Takes the sequences of the batch in another order, some more than once, others not at all: what beam search does when it goes on with the best ones.</summary>
    /// <param name="sequences">Which sequence each place gets, Int64: (B').</param>
    /// <exception cref="ArgumentException">It is no vector of Int64, or names a sequence that is not there.</exception>
    public void Reorder(Tensor sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (Keys is null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        if (sequences.ndim != 1 || sequences.dtype != ScalarType.Int64 || sequences.lt(0).logical_or(sequences.ge(Keys.shape[0])).any().item<bool>())
        {
            throw new ArgumentException($"The cache takes sequences in an order of Int64, (B'), from 0 to {Keys.shape[0] - 1}; this is {sequences.dtype} of shape {MaskChecks.Text(sequences.shape)}{(sequences.numel() > 0 ? $" from {sequences.min().to(ScalarType.Int64).item<long>()} to {sequences.max().to(ScalarType.Int64).item<long>()}" : "")}.", nameof(sequences));
        }

        Replace(Keys.index_select(0, sequences), Values!.index_select(0, sequences));
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
        _owner = keys is null ? null : _owner;
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
