using System.Globalization;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Puts a text into one of Unicode's normalization forms (Unicode Standard Annex 15): NFC composes (<c>e + ´ -> é</c>), NFD
/// decomposes, and NFKC and NFKD replace compatibility characters too (<c>ﬁ -> fi</c>, full-width <c>Ａ１，-> A1,</c>).
/// </summary>
/// <remarks>
/// Characters that normalization doesn't define (lone surrogates, U+FFFE) stay as they are. Where normalization composes
/// or reorders a character and the marks behind it, each character of the result stands for all of them.
/// </remarks>
public sealed class UnicodeNormalizer : AligningNormalizer
{
    /// <summary>Creates a normalizer.</summary>
    /// <param name="form">The form.</param>
    /// <exception cref="ArgumentOutOfRangeException">That is no normalization form.</exception>
    /// <exception cref="PlatformNotSupportedException">The process runs without Unicode's data (globalization-invariant mode).</exception>
    public UnicodeNormalizer(NormalizationForm form)
    {
        if (!Enum.IsDefined(form))
        {
            throw new ArgumentOutOfRangeException(nameof(form), form, "There is no such normalization form.");
        }

        if ("\u00E9".Normalize(NormalizationForm.FormD).Length != 2)
        {
            throw new PlatformNotSupportedException(
                "Unicode normalization needs the ICU library, and this process runs in globalization-invariant mode: install libicu and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }

        Form = form;
    }

    /// <summary>Composed.</summary>
    public static UnicodeNormalizer Nfc => new(NormalizationForm.FormC);

    /// <summary>Decomposed.</summary>
    public static UnicodeNormalizer Nfd => new(NormalizationForm.FormD);

    /// <summary>Composed, compatibility characters replaced.</summary>
    public static UnicodeNormalizer Nfkc => new(NormalizationForm.FormKC);

    /// <summary>Decomposed, compatibility characters replaced.</summary>
    public static UnicodeNormalizer Nfkd => new(NormalizationForm.FormKD);

    /// <summary>The form.</summary>
    public NormalizationForm Form { get; }

    /// <inheritdoc/>
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (Ascii.IsValid(original))
        {
            return original;
        }

        // Whole stretches at once; the alignment is not asked for.
        var result = new StringBuilder(original.Length);
        for (var start = 0; start < original.Length;)
        {
            var end = start;
            while (end < original.Length && Decode(original, end, out _) is var length and > 0)
            {
                end += length;
            }

            result.Append(original[start..end].Normalize(Form));
            start = end;
            if (start < original.Length)
            {
                result.Append(original[start++]);
            }
        }

        return result.ToString();
    }

    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (Ascii.IsValid(original))
        {
            return AlignedText.Unchanged(original);
        }

        var builder = new AlignedTextBuilder(original);
        for (var start = 0; start < original.Length;)
        {
            var end = EndOfUnit(original, start);
            var unit = original.AsSpan(start, end - start);
            if ((unit.Length == 1 && Decode(original, start, out _) == 0) || unit.IsNormalized(Form))
            {
                builder.AppendUnchanged(start, unit.Length);
            }
            else
            {
                AppendUnit(builder, original, start, end);
            }

            start = end;
        }

        return builder.ToAlignedText();
    }

    /// <summary>
    /// Appends the unit original[start..end]. Its characters are normalized one by one; where that gives the same, at the beginning and at the end,
    /// each is aligned for itself, and what lies between was composed or reordered.
    /// </summary>
    private void AppendUnit(AlignedTextBuilder builder, string original, int start, int end)
    {
        var normalized = original[start..end].Normalize(Form);
        var characters = new List<(char Character, int Start, int End)>();
        for (int i = start, length; i < end; i += length)
        {
            length = Decode(original, i, out var rune);
            foreach (var character in rune.ToString().Normalize(Form))
            {
                characters.Add((character, i, i + length));
            }
        }

        var shorter = Math.Min(normalized.Length, characters.Count);
        var before = 0;
        while (before < shorter && normalized[before] == characters[before].Character)
        {
            before++;
        }

        var after = 0;
        while (after < shorter - before && normalized[^(after + 1)] == characters[^(after + 1)].Character)
        {
            after++;
        }

        characters[..before].ForEach(one => builder.Append(one.Character, one.Start, one.End));
        if (before + after < normalized.Length)
        {
            builder.Append(normalized.AsSpan(before, normalized.Length - before - after), characters[before].Start, characters[^(after + 1)].End);
        }

        characters[^after..].ForEach(one => builder.Append(one.Character, one.Start, one.End));
    }

    /// <summary>
    /// The end of the unit at <paramref name="start"/>: one character with everything behind it that normalization could
    /// compose with it or put into another order.
    /// </summary>
    private static int EndOfUnit(string text, int start)
    {
        var length = Decode(text, start, out _);
        if (length == 0)
        {
            return start + 1;
        }

        var end = start + length;
        while (end < text.Length && Decode(text, end, out var next) is var nextLength and > 0 && Attaches(next))
        {
            end += nextLength;
        }

        return end;
    }

    /// <summary>The length of the character at <paramref name="index"/>; 0 where normalization has no meaning for it.</summary>
    private static int Decode(string text, int index, out Rune rune)
    {
        if (text[index] == '\uFFFE' || !Rune.TryGetRuneAt(text, index, out rune))
        {
            rune = default;
            return 0;
        }

        return rune.Utf16SequenceLength;
    }

    /// <summary>
    /// Whether a character may change together with the one before it. Everything with a combining class is a mark; besides marks, only
    /// Hangul vowels and final consonants (also their compatibility and half-width twins), Kirat Rai vowels and half-width voicing marks do.
    /// </summary>
    private static bool Attaches(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        || rune.Value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FB) or (>= 0x3131 and <= 0x318E) or (>= 0xFFA0 and <= 0xFFDC) or (>= 0x16D63 and <= 0x16D6A) or 0xFF9E or 0xFF9F;
}
