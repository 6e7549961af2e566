using System.Runtime.InteropServices;
using TransformerTutorial.Testing;
using static TorchSharp.torch;
using Reduction = TorchSharp.torch.nn.Reduction;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Normalisations and losses: plain loops in double, gradients by two ways, running statistics, errors.</summary>
public class NormalizationTests
{
    private static Tensor Numbers(int number, params long[] shape)
    {
        var random = TestSeed.Random(number);
        var count = (int)shape.Aggregate(1L, (x, y) => x * y);
        return tensor(Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * 4).ToArray()).reshape(shape);
    }

    private static void AssertSameGradients(Tensor y, params Tensor[] inputs)
    {
        var g = Numbers(99, y.shape);
        var fused = autograd.grad([y], inputs, [g], retain_graph: true);
        var composed = autograd.grad([y], inputs, [g], create_graph: true);
        foreach (var (first, second) in fused.Zip(composed))
        {
            Assert.True(first!.allclose(second!, 1e-10, 1e-12));
        }
    }

    [Fact]
    public void Layer_normalisation_agrees_with_a_plain_loop_and_its_gradients_with_composed_ones()
    {
        var (x, weight, bias) = (Numbers(1, 3, 5, 7).requires_grad_(), Numbers(2, 7).requires_grad_(), Numbers(3, 7).requires_grad_());
        var y = Normalization.LayerNorm(x, [7], weight, bias, 1e-5);
        var (values, w, b) = (x.data<double>().ToArray(), weight.data<double>().ToArray(), bias.data<double>().ToArray());
        var result = y.data<double>().ToArray();
        for (var row = 0; row < 15; row++)
        {
            var part = values[(row * 7)..((row + 1) * 7)];
            var mean = part.Average();
            var variance = part.Sum(value => (value - mean) * (value - mean)) / 7;
            for (var i = 0; i < 7; i++)
            {
                Assert.Equal(((part[i] - mean) / Math.Sqrt(variance + 1e-5) * w[i]) + b[i], result[(row * 7) + i], 1e-12);
            }
        }

        AssertSameGradients(y, x, weight, bias);
    }

    /// <summary>What libtorch's function does, which TorchSharp calls as it is: PyTorch's Python would refuse.</summary>
    [Fact]
    public void Batch_normalisation_of_one_value_leaves_the_bias_and_no_running_variance()
    {
        var (x, weight, bias) = (Numbers(14, 1, 3, 1).requires_grad_(), Numbers(15, 3), Numbers(16, 3));
        var (mean, variance) = (zeros(3, dtype: ScalarType.Float64), ones(3, dtype: ScalarType.Float64));

        var y = nn.functional.batch_norm(x, mean, variance, weight, bias, training: true);

        Assert.Equal(bias.data<double>().ToArray(), y.data<double>().ToArray());
        Assert.True(mean.allclose(x.detach().view(3) * 0.1));
        Assert.All(variance.data<double>().ToArray(), value => Assert.Equal(double.NaN, value));
        y.sum().backward();
        Assert.Equal(new double[3], x.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Batch_normalisation_uses_the_batch_in_training_and_the_running_statistics_in_evaluation()
    {
        var x = Numbers(4, 6, 3, 2);
        var (mean, variance) = (zeros(3, dtype: ScalarType.Float64), ones(3, dtype: ScalarType.Float64));
        var y = Normalization.BatchNorm(x, mean, variance, null, null, training: true, 0.1, 0);
        Assert.True(y.mean([0, 2]).allclose(zeros(3, dtype: ScalarType.Float64), atol: 1e-12));
        Assert.True(y.var([0, 2], unbiased: false).allclose(ones(3, dtype: ScalarType.Float64)));
        Assert.True(mean.allclose(x.mean([0, 2]) * 0.1));
        Assert.True(variance.allclose((x.var([0, 2]) * 0.1) + 0.9));
        var evaluated = Normalization.BatchNorm(x, mean, variance, null, null, training: false, 0.1, 1e-5);
        Assert.True(evaluated.allclose((x - mean.view(1, 3, 1)) / (variance.view(1, 3, 1) + 1e-5).sqrt()));
    }

    [Fact]
    public void Groups_are_normalised_by_themselves_and_instances_are_groups_of_one_channel()
    {
        var x = Numbers(5, 2, 4, 3);
        var y = Normalization.GroupNorm(x, 2, null, null, 0).view(2, 2, 6);
        Assert.True(y.mean([2]).allclose(zeros(2, 2, dtype: ScalarType.Float64), atol: 1e-12));
        Assert.True(y.var([2], unbiased: false).allclose(ones(2, 2, dtype: ScalarType.Float64)));
        Assert.True(Normalization.InstanceNorm(x, null, null, null, null, true, 0.1, 1e-5).allclose(Normalization.GroupNorm(x, 4, null, null, 1e-5)));
    }

    [Theory]
    [InlineData(Reduction.None, 0)]
    [InlineData(Reduction.Mean, 0)]
    [InlineData(Reduction.Sum, 0.25)]
    [InlineData(Reduction.Mean, 0.25)]
    public void Cross_entropy_is_composed_of_log_softmax_and_likelihood(Reduction reduction, double smoothing)
    {
        var (x, weight) = (Numbers(6, 5, 4, 2).requires_grad_(), Numbers(7, 4).abs());
        var target = tensor(new long[] { 0, 3, 1, 2, -100, 3, 1, 0, 2, -100 }).view(5, 2);
        var loss = Losses.CrossEntropy(x, target, weight, -100, reduction, smoothing);
        var logs = x.log_softmax(1);
        var likelihood = Losses.NegativeLogLikelihood(logs, target, weight, -100, Reduction.None);
        var counts = target.ne(-100);
        var smooth = -(logs * weight.view(1, 4, 1)).sum([1]) * counts.to(ScalarType.Float64);
        var each = (likelihood * (1 - smoothing)) + (smooth * (smoothing / 4));
        var total = weight.index_select(0, target.masked_fill(counts.logical_not(), 0).view(-1)).view(5, 2).masked_fill(counts.logical_not(), 0).sum();
        var expected = reduction switch { Reduction.None => each, Reduction.Sum => each.sum(), _ => each.sum() / total };
        Assert.True(loss.allclose(expected, 1e-10, 1e-12));
        AssertSameGradients(loss, x);
        var g = Numbers(8, loss.shape);
        Assert.True(autograd.grad([loss], [x], [g])[0]!.allclose(autograd.grad([expected], [x], [g])[0]!, 1e-10, 1e-12));
    }

    [Fact]
    public void Classes_that_do_not_exist_and_shapes_that_do_not_fit_are_errors()
    {
        var x = Numbers(9, 2, 3);
        foreach (var target in (Tensor[])[tensor(new long[] { 0, 3 }), tensor(new long[] { 0, -1 }), tensor(new long[] { 0 }), tensor(new int[] { 0, 1 })])
        {
            var message = Assert.Throws<ExternalException>(() => Losses.CrossEntropy(x, target, null, -100, Reduction.Mean, 0)).Message;
            Assert.Contains("[2, 3]", message, StringComparison.Ordinal);
        }

        Assert.Contains("[2, 3]", Assert.Throws<ExternalException>(() => Normalization.LayerNorm(x, [4], null, null, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3]", Assert.Throws<ExternalException>(() => Normalization.GroupNorm(x, 2, null, null, 0)).Message, StringComparison.Ordinal);
    }
}
