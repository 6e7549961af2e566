using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The <c>normalizer</c> of a <c>tokenizer.json</c>.</summary>
/// <remarks>Two of our normalizers have no name there and are written as replacements, which reading recognizes again.</remarks>
internal static class NormalizerJson
{
    private const string NonSpacingMark = @"\p{Mn}";
    private const string WhiteSpace = @"\s+";

    /// <summary>Reads a normalizer; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or of a kind that isn't supported.</exception>
    public static Normalizer? Read(JsonField field)
    {
        if (field.IsMissing)
        {
            return null;
        }

        switch (field.Type())
        {
            case "Sequence":
                field.HasOnly("type", "normalizers");
                var normalizers = field["normalizers"].Items().Select(item => Read(item) ?? throw item.Error("is null")).ToList();
                return normalizers is [ReplaceNormalizer { Pattern: { Text: WhiteSpace, IsLiteral: false }, Content: " " }, StripNormalizer { Left: true, Right: true }]
                    ? new CollapseWhitespaceNormalizer()
                    : new NormalizerSequence(normalizers);
            case "NFC":
                return Unicode(field, NormalizationForm.FormC);
            case "NFD":
                return Unicode(field, NormalizationForm.FormD);
            case "NFKC":
                return Unicode(field, NormalizationForm.FormKC);
            case "NFKD":
                return Unicode(field, NormalizationForm.FormKD);
            case "Lowercase":
                field.HasOnly("type");
                return new UnicodeLowerCaseNormalizer();
            case "StripAccents":
                field.HasOnly("type");
                return new StripAccentsNormalizer(nonSpacingOnly: false);
            case "BertNormalizer":
                field.HasOnly("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
                return new BertNormalizer(field["clean_text"].Boolean(true), field["handle_chinese_chars"].Boolean(true),
                    field["strip_accents"].IsMissing ? null : field["strip_accents"].Boolean(false), field["lowercase"].Boolean(true));
            case "Strip":
                field.HasOnly("type", "strip_left", "strip_right");
                return new StripNormalizer(field["strip_left"].Boolean(true), field["strip_right"].Boolean(true));
            case "Prepend":
                field.HasOnly("type", "prepend");
                return new PrependNormalizer(field["prepend"].String());
            case "Replace":
                field.HasOnly("type", "pattern", "content");
                var replace = new ReplaceNormalizer(UnicodePattern.Read(field["pattern"]), field["content"].String());
                return replace is { Pattern: { Text: NonSpacingMark, IsLiteral: false }, Content: "" } ? new StripAccentsNormalizer() : replace;
            case var type:
                throw field.Error($"the normalizer '{type}' is not supported (supported: Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, BertNormalizer, Strip, Prepend, Replace)");
        }
    }

    /// <summary>Writes a normalizer; false where the format has no word for it.</summary>
    public static bool TryWrite(Normalizer? normalizer, out JsonObject? json)
    {
        json = normalizer switch
        {
            UnicodeNormalizer { Form: NormalizationForm.FormC } => Named("NFC"),
            UnicodeNormalizer { Form: NormalizationForm.FormD } => Named("NFD"),
            UnicodeNormalizer { Form: NormalizationForm.FormKC } => Named("NFKC"),
            UnicodeNormalizer { Form: NormalizationForm.FormKD } => Named("NFKD"),
            LowerCaseNormalizer or UnicodeLowerCaseNormalizer => Named("Lowercase"),
            StripAccentsNormalizer strip => strip.NonSpacingOnly ? Replace(NonSpacingMark, "") : Named("StripAccents"),
            CollapseWhitespaceNormalizer => new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JsonArray(Replace(WhiteSpace, " "), new JsonObject { ["type"] = "Strip", ["strip_left"] = true, ["strip_right"] = true }),
            },
            BertNormalizer bert => new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = bert.CleanText,
                ["handle_chinese_chars"] = bert.SpaceChineseCharacters,
                ["strip_accents"] = bert.StripAccents,
                ["lowercase"] = bert.LowerCase,
            },
            _ => null,
        };
        if (normalizer is NormalizerSequence sequence)
        {
            var items = new JsonArray();
            foreach (var item in sequence.Normalizers)
            {
                if (!TryWrite(item, out var part))
                {
                    return false;
                }

                items.Add(part);
            }

            json = new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = items,
            };
        }

        return json is not null || normalizer is null;
    }

    private static UnicodeNormalizer Unicode(JsonField field, NormalizationForm form)
    {
        field.HasOnly("type");
        return new UnicodeNormalizer(form);
    }

    private static JsonObject Replace(string pattern, string content) => new()
    {
        ["type"] = "Replace",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["content"] = content,
    };

    private static JsonObject Named(string type) => new() { ["type"] = type };
}
