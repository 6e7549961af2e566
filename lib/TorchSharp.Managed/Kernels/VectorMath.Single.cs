using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// Exponentials, logarithms and their kin for sixteen floats at a time, with the same bits on every machine.
/// The functions that layers call all the time are polynomials in float; the others are computed in double and rounded once.
/// </summary>
/// <remarks>
/// Coefficients are minimax fits by Remez' exchange; tests/oracles/pytorch/vector_math.coefficients.py derives them.
/// Every step is an addition, multiplication, division, square root, fused multiply-add, comparison or integer operation, all of them exactly rounded,
/// so neither the vector width nor the machine changes a bit. A bound in ulp is the maximum over a sweep of the whole range of floats.
/// What this file does not have: double (VectorMath.Double.cs), trigonometry (VectorMath.Trigonometry.cs) and loops over buffers (VectorMath.Maps.cs).
/// </remarks>
internal static unsafe partial class VectorMath
{
    // 1.5 * 2^23: adding it rounds a float of magnitude below 2^22 to a whole number, which then stands in the low bits.
    private const float RoundingFloat = 12582912f;

    private const float Log2EFloat = 1.44269504f;

    // ln 2 as a number of 16 bits, whose products with exponents are exact, and the rest.
    private const float Ln2HighFloat = 0.693145751953125f;
    private const float Ln2LowFloat = 1.42860677e-6f;

