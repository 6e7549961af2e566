using System.Text.Json;
using TransformerTutorial.Embeddings;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>Neighbourhoods, divergence and gradient against scikit-learn's, the gradient against finite differences, and maps of points whose groups are known.</summary>
[Collection(DefaultGenerator.Name)]
public sealed class TSneTests
{
    [Fact]
    public void Neighbourhoods_divergence_and_gradient_are_scikit_learns()
    {
        foreach (var row in ScientificPython.Cases("tSne"))
        {
            // It finds the widths to five digits, in single precision.
            var count = row.Int("rows");
            using var joint = TSneAffinities.Joint(Points(row), row.Number("perplexity"));
            ScientificPython.AssertClose([.. row.Numbers("joint").Select(p => p * count)], joint * count, 2e-5);

            var descent = Descent(row);
            Assert.Equal(row.Number("divergence"), descent.Divergence(), 1e-6);
            var (x, y) = Gradient(descent, 1);
            ScientificPython.AssertClose(row.Numbers("gradient"), [.. x.Zip(y).SelectMany(pair => new[] { pair.First, pair.Second })], 1e-6);
        }
    }

    [Fact]
    public void Every_point_has_the_perplexity_asked_for()
    {
        foreach (var row in ScientificPython.Cases("tSne"))
        {
            using var conditional = TSneAffinities.Conditional(Points(row), row.Number("perplexity"));
            using var entropy = where(conditional > 0, -(conditional * conditional.log()), 0.0).sum(1);
            Assert.All(ScientificPython.NumbersOf(entropy.exp()), perplexity => Assert.Equal(row.Number("perplexity"), perplexity, 1e-6));
            Assert.All(ScientificPython.NumbersOf(conditional.sum(1)), sum => Assert.Equal(1, sum, 1e-12));
            Assert.Equal(new double[row.Int("rows")], ScientificPython.NumbersOf(conditional.diagonal()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void The_gradient_is_the_slope_of_the_divergence(double exaggeration)
    {
        var row = ScientificPython.Cases("tSne").First();
        var descent = Descent(row);
        var (x, y) = Gradient(descent, exaggeration);
        const double Step = 1e-5;
        foreach (var (positions, gradient) in new[] { (descent.Positions.X, x), (descent.Positions.Y, y) })
        {
            for (var i = 0; i < descent.Count; i++)
            {
                var at = positions[i];
                positions[i] = at + Step;
                var above = Objective(row, descent, exaggeration);
                positions[i] = at - Step;
                var below = Objective(row, descent, exaggeration);
                positions[i] = at;
                Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-7);
            }
        }
    }

    [Fact]
    public void The_gradient_has_the_bits_of_eight_running_sums()
    {
        foreach (var row in ScientificPython.Cases("tSne"))
        {
            var descent = Descent(row);
            var (x, y) = Gradient(descent, 12);
            var (count, joint) = (descent.Count, row.Numbers("joint"));
            var (px, py) = descent.Positions;
            var forces = new double[count][];
            for (var i = 0; i < count; i++)
            {
                // For each of eight lanes: Σ p w dx, Σ p w dy, Σ w² dx, Σ w² dy, Σ w.
                var sums = Enumerable.Range(0, 5).Select(_ => new double[8]).ToArray();
                for (var j = 0; j < count; j++)
                {
                    var (dx, dy, lane) = (px[i] - px[j], py[i] - py[j], j % 8);
                    var weight = 1 / Math.FusedMultiplyAdd(dx, dx, Math.FusedMultiplyAdd(dy, dy, 1));
                    var (pull, push) = (joint[(i * count) + j] * weight, weight * weight);
                    sums[0][lane] = Math.FusedMultiplyAdd(pull, dx, sums[0][lane]);
                    sums[1][lane] = Math.FusedMultiplyAdd(pull, dy, sums[1][lane]);
                    sums[2][lane] = Math.FusedMultiplyAdd(push, dx, sums[2][lane]);
                    sums[3][lane] = Math.FusedMultiplyAdd(push, dy, sums[3][lane]);
                    sums[4][lane] += weight;
                }

                forces[i] = [.. sums.Select(lanes => lanes[0] + lanes[4] + (lanes[2] + lanes[6]) + (lanes[1] + lanes[5] + (lanes[3] + lanes[7])))];
            }

            var total = forces.Aggregate(0.0, (sum, force) => sum + (force[4] - 1));
            Assert.Equal(forces.Select(force => 4 * ((12 * force[0]) - (force[2] / total))), x);
            Assert.Equal(forces.Select(force => 4 * ((12 * force[1]) - (force[3] / total))), y);
        }
    }

    [Fact]
    public void Maps_are_as_good_as_scikit_learns()
    {
        // Ten points without groups end now here, now there; that says nothing.
        foreach (var row in ScientificPython.Cases("tSne").Where(row => row.Int("rows") > 10))
        {
            using var points = Points(row);
            var map = TSne.Embed(points, new TSneOptions { Perplexity = row.Number("perplexity") });
            Assert.Equal([row.Int("rows"), 2], map.Positions.shape);

            // A descent can end in several maps; this is the worst that it reached from five random starts.
            Assert.InRange(map.Divergence, 0, row.Number("reached") + 0.01);
        }
    }

    [Fact]
    public void A_descent_goes_step_by_step_where_the_paper_says()
    {
        var row = ScientificPython.Cases("tSne").First();
        using var points = Points(row);
        var options = new TSneOptions { Perplexity = row.Number("perplexity"), Iterations = 12, ExaggeratedIterations = 5, EarlyExaggeration = 4, LearningRate = 7 };
        using var found = TSne.Embed(points, options).Positions;

        // The paper's figure 1 on flat arrays of coordinates x0, y0, x1, y1, ..., with scikit-learn's start.
        var count = row.Int("rows");
        var components = PrincipalComponents.Fit(points, 2);
        using var start = components.Transform(points) * (1e-4 / Math.Sqrt(components.ExplainedVariance[0]));
        using var joint = TSneAffinities.Joint(points, row.Number("perplexity"));
        var (positions, probabilities) = (ScientificPython.NumbersOf(start), ScientificPython.NumbersOf(joint));
        var (velocity, gains) = (new double[2 * count], Enumerable.Repeat(1.0, 2 * count).ToArray());
        for (var step = 0; step < 12; step++)
        {
            var gradient = Slope(positions, probabilities, count, step < 5 ? 4 : 1);
            for (var i = 0; i < 2 * count; i++)
            {
                gains[i] = Math.Max(0.01, Math.Sign(gradient[i]) == -Math.Sign(velocity[i]) && velocity[i] != 0 ? gains[i] + 0.2 : gains[i] * 0.8);
                velocity[i] = ((step < 5 ? 0.5 : 0.8) * velocity[i]) - (7 * gains[i] * gradient[i]);
                positions[i] += velocity[i];
            }

            var (x, y) = (positions.Where((_, i) => i % 2 == 0).Average(), positions.Where((_, i) => i % 2 == 1).Average());
            positions = [.. positions.Select((position, i) => position - (i % 2 == 0 ? x : y))];
        }

        var unit = positions.Max(Math.Abs);
        ScientificPython.AssertClose([.. positions.Select(position => position / unit)], found / unit, 1e-5);
    }

    [Fact]
    public void Groups_lie_apart_and_the_divergence_falls()
    {
        manual_seed(8);
        const int Groups = 5, Each = 24;
        using var points = (6 * randn(Groups, 1, 20) + randn(Groups, Each, 20)).reshape(Groups * Each, 20);
        var reports = new List<TSneProgress>();
        var map = TSne.Embed(points, new TSneOptions { Perplexity = 15, Iterations = 520 }, new Told(reports));
        var divergences = reports.ConvertAll(report => report.Divergence);
        Assert.Equal([50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 520], reports.Select(report => report.Iteration));
        Assert.True(divergences[^1] < 0.5 * divergences[0], $"{divergences[0]} to {divergences[^1]}");
        Assert.Equal(divergences[5..].OrderDescending(), divergences[5..]);
        Assert.Equal(map.Divergence, divergences[^1]);
        ScientificPython.AssertClose([0, 0], map.Positions.mean([0]), 1e-5);

        // Every point's nearest ten are of its own group.
        using var distances = cdist(map.Positions, map.Positions);
        using var nearest = distances.topk(11, 1, largest: false).indexes / Each;
        using var own = (arange(Groups * Each) / Each).unsqueeze(1);
        Assert.True((nearest.floor() == own.floor()).all().item<bool>());
    }

    [Fact]
    public void The_same_points_give_the_same_bits_and_other_numbers_of_threads_too()
    {
        manual_seed(9);
        using var points = randn(37, 6);
        var options = new TSneOptions { Perplexity = 8, Iterations = 120 };
        var once = ScientificPython.NumbersOf(TSne.Embed(points, options).Positions);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            Assert.Equal(once, ScientificPython.NumbersOf(TSne.Embed(points, options).Positions));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Points_on_a_line_stay_on_a_line()
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            manual_seed(12);
            using var points = (randn([40, 1], type) * randn([1, 5], type)) + randn([1, 5], type);
            using var positions = TSne.Embed(points).Positions;
            Assert.Equal(new double[40], ScientificPython.NumbersOf(positions.select(1, 1)));
            Assert.True(positions.isfinite().all().item<bool>() && positions.select(1, 0).abs().max().item<float>() > 1);
        }
    }

    [Fact]
    public void What_is_not_said_adapts_to_what_is()
    {
        manual_seed(13);
        using var points = randn(25, 4);
        AssertSame(new TSneOptions { Iterations = 40 }, new TSneOptions { Iterations = 40, Perplexity = 8.5, ExaggeratedIterations = 10 });
        AssertSame(new TSneOptions { Perplexity = 5, Iterations = 30 }, new TSneOptions { Perplexity = 5, Iterations = 30, ExaggeratedIterations = 7 });
        Assert.Contains("ExaggeratedIterations must be at least 0 and below Iterations, 30", Assert.Throws<ArgumentOutOfRangeException>(() =>
            TSne.Embed(points, new TSneOptions { Iterations = 30, ExaggeratedIterations = 30 })).Message, StringComparison.Ordinal);

        void AssertSame(TSneOptions few, TSneOptions all) =>
            Assert.Equal(ScientificPython.NumbersOf(TSne.Embed(points, all).Positions), ScientificPython.NumbersOf(TSne.Embed(points, few).Positions));
    }

    [Fact]
    public void Twins_lie_on_the_same_place()
    {
        manual_seed(10);
        using var half = randn(12, 4);
        using var points = cat([half, half]);
        var map = TSne.Embed(points, new TSneOptions { Perplexity = 4 });
        ScientificPython.AssertClose(ScientificPython.NumbersOf(map.Positions.narrow(0, 0, 12)), map.Positions.narrow(0, 12, 12), 1e-3);
    }

    [Fact]
    public void Points_that_are_all_the_same_stay_together()
    {
        var map = TSne.Embed(ones(8, 3), new TSneOptions { Perplexity = 2, Iterations = 10 });
        Assert.Equal(new double[16], ScientificPython.NumbersOf(map.Positions));
        Assert.Equal(0, map.Divergence, 1e-12);
    }

    [Fact]
    public void Few_points_need_no_options()
    {
        manual_seed(11);
        Assert.True(TSne.Embed(randn(4, 2)).Positions.isfinite().all().item<bool>());
        Assert.True(TSne.Embed(randn(9, 3, ScalarType.Float64)).Positions.isfinite().all().item<bool>());
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TSne.Embed(randn(3, 2)));
        Assert.Throws<ArgumentException>(() => TSne.Embed(randn(9, 1)));
        Assert.Throws<ArgumentException>(() => TSne.Embed(randn(9)));
        Assert.Throws<ArgumentException>(() => TSne.Embed(full([9, 2], float.NaN)));
        Assert.Contains("below 8", Assert.Throws<ArgumentOutOfRangeException>(() => TSne.Embed(randn(9, 2), new TSneOptions { Perplexity = 8 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TSne.Embed(randn(9, 2), new TSneOptions { Perplexity = double.NaN }));
        foreach (var options in new[]
        {
            new TSneOptions { Perplexity = 2, Iterations = 0 }, new TSneOptions { Perplexity = 2, ExaggeratedIterations = -1 }, new TSneOptions { Perplexity = 2, EarlyExaggeration = 0.5 },
            new TSneOptions { Perplexity = 2, LearningRate = 0 }, new TSneOptions { Perplexity = 2, LearningRate = double.PositiveInfinity }, new TSneOptions { Perplexity = 1 },
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => TSne.Embed(randn(9, 2), options));
        }
    }

    private static Tensor Points(JsonElement row) => row.Matrix("points", row.Int("rows"), row.Int("columns"));

    private static TSneDescent Descent(JsonElement row)
    {
        var descent = new TSneDescent(row.Matrix("joint", row.Int("rows"), row.Int("rows")), row.Int("rows"));
        foreach (var (number, i) in row.Numbers("positions").Select((number, i) => (number, i)))
        {
            (i % 2 == 0 ? descent.Positions.X : descent.Positions.Y)[i / 2] = number;
        }

        return descent;
    }

    private static (double[] X, double[] Y) Gradient(TSneDescent descent, double exaggeration)
    {
        var (x, y) = (new double[descent.Count], new double[descent.Count]);
        descent.Gradient(exaggeration, x, y);
        return (x, y);
    }

    private static double[] Slope(double[] positions, double[] probabilities, int count, double exaggeration)
    {
        double Weight(int i, int j) => i == j ? 0 : 1 / (1 + Math.Pow(positions[2 * i] - positions[2 * j], 2) + Math.Pow(positions[(2 * i) + 1] - positions[(2 * j) + 1], 2));
        var all = Enumerable.Range(0, count).ToArray();
        var total = all.Sum(i => all.Sum(j => Weight(i, j)));
        return [.. Enumerable.Range(0, 2 * count).Select(k => all.Sum(j =>
            4 * ((exaggeration * probabilities[(k / 2 * count) + j]) - (Weight(k / 2, j) / total)) * (positions[k] - positions[(2 * j) + (k % 2)]) * Weight(k / 2, j)))];
    }

    // Σ s p log(1 + |yi - yj|²) + log Σ 1 / (1 + |yi - yj|²): the divergence but for a constant, and for s the sum of q that it is compared with.
    private static double Objective(JsonElement row, TSneDescent descent, double exaggeration)
    {
        var joint = row.Numbers("joint");
        var (attraction, total) = (0.0, 0.0);
        for (var i = 0; i < descent.Count; i++)
        {
            for (var j = 0; j < descent.Count; j++)
            {
                var (dx, dy) = (descent.Positions.X[i] - descent.Positions.X[j], descent.Positions.Y[i] - descent.Positions.Y[j]);
                var square = 1 + (dx * dx) + (dy * dy);
                attraction += exaggeration * joint[(i * descent.Count) + j] * Math.Log(square);
                total += i == j ? 0 : 1 / square;
            }
        }

        return attraction + Math.Log(total);
    }

    private sealed class Told(List<TSneProgress> reports) : IProgress<TSneProgress>
    {
        public void Report(TSneProgress value) => reports.Add(value);
    }
}
