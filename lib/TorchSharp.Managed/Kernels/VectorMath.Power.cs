using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>
/// Powers of doubles: e^(y ln x) with the logarithm as a sum of two doubles (T. J. Dekker, "A floating-point technique for extending the available precision",
/// Numerische Mathematik 18, 1971), because y multiplies its error.
/// </content>
internal static unsafe partial class VectorMath
{
    /// <summary>
    /// x to the power y; at most 1 ulp off. Zeros, infinities and NaN as IEEE 754 has them: x^0 = 1^y = 1 always; a negative number has whole powers only.
    /// </summary>
    public static Vector512<double> Pow(Vector512<double> x, Vector512<double> y)
    {
        var zero = Vector512<double>.Zero;
        var one = Vector512.Create(1.0);
        var infinity = Vector512.Create(double.PositiveInfinity);
        var magnitude = Vector512.Abs(x);
        var log = AccurateLog(magnitude, out var logLow);
        log = Vector512.ConditionalSelect(Vector512.Equals(magnitude, zero), -infinity, log);
        log = Vector512.ConditionalSelect(Vector512.Equals(magnitude, infinity), infinity, log);

        var exponent = y * log;
        var exponentLow = Vector512.FusedMultiplyAdd(y, log, -exponent) + (y * logLow);
        var inRange = Vector512.LessThan(Vector512.Abs(exponent), Vector512.Create(800.0));
        var result = ExpOfSum(exponent, Vector512.ConditionalSelect(inRange, exponentLow, zero));

        var whole = Vector512.Equals(Vector512.Floor(y), y);
        var half = y * Vector512.Create(0.5);
        var odd = whole & ~Vector512.Equals(Vector512.Floor(half), half);
        var negative = Vector512.LessThan(x.AsInt64(), Vector512<long>.Zero).AsDouble();
        result = Vector512.ConditionalSelect(negative & odd, -result, result);
        var undefined = Vector512.LessThan(x, zero) & ~whole & ~Vector512.Equals(magnitude, infinity);
        result = Vector512.ConditionalSelect(undefined | ~Vector512.Equals(x, x), Vector512.Create(double.NaN), result);
        var unit = Vector512.Equals(x, one) | Vector512.Equals(y, zero)
            | (Vector512.Equals(magnitude, one) & Vector512.Equals(Vector512.Abs(y), infinity));
        return Vector512.ConditionalSelect(unit, one, result);
    }

    // ln x = result + low with some 66 bits, for positive finite x: e ln 2 + 2 s + s z (2/3 + z t(z)) with s = f / (2 + f) and z = s^2 in two doubles each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> AccurateLog(Vector512<double> x, out Vector512<double> low)
    {
        var f = SplitExponent(x, out var e) - Vector512.Create(1.0);
        var below = Vector512.Create(2.0) + f;
        var belowLow = f - (below - Vector512.Create(2.0));
        var s = f / below;
        var sLow = (Vector512.FusedMultiplyAdd(-s, below, f) - (s * belowLow)) / below;
        var z = s * s;
        var zLow = Vector512.FusedMultiplyAdd(s, s, -z) + ((s + s) * sLow);
        var t = Vector512.FusedMultiplyAdd(Vector512.Create(0.12004641507677632), z, Vector512.Create(0.1167293604789784));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(0.1333641045163032));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(0.15384554444909257));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(0.18181818905996455));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(0.22222222217244633));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(0.28571428571446317));
        t = Vector512.FusedMultiplyAdd(t, z, Vector512.Create(0.39999999999999974));
        var term = z * t;
        var twoThirds = Vector512.Create(0.6666666666666666);
        var p = twoThirds + term;
        var pLow = (twoThirds - p) + term + Vector512.Create(3.700743415417188e-17);
        var q = z * p;
        var qLow = Vector512.FusedMultiplyAdd(z, p, -q) + Vector512.FusedMultiplyAdd(z, pLow, zLow * p);
        var u = s * q;
        var uLow = Vector512.FusedMultiplyAdd(s, q, -u) + Vector512.FusedMultiplyAdd(s, qLow, sLow * q);
        var sum = AddExactly(e * Vector512.Create(Ln2HighDouble), s + s, out var firstError);
        sum = AddExactly(sum, u, out var secondError);
        var rest = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2LowDouble), (sLow + sLow) + uLow);
        rest = (firstError + secondError) + rest;
        var result = sum + rest;
        low = (sum - result) + rest;
        return result;
    }
}
