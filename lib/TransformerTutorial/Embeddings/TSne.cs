using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// t-distributed stochastic neighbour embedding: a map in two dimensions on which points lie together that are neighbours in many. For pictures only: it keeps who is near to whom;
/// distances between groups, their sizes and their densities mean nothing.
/// </summary>
/// <remarks>
/// <para>It is exact (all pairs, O(N²) a step; a thousand points take a few seconds) and leaves nothing to chance: it begins with the two first principal components, so points on a line, as exactly as their numbers can say, stay on a line, and the result has the
/// same bits on every machine with any number of threads.</para>
/// <para>Sources: L. van der Maaten and G. Hinton, "Visualizing Data using t-SNE", 2008, sections 2, 3 and figure 1 (similarities, gradient, momentum 0.5 and then 0.8, early exaggeration); step lengths of their own for each
/// coordinate: R. Jacobs, 1988, as in the first author's program; learning rate: A. Belkina et al., 2019; start: D. Kobak and P. Berens, "The Art of Using t-SNE for Single-Cell Transcriptomics", 2019.</para>
/// </remarks>
public static class TSne
{
    private const double FirstMomentum = 0.5;
    private const double Momentum = 0.8;

    // scikit-learn's 50 overshoots on sets of less than a hundred points: their maps end up worse.
    private const double SmallestRate = 10;
    private const double SmallestGain = 0.01;
    private const double StartSpread = 1e-4;
    private const int ReportEvery = 50;
    private const double MostNeighbours = 30;
    private const int MostExaggerated = 250;

    /// <summary>Draws the map of points.</summary>
    /// <param name="points">At least four points in at least two dimensions: (N, d).</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Is told after every 50 steps how far it is; or null.</param>
    /// <exception cref="ArgumentException">The tensor is not such a matrix, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range. So does a perplexity of N - 1 or more: no point has so many neighbours.</exception>
    public static TSneMap Embed(Tensor points, TSneOptions? options = null, IProgress<TSneProgress>? progress = null)
    {
        Points.Check(points, minimum: 4, nameof(points));
        var count = checked((int)points.shape[0]);
        if (points.shape[1] < 2)
        {
            throw new ArgumentException("A map needs points in at least two dimensions; these have one.", nameof(points));
        }

        options ??= new TSneOptions();
        var perplexity = options.Perplexity ?? Math.Min(MostNeighbours, ((count - 1) / 3.0) + 0.5);
        var exaggerated = options.ExaggeratedIterations ?? Math.Min(MostExaggerated, options.Iterations / 4);
        CheckOptions(options, perplexity, exaggerated, count);

        using var scope = NewDisposeScope();
        var affinities = TSneAffinities.Joint(points, perplexity);                                           // (N, N)
        var descent = new TSneDescent(affinities, count);
        Start(points, descent.Positions, count);
        Descend(descent, options, exaggerated, progress);

        var positions = new float[2 * count];
        for (var i = 0; i < count; i++)
        {
            (positions[2 * i], positions[(2 * i) + 1]) = ((float)descent.Positions.X[i], (float)descent.Positions.Y[i]);
        }

        return new TSneMap(tensor(positions, [count, 2]).DetachFromDisposeScope(), descent.Divergence());
    }

    private static void CheckOptions(TSneOptions options, double perplexity, int exaggerated, int count)
    {
        Check(perplexity > 1 && perplexity < count - 1, nameof(options.Perplexity), perplexity, $"above 1 and below {count - 1}, one less than there are points");
        Check(options.Iterations > 0, nameof(options.Iterations), options.Iterations, "above 0");
        Check(exaggerated >= 0 && exaggerated < options.Iterations, nameof(options.ExaggeratedIterations), exaggerated, $"at least 0 and below {nameof(options.Iterations)}, {options.Iterations}");
        Check(options.EarlyExaggeration >= 1 && double.IsFinite(options.EarlyExaggeration), nameof(options.EarlyExaggeration), options.EarlyExaggeration, "at least 1");
        Check(options.LearningRate is not { } rate || (rate > 0 && double.IsFinite(rate)), nameof(options.LearningRate), options.LearningRate ?? 0, "above 0");

        static void Check(bool isRight, string name, double value, string range)
        {
            if (!isRight)
            {
                throw new ArgumentOutOfRangeException(nameof(options), value, $"t-SNE's {name} must be {range}.");
            }
        }
    }

    // The principal components, so small that all pairs are equally near at first.
    private static void Start(Tensor points, (double[] X, double[] Y) positions, int count)
    {
        using var scope = NewDisposeScope();
        var components = PrincipalComponents.Fit(points.to(ScalarType.Float64), 2);
        using var start = components.Transform(points.to(ScalarType.Float64)).contiguous();                   // (N, 2)
        var values = start.data<double>().ToArray();
        var spread = Math.Sqrt(components.ExplainedVariance[0]);

        // What rounding alone leaves beside a line is no second direction: the descent would blow it up into one.
        var noise = points.dtype == ScalarType.Float32 ? 1e-12 : 1e-24;
        var isLine = components.ExplainedVariance[1] < noise * components.ExplainedVariance[0];
        for (var i = 0; i < count && spread > 0; i++)
        {
            positions.X[i] = values[2 * i] / spread * StartSpread;
            positions.Y[i] = isLine ? 0 : values[(2 * i) + 1] / spread * StartSpread;
        }
    }

    private static void Descend(TSneDescent descent, TSneOptions options, int exaggerated, IProgress<TSneProgress>? progress)
    {
        var count = descent.Count;
        var rate = options.LearningRate ?? Math.Max(SmallestRate, count / (4 * options.EarlyExaggeration));
        var gradient = (X: new double[count], Y: new double[count]);
        var velocity = (X: new double[count], Y: new double[count]);
        var gains = (X: new double[count], Y: new double[count]);
        Array.Fill(gains.X, 1);
        Array.Fill(gains.Y, 1);
        for (var step = 0; step < options.Iterations; step++)
        {
            var isEarly = step < exaggerated;
            descent.Gradient(isEarly ? options.EarlyExaggeration : 1, gradient.X, gradient.Y);
            Move(descent.Positions.X, gradient.X, velocity.X, gains.X, count, rate, isEarly ? FirstMomentum : Momentum);
            Move(descent.Positions.Y, gradient.Y, velocity.Y, gains.Y, count, rate, isEarly ? FirstMomentum : Momentum);
            if (progress is not null && ((step + 1) % ReportEvery == 0 || step + 1 == options.Iterations))
            {
                progress.Report(new TSneProgress(step + 1, options.Iterations, descent.Divergence()));
            }
        }
    }

    private static void Move(double[] positions, double[] gradient, double[] velocity, double[] gains, int count, double rate, double momentum)
    {
        var mean = 0.0;
        for (var i = 0; i < count; i++)
        {
            // A coordinate that keeps its direction takes longer steps, one that turns back takes shorter ones.
            gains[i] = Math.Max(gradient[i] * velocity[i] < 0 ? gains[i] + 0.2 : gains[i] * 0.8, SmallestGain);
            velocity[i] = (momentum * velocity[i]) - (rate * gains[i] * gradient[i]);
            positions[i] += velocity[i];
            mean += positions[i];
        }

        mean /= count;
        for (var i = 0; i < count; i++)
        {
            positions[i] -= mean;
        }
    }
}
