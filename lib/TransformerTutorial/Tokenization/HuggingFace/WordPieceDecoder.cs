using System.Text;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary><c>WordPiece</c>: a token with the prefix continues the word, any other begins one. <c>un</c> <c>##able</c> <c>to</c> -> <c>unable to</c></summary>
/// <param name="prefix">What marks a token that continues a word.</param>
/// <param name="cleanUp">Whether spaces before punctuation and inside English contractions go.</param>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : TokenDecoder
{
    /// <summary>What marks a token that continues a word.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>Whether spaces before punctuation and inside English contractions go.</summary>
    public bool CleansUp { get; } = cleanUp;

    /// <inheritdoc/>
    public override string Decode(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = i == 0 ? tokens[i] : tokens[i].StartsWith(Prefix, StringComparison.Ordinal) ? tokens[i][Prefix.Length..] : " " + tokens[i];
            text.Append(CleansUp ? CleanUp(token) : token);
        }

        return text.ToString();
    }

    private static string CleanUp(string token) => token.Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal).Replace(" ,", ",", StringComparison.Ordinal).Replace(" ' ", "'", StringComparison.Ordinal)
        .Replace(" n't", "n't", StringComparison.Ordinal).Replace(" 'm", "'m", StringComparison.Ordinal).Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal).Replace(" 've", "'ve", StringComparison.Ordinal).Replace(" 're", "'re", StringComparison.Ordinal);
}
