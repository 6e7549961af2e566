namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>No decoder: the tokens with spaces between them.</summary>
internal sealed class SpaceDecoder : TokenDecoder
{
    /// <inheritdoc/>
    public override string Decode(IReadOnlyList<string> tokens) => string.Join(' ', tokens);
}
