using System.Numerics;

namespace TransformerTutorial.Positions;

/// <summary>
/// T5's buckets of distances. Half of the buckets are for one distance each, 0, 1, 2, …; the others share the distances up to a maximum, in ranges that grow in proportion to their distance; the last takes all that is farther.
/// </summary>
/// <remarks>
/// <para>A bidirectional model keeps a half of the buckets for keys before the query (and the query itself), the other half for those after it. A causal model uses all of them for keys before, and gives keys after the query,
/// which it hides anyway, the bucket of distance 0.</para>
/// <para>The bucket of a distance n is e + ⌊(b - e) log(n / e) / log(m / e)⌋ for n ≥ e, with b buckets a side, e = ⌊b / 2⌋ of them exact, and m the maximum distance. Here it is found by comparing whole numbers, n^(b-e) with powers of m and e,
/// so that no rounding of a logarithm can move a boundary.</para>
/// <para>Source: C. Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", 2020, section 2.1, and the code published with it.</para>
/// </remarks>
/// <example>With 32 buckets up to distance 128 in both directions, keys at -3, -2, -1, 0, 1, 2 from the query are in the buckets 3, 2, 1, 0, 17, 18; those at -8 … -11 share bucket 8, those from -91 on bucket 15.</example>
public sealed class T5Buckets
{
    private readonly long[] _first;

    /// <summary>Buckets for a kind of model.</summary>
    /// <param name="isBidirectional">Whether keys after the query have buckets of their own: true for encoders, false for decoders.</param>
    /// <param name="count">How many buckets there are; even if the model is bidirectional.</param>
    /// <param name="maximumDistance">From which distance on at the latest all share the last bucket.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 buckets for a direction, their number is odd although there are two directions, or the maximum distance is not beyond the exact buckets.</exception>
    public T5Buckets(bool isBidirectional, int count = 32, long maximumDistance = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, isBidirectional ? 4 : 2);
        if (isBidirectional && count % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "Two directions share the buckets, so their number must be even.");
        }

        var side = isBidirectional ? count / 2 : count;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maximumDistance, side / 2);
        (IsBidirectional, Count, MaximumDistance) = (isBidirectional, count, maximumDistance);
        _first = FirstOfEach(side, maximumDistance);
    }

    /// <summary>Whether keys after the query have buckets of their own.</summary>
    public bool IsBidirectional { get; }

    /// <summary>How many buckets there are.</summary>
    public int Count { get; }

    /// <summary>From which distance on at the latest all share the last bucket.</summary>
    public long MaximumDistance { get; }

    /// <summary>The least distance in each bucket for keys before the query: bucket b has the distances from the b-th to just before the next (none where they are equal), the last all from there on.</summary>
    public IReadOnlyList<long> FirstDistances => _first;

    /// <summary>The bucket of a key that stands so far after the query (negative: before it).</summary>
    /// <param name="keyMinusQuery">The key's position minus the query's.</param>
    public int Of(long keyMinusQuery)
    {
        if (keyMinusQuery > 0)
        {
            return IsBidirectional ? _first.Length + OfDistance(keyMinusQuery) : 0;
        }

        return OfDistance(keyMinusQuery == long.MinValue ? long.MaxValue : -keyMinusQuery);
    }

    // The last bucket that begins at the distance or before it.
    private int OfDistance(long distance)
    {
        var bucket = _first.Length - 1;
        while (_first[bucket] > distance)
        {
            bucket--;
        }

        return bucket;
    }

    private static long[] FirstOfEach(int side, long maximumDistance)
    {
        var first = new long[side];
        var exact = side / 2;
        var ranges = side - exact;
        for (var bucket = 0; bucket < side; bucket++)
        {
            if (bucket <= exact)
            {
                first[bucket] = bucket;
                continue;
            }

            // (distance / exact)^ranges >= (maximum / exact)^step, with both sides multiplied by exact^(ranges + step).
            var step = bucket - exact;
            var boundary = BigInteger.Pow(maximumDistance, step) * BigInteger.Pow(exact, ranges);
            var (below, found) = (first[bucket - 1] - 1, maximumDistance);      // the maximum itself is beyond the boundary, since step < ranges
            while (found - below > 1)
            {
                var middle = below + ((found - below) / 2);
                (below, found) = BigInteger.Pow(middle, ranges) * BigInteger.Pow(exact, step) < boundary ? (middle, found) : (below, middle);
            }

            first[bucket] = found;
        }

        return first;
    }
}
