using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>
/// Files that we write, read by Hugging Face's library: <c>huggingface/written</c> holds the files, <c>huggingface/vectors/written-*.json</c> what that library
/// computes with them. To make the files again, run these tests with <c>TUTORIAL_REGENERATE=1</c>, then <c>node read_written.js</c>.
/// </summary>
public class OracleWrittenTests
{
    private const string Special = "<|end of text|>";

    public static TheoryData<string> Names => ["characters", "characters-chinese", "prefix", "bytes", "bytes-o200k", "ranks-cl100k", "wordpiece"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_is_the_one_that_the_library_has_read(string name)
    {
        var file = OracleFiles.PathOf($"huggingface/written/{name}.json");
        var json = TokenizerJson.ToJson(Tokenizer(name));
        if (Environment.GetEnvironmentVariable("TUTORIAL_REGENERATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, json);
        }

        Assert.Equal(File.ReadAllText(file), json);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_library_gives_the_same_tokens_with_our_file(string name)
    {
        var vectors = OracleFiles.Read($"huggingface/vectors/written-{name}.json");
        var ids = OracleFiles.Integers(vectors.GetProperty("ids"));
        var decoded = OracleFiles.OptionalStrings(vectors.GetProperty("decoded"));
        var tokenizer = Tokenizer(name);
        Assert.Equal(OracleFiles.Written.Count, ids.Length);
        var differences = new List<string>();
        for (var i = 0; i < ids.Length; i++)
        {
            var text = OracleFiles.Written[i];
            var actual = tokenizer.EncodeToIds(text);
            if (!actual.SequenceEqual(ids[i]))
            {
                differences.Add($"{OracleFiles.Show(text)}: the library {string.Join(' ', ids[i])}, we {string.Join(' ', actual)}");
            }
            else if (tokenizer.Decode(actual) != (decoded[i] ?? text))
            {
                differences.Add($"{OracleFiles.Show(text)}: the library decodes {OracleFiles.Show(decoded[i] ?? text)}, we {OracleFiles.Show(tokenizer.Decode(actual))}");
            }
        }

        OracleFiles.NoDifferences(differences, ids.Length);
    }

    private static Tokenizer Tokenizer(string name)
    {
        var characters = ModelOf("char-bpe");
        var bytes = ModelOf("byte-level");
        switch (name)
        {
            case "characters":
                return Create(new BytePairModel(characters.Vocabulary, characters.Merges)
                {
                    EndOfWordSuffix = "</w>",
                    UnknownToken = "<unk>",
                    SpecialTokens = characters.SpecialTokens,
                    PreTokenizer = PreTokenizers.Whitespace,
                    Normalizer = new NormalizerSequence(UnicodeNormalizer.Nfkc, new UnicodeLowerCaseNormalizer()),
                });
            case "characters-chinese":
                return Create(new BytePairModel(characters.Vocabulary, characters.Merges)
                {
                    EndOfWordSuffix = "</w>",
                    UnknownToken = "<unk>",
                    FuseUnknownTokens = true,
                    SpecialTokens = characters.SpecialTokens,
                    PreTokenizer = PreTokenizers.Chinese,
                });
            case "prefix":
                var prefixed = ModelOf("char-bpe-prefix");
                return Create(new BytePairModel(prefixed.Vocabulary, prefixed.Merges)
                {
                    ContinuingSubwordPrefix = "##",
                    UnknownToken = "<unk>",
                    SpecialTokens = prefixed.SpecialTokens,
                    PreTokenizer = PreTokenizers.Bert,
                    Normalizer = new NormalizerSequence(UnicodeNormalizer.Nfd, new StripAccentsNormalizer(nonSpacingOnly: false)),
                });
            case "bytes":
                return Create(Bytes(bytes, BytePairPatterns.Gpt2, new NormalizerSequence(UnicodeNormalizer.Nfd, new StripAccentsNormalizer(), UnicodeNormalizer.Nfc, new CollapseWhitespaceNormalizer())));
            case "bytes-o200k":
                return Create(Bytes(bytes, new PreTokenizerSequence(PreTokenizers.Chinese, BytePairPatterns.O200k), null));
            case "ranks-cl100k":
                return OracleTiktokenTests.Load("cl100k_base", out _).With(SpecialTokenMode.Recognize);
            default:
                var pieces = (GreedyWordPieceTokenizer)((TokenizerPipeline)TokenizerJson.Load(OracleFiles.PathOf("huggingface/models/wordpiece-uncased.json"))).Model;
                return GreedyWordPieceTokenizer.Create(new WordPieceModel(pieces.Model.Vocabulary, "[UNK]", pieces.Model.SpecialTokens)
                {
                    MaxInputCharsPerWord = 50,
                    PreTokenizer = PreTokenizers.Bert,
                    Normalizer = new BertNormalizer(stripAccents: false),
                }).With(SpecialTokenMode.Recognize);
        }
    }

    private static BytePairTokenizer Create(BytePairModel model) => BytePairTokenizer.Create(model, SpecialTokenMode.Recognize);

    private static BytePairModel ModelOf(string name) => TokenizerJson.Load(OracleFiles.PathOf($"huggingface/models/{name}.json")) switch
    {
        BytePairTokenizer tokenizer => tokenizer.Model,
        TokenizerPipeline pipeline => ((BytePairTokenizer)pipeline.Model).Model,
        _ => throw new InvalidOperationException(),
    };

    private static BytePairModel Bytes(BytePairModel model, PreTokenizer preTokenizer, Normalizer? normalizer) => new(model.Vocabulary, model.Merges)
    {
        ByteLevel = true,
        SpecialTokens = new Dictionary<string, int> { [Special] = model.Vocabulary[Special] },
        PreTokenizer = preTokenizer,
        Normalizer = normalizer,
    };
}
