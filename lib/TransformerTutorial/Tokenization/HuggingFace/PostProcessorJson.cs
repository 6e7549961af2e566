namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The <c>post_processor</c> of a <c>tokenizer.json</c>, as far as it concerns one text (not a pair of texts).</summary>
internal static class PostProcessorJson
{
    /// <summary>Reads a post-processor.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or of a kind that isn't supported.</exception>
    public static PostProcessor Read(JsonField field)
    {
        if (field.IsMissing)
        {
            return PostProcessor.None;
        }

        switch (field.Type())
        {
            case "ByteLevel":
                field.HasOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                return new PostProcessor([], [], field["trim_offsets"].Boolean(true), field["add_prefix_space"].Boolean(true));
            case "TemplateProcessing":
                return ReadTemplate(field);
            case "BertProcessing":
                field.HasOnly("type", "sep", "cls");
                return new PostProcessor([TokenId(field["cls"])], [TokenId(field["sep"])], false, false);
            case "RobertaProcessing":
                field.HasOnly("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                return new PostProcessor([TokenId(field["cls"])], [TokenId(field["sep"])], field["trim_offsets"].Boolean(true), field["add_prefix_space"].Boolean(true));
            case "Sequence":
                field.HasOnly("type", "processors");
                return field["processors"].Items().Aggregate(PostProcessor.None, (before, item) => Combine(before, Read(item)));
            case var type:
                throw field.Error($"the post-processor '{type}' is not supported (supported: ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence)");
        }
    }

    private static PostProcessor Combine(PostProcessor before, PostProcessor after) => new(
        [.. after.Before, .. before.Before], [.. before.After, .. after.After], before.TrimOffsets || after.TrimOffsets, before.TrimOffsets ? before.PrefixSpace : after.PrefixSpace);

    // ["[SEP]", 102]
    private static int TokenId(JsonField field)
    {
        var items = field.Items().ToList();
        return items.Count == 2 ? items[1].Integer() : throw field.Error($"expected a token and its id, found {items.Count} values");
    }

    private static PostProcessor ReadTemplate(JsonField field)
    {
        field.HasOnly("type", "single", "pair", "special_tokens");
        var ids = field["special_tokens"].Members().ToDictionary(
            member => member.Key, member => member.Value["ids"].Items().Select(id => id.Integer()).ToList(), StringComparer.Ordinal);
        var before = new List<int>();
        var after = new List<int>();
        var sequences = 0;
        foreach (var part in field["single"].Items())
        {
            part.HasOnly("SpecialToken", "Sequence");
            if (!part["Sequence"].IsMissing)
            {
                sequences++;
                continue;
            }

            var name = part["SpecialToken"]["id"].String();
            (sequences == 0 ? before : after).AddRange(ids.TryGetValue(name, out var own) ? own
                : throw part["SpecialToken"]["id"].Error($"'{name}' is not among the template's special_tokens"));
        }

        return sequences == 1 ? new PostProcessor(before, after, false, false) : throw field["single"].Error($"expected one Sequence, found {sequences}");
    }
}
