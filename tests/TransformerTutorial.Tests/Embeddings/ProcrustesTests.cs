using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>The orthogonal map against SciPy's, and what must hold of it.</summary>
[Collection(DefaultGenerator.Name)]
public sealed class ProcrustesTests
{
    [Fact]
    public void Maps_are_SciPys()
    {
        foreach (var row in ScientificPython.Cases("procrustes"))
        {
            var (rows, columns) = (row.Int("rows"), row.Int("columns"));
            var (source, target) = (row.Matrix("source", rows, columns), row.Matrix("target", rows, columns));
            var plain = Procrustes.Fit(source, target);
            ScientificPython.AssertClose(row.Numbers("rotation"), plain.Rotation, 1e-10);
            Assert.Equal(row.Number("error"), plain.RelativeError, 1e-10);
            Assert.Equal(1, plain.Scale);
            ScientificPython.AssertClose(ScientificPython.NumbersOf(source.matmul(plain.Rotation)), plain.Apply(source), 1e-12);

            if (rows == columns)
            {
                // Once a mean is taken off, as many points as dimensions leave one direction out; SciPy turns it as rounding has it.
                Assert.Throws<ArgumentException>(() => Procrustes.Fit(source, target, center: true, scale: true));
                continue;
            }

            var free = Procrustes.Fit(source, target, center: true, scale: true);
            ScientificPython.AssertClose(row.Numbers("centredRotation"), free.Rotation, 1e-10);
            Assert.Equal(row.Number("scale"), free.Scale, 1e-10);
            ScientificPython.AssertClose(row.Numbers("moved"), free.Apply(source), 1e-10);
            ScientificPython.AssertClose(ScientificPython.NumbersOf(source), free.ApplyInverse(free.Apply(source)), 1e-10);
        }
    }

    [Fact]
    public void A_turned_moved_and_stretched_space_is_turned_back()
    {
        TestSeed.ForEachCase(8, (number, random) =>
        {
            manual_seed(number);
            var columns = random.Next(2, 20);
            var source = randn(columns + random.Next(2, 30), columns);
            var rotation = linalg.qr(randn([columns, columns], ScalarType.Float64)).Q.to(ScalarType.Float32);
            var target = (2.5 * source.matmul(rotation)) + randn(columns);
            var found = Procrustes.Fit(source, target, center: true, scale: true);
            Assert.Equal(2.5, found.Scale, 1e-5);
            Assert.Equal(0, found.RelativeError, 1e-5);
            ScientificPython.AssertClose(ScientificPython.NumbersOf(rotation), found.Rotation, 1e-5);

            // A point that was no part of the fit.
            var other = randn(3, columns);
            ScientificPython.AssertClose(ScientificPython.NumbersOf((2.5 * (other - source.mean([0])).matmul(rotation)) + target.mean([0])), found.Apply(other), 1e-5);
        });
    }

    [Fact]
    public void No_orthogonal_map_that_was_tried_comes_closer()
    {
        manual_seed(2);
        var (source, target) = (randn(30, 4, ScalarType.Float64), randn(30, 4, ScalarType.Float64));
        var best = Procrustes.Fit(source, target);
        ScientificPython.AssertClose(ScientificPython.NumbersOf(eye(4)), best.Rotation.matmul(best.Rotation.t()), 1e-13);
        for (var i = 0; i < 50; i++)
        {
            var near = linalg.qr(best.Rotation + (0.1 * randn(4, 4, ScalarType.Float64)));
            var other = near.Q * near.R.diagonal().sign();
            Assert.True((source.matmul(other) - target).norm().item<double>() / target.norm().item<double>() > best.RelativeError);
        }
    }

    [Fact]
    public void Pairs_that_leave_a_direction_out_are_refused()
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            manual_seed(3);
            Assert.Contains("at least 4 are needed, as one goes into the mean", Refusal(randn([3, 3], type), randn([3, 3], type), center: true), StringComparison.Ordinal);
            Procrustes.Fit(randn([3, 3], type), randn([3, 3], type));
            Procrustes.Fit(randn([4, 3], type), randn([4, 3], type), center: true);

            // On a line, on a plane, and on a plane that misses zero.
            var line = randn([9, 1], type) * randn([1, 3], type);
            var plane = randn([9, 2], type).matmul(randn([2, 3], type));
            foreach (var flat in new[] { line, plane })
            {
                Assert.Contains("cannot say how all 3 dimensions", Refusal(flat, randn([9, 3], type)), StringComparison.Ordinal);
                Assert.Contains("cannot say how all 3 dimensions", Refusal(randn([9, 3], type), flat), StringComparison.Ordinal);
                Assert.Contains("fewer around their mean", Refusal(flat + 1, randn([9, 3], type), center: true), StringComparison.Ordinal);
            }

            Procrustes.Fit(plane + 1, randn([9, 3], type));
        }

        static string Refusal(Tensor source, Tensor target, bool center = false) => Assert.Throws<ArgumentException>(() => Procrustes.Fit(source, target, center)).Message;
    }

    [Fact]
    public void Bad_pairs_are_refused()
    {
        Assert.Contains("[5, 3] is not the target's [5, 4]", Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(5, 3), randn(5, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(5, 3), randn(6, 3)));
        Assert.Contains("2 pairs cannot say how 3 dimensions", Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(2, 3), randn(2, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("source lie at zero", Assert.Throws<ArgumentException>(() => Procrustes.Fit(zeros(5, 3), randn(5, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("target lie at their mean", Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(5, 3), ones(5, 3), center: true)).Message, StringComparison.Ordinal);
        Assert.Contains("Row 4", Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(5, 1), tensor(new[] { 1, 2, 3, 4, float.PositiveInfinity }, [5, 1]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(5, 3), randn(5, 3)).Apply(randn(5, 2)));
        Assert.Throws<ArgumentException>(() => Procrustes.Fit(randn(5, 3), randn(5, 3)).ApplyInverse(randn(3)));
        var found = Procrustes.Fit(randn(5, 3), randn(5, 3));
        Assert.Contains("Float32, and these points are Float64", Assert.Throws<ArgumentException>(() => found.Apply(randn([4, 3], ScalarType.Float64))).Message, StringComparison.Ordinal);
        Assert.Contains("Float32, and these points are Int64", Assert.Throws<ArgumentException>(() => found.ApplyInverse(zeros([4, 3], ScalarType.Int64))).Message, StringComparison.Ordinal);
    }
}
