using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>What a <c>tokenizer.json</c> says, ready to use.</summary>
internal sealed record PipelineParts
{
    /// <summary>Cuts words into tokens, and knows nothing of what else is here.</summary>
    public required Tokenizer Model { get; init; }

    /// <summary>The model's token with an id; null where there is none.</summary>
    public required Func<int, string?> TryGetToken { get; init; }

    /// <summary>Tokens to find in the text first.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Rewrites the text; null for none.</summary>
    public required Normalizer? Normalizer { get; init; }

    /// <summary>Cuts the text into words; null where all of it is one.</summary>
    public required PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Whether a text that doesn't begin with a space gets one in front.</summary>
    public required bool AddPrefixSpace { get; init; }

    /// <summary>Puts tokens together to a text.</summary>
    public required TokenDecoder Decoder { get; init; }

    /// <summary>What happens after encoding.</summary>
    public required PostProcessor PostProcessor { get; init; }

    /// <summary>The file itself, so that it can be written again without loss.</summary>
    public required JsonElement File { get; init; }
}
