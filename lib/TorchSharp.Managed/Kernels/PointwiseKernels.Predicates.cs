using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <content>Questions about one or two elements.</content>
internal static partial class PointwiseKernels
{
    public readonly struct Equal : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => x == y;
    }

    public readonly struct NotEqual : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => x != y;
    }

    public readonly struct Less : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => x < y;
    }

    public readonly struct LessOrEqual : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => x <= y;
    }

    public readonly struct Greater : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => x > y;
    }

    public readonly struct GreaterOrEqual : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => x >= y;
    }

    public readonly struct Both : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => !T.IsZero(x) && !T.IsZero(y);
    }

    public readonly struct Either : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => !T.IsZero(x) || !T.IsZero(y);
    }

    public readonly struct One : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsZero(x) != T.IsZero(y);
    }

    /// <summary>About x alone.</summary>
    public readonly struct NotEqualToItself : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsNaN(x);
    }

    /// <summary>About x alone.</summary>
    public readonly struct Infinite : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsInfinity(x);
    }

    /// <summary>About x alone.</summary>
    public readonly struct InfinitelyLarge : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsPositiveInfinity(x);
    }

    /// <summary>About x alone.</summary>
    public readonly struct InfinitelySmall : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsNegativeInfinity(x);
    }

    /// <summary>About x alone.</summary>
    public readonly struct Finite : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsFinite(x);
    }

    public readonly struct Always : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => true;
    }

    /// <summary>About x alone.</summary>
    public readonly struct Negative : IPredicate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => T.IsNegative(x);
    }
}
