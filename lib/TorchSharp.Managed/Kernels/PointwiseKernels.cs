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
                return TruncateOne(x / y);
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

                var floor = FloorOne(quotient);
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

    /// <summary>x to the power y, of whole numbers, wrapping around. A negative power is 0, except of 1 and -1.</summary>
    public readonly struct IntegerPower : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            if (y < T.Zero)
            {
                return x == T.One ? T.One : IsMinusOne(x) ? (T.IsEvenInteger(y) ? T.One : x) : T.Zero;
            }

            var power = T.One;
            for (var exponent = ulong.CreateTruncating(y); exponent > 0; exponent >>= 1)
            {
                power = (exponent & 1) != 0 ? unchecked(power * x) : power;
                x = unchecked(x * x);
            }

            return power;
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

    public readonly struct Absolute : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => Vector512.Abs(x);
    }

    /// <summary>1, 0 or -1; 0 for NaN.</summary>
    public readonly struct Sign : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => (Vector512.GreaterThan(x, Vector512<T>.Zero) & Vector512<T>.One) - (Vector512.LessThan(x, Vector512<T>.Zero) & Vector512<T>.One);
    }

    public readonly struct Floor : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? Vector512.Floor(x.AsSingle()).As<float, T>()
            : Vector512.Floor(x.AsDouble()).As<double, T>();
    }

    public readonly struct Ceiling : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? Vector512.Ceiling(x.AsSingle()).As<float, T>()
            : Vector512.Ceiling(x.AsDouble()).As<double, T>();
    }

    public readonly struct Truncate : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? Vector512.Truncate(x.AsSingle()).As<float, T>()
            : Vector512.Truncate(x.AsDouble()).As<double, T>();
    }

    /// <summary>The nearest whole number, halves to the even one.</summary>
    public readonly struct RoundToEven : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? Vector512.Round(x.AsSingle()).As<float, T>()
            : Vector512.Round(x.AsDouble()).As<double, T>();
    }

    public readonly struct FractionalPart : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => x - default(Truncate).Of(x);
    }

    /// <summary>Rounds to multiples of 1 / y.</summary>
    public readonly struct RoundScaled : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => default(RoundToEven).Of(x * y) / y;
    }

    /// <summary>Rounds to multiples of y.</summary>
    public readonly struct RoundShrunk : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => default(RoundToEven).Of(x / y) * y;
    }

    /// <summary>The bits of x moved left by y places; zeros follow.</summary>
    public readonly struct ShiftLeft : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            var by = int.CreateTruncating(y);
            return y < T.Zero || by >= sizeof(ulong) * 8 ? T.Zero : T.CreateTruncating(long.CreateTruncating(x) << by);
        }
    }

    /// <summary>The bits of x moved right by y places; the sign follows.</summary>
    public readonly struct ShiftRight : IScalarFunction
    {
        public T Of<T>(T x, T y)
            where T : unmanaged, INumber<T>
        {
            var by = int.CreateSaturating(y);
            return T.CreateTruncating(long.CreateTruncating(x) >> (y < T.Zero ? 63 : Math.Min(by, 63)));
        }
    }

    private static bool IsFloating<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    // The processor traps at the smallest number divided by -1.
    private static bool IsMinusOne<T>(T x)
        where T : unmanaged, INumber<T> => x < T.Zero && x == T.Zero - T.One;

    private static T TruncateOne<T>(T x)
        where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float) ? (T)(object)MathF.Truncate((float)(object)x) : (T)(object)Math.Truncate((double)(object)x);

    private static T FloorOne<T>(T x)
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
