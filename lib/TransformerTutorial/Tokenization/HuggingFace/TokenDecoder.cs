namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>Puts tokens together to a text: the <c>decoder</c> of a <c>tokenizer.json</c>.</summary>
internal abstract class TokenDecoder
{
    /// <summary>The text of some tokens.</summary>
    public abstract string Decode(IReadOnlyList<string> tokens);
}
