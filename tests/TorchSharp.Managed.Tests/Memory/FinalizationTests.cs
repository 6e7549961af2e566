using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>
/// No kernel works on memory whose tensor the garbage collector has already found: training gives the same bits while another thread collects all the time and every buffer
/// that comes back is overwritten.
/// </summary>
[Collection(PoolState.Name)]
public class FinalizationTests
{
    private const int Steps = 120;

    [Fact]
    public void Training_gives_the_same_bits_while_the_garbage_collector_runs_all_the_time()
    {
        var expected = Train();
        using var stop = new CancellationTokenSource();
        var collections = 0;
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
                collections++;
            }
        });
        BufferPool.IsPoisoning = true;
        try
        {
            collector.Start();
            Assert.Equal(expected, Train());
        }
        finally
        {
            stop.Cancel();
            collector.Join();
            BufferPool.IsPoisoning = false;
        }

        Assert.True(collections > Steps, $"only {collections} collections");
    }

    private static float[] Train()
    {
        manual_seed(3);
        var model = new SmallTranslator(layers: 2);
        return [.. Enumerable.Range(0, Steps).Select(_ => model.Step()), .. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }
}
