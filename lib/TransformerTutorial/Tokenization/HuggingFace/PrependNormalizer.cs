namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>Puts a text before every text that isn't empty: <c>"abc" -> "_abc"</c>. What it puts there stands for the first character.</summary>
internal sealed class PrependNormalizer(string text) : AligningNormalizer
{
    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (original.Length == 0)
        {
            return AlignedText.Unchanged(original);
        }

        var builder = new AlignedTextBuilder(original);
        builder.Append(text, 0, char.IsSurrogatePair(original + " ", 0) ? 2 : 1);
        builder.AppendUnchanged(0, original.Length);
        return builder.ToAlignedText();
    }
}
