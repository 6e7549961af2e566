namespace TransformerTutorial.Decoding;

/// <summary>A small random generator with as many streams as there are sentences: the same numbers everywhere, whatever else draws.</summary>
/// <remarks>Source: G. Steele, D. Lea and C. Flood 2014, "Fast Splittable Pseudorandom Number Generators", section 3 and figure 14.</remarks>
internal sealed class SplitMix
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    public SplitMix(long seed, int stream) => _state = Mix(Mix(unchecked((ulong)seed + Gamma)) + (unchecked((ulong)stream + 1) * Gamma));

    /// <summary>A number from 0 up to 1 without 1, a multiple of 2^-53.</summary>
    public double NextDouble() => (Mix(_state += Gamma) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
