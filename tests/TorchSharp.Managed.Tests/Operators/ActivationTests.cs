using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Activations against their formulas in double, and the gradients that are computed in one pass against those that are composed.</summary>
public class ActivationTests
{
    private static readonly (string Name, Func<Tensor, Tensor> Function, Func<double, double> Formula)[] Functions =
    [
        ("relu", x => x.relu(), x => Math.Max(x, 0)),
        ("relu6", x => x.relu6(), x => Math.Clamp(x, 0, 6)),
        ("leaky_relu", x => x.leaky_relu(0.1), x => x > 0 ? x : 0.1 * x),
        ("elu", x => x.elu(0.7), x => x > 0 ? x : 0.7 * (Math.Exp(x) - 1)),
        ("selu", x => x.selu(), x => 1.0507009873554804934 * (x > 0 ? x : 1.6732632423543772848 * (Math.Exp(x) - 1))),
        ("celu", x => x.celu(2), x => x > 0 ? x : 2 * (Math.Exp(x / 2) - 1)),
        ("sigmoid", x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ("tanh", x => x.tanh(), Math.Tanh),
        ("silu", x => x.silu(), x => x / (1 + Math.Exp(-x))),
        ("softplus", x => x.softplus(2, 5), x => 2 * x > 5 ? x : Math.Log(1 + Math.Exp(2 * x)) / 2),
        ("log_sigmoid", x => x.log_sigmoid(), x => -Math.Log(1 + Math.Exp(-x))),
        ("mish", x => x.mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ("hardtanh", x => x.hardtanh(-0.5, 1.5), x => Math.Clamp(x, -0.5, 1.5)),
        ("hardsigmoid", x => x.hardsigmoid(), x => Math.Clamp(x + 3, 0, 6) / 6),
        ("hardswish", x => x.hardswish(), x => x * Math.Clamp(x + 3, 0, 6) / 6),
        ("gelu", x => x.gelu(), x => x * NormalProbability(x)),
    ];

    public static TheoryData<string> FunctionNames => [.. Functions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void An_activation_follows_its_formula(string name)
    {
        var (_, function, formula) = Functions.Single(one => one.Name == name);
        var x = linspace(-7, 7, 141, float64);
        AssertClose(Array.ConvertAll(x.data<double>().ToArray(), value => formula(value)), function(x), 1e-12);
        AssertClose(Array.ConvertAll(x.data<double>().ToArray(), value => formula(value)), function(x.@float()), 2e-6);
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void A_slope_is_that_of_the_formula(string name)
    {
        var (_, function, formula) = Functions.Single(one => one.Name == name);

        // Between the kinks.
        var x = linspace(-6.93, 7.07, 57, float64).requires_grad_();
        function(x).sum([0]).backward();
        AssertClose(Array.ConvertAll(x.data<double>().ToArray(), value => (formula(value + 1e-6) - formula(value - 1e-6)) / 2e-6), x.grad!, 1e-7);
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void The_quick_gradient_is_the_composed_one(string name)
    {
        var function = Functions.Single(one => one.Name == name).Function;
        foreach (var (type, bound) in new[] { (float32, 1e-6), (float64, 1e-14) })
        {
            var x = PointwiseTests.Numbers([5, 40], type).requires_grad_();
            var weights = PointwiseTests.Numbers([5, 40], type);
            var quick = autograd.grad([function(x)], [x], [weights])[0];
            var composed = autograd.grad([function(x)], [x], [weights], create_graph: true)[0];
            AssertClose(quick.to(float64).data<double>().ToArray(), composed.detach(), bound);
        }
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void The_second_derivative_is_the_slope_of_the_first(string name)
    {
        var function = Functions.Single(one => one.Name == name).Function;
        var x = linspace(-4.93, 5.07, 41, float64).requires_grad_();
        var first = autograd.grad([function(x).sum([0])], [x], create_graph: true)[0];
        if (!first.requires_grad)
        {
            return;
        }

        var second = autograd.grad([first.sum([0])], [x])[0];
        AssertClose(Slope(1e-6).sub(Slope(-1e-6)).div(2e-6).data<double>().ToArray(), second, 1e-6);

        Tensor Slope(double shift)
        {
            var at = x.detach().add(shift).requires_grad_();
            return autograd.grad([function(at).sum([0])], [at])[0];
        }
    }

    [Fact]
    public void Each_channel_has_its_slope()
    {
        var x = tensor(new[,] { { -1f, -2 }, { 3, -4 } }, requires_grad: true);
        var slopes = tensor(new[] { 0.5f, 0.25f }, requires_grad: true);
        var y = x.prelu(slopes);
        Assert.Equal([-0.5f, -0.5f, 3, -1], y.data<float>().ToArray());
        y.sum([0, 1]).backward();
        Assert.Equal([0.5f, 0.25f, 1, 0.25f], x.grad!.data<float>().ToArray());
        Assert.Equal([-1f, -6], slopes.grad!.data<float>().ToArray());
        Assert.Throws<ExternalException>(() => x.prelu(ones(3)));
    }

    [Fact]
    public void Large_arguments_stay_exact()
    {
        Assert.Equal([-100f, 0], tensor(new[] { -100f, 200 }).log_sigmoid().data<float>().ToArray());
        Assert.Equal([0f, 1], tensor(new[] { -200f, 200 }).sigmoid().data<float>().ToArray());
        Assert.Equal([0f, 100], tensor(new[] { -200f, 100 }).softplus().data<float>().ToArray());
        Assert.Equal([-0f, 50], tensor(new[] { -50f, 50 }).gelu().data<float>().ToArray());
    }

    [Fact]
    public void Activations_of_whole_numbers_are_refused_where_PyTorch_refuses_them()
    {
        Assert.Throws<ExternalException>(() => ones([2], int64).gelu());
        Assert.Throws<ExternalException>(() => ones([2], int64).silu());
        Assert.Throws<ExternalException>(() => ones([2], @bool).relu());
    }

    // The series of the error function, which converges for all x (Abramowitz and Stegun, 1964, 7.1.6).
    private static double NormalProbability(double x)
    {
        var (sum, term) = (0.0, Math.Abs(x));
        for (var n = 1; n < 300; n++)
        {
            sum += term;
            term *= x * x / ((2 * n) + 1);
        }

        return 0.5 + (Math.Sign(x) * sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    private static void AssertClose(double[] expected, Tensor actual, double bound)
    {
        using var values = actual.to(float64);
        foreach (var (x, y) in expected.Zip(values.data<double>().ToArray()))
        {
            Assert.InRange(Math.Abs(x - y), 0, bound * Math.Max(1, Math.Abs(x)));
        }
    }
}
