using TransformerTutorial.Layers;
using TransformerTutorial.Tests.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Layers;

/// <summary>Residual connections against their formulas.</summary>
[Collection(ModelDraws.Name)]
public class ResidualTests
{
    [Theory]
    [InlineData(NormPlacement.Before, NormKind.Layer)]
    [InlineData(NormPlacement.Before, NormKind.RootMeanSquare)]
    [InlineData(NormPlacement.After, NormKind.Layer)]
    [InlineData(NormPlacement.After, NormKind.RootMeanSquare)]
    public void It_is_its_formula(NormPlacement placement, NormKind kind)
    {
        manual_seed(1);
        var residual = new Residual(6, placement, kind);
        using var off = no_grad();
        residual.get_parameter("norm.weight")!.copy_(randn(6));
        var x = 3 * randn(2, 4, 6);
        Tensor Norm(Tensor y)
        {
            var centred = kind == NormKind.Layer ? y - y.mean([-1], keepdim: true) : y;
            return centred / (centred.square().mean([-1], keepdim: true) + (kind == NormKind.Layer ? 1e-5 : 1e-6)).sqrt() * residual.get_parameter("norm.weight")!;
        }

        static Tensor Sublayer(Tensor y) => (2 * y) + y.square();
        var expected = placement == NormPlacement.Before ? x + Sublayer(Norm(x)) : Norm(x + Sublayer(x));
        ModelNumbers.AssertClose(ModelNumbers.NumbersOf(expected), residual.call(x, Sublayer), 1e-4);
    }

    [Fact]
    public void With_the_norm_before_a_sublayer_of_zeros_changes_nothing_and_gradients_pass_whole()
    {
        var residual = new Residual(5);
        var x = randn(3, 5).requires_grad_();
        var y = residual.call(x, z => z * 0);
        ModelNumbers.AssertSameBits(x, y);
        y.sum().backward();
        ModelNumbers.AssertSameBits(ones(3, 5), x.grad!);
    }

    [Fact]
    public void Dropout_takes_the_sublayers_output_and_never_the_input()
    {
        manual_seed(2);
        var residual = new Residual(1000, dropout: 0.25);
        var x = randn(1, 1000);
        var change = residual.call(x, y => ones(1, 1000)) - x;
        var kept = change.gt(0.5).to(ScalarType.Float32).mean().item<float>();
        Assert.Equal(0.75, kept, 0.06);
        Assert.Equal(1 / 0.75, change.max().item<float>(), 1e-5);
        residual.eval();
        ModelNumbers.AssertSameBits(x + 1, residual.call(x, y => ones(1, 1000)));
    }

    [Fact]
    public void A_sublayer_that_changes_the_shape_is_refused()
    {
        ModelNumbers.AssertSays<ArgumentException>(() => new Residual(5).call(zeros(3, 5), y => y.sum(0, keepdim: true)), "(1, 5)", "(3, 5)");
        Assert.Throws<ArgumentException>(() => new Residual(5, dropout: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Residual(5, (NormPlacement)9));
    }
}
