namespace TransformerTutorial.Embeddings;

/// <summary>Random numbers for the innermost loops: a 64-bit linear congruential generator (Knuth's constants), of which the upper half is used. Each sentence has its own,
/// seeded from the options' seed, the pass and the sentence's place in the text, so draws don't depend on which thread works on it or on how the text is cut into blocks.</summary>
internal struct Word2VecRandom
{
    private ulong _state;

    /// <summary>The generator of one sentence.</summary>
    public Word2VecRandom(long seed, long epoch, long sentence) => _state = Mix(Mix(Mix(unchecked((ulong)seed)) + (ulong)epoch) + (ulong)sentence);

    /// <summary>32 random bits.</summary>
    public uint Next()
    {
        _state = unchecked((_state * 6364136223846793005UL) + 1442695040888963407UL);
        return (uint)(_state >> 32);
    }

    /// <summary>A whole number from 0 to below <paramref name="bound"/>; its bias is at most bound / 2³².</summary>
    public int Below(int bound) => (int)(((ulong)Next() * (uint)bound) >> 32);

    /// <summary>The output function of SplitMix64. Steele, Lea and Flood, 2014, "Fast Splittable Pseudorandom Number Generators", figure 15.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
