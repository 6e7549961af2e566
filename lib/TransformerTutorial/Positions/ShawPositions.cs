using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Relative position representations: a learned vector for each distance from -k to k is added to the keys, and another to the values, as each query sees them. Distances beyond k count as k.
/// <c>score = q · (key + a(j - i)) / √d_k</c>, <c>output = Σ weight (value + b(j - i))</c>
/// </summary>
/// <remarks>
/// <para>The part for keys is added to the scores and changes with the query (<see cref="Bias"/>); the part for values is added to attention's output (<see cref="ValueTerm"/>). All heads share the vectors. Parameters: <c>key_vectors</c> (2k + 1, d_k) and,
/// unless left out, <c>value_vectors</c> (2k + 1, d_v), in which row k is distance 0; both begin as Glorot's uniform numbers. It is defined for any length.</para>
/// <para>Into multi-head attention both enter by their own place: <c>new AttentionPositions { ContentBias = shaw.Bias, ValueTerm = shaw.ValueTerm }</c>. Where the part for values is not given, make none (value width 0): its vectors would never learn.</para>
/// <para>Neither part makes a tensor of (T, S, d_k): queries are multiplied by the 2k + 1 vectors and the products put where their distance occurs; weights are added up by distance and then multiplied.</para>
/// <para>Source: P. Shaw, J. Uszkoreit and A. Vaswani, "Self-Attention with Relative Position Representations", 2018, sections 3.1 to 3.3.</para>
/// </remarks>
/// <example>With k = 2 the keys at distances -5, -2, -1, 0, 1, 2, 9 use the rows 0, 0, 1, 2, 3, 4, 4.</example>
public sealed class ShawPositions : nn.Module, IContentBias
{
    private const string Owner = "Shaw's positions";

    [ComponentName(Name = "key_vectors")]
    private readonly Parameter _keyVectors;

    [ComponentName(Name = "value_vectors")]
    private readonly Parameter? _valueVectors;

    /// <summary>Vectors for the distances of one layer.</summary>
    /// <param name="headWidth">The length d_k of one head's queries and keys.</param>
    /// <param name="maximumDistance">The distance k beyond which all count the same.</param>
    /// <param name="valueWidth">The length d_v of one head's values; null for d_k, 0 for no part for values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive, or another number is negative.</exception>
    public ShawPositions(long headWidth, long maximumDistance, long? valueWidth = null)
        : base(nameof(ShawPositions))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headWidth);
        ArgumentOutOfRangeException.ThrowIfNegative(maximumDistance);
        ArgumentOutOfRangeException.ThrowIfNegative(valueWidth ?? 0, nameof(valueWidth));
        (HeadWidth, MaximumDistance, ValueWidth) = (headWidth, maximumDistance, valueWidth ?? headWidth);
        _keyVectors = Table(headWidth);
        _valueVectors = ValueWidth > 0 ? Table(ValueWidth) : null;
        RegisterComponents();
    }

    /// <summary>The length d_k of one head's queries and keys.</summary>
    public long HeadWidth { get; }

    /// <summary>The length d_v of one head's values, or 0 if there is no part for values.</summary>
    public long ValueWidth { get; }

    /// <summary>The distance k beyond which all count the same.</summary>
    public long MaximumDistance { get; }

    /// <summary>The part for keys, the product of each query with its keys' distance vectors times the scale: (B, h, T, S).</summary>
    /// <inheritdoc/>
    public Tensor Bias(Tensor query, Tensor key, long offset = 0, double? scale = null)
    {
        PositionChecks.QueryAndKey(query, key, null, HeadWidth, offset, Owner);
        PositionChecks.SameType(query, _keyVectors, Owner, nameof(query));
        using var scope = NewDisposeScope();
        var products = query.matmul(_keyVectors.t());                                          // (B, h, T, 2k + 1)
        var rows = Rows(query.shape[2], key.shape[2], offset)                                  // (T, S)
            .expand(query.shape[0], query.shape[1], query.shape[2], key.shape[2]);             // (B, h, T, S)
        return (products.gather(-1, rows) * (scale ?? 1 / Math.Sqrt(HeadWidth))).MoveToOuterDisposeScope();
    }

    /// <summary>The part for values, to be added to attention's output: the distance vectors in the mean that the weights make. (B, h, T, S) to (B, h, T, d_v).</summary>
    /// <param name="weights">Attention's weights: (B, h, T, S).</param>
    /// <param name="offset">The position of the first query.</param>
    /// <exception cref="InvalidOperationException">There is no part for values.</exception>
    /// <exception cref="ArgumentException">The weights have another number of dimensions, or another type than these positions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    public Tensor ValueTerm(Tensor weights, long offset = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (_valueVectors is null)
        {
            throw new InvalidOperationException("These positions were made without a part for values.");
        }

        if (weights.ndim != 4)
        {
            throw new ArgumentException($"{Owner} need weights of shape (B, h, T, S), not {MaskChecks.Text(weights.shape)}.", nameof(weights));
        }

        PositionChecks.SameType(weights, _valueVectors, Owner, nameof(weights));

        using var scope = NewDisposeScope();
        var (targetLength, sourceLength) = (weights.shape[2], weights.shape[3]);
        var rows = Rows(targetLength, sourceLength, offset).expand(weights.shape);             // (T, S) to (B, h, T, S)
        var byDistance = zeros([weights.shape[0], weights.shape[1], targetLength, (2 * MaximumDistance) + 1], weights.dtype)
            .scatter_add(-1, rows, weights);                                                   // (B, h, T, 2k + 1)
        return byDistance.matmul(_valueVectors).MoveToOuterDisposeScope();                     // (B, h, T, d_v)
    }

    // Which row of the tables a query and a key use: (T, S).
    private Tensor Rows(long targetLength, long sourceLength, long offset) =>
        Distances.Between(targetLength, sourceLength, offset).clamp((Scalar)(-MaximumDistance), (Scalar)MaximumDistance) + MaximumDistance;

    private Parameter Table(long width)
    {
        var table = new Parameter(empty((2 * MaximumDistance) + 1, width));
        nn.init.xavier_uniform_(table);
        return table;
    }
}
