using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>Principal components against scikit-learn's, and what must hold of them.</summary>
[Collection(DefaultGenerator.Name)]
public sealed class PrincipalComponentsTests
{
    [Fact]
    public void Components_are_scikit_learns()
    {
        foreach (var row in ScientificPython.Cases("principalComponents"))
        {
            var (rows, columns, rank) = (row.Int("rows"), row.Int("columns"), row.Int("rank"));
            var points = row.Matrix("points", rows, columns);
            var found = PrincipalComponents.Fit(points, rank);
            ScientificPython.AssertClose(row.Numbers("mean"), found.Mean, 1e-11);
            ScientificPython.AssertClose(row.Numbers("components"), found.Components, 1e-8);
            ScientificPython.AssertClose(row.Numbers("variance"), [.. found.ExplainedVariance], 1e-10);
            ScientificPython.AssertClose(row.Numbers("ratio"), [.. found.ExplainedVarianceRatio], 1e-10);
            ScientificPython.AssertClose(row.Numbers("coordinates"), found.Transform(points), 1e-8);

            var single = PrincipalComponents.Fit(points.to(ScalarType.Float32), rank);
            Assert.Equal(ScalarType.Float32, single.Components.dtype);
            Assert.Equal(ScalarType.Float32, single.Mean.dtype);
            ScientificPython.AssertClose(row.Numbers("ratio"), [.. single.ExplainedVarianceRatio], 1e-5);
        }
    }

    [Fact]
    public void The_variance_along_a_component_is_the_variance_of_its_coordinates()
    {
        TestSeed.ForEachCase(10, (number, random) =>
        {
            manual_seed(number);
            var points = randn(random.Next(3, 40), random.Next(1, 12), ScalarType.Float64);
            var found = PrincipalComponents.Fit(points);
            var coordinates = found.Transform(points);
            ScientificPython.AssertClose([.. found.ExplainedVariance], coordinates.var([0]), 1e-10);
            Assert.Equal(1, found.ExplainedVarianceRatio.Sum(), 1e-12);
            Assert.Equal(found.ExplainedVariance.OrderDescending(), found.ExplainedVariance);
            ScientificPython.AssertClose(ScientificPython.NumbersOf(eye(found.Components.shape[0])), found.Components.matmul(found.Components.t()), 1e-12);
            ScientificPython.AssertClose(ScientificPython.NumbersOf(points), found.InverseTransform(coordinates), 1e-11);
            Assert.All(ScientificPython.NumbersOf(found.Components.max(1).values - found.Components.neg().max(1).values), difference => Assert.True(difference >= 0));
        });
    }

    [Fact]
    public void What_the_inverse_loses_is_the_variance_left_out()
    {
        manual_seed(3);
        var points = randn(50, 8, ScalarType.Float64);
        var (all, two) = (PrincipalComponents.Fit(points), PrincipalComponents.Fit(points, 2));
        var lost = (two.InverseTransform(two.Transform(points)) - points).square().sum().item<double>() / 49;
        Assert.Equal(all.ExplainedVariance.Skip(2).Sum(), lost, 1e-10);
    }

    [Fact]
    public void The_example_in_the_documentation_holds()
    {
        var found = PrincipalComponents.Fit(tensor(new float[] { 1, 1, 2, 2, 3, 3 }, [3, 2]));
        ScientificPython.AssertClose([0.70711, 0.70711], found.Components[0], 1e-5);
        Assert.Equal(2, found.ExplainedVariance[0], 1e-12);
        Assert.Equal(1, found.ExplainedVarianceRatio[0], 1e-12);
        Assert.Equal(0, found.ExplainedVarianceRatio[1], 1e-12);
    }

    [Fact]
    public void The_sign_does_not_depend_on_the_points_sign_or_order()
    {
        manual_seed(5);
        var points = randn(30, 5, ScalarType.Float64);
        var components = PrincipalComponents.Fit(points).Components;
        ScientificPython.AssertClose(ScientificPython.NumbersOf(components), PrincipalComponents.Fit(-points).Components, 1e-10);
        ScientificPython.AssertClose(ScientificPython.NumbersOf(components), PrincipalComponents.Fit(points.flip(0)).Components, 1e-10);
    }

    [Fact]
    public void The_greatest_element_is_made_positive_and_rounding_does_not_choose_it()
    {
        double[] directions = [0.6, -0.8, -0.6, 0.8, -0.5, 0.5 + 1e-16, 0.5, -0.5 - 1e-12, -1, 0];
        PrincipalComponents.FixSigns(directions, 2);
        Assert.Equal([-0.6, 0.8, -0.6, 0.8, 0.5, -0.5 - 1e-16, 0.5, -0.5 - 1e-12, 1, 0], directions);
    }

    [Fact]
    public void Points_that_are_all_the_same_have_no_variance()
    {
        var found = PrincipalComponents.Fit(ones(4, 3));
        Assert.Equal([0.0, 0.0, 0.0], found.ExplainedVariance);
        Assert.Equal([0.0, 0.0, 0.0], found.ExplainedVarianceRatio);
        Assert.Equal(new double[12], ScientificPython.NumbersOf(found.Transform(ones(4, 3))));
    }

    [Fact]
    public void Results_outlive_the_scope_they_were_made_in()
    {
        PrincipalComponents found;
        using (NewDisposeScope())
        {
            found = PrincipalComponents.Fit(randn(5, 2));
        }

        Assert.Equal([5, 2], found.Transform(randn(5, 2)).shape);
    }

    [Fact]
    public void Bad_points_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(zeros(3)));
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(zeros(1, 3)));
        Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(zeros(3, 0)));
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(zeros(3, 3, ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("Row 1", Assert.Throws<ArgumentException>(() => PrincipalComponents.Fit(tensor(new[] { 1, 2, float.NaN, 4, 5, 6 }, [3, 2]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Fit(zeros(3, 5), 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Fit(zeros(3, 5), 0));
        Assert.Throws<ArgumentNullException>(() => PrincipalComponents.Fit(null!));
        var found = PrincipalComponents.Fit(randn(4, 3), 2);
        Assert.Throws<ArgumentException>(() => found.Transform(randn(4, 2)));
        Assert.Throws<ArgumentException>(() => found.InverseTransform(randn(4, 3)));
        Assert.Contains("Float32, and these points are Float64", Assert.Throws<ArgumentException>(() => found.Transform(randn([4, 3], ScalarType.Float64))).Message, StringComparison.Ordinal);
        Assert.Contains("Float32, and these points are Int64", Assert.Throws<ArgumentException>(() => found.InverseTransform(zeros([4, 2], ScalarType.Int64))).Message, StringComparison.Ordinal);
    }
}
