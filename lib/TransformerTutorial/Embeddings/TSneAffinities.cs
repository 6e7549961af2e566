using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Who is whose neighbour: for every point a distribution over the others that falls with the squared distance, as wide as it takes to give every point the same effective number of neighbours.
/// Van der Maaten and Hinton 2008, equations 1 and section 3.1.
/// </summary>
internal static class TSneAffinities
{
    private const int MostSteps = 100;
    private const double Tolerance = 1e-9;
    private const double GreatestPrecision = 1e300;

    /// <summary>The distributions made symmetric, (P + Pᵀ) / 2N, with a sum of 1: (N, d) to (N, N), Float64.</summary>
    public static Tensor Joint(Tensor points, double perplexity)
    {
        using var scope = NewDisposeScope();
        var conditional = Conditional(points, perplexity);
        return ((conditional + conditional.t()) / (2.0 * points.shape[0])).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// For every point (row) the distribution over the others, with the entropy log(perplexity): (N, d) to (N, N), Float64, the diagonal 0. A point that has more twins than that keeps an even
    /// distribution over its twins.
    /// </summary>
    public static Tensor Conditional(Tensor points, double perplexity)
    {
        using var scope = NewDisposeScope();
        var count = points.shape[0];
        var distances = SquaredDistances(points.detach().to(ScalarType.Float64));                         // (N, N)
        distances += zeros(count, ScalarType.Float64).fill_(double.PositiveInfinity).diag();
        distances -= distances.min(1, keepdim: true).values;                                             // the nearest at 0: the distribution stays the same
        var wanted = tensor(perplexity, ScalarType.Float64).log();

        // The precision of each row by bisection: it doubles until the entropy is small enough, then the interval is halved.
        var finite = where(eye(count, dtype: ScalarType.Bool), 0.0, distances);
        var low = zeros([count, 1], ScalarType.Float64);
        var high = full([count, 1], double.PositiveInfinity, ScalarType.Float64);
        var precision = 1 / finite.mean([1], keepdim: true).clamp_min(1 / GreatestPrecision);
        for (var step = 0; step < MostSteps; step++)
        {
            using var inner = NewDisposeScope();
            var (_, entropy) = Distribution(distances, finite, precision);
            var isWide = entropy > wanted;                                                               // (N, 1)
            if (((entropy - wanted).abs() < Tolerance).all().item<bool>())
            {
                break;
            }

            low = where(isWide, precision, low).MoveToOuterDisposeScope();
            high = where(isWide, high, precision).MoveToOuterDisposeScope();
            precision = where(high.isinf(), (precision * 2).clamp_max(GreatestPrecision), (low + high) / 2).MoveToOuterDisposeScope();
        }

        return Distribution(distances, finite, precision).Probabilities.MoveToOuterDisposeScope();
    }

    // exp(-precision distance), divided by its sum, and its entropy: log(sum) + precision · mean distance.
    private static (Tensor Probabilities, Tensor Entropy) Distribution(Tensor distances, Tensor finite, Tensor precision)
    {
        var weights = (-precision * distances).exp();                                                    // (N, N)
        var sum = weights.sum(1, keepdim: true);                                                         // (N, 1)
        var probabilities = weights / sum;
        return (probabilities, sum.log() + (precision * (probabilities * finite).sum(1, keepdim: true)));
    }

    // |a|² + |b|² - 2ab, from centred points, never below zero.
    private static Tensor SquaredDistances(Tensor points)
    {
        var centred = points - points.mean([0]);
        var squares = centred.square().sum(1, keepdim: true);                                            // (N, 1)
        return (squares + squares.t() - (2.0 * centred.matmul(centred.t()))).clamp_min(0);
    }
}
