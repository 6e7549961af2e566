using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// <c>bpe.json</c>, beside <c>vocab.json</c> and <c>merges.txt</c>: what those two don't say, so that a reloaded tokenizer is the one that was saved.
/// Normalizers and pre-tokenizers are written by name, sequences of them as arrays.
/// </summary>
internal static class BytePairSettingsFile
{
    public const string Name = "bpe.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, Func<PreTokenizer>> PreTokenizersByName = new(StringComparer.Ordinal)
    {
        ["whitespace"] = () => PreTokenizers.Whitespace,
        ["chinese"] = () => PreTokenizers.Chinese,
        ["bert"] = () => PreTokenizers.Bert,
        [BytePairPatterns.Gpt2.Name] = () => BytePairPatterns.Gpt2,
        [BytePairPatterns.Cl100k.Name] = () => BytePairPatterns.Cl100k,
        [BytePairPatterns.O200k.Name] = () => BytePairPatterns.O200k,
    };

    private static readonly Dictionary<string, Func<Normalizer>> NormalizersByName = new(StringComparer.Ordinal)
    {
        ["lower_case"] = () => LowerCaseNormalizer.Instance,
        ["unicode_lower_case"] = () => new UnicodeLowerCaseNormalizer(),
        ["upper_case"] = () => UpperCaseNormalizer.Instance,
        ["nfc"] = () => UnicodeNormalizer.Nfc,
        ["nfd"] = () => UnicodeNormalizer.Nfd,
        ["nfkc"] = () => UnicodeNormalizer.Nfkc,
        ["nfkd"] = () => UnicodeNormalizer.Nfkd,
        ["strip_accents"] = () => new StripAccentsNormalizer(),
        ["strip_all_marks"] = () => new StripAccentsNormalizer(nonSpacingOnly: false),
        ["collapse_whitespace"] = () => new CollapseWhitespaceNormalizer(),
    };

    /// <summary>The file's content.</summary>
    /// <exception cref="NotSupportedException">There is no name for the normalizer or pre-tokenizer.</exception>
    public static string Write(BytePairModel model, SpecialTokenMode mode) => new JsonObject
    {
        ["byteLevel"] = model.ByteLevel,
        ["endOfWordSuffix"] = model.EndOfWordSuffix,
        ["endOfWordStyle"] = model.EndOfWordStyle.ToString(),
        ["continuingSubwordPrefix"] = model.ContinuingSubwordPrefix,
        ["unknownToken"] = model.UnknownToken,
        ["fuseUnknownTokens"] = model.FuseUnknownTokens,
        ["ignoreMerges"] = model.IgnoreMerges,
        ["mergesFollowIds"] = model.MergesFollowIds,
        ["specialTokens"] = new JsonArray([.. model.SpecialTokens.OrderBy(pair => pair.Value).Select(pair => JsonValue.Create(pair.Key))]),
        ["specialTokenMode"] = mode.ToString(),
        ["normalizer"] = Write(model.Normalizer),
        ["preTokenizer"] = Write(model.PreTokenizer),
    }.ToJsonString(Json) + "\n";

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It isn't such a file; the message names file and field.</exception>
    public static (BytePairFileOptions Options, bool MergesFollowIds) Read(byte[] content, string name)
    {
        try
        {
            var json = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsSpan(Encoding.UTF8.Preamble.Length) : content;
            var fields = JsonNode.Parse(json) as JsonObject ?? throw new InvalidDataException($"'{name}' is not a JSON object.");
            var options = new BytePairFileOptions
            {
                ByteLevel = Field<bool>(fields, "byteLevel", name),
                EndOfWordSuffix = Field<string?>(fields, "endOfWordSuffix", name),
                EndOfWordStyle = EnumField<EndOfWordStyle>(fields, "endOfWordStyle", name),
                ContinuingSubwordPrefix = Field<string?>(fields, "continuingSubwordPrefix", name),
                UnknownToken = Field<string?>(fields, "unknownToken", name),
                FuseUnknownTokens = Field<bool>(fields, "fuseUnknownTokens", name),
                IgnoreMerges = Field<bool>(fields, "ignoreMerges", name),
                SpecialTokens = Field<string[]>(fields, "specialTokens", name),
                SpecialTokenMode = EnumField<SpecialTokenMode>(fields, "specialTokenMode", name),
                Normalizer = ReadNormalizer(fields["normalizer"], name),
                PreTokenizer = ReadPreTokenizer(fields["preTokenizer"], name),
            };
            return (options, Field<bool>(fields, "mergesFollowIds", name));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Line {error.LineNumber + 1} of '{name}' is not JSON: {error.Message}", error);
        }
    }

