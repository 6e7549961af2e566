using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The orthogonal map (a rotation, perhaps with a reflection) that brings one set of points closest to another, given which point belongs to which: for A and B of shape (N, d) the R with
/// <c>RᵀR = I</c> and the least ‖A R - B‖. It turns a space as it is: lengths and angles stay, so it can only succeed where both have the same shape.
/// </summary>
/// <remarks>
/// With <c>AᵀB = U S Vᵀ</c> it is <c>R = U Vᵀ</c>; the best scale is trace(S) / ‖A‖². Computed in Float64.
/// Sources: P. Schönemann, "A Generalized Solution of the Orthogonal Procrustes Problem", 1966; with centring and scale: P. Schönemann and R. Carroll, 1970; for word vectors of two languages:
/// S. Smith et al., "Offline Bilingual Word Vectors, Orthogonal Transformations and the Inverted Softmax", 2017, section 2.
/// </remarks>
public sealed class Procrustes
{
    private Procrustes(Tensor rotation, double scale, Tensor sourceMean, Tensor targetMean, double error) =>
        (Rotation, Scale, SourceMean, TargetMean, RelativeError) = (rotation, scale, sourceMean, targetMean, error);

    /// <summary>The orthogonal matrix R, by which rows are multiplied from the right: (d, d).</summary>
    public Tensor Rotation { get; }

    /// <summary>By how much points are stretched; 1 unless a scale was asked for.</summary>
    public double Scale { get; }

    /// <summary>What is subtracted from a point before it is turned: (d). Zeros unless centring was asked for.</summary>
    public Tensor SourceMean { get; }

    /// <summary>What is added to a point after it was turned: (d). Zeros unless centring was asked for.</summary>
    public Tensor TargetMean { get; }

    /// <summary>How much of the targets the map misses on the points it was found from: ‖A R - B‖ / ‖B‖, with A and B centred and A scaled if that was asked for.</summary>
    public double RelativeError { get; }

    /// <summary>Finds the map from pairs of points.</summary>
    /// <param name="source">The points that are to be moved, at least d, or d + 1 with centring, in as many directions: (N, d).</param>
    /// <param name="target">For each of them the point where it belongs: (N, d).</param>
    /// <param name="center">Whether both sets are first moved so that their means lie at zero.</param>
    /// <param name="scale">Whether the points may also be stretched, all by one factor.</param>
    /// <exception cref="ArgumentException">The shapes differ, there are too few pairs, or they leave a direction out (so that nothing tells where it belongs, and rounding alone would), an element is not finite, or all points are zero.</exception>
    public static Procrustes Fit(Tensor source, Tensor target, bool center = false, bool scale = false)
    {
        Points.Check(source, minimum: 1, nameof(source));
        Points.Check(target, minimum: 1, nameof(target));
        if (!source.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException($"Every point needs its partner: the source's shape [{string.Join(", ", source.shape)}] is not the target's [{string.Join(", ", target.shape)}].", nameof(target));
        }

        var (pairs, dimensions) = (source.shape[0], source.shape[1]);
        var needed = dimensions + (center ? 1 : 0);
        if (pairs < needed)
        {
            throw new ArgumentException($"{pairs} pairs cannot say how {dimensions} dimensions are turned: at least {needed} are needed{(center ? ", as one goes into the mean" : "")}.", nameof(source));
        }

        using var scope = NewDisposeScope();
        var (a, b) = (source.detach().to(ScalarType.Float64), target.detach().to(ScalarType.Float64));                // (N, d)
        var (meanOfA, meanOfB) = center ? (a.mean([0]), b.mean([0])) : (zeros(dimensions, ScalarType.Float64), zeros(dimensions, ScalarType.Float64));
        (a, b) = (a - meanOfA, b - meanOfB);
        var (sizeOfA, sizeOfB) = (a.square().sum().item<double>(), b.square().sum().item<double>());
        if (sizeOfA == 0 || sizeOfB == 0)
        {
            throw new ArgumentException($"All points of the {(sizeOfA == 0 ? "source" : "target")} lie at {(center ? "their mean" : "zero")}: no direction can be told from another.", sizeOfA == 0 ? nameof(source) : nameof(target));
        }

        var (u, s, vh) = linalg.svd(a.t().matmul(b), fullMatrices: false);                                            // (d, d), (d), (d, d)
        var (greatest, least) = (s[0].item<double>(), s[-1].item<double>());
        var rounding = source.dtype == ScalarType.Float32 || target.dtype == ScalarType.Float32 ? 4 * (float.BitIncrement(1) - 1) : 4 * dimensions * (double.BitIncrement(1) - 1);
        if (least <= rounding * greatest)
        {
            throw new ArgumentException($"The pairs cannot say how all {dimensions} dimensions are turned: the points of one set lie in fewer{(center ? " around their mean" : "")}, or where one set extends the other doesn't.", nameof(source));
        }

        var rotation = u.matmul(vh);                                                                                 // (d, d)
        var factor = scale ? s.sum().item<double>() / sizeOfA : 1;
        var missed = ((factor * a.matmul(rotation)) - b).square().sum().item<double>();
        return new Procrustes(
            rotation.to(source.dtype).DetachFromDisposeScope(), factor, meanOfA.to(source.dtype).DetachFromDisposeScope(), meanOfB.to(source.dtype).DetachFromDisposeScope(), Math.Sqrt(missed / sizeOfB));
    }

    /// <summary>Moves points of the source's space into the target's: (N, d) to (N, d).</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix with d columns, or of another type than the source.</exception>
    public Tensor Apply(Tensor points)
    {
        Points.CheckColumns(points, Rotation.shape[0], Rotation.dtype, nameof(points));
        using var scope = NewDisposeScope();
        return ((Scale * (points - SourceMean).matmul(Rotation)) + TargetMean).MoveToOuterDisposeScope();
    }

    /// <summary>Moves points of the target's space into the source's, the way back: (N, d) to (N, d).</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix with d columns, or of another type than the source.</exception>
    public Tensor ApplyInverse(Tensor points)
    {
        Points.CheckColumns(points, Rotation.shape[0], Rotation.dtype, nameof(points));
        using var scope = NewDisposeScope();
        return (((points - TargetMean) / Scale).matmul(Rotation.t()) + SourceMean).MoveToOuterDisposeScope();
    }
}
