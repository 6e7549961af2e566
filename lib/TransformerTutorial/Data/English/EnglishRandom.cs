namespace TransformerTutorial.Data.English;

/// <summary>
/// The generator's source of chance: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014, figure 17).
/// The same seed gives the same numbers on every machine and in every version of .NET.
/// </summary>
internal sealed class EnglishRandom(int seed)
{
    private ulong _state = unchecked((ulong)seed);

    /// <summary>A number in [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>A number between the two bounds, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True in <paramref name="percent"/> of a hundred cases.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>One of the items, each as likely as the next.</summary>
    public T Any<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of the items; the item at place r comes up with a weight of 1 / (r + 2), as the ranks of words do in real text.</summary>
    public T Ranked<T>(IReadOnlyList<T> items)
    {
        const long Scale = 5040;
        long total = 0;
        for (var place = 0; place < items.Count; place++)
        {
            total += Scale / (place + 2);
        }

        var ticket = (long)(Next() % (ulong)total);
        for (var place = 0; ; place++)
        {
            ticket -= Scale / (place + 2);
            if (ticket < 0)
            {
                return items[place];
            }
        }
    }

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var mixed = _state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
