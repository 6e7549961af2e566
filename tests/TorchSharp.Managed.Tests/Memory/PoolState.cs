using System.Runtime.CompilerServices;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>Tests of the pool behind all tensors: they run while no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class PoolState
{
    /// <summary>The collection's name.</summary>
    public const string Name = "the buffer pool";

    /// <summary>Bytes in use once the garbage collector has found all that is out of reach.</summary>
    internal static long RentedAfterCollection()
    {
        // What one collection's finalizers let go of is found by the next.
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return BufferPool.RentedBytes;
    }

    /// <summary>Runs something twice, once to warm up caches, and asserts that afterwards no more memory is in use than before.</summary>
    internal static void AssertNothingStays(Action action)
    {
        Run(action);
        var before = RentedAfterCollection();
        Run(action);
        Assert.Equal(before, RentedAfterCollection());
    }

    // What it leaves in its registers and in its frame is gone when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(Action action) => action();
}
