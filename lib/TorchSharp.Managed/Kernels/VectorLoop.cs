using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>What a loop does with the elements of its buffers, a vector at a time.</summary>
internal interface IVectorStep<T>
    where T : unmanaged
{
    /// <summary>Computes the elements from <paramref name="index"/> on: <paramref name="count"/> of them where the end is nearer than the lanes of a vector.</summary>
    void At(long index, long count);
}

/// <summary>Loops over contiguous buffers. The last elements, fewer than a vector's lanes, are computed by a method of their own, so that the loop holds no code for them.</summary>
internal static class VectorLoop
{
    /// <summary>Computes n elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TStep>(TStep step, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TStep : struct, IVectorStep<T>
    {
        var i = 0L;
        for (; i + Vector512<T>.Count <= n; i += Vector512<T>.Count)
        {
            step.At(i, Vector512<T>.Count);
        }

        if (i < n)
        {
            Last<T, TStep>(step, i, n - i);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Last<T, TStep>(TStep step, long i, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TStep : struct, IVectorStep<T> => step.At(i, count);
}
