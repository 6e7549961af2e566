using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>
/// Sine, cosine, tangent and their inverses for doubles of any size. An argument is reduced by multiples of pi / 2 that carry three doubles (Cody and Waite, 1980);
/// from 2^30 on by 192 bits of 2 / pi (M. H. Payne and R. N. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18, 1983).
/// </content>
internal static unsafe partial class VectorMath
{
    private const double HalfPi = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766e-17;
    private const double HalfPiLowest = -1.4973849048591698e-33;

    // 64 zero bits, then 2 / pi.
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0,
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561,
        0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484,
        0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F,
        0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B,
        0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB,
    ];

    /// <summary>The sine; at most 1 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Sin(Vector512<double> x)
    {
        var r = ReduceByHalfPi(x, out var low, out var quadrant);
        var result = QuadrantOf(r, low, quadrant);
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), x, result);
    }

    /// <summary>The cosine; at most 1 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Cos(Vector512<double> x)
    {
        var r = ReduceByHalfPi(x, out var low, out var quadrant);
        return QuadrantOf(r, low, quadrant + Vector512.Create(1L));
    }

    /// <summary>The tangent; at most 2 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Tan(Vector512<double> x)
    {
        var r = ReduceByHalfPi(x, out var low, out var quadrant);
        var sine = ReducedSin(r, low);
        var cosine = ReducedCos(r, low);
        var odd = Vector512.Equals(quadrant & Vector512.Create(1L), Vector512.Create(1L)).AsDouble();
        var result = Vector512.ConditionalSelect(odd, -cosine, sine) / Vector512.ConditionalSelect(odd, sine, cosine);
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<double>.Zero), x, result);
    }

    // The sine of r + low + quadrant pi / 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> QuadrantOf(Vector512<double> r, Vector512<double> low, Vector512<long> quadrant)
    {
        var odd = Vector512.Equals(quadrant & Vector512.Create(1L), Vector512.Create(1L)).AsDouble();
        var value = Vector512.ConditionalSelect(odd, ReducedCos(r, low), ReducedSin(r, low));
        return (value.AsInt64() ^ ((quadrant & Vector512.Create(2L)) << 62)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ReducedSin(Vector512<double> r, Vector512<double> low)
    {
        var z = r * r;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(-7.577855322956738e-13), z, Vector512.Create(1.6058349485931533e-10));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-2.5052104775604166e-08));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.7557319213661387e-06));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.0001984126984125403));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.008333333333333321));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.16666666666666666));
        return r + Vector512.FusedMultiplyAdd(r * z, p, Vector512.FusedMultiplyAdd(low * z, Vector512.Create(-0.5), low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ReducedCos(Vector512<double> r, Vector512<double> low)
    {
        var z = r * r;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(4.737719002807696e-14), z, Vector512.Create(-1.1470284690197798e-11));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.087675429124679e-09));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-2.7557319215046366e-07));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.4801587301570737e-05));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.0013888888888888874));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.041666666666666664));
        var half = z * Vector512.Create(0.5);
        var first = Vector512.Create(1.0) - half;
        return first + ((Vector512.Create(1.0) - first - half) + Vector512.FusedMultiplyAdd(z * z, p, -(r * low)));
    }

    // x = r + low + n pi / 2 with |r| <= pi / 4; quadrant is n in its low two bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ReduceByHalfPi(Vector512<double> x, out Vector512<double> low, out Vector512<long> quadrant)
    {
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(0.6366197723675814), Vector512.Create(RoundingDouble));
        var n = shifted - Vector512.Create(RoundingDouble);
        quadrant = shifted.AsInt64();
        var exact = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi), x);
        var product = n * Vector512.Create(HalfPiLow);
        var productError = Vector512.FusedMultiplyAdd(n, Vector512.Create(HalfPiLow), -product);
        var high = AddExactly(exact, -product, out var error);
        var rest = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPiLowest), error - productError);
        var r = high + rest;
        low = (high - r) + rest;
        if (Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(1073741824.0)))
        {
            // Copies, so that only they have an address and the others stay in registers.
            var (largeR, largeLow, largeQuadrant) = (r, low, quadrant);
            ReduceLarge(x, ref largeR, ref largeLow, ref largeQuadrant);
            (r, low, quadrant) = (largeR, largeLow, largeQuadrant);
        }

        return r;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReduceLarge(Vector512<double> x, ref Vector512<double> r, ref Vector512<double> low, ref Vector512<long> quadrant)
    {
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            if (double.IsFinite(x[lane]) && Math.Abs(x[lane]) > 1073741824.0)
            {
                var (laneR, laneLow, laneQuadrant) = ReduceLarge(x[lane]);
                r = r.WithElement(lane, laneR);
                low = low.WithElement(lane, laneLow);
                quadrant = quadrant.WithElement(lane, laneQuadrant);
            }
            else if (!double.IsFinite(x[lane]))
            {
                r = r.WithElement(lane, double.NaN);
            }
        }
    }

    // |x| = m 2^e with a whole m of 53 bits. Bits of 2 / pi before the (e - 2)nd give multiples of 4 and are left out; of the product of m with
    // the next 192 the upper two bits are the quadrant, the others the fraction.
    private static (double R, double Low, long Quadrant) ReduceLarge(double x)
    {
        var bits = BitConverter.DoubleToUInt64Bits(Math.Abs(x));
        var m = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        var position = (int)(bits >> 52) - 1075 - 2 + 64;
        var v0 = BitsOfTwoOverPi(position);
        var v1 = BitsOfTwoOverPi(position + 64);
        var v2 = BitsOfTwoOverPi(position + 128);
        var product = unchecked((((UInt128)m * v0) << 64) + ((UInt128)m * v1) + (ulong)(((UInt128)m * v2) >> 64));
        var quadrant = (long)(ulong)(product >> 126);
        var fraction = unchecked((Int128)(product << 2));
        if (fraction < 0)
        {
            quadrant++;
        }

        var magnitude = unchecked((UInt128)(fraction < 0 ? -fraction : fraction));
        var zeros = (int)UInt128.LeadingZeroCount(magnitude);
        var digits = magnitude << zeros;
        var scale = BitConverter.UInt64BitsToDouble((ulong)(1023 - 53 - zeros) << 52);
        var high = (ulong)(digits >> 75) * scale;
        var rest = (ulong)((digits >> 22) & 0x1FFFFFFFFFFFFF) * scale * (1.0 / 9007199254740992.0);
        var r = high * HalfPi;
        var low = Math.FusedMultiplyAdd(high, HalfPi, -r) + Math.FusedMultiplyAdd(high, HalfPiLow, rest * HalfPi);
        if (fraction < 0)
        {
            (r, low) = (-r, -low);
        }

        return x < 0 ? (-r, -low, -quadrant) : (r, low, quadrant);
    }

    private static ulong BitsOfTwoOverPi(int position)
    {
        var (word, shift) = Math.DivRem(position, 64);
        return shift == 0 ? TwoOverPi[word] : (TwoOverPi[word] << shift) | (TwoOverPi[word + 1] >> (64 - shift));
    }

    /// <summary>The arc tangent; at most 1 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Atan(Vector512<double> x) =>
        CopySign(AtanOfSum(Vector512.Abs(x), Vector512<double>.Zero), x);

    // atan(x + low) for x >= 0, low small beside x: from tan(pi / 8) on pi / 4 + atan((x - 1) / (x + 1)), from tan(3 pi / 8) on pi / 2 - atan(1 / x).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> AtanOfSum(Vector512<double> x, Vector512<double> low)
    {
        var one = Vector512.Create(1.0);
        var middle = Vector512.GreaterThan(x, Vector512.Create(0.41421356237309503));
        var large = Vector512.GreaterThan(x, Vector512.Create(2.414213562373095));
        var numerator = Vector512.ConditionalSelect(large, -one, Vector512.ConditionalSelect(middle, x - one, x));
        var denominator = Vector512.ConditionalSelect(large, x, Vector512.ConditionalSelect(middle, x + one, one));
        var t = numerator / denominator;
        var start = Vector512.ConditionalSelect(large, Vector512.Create(HalfPi), middle & Vector512.Create(HalfPi / 2));
        var startLow = Vector512.ConditionalSelect(large, Vector512.Create(HalfPiLow), middle & Vector512.Create(HalfPiLow / 2));
        var z = t * t;
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(0.015071555917688958), z, Vector512.Create(-0.033352600753658125));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.044983083543099996));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.05217113758632719));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.05876821047044426));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.06666206232639446));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.07692281367422013));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.09090908082962298));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.1111111108647132));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.14285714285360648));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.1999999999999745));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(-0.33333333333333326));
        var slope = low / Vector512.FusedMultiplyAdd(x, x, one);
        // start + t with what its rounding loses, then the small parts.
        var sum = start + t;
        var error = (start - sum) + t;
        return sum + (error + Vector512.FusedMultiplyAdd(t * z, p, startLow + slope));
    }

    /// <summary>The angle of the point (x, y) in [-pi, pi]; at most 2 ulp off. Zeros and infinities as IEEE 754 has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Atan2(Vector512<double> y, Vector512<double> x)
    {
        var zero = Vector512<double>.Zero;
        var infinity = Vector512.Create(double.PositiveInfinity);
        var absoluteX = Vector512.Abs(x);
        var absoluteY = Vector512.Abs(y);
        var steep = Vector512.GreaterThan(absoluteY, absoluteX);
        var smaller = Vector512.ConditionalSelect(steep, absoluteX, absoluteY);
        var larger = Vector512.ConditionalSelect(steep, absoluteY, absoluteX);
        var q = smaller / larger;
        var low = Vector512.FusedMultiplyAdd(-q, larger, smaller) / larger;
        // Both zero: 0. The larger infinite: 0, or 1 if both are.
        var special = Vector512.Equals(larger, zero) | Vector512.Equals(larger, infinity);
        var specialQ = Vector512.ConditionalSelect(Vector512.Equals(smaller, infinity), Vector512.Create(1.0), zero);
        q = Vector512.ConditionalSelect(special, specialQ, q);
        low = Vector512.ConditionalSelect(special, zero, low);
        var angle = AtanOfSum(q, low);
        // pi / 2 - a above the diagonals, pi / 2 + a on the left there, pi - a on the left below them.
        var left = Vector512.LessThan(x.AsInt64(), Vector512<long>.Zero).AsDouble();
        var start = Vector512.ConditionalSelect(steep, Vector512.Create(HalfPi), left & Vector512.Create(2 * HalfPi));
        var startLow = Vector512.ConditionalSelect(steep, Vector512.Create(HalfPiLow), left & Vector512.Create(2 * HalfPiLow));
        angle ^= (steep ^ left) & Vector512.Create(-0.0);
        var sum = start + angle;
        angle = sum + ((start - sum) + angle + startLow);
        var ordered = Vector512.Equals(x, x) & Vector512.Equals(y, y);
        return Vector512.ConditionalSelect(ordered, CopySign(angle, y), x + y);
    }

    /// <summary>The arc sine; at most 2 ulp off. NaN outside [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Asin(Vector512<double> x)
    {
        var magnitude = Vector512.Abs(x);
        var root = ArcSine(magnitude, out var tail);
        var large = Vector512.Create(HalfPi) - ((root + root) + (tail + tail - Vector512.Create(HalfPiLow)));
        return CopySign(Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(0.5)), large, root + tail), x);
    }

    /// <summary>The arc cosine; at most 2 ulp off. NaN outside [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Acos(Vector512<double> x)
    {
        var magnitude = Vector512.Abs(x);
        var root = ArcSine(magnitude, out var tail);
        var small = Vector512.Create(HalfPi) - (CopySign(root, x) + (CopySign(tail, x) - Vector512.Create(HalfPiLow)));
        var right = (root + root) + (tail + tail);
        var left = Vector512.Create(2 * HalfPi) - ((root + root) + (tail + tail - Vector512.Create(2 * HalfPiLow)));
        var large = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<double>.Zero), left, right);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(magnitude, Vector512.Create(0.5)), large, small);
    }

    // root + tail = asin(x) for x <= 1/2, asin(sqrt((1 - x) / 2)) above, from which both inverse functions follow; tail is not negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> ArcSine(Vector512<double> x, out Vector512<double> tail)
    {
        var large = Vector512.GreaterThan(x, Vector512.Create(0.5));
        var z = Vector512.ConditionalSelect(large, (Vector512.Create(1.0) - x) * Vector512.Create(0.5), x * x);
        var root = Vector512.Sqrt(z);
        // What the root's rounding lost: (z - root^2) / (2 root).
        var lost = Vector512.FusedMultiplyAdd(-root, root, z) / (root + root);
        lost = Vector512.ConditionalSelect(large & Vector512.GreaterThan(z, Vector512<double>.Zero), lost, Vector512<double>.Zero);
        root = Vector512.ConditionalSelect(large, root, x);
        var p = Vector512.FusedMultiplyAdd(Vector512.Create(0.03270230985590212), z, Vector512.Create(-0.02111698152538031));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.021790852701933486));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.003672091302330058));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.010789348738474145));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.011397287576667988));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.01398101927807051));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.01735159543164478));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.022372215910080102));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.03038194267511891));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.044642857175289666));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.07499999999970094));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.16666666666666763));
        tail = Vector512.FusedMultiplyAdd(root * z, p, lost);
        return root;
    }
}
