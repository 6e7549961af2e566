using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public sealed class WordPieceModelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("[UNK]\na\n##b\n")]
    [InlineData("[UNK]\na\n##b")]
    [InlineData("[UNK]\r\na\r\n##b\r\n")]
    [InlineData("\uFEFF[UNK]\na\n##b\n\n\n")]
    public void Line_ends_a_byte_order_mark_and_empty_lines_at_the_end_are_fine(string content) =>
        Assert.Equal([("[UNK]", 0), ("a", 1), ("##b", 2)], Load(content).Vocabulary.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Value));

    [Fact]
    public void Only_a_line_feed_ends_a_line()
    {
        var model = Load("[UNK]\n\u2028\n\u0085\n <a b> \nx\ry\n", new() { SpecialTokens = new Dictionary<string, int> { [" <a b> "] = 3 } });
        Assert.Equal(["[UNK]", "\u2028", "\u0085", " <a b> ", "x\ry"], Enumerable.Range(0, 5).Select(model.TokenAt));
        Assert.Equal(3, model.SpecialTokens[" <a b> "]);
    }

    [Theory]
    [InlineData("", "'test' is empty")]
    [InlineData("\n\n", "'test' is empty")]
    [InlineData("[UNK]\n\na\n", "Line 2 of the vocabulary 'test' is empty")]
    [InlineData("[UNK]\na\nb\na\n", "Line 4 of the vocabulary 'test' repeats 'a' of line 2")]
    public void A_file_that_is_no_vocabulary_is_named_with_the_line(string content, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Load(content)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_text_is_named()
    {
        using var stream = new MemoryStream([0x61, 0xFF, 0x0A]);
        Assert.Contains("'test' is not UTF-8", Assert.Throws<InvalidDataException>(() => WordPieceModel.Load(stream, "test")).Message, StringComparison.Ordinal);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void A_special_token_that_is_missing_or_has_another_id_is_named()
    {
        Says("'[UNK]' is not in the vocabulary 'test'", () => Load("a\n"));
        Says("'[SEP]' is not in the vocabulary 'test'", () => Load("[UNK]\n[PAD]\n", new BertOptions()));
        Says("'a'", () => Load("[UNK]\na\n", new() { SpecialTokens = new Dictionary<string, int> { ["a"] = 7 } }));
    }

    [Fact]
    public void A_vocabulary_that_contradicts_itself_is_refused()
    {
        Says("Two tokens have the id 1: 'a' and 'b'", () => Build(("[UNK]", 0), ("a", 1), ("b", 1)));
        Says("The id of 'a' is -1", () => Build(("[UNK]", 0), ("a", -1)));
        Says("is there twice", () => Build(("[UNK]", 0), ("a", 1), ("a", 2)));
        Says("id 1 is empty", () => Build(("[UNK]", 0), ("", 1)));
        Says("'[UNK]' is not in the vocabulary", () => Build(("a", 0)));
        Says("Two tokens have the id 0", () => Build([("[UNK]", 0)], ("[X]", 0)));
    }

    [Fact]
    public void Special_tokens_may_lie_outside_the_vocabulary()
    {
        var model = Build([("[UNK]", 0), ("a", 1)], ("<|end of text|>", 9));
        Assert.Equal("<|end of text|>", model.TokenAt(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.TokenAt(5));
        Assert.Contains("every id from 0 to 2, and no token has the id 2", Assert.Throws<InvalidOperationException>(() => model.Save(InFolder("v.txt"))).Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void A_saved_vocabulary_loads_as_it_was()
    {
        var model = WordPieceTrainer.Train(["the other weather, the feather 我们 \U00020000 é"], new() { VocabularySize = 70 });
        model.Save(InFolder("vocab.txt"));
        model.Save(InFolder("vocab.txt"));
        var loaded = WordPieceModel.Load(InFolder("vocab.txt"), new BertOptions());
        Assert.Equal(model.Vocabulary.OrderBy(entry => entry.Value), loaded.Vocabulary.OrderBy(entry => entry.Value));
        Assert.Equal(model.SpecialTokens.OrderBy(entry => entry.Value), loaded.SpecialTokens.OrderBy(entry => entry.Value));
        Assert.Single(_folder.GetFiles());
        Assert.StartsWith("[PAD]\n[UNK]\n", File.ReadAllText(InFolder("vocab.txt")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\r")]
    public void A_piece_with_a_line_end_cannot_be_saved_and_the_old_file_stays(string piece)
    {
        File.WriteAllText(InFolder("vocab.txt"), "old");
        Assert.Throws<InvalidOperationException>(() => Build(("[UNK]", 0), (piece, 1)).Save(InFolder("vocab.txt")));
        Assert.Equal("old", File.ReadAllText(InFolder("vocab.txt")));
    }

    [Fact]
    public void Options_choose_how_a_text_is_prepared()
    {
        const string Bert = "[UNK]\n[SEP]\n[PAD]\n[CLS]\n[MASK]\na\n";
        var plain = Load(Bert);
        Assert.Null(plain.Normalizer);
        Assert.Same(PreTokenizers.Whitespace, plain.PreTokenizer);
        Assert.Equal(["[UNK]"], plain.SpecialTokens.Keys);

        var cased = Load(Bert, new BertOptions { LowerCaseBeforeTokenization = false, IndividuallyTokenizeCjk = false, RemoveNonSpacingMarks = true, MaxInputCharsPerWord = 7 });
        var normalizer = Assert.IsType<BertNormalizer>(cased.Normalizer);
        Assert.Equal((false, false, true, true), (normalizer.LowerCase, normalizer.SpaceChineseCharacters, normalizer.StripAccents, normalizer.CleanText));
        Assert.Same(PreTokenizers.Bert, cased.PreTokenizer);
        Assert.Equal((5, 7), (cased.SpecialTokens.Count, cased.MaxInputCharsPerWord));

        var bare = Load(Bert, new BertOptions { ApplyBasicTokenization = false });
        Assert.Null(bare.Normalizer);
        Assert.Same(PreTokenizers.Whitespace, bare.PreTokenizer);

        var own = Load(Bert, new BertOptions { Normalizer = UnicodeNormalizer.Nfc, PreTokenizer = PreTokenizers.Chinese });
        Assert.IsType<UnicodeNormalizer>(own.Normalizer);
        Assert.Same(PreTokenizers.Chinese, own.PreTokenizer);
    }

    private static WordPieceModel Load(string content, WordPieceOptions? options = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return WordPieceModel.Load(stream, "test", options);
    }

    private static WordPieceModel Build(params (string Token, int Id)[] vocabulary) => Build(vocabulary, []);

    private static WordPieceModel Build((string Token, int Id)[] vocabulary, params (string Token, int Id)[] special) =>
        new(vocabulary.Select(entry => KeyValuePair.Create(entry.Token, entry.Id)), specialTokens: special.Select(entry => KeyValuePair.Create(entry.Token, entry.Id)));

    private static void Says(string message, Action action) => Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
