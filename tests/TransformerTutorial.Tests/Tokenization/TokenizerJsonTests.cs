using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class TokenizerJsonTests
{
    private const string Small = """
        {
          "version": "1.0", "truncation": null, "padding": null,
          "added_tokens": [ { "id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true } ],
          "normalizer": null, "pre_tokenizer": { "type": "WhitespaceSplit" }, "post_processor": null, "decoder": { "type": "BPEDecoder", "suffix": "</w>" },
          "model": { "type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null, "end_of_word_suffix": "</w>", "fuse_unk": false,
            "byte_fallback": false, "ignore_merges": false,
            "vocab": { "<unk>": 0, "l": 1, "o": 2, "w</w>": 3, "lo": 4, "low</w>": 5 }, "merges": [ ["l", "o"], ["lo", "w</w>"] ] }
        }
        """;

    [Fact]
    public void A_file_that_the_tokenizer_can_say_all_of_gives_that_tokenizer()
    {
        var tokenizer = Assert.IsType<BytePairTokenizer>(Load(Small));
        Assert.Equal([5, 4, 0], tokenizer.EncodeToIds("low lox"));
        Assert.Equal(SpecialTokenMode.PlainText, tokenizer.SpecialTokenMode);
    }

    [Fact]
    public void Merges_may_be_strings_as_in_older_files()
    {
        var tokenizer = Load(Small.Replace("""["l", "o"], ["lo", "w</w>"]""", "\"l o\", \"lo w</w>\"", StringComparison.Ordinal));
        Assert.Equal([5], tokenizer.EncodeToIds("low"));
    }

    [Fact]
    public void A_byte_order_mark_and_crlf_do_no_harm()
    {
        using var stream = new MemoryStream([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Small.ReplaceLineEndings("\r\n"))]);
        Assert.Equal([5], TokenizerJson.Load(stream, "small").EncodeToIds("low"));
    }

    [Fact]
    public void Files_from_before_models_had_a_type_load()
    {
        Assert.Equal([5], Load(Edit(json => Model(json).Remove("type"))).EncodeToIds("low"));
    }

    public static TheoryData<string, Action<JsonObject>> Mistakes => new()
    {
        { "model: is missing.", json => json.Remove("model") },
        { "model.type: the model 'Unigram' is not supported (supported: BPE, WordPiece).", json => Model(json)["type"] = "Unigram" },
        { "model.vocab: expected an object, found nothing.", json => Model(json).Remove("vocab") },
        { "model.vocab[\"l\"]: expected a whole number from 0 to 2147483647, found -1.", json => Vocabulary(json)["l"] = -1 },
        { "model.vocab[\"l\"]: expected a whole number from 0 to 2147483647, found 1.5.", json => Vocabulary(json)["l"] = 1.5 },
        { "model.vocab[\"l\"]: expected a number, found a string.", json => Vocabulary(json)["l"] = "1" },
        { "model.vocab[\"o\"]: the id 1 belongs to 'l' already.", json => Vocabulary(json)["o"] = 1 },
        { "model.merges[1]: expected two symbols, found 1.", json => Model(json)["merges"]![1] = "low" },
        { "model.merges[1]: expected two symbols, found 3.", json => Model(json)["merges"]![1] = new JsonArray("l", "o", "w</w>") },
        { "model.merges[1]: expected an array, found a number.", json => Model(json)["merges"]![1] = 5 },
        { "model.merges[1]: 'x' is not in the vocabulary.", json => Model(json)["merges"]![1] = "x o" },
        { "model.merges[1]: 'ol' is not in the vocabulary.", json => Model(json)["merges"]![1] = "o l" },
        { "model.merges[2]: 'l' and 'o' are merged already.", json => Model(json)["merges"]!.AsArray().Add("l o") },
        { "model.unk_token: '<what>' is not in the vocabulary.", json => Model(json)["unk_token"] = "<what>" },
        { "model.dropout: leaves out merges at random, which is not supported; set it to null.", json => Model(json)["dropout"] = 0.1 },
        { "model.byte_fallback: writes unknown characters as <0x..> tokens, which is not supported.", json => Model(json)["byte_fallback"] = true },
        { "model.fuse_unk: expected true or false, found a string.", json => Model(json)["fuse_unk"] = "yes" },
        { "model.surprise: is not a field that this reader knows.", json => Model(json)["surprise"] = 1 },
        { "surprise: is not a field that this reader knows.", json => json["surprise"] = 1 },
        { "version: the version '2.0' is not known (known: 1.0).", json => json["version"] = "2.0" },
        { "truncation: is not supported: the file would shorten or fill up every text; set it to null.", json => json["truncation"] = new JsonObject() },
        { "padding: is not supported: the file would shorten or fill up every text; set it to null.", json => json["padding"] = new JsonObject() },
        { "added_tokens[0].content: is empty.", json => Added(json)["content"] = "" },
        { "added_tokens[0].id: '<unk>' has the id 7 here and 0 in the vocabulary.", json => Added(json)["id"] = 7 },
        { "added_tokens[1].id: the id 3 belongs to 'w</w>' already.", json => json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 3, ["content"] = "<s>" }) },
        { "added_tokens[1].content: '<unk>' stands there twice.", json => json["added_tokens"]!.AsArray().Add(Added(json).DeepClone()) },
        { "added_tokens[0].strip: is not a field that this reader knows.", json => Added(json)["strip"] = true },
        { "normalizer.type: expected a string, found nothing.", json => json["normalizer"] = new JsonObject() },
        { "normalizer: the normalizer 'Nmt' is not supported", json => json["normalizer"] = Named("Nmt") },
        { "normalizer.normalizers[0]: the normalizer 'Precompiled' is not supported", json => json["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(Named("Precompiled")) } },
        { "pre_tokenizer: the pre-tokenizer 'Metaspace' writes spaces as ▁", json => json["pre_tokenizer"] = Named("Metaspace") },
        { "pre_tokenizer: the pre-tokenizer 'UnicodeScripts' is not supported", json => json["pre_tokenizer"] = Named("UnicodeScripts") },
        { "pre_tokenizer.pretokenizers[1]: stands behind ByteLevel, which must be the last pre-tokenizer.", json => json["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(Named("ByteLevel"), Named("WhitespaceSplit")) } },
        { "pre_tokenizer.pretokenizers[1].add_prefix_space: puts a space before every word", json => json["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(Named("WhitespaceSplit"), Named("ByteLevel")) } },
        { "pre_tokenizer.behavior: the behavior 'Kept' is not known", json => json["pre_tokenizer"] = Split("a", "Kept") },
        { "pre_tokenizer.pattern.Regex: is no regular expression that .NET can read", json => json["pre_tokenizer"] = Split("(a", "Isolated") },
        { "pre_tokenizer.pattern.Regex: names characters outside the basic plane", json => json["pre_tokenizer"] = Split("𠀀", "Isolated") },
        { "pre_tokenizer.pattern.Regex: uses \\W where", json => json["pre_tokenizer"] = Split("[\\W]", "Isolated") },
        { "model.end_of_word_suffix: is not supported together with the pre-tokenizer ByteLevel.", json => json["pre_tokenizer"] = Named("ByteLevel") },
        { "decoder: the decoder 'CTC' is not supported", json => json["decoder"] = Named("CTC") },
        { "post_processor: the post-processor 'Magic' is not supported", json => json["post_processor"] = Named("Magic") },
        { "post_processor.sep: expected a token and its id, found 1 values.", json => json["post_processor"] = new JsonObject { ["type"] = "BertProcessing", ["cls"] = new JsonArray("<unk>", 0), ["sep"] = new JsonArray("<unk>") } },
        { "post_processor.single[0].SpecialToken.id: '<s>' is not among the template's special_tokens.", json => json["post_processor"] = new JsonObject { ["type"] = "TemplateProcessing", ["single"] = new JsonArray(new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = "<s>", ["type_id"] = 0 } }), ["special_tokens"] = new JsonObject() } },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_is_named_with_its_place(string message, Action<JsonObject> mistake)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(Edit(mistake)));
        Assert.StartsWith($"small.json: {message}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "small.json: not valid JSON at line 1, byte 1.")]
    [InlineData("{\n  \"model\": {", "small.json: not valid JSON at line 2")]
    [InlineData("[]", "small.json: expected an object, found an array.")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"a\": 1}, \"merges\": []}}", "small.json: model.vocab[\"a\"]: stands there twice.")]
    [InlineData("{\"model\": {\"type\": \"\\ud800\", \"vocab\": {}, \"merges\": []}}", "small.json: model.type: the string holds half of a surrogate pair.")]
    [InlineData("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"\\udc00\": 1}, \"merges\": []}}", "small.json: model.vocab: the string holds half of a surrogate pair.")]
    public void What_is_no_such_file_is_one_clear_error(string content, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(content));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_character_that_a_model_without_unknown_token_lacks_is_an_error()
    {
        var tokenizer = Load(Edit(json => Model(json)["unk_token"] = null));
        Assert.ThrowsAny<Exception>(() => tokenizer.EncodeToIds("lox"));
    }

    [Fact]
    public void Special_tokens_in_a_text_are_text_unless_asked_for()
    {
        var file = OracleFiles.PathOf("huggingface/models/wordpiece-uncased.json");
        var plain = TokenizerJson.Load(file);
        var recognized = TokenizerJson.Load(file, new TokenizerJsonOptions { SpecialTokenMode = SpecialTokenMode.Recognize });
        var strict = TokenizerJson.Load(file, new TokenizerJsonOptions { SpecialTokenMode = SpecialTokenMode.Throw });
        Assert.DoesNotContain(4, plain.EncodeToIds("a [MASK] b"));
        Assert.Contains(4, recognized.EncodeToIds("a [MASK] b"));
        Assert.Contains(4, Assert.IsType<TokenizerPipeline>(plain).With(SpecialTokenMode.Recognize).EncodeToIds("a [MASK] b"));
        Assert.Throws<ArgumentException>(() => strict.EncodeToIds("a [MASK] b"));
        Assert.NotEmpty(strict.EncodeToIds("a b"));
    }

    [Fact]
    public void Added_tokens_that_are_not_special_are_found_in_any_mode()
    {
        var tokenizer = Assert.IsType<TokenizerPipeline>(TokenizerJson.Load(OracleFiles.PathOf("huggingface/models/wordpiece-added.json")));
        var low = tokenizer.AddedTokens.Single(token => token.Content == "low").Id;
        Assert.Contains(low, tokenizer.EncodeToIds("a low wall"));
        Assert.DoesNotContain(low, tokenizer.EncodeToIds("a lower wall"));
    }

    [Fact]
    public void Limits_cut_between_characters()
    {
        var tokenizer = TokenizerJson.Load(OracleFiles.PathOf("huggingface/models/byte-level-prefix-space.json"));
        foreach (var text in OracleFiles.Written.Where(text => text.Length is > 0 and < 60))
        {
            var all = tokenizer.EncodeToTokens(text, out _);
            for (var limit = 1; limit <= all.Count + 1; limit++)
            {
                var ids = tokenizer.EncodeToIds(text, limit, out _, out var consumed);
                Assert.True(ids.Count <= limit);
                Assert.Equal(all.Take(ids.Count).Select(token => token.Id), ids);
                Assert.Equal(consumed, tokenizer.GetIndexByTokenCount(text, limit, out _, out var count));
                Assert.Equal(ids.Count, count);
                var fromEnd = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out _, out var countFromEnd);
                Assert.True(countFromEnd <= limit);
                Assert.Equal(text.AsSpan(0, consumed).TrimStart(' '), tokenizer.Decode(ids).AsSpan().TrimStart(' '));
                Assert.Equal(text.AsSpan(fromEnd).TrimStart(' '), tokenizer.Decode(all.Skip(all.Count - countFromEnd).Select(token => token.Id)).AsSpan().TrimStart(' '));
                if (ids.Count == all.Count)
                {
                    Assert.Equal(text.Length, consumed);
                    Assert.Equal(0, fromEnd);
                }
            }
        }
    }

    [Fact]
    public void Decoding_into_pieces_gives_the_whole_text()
    {
        foreach (var name in new[] { "byte-level-prefix-space", "wordpiece-uncased", "char-bpe" })
        {
            var tokenizer = Assert.IsType<TokenizerPipeline>(TokenizerJson.Load(OracleFiles.PathOf($"huggingface/models/{name}.json")));
            var buffer = new char[40];
            foreach (var text in OracleFiles.Written.Where(text => text.Length is > 0 and < 200))
            {
                var ids = tokenizer.EncodeToIds(text);
                var whole = tokenizer.Decode(ids);
                var pieces = new StringBuilder();
                var rest = ids.ToList();
                var status = OperationStatus.DestinationTooSmall;
                while (status == OperationStatus.DestinationTooSmall)
                {
                    status = tokenizer.Decode(rest, buffer, out var consumed, out var written);
                    pieces.Append(buffer, 0, written);
                    rest.RemoveRange(0, consumed);
                    if (consumed == 0)
                    {
                        break;
                    }
                }

                if (rest.Count == 0)
                {
                    Assert.Equal(whole, pieces.ToString());
                }
                else
                {
                    // Nothing fits: there is no place to stop within the buffer's length.
                    Assert.StartsWith(pieces.ToString(), whole, StringComparison.Ordinal);
                    Assert.True(whole.Length - pieces.Length > buffer.Length);
                }
            }
        }
    }

    [Fact]
    public void An_unknown_id_is_an_error()
    {
        var tokenizer = TokenizerJson.Load(OracleFiles.PathOf("huggingface/models/char-bpe.json"));
        Assert.Throws<InvalidOperationException>(() => tokenizer.Decode([99_999]));
    }

    [Fact]
    public void What_the_format_has_no_word_for_cannot_be_saved()
    {
        var words = new Dictionary<string, long> { ["low"] = 5, ["lower"] = 2 };
        var model = BytePairTrainer.Train(words, new BytePairTrainerOptions { Normalizer = UpperCaseNormalizer.Instance });
        Assert.Contains("UpperCaseNormalizer", Assert.Throws<NotSupportedException>(() => TokenizerJson.ToJson(BytePairTokenizer.Create(model))).Message, StringComparison.Ordinal);
        model = BytePairTrainer.Train(words, new BytePairTrainerOptions { PreTokenizer = PreTokenizer.CreateWordOrPunctuation() });
        Assert.Contains("PreTokenizer", Assert.Throws<NotSupportedException>(() => TokenizerJson.ToJson(BytePairTokenizer.Create(model))).Message, StringComparison.Ordinal);
        model = BytePairTrainer.Train(words, new BytePairTrainerOptions { EndOfWordStyle = EndOfWordStyle.SeparateSymbol });
        Assert.Throws<NotSupportedException>(() => TokenizerJson.ToJson(BytePairTokenizer.Create(model)));
    }

    [Fact]
    public void A_saved_tokenizer_comes_back_with_everything()
    {
        var texts = OracleFiles.CorpusLines.ToList();
        foreach (var options in new[]
        {
            new BytePairTrainerOptions { VocabularySize = 900, Normalizer = new NormalizerSequence(UnicodeNormalizer.Nfkc, new UnicodeLowerCaseNormalizer()) },
            new BytePairTrainerOptions { VocabularySize = 900, PreTokenizer = PreTokenizers.Chinese, SpecialTokens = ["<s>", "<|end of text|>"] },
            new BytePairTrainerOptions { VocabularySize = 900, ByteLevel = true, PreTokenizer = BytePairPatterns.O200k, SpecialTokens = ["<|end of text|>"] },
            new BytePairTrainerOptions { VocabularySize = 900, EndOfWordSuffix = null },
            new BytePairTrainerOptions { VocabularySize = 900, Normalizer = new NormalizerSequence(UnicodeNormalizer.Nfd, new StripAccentsNormalizer(), new CollapseWhitespaceNormalizer()), ByteLevel = true },
            new BytePairTrainerOptions { VocabularySize = 900, Normalizer = new BertNormalizer(), PreTokenizer = PreTokenizers.Bert },
        })
        {
            var tokenizer = BytePairTokenizer.Create(BytePairTrainer.Train(texts, options));
            var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
            try
            {
                TokenizerJson.Save(tokenizer, file);
                TokenizerJson.Save(tokenizer, file);
                var again = Assert.IsType<BytePairTokenizer>(TokenizerJson.Load(file, new TokenizerJsonOptions { SpecialTokenMode = SpecialTokenMode.Recognize }));
                Assert.Equal(File.ReadAllText(file), TokenizerJson.ToJson(again));
                foreach (var text in OracleFiles.Texts)
                {
                    Assert.Equal(tokenizer.With(SpecialTokenMode.Recognize).EncodeToIds(text), again.EncodeToIds(text));
                }
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    private static Tokenizer Load(string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return TokenizerJson.Load(stream, "small.json");
    }

    private static string Edit(Action<JsonObject> edit)
    {
        var json = JsonNode.Parse(Small)!.AsObject();
        edit(json);
        return json.ToJsonString();
    }

    private static JsonObject Model(JsonObject json) => json["model"]!.AsObject();

    private static JsonObject Vocabulary(JsonObject json) => Model(json)["vocab"]!.AsObject();

    private static JsonObject Added(JsonObject json) => json["added_tokens"]![0]!.AsObject();

    private static JsonObject Named(string type) => new() { ["type"] = type };

    private static JsonObject Split(string pattern, string behavior) => new() { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = behavior, ["invert"] = false };
}
