using System.Text;
using FsCheck.Fluent;
using TransformerTutorial.Data;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Data;

public sealed class TatoebaFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("tatoeba-tests-").FullName, "pairs.tsv");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Pairs_are_read_and_divided()
    {
        Write(Lines(100));
        var corpus = TatoebaFile.Load(_path, heldOut: 20, validation: 10);

        Assert.Equal((70, 10, 20, 0, 0), (corpus.Training.Count, corpus.Validation.Count, corpus.HeldOutCombinations.Count, corpus.HeldOutStructures.Count, corpus.Skipped));
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => new SentencePair($"句子{i}。", $"Sentence {i}.", "file")).OrderBy(pair => pair.Chinese, StringComparer.Ordinal),
            All(corpus).OrderBy(pair => pair.Chinese, StringComparer.Ordinal));
    }

    [Fact]
    public void The_seed_says_which_pairs_are_held_out()
    {
        Write(Lines(100));
        Assert.Equal(TatoebaFile.Load(_path, 20, 10, seed: 5).HeldOutCombinations, TatoebaFile.Load(_path, 20, 10, seed: 5).HeldOutCombinations);
        Assert.NotEqual(TatoebaFile.Load(_path, 20, 10, seed: 5).HeldOutCombinations, TatoebaFile.Load(_path, 20, 10, seed: 6).HeldOutCombinations);
    }

    [Fact]
    public void Further_columns_blank_lines_carriage_returns_and_repeated_pairs_are_left_out()
    {
        File.WriteAllBytes(_path, [.. Encoding.UTF8.Preamble, .. "Hi.\t嗨。\tCC-BY 2.0 #1\r\n\r\n  Run. \t 跑！\t\r\nHi.\t嗨。\n\t \nStop.\t停。"u8]);
        Assert.Equal([("Hi.", "嗨。"), ("Run.", "跑！"), ("Stop.", "停。")], All(TatoebaFile.Load(_path, 0, 0, seed: 1)).Select(pair => (pair.English, pair.Chinese)).Order());
    }

    [Fact]
    public void No_sentence_of_either_language_is_on_two_sides()
    {
        // Few different sentences on each side, so that many pairs share one; the check compares sentences, not groups.
        var pair = Gen.Choose(0, 119).SelectMany(english => Gen.Choose(0, 119).Select(chinese => (english, chinese)));
        PropertyCheck.ForAll(
            pair.ArrayOf(60),
            pairs =>
            {
                Write(string.Concat(pairs.Select(one => $"E{one.english}.\t中{one.chinese}。\n")));
                TranslationCorpus corpus;
                try
                {
                    corpus = TatoebaFile.Load(_path, heldOut: 6, validation: 3);
                }
                catch (InvalidDataException)
                {
                    return;
                }

                Assert.Equal(pairs.Distinct().Count(), All(corpus).Count());
                var sets = new[] { corpus.Training, corpus.Validation, corpus.HeldOutCombinations };
                foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
                {
                    Assert.Empty(sets[one].Select(side => side.English).Intersect(sets[other].Select(side => side.English)));
                    Assert.Empty(sets[one].Select(side => side.Chinese).Intersect(sets[other].Select(side => side.Chinese)));
                }
            },
            cases: 30);
    }

    [Theory]
    [InlineData("Hi.\t嗨。\nHello.\n", "line 2: it has no tab between an English sentence and a Chinese one.")]
    [InlineData("Hi.\t嗨。\n\n \t你好。\n", "line 3: the English column is empty.")]
    [InlineData("Hello.\t \tCC-BY\n", "line 1: the Chinese column is empty.")]
    public void A_malformed_line_is_named(string text, string message)
    {
        Write(text);
        Assert.Equal($"{_path}, {message}", Assert.Throws<InvalidDataException>(() => TatoebaFile.Load(_path, 0, 0)).Message);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named_with_their_line()
    {
        File.WriteAllBytes(_path, [.. "Hi.\t嗨。\nHello.\t"u8, 0xE4, 0xBD, (byte)'\n']);
        Assert.Equal($"{_path}, line 2: it is not valid UTF-8.", Assert.Throws<InvalidDataException>(() => TatoebaFile.Load(_path, 0, 0)).Message);
    }

    [Fact]
    public void Malformed_lines_are_left_out_and_counted_where_that_is_asked_for()
    {
        File.WriteAllBytes(_path, [.. "Hi.\t嗨。\nHello.\n\t停。\n"u8, 0xFF, (byte)'\t', 0xFF, .. "\nRun.\t跑。\n"u8]);
        var corpus = TatoebaFile.Load(_path, 0, 0, skipMalformed: true);
        Assert.Equal((2, 3), (corpus.Training.Count, corpus.Skipped));
    }

    [Fact]
    public void A_file_with_too_few_pairs_is_refused()
    {
        Write(Lines(30));
        Assert.Contains("it has 30 different pairs; 20 to measure on and 10 to choose by leave none to train on", Assert.Throws<InvalidDataException>(() => TatoebaFile.Load(_path, 20, 10)).Message, StringComparison.Ordinal);
        Write("");
        Assert.Throws<InvalidDataException>(() => TatoebaFile.Load(_path, 0, 0));
        Write(string.Concat(Enumerable.Range(0, 30).Select(i => $"The same.\t句子{i}。\n")));
        Assert.Contains("share a sentence", Assert.Throws<InvalidDataException>(() => TatoebaFile.Load(_path, 2, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Equal(_path, Assert.Throws<FileNotFoundException>(() => TatoebaFile.Load(_path)).FileName);

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"Sentence {i}.\t句子{i}。\tnote\n"));

    private static IEnumerable<SentencePair> All(TranslationCorpus corpus) => corpus.Training.Concat(corpus.Validation).Concat(corpus.HeldOutCombinations);

    private void Write(string text) => File.WriteAllText(_path, text, new UTF8Encoding(false));
}
