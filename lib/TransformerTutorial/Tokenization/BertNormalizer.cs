using System.Buffers;
using System.Globalization;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// The first half of BERT's basic tokenization (Devlin et al. 2019, <c>tokenization.py</c>), in this order: control characters removed and white space made
/// plain, spaces put around Chinese characters, accents removed, lower case. <c>"ÀB\t中" -> "ab  中 "</c>. <see cref="BertPreTokenizer"/> is the second half.
/// </summary>
/// <remarks>
/// Characters that Unicode hasn't assigned stay (as in Hugging Face's library; BERT's own script removes them), so that the result doesn't depend on
/// how new the runtime's Unicode is.
/// </remarks>
public sealed class BertNormalizer : AligningNormalizer
{
    private static readonly SearchValues<char> PlainAscii = SearchValues.Create([.. "\t\r\n", .. Enumerable.Range(' ', 0x7F - ' ').Select(value => (char)value)]);

    private readonly NormalizerSequence _letters;

    /// <summary>Creates a normalizer.</summary>
    /// <param name="cleanText">Whether control characters (Unicode categories Cc, Cf and Co, except tab and line ends) and U+FFFD are removed and other white space becomes a space.</param>
    /// <param name="spaceChineseCharacters">Whether every Chinese character gets a space on both sides.</param>
    /// <param name="stripAccents">Whether the text is decomposed and its non-spacing marks removed; null for: where it is put into lower case.</param>
    /// <param name="lowerCase">Whether the text is put into lower case.</param>
    public BertNormalizer(bool cleanText = true, bool spaceChineseCharacters = true, bool? stripAccents = null, bool lowerCase = true)
    {
        CleanText = cleanText;
        SpaceChineseCharacters = spaceChineseCharacters;
        StripAccents = stripAccents ?? lowerCase;
        LowerCase = lowerCase;
        _letters = (StripAccents, LowerCase) switch
        {
            (true, true) => new(UnicodeNormalizer.Nfd, new StripAccentsNormalizer(), new UnicodeLowerCaseNormalizer()),
            (true, false) => new(UnicodeNormalizer.Nfd, new StripAccentsNormalizer()),
            (false, true) => new(new UnicodeLowerCaseNormalizer()),
            (false, false) => new(),
        };
    }

    /// <summary>Whether control characters are removed and white space becomes a space.</summary>
    public bool CleanText { get; }

    /// <summary>Whether every Chinese character gets a space on both sides.</summary>
    public bool SpaceChineseCharacters { get; }

    /// <summary>Whether accents are removed.</summary>
    public bool StripAccents { get; }

    /// <summary>Whether the text is put into lower case.</summary>
    public bool LowerCase { get; }

    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return TryAlignPlainAscii(original) ?? CleanAndSpace(original).Then(_letters);
    }

    /// <summary>The short way for most English lines: in ASCII without control characters every character stays in its place.</summary>
    private AlignedText? TryAlignPlainAscii(string original)
    {
        if (!Ascii.IsValid(original) || (CleanText && original.AsSpan().ContainsAnyExcept(PlainAscii)))
        {
            return null;
        }

        var text = CleanText ? original.Replace('\t', ' ').Replace('\r', ' ').Replace('\n', ' ') : original;
        return new(original, LowerCase ? text.ToLowerInvariant() : text, null, null);
    }

    private AlignedText CleanAndSpace(string original)
    {
        var builder = new AlignedTextBuilder(original);
        for (var i = 0; i < original.Length;)
        {
            var isCharacter = Rune.DecodeFromUtf16(original.AsSpan(i), out var rune, out var length) == OperationStatus.Done;
            if (isCharacter && CleanText && Rune.IsWhiteSpace(rune) && !IsRemoved(rune))
            {
                builder.Append(' ', i, i + length);
            }
            else if (isCharacter && SpaceChineseCharacters && ChineseCharacters.IsBertIdeograph(rune))
            {
                // The spaces stand for nothing in the original: empty ranges before and behind the character.
                builder.Append(' ', i, i);
                builder.AppendUnchanged(i, length);
                builder.Append(' ', i + length, i + length);
            }
            else if (!isCharacter || !CleanText || !IsRemoved(rune))
            {
                builder.AppendUnchanged(i, length);
            }

            i += length;
        }

        return builder.ToAlignedText();
    }

    private static bool IsRemoved(Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0xFFFD => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse,
    };
}
