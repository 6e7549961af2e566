using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>Memory of a long training run.</summary>
[Collection(PoolState.Name)]
public class TrainingMemoryTests
{
    [Fact]
    public void Ten_thousand_steps_without_a_single_dispose_do_not_grow()
    {
        manual_seed(1);
        var model = new SmallTranslator();
        PoolState.RentedAfterCollection();
        BufferPool.Trim();
        var most = new long[10];
        var loss = 0f;
        for (var step = 0; step < 10_000; step++)
        {
            loss = model.Step();
            most[step / 1000] = Math.Max(most[step / 1000], BufferPool.RentedBytes + BufferPool.PooledBytes);
        }

        // The first thousand steps show what garbage there is between two collections; one step's tensors kept would be a hundredfold of that in the end.
        Assert.InRange(loss, 0, 0.5);
        Assert.True(most.Max() < 2 * most[0], $"bytes of buffers, the most in each thousand steps: {string.Join(", ", most)}");
    }

    [Fact]
    public void Steps_in_a_dispose_scope_leave_nothing_to_the_garbage_collector()
    {
        using var model = new SmallTranslator();
        PoolState.RentedAfterCollection();
        var rented = new List<long>();
        for (var step = 0; step < 50; step++)
        {
            using (NewDisposeScope())
            {
                model.Step();
            }

            rented.Add(BufferPool.RentedBytes);
        }

        Assert.Single(rented.Distinct());
    }
}
