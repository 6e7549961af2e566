using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The <c>model</c> of a <c>tokenizer.json</c> whose type is <c>BPE</c>.</summary>
internal static class BytePairModelJson
{
    /// <summary>Reads a model.</summary>
    /// <param name="field">The model.</param>
    /// <param name="vocabulary">Its vocabulary with the added tokens.</param>
    /// <param name="specialTokens">The special tokens among them.</param>
    /// <param name="preTokenizer">How texts are cut into words, and whether words become bytes.</param>
    /// <param name="normalizer">Rewrites texts; null for none.</param>
    /// <exception cref="InvalidDataException">It is malformed, or asks for what isn't supported.</exception>
    public static BytePairModel Read(JsonField field, Dictionary<string, int> vocabulary, IReadOnlyDictionary<string, int> specialTokens, PreTokenizerJson preTokenizer, Normalizer? normalizer)
    {
        field.HasOnly("type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");
        if (!field["dropout"].IsMissing && (field["dropout"].Kind != JsonValueKind.Number || field["dropout"].Element.GetDouble() != 0))
        {
            throw field["dropout"].Error("leaves out merges at random, which is not supported; set it to null");
        }

        if (field["byte_fallback"].Boolean(false))
        {
            throw field["byte_fallback"].Error("writes unknown characters as <0x..> tokens, which is not supported");
        }

        var prefix = field["continuing_subword_prefix"].OptionalString();
        prefix = prefix is "" ? null : prefix;
        var suffix = field["end_of_word_suffix"].OptionalString();
        suffix = suffix is "" ? null : suffix;
        if (preTokenizer.ByteLevel && (prefix ?? suffix) is not null)
        {
            throw field[prefix is null ? "end_of_word_suffix" : "continuing_subword_prefix"].Error("is not supported together with the pre-tokenizer ByteLevel");
        }

        var unknown = field["unk_token"].OptionalString();
        if (unknown is not null && !vocabulary.ContainsKey(unknown))
        {
            throw field["unk_token"].Error($"'{unknown}' is not in the vocabulary");
        }

        return new BytePairModel(vocabulary, ReadMerges(field["merges"], vocabulary, prefix))
        {
            ByteLevel = preTokenizer.ByteLevel,
            EndOfWordSuffix = suffix,
            ContinuingSubwordPrefix = prefix,
            UnknownToken = preTokenizer.ByteLevel ? null : unknown,
            FuseUnknownTokens = field["fuse_unk"].Boolean(false),
            IgnoreMerges = field["ignore_merges"].Boolean(false),
            SpecialTokens = specialTokens,
            PreTokenizer = preTokenizer.PreTokenizer,
            Normalizer = normalizer,
        };
    }

    /// <summary>Writes a model, with its merges as pairs: a symbol may hold a space.</summary>
    public static JsonObject Write(BytePairModel model) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = model.UnknownToken,
        ["continuing_subword_prefix"] = model.ContinuingSubwordPrefix,
        ["end_of_word_suffix"] = model.EndOfWordSuffix,
        ["fuse_unk"] = model.FuseUnknownTokens,
        ["byte_fallback"] = false,
        ["ignore_merges"] = model.IgnoreMerges,
        ["vocab"] = VocabularyJson.Write(model.Vocabulary),
        ["merges"] = new JsonArray([.. model.Merges.Select(merge => new JsonArray(merge.Left, merge.Right))]),
    };

    private static List<BytePairMerge> ReadMerges(JsonField field, Dictionary<string, int> vocabulary, string? prefix)
    {
        var merges = new List<BytePairMerge>();
        var seen = new HashSet<(string, string)>();
        foreach (var item in field.Items())
        {
            // "lo w" up to version 0.19 of the library, ["lo", "w"] since then.
            string[] pair = item.Kind == JsonValueKind.String ? item.String().Split(' ') : [.. item.Items().Select(symbol => symbol.String())];
            if (pair.Length != 2 || pair[0].Length == 0 || pair[1].Length == 0)
            {
                throw item.Error($"expected two symbols, found {pair.Count(symbol => symbol.Length > 0)}");
            }

            var (left, right) = (pair[0], pair[1]);
            var merged = left + (prefix is not null && right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right);
            foreach (var symbol in new[] { left, right, merged })
            {
                if (!vocabulary.ContainsKey(symbol))
                {
                    throw item.Error($"'{symbol}' is not in the vocabulary");
                }
            }

            if (!seen.Add((left, right)))
            {
                throw item.Error($"'{left}' and '{right}' are merged already");
            }

            merges.Add(new BytePairMerge(merges.Count, left, right, Count: 0) { Merged = merged });
        }

        return merges;
    }
}
