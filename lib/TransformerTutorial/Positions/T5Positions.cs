using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// T5's relative positions: each head learns one number for each bucket of distances, and adds it to the score of every query and key that are so far apart.
/// </summary>
/// <remarks>
/// <para>It is added to the scores, has the parameter <c>relative_attention_bias.weight</c> (buckets, h), and is defined for any length: what is farther than the maximum distance is all one. T5 itself shares one table among all layers of a
/// stack, and does not scale its scores.</para>
/// <para>The table begins with zeros: at first no distance is preferred.</para>
/// <para>Source: C. Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", 2020, section 2.1.</para>
/// </remarks>
/// <example>With 8 heads and 32 buckets there are 256 numbers; the words at distances 8, 9, 10 and 11 before the query get the same one from a head.</example>
public sealed class T5Positions : nn.Module, IScoreBias
{
    [ComponentName(Name = "relative_attention_bias")]
    private readonly Embedding _bias;

    /// <summary>A number for each bucket and head.</summary>
    /// <param name="heads">How many heads, h.</param>
    /// <param name="buckets">Which distances share a number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no head.</exception>
    public T5Positions(long heads, T5Buckets buckets)
        : base(nameof(T5Positions))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        ArgumentNullException.ThrowIfNull(buckets);
        (Heads, Buckets) = (heads, buckets);
        _bias = nn.Embedding(buckets.Count, heads);
        nn.init.zeros_(_bias.weight!);
        RegisterComponents();
    }

    /// <summary>How many heads there are, h.</summary>
    public long Heads { get; }

    /// <summary>Which distances share a number.</summary>
    public T5Buckets Buckets { get; }

    /// <inheritdoc/>
    public Tensor Bias(long targetLength, long sourceLength, long offset = 0)
    {
        PositionChecks.Lengths(targetLength, sourceLength, offset);
        using var scope = NewDisposeScope();
        var buckets = new long[targetLength + sourceLength - 1];           // of the distances from the last query's first key up
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = Buckets.Of(i - (offset + targetLength - 1));
        }

        var columns = Distances.Between(targetLength, sourceLength, offset) + (offset + targetLength - 1);   // (T, S)
        return _bias.call(tensor(buckets).index_select(0, columns.flatten()).unflatten(0, targetLength, sourceLength))   // (T, S, h)
            .permute(2, 0, 1)                                                                                            // (h, T, S)
            .MoveToOuterDisposeScope();
    }
}
