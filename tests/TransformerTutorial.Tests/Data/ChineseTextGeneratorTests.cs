using System.Text.RegularExpressions;
using TransformerTutorial.Data;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Data;

public partial class ChineseTextGeneratorTests
{
    private static readonly string LexiconFolder = DataFolder.PathOf("chinese", "lexicon");

    [Fact]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        Assert.Equal(Text(seed: 1, bytes: 20_000), Text(seed: 1, bytes: 20_000));
        Assert.NotEqual(Text(seed: 1, bytes: 20_000), Text(seed: 2, bytes: 20_000));
    }

    [Fact]
    public void A_shorter_text_is_the_beginning_of_a_longer_one() =>
        Assert.StartsWith(Text(seed: 5, bytes: 5_000), Text(seed: 5, bytes: 20_000), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void It_ends_with_the_paragraph_that_reaches_the_size(int bytes)
    {
        var text = Text(seed: 3, bytes);
        var length = System.Text.Encoding.UTF8.GetByteCount(text);
        Assert.InRange(length, bytes, bytes + 4_000);
        Assert.True(bytes == 0 ? text.Length == 0 : text.EndsWith('\n'));
    }

    [Fact]
    public void Lines_are_whole_sentences_with_their_marks_in_order()
    {
        TestSeed.ForEachCase(3, (_, random) =>
        {
            foreach (var line in Text(random.Next(), bytes: 200_000).TrimEnd('\n').Split('\n'))
            {
                Assert.DoesNotMatch(DisorderedMarks(), line);
                Assert.Equal(line.Count(c => c == '“'), line.Count(c => c == '”'));
                Assert.DoesNotContain(line, c => c is '{' or '}' or '<' or '>' or '|');
            }
        });
    }

    [Fact]
    public void No_sentence_is_written_twice()
    {
        TestSeed.ForEachCase(1, (_, random) =>
        {
            var sentences = Text(random.Next(), bytes: 300_000).Split('\n').SelectMany(ChineseTextGenerator.Sentences).ToList();
            Assert.Equal(sentences.Count, sentences.Distinct().Count());
        });
    }

    [Fact]
    public void Every_rule_is_used_by_another()
    {
        var lexicon = ChineseLexicon.Load(LexiconFolder);
        var named = lexicon.Rules.Values.SelectMany(alternatives => alternatives).SelectMany(a => Reference().Matches(a)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.DoesNotContain(lexicon.Rules.Keys, rule => rule is not ("段" or "称谓") && !named.Contains(rule));
    }

    [Fact]
    public void There_are_hundreds_of_sentence_shapes_and_thousands_of_content_words()
    {
        var lexicon = ChineseLexicon.Load(LexiconFolder);
        var shapes = lexicon.Rules.Values.SelectMany(alternatives => alternatives).Count(a => a.EndsWith('。') || a.EndsWith('？') || a.EndsWith('！') || a.EndsWith('”'));
        var words = lexicon.Words.Where(c => c.Key is not ("姓" or "男名" or "女名")).SelectMany(c => c.Value.Words)
            .Concat(lexicon.Topics.SelectMany(topic => topic.Words.Values.SelectMany(c => c.Words)))
            .Concat(lexicon.Topics.SelectMany(topic => topic.Things).SelectMany(thing => thing.Qualities.Append(thing.Name).Concat(thing.Actions.Select(a => a.Verb)))).Distinct().Count();
        Assert.True(shapes >= 400, $"{shapes} shapes");
        Assert.True(words >= 2_000, $"{words} words");
    }

    [Theory]
    [InlineData(0, "零")]
    [InlineData(2, "两")]
    [InlineData(10, "十")]
    [InlineData(12, "十二")]
    [InlineData(20, "二十")]
    [InlineData(101, "一百零一")]
    [InlineData(110, "一百一十")]
    [InlineData(222, "二百二十二")]
    [InlineData(1_010, "一千零一十")]
    [InlineData(2_500, "两千五百")]
    [InlineData(12_000, "一万两千")]
    [InlineData(20_300, "两万零三百")]
    [InlineData(360_000, "三十六万")]
    public void Numbers_read_as_people_say_them(int number, string expected) => Assert.Equal(expected, ChineseParagraph.Numeral(number, counting: true));

    [Fact]
    public void Two_is_liang_only_where_it_counts() => Assert.Equal("二", ChineseParagraph.Numeral(2, counting: false));

    [Theory]
    [InlineData("topics.txt", "## 地方\n物 白菜 | 棵 | 洗/干净\n", "topics.txt, line 2: a thing has six fields between '|', this one 3.")]
    [InlineData("topics.txt", "## 地方\n物 白菜 | 棵 | 洗净 | 新鲜 大 | 冻/坏 | -\n", "topics.txt, line 2: '洗净' is not verb/result.")]
    [InlineData("topics.txt", "## 地方\n物 白菜 | 棵 | 洗/净 | 新鲜 大 | 冻/坏 | 斤 4\n", "topics.txt, line 2: '斤 4' is not 'unit lowest-highest'.")]
    [InlineData("topics.txt", "## 地方\n东西 白菜\n", "topics.txt, line 2: '东西' is none of 物, 地, 人, 活动, 杂物.")]
    [InlineData("words.txt", "红 绿\n", "words.txt, line 1: a line before the first '~ '.")]
    [InlineData("grammar.txt", "= 段\n好。\n= 段\n", "grammar.txt, line 3: '= 段' is there twice.")]
    public void A_malformed_lexicon_is_one_error_with_file_and_line(string file, string content, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("lexicon");
        try
        {
            foreach (var name in new[] { "grammar.txt", "words.txt", "topics.txt" })
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), name == file ? content : "");
            }

            var error = Assert.Throws<InvalidDataException>(() => ChineseLexicon.Load(folder.FullName));
            Assert.EndsWith(expected, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Text(int seed, int bytes)
    {
        var writer = new StringWriter();
        ChineseTextGenerator.Generate(seed, bytes, writer);
        return writer.ToString();
    }

    [GeneratedRegex("[，、：；][，。、：；？！]|[。？！][，。、：；？！]|“[，。、：；？！”]|[：、]”|的的|了了|。”。")]
    private static partial Regex DisorderedMarks();

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Reference();
}
