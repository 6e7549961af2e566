using System.Runtime.InteropServices;
using TorchSharp.Managed.Tests.Properties;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>
/// No kernel works on memory whose tensor the garbage collector has already found: results have the same bits while another thread collects all the time and every buffer
/// that comes back is overwritten.
/// </summary>
/// <remarks>Unoptimised code keeps its locals alive to the end, which hides what is looked for: with <c>DOTNET_TieredCompilation=0</c> these tests see most.</remarks>
[Collection(PoolState.Name)]
public class FinalizationTests
{
    private const int Steps = 120;
    private const int Rounds = 8;

    // Operations without a graph, on tensors that nobody knows any more once the operation has begun.
    private static readonly Func<torch.Tensor, torch.Tensor>[] Operations =
    [
        x => x.neg().gt(0), x => x.neg().ne(x.mul(2)), x => x.neg().isfinite(), x => x.neg().argmax(), x => x.neg().to(ScalarType.Int64), x => x.neg().t().contiguous(), x => x.gt(0).any(),
        x => x.neg().nonzero(), x => x.gt(0).logical_not(), x => x.mul(1000).to(ScalarType.Int32).mul(3), x => x.mul(1000).to(ScalarType.Int64).sum(), x => x.neg().max(),
        x => tensor(x.neg().data<float>().ToArray()), x => x.neg().softmax(1), x => cat([x.neg(), x.mul(2)]), x => x.neg().narrow(0, 0, 100).argsort(1),
    ];

    [Fact]
    public void Operations_on_forgotten_tensors_give_the_same_bits_while_the_garbage_collector_runs_all_the_time()
    {
        var x = arange(1_000_000, ScalarType.Float32).sin().view(1000, 1000);
        var expected = Operations.Select(operation => Bits(operation(x))).ToArray();

        WhileCollecting(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                Assert.All(Operations.Zip(expected), pair => Assert.Equal(pair.Second, Bits(pair.First(x))));
            }
        });
    }

    [Fact]
    public void Training_gives_the_same_bits_while_the_garbage_collector_runs_all_the_time()
    {
        var expected = Train();
        WhileCollecting(() => Assert.Equal(expected, Train()));
    }

    private static void WhileCollecting(Action assertions)
    {
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
            assertions();
        }
        finally
        {
            stop.Cancel();
            collector.Join();
            BufferPool.IsPoisoning = false;
        }

        Assert.True(collections > 10, $"only {collections} collections");
    }

    // A hash: the bits themselves would be large arrays in the way of the collector.
    private static ulong Bits(torch.Tensor result)
    {
        var hash = 14695981039346656037UL;
        var bits = RandomTensors.Bits(result);
        foreach (var part in bits.Length < sizeof(ulong) ? [bits[0]] : MemoryMarshal.Cast<byte, ulong>(bits))
        {
            hash = (hash ^ part) * 1099511628211UL;
        }

        return hash;
    }

    private static float[] Train()
    {
        manual_seed(3);
        var model = new SmallTranslator(layers: 2);
        return [.. Enumerable.Range(0, Steps).Select(_ => model.Step()), .. model.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }
}
