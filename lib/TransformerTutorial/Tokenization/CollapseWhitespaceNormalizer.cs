namespace TransformerTutorial.Tokenization;

/// <summary>Makes every run of white space one space, and removes it at both ends: <c>" a \r\n b " -> "a b"</c>.</summary>
public sealed class CollapseWhitespaceNormalizer : AligningNormalizer
{
    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var builder = new AlignedTextBuilder(original);
        var gapStart = -1;
        var empty = true;
        for (var i = 0; i < original.Length; i++)
        {
            if (char.IsWhiteSpace(original[i]))
            {
                gapStart = gapStart < 0 ? i : gapStart;
                continue;
            }

            if (gapStart >= 0 && !empty)
            {
                builder.Append(' ', gapStart, i);
            }

            builder.AppendUnchanged(i, 1);
            gapStart = -1;
            empty = false;
        }

        return builder.ToAlignedText();
    }
}
