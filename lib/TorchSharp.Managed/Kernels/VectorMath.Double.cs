using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>
/// Exponentials, logarithms and their kin for eight doubles at a time. The reductions are those of W. J. Cody and W. Waite, "Software Manual for the
/// Elementary Functions" (1980), and, for the logarithm, of the series in f / (2 + f); what they round off is carried along and added at the end.
/// </content>
internal static unsafe partial class VectorMath
{
    // 1.5 * 2^52: adding it rounds a double of magnitude below 2^51 to a whole number, which then stands in the low bits.
    private const double RoundingDouble = 6755399441055744.0;

    private const double Log2EDouble = 1.4426950408889634;

    // ln 2 as a number of 32 bits, whose products with exponents are exact, and the rest.
    private const double Ln2HighDouble = 0.6931471803691238;
    private const double Ln2LowDouble = 1.9082149292705877e-10;

    // The bits of sqrt(1/2).
    private const long SqrtHalfBits = 0x3FE6A09E667F3BCD;

    /// <summary>e^x; at most 1 ulp off. Overflows to infinity above 709.78, goes through the denormal numbers to 0 below -745.13.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x) => ExpOfSum(x, Vector512<double>.Zero);

    // e^(x + low), where low is small beside x.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ExpOfSum(Vector512<double> x, Vector512<double> low)
    {
        var p = ReducedExp(x, low, out var exponent);
        return ScaleByPowerOfTwo(p, exponent);
    }

