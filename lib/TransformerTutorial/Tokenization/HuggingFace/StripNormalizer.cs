namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>Removes white space at the ends: <c>" a b " -> "a b"</c>.</summary>
internal sealed class StripNormalizer(bool left, bool right) : AligningNormalizer
{
    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var end = right ? original.AsSpan().TrimEnd().Length : original.Length;
        var start = left ? end - original.AsSpan(0, end).TrimStart().Length : 0;
        var builder = new AlignedTextBuilder(original);
        builder.AppendUnchanged(start, end - start);
        return builder.ToAlignedText();
    }
}
