namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>Removes white space at the ends: <c>" a b " -> "a b"</c>.</summary>
internal sealed class StripNormalizer(bool left, bool right) : AligningNormalizer
{
    /// <summary>Whether white space goes at the start.</summary>
    public bool Left { get; } = left;

    /// <summary>Whether white space goes at the end.</summary>
    public bool Right { get; } = right;

    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var end = Right ? original.AsSpan().TrimEnd().Length : original.Length;
        var start = Left ? end - original.AsSpan(0, end).TrimStart().Length : 0;
        var builder = new AlignedTextBuilder(original);
        builder.AppendUnchanged(start, end - start);
        return builder.ToAlignedText();
    }
}
