using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// Fills contiguous buffers with random numbers exactly as PyTorch's CPU kernels do (1.13, without MKL, AVX2): the same numbers from the same draws,
/// so that programs which mix calls stay in step. This file has uniform and whole numbers and the distributions that need one uniform number an
/// element; normal numbers and choices among things have files of their own.
/// <code>Uniform(new MersenneTwister(1), output, 2, 0, 1) -> 0.75763160, 0.27931088</code>
/// A buffer is filled in the order of memory. PyTorch does the same for any tensor without gaps, however its dimensions are permuted, and walks tensors with
/// gaps with the largest stride outermost: a caller with such a tensor fills a packed buffer and copies it in that order.
/// Probabilities and bounds are checked before anything is drawn.
/// </summary>
internal static unsafe partial class RandomStreams
{
    // The draws of one pass: small enough to stay in the first-level cache between drawing and transforming.
    private const int Pass = 2048;

    private const int SingleBits = 24;
    private const int DoubleBits = 53;
    private const uint SingleMask = (1u << SingleBits) - 1;
    private const ulong DoubleMask = (1ul << DoubleBits) - 1;
    private const float SingleUnit = 1f / (1u << SingleBits);
    private const double DoubleUnit = 1.0 / (1ul << DoubleBits);

    /// <summary>Uniform numbers in [from, to): one 32-bit draw each, its lower 24 bits scaled with one fused multiply-add.</summary>
    /// <exception cref="ArgumentException">from is greater than to, or one of them or their distance is no float.</exception>
    public static void Uniform(MersenneTwister generator, float* output, long count, double from, double to)
    {
        CheckUniform(from, to, float.MaxValue);
        lock (generator.Gate)
        {
            FillUniform(generator, output, count, (float)from, (float)to);
        }
    }

    /// <summary>Uniform numbers in [from, to): two draws each, the lower 53 of their 64 bits.</summary>
    /// <exception cref="ArgumentException">from is greater than to, or one of them or their distance is not finite.</exception>
    public static void Uniform(MersenneTwister generator, double* output, long count, double from, double to)
    {
        CheckUniform(from, to, double.MaxValue);
        lock (generator.Gate)
        {
            FillUniform(generator, output, count, from, to);
        }
    }

    /// <summary>
    /// Whole numbers in [from, to), the draw modulo the distance: one 32-bit draw each, or 64 bits (two draws) where the distance is 2^32 or more and
    /// the element is a long, double or float. Into floats the bounds first move to the nearest ones that no rounding leaves, as in PyTorch.
    /// </summary>
    /// <exception cref="ArgumentException">from is not less than to, or the element type does not hold them.</exception>
    public static void RandomInteger<T>(MersenneTwister generator, T* output, long count, long from, long to)
        where T : unmanaged, INumberBase<T>
    {
        CheckIntegers<T>(ref from, ref to);
        FillIntegers(generator, output, count, from, to);
    }

    /// <summary>Truth values: whole numbers in [from, to) within [0, 2).</summary>
    /// <exception cref="ArgumentException">from is not less than to, or they are not 0, 1 or 2.</exception>
    public static void RandomInteger(MersenneTwister generator, bool* output, long count, long from, long to)
    {
        if (from >= to || from < 0 || to > 2)
        {
            throw new ArgumentException($"random_: expected 0 <= from < to <= 2 for Bool, got from={from}, to={to}.");
        }

        FillIntegers(generator, (byte*)output, count, from, to);
    }

    /// <summary>One with probability p, otherwise zero: 64 bits (two draws) each, whatever the element type. Truth values are bytes here.</summary>
    /// <exception cref="ArgumentException">p is not in [0, 1].</exception>
    public static void Bernoulli<T>(MersenneTwister generator, T* output, long count, double p)
        where T : unmanaged, INumberBase<T>
    {
        CheckProbability("bernoulli_", p);
        lock (generator.Gate)
        {
            FillBernoulli(generator, output, count, p, T.One);
        }
    }

    /// <summary>One with the probability at the same place, otherwise zero: one 32-bit draw each where probabilities are floats.</summary>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static void Bernoulli<T>(MersenneTwister generator, T* output, long count, float* probabilities)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0L; i < count; i++)
        {
            CheckProbability("bernoulli", probabilities[i]);
        }

