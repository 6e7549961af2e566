using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>A normalizer that knows where each character of its result came from, so that tokens can point into the original text.</summary>
public abstract class AligningNormalizer : Normalizer
{
    /// <summary>Normalizes a text and keeps its alignment with the original.</summary>
    /// <param name="original">The text; lone surrogates are allowed and left as they are.</param>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    public abstract AlignedText Align(string original);

    /// <inheritdoc/>
    public override string Normalize(string original) => Align(original).Text;

    /// <inheritdoc/>
    public sealed override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());
}