    /// <summary>e^x; at most 1.0 ulp off. Overflows to infinity above 88.72, goes through the denormal numbers to 0 below -103.97.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Comparisons with NaN are false, so NaN passes both limits and comes out again.
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(89f)), Vector512.Create(89f), x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-104f)), Vector512.Create(-104f), x);
        var p = ReducedExp(x, out var exponent);
        return ScaleByPowerOfTwo(p, exponent);
    }

    // e^x = p 2^exponent for |x| <= 104, with p in [0.7, 1.42]. Cody and Waite (1980), chapter 6: r = x - n ln 2 in two parts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ReducedExp(Vector512<float> x, out Vector512<int> exponent)
    {
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2EFloat), Vector512.Create(RoundingFloat));
        var n = shifted - Vector512.Create(RoundingFloat);
        exponent = shifted.AsInt32() - Vector512.Create(RoundingFloat).AsInt32();
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2HighFloat), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2LowFloat), r);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(0.0013813128f), r, Vector512.Create(0.008369418f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.041668456f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.16666515f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.49999994f));
        p = Vector512.FusedMultiplyAdd(p, r * r, r);
        return p + Vector512.Create(1f);
    }

    // In two steps, so that the power itself stays in range; only the second one can round (a denormal result) or overflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ScaleByPowerOfTwo(Vector512<float> x, Vector512<int> exponent)
    {
        var half = exponent >> 1;
        var first = ((half + Vector512.Create(127)) << 23).AsSingle();
        var second = ((exponent - half + Vector512.Create(127)) << 23).AsSingle();
        return x * first * second;
    }

    /// <summary>The natural logarithm; at most 0.83 ulp off. -infinity for 0, NaN for negative numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        // A denormal number gets 23 more bits first. Then x = m 2^e with m in [sqrt(1/2), sqrt(2)).
        var denormal = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        var scaled = Vector512.ConditionalSelect(denormal, x * Vector512.Create(8388608f), x);
        var bits = scaled.AsInt32() - Vector512.Create(0x3F3504F3);
        var e = Vector512.ConvertToSingle((bits >> 23) - (denormal.AsInt32() & Vector512.Create(23)));
        var f = ((bits & Vector512.Create(0x7FFFFF)) + Vector512.Create(0x3F3504F3)).AsSingle() - Vector512.Create(1f);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(-0.059767626f), f, Vector512.Create(0.10631974f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.10819598f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.11036215f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.12424395f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.14285117f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.16669406f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.20000091f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(-0.24999967f));
        p = Vector512.FusedMultiplyAdd(p, f, Vector512.Create(0.3333333f));
        var square = f * f;
        // ln x = e ln 2 + f + (f^3 p - f^2 / 2), the smallest parts first.
        var tail = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), square * f * p);
        tail = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2LowFloat), tail);
        var result = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2HighFloat), f + tail);
        result = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(float.PositiveInfinity)), x, result);
        result = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<float>.Zero), Vector512.Create(float.NegativeInfinity), result);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), result, Vector512.Create(float.NaN));
    }

    /// <summary>The hyperbolic tangent; at most 1.32 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        // Below 0.625 an odd polynomial, above it 1 - 2 / (e^(2 |x|) + 1).
        var magnitude = Vector512.Abs(x);
        var z = x * x;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(0.0021396128f), z, Vector512.Create(-0.008173849f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.021699315f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.053946517f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.13333204f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.3333333f));
        var small = Vector512.FusedMultiplyAdd(p * z, magnitude, magnitude);
        var limited = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(10f)), Vector512.Create(10f), magnitude);
        var e = ReducedExp(limited + limited, out var exponent);
        e *= ((exponent + Vector512.Create(127)) << 23).AsSingle();
        var large = Vector512.Create(1f) - (Vector512.Create(2f) / (e + Vector512.Create(1f)));
        var result = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.625f)), small, large);
        return CopySign(result, x);
    }

    /// <summary>1 / (1 + e^-x); at most 2.3 ulp off, also where the result is tiny.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        // Of e^x and e^-x the one that cannot overflow.
        var e = Exp(-Vector512.Abs(x));
        var numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, Vector512.Create(1f));
        return numerator / (Vector512.Create(1f) + e);
    }

    /// <summary>The error function; at most 1.1 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        // Below 0.93 an odd polynomial, above it 1 - e^(-|x| q(|x|)).
        var magnitude = Vector512.Abs(x);
        var z = x * x;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(8.316791E-05f), z, Vector512.Create(-0.00081300165f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.005199907f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.026858943f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.112836875f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.37612632f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.12837917f));
        var small = Vector512.FusedMultiplyAdd(p, magnitude, magnitude);
        var t = Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(4f)), Vector512.Create(4f), magnitude);
        var q = Vector512.FusedMultiplyAdd(Vector512.Create(-2.2589293E-06f), t, Vector512.Create(3.606459E-05f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.0002288122f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.0005524311f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.001722226f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.021157732f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.10409886f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.6361249f));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(1.1284598f));
        var e = ReducedExp(-(t * q), out var exponent);
        e *= ((exponent + Vector512.Create(127)) << 23).AsSingle();
        var large = Vector512.Create(1f) - e;
        return CopySign(Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(0.93f)), small, large), x);
    }

    /// <summary>x sigmoid(x) (Elfwing, Uchibe and Doya, 2017); at most 3.0 ulp off, and 2^-142 where e^x is a denormal number (x below -87).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Silu(Vector512<float> x) => x * Sigmoid(x);

    /// <summary>The derivative of <see cref="Silu(Vector512{float})"/>: s (1 + x (1 - s)) with s = sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SiluDerivative(Vector512<float> x)
    {
        var s = Sigmoid(x);
        return s * Vector512.FusedMultiplyAdd(x, Vector512.Create(1f) - s, Vector512.Create(1f));
    }

    /// <summary>x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel, 2016), exact to a few 2^-24 of |x|, as PyTorch computes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gelu(Vector512<float> x) =>
        x * Vector512.Create(0.5f) * (Vector512.Create(1f) + Erf(x * Vector512.Create(0.70710678f)));

    /// <summary>The derivative of <see cref="Gelu(Vector512{float})"/>: the normal distribution's function plus x times its density.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluDerivative(Vector512<float> x)
    {
        var distribution = Vector512.Create(0.5f) * (Vector512.Create(1f) + Erf(x * Vector512.Create(0.70710678f)));
        var density = Exp(x * x * Vector512.Create(-0.5f)) * Vector512.Create(0.39894228f);
        return Vector512.FusedMultiplyAdd(x, density, distribution);
    }

    /// <summary>sqrt(2 / pi) (x + 0.044715 x^3), the argument of the tangent in <see cref="GeluTanh(Vector512{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> GeluTanhArgument(Vector512<float> x) =>
        Vector512.Create(0.79788456f) * Vector512.FusedMultiplyAdd(x * x * x, Vector512.Create(0.044715f), x);

    /// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, the approximate form of <see cref="Gelu(Vector512{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluTanh(Vector512<float> x) =>
        x * Vector512.Create(0.5f) * (Vector512.Create(1f) + Tanh(GeluTanhArgument(x)));

    /// <summary>The derivative of <see cref="GeluTanh(Vector512{float})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GeluTanhDerivative(Vector512<float> x)
    {
        var t = Tanh(GeluTanhArgument(x));
        var inner = Vector512.Create(0.79788456f) * Vector512.FusedMultiplyAdd(x * x, Vector512.Create(0.134145f), Vector512.Create(1f));
        var slope = Vector512.FusedMultiplyAdd(-t, t, Vector512.Create(1f)) * inner;
        return Vector512.Create(0.5f) * (Vector512.FusedMultiplyAdd(x, slope, t) + Vector512.Create(1f));
    }

    /// <summary>1 / sqrt(x), both steps exactly rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ReciprocalSquareRoot(Vector512<float> x) => Vector512.Create(1f) / Vector512.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> CopySign(Vector512<float> magnitude, Vector512<float> sign) =>
        Vector512.ConditionalSelect(Vector512.Create(-0f), sign, magnitude);

    /// <inheritdoc cref="Exp(Vector512{float})"/>
    public static float Exp(float x) => Exp(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log(Vector512{float})"/>
    public static float Log(float x) => Log(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    public static float Tanh(float x) => Tanh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Sigmoid(Vector512{float})"/>
    public static float Sigmoid(float x) => Sigmoid(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Erf(Vector512{float})"/>
    public static float Erf(float x) => Erf(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Silu(Vector512{float})"/>
    public static float Silu(float x) => Silu(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Gelu(Vector512{float})"/>
    public static float Gelu(float x) => Gelu(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="GeluTanh(Vector512{float})"/>
    public static float GeluTanh(float x) => GeluTanh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="ReciprocalSquareRoot(Vector512{float})"/>
    public static float ReciprocalSquareRoot(float x) => 1f / MathF.Sqrt(x);
}
