using TorchSharp;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using TransformerTutorial.Tests.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Layers;

/// <summary>The feed-forward network against its formulas.</summary>
[Collection(ModelDraws.Name)]
public class FeedForwardTests
{
    [Theory]
    [InlineData(FeedForwardActivation.Relu)]
    [InlineData(FeedForwardActivation.Gelu)]
    [InlineData(FeedForwardActivation.SwiGlu)]
    public void It_is_its_formula(FeedForwardActivation activation)
    {
        manual_seed(1);
        var layer = new FeedForward(new(4, 6) { Activation = activation });
        layer.to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var parameter in layer.parameters().Where(parameter => parameter.ndim == 1))
            {
                parameter.copy_(randn(parameter.shape, ScalarType.Float64));
            }
        }

        var x = randn([2, 3, 4], ScalarType.Float64);
        var wide = x.matmul(layer.Up.weight!.t()) + layer.Up.bias!;
        var hidden = activation switch
        {
            FeedForwardActivation.Relu => wide.clamp_min(0),
            FeedForwardActivation.Gelu => wide * 0.5 * (1 + (wide / Math.Sqrt(2)).erf()),
            _ => Silu(x.matmul(layer.Gate!.weight!.t()) + layer.Gate.bias!) * wide,
        };
        var expected = hidden.matmul(layer.Down.weight!.t()) + layer.Down.bias!;
        ModelNumbers.AssertClose(ModelNumbers.NumbersOf(expected), layer.call(x));

        static Tensor Silu(Tensor x) => x / (1 + (-x).exp());
    }

    [Fact]
    public void Its_parameters_are_two_matrices_and_biases_or_three()
    {
        Assert.Equal((5 * 7 * 2) + 7 + 5, new FeedForward(5, 7).ParameterCount());
        Assert.Equal(5 * 7 * 2, new FeedForward(new(5, 7) { HasBias = false, Activation = FeedForwardActivation.Gelu }).ParameterCount());
        Assert.Equal((5 * 7 * 3) + 7 + 7 + 5, new FeedForward(new(5, 7) { Activation = FeedForwardActivation.SwiGlu }).ParameterCount());
        Assert.Equal(["down.bias", "down.weight", "up.bias", "up.weight"], new FeedForward(5, 7).state_dict().Keys.Order());
    }

    [Fact]
    public void Weights_begin_uniform_with_Glorots_variance_and_biases_with_zero()
    {
        manual_seed(2);
        var layer = new FeedForward(200, 300);
        foreach (var map in new[] { layer.Up, layer.Down })
        {
            var bound = Math.Sqrt(6.0 / 500);
            Assert.Equal(bound, map.weight!.abs().max().item<float>(), bound / 100);
            Assert.Equal(bound / Math.Sqrt(3), map.weight.std().item<float>(), bound / 100);
            Assert.Equal(0, map.bias!.abs().max().item<float>());
        }
    }

    [Fact]
    public void Dropout_takes_hidden_numbers_in_training_only()
    {
        manual_seed(3);
        var layer = new FeedForward(new(8, 1000) { Dropout = 0.25 });
        var x = randn(1, 8);
        layer.eval();
        ModelNumbers.AssertSameBits(layer.call(x), layer.call(x));
        layer.train();
        ModelNumbers.AssertOtherBits(layer.call(x), layer.call(x));
    }

    [Fact]
    public void Wrong_widths_types_and_options_are_refused_with_numbers()
    {
        ModelNumbers.AssertSays<ArgumentException>(() => new FeedForward(8, 9).call(zeros(2, 7)), "8", "(2, 7)");
        ModelNumbers.AssertSays<ArgumentException>(() => new FeedForward(8, 9).call(zeros([2, 8], ScalarType.Float64)), "Float64");
        ModelNumbers.AssertSays<ArgumentException>(() => _ = new FeedForward(8, 0), "8", "0");
        ModelNumbers.AssertSays<ArgumentException>(() => _ = new FeedForward(new(8, 9) { Dropout = -1 }), "-1");
    }
}
