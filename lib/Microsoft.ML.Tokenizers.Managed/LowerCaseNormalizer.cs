namespace Microsoft.ML.Tokenizers;

/// <summary>Puts a text into lower case by the invariant culture's rules, character for character: the length never changes.</summary>
public sealed class LowerCaseNormalizer : Normalizer
{
    /// <summary>Creates one; <see cref="Instance"/> does as well.</summary>
    public LowerCaseNormalizer()
    {
    }

    /// <summary>The shared instance.</summary>
    public static LowerCaseNormalizer Instance { get; } = new();

    /// <summary>Puts a text into lower case: <c>ÀB -> àb</c>.</summary>
    /// <param name="original">The text.</param>
    /// <returns>The text in lower case.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return original.ToLowerInvariant();
    }

    /// <summary>Puts a text into lower case.</summary>
    /// <param name="original">The text.</param>
    /// <returns>The text in lower case.</returns>
    public override string Normalize(ReadOnlySpan<char> original) =>
        string.Create(original.Length, original, static (result, text) => text.ToLowerInvariant(result));
}
