namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary><c>Fuse</c>: the tokens with nothing between them.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    /// <inheritdoc/>
    public override string Decode(IReadOnlyList<string> tokens) => string.Concat(tokens);
}
