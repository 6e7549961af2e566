using System.Text.Json.Nodes;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The <c>decoder</c> of a <c>tokenizer.json</c>.</summary>
internal static class DecoderJson
{
    /// <summary>Reads a decoder.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or of a kind that isn't supported.</exception>
    public static TokenDecoder Read(JsonField field)
    {
        if (field.IsMissing)
        {
            return new SpaceDecoder();
        }

        switch (field.Type())
        {
            case "ByteLevel":
                field.HasOnly("type", "add_prefix_space", "trim_offsets", "use_regex");      // none of them changes what is decoded
                return new ByteLevelDecoder();
            case "BPEDecoder":
                field.HasOnly("type", "suffix");
                return new SuffixDecoder(field["suffix"].OptionalString() ?? "</w>");
            case "WordPiece":
                field.HasOnly("type", "prefix", "cleanup");
                return new WordPieceDecoder(field["prefix"].OptionalString() ?? "##", field["cleanup"].Boolean(true));
            case "Fuse":
                field.HasOnly("type");
                return new FuseDecoder();
            case var type:
                throw field.Error($"the decoder '{type}' is not supported (supported: ByteLevel, BPEDecoder, WordPiece, Fuse)");
        }
    }

    /// <summary>Writes a decoder.</summary>
    public static JsonObject? Write(TokenDecoder decoder) => decoder switch
    {
        ByteLevelDecoder => new JsonObject
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = true,
            ["trim_offsets"] = true,
            ["use_regex"] = true,
        },
        SuffixDecoder suffix => new JsonObject
        {
            ["type"] = "BPEDecoder",
            ["suffix"] = suffix.Suffix,
        },
        WordPieceDecoder wordPiece => new JsonObject
        {
            ["type"] = "WordPiece",
            ["prefix"] = wordPiece.Prefix,
            ["cleanup"] = wordPiece.CleansUp,
        },
        FuseDecoder => new JsonObject { ["type"] = "Fuse" },
        _ => null,
    };
}
