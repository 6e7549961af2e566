namespace TransformerTutorial.Embeddings;

/// <summary>
/// Draws words with probability in proportion to a power of their counts, in constant time each: one bin per word, filled to the same height with that word and at most one other.
/// Walker, 1977, "An Efficient Method for Generating Discrete Random Variables With General Distributions"; built as Vose, 1991, does.
/// </summary>
internal sealed class NegativeSampler
{
    // Bin i holds word i for fractions below _own[i], in units of 2⁻³², and _other[i] above.
    private readonly (uint Own, int Other)[] _bins;

    /// <param name="counts">How often each word stands in the text.</param>
    /// <param name="exponent">The power.</param>
    public NegativeSampler(IReadOnlyList<long> counts, double exponent)
    {
        Probabilities = new double[counts.Count];
        var total = 0.0;
        for (var i = 0; i < counts.Count; i++)
        {
            total += Probabilities[i] = Power(counts[i], exponent);
        }

        var height = new double[counts.Count];
        var (low, high) = (new Stack<int>(), new Stack<int>());
        for (var i = 0; i < counts.Count; i++)
        {
            Probabilities[i] /= total;
            height[i] = Probabilities[i] * counts.Count;
            (height[i] < 1 ? low : high).Push(i);
        }

        _bins = [.. Enumerable.Range(0, counts.Count).Select(i => (uint.MaxValue, i))];
        while (low.Count > 0 && high.Count > 0)
        {
            var (small, large) = (low.Pop(), high.Peek());
            _bins[small] = ((uint)(height[small] * 4294967296.0), large);
            height[large] -= 1 - height[small];
            if (height[large] < 1)
            {
                low.Push(high.Pop());
            }
        }
    }

    /// <summary>The probability of each word.</summary>
    public double[] Probabilities { get; }

    /// <summary>Draws one word.</summary>
    public int Draw(ref Word2VecRandom random)
    {
        // The upper half of the product is the bin, the lower half how high in it.
        var product = (ulong)random.Next() * (uint)_bins.Length;
        var bin = (int)(product >> 32);
        var (own, other) = _bins[bin];
        return (uint)product < own ? bin : other;
    }

    /// <summary>value^exponent by squaring and square roots, which every processor rounds alike; the exponent is taken to the next 2⁻³⁰ below.</summary>
    internal static double Power(double value, double exponent)
    {
        if (exponent < 0)
        {
            return 1 / Power(value, -exponent);
        }

        var (whole, result) = ((int)exponent, 1.0);
        for (var i = 0; i < whole; i++)
        {
            result *= value;
        }

        var (fraction, root) = (exponent - whole, value);
        for (var bit = 0; bit < 30 && fraction > 0; bit++)
        {
            root = Math.Sqrt(root);
            fraction *= 2;
            if (fraction >= 1)
            {
                result *= root;
                fraction -= 1;
            }
        }

        return result;
    }
}
