using System.Numerics;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// Normal numbers and what else needs a logarithm: pairs by the transform of Box and Muller (1958), in PyTorch's three ways. Floats in contiguous buffers of
/// 16 or more give PyTorch's bits, because logarithm, sine and cosine are the single-precision ones of the Cephes library (Moshier, 1992) with the
/// same fused multiply-adds; doubles, short buffers and exponential numbers differ by the last places of log, sin and cos at most.
/// </summary>
internal static unsafe partial class RandomStreams
{
    private const int Block = 16;

    // The numbers that go through a function at once.
    private const int Part = 256;

    private const float SingleTwoPi = (float)DoubleTwoPi;
    private const double DoubleTwoPi = 2 * Math.PI;

    /// <summary>
    /// Normal numbers. A contiguous tensor of at least 16 elements is first filled with uniform numbers (one draw each), of which each block of 16 becomes
    /// normal: the first eight give radii, the last eight angles. If a part of a block is left over, the last 16 elements are drawn anew.
    /// A shorter tensor, or one with gaps or permuted dimensions (<paramref name="isContiguous"/> false, whatever buffer the caller uses), takes its
    /// numbers from pairs of doubles one by one (four draws a pair), and the second of a pair waits in the generator for the next such call.
    /// </summary>
    /// <exception cref="ArgumentException">The standard deviation is negative.</exception>
    public static void Normal(MersenneTwister generator, float* output, long count, double mean, double standardDeviation, bool isContiguous = true)
    {
        CheckDeviation(standardDeviation);
        lock (generator.Gate)
        {
            if (count < Block || !isContiguous)
            {
                FillNormalOneByOne(generator, output, count, mean, standardDeviation);
                return;
            }

            for (var start = 0L; start < count; start += Pass)
            {
                var part = (int)Math.Min(Pass, count - start);
                FillUniform(generator, output + start, part, 0, 1);
                UniformToNormal(output + start, part - (part % Block), (float)mean, (float)standardDeviation);
            }

            if (count % Block != 0)
            {
                FillUniform(generator, output + count - Block, Block, 0, 1);
                UniformToNormal(output + count - Block, Block, (float)mean, (float)standardDeviation);
            }
        }
    }

    /// <summary>Normal numbers as doubles: as the floats, with two draws for each uniform number.</summary>
    /// <exception cref="ArgumentException">The standard deviation is negative.</exception>
    public static void Normal(MersenneTwister generator, double* output, long count, double mean, double standardDeviation, bool isContiguous = true)
    {
        CheckDeviation(standardDeviation);
        lock (generator.Gate)
        {
            if (count < Block || !isContiguous)
            {
                FillNormalOneByOne(generator, output, count, mean, standardDeviation);
                return;
            }

            for (var start = 0L; start < count; start += Pass)
            {
                var part = (int)Math.Min(Pass, count - start);
                FillUniform(generator, output + start, part, 0, 1);
                UniformToNormal(output + start, part - (part % Block), mean, standardDeviation);
            }

            if (count % Block != 0)
            {
                FillUniform(generator, output + count - Block, Block, 0, 1);
                UniformToNormal(output + count - Block, Block, mean, standardDeviation);
            }
        }
    }

