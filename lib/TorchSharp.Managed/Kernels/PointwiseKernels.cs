using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// The functions of one to three elements that <see cref="Loops"/> runs over tensors. Each is written once, for vectors of any element type; none needs to know how tensors lie.
/// This file holds arithmetic; other files hold the functions of analysis and the activations.
/// </summary>
internal static partial class PointwiseKernels
{
    /// <summary>x itself.</summary>
    public readonly struct Identity : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => x;
    }

    public readonly struct Negate : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => -x;
    }

    public readonly struct Add : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x + y;
    }

    /// <summary>x + z y, in floating point as one fused operation.</summary>
    public readonly struct AddScaled : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
            where T : unmanaged, INumber<T> => FusedMultiplyAdd(y, z, x);
    }

    public readonly struct Subtract : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x - y;
    }

    public readonly struct Multiply : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x * y;
    }

    /// <summary>x / y, of floating-point numbers.</summary>
    public readonly struct Divide : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x / y;
    }

    /// <summary>x / y without its fraction. Of whole numbers only where y is not 0.</summary>
    public readonly struct DivideTruncating : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
            {
                return Truncate(x / y);
            }

            return IsMinusOne(y) ? unchecked(T.Zero - x) : x / y;
        }
    }

    /// <summary>x / y rounded down. Of whole numbers only where y is not 0. Floating point as Python's <c>//</c>: from the remainder, so that both fit together.</summary>
    public readonly struct DivideFlooring : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
            {
                if (T.IsZero(y))
                {
                    return x / y;
                }

                var remainder = x % y;
                var quotient = (x - remainder) / y;
                if (!T.IsZero(remainder) && (y < T.Zero) != (remainder < T.Zero))
                {
                    quotient -= T.One;
                }

                if (T.IsZero(quotient))
                {
                    // Zero with the sign of x / y.
                    return T.IsNegative(x) != T.IsNegative(y) ? -T.Zero : T.Zero;
                }

                var floor = Floor(quotient);
                return quotient - floor > T.One / (T.One + T.One) ? floor + T.One : floor;
            }

            if (IsMinusOne(y))
            {
                return unchecked(T.Zero - x);
            }

            var cut = x / y;
            return (x < T.Zero) != (y < T.Zero) && cut * y != x ? cut - T.One : cut;
        }
    }

    /// <summary>What is left of x after taking away whole multiples of y, with the sign of x. Of whole numbers only where y is not 0.</summary>
    public readonly struct Fmod : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T> => IsMinusOne(y) && !IsFloating<T>() ? T.Zero : x % y;
    }

    /// <summary>What is left of x after taking away whole multiples of y, with the sign of y. Of whole numbers only where y is not 0.</summary>
    public readonly struct Remainder : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            var rest = default(Fmod).Of(x, y);
            return !T.IsZero(rest) && (y < T.Zero) != (rest < T.Zero) ? rest + y : rest;
        }
    }

    public readonly struct BitwiseAnd : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x & y;
    }

    public readonly struct BitwiseOr : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x | y;
    }

    public readonly struct BitwiseXor : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x ^ y;
    }

    /// <summary>All bits of x turned over.</summary>
    public readonly struct BitwiseNot : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => ~x;
    }

    private static bool IsFloating<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    // The processor traps at the smallest number divided by -1.
    private static bool IsMinusOne<T>(T x)
        where T : unmanaged, INumber<T> => x < T.Zero && x == T.Zero - T.One;

    private static T Truncate<T>(T x)
        where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float) ? (T)(object)MathF.Truncate((float)(object)x) : (T)(object)Math.Truncate((double)(object)x);

    private static T Floor<T>(T x)
        where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float) ? (T)(object)MathF.Floor((float)(object)x) : (T)(object)Math.Floor((double)(object)x);

    /// <summary>x y + z, rounded once in floating point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> FusedMultiplyAdd<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : typeof(T) == typeof(double) ? Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>()
        : (x * y) + z;
}