    // e^(x + low) = p 2^exponent with p in [0.7, 1.42].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ReducedExp(Vector512<double> x, Vector512<double> low, out Vector512<long> exponent)
    {
        x = LimitMagnitude(x, 800);
        var r = ReduceByLn2(x, low, out var rest, out exponent);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(2.0825622685631247e-09), r, Vector512.Create(2.5113225953827613e-08));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.755759241358467e-07));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.7557231483249827e-06));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.4801586903813152e-05));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.0001984126989972575));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.0013888888889134197));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.008333333333315705));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.04166666666666603));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.16666666666666685));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5));
        p *= r * r;
        var one = Vector512.Create(1.0);
        return one + (r + Vector512.FusedMultiplyAdd(rest, one + (r + p), p));
    }

    // x + low = exponent ln 2 + r + rest with |r| <= ln 2 / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ReduceByLn2(Vector512<double> x, Vector512<double> low, out Vector512<double> rest, out Vector512<long> exponent)
    {
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2EDouble), Vector512.Create(RoundingDouble));
        var n = shifted - Vector512.Create(RoundingDouble);
        exponent = shifted.AsInt64() - Vector512.Create(RoundingDouble).AsInt64();
        var high = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2HighDouble), x);
        var product = n * Vector512.Create(Ln2LowDouble);
        var r = high - product;
        rest = (high - r) - product + low;
        return r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ScaleByPowerOfTwo(Vector512<double> x, Vector512<long> exponent)
    {
        var half = exponent >> 1;
        return x * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> PowerOfTwo(Vector512<long> exponent) => ((exponent + Vector512.Create(1023L)) << 52).AsDouble();

    // Limits x to [-limit, limit]; NaN stays NaN, since comparisons with it are false.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LimitMagnitude(Vector512<double> x, double limit)
    {
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(limit)), Vector512.Create(limit), x);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-limit)), Vector512.Create(-limit), x);
    }

    /// <summary>e^x - 1, also for small x; at most 2 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Expm1(Vector512<double> x)
    {
        var limited = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(710.0)), Vector512.Create(710.0), x);
        limited = Vector512.ConditionalSelect(Vector512.LessThan(limited, Vector512.Create(-50.0)), Vector512.Create(-50.0), limited);
        var r = ReduceByLn2(limited, Vector512<double>.Zero, out var rest, out var exponent);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(1.6056515857520204e-10), r, Vector512.Create(2.092051302592566e-09));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.5052178741079692e-08));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.7557256228778485e-07));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.7557319104981312e-06));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(2.4801587343701122e-05));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.00019841269841347663));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.0013888888888876135));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.008333333333333312));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.04166666666666668));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.16666666666666666));
        var square = r * r;
        var q = r + Vector512.FusedMultiplyAdd(square, Vector512.Create(0.5), Vector512.FusedMultiplyAdd(square * r, p, Vector512.FusedMultiplyAdd(rest, r, rest)));
        // 2^n q + (2^n - 1), with half the power, because 2^1024 is out of range. Next to 0 the result is x, of which half a denormal number would lose a bit.
        var half = PowerOfTwo(exponent - Vector512.Create(1L));
        var result = Vector512.FusedMultiplyAdd(half, q, half - Vector512.Create(0.5));
        return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Vector512.Create(1e-290)), x, result + result);
    }

    /// <summary>The natural logarithm; at most 1 ulp off. -infinity for 0, NaN for negative numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x) => WithSpecialLogs(x, LogOfSum(x, Vector512<double>.Zero));

    // ln(x + low) of a positive finite number, where low is small beside x.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LogOfSum(Vector512<double> x, Vector512<double> low)
    {
        var f = ReducedLog(x, out var tail, out var e);
        tail += Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2LowDouble), low / x);
        return Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2HighDouble), f + tail);
    }

    // ln x = e ln 2 + f + tail, with 1 + f in [sqrt(1/2), sqrt(2)): ln(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + r(s^2))) with s = f / (2 + f).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ReducedLog(Vector512<double> x, out Vector512<double> tail, out Vector512<double> e)
    {
        var f = SplitExponent(x, out e) - Vector512.Create(1.0);
        var s = f / (Vector512.Create(2.0) + f);
        var z = s * s;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(0.14811540332750356), z, Vector512.Create(0.15312569819968408));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.1818361899243147));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.22222197587223794));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.28571428751304645));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.39999999999377966));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.666666666666674));
        var half = f * f * Vector512.Create(0.5);
        tail = Vector512.FusedMultiplyAdd(s, Vector512.FusedMultiplyAdd(p, z, half), -half);
        return f;
    }

    // x = m 2^e with m in [sqrt(1/2), sqrt(2)). A denormal number gets 54 more bits first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> SplitExponent(Vector512<double> x, out Vector512<double> e)
    {
        var denormal = Vector512.LessThan(x, Vector512.Create(2.2250738585072014e-308));
        var scaled = Vector512.ConditionalSelect(denormal, x * Vector512.Create(18014398509481984.0), x);
        var bits = scaled.AsInt64() - Vector512.Create(SqrtHalfBits);
        var exponent = (bits >> 52) - (denormal.AsInt64() & Vector512.Create(54L));
        e = (exponent + Vector512.Create(RoundingDouble).AsInt64()).AsDouble() - Vector512.Create(RoundingDouble);
        return ((bits & Vector512.Create(0xFFFFFFFFFFFFF)) + Vector512.Create(SqrtHalfBits)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> WithSpecialLogs(Vector512<double> x, Vector512<double> result)
    {
        result = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(double.PositiveInfinity)), x, result);
        result = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), Vector512.Create(double.NegativeInfinity), result);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<double>.Zero), result, Vector512.Create(double.NaN));
    }

    // e exponentFactor + ln(m) factor, both factors in two parts, of x = m 2^e.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ScaledLog(Vector512<double> x, double factor, double factorLow, double exponentFactor, double exponentFactorLow)
    {
        var f = ReducedLog(x, out var tail, out var e);
        var high = f + tail;
        var low = (f - high) + tail;
        var product = high * Vector512.Create(factor);
        var rest = Vector512.FusedMultiplyAdd(high, Vector512.Create(factor), -product);
        rest += Vector512.FusedMultiplyAdd(high, Vector512.Create(factorLow), low * Vector512.Create(factor));
        rest = Vector512.FusedMultiplyAdd(e, Vector512.Create(exponentFactorLow), rest);
        var whole = e * Vector512.Create(exponentFactor);
        var sum = AddExactly(whole, product, out var error);
        return WithSpecialLogs(x, sum + (error + rest));
    }

    /// <summary>The logarithm to base 2; at most 1 ulp off, exact for powers of 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log2(Vector512<double> x) => ScaledLog(x, Log2EDouble, 2.0355273740931033e-17, 1, 0);

    /// <summary>The logarithm to base 10; at most 1 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log10(Vector512<double> x) =>
        ScaledLog(x, 0.4342944819032518, 1.098319650216765e-17, 0.3010299955494702, 1.1451100898021838e-10);

    /// <summary>ln(1 + x), also for small x; at most 1 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log1p(Vector512<double> x)
    {
        var one = Vector512.Create(1.0);
        var sum = AddExactly(one, x, out var error);
        var infinite = Vector512.Equals(x, Vector512.Create(double.PositiveInfinity));
        error = Vector512.ConditionalSelect(infinite, Vector512<double>.Zero, error);
        var result = WithSpecialLogs(sum, LogOfSum(sum, error));
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), x, result);
    }

    /// <summary>The hyperbolic tangent; at most 3 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Tanh(Vector512<double> x)
    {
        var magnitude = LimitMagnitude(Vector512.Abs(x), 22);
        var t = Expm1(magnitude + magnitude);
        var two = Vector512.Create(2.0);
        var small = t / (t + two);
        var large = Vector512.Create(1.0) - (two / (t + two));
        return CopySign(Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(1.0)), small, large), x);
    }

    /// <summary>The hyperbolic sine; at most 2 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Sinh(Vector512<double> x)
    {
        var magnitude = Vector512.Abs(x);
        var z = x * x;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(2.84877007199839e-15), z, Vector512.Create(7.64646248512721e-13));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.6059050914693658e-10));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.5052108344021094e-08));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.755731922412711e-06));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.00019841269841269576));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.008333333333333333));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.16666666666666666));
        var small = Vector512.FusedMultiplyAdd(p * z, magnitude, magnitude);
        var half = HalfExp(magnitude);
        var large = half - (Vector512.Create(0.25) / half);
        return CopySign(Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(1.0)), small, large), x);
    }

    /// <summary>The hyperbolic cosine; at most 2 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Cosh(Vector512<double> x)
    {
        var half = HalfExp(Vector512.Abs(x));
        return half + (Vector512.Create(0.25) / half);
    }

    // e^x / 2, which overflows later than e^x.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> HalfExp(Vector512<double> x)
    {
        var p = ReducedExp(x, Vector512<double>.Zero, out var exponent);
        return ScaleByPowerOfTwo(p, exponent - Vector512.Create(1L));
    }

    /// <summary>1 / (1 + e^-x); at most 2.3 ulp off, also where the result is tiny.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Sigmoid(Vector512<double> x)
    {
        var e = Exp(-Vector512.Abs(x));
        var numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<double>.Zero), e, Vector512.Create(1.0));
        return numerator / (Vector512.Create(1.0) + e);
    }

    /// <summary>The error function; at most 2 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Erf(Vector512<double> x)
    {
        // Below 1 an odd polynomial; above it 1 - e^(-x^2) p(t) / (x + 2) with t = (x - 2) / (x + 2), and x^2 in two parts.
        var magnitude = Vector512.Abs(x);
        var z = x * x;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(-4.213863725088316e-12), z, Vector512.Create(8.698371195270889e-11));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-1.2161616065235208e-09));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.4791929515485152e-08));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-1.6364593539056587e-07));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.6462042068733856e-06));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-1.4925647407447673e-05));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.00012055332897708697));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.0008548327021822977));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.0052239776254217555));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.026866170645129715));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.11283791670955119));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.37612638903183754));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.1283791670955126));
        var small = Vector512.FusedMultiplyAdd(p, magnitude, magnitude);
        var limited = LimitMagnitude(magnitude, 6);
        var above = limited + Vector512.Create(2.0);
        var t = (limited - Vector512.Create(2.0)) / above;
        var q = Vector512.FusedMultiplyAdd(Vector512.Create(-7.457628720760094e-07), t, Vector512.Create(-1.234715906087566e-07));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(2.0982926425417717e-06));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(3.6611856066657453e-06));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-1.146818579537293e-06));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-1.6121564187660576e-05));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-2.169391968593107e-05));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(3.414885837637634e-05));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.00014447064318386622));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(3.437143478322612e-05));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.0006630735068345044));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.0008372960617181595));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.003090612059525598));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.006479185067687533));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.021510661889496182));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.03644223150687776));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(0.2794720925560548));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(-0.6871606844138106));
        q = Vector512.FusedMultiplyAdd(q, t, Vector512.Create(1.021582705242023));
        var square = limited * limited;
        var error = Vector512.FusedMultiplyAdd(limited, limited, -square);
        var large = Vector512.Create(1.0) - (ExpOfSum(-square, -error) * (q / above));
        return CopySign(Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(1.0)), small, large), x);
    }

    /// <summary>ln(1 + e^(beta x)) / beta, and x itself where beta x lies above the threshold; at most 3 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Softplus(Vector512<double> x, double beta = 1, double threshold = 20)
    {
        var scaled = x * Vector512.Create(beta);
        return Vector512.ConditionalSelect(
            Vector512.GreaterThan(scaled, Vector512.Create(threshold)), x, Log1p(Exp(scaled)) / Vector512.Create(beta));
    }

    /// <summary>x sigmoid(x) (Elfwing, Uchibe and Doya, 2017); at most 3 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Silu(Vector512<double> x) => x * Sigmoid(x);

    /// <summary>The derivative of <see cref="Silu(Vector512{double})"/>: s (1 + x (1 - s)) with s = sigmoid(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SiluDerivative(Vector512<double> x)
    {
        var s = Sigmoid(x);
        return s * Vector512.FusedMultiplyAdd(x, Vector512.Create(1.0) - s, Vector512.Create(1.0));
    }

    /// <summary>x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel, 2016), exact to a few 2^-53 of |x|, as PyTorch computes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Gelu(Vector512<double> x) =>
        x * Vector512.Create(0.5) * (Vector512.Create(1.0) + Erf(x * Vector512.Create(0.7071067811865476)));

    /// <summary>The derivative of <see cref="Gelu(Vector512{double})"/>: the normal distribution's function plus x times its density.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> GeluDerivative(Vector512<double> x)
    {
        var distribution = Vector512.Create(0.5) * (Vector512.Create(1.0) + Erf(x * Vector512.Create(0.7071067811865476)));
        var density = Exp(x * x * Vector512.Create(-0.5)) * Vector512.Create(0.3989422804014327);
        return Vector512.FusedMultiplyAdd(x, density, distribution);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> GeluTanhArgument(Vector512<double> x) =>
        Vector512.Create(0.7978845608028654) * Vector512.FusedMultiplyAdd(x * x * x, Vector512.Create(0.044715), x);

    /// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, the approximate form of <see cref="Gelu(Vector512{double})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> GeluTanh(Vector512<double> x) =>
        x * Vector512.Create(0.5) * (Vector512.Create(1.0) + Tanh(GeluTanhArgument(x)));

    /// <summary>The derivative of <see cref="GeluTanh(Vector512{double})"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> GeluTanhDerivative(Vector512<double> x)
    {
        var t = Tanh(GeluTanhArgument(x));
        var inner = Vector512.Create(0.7978845608028654) * Vector512.FusedMultiplyAdd(x * x, Vector512.Create(0.134145), Vector512.Create(1.0));
        var slope = Vector512.FusedMultiplyAdd(-t, t, Vector512.Create(1.0)) * inner;
        return Vector512.Create(0.5) * (Vector512.FusedMultiplyAdd(x, slope, t) + Vector512.Create(1.0));
    }

    /// <summary>1 / sqrt(x), both steps exactly rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ReciprocalSquareRoot(Vector512<double> x) => Vector512.Create(1.0) / Vector512.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> CopySign(Vector512<double> magnitude, Vector512<double> sign) =>
        Vector512.ConditionalSelect(Vector512.Create(-0.0), sign, magnitude);

    // a + b = sum + error exactly (D. E. Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> AddExactly(Vector512<double> a, Vector512<double> b, out Vector512<double> error)
    {
        var sum = a + b;
        var other = sum - a;
        error = (a - (sum - other)) + (b - other);
        return sum;
    }
}
