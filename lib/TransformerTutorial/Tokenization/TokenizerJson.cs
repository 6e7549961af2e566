using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Data;
using TransformerTutorial.Tokenization.HuggingFace;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Hugging Face's <c>tokenizer.json</c>, in and out: BPE and WordPiece models with everything around them. What a file asks for and this library can't do is an
/// error that names the file and the field; nothing is left out in silence.
/// </summary>
/// <remarks>
/// <para>Supported: added tokens with all their options; the normalizers NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, BertNormalizer, Strip, Prepend, Replace;
/// the pre-tokenizers ByteLevel, Whitespace, WhitespaceSplit, BertPreTokenizer, Digits, Punctuation, Split; sequences of both; the decoders ByteLevel, BPEDecoder,
/// WordPiece, Fuse; the post-processors ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing.</para>
/// <para>Not supported: Unigram and WordLevel models, Metaspace and sentencepiece's normalizer, byte fallback, dropout, truncation and padding.</para>
/// <para>The package's <c>LowerCaseNormalizer</c> is saved as Lowercase, which differs from it in one character: İ.</para>
/// <para>Different on purpose: special tokens in a text, see <see cref="TokenizerJsonOptions"/>; a character that a BPE model without <c>unk_token</c> doesn't know is
/// an error instead of disappearing.</para>
/// </remarks>
public static class TokenizerJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to use it; null for the defaults.</param>
    /// <returns>
    /// A <see cref="BytePairTokenizer"/> or a <see cref="GreedyWordPieceTokenizer"/> where these can do all that the file says, else a
    /// <see cref="TokenizerPipeline"/> around one.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is malformed, or asks for something that isn't supported; the message says what and where.</exception>
    public static Tokenizer Load(string path, TokenizerJsonOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return Load(stream, path, options);
    }

    /// <inheritdoc cref="Load(string, TokenizerJsonOptions?)"/>
    /// <param name="stream">The file's content; it stays open.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="options">How to use it; null for the defaults.</param>
    public static Tokenizer Load(Stream stream, string name, TokenizerJsonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= new TokenizerJsonOptions();
        var file = JsonField.Parse(stream, name);
        var parts = ReadParts(file, options.SpecialTokenMode, out var isPlain);
        return isPlain ? parts.Model : new TokenizerPipeline(parts with { Model = PlainText(parts.Model) }, options.SpecialTokenMode, options.AddTemplateTokens);
    }

    /// <summary>Writes a file that Hugging Face's library reads, and that gives the same tokenizer back here.</summary>
    /// <param name="tokenizer">A <see cref="BytePairTokenizer"/>, a <see cref="GreedyWordPieceTokenizer"/>, or a <see cref="TokenizerPipeline"/>, which is written as it was read.</param>
    /// <param name="path">The file; an existing one is replaced, whole or not at all.</param>
    /// <exception cref="NotSupportedException">The tokenizer is of another kind, or the format has no word for its normalizer or pre-tokenizer.</exception>
    public static void Save(Tokenizer tokenizer, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, Encoding.UTF8.GetBytes(ToJson(tokenizer)));
    }

    /// <summary>The content of the file that <see cref="Save"/> writes.</summary>
    /// <inheritdoc cref="Save"/>
    public static string ToJson(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer switch
        {
            TokenizerPipeline pipeline => JsonSerializer.Serialize(pipeline.Parts.File, Indented),
            BytePairTokenizer { Model: { EndOfWordSuffix: not null, EndOfWordStyle: EndOfWordStyle.SeparateSymbol } } => throw new NotSupportedException(
                "A model whose end-of-word mark is a symbol of its own has no counterpart in tokenizer.json, where the mark is always a suffix of the last character."),
            BytePairTokenizer bytePair => Write(bytePair.Model.SpecialTokens, bytePair.Normalizer, bytePair.PreTokenizer, bytePair.Model.ByteLevel, DecoderOf(bytePair.Model), BytePairModelJson.Write(bytePair.Model)),
            GreedyWordPieceTokenizer wordPiece => Write(wordPiece.Model.SpecialTokens, wordPiece.Normalizer, wordPiece.PreTokenizer, false, DecoderOf(wordPiece.Model), WordPieceModelJson.Write(wordPiece.Model)),
            _ => throw new NotSupportedException($"A {tokenizer.GetType().Name} can't be written as tokenizer.json; a {nameof(BytePairTokenizer)}, {nameof(GreedyWordPieceTokenizer)} or {nameof(TokenizerPipeline)} can."),
        } + "\n";
    }

    private static PipelineParts ReadParts(JsonField file, SpecialTokenMode mode, out bool isPlain)
    {
        file.HasOnly("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        if (file["version"].OptionalString() is { } version && version != "1.0")
        {
            throw file["version"].Error($"the version '{version}' is not known (known: 1.0)");
        }

        foreach (var name in new[] { "truncation", "padding" })
        {
            if (!file[name].IsMissing)
            {
                throw file[name].Error("is not supported: the file would shorten or fill up every text; set it to null");
            }
        }

        var model = file["model"];
        if (model.IsMissing)
        {
            throw model.Error("is missing");
        }

        var type = model["type"].IsMissing ? (model["merges"].IsMissing ? "WordPiece" : "BPE") : model.Type();      // files from before version 0.13 don't say
        if (type is not ("BPE" or "WordPiece"))
        {
            throw model["type"].Error($"the model '{type}' is not supported (supported: BPE, WordPiece)");
        }

        var vocabulary = VocabularyJson.Read(model["vocab"]);
        var added = VocabularyJson.ReadAdded(file["added_tokens"], vocabulary);
        var special = added.Where(token => token.Special).ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        var normalizer = NormalizerJson.Read(file["normalizer"]);
        var preTokenizer = PreTokenizerJson.Read(file["pre_tokenizer"]);
        var decoder = DecoderJson.Read(file["decoder"]);
        var postProcessor = PostProcessorJson.Read(file["post_processor"]);
        if (preTokenizer.ByteLevel && type == "WordPiece")
        {
            throw file["pre_tokenizer"].Error("ByteLevel is not supported together with a WordPiece model");
        }

        // Plain: nothing would be lost if the model's own tokenizer were saved again.
        isPlain = added.All(token => token == new AddedToken(token.Id, token.Content)) && !preTokenizer.AddPrefixSpace && postProcessor == PostProcessor.None
            && NormalizerJson.TryWrite(normalizer, out _) && PreTokenizerJson.TryWrite(preTokenizer.PreTokenizer, preTokenizer.ByteLevel, out _);

        Tokenizer tokenizer;
        Func<int, string?> tryGetToken;
        if (type == "BPE")
        {
            var bytePair = BytePairModelJson.Read(model, vocabulary, special, preTokenizer, normalizer);
            isPlain &= Same(decoder, DecoderOf(bytePair));
            (tokenizer, tryGetToken) = (BytePairTokenizer.Create(bytePair, mode), bytePair.TryGetToken);
        }
        else
        {
            var wordPiece = WordPieceModelJson.Read(model, vocabulary, special, preTokenizer.PreTokenizer, normalizer, cleanUp: decoder is WordPieceDecoder { CleansUp: true });
            isPlain &= Same(decoder, DecoderOf(wordPiece)) && special.ContainsKey(wordPiece.UnknownToken);
            (tokenizer, tryGetToken) = (GreedyWordPieceTokenizer.Create(wordPiece).With(mode), id => wordPiece.TryGetToken(id, out var token) ? token : null);
        }

        return new PipelineParts
        {
            Model = tokenizer,
            TryGetToken = tryGetToken,
            AddedTokens = added,
            Normalizer = normalizer,
            PreTokenizer = preTokenizer.PreTokenizer,
            AddPrefixSpace = preTokenizer.AddPrefixSpace,
            Decoder = decoder,
            PostProcessor = postProcessor,
            File = file.Element,
        };
    }

    private static Tokenizer PlainText(Tokenizer model) => model switch
    {
        BytePairTokenizer bytePair => bytePair.With(SpecialTokenMode.PlainText),
        GreedyWordPieceTokenizer wordPiece => wordPiece.With(SpecialTokenMode.PlainText),
        _ => model,
    };

    private static string Write(IReadOnlyDictionary<string, int> specialTokens, Normalizer? normalizer, PreTokenizer? preTokenizer, bool byteLevel, TokenDecoder decoder, JsonObject model)
    {
        if (!NormalizerJson.TryWrite(normalizer, out var normalizerJson))
        {
            throw new NotSupportedException($"The normalizer {normalizer!.GetType().Name} has no counterpart in tokenizer.json.");
        }

        if (!PreTokenizerJson.TryWrite(preTokenizer, byteLevel, out var preTokenizerJson))
        {
            throw new NotSupportedException($"The pre-tokenizer {preTokenizer!.GetType().Name} has no counterpart in tokenizer.json.");
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = VocabularyJson.WriteAdded(specialTokens),
            ["normalizer"] = normalizerJson,
            ["pre_tokenizer"] = preTokenizerJson,
            ["post_processor"] = null,
            ["decoder"] = DecoderJson.Write(decoder),
            ["model"] = model,
        }.ToJsonString(Indented);
    }

    // How the tokenizers decode by themselves.
    private static TokenDecoder DecoderOf(BytePairModel model) => model switch
    {
        { ByteLevel: true } => new ByteLevelDecoder(),
        { EndOfWordSuffix: { } suffix } => new SuffixDecoder(suffix),
        { ContinuingSubwordPrefix: { } prefix } => new WordPieceDecoder(prefix, cleanUp: false),
        _ => new FuseDecoder(),
    };

    private static WordPieceDecoder DecoderOf(WordPieceModel model) => new(model.ContinuingSubwordPrefix, model.CleanUpDecodedText);

    private static bool Same(TokenDecoder one, TokenDecoder other) => JsonNode.DeepEquals(DecoderJson.Write(one), DecoderJson.Write(other));
}
