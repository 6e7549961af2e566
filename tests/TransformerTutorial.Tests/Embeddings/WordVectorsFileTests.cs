using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>word2vec's two file formats: gensim's files, the C tool's, and files that are neither.</summary>
public sealed class WordVectorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("word-vectors-").FullName;

    private string File1 => Path.Combine(_folder, "vectors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("layout")]
    [InlineData("table")]
    public void Files_are_read_and_written_as_gensim_does(string name)
    {
        var (text, binary) = (GensimQueries.PathOf(name + ".txt"), GensimQueries.PathOf(name + ".bin"));
        foreach (var vectors in new[] { WordVectors.LoadText(text), WordVectors.LoadBinary(binary) })
        {
            Assert.Equal((60, 12), (vectors.Count, vectors.Dimensions));
            Assert.Equal(["king", "queen", "man", "woman", "Paris", "France", "東京", "日本", "naïve", "Ωmega", "😀", "it's", "atomic_energy", "</s>"], vectors.Words.Take(14));
            vectors.SaveText(File1);
            Assert.Equal(File.ReadAllBytes(text), File.ReadAllBytes(File1));
            vectors.SaveBinary(File1);
            Assert.Equal(File.ReadAllBytes(binary), File.ReadAllBytes(File1));
        }
    }

    [Fact]
    public void Numbers_look_as_NumPy_writes_them()
    {
        Assert.All(GensimQueries.Rows("floats"), row => Assert.Equal(row[1].GetString(), WordVectorsTextFile.Number(BitConverter.UInt32BitsToSingle(row[0].GetUInt32()))));
    }

    [Fact]
    public void Files_of_word2vecs_own_tool_are_read()
    {
        // It writes a space before each line's end, six decimals, and a line end behind every binary vector.
        Write("2 3\n</s> 0.100000 -2.000000 3.500000 \ncat 1.000000 0.000000 -0.250000 \n");
        AssertVectors(WordVectors.LoadText(File1), ("</s>", [0.1f, -2, 3.5f]), ("cat", [1, 0, -0.25f]));
        File.WriteAllBytes(File1, [.. "2 3\n</s> "u8, .. Bytes(0.1f, -2, 3.5f), .. "\ncat "u8, .. Bytes(1, 0, -0.25f), .. "\n"u8]);
        AssertVectors(WordVectors.LoadBinary(File1), ("</s>", [0.1f, -2, 3.5f]), ("cat", [1, 0, -0.25f]));
    }

    [Fact]
    public void Bytes_of_a_vector_may_look_like_spaces_and_line_ends()
    {
        var odd = BitConverter.UInt32BitsToSingle(0x0A200A20);
        File.WriteAllBytes(File1, [.. "2 2\na "u8, .. Bytes(odd, odd), .. "b "u8, .. Bytes(odd, 1)]);
        AssertVectors(WordVectors.LoadBinary(File1), ("a", [odd, odd]), ("b", [odd, 1]));
    }

    [Fact]
    public void Windows_line_ends_and_a_missing_last_one_are_fine()
    {
        Write("2 2\r\na 1 2\r\nb 3 -4e-1");
        AssertVectors(WordVectors.LoadText(File1), ("a", [1, 2]), ("b", [3, -0.4f]));
        Write("1 1\nword 1\n\n \n");
        AssertVectors(WordVectors.LoadText(File1), ("word", [1]));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var words = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => string.Concat(text.Get.EnumerateRunes()
            .Where(rune => rune.Value is not (' ' or '\t' or '\n' or '\v' or '\f' or '\r')).Select(rune => rune.ToString()))).Where(word => word.Length > 0);
        var numbers = Gen.Choose(int.MinValue, int.MaxValue).Select(bits => BitConverter.Int32BitsToSingle(bits)).Where(float.IsFinite);
        var tables = from list in words.NonEmptyListOf()
                     from dimensions in Gen.Choose(1, 40)
                     let distinct = list.Distinct(StringComparer.Ordinal).ToArray()
                     from values in numbers.ArrayOf(distinct.Length * dimensions)
                     select new WordVectors(distinct, values, dimensions);
        PropertyCheck.ForAll(tables, table =>
        {
            table.SaveText(File1);
            AssertEqual(table, WordVectors.LoadText(File1));
            table.SaveBinary(File1);
            AssertEqual(table, WordVectors.LoadBinary(File1));
        });
    }

    [Fact]
    public void Files_longer_than_what_is_read_at_once_are_read_whole()
    {
        // Rows of a few hundred to 400,000 bytes, where blocks of 65,536 are read.
        var random = TestSeed.Random();
        var words = Enumerable.Range(0, 400).Select(i => $"{i}{new string('w', i % 50 == 7 ? 60_000 : i)}").ToArray();
        var table = new WordVectors(words, [.. Enumerable.Range(0, 400 * 30).Select(_ => (float)random.NextDouble())], 30);
        table.SaveText(File1);
        Assert.True(new FileInfo(File1).Length > 10 * 65_536);
        AssertEqual(table, WordVectors.LoadText(File1));
        table.SaveBinary(File1);
        AssertEqual(table, WordVectors.LoadBinary(File1));
        var wide = new WordVectors(["a", "b"], [.. Enumerable.Range(0, 2 * 20_000).Select(_ => (float)random.NextDouble())], 20_000);
        wide.SaveText(File1);
        AssertEqual(wide, WordVectors.LoadText(File1));
    }

    [Theory]
    [InlineData("", "first line")]
    [InlineData("cat 1 2\n", "first line")]
    [InlineData("2\ncat 1 2\n", "first line")]
    [InlineData("2 2 2\ncat 1 2\n", "first line")]
    [InlineData("0 2\n", "first line")]
    [InlineData("1 0\ncat\n", "first line")]
    [InlineData("-1 2\ncat 1 2\n", "first line")]
    [InlineData("99999999999999999999 2\ncat 1 2\n", "first line")]
    [InlineData("9223372036854775807 2147483647\ncat 1 2\n", "announces 9223372036854775807 words")]
    [InlineData("500000000 300\ncat 1 2\n", "take at least 301000000000 bytes; 9 follow")]
    [InlineData("2 2\ncat 1.5 2.5000\n", "ends after 1 of the 2 words")]
    [InlineData("1 2\ncat 1 2\ndog 3 4\n", "more lines than the 1 words")]
    [InlineData("1 2\ncat 1 2 3\n", "line 2 ('cat') has 3 numbers; the first line announces 2")]
    [InlineData("2 2\ncat 11 22\nnew york 1 2\n", "line 3 ('new'): number 1 is 'york'")]
    [InlineData("2 2\ncat 11 22\ndog 1000000000\n", "line 3 ('dog') has 1 numbers")]
    [InlineData("2 2\ncat 1  2\ndog 1 2\n", "line 2 ('cat'): number 2 is ''")]
    [InlineData("2 2\ncat 1,5 2\ndog 1 2\n", "line 2 ('cat'): number 1 is '1,5'")]
    [InlineData("2 2\n 1 2\ndog 111 2\n", "line 2: there is no word")]
    [InlineData("2 2\ncat 1 2\ncat 3 4\n", "'cat' in line 3 stands in line 2 already")]
    [InlineData("2 2\ncat 1 2\ndog NaN 4\n", "number 1 of the vector of 'dog' (line 3) is NaN")]
    [InlineData("2 2\ncat 1 -1e39\ndog 1 4\n", "number 2 of the vector of 'cat' (line 2) is -Infinity")]
    public void Text_files_that_are_none_are_refused(string text, string part)
    {
        Write(text);
        AssertRefused(WordVectors.LoadText, part);
    }

    [Theory]
    [InlineData("2 1\ncat ....dog ...", "ends within the vector of 'dog'")]
    [InlineData("2 1\ncat ....longword", "ends within a word")]
    [InlineData("2 1\ncat ....", "take at least 12 bytes; 8 follow")]
    [InlineData("500000000 300\ncat ....", "announces 500000000 words")]
    [InlineData("1 1\ncat ....dog ....", "8 bytes follow the 1 words")]
    [InlineData("1 1\ncat ....\n\n", "2 bytes follow the 1 words")]
    [InlineData("2 1\ncat ....\n\ndog ....", "row 2 at byte 13: a word has a line end in it")]
    [InlineData("2 1\nc\nt ....dog ....", "row 1 at byte 5: a word has a line end in it")]
    [InlineData("2 1\ncat .... ....more", "row 2 at byte 13: there is no word")]
    [InlineData("2 1\ncat ....cat ....", "'cat' in row 2 stands in row 1 already")]
    [InlineData("", "first line")]
    public void Binary_files_that_are_none_are_refused(string text, string part)
    {
        Write(text);
        AssertRefused(WordVectors.LoadBinary, part);
    }

    [Fact]
    public void Words_that_are_not_UTF8_are_refused()
    {
        File.WriteAllBytes(File1, [.. "2 1\ncat 1\nd"u8, 0xFF, .. "g 2\n"u8]);
        AssertRefused(WordVectors.LoadText, "line 3: the word is not valid UTF-8 at its byte 2");
        File.WriteAllBytes(File1, [.. "2 1\ncat "u8, .. Bytes(1), .. "d"u8, 0xED, 0xA0, 0x80, .. " "u8, .. Bytes(2)]);
        AssertRefused(WordVectors.LoadBinary, "row 2 at byte 13: the word is not valid UTF-8 at its byte 2");
    }

    [Fact]
    public void Lines_and_words_without_an_end_are_refused()
    {
        Write("2 2\ncat " + new string('1', 200_000));
        AssertRefused(WordVectors.LoadText, "line 2 is longer than");
        Write("2 2\n" + new string('w', 200_000));
        AssertRefused(WordVectors.LoadBinary, "no space ends the word");
        Write(new string('1', 200_000));
        AssertRefused(WordVectors.LoadText, "first line");
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        var whole = new WordVectors(["one", "two", "three"], [1.5f, 2.5f, 3.5f, 4.5f, 5.5f, 6.5f], 2);
        foreach (var (save, load) in new (Action<string>, Func<string, WordVectors>)[] { (whole.SaveText, WordVectors.LoadText), (whole.SaveBinary, WordVectors.LoadBinary) })
        {
            save(File1);
            var bytes = File.ReadAllBytes(File1);

            // The text's last number may lose its end: 6.5 becomes 6, which nobody can notice.
            for (var length = 0; length < bytes.Length - (bytes[^1] == '\n' ? 4 : 0); length++)
            {
                File.WriteAllBytes(File1, bytes[..length]);
                Assert.Throws<InvalidDataException>(() => load(File1));
            }
        }
    }

    [Theory]
    [InlineData("new york", "white space")]
    [InlineData("line\nend", "white space")]
    [InlineData("tab\t", "white space")]
    [InlineData("\r", "white space")]
    [InlineData("", "empty")]
    [InlineData("half a pair", "surrogate")]
    public void Words_that_could_not_be_read_back_are_not_written(string word, string part)
    {
        // A half of a surrogate pair does not survive as a test's argument.
        word = word == "half a pair" ? "\ud83d" : word;
        Write("the old file");
        var vectors = new WordVectors(["good", word], [1, 2], 1);
        foreach (var save in new Action<string>[] { vectors.SaveText, vectors.SaveBinary })
        {
            var error = Assert.Throws<ArgumentException>(() => save(File1));
            Assert.Contains("row 1", error.Message, StringComparison.Ordinal);
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("the old file", File.ReadAllText(File1));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(File1, Assert.Throws<FileNotFoundException>(() => WordVectors.LoadText(File1)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_culture_does_not_matter()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            new WordVectors(["a"], [-1.5f, 1e-9f], 2).SaveText(File1);
            Assert.Equal("1 2\na -1.5 1e-09\n", File.ReadAllText(File1));
            AssertVectors(WordVectors.LoadText(File1), ("a", [-1.5f, 1e-9f]));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private void Write(string text) => File.WriteAllText(File1, text, new UTF8Encoding(false));

    private void AssertRefused(Func<string, WordVectors> load, string part)
    {
        var error = Assert.Throws<InvalidDataException>(() => load(File1));
        Assert.StartsWith(File1, error.Message, StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static void AssertVectors(WordVectors vectors, params (string Word, float[] Vector)[] rows)
    {
        Assert.Equal(rows.Select(row => row.Word), vectors.Words);
        Assert.All(rows, row => Assert.Equal(row.Vector, vectors[row.Word]));
    }

    private static void AssertEqual(WordVectors expected, WordVectors actual)
    {
        Assert.Equal(expected.Words, actual.Words);
        Assert.All(expected.Words, word => Assert.Equal(expected[word].Select(BitConverter.SingleToInt32Bits), actual[word].Select(BitConverter.SingleToInt32Bits)));
    }
}
