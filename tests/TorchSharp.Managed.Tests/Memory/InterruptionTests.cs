using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>A thread that is interrupted in the middle of its tensors leaves everything usable, for itself and for others.</summary>
[Collection(PoolState.Name)]
public sealed class InterruptionTests : IDisposable
{
    private readonly int _count = Workers.Count;

    public void Dispose() => Workers.Count = _count;

    [Fact]
    public void A_thread_interrupted_again_and_again_keeps_computing_the_same()
    {
        Workers.Count = 3;
        using var x = arange(40_000, ScalarType.Float32).sin().view(200, 200);
        using var expected = Compute(x);
        var before = PoolState.RentedAfterCollection();
        var (interrupts, attempts, wrong, isClosed) = (0, 0, 0, false);
        var thread = new Thread(() =>
        {
            while (interrupts < 20)
            {
                try
                {
                    using var scope = NewDisposeScope();
                    using var half = x.mul(0.5);
                    if (++attempts % 10 == 0)
                    {
                        // Operations wait for each other's threads, and are interrupted there, only where there are processors enough: here always.
                        Thread.Sleep(2);
                    }

                    if (!Compute(x).eq(expected).all().item<bool>())
                    {
                        wrong++;
                    }
                }
                catch (ThreadInterruptedException)
                {
                    interrupts++;
                }
            }

            isClosed = DisposeScopeManager.ThreadSingleton.CurrentDisposeScope is null;
        });
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(1)))
        {
            thread.Interrupt();
        }

        Assert.Equal(0, wrong);
        Assert.True(isClosed);
        Assert.Equal(before, PoolState.RentedAfterCollection());
        using var again = Compute(x);
        Assert.True(again.eq(expected).all().item<bool>());
    }

    private static torch.Tensor Compute(torch.Tensor x)
    {
        using var scope = NewDisposeScope();
        using var leaf = x.detach().clone().requires_grad_();
        leaf.matmul(x).softmax(1).add(leaf.exp()).mul(0.01).sum().backward();
        return leaf.grad!.MoveToOuterDisposeScope();
    }
}
