using System.Globalization;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Removes combining marks. Put it behind <see cref="UnicodeNormalizer.Nfd"/>, which takes <c>é</c> apart: <c>é -> e + ´ -> e</c>.
/// </summary>
/// <param name="nonSpacingOnly">
/// Whether only the non-spacing marks go (category Mn: BERT's rule, Devlin et al. 2019, <c>tokenization.py</c>); else all marks do
/// (Mn, Mc and Me: what <c>StripAccents</c> in a <c>tokenizer.json</c> means), vowel signs of Indian scripts included.
/// </param>
public sealed class StripAccentsNormalizer(bool nonSpacingOnly = true) : AligningNormalizer
{
    /// <summary>Whether only the non-spacing marks go.</summary>
    public bool NonSpacingOnly { get; } = nonSpacingOnly;

    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (Ascii.IsValid(original))
        {
            return AlignedText.Unchanged(original);
        }

        var builder = new AlignedTextBuilder(original);
        for (var i = 0; i < original.Length;)
        {
            Rune.DecodeFromUtf16(original.AsSpan(i), out var rune, out var length);
            if (!IsRemoved(rune))
            {
                builder.AppendUnchanged(i, length);
            }

            i += length;
        }

        return builder.ToAlignedText();
    }

    private bool IsRemoved(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark => true,
        UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => !NonSpacingOnly,
        _ => false,
    };
}
