using System.Runtime.InteropServices;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>The activations that are less used: values and gradients of PyTorch 1.13, in double precision.</summary>
public class MoreActivationsTests
{
    private static readonly double[] Input = [-2.5, -1.0, -0.3, 0.0, 0.4, 1.2, 3.7, 7.0];

    public static TheoryData<string> Kinds => [.. Cases.Keys];

    // The gradients are of the sum; for softmin of the sum of its products with the input.
    private static Dictionary<string, (nn.Module<Tensor, Tensor> Layer, double[] Values, double[] Gradients)> Cases => new()
    {
        [nameof(nn.ELU)] = (nn.ELU(0.7), [-0.642540500963, -0.44248439118, -0.181427245523, 0.0, 0.4, 1.2, 3.7, 7.0], [0.057459499037, 0.25751560882, 0.518572754477, 0.7, 1.0, 1.0, 1.0, 1.0]),
        [nameof(nn.CELU)] = (nn.CELU(0.7), [-0.680319038176, -0.532244274491, -0.243992659728, 0.0, 0.4, 1.2, 3.7, 7.0], [0.028115658518, 0.239651034693, 0.65143906387, 1.00000001703, 1.0, 1.0, 1.0, 1.0]),
        [nameof(nn.SELU)] = (nn.SELU(), [-1.613785758873, -1.111330737813, -0.455667315379, 0.0, 0.420280394942, 1.260841184827, 3.887593653215, 7.354906911488], [0.144313581974, 0.646768603035, 1.302432025468, 1.758099340847, 1.050700987355, 1.050700987355, 1.050700987355, 1.050700987355]),
        [nameof(nn.GLU)] = (nn.GLU(), [-1.496719150281, -0.768524783499, -0.292761893575, 0.0], [0.598687660112, 0.768524783499, 0.975872978582, 0.999088948806, -0.600651864354, -0.177894440647, -0.007063472477, 0.0]),
        [nameof(nn.Mish)] = (nn.Mish(), [-0.196816203907, -0.303401461374, -0.151133177138, 0.0, 0.289030534072, 1.077945891765, 3.695694868671, 6.99998837981], [-0.10974357275, 0.059216755877, 0.408510876936, 0.6, 0.837017502542, 1.076350731095, 1.007234085285, 1.000021559161]),
        [nameof(nn.ReLU6)] = (nn.ReLU6(), [0.0, 0.0, 0.0, 0.0, 0.4, 1.2, 3.7, 6.0], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0]),
        [nameof(nn.Hardtanh)] = (nn.Hardtanh(-2, 0.5), [-2.0, -1.0, -0.3, 0.0, 0.4, 0.5, 0.5, 0.5], [0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]),
        [nameof(nn.Hardsigmoid)] = (nn.Hardsigmoid(), [0.083333333333, 0.333333333333, 0.45, 0.5, 0.566666666667, 0.7, 1.0, 1.0], [0.166666671634, 0.166666671634, 0.166666671634, 0.166666671634, 0.166666671634, 0.166666671634, 0.0, 0.0]),
        [nameof(nn.Hardswish)] = (nn.Hardswish(), [-0.208333333333, -0.333333333333, -0.135, 0.0, 0.226666666667, 0.84, 3.7, 7.0], [-0.333333333333, 0.166666666667, 0.4, 0.5, 0.633333333333, 0.9, 1.0, 1.0]),
        [nameof(nn.LogSigmoid)] = (nn.LogSigmoid(), [-2.578889734293, -1.313261687518, -0.854355244469, -0.69314718056, -0.5130152524, -0.263282467338, -0.024422845934, -0.000911466454], [0.924141819979, 0.73105857863, 0.574442516812, 0.5, 0.401312339888, 0.231475216501, 0.024127021418, 0.000911051194]),
        [nameof(nn.Softsign)] = (nn.Softsign(), [-0.714285714286, -0.5, -0.230769230769, 0.0, 0.285714285714, 0.545454545455, 0.787234042553, 0.875], [0.081632653061, 0.25, 0.591715976331, 1.0, 0.510204081633, 0.206611570248, 0.045269352648, 0.015625]),
        [nameof(nn.Tanhshrink)] = (nn.Tanhshrink(), [-1.513385701849, -0.238405844044, -0.008687387548, 0.0, 0.020051037745, 0.366345392988, 2.701221758719, 6.000001663056], [0.973407773317, 0.580025658386, 0.084863038173, 0.0, 0.144361213919, 0.694980003793, 0.997557975257, 0.999996673891]),
        [nameof(nn.Hardshrink)] = (nn.Hardshrink(), [-2.5, -1.0, 0.0, 0.0, 0.0, 1.2, 3.7, 7.0], [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
        [nameof(nn.Softshrink)] = (nn.Softshrink(), [-2.0, -0.5, 0.0, 0.0, 0.0, 0.7, 3.2, 6.5], [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
        [nameof(nn.Threshold)] = (nn.Threshold(0.3, -4), [-4.0, -4.0, -4.0, -4.0, 0.4, 1.2, 3.7, 7.0], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]),
        [nameof(nn.Softmin)] = (nn.Softmin(0), [0.667614970949, 0.148965035385, 0.073973847351, 0.054801173972, 0.036734325459, 0.016505796406, 0.001354878275, 4.9972202e-05], [0.467109448332, -0.119221347065, -0.110985261996, -0.098660256506, -0.080827677866, -0.049522853893, -0.007452279082, -0.000439771924]),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_and_gradients_are_PyTorchs(string kind)
    {
        var (layer, values, gradients) = Cases[kind];
        var x = tensor(Input, requires_grad: true);
        var y = layer.call(x);
        var loss = kind == nameof(nn.Softmin) ? y.mul(x.detach()).sum() : y.sum();
        loss.backward();
        Assert.Equal(values, y.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-11);

        // PyTorch 1.13 rounds some constants of the backward functions to single precision.
        Assert.Equal(gradients, x.grad!.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 3e-8);
    }

    [Fact]
    public void A_change_in_place_gives_the_same_and_is_the_input()
    {
        Func<Tensor, bool, Tensor>[] functions =
        [
            (x, inplace) => F.elu(x, 0.7, inplace), (x, inplace) => F.celu(x, 0.7, inplace), F.selu, F.mish, F.relu6, (x, inplace) => F.hardtanh(x, -1, 2, inplace),
            F.hardsigmoid, F.hardswish, F.softsign, F.tanhshrink, (x, inplace) => F.threshold(x, 0.5, 3, inplace),
        ];
        foreach (var function in functions)
        {
            var x = tensor(Input);
            var expected = function(x, false).data<double>().ToArray();
            Assert.Equal(Input, x.data<double>().ToArray());
            Assert.Equal(expected, function(x, true).data<double>().ToArray());
            Assert.Equal(expected, x.data<double>().ToArray());
        }
    }

    [Fact]
    public void What_no_activation_can_take_is_refused()
    {
        Assert.Contains("[2, 3]", Assert.Throws<ExternalException>(() => F.glu(zeros(2, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("glu", Assert.Throws<ExternalException>(() => F.glu(tensor(1.0))).Message, StringComparison.Ordinal);
        Assert.Contains("lambda", Assert.Throws<ExternalException>(() => F.softshrink(zeros(2), -1)).Message, StringComparison.Ordinal);
    }
}
