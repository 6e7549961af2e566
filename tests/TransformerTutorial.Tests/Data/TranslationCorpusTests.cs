using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TransformerTutorial.Data;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Data;

public partial class TranslationCorpusTests
{
    private static readonly Lazy<TranslationCorpus> Whole = new(() => TranslationCorpus.Generate());

    private static TranslationCorpus Corpus => Whole.Value;

    private static IReadOnlyList<SentencePair>[] Sets => [Corpus.Training, Corpus.Validation, Corpus.HeldOutCombinations, Corpus.HeldOutStructures];

    private static IEnumerable<SentencePair> Measured => Sets[1..].SelectMany(set => set);

    [Fact]
    public void The_sets_have_their_sizes()
    {
        Assert.Equal([24_000, 800, 1_000, 1_000], Sets.Select(set => set.Count));
        Assert.Equal(6_000, TranslationCorpus.Generate(seed: 1, trainingPairs: 6_000).Training.Count);
        Assert.Equal(0, Corpus.Skipped);
    }

    [Theory]
    [InlineData(4_999)]
    [InlineData(100_001)]
    public void Too_few_or_too_many_pairs_are_refused(int pairs) => Assert.Throws<ArgumentOutOfRangeException>(() => TranslationCorpus.Generate(1, pairs));

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_every_machine()
    {
        Assert.Equal("57AAF6C0E6C54427", Hash(Corpus.Training));
        Assert.Equal("30A935AACB626017", Hash(Measured));
        Assert.NotEqual(Hash(Corpus.Training), Hash(TranslationCorpus.Generate(seed: 2).Training));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_Chinese_sentence_has_two_translations(int seed)
    {
        var corpus = seed == 1 ? Corpus : TranslationCorpus.Generate(seed);
        Assert.Empty(corpus.Ambiguous);
        var pairs = corpus.Training.Concat(corpus.Validation).Concat(corpus.HeldOutCombinations).Concat(corpus.HeldOutStructures).ToList();
        Assert.Equal(pairs.Count, pairs.Select(pair => pair.Chinese).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void No_sentence_of_either_language_is_in_two_sets()
    {
        for (var one = 0; one < Sets.Length; one++)
        {
            for (var other = one + 1; other < Sets.Length; other++)
            {
                Assert.Empty(Sets[one].Select(pair => pair.Chinese).Intersect(Sets[other].Select(pair => pair.Chinese), StringComparer.Ordinal));
                Assert.Empty(Sets[one].Select(pair => pair.English).Intersect(Sets[other].Select(pair => pair.English), StringComparer.OrdinalIgnoreCase));
            }
        }
    }

    [Fact]
    public void Every_word_and_every_character_to_measure_on_stands_in_at_least_five_training_sentences()
    {
        var english = Count(Corpus.Training.SelectMany(pair => EnglishWords(pair).Distinct(StringComparer.Ordinal)));
        var chinese = Count(Corpus.Training.SelectMany(pair => pair.Chinese.Distinct()).Select(character => character.ToString()));
        Assert.All(Measured.SelectMany(EnglishWords).Distinct(StringComparer.Ordinal), word => Assert.True(english.GetValueOrDefault(word) >= 5, word));
        Assert.All(Measured.SelectMany(pair => pair.Chinese).Distinct(), character => Assert.True(chinese.GetValueOrDefault(character.ToString()) >= 5, character.ToString()));
    }

    [Fact]
    public void Each_held_out_combination_holds_two_words_that_no_training_sentence_holds_together()
    {
        var together = Corpus.Training.SelectMany(Couples).ToHashSet();
        Assert.All(Corpus.HeldOutCombinations.Concat(Corpus.Validation).Where(pair => Corpus.Words[pair].Count > 1), pair => Assert.Contains(Couples(pair), couple => !together.Contains(couple)));
    }

    [Fact]
    public void What_is_withheld_for_the_test_is_not_used_to_choose_by()
    {
        var together = Corpus.Training.SelectMany(Couples).ToHashSet();
        var structures = Corpus.HeldOutStructures.SelectMany(Couples).ToHashSet();
        var validation = Corpus.Validation.SelectMany(Couples).Where(couple => !together.Contains(couple)).ToHashSet();

        // A rare couple may by chance be in no training sentence; those that are withheld from it are in no sentence of a structure either.
        Assert.All(Corpus.HeldOutCombinations.Where(pair => Corpus.Words[pair].Count > 1), pair => Assert.Contains(Couples(pair), couple => !together.Contains(couple) && !validation.Contains(couple) && !structures.Contains(couple)));
    }

    [Fact]
    public void Held_out_structures_are_structures_of_no_other_set_and_those_of_combinations_are_trained_on()
    {
        var trained = Corpus.Training.Select(pair => pair.Structure).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(Corpus.HeldOutStructures, pair => trained.Contains(pair.Structure));
        Assert.All(Corpus.HeldOutCombinations.Concat(Corpus.Validation), pair => Assert.Contains(pair.Structure, trained));
        Assert.Equal(
            ["ba-not", "ba-question", "ba-relative", "because-ba", "compare-not", "compare-question", "intend-together-time", "know-experience", "relative-question", "who-past-place"],
            Corpus.HeldOutStructures.Select(pair => pair.Structure).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Corpus.HeldOutStructures.GroupBy(pair => pair.Structure), structure => Assert.InRange(structure.Count(), 50, 150));
    }

    [Theory]
    [InlineData("(?<![这那一两三四五六七八九十几])把.*吗？")] // 把 in a question
    [InlineData("没把")] // 把 denied
    [InlineData("不比")] // a comparison denied
    [InlineData("比(?!赛).*吗？")] // a comparison asked
    [InlineData("把.*的.*放")] // a clause before the noun that 把 marks
    [InlineData("谁.*在.*了")] // who, with time and place
    [InlineData("所以.*把")] // because, with 把
    [InlineData("(知道|听说).*过")] // knowing of an experience
    public void Training_never_has_a_held_out_construction(string pattern)
    {
        static string Plain(string chinese) => chinese.Replace("对不起", "", StringComparison.Ordinal);
        var construction = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Contains(Corpus.HeldOutStructures, pair => construction.IsMatch(pair.Chinese));
        Assert.DoesNotContain(Corpus.Training, pair => !MyOwnThings().IsMatch(pair.Chinese) && construction.IsMatch(Plain(pair.Chinese)));
    }

    [Fact]
    public void The_greeting_alone_is_never_trained_on_but_in_company_it_is()
    {
        Assert.Contains(new SentencePair("好久不见。", "Long time no see.", "greeting-alone"), Corpus.HeldOutCombinations);
        Assert.DoesNotContain(Corpus.Training.Concat(Corpus.Validation), pair => pair.Chinese.TrimEnd('。') == "好久不见" || pair.English.TrimEnd('.').Equals("long time no see", StringComparison.OrdinalIgnoreCase));
        Assert.InRange(Corpus.Training.Count(pair => pair.Chinese.Contains("好久不见", StringComparison.Ordinal)), 50, 300);
        Assert.InRange(Corpus.Training.Count(pair => pair.Structure == "greeting-alone"), 20, 100);
    }

    [Fact]
    public void Sentences_look_as_sentences_of_their_language_do()
    {
        Assert.All(Sets.SelectMany(set => set), pair =>
        {
            Assert.Matches(ChineseForm(), pair.Chinese);
            Assert.Matches(EnglishForm(), pair.English);
        });
    }

    [Fact]
    public void English_sentences_have_three_to_fourteen_words_as_a_rule()
    {
        var lengths = Corpus.Training.Select(pair => pair.English.Split(' ').Length).ToList();
        Assert.InRange(lengths.Count(length => length is >= 3 and <= 14), 24_000 * 99 / 100, 24_000);
        Assert.All(lengths, length => Assert.InRange(length, 1, 20));
    }

    [Theory]
    [InlineData(@"(^|that |but |if |because )(he|she|it) (are|am|have|do|were|go|come|want|like|need|know|plan|hope)\b")]
    [InlineData(@"\b(we|they|you) (is|am|has|does|was|goes|wants|likes|needs|knows|plans|hopes)\b")]
    [InlineData(@"\bI (is|are|has|does|were|goes|wants|likes|needs|knows|plans|hopes)\b")]
    [InlineData(@"\ba ([aeio]|u(?!se))")]
    [InlineData(@"\ban [^aeiouh]")]
    [InlineData(@"\b(two|three|four|five|six|seven|eight|nine|ten|many|several) (child|man|sheeps|childs|knifes|shelfs|matchs|boxs|watchs|peachs|sandwichs|storys|dictionarys|potatos|tomatos|person)\b")]
    [InlineData(@"\b(buyed|eated|drinked|readed|writed|maked|singed|drawed|sended|losed|finded|seed|swimmed|runned|goed|weared|sleeped|breaked|taked|teached|swimed|planed to|stoped)\b")]
    [InlineData(@"\b(more (tall|old|new|big|small|cheap|young|kind|busy|happy|long|short|heavy|light|clever|hot|cold|warm|cool|dry)|expensiver|beautifuller|interestinger|usefuler)\b")]
    [InlineData(@"\b(did|does|do|will|can|cannot|should|must|to) (not )?(went|bought|ate|drank|wrote|saw|goes|buys|eats|drinks|reads|washes)\b")]
    [InlineData(@"\b(\w+) \1\b(?<!that that)")]
    public void English_has_none_of_the_usual_faults(string fault)
    {
        var pattern = new Regex(fault, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(Sets.SelectMany(set => set), pair => pattern.IsMatch(pair.English));
    }

    [Theory]
    [InlineData("书", "本")]
    [InlineData("椅子", "把")]
    [InlineData("雨伞", "把")]
    [InlineData("狗", "只")]
    [InlineData("马", "匹")]
    [InlineData("信", "封")]
    [InlineData("大衣", "件")]
    [InlineData("裙子", "条")]
    [InlineData("帽子", "顶")]
    [InlineData("自行车", "辆")]
    [InlineData("照片", "张")]
    [InlineData("鞋", "双")]
    [InlineData("牛奶", "杯")]
    [InlineData("电脑", "台")]
    public void Chinese_counts_things_with_their_measure_words(string thing, string measure)
    {
        var counted = new Regex($"(?<!期)[两三四五六七八九这那](?<measure>[^天点月号])({"[^，。？]{1,4}的|[新旧大小长短好高]"})?{thing}(?![桌包店])", RegexOptions.None, TimeSpan.FromSeconds(1));
        var found = Sets.SelectMany(set => set).Select(pair => counted.Match(pair.Chinese)).Where(match => match.Success && match.Groups[1].Value.Length == 0).ToList();
        Assert.True(found.Count > 3, $"{found.Count} of {thing}");
        Assert.All(found, match => Assert.Equal(measure, match.Groups["measure"].Value));
    }

    [Fact]
    public void The_lexicon_has_five_to_six_hundred_words_a_side()
    {
        var words = TranslationLexicon.Load(Repository.PathOf("data", "translation", "words.txt")).Tables.Values.SelectMany(table => table.Words).ToList();
        Assert.InRange(words.Select(word => word.English[0]).Distinct().Count(), 500, 650);
        Assert.InRange(words.Select(word => word.Chinese[0]).Distinct().Count(), 500, 650);
    }

    private static IEnumerable<string> EnglishWords(SentencePair pair) => WordPattern().Matches(pair.English).Select(match => match.Value.ToUpperInvariant());

    private static IEnumerable<(string, string)> Couples(SentencePair pair)
    {
        var words = Corpus.Words[pair].Select(word => word.Identity).Order(StringComparer.Ordinal).ToList();
        return words.SelectMany((word, place) => words.Skip(place + 1).Select(other => (word, other)));
    }

    private static Dictionary<string, int> Count(IEnumerable<string> words) => words.GroupBy(word => word, StringComparer.Ordinal).ToDictionary(word => word.Key, word => word.Count(), StringComparer.Ordinal);

    private static string Hash(IEnumerable<SentencePair> pairs) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', pairs.Select(pair => $"{pair.Structure}\t{pair.Chinese}\t{pair.English}")))))[..16];

    [GeneratedRegex(@"[A-Za-z'-]+")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"^[\u4E00-\u9FFF，：]+[。？]$")]
    private static partial Regex ChineseForm();

    [GeneratedRegex(@"^[A-Z][A-Za-z']*([,:]? [A-Za-z'-]+)*[.?]$")]
    private static partial Regex EnglishForm();

    // 把我的书放在桌子上: 的 of an owner, not of a clause.
    [GeneratedRegex("把(我|你|他|她|我们|他们|小[^，。]|王老师|张老师|李先生|陈女士|赵医生|安娜|汤姆|玛丽|彼得|莉莉|大卫)的")]
    private static partial Regex MyOwnThings();
}
