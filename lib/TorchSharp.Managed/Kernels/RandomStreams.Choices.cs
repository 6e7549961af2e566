using System.Numerics;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Choices among things: permutations, and samples of categories with and without replacement.</summary>
internal static unsafe partial class RandomStreams
{
    // PyTorch's limit, the whole numbers that a float holds.
    private const long MostCategories = 1L << SingleBits;

    /// <summary>A random order of 0 ... count - 1: element i changes places with one of those from i on, one 32-bit draw for each but the last.</summary>
    public static void RandPerm<T>(MersenneTwister generator, T* output, long count)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0L; i < count; i++)
        {
            output[i] = T.CreateTruncating(i);
        }

        lock (generator.Gate)
        {
            for (var i = 0L; i < count - 1; i++)
            {
                var left = count - i;
                var other = output + i + (left <= uint.MaxValue ? generator.Next() % (uint)left : generator.Next());
                (output[i], *other) = (*other, output[i]);
            }
        }
    }

    /// <summary>
    /// Samples of categories, [rows, samples], from weights, [rows, categories], which need not sum to one. With replacement, a uniform double (two draws)
    /// is looked up in the row's cumulative weights. Without, each weight is divided by an exponential number (two draws each, rows first), and the samples are
    /// the categories of the largest quotients, largest first; of equal ones, which only weights of zero give, the first.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, a row has none above zero, or there are too few categories, or too many.</exception>
    public static void Multinomial<T>(MersenneTwister generator, T* weights, long rows, long categories, long* output, long samples, bool withReplacement)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckMultinomial(weights, rows, categories, samples, withReplacement);
        lock (generator.Gate)
        {
            if (withReplacement)
            {
                SampleWithReplacement(generator, weights, rows, categories, output, samples);
            }
            else
            {
                SampleWithoutReplacement(generator, weights, rows, categories, output, samples);
            }
        }
    }

    private static void SampleWithReplacement<T>(MersenneTwister generator, T* weights, long rows, long categories, long* output, long samples)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var cumulative = new T[categories];
        for (var row = 0L; row < rows; row++)
        {
            var sum = T.Zero;
            for (var j = 0; j < cumulative.Length; j++)
            {
                sum += weights[(row * categories) + j];
                cumulative[j] = sum;
            }

            Divide(cumulative, sum);
            // It is one already, unless the sum overflowed; then it keeps the search inside.
            cumulative[^1] = T.One;
            for (var j = 0L; j < samples; j++)
            {
                var uniform = NextUniform(generator);
                var (left, right) = (0, cumulative.Length);
                while (left < right)
                {
                    var middle = left + ((right - left) / 2);
                    if (double.CreateTruncating(cumulative[middle]) < uniform)
                    {
                        left = middle + 1;
                    }
                    else
                    {
                        right = middle;
                    }
                }

                output[(row * samples) + j] = left;
            }
        }
    }

    private static void Divide<T>(T[] values, T divisor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var divisors = Vector512.Create(divisor);
        var i = 0;
        for (; i + Vector512<T>.Count <= values.Length; i += Vector512<T>.Count)
        {
            (Vector512.Create(values, i) / divisors).CopyTo(values, i);
        }

        for (; i < values.Length; i++)
        {
            values[i] /= divisor;
        }
    }

    private static void SampleWithoutReplacement<T>(MersenneTwister generator, T* weights, long rows, long categories, long* output, long samples)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var quotients = new T[categories];
        var order = new int[categories];
        for (var row = 0L; row < rows; row++)
        {
            fixed (T* quotient = quotients)
            {
                Exponential(generator, quotient, categories, 1);
                for (var j = 0L; j < categories; j++)
                {
                    quotient[j] = weights[(row * categories) + j] / quotient[j];
                }
            }

            if (samples == 1)
            {
                var best = 0;
                for (var j = 1; j < quotients.Length; j++)
                {
                    best = quotients[j] > quotients[best] ? j : best;
                }

                output[row] = best;
                continue;
            }

            for (var j = 0; j < order.Length; j++)
            {
                order[j] = j;
            }

            Array.Sort(order, (left, right) => quotients[right].CompareTo(quotients[left]) is not 0 and var larger ? larger : left.CompareTo(right));
            for (var j = 0; j < samples; j++)
            {
                output[(row * samples) + j] = order[j];
            }
        }
    }

    private static void CheckMultinomial<T>(T* weights, long rows, long categories, long samples, bool withReplacement)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (samples <= 0 || (!withReplacement && samples > categories))
        {
            throw new ArgumentException($"multinomial: expected 1 to {categories} samples of [{rows}, {categories}] without replacement, or at least 1 with, got {samples}.");
        }

        if (categories is < 1 or > MostCategories)
        {
            throw new ArgumentException($"multinomial: expected 1 to {MostCategories} categories, got [{rows}, {categories}].");
        }

        for (var row = 0L; row < rows; row++)
        {
            var hasWeight = false;
            for (var j = 0L; j < categories; j++)
            {
                var weight = weights[(row * categories) + j];
                if (!T.IsFinite(weight) || weight < T.Zero)
                {
                    throw new ArgumentException($"multinomial: expected finite weights >= 0, got {weight} at [{row}, {j}] of [{rows}, {categories}].");
                }

                hasWeight |= weight > T.Zero;
            }

            if (!hasWeight)
            {
                throw new ArgumentException($"multinomial: expected a weight above zero in each row of [{rows}, {categories}], row {row} has none.");
            }
        }
    }
}
