using System.Globalization;
using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Principal component analysis: the directions along which points spread most, each at right angles to those before it. Points are described by their coordinates along the first few.
/// It keeps variance, not neighbours; directions of small variance are lost however much they matter.
/// </summary>
/// <remarks>
/// <para>The components are the right singular vectors of the centred points, and the variances their singular values squared, divided by N - 1; computed in Float64.
/// A component and its opposite are the same direction: here the element of the greatest size is positive (the first of several as great to nine digits).</para>
/// <para>Sources: K. Pearson, "On Lines and Planes of Closest Fit to Systems of Points in Space", 1901; I. Jolliffe, "Principal Component Analysis", 2nd edition, 2002, section 3.5.</para>
/// </remarks>
/// <example>The points (1, 1), (2, 2), (3, 3) have the first component (0.7071, 0.7071) with variance 2 and a share of 1; the second has none.</example>
public sealed class PrincipalComponents
{
    private PrincipalComponents(Tensor mean, Tensor components, double[] variances, double[] shares) =>
        (Mean, Components, ExplainedVariance, ExplainedVarianceRatio) = (mean, components, variances, shares);

    /// <summary>The mean of the points: (d).</summary>
    public Tensor Mean { get; }

    /// <summary>The directions, each of length 1, the one with the greatest variance first: (k, d).</summary>
    public Tensor Components { get; }

    /// <summary>The variance along each component (divided by N - 1).</summary>
    public IReadOnlyList<double> ExplainedVariance { get; }

    /// <summary>What share of the whole variance lies along each component, from 0 to 1; all 0 if the points are all the same.</summary>
    public IReadOnlyList<double> ExplainedVarianceRatio { get; }

    /// <summary>Finds the components of points.</summary>
    /// <param name="points">At least two points: (N, d).</param>
    /// <param name="count">How many components k, at most min(N, d); null for that many.</param>
    /// <exception cref="ArgumentException">The tensor is not a matrix of at least two rows, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many components.</exception>
    public static PrincipalComponents Fit(Tensor points, int? count = null)
    {
        Points.Check(points, minimum: 2, nameof(points));
        var (rows, dimensions) = (points.shape[0], (int)points.shape[1]);
        var all = (int)Math.Min(rows, dimensions);
        var kept = count ?? all;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(kept, nameof(count));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, all, nameof(count));

        using var scope = NewDisposeScope();
        var exact = points.detach().to(ScalarType.Float64);                                // (N, d)
        var mean = exact.mean([0]);                                                        // (d)
        var (_, lengths, directions) = linalg.svd(exact - mean, fullMatrices: false);      // (min(N, d)), (min(N, d), d)
        var variances = lengths.data<double>().ToArray();
        for (var i = 0; i < all; i++)
        {
            variances[i] = variances[i] * variances[i] / (rows - 1);
        }

        var total = variances.Sum();
        var values = directions.contiguous().data<double>().ToArray();
        FixSigns(values, dimensions);
        var components = tensor(values, [all, dimensions]).narrow(0, 0, kept);              // (k, d)
        return new PrincipalComponents(
            mean.to(points.dtype).DetachFromDisposeScope(), components.to(points.dtype).clone().DetachFromDisposeScope(), variances[..kept], [.. variances[..kept].Select(variance => total > 0 ? variance / total : 0)]);
    }

    /// <summary>Coordinates of points along the components: (N, d) to (N, k).</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix with d columns, or of another type than the points that the components were found from.</exception>
    public Tensor Transform(Tensor points)
    {
        Points.CheckColumns(points, Components.shape[1], Components.dtype, nameof(points));
        using var scope = NewDisposeScope();
        return (points - Mean).matmul(Components.t()).MoveToOuterDisposeScope();
    }

    /// <summary>The points at given coordinates: (N, k) to (N, d). What the components left out is gone.</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix with k columns, or of another type than the points that the components were found from.</exception>
    public Tensor InverseTransform(Tensor coordinates)
    {
        Points.CheckColumns(coordinates, Components.shape[0], Components.dtype, nameof(coordinates));
        using var scope = NewDisposeScope();
        return (coordinates.matmul(Components) + Mean).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ExplainedVariance.Count} components with {ExplainedVarianceRatio.Sum():P1} of the variance");

    // In place, for directions that stand one after the other.
    internal static void FixSigns(double[] directions, int dimensions)
    {
        for (var start = 0; start < directions.Length; start += dimensions)
        {
            var direction = directions.AsSpan(start, dimensions);
            var greatest = 0;
            for (var i = 1; i < dimensions; i++)
            {
                // Rounding must not choose between elements that are equally great.
                greatest = Math.Abs(direction[i]) > Math.Abs(direction[greatest]) * (1 + 1e-9) ? i : greatest;
            }

            var sign = direction[greatest] < 0 ? -1 : 1;
            for (var i = 0; i < dimensions; i++)
            {
                direction[i] *= sign;
            }
        }
    }
}
