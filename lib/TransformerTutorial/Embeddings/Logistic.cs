using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The output side of word2vec's objectives: from scores to the factors with which rows are moved, and to the loss. Exponentials are polynomials and logarithms a series of our own, four numbers
/// at a time on every processor, so that all get the same bits.
/// </summary>
internal unsafe struct Logistic()
{
    // Beyond this a sigmoid is 0 or 1 to 28 digits.
    private const float LargestScore = 64;

    private const double Ln2 = 0.693147180559945309;

    // The product of the probabilities of all right answers so far, in four lanes: mantissas between 1 and 2, exponents apart.
    private Vector128<float> _mantissas = Vector128<float>.One;
    private Vector128<long> _exponents = Vector128<long>.Zero;
    private double _loss;

    /// <summary>
    /// Logistic regression on several answers: coefficients[i] = rate · (label - σ(score[i])), the label being 1 where signs[i] is +1 and 0 where it is -1.
    /// The loss grows by -Σ log σ(signs[i] · scores[i]); a score beyond ±64 counts as ±64.
    /// </summary>
    /// <remarks>The arrays have room for a multiple of four numbers.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(float* scores, float* signs, int count, float rate, float* coefficients)
    {
        var exponents = Vector128<int>.Zero;
        for (var at = 0; at < count; at += 4)
        {
            var sign = Vector128.Load(signs + at);
            var score = Vector128.MinNative(Vector128.MaxNative(Vector128.Load(scores + at) * sign, Vector128.Create(-LargestScore)), Vector128.Create(LargestScore));
            if (count - at < 4)
            {
                // What isn't there is answered rightly with probability 1.
                score = Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count - at)).AsSingle(), score, Vector128.Create(LargestScore));
            }

            // 1 - p is e p, without a difference of nearly equal numbers.
            var e = Exp(-score);
            var p = Vector128<float>.One / (Vector128<float>.One + e);
            (e * p * sign * Vector128.Create(rate)).Store(coefficients + at);

            var bits = (_mantissas * p).AsInt32();
            _mantissas = ((bits & Vector128.Create(0x007F_FFFF)) | Vector128.Create(0x3F80_0000)).AsSingle();
            exponents += (bits >> 23) - Vector128.Create(127);
        }

        var (low, high) = Vector128.Widen(exponents);
        _exponents += low + high;
    }

    /// <summary>Cross-entropy over all rows: coefficients[i] = rate · ([i = target] - softmax(scores)[i]). The loss grows by -log softmax(scores)[target].</summary>
    /// <remarks>The arrays have room for a multiple of four numbers. Scores more than 87 below the largest count as 87 below.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SoftmaxStep(float* scores, int count, int target, float rate, float* coefficients)
    {
        var largest = scores[0];
        for (var i = 1; i < count; i++)
        {
            largest = Math.Max(largest, scores[i]);
        }

        var distance = largest - scores[target];
        var sums = Vector128<float>.Zero;
        for (var at = 0; at < count; at += 4)
        {
            var e = Exp(Vector128.MaxNative(Vector128.Load(scores + at) - Vector128.Create(largest), Vector128.Create(-87f)));
            if (count - at < 4)
            {
                e = Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Create(0, 1, 2, 3), Vector128.Create(count - at)).AsSingle(), e, Vector128<float>.Zero);
            }

            e.Store(coefficients + at);
            sums += e;
        }

        var sum = Lanes128.SumOf(sums);
        var factor = Vector128.Create(-rate / sum);
        for (var at = 0; at < count; at += 4)
        {
            (Vector128.Load(coefficients + at) * factor).Store(coefficients + at);
        }

        coefficients[target] += rate;
        _loss += Log(sum) + distance;
    }

    /// <summary>The loss since the last call, in nats.</summary>
    public double TakeLoss()
    {
        var mantissas = (double)_mantissas[0] * _mantissas[1] * ((double)_mantissas[2] * _mantissas[3]);
        var loss = _loss - ((_exponents[0] + _exponents[1]) * Ln2) - Log(mantissas);
        this = new Logistic();
        return loss;
    }

    /// <summary>The natural logarithm of a positive, normal number to nearly the last bit, by 2 artanh((m - 1) / (m + 1)) for a mantissa m between 1 and 2.</summary>
    internal static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        var x = (mantissa - 1) / (mantissa + 1);
        var sum = 0.0;
        for (var power = 31; power >= 1; power -= 2)
        {
            sum = (sum * x * x) + (1.0 / power);
        }

        return (((bits >> 52) - 1023) * Ln2) + (2 * x * sum);
    }

    /// <summary>e^x for x between -87 and 87, to within about an ulp: 2ⁿ · e^r with |r| at most half of ln 2, by its Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Exp(Vector128<float> x)
    {
        // Adding 1.5 · 2²³ leaves the nearest whole number in the last bits.
        var shift = Vector128.Create(12582912f);
        var shifted = Vector128.FusedMultiplyAdd(x, Vector128.Create(1.44269504f), shift);
        var n = shifted - shift;
        var r = Vector128.FusedMultiplyAdd(n, Vector128.Create(-0.693359375f), x);
        r = Vector128.FusedMultiplyAdd(n, Vector128.Create(2.12194440e-4f), r);
        var r2 = r * r;
        var low = Vector128.FusedMultiplyAdd(r, Vector128.Create(1f / 6), Vector128.Create(0.5f));
        var middle = Vector128.FusedMultiplyAdd(r, Vector128.Create(1f / 120), Vector128.Create(1f / 24));
        var high = Vector128.FusedMultiplyAdd(r, Vector128.Create(1f / 5040), Vector128.Create(1f / 720));
        var rest = Vector128.FusedMultiplyAdd(Vector128.FusedMultiplyAdd(high, r2, middle), r2, low);
        var sum = Vector128.FusedMultiplyAdd(rest, r2, Vector128<float>.One + r);
        return (sum.AsInt32() + ((shifted.AsInt32() - shift.AsInt32()) << 23)).AsSingle();
    }
}
