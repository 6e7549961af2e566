namespace Microsoft.ML.Tokenizers;

/// <summary>Puts a text into upper case by the invariant culture's rules, character for character: the length never changes.</summary>
public sealed class UpperCaseNormalizer : Normalizer
{
    /// <summary>Creates one; <see cref="Instance"/> does as well.</summary>
    public UpperCaseNormalizer()
    {
    }

    /// <summary>The shared instance.</summary>
    public static UpperCaseNormalizer Instance { get; } = new();

    /// <summary>Puts a text into upper case: <c>àb -&gt; ÀB</c>.</summary>
    /// <param name="original">The text.</param>
    /// <returns>The text in upper case.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return original.ToUpperInvariant();
    }

    /// <summary>Puts a text into upper case.</summary>
    /// <param name="original">The text.</param>
    /// <returns>The text in upper case.</returns>
    public override string Normalize(ReadOnlySpan<char> original) =>
        string.Create(original.Length, original, static (result, text) => text.ToUpperInvariant(result));
}
