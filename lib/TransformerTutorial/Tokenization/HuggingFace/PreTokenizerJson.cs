using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The <c>pre_tokenizer</c> of a <c>tokenizer.json</c>: how a text is cut into words, and whether words become bytes.</summary>
/// <param name="PreTokenizer">Cuts a text into words; null where all of it is one word.</param>
/// <param name="ByteLevel">Whether words are then written as bytes through GPT-2's table.</param>
/// <param name="AddPrefixSpace">Whether a text that doesn't begin with a space gets one in front first.</param>
internal sealed record PreTokenizerJson(PreTokenizer? PreTokenizer, bool ByteLevel, bool AddPrefixSpace)
{
    // What PreTokenizers.Chinese does, as a pattern whose matches are the pieces: a Han character; a run of letters, digits and underscores; a punctuation mark; a run of
    // other symbols; each with the marks and joiners behind it.
    private const string ChinesePattern = $@"[{Han}]{Marks}*|(?:(?![{Han}])[\p{{L}}\p{{N}}_]{Marks}*)+|(?!_)\p{{P}}{Marks}*|(?:[^\s\p{{L}}\p{{N}}\p{{P}}\p{{M}}\u200C\u200D]{Marks}*)+|{Marks}+";
    private const string Marks = @"[\p{M}\u200C\u200D]";
    private const string Han = @"\u3005-\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\x{20000}-\x{2A6DF}\x{2A700}-\x{2EE5F}\x{2F800}-\x{2FA1F}\x{30000}-\x{3347F}";

    /// <summary>Reads a pre-tokenizer.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or of a kind that isn't supported.</exception>
    public static PreTokenizerJson Read(JsonField field)
    {
        var steps = new List<PreTokenizer>();
        var byteLevel = false;
        var prefixSpace = false;
        var count = 0;
        foreach (var step in Steps(field))
        {
            if (byteLevel)
            {
                throw step.Error("stands behind ByteLevel, which must be the last pre-tokenizer");
            }

            if (step.Type() == "ByteLevel")
            {
                step.HasOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                byteLevel = true;
                prefixSpace = step["add_prefix_space"].Boolean(true);
                if (prefixSpace && count > 0)
                {
                    throw step["add_prefix_space"].Error("puts a space before every word of the pre-tokenizers before it, which is not supported");
                }

                if (step["use_regex"].Boolean(true))
                {
                    steps.Add(BytePairPatterns.Gpt2);
                }
            }
            else
            {
                steps.Add(ReadStep(step));
            }

            count++;
        }

        return new PreTokenizerJson(steps.Count switch { 0 => null, 1 => steps[0], _ => new PreTokenizerSequence(steps) }, byteLevel, prefixSpace);
    }

    /// <summary>Writes a pre-tokenizer; false where the format has no word for it.</summary>
    public static bool TryWrite(PreTokenizer? preTokenizer, bool byteLevel, out JsonObject? json)
    {
        var steps = new List<JsonObject>();
        json = null;
        if (byteLevel && preTokenizer == BytePairPatterns.Gpt2)
        {
            json = ByteLevelStep(useRegex: true);
            return true;
        }

        if (!TryWriteSteps(preTokenizer, steps))
        {
            return false;
        }

        if (byteLevel)
        {
            steps.Add(ByteLevelStep(useRegex: false));
        }

        json = steps.Count switch
        {
            0 => null,
            1 => steps[0],
            _ => new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray([.. steps]),
            },
        };
        return true;
    }

    private static IEnumerable<JsonField> Steps(JsonField field)
    {
        if (field.IsMissing)
        {
            return [];
        }

        if (field.Type() != "Sequence")
        {
            return [field];
        }

        field.HasOnly("type", "pretokenizers");
        return field["pretokenizers"].Items().SelectMany(Steps);
    }

    private static PreTokenizer ReadStep(JsonField field)
    {
        switch (field.Type())
        {
            case "Whitespace":
                field.HasOnly("type");
                return new WordOrSymbolPreTokenizer();
            case "WhitespaceSplit":
                field.HasOnly("type");
                return PreTokenizers.Whitespace;
            case "BertPreTokenizer":
                field.HasOnly("type");
                return PreTokenizers.Bert;
            case "Digits":
                field.HasOnly("type", "individual_digits");
                return SplitPreTokenizer.AtCharacters(SplitPreTokenizer.IsNumber, field["individual_digits"].Boolean(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
            case "Punctuation":
                field.HasOnly("type", "behavior");
                return SplitPreTokenizer.AtCharacters(SplitPreTokenizer.IsPunctuation, field["behavior"].IsMissing ? SplitBehavior.Isolated : Behavior(field["behavior"]));
            case "Split":
                return ReadSplit(field);
            case "Metaspace":
                throw field.Error("the pre-tokenizer 'Metaspace' writes spaces as ▁ in the way of sentencepiece, which is not supported");
            case var type:
                throw field.Error($"the pre-tokenizer '{type}' is not supported (supported: Sequence, ByteLevel, Whitespace, WhitespaceSplit, BertPreTokenizer, Digits, Punctuation, Split)");
        }
    }

    private static PreTokenizer ReadSplit(JsonField field)
    {
        field.HasOnly("type", "pattern", "behavior", "invert");
        var behavior = Behavior(field["behavior"]);
        var invert = field["invert"].Boolean(false);
        var regex = field["pattern"]["Regex"];

        // The published patterns have scanners, which are faster and know every character.
        if (!regex.IsMissing && (behavior, invert) is (SplitBehavior.Isolated, _) or (SplitBehavior.Removed, true)
            && BytePairPatterns.All.FirstOrDefault(scanner => scanner.Pattern == regex.String()) is { } known)
        {
            return known;
        }

        if (!regex.IsMissing && (behavior, invert) is (SplitBehavior.Removed, true) && regex.String() == ChinesePattern)
        {
            return PreTokenizers.Chinese;
        }

        return SplitPreTokenizer.AtPattern(UnicodePattern.Read(field["pattern"]), behavior, invert);
    }

    private static SplitBehavior Behavior(JsonField field) => Enum.TryParse<SplitBehavior>(field.String(), out var behavior) && Enum.IsDefined(behavior)
        ? behavior
        : throw field.Error($"the behavior '{field.String()}' is not known (known: {string.Join(", ", Enum.GetNames<SplitBehavior>())})");

    private static bool TryWriteSteps(PreTokenizer? preTokenizer, List<JsonObject> steps)
    {
        switch (preTokenizer)
        {
            case null:
                return true;
            case PreTokenizerSequence sequence:
                return sequence.PreTokenizers.All(item => TryWriteSteps(item, steps));
            case PatternScanner scanner:
                steps.Add(SplitStep(scanner.Pattern, SplitBehavior.Isolated, invert: false));
                return true;
            case ChinesePreTokenizer:
                steps.Add(SplitStep(ChinesePattern, SplitBehavior.Removed, invert: true));
                return true;
            case WhitespacePreTokenizer:
                steps.Add(new JsonObject { ["type"] = "WhitespaceSplit" });
                return true;
            case BertPreTokenizer:
                steps.Add(new JsonObject { ["type"] = "BertPreTokenizer" });
                return true;
            default:
                return false;
        }
    }

    private static JsonObject SplitStep(string pattern, SplitBehavior behavior, bool invert) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern },
        ["behavior"] = behavior.ToString(),
        ["invert"] = invert,
    };

    private static JsonObject ByteLevelStep(bool useRegex) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };
}