    private static T Field<T>(JsonObject fields, string field, string name)
    {
        try
        {
            return fields.TryGetPropertyValue(field, out var value)
                ? value.Deserialize<T>()!
                : throw new InvalidDataException($"'{name}' has no field '{field}'.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The field '{field}' of '{name}' can't be {fields[field]?.ToJsonString() ?? "null"}.", error);
        }
    }

    private static T EnumField<T>(JsonObject fields, string field, string name)
        where T : struct, Enum
    {
        var text = Field<string?>(fields, field, name);
        return Enum.GetNames<T>().Contains(text)
            ? Enum.Parse<T>(text!)
            : throw new InvalidDataException($"The field '{field}' of '{name}' is '{text}'; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static JsonNode? Write(PreTokenizer? preTokenizer) => preTokenizer switch
    {
        null => null,
        PatternScanner pattern => pattern.Name,
        WhitespacePreTokenizer => "whitespace",
        ChinesePreTokenizer => "chinese",
        BertPreTokenizer => "bert",
        PreTokenizerSequence sequence => new JsonArray([.. sequence.PreTokenizers.Select(Write)]),
        _ => throw CannotWrite(preTokenizer),
    };

    private static JsonNode? Write(Normalizer? normalizer) => normalizer switch
    {
        null => null,
        LowerCaseNormalizer => "lower_case",
        UnicodeLowerCaseNormalizer => "unicode_lower_case",
        UpperCaseNormalizer => "upper_case",
        UnicodeNormalizer { Form: var form } => form switch
        {
            NormalizationForm.FormC => "nfc",
            NormalizationForm.FormD => "nfd",
            NormalizationForm.FormKC => "nfkc",
            _ => "nfkd",
        },
        StripAccentsNormalizer strip => strip.NonSpacingOnly ? "strip_accents" : "strip_all_marks",
        CollapseWhitespaceNormalizer => "collapse_whitespace",
        BertNormalizer bert => new JsonObject
        {
            ["bert"] = new JsonArray(bert.CleanText, bert.SpaceChineseCharacters, bert.StripAccents, bert.LowerCase),
        },
        NormalizerSequence sequence => new JsonArray([.. sequence.Normalizers.Select(Write)]),
        _ => throw CannotWrite(normalizer),
    };

    private static PreTokenizer? ReadPreTokenizer(JsonNode? node, string name) => node switch
    {
        null => null,
        JsonArray parts => new PreTokenizerSequence([.. parts.Select(part => ReadPreTokenizer(part, name) ?? throw Unknown("preTokenizer", part, name))]),
        JsonValue value when value.TryGetValue<string>(out var text) && PreTokenizersByName.TryGetValue(text, out var create) => create(),
        _ => throw Unknown("preTokenizer", node, name),
    };

    private static Normalizer? ReadNormalizer(JsonNode? node, string name) => node switch
    {
        null => null,
        JsonArray parts => new NormalizerSequence([.. parts.Select(part => ReadNormalizer(part, name) ?? throw Unknown("normalizer", part, name))]),
        JsonObject { Count: 1 } fields when fields["bert"] is JsonArray { Count: 4 } flags && flags.All(flag => flag?.GetValueKind() is JsonValueKind.True or JsonValueKind.False) =>
            new BertNormalizer((bool)flags[0]!, (bool)flags[1]!, (bool)flags[2]!, (bool)flags[3]!),
        JsonValue value when value.TryGetValue<string>(out var text) && NormalizersByName.TryGetValue(text, out var create) => create(),
        _ => throw Unknown("normalizer", node, name),
    };

    private static InvalidDataException Unknown(string field, JsonNode? node, string name) => new($"The field '{field}' of '{name}' has {node?.ToJsonString() ?? "null"}, which is none of the known ones.");

    private static NotSupportedException CannotWrite(object part) => new(
        $"A tokenizer with a {part.GetType().Name} can't be saved: there is no name to reload it by, and without it the reloaded tokenizer would cut texts differently.");
}
