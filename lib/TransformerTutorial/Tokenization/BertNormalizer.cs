using System.Globalization;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// The first half of BERT's basic tokenization (Devlin et al. 2019, <c>tokenization.py</c>), in this order: control characters removed and white space made
/// plain, spaces put around Chinese characters, accents removed, lower case. <c>"ÀB\t中" -> "ab  中 "</c>. <see cref="BertPreTokenizer"/> is the second half.
/// </summary>
public sealed class BertNormalizer : AligningNormalizer
{
    private static readonly StripAccentsNormalizer Marks = new();
    private readonly UnicodeNormalizer? _decompose;

    /// <summary>Creates a normalizer.</summary>
    /// <param name="cleanText">Whether control characters (Unicode category C, except tab and line ends), NUL and U+FFFD are removed and other white space becomes a space.</param>
    /// <param name="spaceChineseCharacters">Whether every Chinese character gets a space on both sides.</param>
    /// <param name="stripAccents">Whether the text is decomposed and its non-spacing marks removed; null for: where it is put into lower case.</param>
    /// <param name="lowerCase">Whether the text is put into lower case.</param>
    public BertNormalizer(bool cleanText = true, bool spaceChineseCharacters = true, bool? stripAccents = null, bool lowerCase = true)
    {
        CleanText = cleanText;
        SpaceChineseCharacters = spaceChineseCharacters;
        StripAccents = stripAccents ?? lowerCase;
        LowerCase = lowerCase;
        _decompose = StripAccents ? UnicodeNormalizer.Nfd : null;
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
        var aligned = Then(AlignedText.Unchanged(original), CleanAndSpace);
        if (StripAccents)
        {
            aligned = aligned.Then(_decompose).Then(Marks);
        }

        return LowerCase ? Then(aligned, ToLowerCase) : aligned;
    }

    private delegate void Step(Rune rune, int start, int length, AlignedTextBuilder result);

    private static AlignedText Then(AlignedText aligned, Step step) => aligned.Then(new RuneByRune(step));

    private void CleanAndSpace(Rune rune, int start, int length, AlignedTextBuilder result)
    {
        if (CleanText && IsRemoved(rune))
        {
            return;
        }

        if (CleanText && Rune.IsWhiteSpace(rune))
        {
            result.Append(' ', start, start + length);
        }
        else if (SpaceChineseCharacters && ChineseCharacters.IsBertIdeograph(rune))
        {
            // The spaces stand for nothing in the original: empty ranges before and behind the character.
            result.Append(' ', start, start);
            result.AppendUnchanged(start, length);
            result.Append(' ', start + length, start + length);
        }
        else
        {
            result.AppendUnchanged(start, length);
        }
    }

    private static bool IsRemoved(Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0xFFFD => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned,
    };

    private static void ToLowerCase(Rune rune, int start, int length, AlignedTextBuilder result)
    {
        Span<char> characters = stackalloc char[2];
        if (rune.Value == 0x130)
        {
            // İ is the one capital whose small letter takes two characters.
            result.Append("i\u0307", start, start + length);
        }
        else
        {
            var lower = Rune.ToLowerInvariant(rune);
            result.Append(characters[..lower.EncodeToUtf16(characters)], start, start + length);
        }
    }

    /// <summary>Runs a step over every character; lone surrogates pass by it.</summary>
    private sealed class RuneByRune(Step step) : AligningNormalizer
    {
        public override AlignedText Align(string original)
        {
            var builder = new AlignedTextBuilder(original);
            for (var i = 0; i < original.Length;)
            {
                var status = Rune.DecodeFromUtf16(original.AsSpan(i), out var rune, out var length);
                if (status == System.Buffers.OperationStatus.Done)
                {
                    step(rune, i, length, builder);
                }
                else
                {
                    builder.AppendUnchanged(i, length);
                }

                i += length;
            }

            return builder.ToAlignedText();
        }
    }
}
