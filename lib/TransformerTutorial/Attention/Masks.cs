using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>The usual masks, all of them as <see cref="AllowedMask"/> (true = may look), to be combined with <c>&amp;</c>, <c>|</c> and <c>~</c>. They are made on the processor.</summary>
public static class Masks
{
    /// <summary>Each query may look at itself and at what stands before it: (T, T), true on and below the diagonal.</summary>
    /// <param name="length">How many tokens, T.</param>
    /// <remarks>Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.3.</remarks>
    /// <example>T = 3: <c>1 0 0 / 1 1 0 / 1 1 1</c>.</example>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static AllowedMask Causal(long length) => Causal(length, length, 0);

    /// <summary>The causal mask of queries that stand somewhere after the first key: (T, S), where query i stands at the position offset + i and may look at the keys 0 … offset + i.</summary>
    /// <param name="targetLength">How many queries, T.</param>
    /// <param name="sourceLength">How many keys, S: those of earlier steps that are kept, and the queries' own.</param>
    /// <param name="offset">The position of the first query: how many keys are older; S - T where the queries are the last.</param>
    /// <example>T = 2, S = 5, offset 3: <c>1 1 1 1 0 / 1 1 1 1 1</c>.</example>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static AllowedMask Causal(long targetLength, long sourceLength, long offset) =>
        FromPositions(targetLength, sourceLength, offset, static (query, key) => key.le(query));