        lock (generator.Gate)
        {
            for (var i = 0L; i < count; i++)
            {
                output[i] = ToSingle(generator.Next()) < probabilities[i] ? T.One : T.Zero;
            }
        }
    }

    /// <summary>One with the probability at the same place, otherwise zero: 64 bits (two draws) each where probabilities are doubles.</summary>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static void Bernoulli<T>(MersenneTwister generator, T* output, long count, double* probabilities)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0L; i < count; i++)
        {
            CheckProbability("bernoulli", probabilities[i]);
        }

        lock (generator.Gate)
        {
            for (var i = 0L; i < count; i++)
            {
                output[i] = NextUniform(generator) < probabilities[i] ? T.One : T.Zero;
            }
        }
    }

    /// <summary>
    /// What <c>dropout(p)</c> multiplies its input with: 1 / (1 - p) where an element is kept, otherwise zero. With p = 1 all are zero and nothing is drawn;
    /// with p = 0 PyTorch returns the input and does not come here.
    /// </summary>
    /// <exception cref="ArgumentException">p is not in [0, 1].</exception>
    public static void DropoutMask(MersenneTwister generator, float* mask, long count, double p)
    {
        CheckProbability("dropout", p);
        DropoutMask(generator, mask, count, p, 1 / (float)(1 - p));
    }

    /// <summary>The mask of dropout for doubles.</summary>
    /// <exception cref="ArgumentException">p is not in [0, 1].</exception>
    public static void DropoutMask(MersenneTwister generator, double* mask, long count, double p)
    {
        CheckProbability("dropout", p);
        DropoutMask(generator, mask, count, p, 1 / (1 - p));
    }

    private static void DropoutMask<T>(MersenneTwister generator, T* mask, long count, double p, T kept)
        where T : unmanaged, INumberBase<T>
    {
        if (p == 1)
        {
            Clear(mask, count);
            return;
        }

        lock (generator.Gate)
        {
            FillBernoulli(generator, mask, count, 1 - p, kept);
        }
    }

    private static void Clear<T>(T* output, long count)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0L; i < count; i++)
        {
            output[i] = T.Zero;
        }
    }

    private static float ToSingle(uint draw) => (draw & SingleMask) * SingleUnit;

    private static double ToDouble(ulong draw) => (draw & DoubleMask) * DoubleUnit;

    private static double NextUniform(MersenneTwister generator) => ToDouble(generator.Next64());

    // The draws lie where the numbers will be, and each pass turns its own into numbers.
    private static void FillUniform(MersenneTwister generator, float* output, long count, float from, float to)
    {
        var range = to - from;
        var ranges = Vector512.Create(range);
        var froms = Vector512.Create(from);
        for (var start = 0L; start < count; start += Pass)
        {
            var part = (int)Math.Min(Pass, count - start);
            var numbers = output + start;
            var draws = (uint*)numbers;
            generator.Fill(draws, part);
            var i = 0;
            for (; i + 16 <= part; i += 16)
            {
                var whole = (Vector512.Load(draws + i) & Vector512.Create(SingleMask)).AsInt32();
                Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(whole) * SingleUnit, ranges, froms).Store(numbers + i);
            }

            for (; i < part; i++)
            {
                numbers[i] = MathF.FusedMultiplyAdd(ToSingle(draws[i]), range, from);
            }
        }
    }

    private static void FillUniform(MersenneTwister generator, double* output, long count, double from, double to)
    {
        var range = to - from;
        var ranges = Vector512.Create(range);
        var froms = Vector512.Create(from);
        for (var start = 0L; start < count; start += Pass / 2)
        {
            var part = (int)Math.Min(Pass / 2, count - start);
            var numbers = output + start;
            var draws = (uint*)numbers;
            generator.Fill(draws, 2 * part);
            var i = 0;
            for (; i + 8 <= part; i += 8)
            {
                var whole = (Joined(draws + (2 * i)) & Vector512.Create(DoubleMask)).AsInt64();
                Vector512.FusedMultiplyAdd(Vector512.ConvertToDouble(whole) * DoubleUnit, ranges, froms).Store(numbers + i);
            }

            for (; i < part; i++)
            {
                numbers[i] = Math.FusedMultiplyAdd(ToDouble(Joined(draws, i)), range, from);
            }
        }
    }

    // Two draws as one number of 64 bits, the first one the upper half.
    private static ulong Joined(uint* draws, int index) => ((ulong)draws[2 * index] << 32) | draws[(2 * index) + 1];

    private static Vector512<ulong> Joined(uint* draws)
    {
        var pairs = Vector512.Load((ulong*)draws);
        return (pairs << 32) | (pairs >>> 32);
    }

    private static void FillIntegers<T>(MersenneTwister generator, T* output, long count, long from, long to)
        where T : unmanaged, INumberBase<T>
    {
        var range = unchecked((ulong)to - (ulong)from);
        var isWide = range > uint.MaxValue;
        lock (generator.Gate)
        {
            if (isWide && (typeof(T) == typeof(long) || typeof(T) == typeof(double) || typeof(T) == typeof(float)))
            {
                for (var i = 0L; i < count; i++)
                {
                    output[i] = T.CreateTruncating(unchecked((long)(generator.Next64() % range) + from));
                }

                return;
            }

            var draws = stackalloc uint[Pass];
            for (var start = 0L; start < count; start += Pass)
            {
                var part = (int)Math.Min(Pass, count - start);
                generator.Fill(draws, part);
                for (var i = 0; i < part; i++)
                {
                    output[start + i] = T.CreateTruncating(unchecked((isWide ? draws[i] : draws[i] % (uint)range) + from));
                }
            }
        }
    }

    // A draw of 53 bits lies below p where it lies below p 2^53 as a whole number, rounded up: no element needs a conversion to double.
    private static void FillBernoulli<T>(MersenneTwister generator, T* output, long count, double p, T one)
        where T : unmanaged
    {
        var bound = (ulong)Math.Ceiling(p * (1ul << DoubleBits));
        var bounds = Vector512.Create(bound);
        var draws = stackalloc uint[Pass];
        for (var start = 0L; start < count; start += Pass / 2)
        {
            var part = (int)Math.Min(Pass / 2, count - start);
            var numbers = output + start;
            generator.Fill(draws, 2 * part);
            var i = 0;
            if (sizeof(T) == 8)
            {
                var ones = Vector512.Create(Unsafe.As<T, ulong>(ref one));
                for (; i + 8 <= part; i += 8)
                {
                    (Below(draws + (2 * i), bounds) & ones).Store((ulong*)(numbers + i));
                }
            }
            else if (sizeof(T) == 4)
            {
                var ones = Vector512.Create(Unsafe.As<T, uint>(ref one));
                for (; i + 16 <= part; i += 16)
                {
                    (BelowTwice(draws + (2 * i), bounds) & ones).Store((uint*)(numbers + i));
                }
            }
            else if (sizeof(T) == 1)
            {
                var ones = Vector512.Create(Unsafe.As<T, byte>(ref one));
                for (; i + 64 <= part; i += 64)
                {
                    var at = draws + (2 * i);
                    var lower = Vector512.Narrow(BelowTwice(at, bounds), BelowTwice(at + 32, bounds));
                    var upper = Vector512.Narrow(BelowTwice(at + 64, bounds), BelowTwice(at + 96, bounds));
                    (Vector512.Narrow(lower, upper) & ones).Store((byte*)(numbers + i));
                }
            }

            for (; i < part; i++)
            {
                numbers[i] = (Joined(draws, i) & DoubleMask) < bound ? one : default;
            }
        }
    }

    private static Vector512<ulong> Below(uint* draws, Vector512<ulong> bounds) => Vector512.LessThan(Joined(draws) & Vector512.Create(DoubleMask), bounds);

    private static Vector512<uint> BelowTwice(uint* draws, Vector512<ulong> bounds) => Vector512.Narrow(Below(draws, bounds), Below(draws + 16, bounds));

    private static void CheckUniform(double from, double to, double limit)
    {
        if (!(from <= to) || from < -limit || to > limit || to - from > limit)
        {
            throw new ArgumentException($"uniform_: expected from <= to, both and their distance within {limit}, got from={from}, to={to}.");
        }
    }

    private static void CheckProbability(string name, double p)
    {
        if (!(p is >= 0 and <= 1))
        {
            throw new ArgumentException($"{name}: expected a probability in [0, 1], got {p}.");
        }
    }

    private static void CheckIntegers<T>(ref long from, ref long to)
        where T : unmanaged, INumberBase<T>
    {
        if (from >= to)
        {
            throw new ArgumentException($"random_: expected from < to, got from={from}, to={to}.");
        }

        var (lowest, highest) = (long.MinValue, long.MaxValue);
        if (typeof(T) == typeof(float))
        {
            MoveInside(ref from, ref to, SingleBits, number => (long)(float)number);
        }
        else if (typeof(T) == typeof(double))
        {
            MoveInside(ref from, ref to, DoubleBits, number => (long)(double)number);
        }
        else if (typeof(T) == typeof(int))
        {
            (lowest, highest) = (int.MinValue, int.MaxValue);
        }
        else if (typeof(T) == typeof(byte))
        {
            (lowest, highest) = (byte.MinValue, byte.MaxValue);
        }
        else if (typeof(T) != typeof(long))
        {
            throw new ArgumentException($"random_: elements of type {typeof(T).Name} are not supported.");
        }

        if (from < lowest || to - 1 > highest)
        {
            throw new ArgumentException($"random_: expected from and to - 1 in [{lowest}, {highest}], got from={from}, to={to}.");
        }

        if (from >= to)
        {
            throw new ArgumentException($"random_: no {typeof(T).Name} lies in the range; from={from}, to={to} after rounding.");
        }
    }

    // The nearest bounds that rounding to the element type does not leave.
    private static void MoveInside(ref long from, ref long to, int bits, Func<long, long> rounded)
    {
        unchecked
        {
            var above = rounded(from + 1);
            if (above < from)
            {
                from = above + (1L << (BitOperations.Log2((ulong)Math.Abs(from + 1)) - bits + 1));
            }

            var below = rounded(to - 1);
            if (below >= to)
            {
                to = below - (1L << (BitOperations.Log2((ulong)Math.Abs(to - 1)) - bits + 1));
            }
        }
    }
}
