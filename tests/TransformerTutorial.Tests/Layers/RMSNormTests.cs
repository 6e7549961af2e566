using TorchSharp;
using TransformerTutorial.Layers;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Layers;

/// <summary>Root-mean-square normalisation against the formula written out.</summary>
public class RMSNormTests
{
    [Fact]
    public void A_vector_is_divided_by_its_root_mean_square_and_weighted()
    {
        var norm = new RMSNorm(3, eps: 1e-5);
        using (no_grad())
        {
            norm.get_parameter("weight")!.copy_(tensor(new[] { 1f, 2f, -1f }));
        }

        var x = new[,] { { 3f, 4f, 0f }, { -1e3f, 2e3f, 5e2f }, { 0f, 0f, 0f } };
        var y = norm.call(tensor(x));
        float[] weight = [1, 2, -1];
        for (var i = 0; i < 3; i++)
        {
            var rms = Math.Sqrt(((x[i, 0] * (double)x[i, 0]) + (x[i, 1] * (double)x[i, 1]) + (x[i, 2] * (double)x[i, 2])) / 3 + 1e-5);
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(x[i, j] / rms * weight[j], y[i, j].item<float>(), 1e-6 * Math.Abs(weight[j]) * 2);
            }
        }
    }

    [Fact]
    public void The_gradient_is_the_change_over_the_step()
    {
        var norm = new RMSNorm(4);
        norm.to(ScalarType.Float64);
        var x = tensor(new[] { 0.3, -1.2, 0.8, 2.0 }).requires_grad_();
        var g = tensor(new[] { 1.0, 0.5, -2.0, 0.25 });
        (norm.call(x) * g).sum().backward();
        for (var j = 0; j < 4; j++)
        {
            var step = zeros(4, ScalarType.Float64);
            step[j] = tensor(1e-6);
            var change = ((norm.call(x + step) - norm.call(x - step)) * g).sum().item<double>() / 2e-6;
            Assert.Equal(change, x.grad![j].item<double>(), 1e-8);
        }
    }

    [Fact]
    public void The_weight_is_the_only_parameter_and_begins_with_ones()
    {
        var named = Assert.Single(new RMSNorm(5).named_parameters());
        Assert.Equal("weight", named.name);
        Assert.Equal([1f, 1f, 1f, 1f, 1f], named.parameter.data<float>().ToArray());
    }

    [Fact]
    public void Another_width_is_refused_with_both()
    {
        var error = Assert.Throws<ArgumentException>(() => new RMSNorm(5).call(zeros(2, 4)));
        Assert.Contains("5 features", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 4]", error.Message, StringComparison.Ordinal);
    }
}
