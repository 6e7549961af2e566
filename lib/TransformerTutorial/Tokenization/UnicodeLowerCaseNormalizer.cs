using System.Buffers;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Puts every character into lower case by Unicode's full mapping, independent of the characters around it: <c>İ -> i̇</c> (two characters; the package's
/// <see cref="Microsoft.ML.Tokenizers.LowerCaseNormalizer"/> leaves it), <c>Σ -> σ</c> at the end of a word too. It is what <c>Lowercase</c> in a <c>tokenizer.json</c> means.
/// </summary>
public sealed class UnicodeLowerCaseNormalizer : AligningNormalizer
{
    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var builder = new AlignedTextBuilder(original);
        Span<char> characters = stackalloc char[2];
        for (var i = 0; i < original.Length;)
        {
            if (Rune.DecodeFromUtf16(original.AsSpan(i), out var rune, out var length) != OperationStatus.Done)
            {
                builder.AppendUnchanged(i, length);
            }
            else if (rune.Value == 0x130)
            {
                // İ is the one capital whose small letter takes two characters.
                builder.Append("i\u0307", i, i + length);
            }
            else
            {
                builder.Append(characters[..Rune.ToLowerInvariant(rune).EncodeToUtf16(characters)], i, i + length);
            }

            i += length;
        }

        return builder.ToAlignedText();
    }
}
