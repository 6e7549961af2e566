namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>Replaces every match of a pattern by a text, which stands for the whole match.</summary>
internal sealed class ReplaceNormalizer(UnicodePattern pattern, string content) : AligningNormalizer
{
    /// <summary>What is replaced.</summary>
    public UnicodePattern Pattern { get; } = pattern;

    /// <summary>What takes its place.</summary>
    public string Content { get; } = content;

    /// <inheritdoc/>
    public override AlignedText Align(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var builder = new AlignedTextBuilder(original);
        var done = 0;
        foreach (var (start, end) in Pattern.Matches(original))
        {
            builder.AppendUnchanged(done, start - done);
            builder.Append(Content, start, end);
            done = end;
        }

        builder.AppendUnchanged(done, original.Length - done);
        return builder.ToAlignedText();
    }
}
