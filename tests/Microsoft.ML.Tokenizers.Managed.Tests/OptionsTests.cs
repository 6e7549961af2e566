namespace Microsoft.ML.Tokenizers.Tests;

public sealed class OptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Word_piece_options_have_the_package_s_defaults()
    {
        foreach (var options in new[] { new WordPieceOptions(), new BertOptions() })
        {
            Assert.Equal(("[UNK]", "##", 100), (options.UnknownToken, options.ContinuingSubwordPrefix, options.MaxInputCharsPerWord));
            Assert.Null(options.Normalizer);
            Assert.Null(options.PreTokenizer);
            Assert.Null(options.SpecialTokens);
        }
    }

    [Fact]
    public void Bert_options_have_the_package_s_defaults()
    {
        var options = new BertOptions();
        Assert.Equal((true, true, true, true, false), (options.LowerCaseBeforeTokenization, options.ApplyBasicTokenization, options.SplitOnSpecialTokens, options.IndividuallyTokenizeCjk, options.RemoveNonSpacingMarks));
        Assert.Equal(("[SEP]", "[PAD]", "[CLS]", "[MASK]"), (options.SeparatorToken, options.PaddingToken, options.ClassificationToken, options.MaskingToken));
    }

    [Fact]
    public void Byte_pair_options_have_the_package_s_defaults()
    {
        var options = new BpeOptions([KeyValuePair.Create("a", 0)]);
        Assert.Equal([KeyValuePair.Create("a", 0)], options.Vocabulary);
        Assert.Equal((false, false), (options.ByteLevel, options.FuseUnknownTokens));
        object?[] unset =
        [
            options.Merges, options.SpecialTokens, options.Normalizer, options.PreTokenizer, options.UnknownToken, options.ContinuingSubwordPrefix,
            options.EndOfWordSuffix, options.BeginningOfSentenceToken, options.EndOfSentenceToken,
        ];
        Assert.All(unset, Assert.Null);
    }

    [Theory]
    [InlineData("#version: 0.2\nl o\nlo w</w>\n\n")]
    [InlineData("\uFEFF#version: 0.2\r\nl o\r\nlo w</w>\r\n")]
    [InlineData("l o\nlo w</w>")]
    public void Byte_pair_options_read_vocabulary_and_merges(string merges)
    {
        var options = new BpeOptions(Write("vocab.json", "\uFEFF{\"l\": 0, \"o\": 1, \"\\u0120<a b>\": 2}"), Write("merges.txt", merges));
        Assert.Equal([("l", 0), ("o", 1), ("\u0120<a b>", 2)], options.Vocabulary.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(["l o", "lo w</w>"], options.Merges);
        Assert.Null(new BpeOptions(Write("vocab.json", "{}")).Merges);
    }

    [Theory]
    [InlineData("lo", 1)]
    [InlineData("l o\n o", 2)]
    [InlineData("l o\nl ", 2)]
    [InlineData("l o\n\nl o w", 3)]
    [InlineData("l o\n#version: 0.2 x", 2)]
    public void A_line_that_is_no_merge_is_named(string merges, int line)
    {
        var file = Write("merges.txt", merges);
        var error = Assert.Throws<InvalidOperationException>(() => new BpeOptions(Write("vocab.json", "{}"), file));
        Assert.Contains($"Line {line} of the merges file '{file}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"a\": \"b\"}")]
    [InlineData("{\"a\": 1")]
    [InlineData("null")]
    [InlineData("")]
    public void A_file_that_is_no_vocabulary_is_named(string vocabulary)
    {
        var file = Write("vocab.json", vocabulary);
        Assert.Contains(file, Assert.Throws<InvalidOperationException>(() => new BpeOptions(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_arguments_are_named()
    {
        Assert.Contains("nowhere.json", Assert.Throws<ArgumentException>(() => new BpeOptions("nowhere.json")).Message, StringComparison.Ordinal);
        Assert.Contains("nowhere.txt", Assert.Throws<ArgumentException>(() => new BpeOptions(Write("vocab.json", "{}"), "nowhere.txt")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new BpeOptions((string)null!));
        Assert.Throws<ArgumentNullException>(() => new BpeOptions((IEnumerable<KeyValuePair<string, int>>)null!));
    }

    private string Write(string name, string content)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, content);
        return file;
    }
}
