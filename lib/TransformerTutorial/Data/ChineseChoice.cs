namespace TransformerTutorial.Data;

/// <summary>The generator's chance: numbers of its own (SplitMix64; Steele, Lea and Flood 2014), words by rank, rules by turns.</summary>
internal sealed class ChineseChoice(int seed)
{
    private readonly Dictionary<string, int[]> _timesUsed = new(StringComparer.Ordinal);
    private ulong _state = unchecked((ulong)seed);

    /// <summary>A whole number from <paramref name="lowest"/> to <paramref name="highest"/>, both included.</summary>
    public int Number(int lowest, int highest) => lowest + (int)(NextDouble() * (highest - lowest + 1));

    /// <summary>True once in <c>1 / probability</c> times.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    public T Any<T>(IReadOnlyList<T> items) => items[Number(0, items.Count - 1)];

    public string Word(ChineseWordClass words) => words.Evenly ? Any(words.Words) : ByRank(words.Words);

    /// <summary>One of the items, the n-th with weight 1/(n + 2)^1.15: ranks as in natural text (Zipf 1949; the shift is Mandelbrot's, 1953).</summary>
    public T ByRank<T>(IReadOnlyList<T> items)
    {
        var total = 0.0;
        for (var i = 0; i < items.Count; i++)
        {
            total += Weight(i);
        }

        var left = NextDouble() * total;
        for (var i = 0; i < items.Count - 1; i++)
        {
            left -= Weight(i);
            if (left < 0)
            {
                return items[i];
            }
        }

        return items[^1];

        static double Weight(int index) => Math.Pow(index + 3, -1.15);
    }

    /// <summary>An alternative of a rule; one used k times has weight 1/(1 + k)², so that none wears out.</summary>
    public string Alternative(string rule, IReadOnlyList<string> alternatives)
    {
        if (!_timesUsed.TryGetValue(rule, out var used))
        {
            _timesUsed[rule] = used = new int[alternatives.Count];
        }

        var fewest = used.Min();
        var total = used.Sum(k => Weight(k - fewest));
        var left = NextDouble() * total;
        var chosen = 0;
        while (chosen < alternatives.Count - 1 && (left -= Weight(used[chosen] - fewest)) >= 0)
        {
            chosen++;
        }

        used[chosen]++;
        return alternatives[chosen];

        static double Weight(int more) => 1.0 / ((1 + more) * (1 + more));
    }

    private double NextDouble()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
