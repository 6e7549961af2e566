using System.Text;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary><c>BPEDecoder</c>: the suffix becomes a space, at the end nothing. <c>low</c> <c>er&lt;/w&gt;</c> <c>it&lt;/w&gt;</c> -> <c>lower it</c></summary>
internal sealed class SuffixDecoder(string suffix) : TokenDecoder
{
    /// <summary>What marks the end of a word.</summary>
    public string Suffix { get; } = suffix;

    /// <inheritdoc/>
    public override string Decode(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            text.Append(Suffix.Length == 0 ? tokens[i] : tokens[i].Replace(Suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal));
        }

        return text.ToString();
    }
}
