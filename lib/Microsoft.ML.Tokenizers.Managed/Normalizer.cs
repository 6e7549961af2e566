namespace Microsoft.ML.Tokenizers;

/// <summary>Rewrites a text before it is split: lower case, Unicode forms, cleaned white space.</summary>
public abstract class Normalizer
{
    /// <summary>For derived classes.</summary>
    protected Normalizer()
    {
    }

    /// <summary>Rewrites a text.</summary>
    /// <param name="original">The text.</param>
    /// <returns>The normalized text.</returns>
    public abstract string Normalize(string original);

    /// <summary>Rewrites a text.</summary>
    /// <param name="original">The text.</param>
    /// <returns>The normalized text.</returns>
    public abstract string Normalize(ReadOnlySpan<char> original);
}
