using System.Numerics;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// The greatest and the least element, and where they stand first. A NaN counts as greater and as less than all others, as in PyTorch.
/// An empty buffer has no extremum: callers refuse it.
/// </summary>
internal static unsafe class Extrema
{
    /// <summary>The greatest of n >= 1 floats or doubles, <paramref name="stride"/> elements apart; NaN if there is one.</summary>
    public static T Max<T>(T* x, long n, long stride = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => x[ArgMax(x, n, stride) * stride];

    /// <summary>The least of n >= 1 floats or doubles, <paramref name="stride"/> elements apart; NaN if there is one.</summary>
    public static T Min<T>(T* x, long n, long stride = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => x[ArgMin(x, n, stride) * stride];

    /// <summary>The index of the first greatest element: [2, 5, 5] -> 1; of the first NaN if there is one: [2, NaN, 5] -> 1.</summary>
    public static long ArgMax<T>(T* x, long n, long stride = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => Find<T, Greater<T>>(x, n, stride);

    /// <summary>The index of the first least element: [2, 1, 1] -> 1; of the first NaN if there is one: [2, NaN, 1] -> 1.</summary>
    public static long ArgMin<T>(T* x, long n, long stride = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => Find<T, Less<T>>(x, n, stride);

    /// <summary>The index of the first greatest of n >= 1 whole numbers.</summary>
    public static long ArgMaxOfWhole<T>(T* x, long n, long stride = 1)
        where T : unmanaged, IBinaryInteger<T>
    {
        var best = 0L;
        for (var i = 1L; i < n; i++)
        {
            best = x[i * stride] > x[best * stride] ? i : best;
        }

        return best;
    }

    /// <summary>The index of the first least of n >= 1 whole numbers.</summary>
    public static long ArgMinOfWhole<T>(T* x, long n, long stride = 1)
        where T : unmanaged, IBinaryInteger<T>
    {
        var best = 0L;
        for (var i = 1L; i < n; i++)
        {
            best = x[i * stride] < x[best * stride] ? i : best;
        }

        return best;
    }

    private static long Find<T, TOrder>(T* x, long n, long stride)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOrder : struct, IOrder<T>
    {
        var best = 0L;
        var i = 1L;
        if (stride == 1)
        {
            // Whole vectors in which nothing beats the best so far, and nothing is NaN, are passed over.
            for (; i + Vector512<T>.Count <= n && !T.IsNaN(x[best]); i += Vector512<T>.Count)
            {
                var candidates = Vector512.Load(x + i);
                if (Vector512.EqualsAll(TOrder.Beats(candidates, Vector512.Create(x[best])) | ~Vector512.Equals(candidates, candidates), Vector512<T>.Zero))
                {
                    continue;
                }

                for (var lane = i; lane < i + Vector512<T>.Count; lane++)
                {
                    best = Better<T, TOrder>(x[lane], x[best]) ? lane : best;
                }
            }
        }

        for (; i < n; i++)
        {
            best = Better<T, TOrder>(x[i * stride], x[best * stride]) ? i : best;
        }

        return best;
    }

    private static bool Better<T, TOrder>(T candidate, T best)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TOrder : struct, IOrder<T> => !T.IsNaN(best) && (T.IsNaN(candidate) || TOrder.Beats(candidate, best));

    private interface IOrder<T>
    {
        static abstract bool Beats(T candidate, T best);

        static abstract Vector512<T> Beats(Vector512<T> candidates, Vector512<T> best);
    }

    private readonly struct Greater<T> : IOrder<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool Beats(T candidate, T best) => candidate > best;

        public static Vector512<T> Beats(Vector512<T> candidates, Vector512<T> best) => Vector512.GreaterThan(candidates, best);
    }

    private readonly struct Less<T> : IOrder<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool Beats(T candidate, T best) => candidate < best;

        public static Vector512<T> Beats(Vector512<T> candidates, Vector512<T> best) => Vector512.LessThan(candidates, best);
    }
}
