using System.Text;
using TransformerTutorial.Data;

namespace TransformerTutorial.Tests.Data;

public sealed class CorpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("corpus-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string FileOf(params byte[] bytes)
    {
        var path = Path.Combine(_folder, "text.txt");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void A_byte_order_mark_carriage_returns_and_blank_lines_are_no_part_of_the_text()
    {
        var corpus = Corpus.FromFile(FileOf([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("你好\r\n\r\n  \nbye")]));

        Assert.Equal(["你好", "bye"], corpus.Lines);
        Assert.Equal("你好\nbye", corpus.Text);
        Assert.Equal(10, corpus.Bytes);
        Assert.Equal("text", corpus.Name);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_an_error_with_file_and_line()
    {
        var path = FileOf([(byte)'a', (byte)'\n', (byte)'b', 0xFF, (byte)'c']);

        var error = Assert.Throws<InvalidDataException>(() => Corpus.FromFile(path));

        Assert.Equal($"{path}, line 2: not valid UTF-8 at byte 2 of the line.", error.Message);
    }

    [Fact]
    public void An_empty_file_is_an_error() =>
        Assert.EndsWith("the file holds no text.", Assert.Throws<InvalidDataException>(() => Corpus.FromFile(FileOf((byte)'\n'))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.txt", Assert.Throws<FileNotFoundException>(() => Corpus.FromFile(Path.Combine(_folder, "nowhere.txt"))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_language_lists_those_there_are() =>
        Assert.Equal("No corpus 'klingon'; there are: chinese, english. (Parameter 'language')", Assert.Throws<ArgumentException>(() => Corpus.Load("klingon")).Message);

    [Fact]
    public void A_reader_s_own_file_takes_the_place_of_a_language()
    {
        Environment.SetEnvironmentVariable("TUTORIAL_CORPUS_OWNTEXT", FileOf([.. Encoding.UTF8.GetBytes("my own text")]));

        Assert.Equal(["my own text"], Corpus.Load("owntext").Lines);
    }

    [Theory]
    [InlineData("english")]
    [InlineData("chinese")]
    public void The_series_has_300_KB_of_each_language_and_a_page_held_out(string language)
    {
        var corpus = Corpus.Load(language);
        var heldOut = Corpus.HeldOut(language);

        Assert.True(corpus.Bytes > 300_000, $"{corpus.Bytes} bytes");
        Assert.True(heldOut.Bytes > 9_000, $"{heldOut.Bytes} bytes");
        Assert.Empty(heldOut.Lines.Intersect(corpus.Lines));
    }

    [Fact]
    public void Taking_some_bytes_takes_whole_lines_from_the_start()
    {
        var corpus = Corpus.FromLines("x", ["aaaa", "bbbb", "cccc"]);

        Assert.Equal(["aaaa", "bbbb"], corpus.Take(10).Lines);
        Assert.Equal(["aaaa"], corpus.Take(9).Lines);
        Assert.Empty(corpus.Take(0).Lines);
    }
}
