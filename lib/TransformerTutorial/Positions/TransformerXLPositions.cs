using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Transformer-XL's relative positions. The product of query and key, both with absolute positions added, has four terms; here the key's position becomes a vector r of the distance i - j, and the query's two learned vectors u and v:
/// <c>q · k + q · r(i - j) + u · k + v · r(i - j)</c>, where r is a projection of the distance's sinusoidal code.
/// </summary>
/// <remarks>
/// <para>It is added to the scores, and changes with query, key and distance. Parameters: <c>r_proj.weight</c> (h · d_k, d), <c>u</c> and <c>v</c> (h, d_k); u and v begin as normal numbers of deviation 0.02, as in the code published with the
/// paper. It is defined for any length.</para>
/// <para>The products with r are computed once for each distance and query, T (T + S - 1) of them, and each row is then shifted to where its keys stand (the paper's appendix B).</para>
/// <para>Source: Z. Dai et al., "Transformer-XL: Attentive Language Models beyond a Fixed-Length Context", 2019, section 3.3 and appendix B.</para>
/// </remarks>
/// <example>With d = 8 and 2 heads there are 8 · 8 weights, and 2 · 4 numbers each in u and v.</example>
public sealed class TransformerXLPositions : nn.Module, IContentBias
{
    private const string Owner = "Transformer-XL's positions";

    [ComponentName(Name = "r_proj")]
    private readonly Linear _projection;

    [ComponentName(Name = "u")]
    private readonly Parameter _contentBias;

    [ComponentName(Name = "v")]
    private readonly Parameter _positionBias;

    private readonly SinusoidalPositions _codes;

    /// <summary>Positions for the heads of one layer.</summary>
    /// <param name="width">The model's width d, which is the length of the sinusoidal codes; even.</param>
    /// <param name="heads">How many heads, h.</param>
    /// <param name="headWidth">The length d_k of one head's queries and keys; null for d / h.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, the width is odd, or it is no multiple of the heads and no head width is given.</exception>
    public TransformerXLPositions(long width, long heads, long? headWidth = null)
        : base(nameof(TransformerXLPositions))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        _codes = new SinusoidalPositions(width);
        if (headWidth is null && width % heads != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(heads), heads, $"A width of {width} can't be shared among {heads} heads.");
        }

        (Heads, HeadWidth) = (heads, headWidth ?? width / heads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HeadWidth, nameof(headWidth));
        _projection = nn.Linear(width, heads * HeadWidth, hasBias: false);
        _contentBias = new Parameter(randn(heads, HeadWidth) * 0.02);
        _positionBias = new Parameter(randn(heads, HeadWidth) * 0.02);
        RegisterComponents();
    }

    /// <summary>How many heads there are, h.</summary>
    public long Heads { get; }

    /// <summary>The length d_k of one head's queries and keys.</summary>
    public long HeadWidth { get; }

    /// <summary>The four terms of the scores of these queries and keys, each by itself, before they are scaled.</summary>
    /// <param name="query">(B, h, T, d_k), at the positions offset … offset + T - 1.</param>
    /// <param name="key">(B, h, S, d_k), at the positions 0 … S - 1.</param>
    /// <param name="offset">The position of the first query.</param>
    /// <exception cref="ArgumentException">Queries and keys don't fit each other, or have other heads or another width than these positions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    public TransformerXLTerms Terms(Tensor query, Tensor key, long offset = 0)
    {
        PositionChecks.QueryAndKey(query, key, Heads, HeadWidth, offset, Owner);
        PositionChecks.SameType(query, _contentBias, Owner, nameof(query));
        using var scope = NewDisposeScope();
        var (targetLength, sourceLength) = (query.shape[2], key.shape[2]);
        long[] shape = [query.shape[0], Heads, targetLength, sourceLength];
        var distances = DistanceVectors(targetLength, sourceLength, offset);                                 // (h, d_k, T + S - 1)
        var content = query.matmul(key.transpose(-2, -1));                                                   // (B, h, T, S)
        var contentPosition = Shift(query.matmul(distances), sourceLength);                                  // (B, h, T, S)
        var globalContent = Rows(_contentBias).matmul(key.transpose(-2, -1)).expand(shape);                  // (B, h, 1, S) to (B, h, T, S)
        var everyQuery = Rows(_positionBias).expand(Heads, targetLength, HeadWidth);                         // (h, 1, d_k) to (h, T, d_k)
        var globalPosition = Shift(everyQuery.matmul(distances), sourceLength).unsqueeze(0).expand(shape);   // (h, T, S) to (B, h, T, S)
        return new TransformerXLTerms(
            content.MoveToOuterDisposeScope(), contentPosition.MoveToOuterDisposeScope(), globalContent.MoveToOuterDisposeScope(), globalPosition.MoveToOuterDisposeScope());
    }

    /// <summary>The terms (b), (c) and (d) together, times the scale; (a) is the attention's own product of query and key: (B, h, T, S).</summary>
    /// <inheritdoc/>
    public Tensor Bias(Tensor query, Tensor key, long offset = 0, double? scale = null)
    {
        PositionChecks.QueryAndKey(query, key, Heads, HeadWidth, offset, Owner);
        PositionChecks.SameType(query, _contentBias, Owner, nameof(query));
        using var scope = NewDisposeScope();
        var (targetLength, sourceLength) = (query.shape[2], key.shape[2]);
        var distances = DistanceVectors(targetLength, sourceLength, offset);                                 // (h, d_k, T + S - 1)
        var position = Shift((query + Rows(_positionBias)).matmul(distances), sourceLength);                 // (B, h, T, S)
        var content = Rows(_contentBias).matmul(key.transpose(-2, -1));                                      // (B, h, 1, S)
        return ((content + position) * (scale ?? 1 / Math.Sqrt(HeadWidth))).MoveToOuterDisposeScope();       // (B, h, T, S)
    }

    // r for every distance from query to key that occurs, the greatest (first key, last query) first, as columns: (h, d_k, T + S - 1).
    private Tensor DistanceVectors(long targetLength, long sourceLength, long offset)
    {
        var distances = arange(offset + targetLength - 1, offset - sourceLength, -1, dtype: ScalarType.Float64);   // (T + S - 1)
        var codes = _codes.At(distances).to(_projection.weight!.dtype);                                            // (T + S - 1, d)
        return _projection.call(codes).unflatten(1, Heads, HeadWidth).permute(1, 2, 0);                            // (T + S - 1, h, d_k) to (h, d_k, T + S - 1)
    }

    // One vector for each head as a row to be multiplied: (h, d_k) to (h, 1, d_k).
    private static Tensor Rows(Tensor vectors) => vectors.unsqueeze(1);

    // Row i, of products with distances from offset + T - 1 down, begins at its first key with column T - 1 - i: (…, T, T + S - 1) to (…, T, S).
    // A column put before the first makes rows of T + S, laid end to end; read from the T-th number on in rows of T + S - 1, each begins one column sooner than the row above.
    private static Tensor Shift(Tensor products, long sourceLength)
    {
        var (targetLength, columns) = (products.shape[^2], products.shape[^1]);
        var padded = nn.functional.pad(products, (1, 0));                             // (…, T, T + S)
        return padded.flatten(-2)                                                     // (…, T (T + S))
            .narrow(-1, targetLength, targetLength * columns)                         // (…, T (T + S - 1))
            .unflatten(products.ndim - 2, targetLength, columns)                      // (…, T, T + S - 1)
            .narrow(-1, 0, sourceLength);                                             // (…, T, S)
    }
}