    /// <summary>Nobody looks at padding: (B, 1, 1, S), true for the first so many keys of each sentence.</summary>
    /// <param name="lengths">How many keys of each sentence are words. 0 hides all of them; what attention brings is then zeros (before the last projection of multi-head attention, which may add a bias).</param>
    /// <param name="sourceLength">How many keys there are with the padding, S; null for the longest sentence's.</param>
    /// <example>Lengths 3 and 1: <c>1 1 1</c> for the first sentence, <c>1 0 0</c> for the second.</example>
    /// <exception cref="ArgumentException">There is no sentence, or one is longer than S or shorter than 0; the message names it.</exception>
    public static AllowedMask Padding(IReadOnlyList<int> lengths, long? sourceLength = null)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Count == 0)
        {
            throw new ArgumentException("A padding mask needs the length of at least one sentence.", nameof(lengths));
        }

        var keys = sourceLength ?? lengths.Max();
        for (var sentence = 0; sentence < lengths.Count; sentence++)
        {
            if (lengths[sentence] < 0 || lengths[sentence] > keys)
            {
                throw new ArgumentException($"Sentence {sentence} has the length {lengths[sentence]}; it must be from 0 to S = {keys}.", nameof(lengths));
            }
        }

        using var scope = NewDisposeScope();
        var words = tensor(lengths.Select(length => (long)length).ToArray()).view(-1, 1, 1, 1);   // (B, 1, 1, 1)
        return new(arange(keys, dtype: ScalarType.Int64).lt(words).MoveToOuterDisposeScope());    // (B, 1, 1, S)
    }

    /// <summary>Nobody looks at padding, wherever it stands: (B, 1, 1, S), true for every token that is not the padding token.</summary>
    /// <param name="ids">The tokens, Int64 or Int32, (B, S).</param>
    /// <param name="paddingId">The padding token.</param>
    /// <exception cref="ArgumentException">The ids are not whole numbers, or not (B, S).</exception>
    public static AllowedMask PaddingTokens(Tensor ids, long paddingId)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.ndim != 2 || ids.dtype is not (ScalarType.Int64 or ScalarType.Int32))
        {
            throw new ArgumentException($"Token ids are Int64 or Int32, (B, S); these are {ids.dtype} of shape {MaskChecks.Text(ids.shape)}.", nameof(ids));
        }

        using var scope = NewDisposeScope();
        return new(ids.ne(paddingId).unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope());
    }

    /// <summary>Each query may look at itself and half of <paramref name="width"/> keys on each side: (T, T), true in a band around the diagonal.</summary>
    /// <param name="length">How many tokens, T.</param>
    /// <param name="width">How many keys besides its own a query in the middle sees; even.</param>
    /// <remarks>Source: I. Beltagy et al., "Longformer: The Long-Document Transformer", 2020, section 3.1. A window that looks back only is <see cref="SlidingWindow(long, long, long, long, long?)"/>, or this one <c>&amp; Causal(T)</c>.</remarks>
    /// <example>T = 4, width 2: <c>1 1 0 0 / 1 1 1 0 / 0 1 1 1 / 0 0 1 1</c>.</example>
    /// <exception cref="ArgumentException">The width is odd, so that it has no halves.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static AllowedMask SlidingWindow(long length, long width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        return width % 2 == 0
            ? SlidingWindow(length, length, width / 2, width / 2)
            : throw new ArgumentException($"A window is width / 2 keys on each side, so the width must be even; it is {width}. A window of different sides names both: SlidingWindow(T, S, before, after).", nameof(width));
    }

    /// <summary>Each query may look at itself, so many keys before it and so many after it: (T, S).</summary>
    /// <param name="targetLength">How many queries, T.</param>
    /// <param name="sourceLength">How many keys, S.</param>
    /// <param name="before">How many keys before its own a query sees.</param>
    /// <param name="after">How many keys after its own a query sees; 0 makes the window causal.</param>
    /// <param name="offset">The position of the first query: how many keys are older; S - T where the queries are the last. It may be left out where T = S, and is then 0.</param>
    /// <exception cref="ArgumentException">T and S differ, and no offset says where the queries stand.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static AllowedMask SlidingWindow(long targetLength, long sourceLength, long before, long after, long? offset = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        return offset is null && targetLength != sourceLength
            ? throw new ArgumentException($"{targetLength} queries and {sourceLength} keys: say at which position the first query stands (offset); {sourceLength - targetLength} if the queries are the last.", nameof(offset))
            : FromPositions(targetLength, sourceLength, offset ?? 0, (query, key) => key.ge(query - before).logical_and(key.le(query + after)));
    }

    /// <summary>Everybody may look at the first <paramref name="prefixLength"/> tokens, and at what stands before himself: (T, T).</summary>
    /// <param name="prefixLength">How many tokens are given and may all look at each other; 0 is the causal mask.</param>
    /// <param name="length">How many tokens, T.</param>
    /// <remarks>Source: C. Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", 2020, section 3.2.1 ("causal masking with prefix").</remarks>
    /// <example>Prefix 2, T = 4: <c>1 1 0 0 / 1 1 0 0 / 1 1 1 0 / 1 1 1 1</c>.</example>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the prefix is longer than all.</exception>
    public static AllowedMask Prefix(long prefixLength, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, length);
        return Prefix(prefixLength, length, length, 0);
    }

    /// <summary>The prefix mask of queries that stand somewhere after the first key: (T, S). Until all of the prefix is there, its queries see what there is of it.</summary>
    /// <param name="prefixLength">How many tokens are given and may all look at each other.</param>
    /// <param name="targetLength">How many queries, T.</param>
    /// <param name="sourceLength">How many keys, S: those of earlier steps that are kept, and the queries' own.</param>
    /// <param name="offset">The position of the first query: how many keys are older; S - T where the queries are the last.</param>
    /// <example>Prefix 3, T = 2, S = 5, offset 3: <c>1 1 1 1 0 / 1 1 1 1 1</c>.</example>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static AllowedMask Prefix(long prefixLength, long targetLength, long sourceLength, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        return FromPositions(targetLength, sourceLength, offset, (query, key) => key.le(query).logical_or(key.lt(prefixLength)));
    }

    // A rule about the positions of the query (T, 1) and of the key (1, S).
    private static AllowedMask FromPositions(long targetLength, long sourceLength, long offset, Func<Tensor, Tensor, Tensor> mayLook)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(targetLength);
        ArgumentOutOfRangeException.ThrowIfNegative(sourceLength);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using var scope = NewDisposeScope();
        var queries = arange(offset, offset + targetLength, dtype: ScalarType.Int64).unsqueeze(1);   // (T, 1)
        var keys = arange(sourceLength, dtype: ScalarType.Int64).unsqueeze(0);                       // (1, S)
        return new(mayLook(queries, keys).MoveToOuterDisposeScope());                                // (T, S)
    }
}
