using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The <c>model</c> of a <c>tokenizer.json</c> whose type is <c>WordPiece</c>.</summary>
internal static class WordPieceModelJson
{
    /// <summary>Reads a model.</summary>
    /// <param name="field">The model.</param>
    /// <param name="vocabulary">Its vocabulary with the added tokens.</param>
    /// <param name="specialTokens">The special tokens among them.</param>
    /// <param name="preTokenizer">Cuts texts into words; null where a text is one word.</param>
    /// <param name="normalizer">Rewrites texts; null for none.</param>
    /// <param name="cleanUp">Whether decoding removes spaces before punctuation and inside English contractions.</param>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public static WordPieceModel Read(JsonField field, Dictionary<string, int> vocabulary, IReadOnlyDictionary<string, int> specialTokens, PreTokenizer? preTokenizer, Normalizer? normalizer, bool cleanUp)
    {
        field.HasOnly("type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
        var unknown = field["unk_token"].String();
        if (!vocabulary.ContainsKey(unknown))
        {
            throw field["unk_token"].Error($"'{unknown}' is not in the vocabulary");
        }

        return new WordPieceModel(vocabulary, unknown, specialTokens)
        {
            ContinuingSubwordPrefix = field["continuing_subword_prefix"].OptionalString() ?? "##",
            MaxInputCharsPerWord = field["max_input_chars_per_word"].IsMissing ? 100 : field["max_input_chars_per_word"].Integer(),
            CleanUpDecodedText = cleanUp,
            PreTokenizer = preTokenizer,
            Normalizer = normalizer,
        };
    }

    /// <summary>Writes a model.</summary>
    public static JsonObject Write(WordPieceModel model) => new()
    {
        ["type"] = "WordPiece",
        ["unk_token"] = model.UnknownToken,
        ["continuing_subword_prefix"] = model.ContinuingSubwordPrefix,
        ["max_input_chars_per_word"] = model.MaxInputCharsPerWord,
        ["vocab"] = VocabularyJson.Write(model.Vocabulary.Union(model.SpecialTokens)),
    };
}