    /// <summary>Exponential numbers, -log(1 - u) / lambda, computed in double: two draws each, whatever the element type.</summary>
    /// <exception cref="ArgumentException">lambda is negative or no number.</exception>
    public static void Exponential<T>(MersenneTwister generator, T* output, long count, double lambda)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!(lambda >= 0))
        {
            throw new ArgumentException($"exponential_: expected lambda >= 0, got {lambda}.");
        }

        var scale = -1 / lambda;
        var uniform = stackalloc double[Pass / 2];
        lock (generator.Gate)
        {
            for (var start = 0L; start < count; start += Pass / 2)
            {
                var part = (int)Math.Min(Pass / 2, count - start);
                FillUniform(generator, uniform, part, 0, 1);
                for (var i = 0; i < part; i++)
                {
                    uniform[i] = 1 - uniform[i];
                }

                Log(uniform, part);
                for (var i = 0; i < part; i++)
                {
                    output[start + i] = T.CreateTruncating(scale * uniform[i]);
                }
            }
        }
    }

    /// <summary>
    /// Numbers of a truncated normal distribution between a and b: uniform numbers between the values of the distribution function at a and b, through
    /// the inverse of erf, times <paramref name="scale"/>, plus <paramref name="shift"/>, cut off at a and b. PyTorch's <c>trunc_normal_</c>
    /// has scale = std * sqrt(2) and shift = mean.
    /// </summary>
    public static void TruncatedNormal<T>(MersenneTwister generator, T* output, long count, double mean, double standardDeviation, double a, double b, double scale, double shift)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckDeviation(standardDeviation);
        var from = (2 * NormalDistribution((a - mean) / standardDeviation)) - 1;
        var to = (2 * NormalDistribution((b - mean) / standardDeviation)) - 1;
        if (typeof(T) == typeof(float))
        {
            Uniform(generator, (float*)output, count, from, to);
        }
        else
        {
            Uniform(generator, (double*)output, count, from, to);
        }

        var (lowest, highest) = (T.CreateTruncating(a), T.CreateTruncating(b));
        var normals = stackalloc double[Part];
        for (var start = 0L; start < count; start += Part)
        {
            var part = (int)Math.Min(Part, count - start);
            for (var i = 0; i < part; i++)
            {
                normals[i] = double.CreateTruncating(output[start + i]);
            }

            InverseErf(normals);
            for (var i = 0; i < part; i++)
            {
                var normal = (T.CreateTruncating(normals[i]) * T.CreateTruncating(scale)) + T.CreateTruncating(shift);
                output[start + i] = T.Min(T.Max(normal, lowest), highest);
            }
        }
    }

    // The second number of a pair is kept before mean and deviation: the next call may have others.
    private static void FillNormalOneByOne<T>(MersenneTwister generator, T* output, long count, double mean, double standardDeviation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0L; i < count; i++)
        {
            double normal;
            if (generator.NextDoubleNormal is { } waiting)
            {
                normal = waiting;
                generator.NextDoubleNormal = null;
            }
            else
            {
                var angle = DoubleTwoPi * NextUniform(generator);
                var radius = Math.Sqrt(-2 * VectorMath.Log(1 - NextUniform(generator)));
                generator.NextDoubleNormal = radius * VectorMath.Sin(angle);
                normal = radius * VectorMath.Cos(angle);
            }

            output[i] = T.CreateTruncating(Math.FusedMultiplyAdd(normal, standardDeviation, mean));
        }
    }

    // Two blocks at once fill a vector with radii and one with angles; the last block of an odd number is computed in both halves.
    private static void UniformToNormal(float* numbers, int count, float mean, float standardDeviation)
    {
        var means = Vector512.Create(mean);
        var deviations = Vector512.Create(standardDeviation);
        for (var i = 0; i < count; i += 2 * Block)
        {
            var first = Vector512.Load(numbers + i);
            var second = i + Block < count ? Vector512.Load(numbers + i + Block) : first;
            var radiusDraws = Vector512.Create(first.GetLower(), second.GetLower());
            var angleDraws = Vector512.Create(first.GetUpper(), second.GetUpper());
            var radius = Vector512.Sqrt(-2f * CephesLog(Vector512<float>.One - radiusDraws));
            var (sine, cosine) = CephesSineAndCosine(SingleTwoPi * angleDraws);
            var cosines = Vector512.FusedMultiplyAdd(radius * cosine, deviations, means);
            var sines = Vector512.FusedMultiplyAdd(radius * sine, deviations, means);
            Vector512.Create(cosines.GetLower(), sines.GetLower()).Store(numbers + i);
            if (i + Block < count)
            {
                Vector512.Create(cosines.GetUpper(), sines.GetUpper()).Store(numbers + i + Block);
            }
        }
    }

    private static void UniformToNormal(double* numbers, int count, double mean, double standardDeviation)
    {
        var radius = stackalloc double[Part];
        var cosine = stackalloc double[Part];
        var sine = stackalloc double[Part];
        for (var start = 0; start < count; start += 2 * Part)
        {
            var blocks = numbers + start;
            var part = Math.Min(2 * Part, count - start) / 2;
            for (var i = 0; i < part; i += 8)
            {
                (Vector512<double>.One - Vector512.Load(blocks + (2 * i))).Store(radius + i);
                (DoubleTwoPi * Vector512.Load(blocks + (2 * i) + 8)).Store(cosine + i);
                (DoubleTwoPi * Vector512.Load(blocks + (2 * i) + 8)).Store(sine + i);
            }

            Log(radius, part);
            Cos(cosine, part);
            Sin(sine, part);
            for (var i = 0; i < part; i += 8)
            {
                var radii = Vector512.Sqrt(-2 * Vector512.Load(radius + i));
                for (var half = 0; half < 2; half++)
                {
                    var product = radii * Vector512.Load((half == 0 ? cosine : sine) + i);
                    Vector512.FusedMultiplyAdd(product, Vector512.Create(standardDeviation), Vector512.Create(mean)).Store(blocks + (2 * i) + (8 * half));
                }
            }
        }
    }

    // log x for 0 < x <= 1. With x = 2^e m, sqrt(1/2) <= m < sqrt(2) and t = m - 1, log x = e log 2 + t - t^2 / 2 + t^3 P(t); log 2 is the sum of a short
    // number, which e times is exact, and a small one.
    private static Vector512<float> CephesLog(Vector512<float> x)
    {
        var bits = x.AsInt32();
        var exponent = Vector512.ConvertToSingle((bits >>> 23) - Vector512.Create(126));
        var mantissa = ((bits & Vector512.Create(0x007fffff)) | Vector512.Create(0x3f000000)).AsSingle();
        var isSmall = Vector512.LessThan(mantissa, Vector512.Create(0.707106781186547524f));
        exponent -= isSmall & Vector512<float>.One;
        var t = (mantissa - Vector512<float>.One) + (isSmall & mantissa);
        var square = t * t;
        var p = Vector512.Create(7.0376836292e-2f);
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.1514610310e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.1676998740e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.2420140846e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(1.4249322787e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-1.6668057665e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(2.0000714765e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(-2.4999993993e-1f));
        p = Vector512.FusedMultiplyAdd(p, t, Vector512.Create(3.3333331174e-1f));
        var rest = Vector512.FusedMultiplyAdd(p * t, square, exponent * -2.12194440e-4f);
        rest = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), rest);
        return Vector512.FusedMultiplyAdd(exponent, Vector512.Create(0.693359375f), t + rest);
    }

    // Sine and cosine of 0 <= x < 2 pi: x less an even number of eighths of a circle, subtracted in three parts of falling size, then one polynomial on
    // [-pi/4, pi/4] for each, exchanged and with the signs of the quadrant.
    private static (Vector512<float> Sine, Vector512<float> Cosine) CephesSineAndCosine(Vector512<float> x)
    {
        var eighths = (Vector512.ConvertToInt32(x * 1.27323954473516f) + Vector512<int>.One) & Vector512.Create(~1);
        var turned = Vector512.ConvertToSingle(eighths);
        x = Vector512.FusedMultiplyAdd(turned, Vector512.Create(-0.78515625f), x);
        x = Vector512.FusedMultiplyAdd(turned, Vector512.Create(-2.4187564849853515625e-4f), x);
        x = Vector512.FusedMultiplyAdd(turned, Vector512.Create(-3.77489497744594108e-8f), x);
        var square = x * x;

        var c = Vector512.Create(2.443315711809948e-5f);
        c = Vector512.FusedMultiplyAdd(c, square, Vector512.Create(-1.388731625493765e-3f));
        c = Vector512.FusedMultiplyAdd(c, square, Vector512.Create(4.166664568298827e-2f));
        c = Vector512.FusedMultiplyAdd(c * square, square, -0.5f * square) + Vector512<float>.One;

        var s = Vector512.Create(-1.9515295891e-4f);
        s = Vector512.FusedMultiplyAdd(s, square, Vector512.Create(8.3321608736e-3f));
        s = Vector512.FusedMultiplyAdd(s, square, Vector512.Create(-1.6666654611e-1f));
        s = Vector512.FusedMultiplyAdd(s * square, x, x);

        var isExchanged = Vector512.Equals(eighths & Vector512.Create(2), Vector512.Create(2)).AsSingle();
        var sineSign = ((eighths & Vector512.Create(4)) << 29).AsSingle();
        var cosineSign = (Vector512.AndNot(Vector512.Create(4), eighths - Vector512.Create(2)) << 29).AsSingle();
        return (Vector512.ConditionalSelect(isExchanged, c, s) ^ sineSign, Vector512.ConditionalSelect(isExchanged, s, c) ^ cosineSign);
    }

    private static double NormalDistribution(double x) => (1 + VectorMath.Erf(x / Math.Sqrt(2))) / 2;

    // The inverse of erf, for a whole part of a buffer: a rational approximation for the middle and one for the ends, then two steps of Newton's method.
    // Computed in double for floats too.
    private static void InverseErf(double* values)
    {
        var inverse = stackalloc double[Part];
        var end = stackalloc double[Part];
        var erf = stackalloc double[Part];
        var slope = stackalloc double[Part];
        for (var i = 0; i < Part; i++)
        {
            end[i] = (1 - Math.Abs(values[i])) / 2;
        }

        Log(end, Part);
        for (var i = 0; i < Part; i++)
        {
            inverse[i] = Math.Abs(values[i]) <= 0.7 ? InverseErfOfMiddle(values[i]) : Math.CopySign(InverseErfOfEnd(Math.Sqrt(-end[i])), values[i]);
        }

        for (var step = 0; step < 2; step++)
        {
            for (var i = 0; i < Part; i++)
            {
                erf[i] = inverse[i];
                slope[i] = -inverse[i] * inverse[i];
            }

            Erf(erf, Part);
            Exp(slope, Part);
            for (var i = 0; i < Part; i++)
            {
                inverse[i] -= (erf[i] - values[i]) / (2 / Math.Sqrt(Math.PI) * slope[i]);
            }
        }

        // The steps end in no number where the inverse is infinite.
        for (var i = 0; i < Part; i++)
        {
            values[i] = Math.Abs(values[i]) == 1 ? values[i] * double.PositiveInfinity : inverse[i];
        }
    }

    private static double InverseErfOfMiddle(double y)
    {
        var z = y * y;
        var numerator = (((((-0.140543331 * z) + 0.914624893) * z) - 1.645349621) * z) + 0.886226899;
        var denominator = (((((((0.012229801 * z) - 0.329097515) * z) + 1.442710462) * z) - 2.118377725) * z) + 1;
        return y * numerator / denominator;
    }

    private static double InverseErfOfEnd(double z)
    {
        var numerator = (((((1.641345311 * z) + 3.429567803) * z) - 1.624906493) * z) - 1.970840454;
        var denominator = (((1.637067800 * z) + 3.543889200) * z) + 1;
        return numerator / denominator;
    }

    // One function to a loop: the compiler stops inlining in methods with more of them where it must split vectors in halves.
    private static void Log(double* x, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            VectorMath.Log(Vector512.Load(x + i)).Store(x + i);
        }
    }

    private static void Exp(double* x, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            VectorMath.Exp(Vector512.Load(x + i)).Store(x + i);
        }
    }

    private static void Erf(double* x, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            VectorMath.Erf(Vector512.Load(x + i)).Store(x + i);
        }
    }

    private static void Sin(double* x, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            VectorMath.Sin(Vector512.Load(x + i)).Store(x + i);
        }
    }

    private static void Cos(double* x, int count)
    {
        for (var i = 0; i < count; i += 8)
        {
            VectorMath.Cos(Vector512.Load(x + i)).Store(x + i);
        }
    }

    private static void CheckDeviation(double standardDeviation)
    {
        if (!(standardDeviation >= 0))
        {
            throw new ArgumentException($"normal_: expected a standard deviation >= 0, got {standardDeviation}.");
        }
    }
}
