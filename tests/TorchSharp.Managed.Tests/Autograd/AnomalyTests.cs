using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Autograd;

/// <summary>The mode that finds where NaN comes from.</summary>
public class AnomalyTests
{
    [Fact]
    public void NaN_in_a_gradient_names_the_operation_and_where_it_was_called()
    {
        using var mode = autograd.detect_anomaly();
        var x = tensor(new[] { 0f, 4f }, requires_grad: true);
        var loss = RootsTimesZero(x);
        var error = Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Contains("'sqrt'", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2]", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(RootsTimesZero), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NaN_passes_when_nobody_looks_for_it()
    {
        var x = tensor(new[] { 0f, 4f }, requires_grad: true);
        using (autograd.detect_anomaly(check_nan: false))
        {
            Assert.True(AnomalyMode.IsEnabled);
            Assert.False(AnomalyMode.ShouldCheckNaN);
            RootsTimesZero(x).backward();
            using (autograd.set_detect_anomaly(false))
            {
                Assert.False(AnomalyMode.IsEnabled);
            }

            Assert.True(AnomalyMode.IsEnabled);
        }

        Assert.False(AnomalyMode.IsEnabled);
        Assert.True(AnomalyMode.ShouldCheckNaN);
        RootsTimesZero(x).backward();
        Assert.True(float.IsNaN(x.grad!.data<float>()[0]));
    }

    // 0 times the infinite slope of the root at 0.
    private static Tensor RootsTimesZero(Tensor x) => (x.sqrt() * 0).sum();
}
