using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Normalizers one after another, each working on the result of the one before:
/// <c>new NormalizerSequence(UnicodeNormalizer.Nfd, new StripAccentsNormalizer(), LowerCaseNormalizer.Instance)</c> makes <c>ÀB -> ab</c>.
/// </summary>
public sealed class NormalizerSequence : AligningNormalizer
{
    /// <summary>Puts normalizers in a row.</summary>
    /// <param name="normalizers">The normalizers in order, of any kind; none for a sequence that changes nothing.</param>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    public NormalizerSequence(params IReadOnlyList<Normalizer> normalizers)
    {
        ArgumentNullException.ThrowIfNull(normalizers);
        for (var i = 0; i < normalizers.Count; i++)
        {
            if (normalizers[i] is null)
            {
                throw new ArgumentException($"Normalizer {i} is null.", nameof(normalizers));
            }
        }

        Normalizers = [.. normalizers];
    }

    /// <summary>The normalizers in order.</summary>
    public IReadOnlyList<Normalizer> Normalizers { get; }

    /// <inheritdoc/>
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return Normalizers.Aggregate(original, (text, normalizer) => normalizer.Normalize(text));
    }

    /// <inheritdoc/>
    public override AlignedText Align(string original) =>
        Normalizers.Aggregate(AlignedText.Unchanged(original), (aligned, normalizer) => aligned.Then(normalizer));
}
