using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public sealed class BytePairFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bpe-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<BytePairTrainerOptions> Kinds() =>
    [
        new() { VocabularySize = 90 },
        new() { VocabularySize = 90, EndOfWordStyle = EndOfWordStyle.SeparateSymbol, SpecialTokens = ["<s>", "a special one", "</s>"] },
        new() { VocabularySize = 90, EndOfWordSuffix = null, UnknownToken = null, PreTokenizer = PreTokenizers.Chinese, Normalizer = LowerCaseNormalizer.Instance },
        new() { VocabularySize = 300, ByteLevel = true, SpecialTokens = ["<|endoftext|>"] },
        new() { VocabularySize = 300, ByteLevel = true, PreTokenizer = BytePairPatterns.O200k, Normalizer = new NormalizerSequence(UnicodeNormalizer.Nfc, new UnicodeLowerCaseNormalizer(), new BertNormalizer(lowerCase: false), new StripAccentsNormalizer()) },
        new() { VocabularySize = 300, ByteLevel = true, PreTokenizer = PreTokenizers.InTurn(PreTokenizers.Whitespace, BytePairPatterns.Cl100k) },
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_tokenizer_comes_back_with_everything_it_had(BytePairTrainerOptions options)
    {
        const string text = "It's 12345 lower LOWER  naïve cafe\u0301! 今天天气不错 <|endoftext|><s> don't";
        var saved = BytePairTokenizer.Create(BytePairTrainer.Train([text, "\"quotes\" and \\ \t <tags> & 'more' lower lowest newer newest"], options), SpecialTokenMode.Recognize);
        saved.Save(_folder);
        var loaded = BytePairTokenizer.Load(_folder);
        Assert.Equal(saved.Model.Vocabulary.OrderBy(pair => pair.Value), loaded.Model.Vocabulary.OrderBy(pair => pair.Value));
        Assert.Equal(saved.Model.Merges.Select(merge => merge with { Count = 0 }), loaded.Model.Merges);
        Assert.Equal(saved.Model.SpecialTokens.OrderBy(pair => pair.Value), loaded.Model.SpecialTokens.OrderBy(pair => pair.Value));
        Assert.Equal((saved.Model.ByteLevel, saved.Model.EndOfWordSuffix, saved.Model.EndOfWordStyle, saved.Model.UnknownToken), (loaded.Model.ByteLevel, loaded.Model.EndOfWordSuffix, loaded.Model.EndOfWordStyle, loaded.Model.UnknownToken));
        Assert.Equal((saved.SpecialTokenMode, saved.PreTokenizer?.GetType(), saved.Normalizer?.GetType()), (loaded.SpecialTokenMode, loaded.PreTokenizer?.GetType(), loaded.Normalizer?.GetType()));
        Assert.Equal(saved.EncodeToTokens(text, out var one), loaded.EncodeToTokens(text, out var other));
        Assert.Equal(one, other);

        // Saving again changes nothing.
        var before = Directory.GetFiles(_folder).Order().Select(File.ReadAllText).ToList();
        loaded.Save(_folder);
        Assert.Equal(before, Directory.GetFiles(_folder).Order().Select(File.ReadAllText));
        Assert.Equal(["bpe.json", "merges.txt", "vocab.json"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Both_files_load_by_themselves_and_through_the_packages_options()
    {
        var trained = BytePairTokenizer.Create(BytePairTrainer.Train(["low lower lowest newest widest"], new() { VocabularySize = 40, MinimumCount = 1 }));
        trained.Save(_folder);
        var vocabularyFile = Path.Combine(_folder, "vocab.json");
        var mergesFile = Path.Combine(_folder, "merges.txt");
        Assert.StartsWith("#version", File.ReadAllText(mergesFile), StringComparison.Ordinal);
        var loaded = BytePairTokenizer.Load(vocabularyFile, mergesFile, new() { EndOfWordSuffix = "</w>", UnknownToken = "<unk>" });
        var created = BytePairTokenizer.Create(new BpeOptions(vocabularyFile, mergesFile) { EndOfWordSuffix = "</w>", UnknownToken = "<unk>" });
        foreach (var text in new[] { "lowest slow x", "" })
        {
            Assert.Equal(trained.EncodeToIds(text), loaded.EncodeToIds(text));
            Assert.Equal(trained.EncodeToIds(text), created.EncodeToIds(text));
        }
    }

    [Fact]
    public void Windows_line_ends_marks_and_empty_lines_do_no_harm()
    {
        var tokenizer = Load("\uFEFF{\r\n\"a\": 0, \"b\": 1,\r\n\"ab\": 7 }\r\n", "\uFEFF#version: 0.2\r\n\r\na b\r\n\r\n");
        Assert.Equal([7, 0], tokenizer.EncodeToIds("aba"));
        Assert.Equal(8, tokenizer.Model.IdCount);
        Assert.Throws<InvalidOperationException>(() => tokenizer.Decode([3]));
    }

    [Fact]
    public void A_merge_of_tokens_with_spaces_is_read_where_only_one_reading_is_possible()
    {
        var tokenizer = Load("""{ "a": 0, " ": 1, "b": 2, " b": 3, "a b": 4 }""", "  b\na  b");
        Assert.Equal([(" ", "b"), ("a", " b")], tokenizer.Model.Merges.Select(merge => (merge.Left, merge.Right)));
        tokenizer.Save(_folder);
        Assert.Equal(tokenizer.Model.Merges, BytePairTokenizer.Load(_folder).Model.Merges);
        Assert.Contains("several ways", Assert.Throws<InvalidDataException>(() => Load("""{ "a": 0, " ": 1, " b": 2, "a ": 3, "b": 4, "a b": 6 }""", "a  b")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "a": 0 """, "", "Line 1 of", "vocab.json' is not JSON")]
    [InlineData("""[ "a" ]""", "", "Line 1 of", "one JSON object")]
    [InlineData("", "", "Line 1 of", "not JSON")]
    [InlineData("{ \"a\": 0,\n\"a\": 1 }", "", "Line 2 of", "'a' comes twice, with the ids 0 and 1")]
    [InlineData("{ \"a\": 0,\n\"b\": 0 }", "", "Line 2 of", "'a' and 'b' have the same id 0")]
    [InlineData("{ \"a\": 0,\n\n\"b\": -1 }", "", "Line 3 of", "'b' needs an id")]
    [InlineData("""{ "b": 1.5 }""", "", "Line 1 of", "'b' needs an id")]
    [InlineData("""{ "b": "x" }""", "", "Line 1 of", "'b' needs an id")]
    [InlineData("""{ "b": {} }""", "", "Line 1 of", "'b' needs an id")]
    [InlineData("""{ "b": 2000000000 }""", "", "Line 1 of", "'b' needs an id")]
    [InlineData("""{ "\ud800": 1 }""", "", "Line 1 of", "not valid text")]
    [InlineData("""{ "a": 1 } x""", "", "Line 1 of", "not JSON")]
    [InlineData("""{ "a": 0, "b": 1, "ab": 2 }""", "#version\na b\nab", "Line 3 of", "merges.txt' is 'ab'")]
    [InlineData("""{ "a": 0, "b": 1, "ab": 2 }""", "a b c", "Line 1 of", "'a b c'")]
    [InlineData("""{ "a": 0, "b": 1, "ab": 2 }""", "a b\n\na b", "Line 3 of", "as line 1 does already")]
    [InlineData("""{ "a": 0, "b": 1 }""", "a b", "Line 1 of", "no token 'ab'")]
    [InlineData("""{ "a": 0, "ab": 1 }""", "a b", "Line 1 of", "no token 'b'")]
    public void A_malformed_file_gets_one_message_with_file_and_line(string vocabulary, string merges, string line, string what)
    {
        var message = Assert.Throws<InvalidDataException>(() => Load(vocabulary, merges)).Message;
        Assert.Contains(line, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains(_folder, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merges_file_that_is_no_text_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), "{}");
        File.WriteAllBytes(Path.Combine(_folder, "merges.txt"), [0x61, 0xFF, 0x20]);
        Assert.Contains("merges.txt' is not UTF-8", Assert.Throws<InvalidDataException>(() => BytePairTokenizer.Load(Path.Combine(_folder, "vocab.json"), Path.Combine(_folder, "merges.txt"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("preTokenizer", "\"gpt2\"", "\"gpt9\"", "'preTokenizer'")]
    [InlineData("endOfWordStyle", "\"SuffixOfLastCharacter\"", "\"Other\"", "must be one of SuffixOfLastCharacter, SeparateSymbol")]
    [InlineData("byteLevel", "true", "3", "'byteLevel'")]
    [InlineData("ignoreMerges", "\"ignoreMerges\"", "\"ignoreMergers\"", "no field 'ignoreMerges'")]
    [InlineData("normalizer", "\"normalizer\": null", "\"normalizer\": [\"nfc\", null]", "'normalizer'")]
    public void Wrong_settings_are_named(string field, string old, string changed, string what)
    {
        BytePairTokenizer.Create(BytePairTrainer.Train(["x"], new() { ByteLevel = true })).Save(_folder);
        var file = Path.Combine(_folder, "bpe.json");
        var lines = File.ReadAllLines(file).Select(line => line.Contains(field, StringComparison.Ordinal) ? line.Replace(old, changed, StringComparison.Ordinal) : line).ToList();
        File.WriteAllLines(file, lines);
        Assert.Contains(what, Assert.Throws<InvalidDataException>(() => BytePairTokenizer.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_saved_faithfully_is_not_saved()
    {
        var model = BytePairTrainer.Train(["x"], new() { ByteLevel = true, PreTokenizer = PreTokenizer.CreateWordOrNonWord() });
        var folder = Path.Combine(_folder, "new");
        Assert.Contains("RegexPreTokenizer", Assert.Throws<NotSupportedException>(() => BytePairTokenizer.Create(model).Save(folder)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        Assert.Contains("no bpe.json", Assert.Throws<FileNotFoundException>(() => BytePairTokenizer.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rank_files_merge_whatever_together_is_a_token_smallest_rank_first()
    {
        // "ab" has the smaller rank, so "abc" is ab + c where a + bc would be possible too; and abcd is a token that no merge leads to.
        var path = WriteRanks([("bc", 300), ("ab", 256), ("abcd", 301), (" x", 302)]);
        var tokenizer = BytePairTokenizer.LoadTiktoken(path, BytePairPatterns.Cl100k, new Dictionary<string, int> { ["<|end|>"] = 400 });
        Assert.Equal(["ab", "c"], tokenizer.EncodeToTokens("abc", out _).Select(token => token.Value));
        Assert.Equal(["abcd"], tokenizer.EncodeToTokens("abcd", out _).Select(token => token.Value)); // a word that is a token is that token
        Assert.Equal(["ab", "c", "d", "e"], tokenizer.EncodeToTokens("abcde", out _).Select(token => token.Value));
        Assert.Equal([400], tokenizer.With(SpecialTokenMode.Recognize).EncodeToIds("<|end|>"));
        Assert.Equal([("a", "b", 256), ("b", "c", 300), ("Ġ", "x", 302)], tokenizer.Model.Merges.Where(merge => merge.Merged != "abcd").Select(merge => (merge.Left, merge.Right, merge.Rank)));

        tokenizer.Save(_folder);
        var loaded = BytePairTokenizer.Load(_folder);
        Assert.Equal(tokenizer.EncodeToIds("abcd abc xx"), loaded.EncodeToIds("abcd abc xx"));
        Assert.True(loaded.Model.MergesFollowIds);
        Assert.Same(BytePairPatterns.Cl100k, loaded.PreTokenizer);
        Assert.False(File.Exists(Path.Combine(_folder, "merges.txt")));
    }

    [Theory]
    [InlineData("YQ==", "Line 257", "one space")]
    [InlineData("Y!== 300", "Line 257", "not base 64")]
    [InlineData("YWI= x", "Line 257", "one space")]
    [InlineData("YWI= -3", "Line 257", "one space")]
    [InlineData("YQ== 300", "Line 257", "there already, with rank 97")]
    [InlineData("YWI= 97", "Line 257", "there already, in line 98")]
    public void A_malformed_rank_file_gets_one_message_with_file_and_line(string line, string where, string what)
    {
        var path = WriteRanks([]);
        File.AppendAllText(path, line + "\r\n");
        var message = Assert.Throws<InvalidDataException>(() => BytePairTokenizer.LoadTiktoken(path, BytePairPatterns.Gpt2)).Message;
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_file_needs_every_byte_and_free_ids_for_special_tokens()
    {
        var path = WriteRanks([]);
        Assert.Contains("same id 97", Assert.Throws<ArgumentException>(() => BytePairTokenizer.LoadTiktoken(path, BytePairPatterns.Gpt2, new Dictionary<string, int> { ["<s>"] = 97 })).Message, StringComparison.Ordinal);
        File.WriteAllLines(path, File.ReadAllLines(path).Skip(1));
        Assert.Contains("no token for the byte 00", Assert.Throws<InvalidDataException>(() => BytePairTokenizer.LoadTiktoken(path, BytePairPatterns.Gpt2)).Message, StringComparison.Ordinal);
    }

    private BytePairTokenizer Load(string vocabulary, string merges)
    {
        var (vocabularyFile, mergesFile) = (Path.Combine(_folder, "vocab.json"), Path.Combine(_folder, "merges.txt"));
        File.WriteAllText(vocabularyFile, vocabulary);
        File.WriteAllText(mergesFile, merges);
        return BytePairTokenizer.Load(vocabularyFile, mergesFile);
    }

    private string WriteRanks(IEnumerable<(string Token, int Rank)> more)
    {
        var path = Path.Combine(_folder, "test.tiktoken");
        var bytes = Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}");
        File.WriteAllLines(path, bytes.Concat(more.Select(token => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(token.Token))} {token.Rank}")));
        return path;
    }
}
