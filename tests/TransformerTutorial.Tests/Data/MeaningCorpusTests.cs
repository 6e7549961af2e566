using System.Security.Cryptography;
using System.Text;
using TransformerTutorial.Data;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Data;

public class MeaningCorpusTests
{
    private const int Sentences = 40_000;

    private static readonly Lazy<MeaningCorpus> Whole = new(() => MeaningCorpus.Generate(Sentences, seed: 1));
    private static readonly Lazy<MeaningLexicon> Lexicon = new(() => MeaningLexicon.Load(Repository.PathOf("data", "meaning")));

    private static MeaningCorpus Corpus => Whole.Value;

    [Fact]
    public void The_sides_have_a_line_for_each_other()
    {
        Assert.Equal(Sentences, Corpus.English.Count);
        Assert.Equal(Sentences, Corpus.Chinese.Count);
        Assert.DoesNotContain(Corpus.English.Concat(Corpus.Chinese).SelectMany(line => line), word => word.Length == 0 || word.Any(char.IsWhiteSpace));
    }

    [Fact]
    public void A_sentence_has_three_to_twenty_words_and_five_to_twelve_as_a_rule()
    {
        Assert.All(Corpus.English, line => Assert.InRange(line.Count, 3, 20));
        Assert.All(Corpus.Chinese, line => Assert.InRange(line.Count, 3, 20));
        Assert.InRange(Corpus.English.Count(line => line.Count is >= 5 and <= 12), Sentences * 8 / 10, Sentences);
    }

    [Fact]
    public void No_sentence_comes_twice() =>
        Assert.Equal(Sentences, Corpus.English.Select(line => string.Join(' ', line)).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void The_same_seed_gives_the_same_bytes_on_every_machine()
    {
        Assert.Equal("CE9237C7D4FEC07E", Hash(MeaningCorpus.Generate(2_000, seed: 1).English));
        Assert.Equal("90E446D115CA7F34", Hash(MeaningCorpus.Generate(2_000, seed: 1).Chinese));
        Assert.NotEqual(Hash(MeaningCorpus.Generate(2_000, seed: 1).English), Hash(MeaningCorpus.Generate(2_000, seed: 2).English));
    }

    [Fact]
    public void A_shorter_corpus_is_the_beginning_of_a_longer_one() =>
        Assert.Equal(Hash(Corpus.English.Take(1_000)), Hash(MeaningCorpus.Generate(1_000, seed: 1).English));

    [Fact]
    public void Every_word_is_of_a_table_of_a_sentence_shape_or_of_a_phrase()
    {
        var shapes = Lexicon.Value.Sections.Append(Lexicon.Value.Frames).SelectMany(section => section.Templates).ToList();
        var words = Lexicon.Value.Tables.SelectMany(table => table.Rows).SelectMany(row => row).OfType<MeaningWord>().ToList();
        var english = Known(shapes.SelectMany(shape => shape.English), Lexicon.Value.Phrases.Values.SelectMany(list => list).SelectMany(phrase => phrase.English), words.SelectMany(word => word.English));
        var chinese = Known(shapes.SelectMany(shape => shape.Chinese), Lexicon.Value.Phrases.Values.SelectMany(list => list).SelectMany(phrase => phrase.Chinese), words.SelectMany(word => word.Chinese));
        english.Add("an");

        Assert.DoesNotContain(Corpus.English.SelectMany(line => line), word => !english.Contains(word));
        Assert.DoesNotContain(Corpus.Chinese.SelectMany(line => line), word => !chinese.Contains(word));
        Assert.DoesNotContain("-", Corpus.English.Concat(Corpus.Chinese).SelectMany(line => line));

        static HashSet<string> Known(IEnumerable<MeaningSlot> slots, IEnumerable<string> phrases, IEnumerable<string> words) =>
            slots.Select(slot => slot.Text).OfType<string>().Concat(phrases).Concat(words).ToHashSet(StringComparer.Ordinal);
    }

    [Fact]
    public void A_word_and_its_translation_stand_in_the_same_lines_and_in_no_others()
    {
        var english = LinesOf(Corpus.English);
        var chinese = LinesOf(Corpus.Chinese);
        foreach (var pair in Corpus.Dictionary)
        {
            var forms = Lexicon.Value.FindEnglish(pair.English)!.English.Where(form => Lexicon.Value.FindEnglish(form) is not null);
            var inEnglish = forms.SelectMany(form => english.GetValueOrDefault(form) ?? []).Distinct().Order().ToList();
            Assert.True(inEnglish.Count >= 20, $"'{pair.English}' stands in {inEnglish.Count} lines");
            Assert.Equal(inEnglish, chinese[pair.Chinese].Order());
        }
    }

    [Fact]
    public void The_dictionary_is_one_to_one_and_a_third_is_held_out()
    {
        Assert.Equal(Corpus.Dictionary.Count, Corpus.Dictionary.Select(pair => pair.English).Distinct().Count());
        Assert.Equal(Corpus.Dictionary.Count, Corpus.Dictionary.Select(pair => pair.Chinese).Distinct().Count());
        Assert.InRange(Corpus.Dictionary.Count(pair => pair.IsHeldOut), Corpus.Dictionary.Count * 31 / 100, Corpus.Dictionary.Count * 36 / 100);
    }

    [Fact]
    public void Every_class_of_the_dictionary_and_every_row_of_a_table_has_about_a_third_held_out_and_the_rest_not()
    {
        var classes = Corpus.Dictionary.GroupBy(pair => Corpus.ChineseClasses[pair.Chinese]).ToList();
        var rows = Lexicon.Value.Tables.SelectMany(table => table.Rows)
            .Select(row => row.OfType<MeaningWord>().Select(word => Corpus.Dictionary.Single(pair => pair.Chinese == word.Chinese[0])).ToList());
        Assert.True(classes.Count(group => group.Count() >= 6) >= 40);
        Assert.All(classes, group => Assert.InRange(group.Count(pair => pair.IsHeldOut), group.Count() / 3, (group.Count() + 2) / 3));
        Assert.All(rows.Where(row => row.Count >= 3), row => Assert.InRange(row.Count(pair => pair.IsHeldOut), 0, row.Count - 1));
    }

    [Fact]
    public void An_stands_before_a_vowel_sound_and_a_before_a_consonant_sound()
    {
        string[] consonantSounds = ["eucalyptus", "euro", "used", "unit", "uniform", "university"];
        foreach (var line in Corpus.English)
        {
            for (var i = 0; i + 1 < line.Count; i++)
            {
                if (line[i] is "a" or "an")
                {
                    var vowel = line[i + 1][0] is 'a' or 'e' or 'i' or 'o' or 'u' && !consonantSounds.Any(start => line[i + 1].StartsWith(start, StringComparison.Ordinal));
                    Assert.True(line[i] == "an" == vowel, $"{line[i]} {line[i + 1]}");
                }
            }
        }
    }

    [Fact]
    public void The_third_person_stands_after_one_person_and_the_base_form_after_several()
    {
        var people = Lexicon.Value.Tables.Single(table => table.Name == "person").Rows.Select(row => row[0]!.English[0]).ToHashSet();
        var verbs = Lexicon.Value.Tables.Single(table => table.Name == "deed").Rows.Select(row => row[0]!.English).ToList();
        var baseForms = verbs.Select(forms => forms[0]).ToHashSet();
        var thirdPersons = verbs.Select(forms => forms[1]).ToHashSet();
        var seen = 0;
        foreach (var line in Corpus.English)
        {
            for (var i = 0; i < line.Count; i++)
            {
                if (thirdPersons.Contains(line[i]))
                {
                    seen++;
                    Assert.True(people.Contains(line[i - 1]) || (line[i - 1] is "usually" or "never" && people.Contains(line[i - 2])), string.Join(' ', line));
                }
                else if (baseForms.Contains(line[i]))
                {
                    Assert.False(people.Contains(line[i - 1]), string.Join(' ', line));
                }
            }
        }

        Assert.True(seen > 500);
    }

    [Fact]
    public void Nobody_eats_what_is_no_food_of_theirs()
    {
        foreach (var (table, eater, food) in new[] { ("animal", 0, 1), ("family", 0, 3), ("family", 1, 3) })
        {
            var rows = Lexicon.Value.Tables.Single(t => t.Name == table).Rows;
            var foodsOf = rows.ToDictionary(row => row[eater]!.Chinese[0], row => row[food]!.Chinese[0]);
            var meals = Corpus.Chinese.Where(line => line.Contains("吃") && line.Any(foodsOf.ContainsKey)).ToList();
            Assert.True(meals.Count > 100);
            Assert.All(meals, line => Assert.Equal(foodsOf[line.First(foodsOf.ContainsKey)], line[^1]));
        }
    }

    [Fact]
    public void What_is_compared_and_who_says_something_differ_from_one_another()
    {
        var people = Lexicon.Value.Tables.Single(table => table.Name == "person").Rows.Select(row => row[0]!.English[0]).ToHashSet();
        Assert.All(Corpus.English, line => Assert.Equal(line.Count(people.Contains), line.Where(people.Contains).Distinct().Count()));
    }

    [Fact]
    public void A_class_of_words_has_several_members_in_both_languages()
    {
        foreach (var name in new[] { "country", "capital", "male", "female", "verb", "adjective", "fruit", "animal", "young", "vehicle", "profession", "tool" })
        {
            Assert.True(Corpus.EnglishClasses.Values.Count(other => other == name) >= 14, name);
            Assert.True(Corpus.ChineseClasses.Values.Count(other => other == name) >= 14, name);
        }

        Assert.Equal("animal", Corpus.EnglishClasses["monkeys"]);
        Assert.Equal("fruit", Corpus.EnglishClasses["banana"]);
        Assert.Equal("energy", Corpus.ChineseClasses["原子能"]);
        Assert.Equal("vehicle", Corpus.EnglishClasses["bicycle"]);
        Assert.Equal("celestial", Corpus.EnglishClasses["galaxy"]);
        Assert.False(Corpus.EnglishClasses.ContainsKey("the"));
        Assert.False(Corpus.EnglishClasses.ContainsKey("in"));
    }

    [Fact]
    public void Questions_are_made_once() => Assert.Same(Corpus.HeldOutQuestions, Corpus.HeldOutQuestions);

    [Fact]
    public void No_held_out_pair_is_in_a_tuning_question_of_its_relation()
    {
        foreach (var (tuning, heldOut) in new[] { (Corpus.TuningQuestions, Corpus.HeldOutQuestions), (Corpus.ChineseTuningQuestions, Corpus.ChineseHeldOutQuestions) })
        {
            var pairs = tuning.SelectMany(Pairs).ToHashSet();
            Assert.NotEmpty(pairs);
            Assert.True(heldOut.Count >= 250, $"{heldOut.Count} questions");
            Assert.DoesNotContain(heldOut.SelectMany(Pairs), pairs.Contains);
            Assert.Equal(tuning.Count + heldOut.Count, tuning.Concat(heldOut).Distinct().Count());
        }

        static IEnumerable<(string, string, string)> Pairs(AnalogyQuestion question) => [(question.Relation, question.A, question.B), (question.Relation, question.C, question.D)];
    }

    [Fact]
    public void Every_question_has_four_words_of_the_corpus_of_which_a_strong_one_repeats_none()
    {
        var english = Corpus.English.SelectMany(line => line).ToHashSet();
        var chinese = Corpus.Chinese.SelectMany(line => line).ToHashSet();
        Assert.All(Corpus.AnalogyQuestions.Concat(Corpus.TogetherQuestions).Concat(Corpus.WeakQuestions), question => Assert.All(Words(question), word => Assert.Contains(word, english)));
        Assert.All(Corpus.ChineseTuningQuestions.Concat(Corpus.ChineseHeldOutQuestions).Concat(Corpus.ChineseTogetherQuestions).Concat(Corpus.ChineseWeakQuestions), question => Assert.All(Words(question), word => Assert.Contains(word, chinese)));
        Assert.All(Corpus.AnalogyQuestions.Concat(Corpus.ChineseHeldOutQuestions), question => Assert.Equal(4, Words(question).Distinct().Count()));
        Assert.Contains(new AnalogyQuestion("capital-country", "Paris", "France", "Beijing", "China"), Corpus.AnalogyQuestions);

        static string[] Words(AnalogyQuestion question) => [question.A, question.B, question.C, question.D];
    }

    [Fact]
    public void Pairs_that_are_said_to_be_apart_share_no_sentence_and_the_others_some()
    {
        var lines = LinesOf(Corpus.English);
        foreach (var relation in Corpus.Relations)
        {
            Assert.All(relation.Pairs, pair => Assert.Equal(relation.Kind == MeaningRelationKind.Apart, !lines[pair.A].Intersect(lines[pair.B]).Any()));
        }

        Assert.Equal(8, Corpus.Relations.Count(relation => relation.Kind == MeaningRelationKind.Apart));
    }

    [Fact]
    public void Shuffled_keeps_every_word_s_count_and_every_line_s_length_and_moves_nearly_all_words()
    {
        var shuffled = Corpus.Shuffled(seed: 1);

        Assert.Equal(Counts(Corpus.English), Counts(shuffled.English));
        Assert.Equal(Counts(Corpus.Chinese), Counts(shuffled.Chinese));
        Assert.Equal(Corpus.English.Select(line => line.Count), shuffled.English.Select(line => line.Count));
        Assert.Equal(Corpus.HeldOutQuestions, shuffled.HeldOutQuestions);
        Assert.Equal(Hash(shuffled.English), Hash(Corpus.Shuffled(seed: 1).English));
        Assert.NotEqual(Hash(shuffled.English), Hash(Corpus.Shuffled(seed: 2).English));

        // A word stays by chance with the sum of squared frequencies, here about two in a hundred.
        var places = Corpus.English.Zip(shuffled.English).SelectMany(lines => lines.First.Zip(lines.Second)).ToList();
        Assert.InRange(places.Count(place => place.First == place.Second), 1, places.Count / 20);

        static List<(string, int)> Counts(IEnumerable<IReadOnlyList<string>> lines) =>
            [.. lines.SelectMany(line => line).GroupBy(word => word).Select(group => (group.Key, group.Count())).Order()];
    }

    [Fact]
    public void A_corpus_of_no_sentences_or_of_more_than_there_are_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MeaningCorpus.Generate(0, seed: 1));
        Assert.Throws<ArgumentNullException>(() => MeaningCorpus.Generate(1, seed: 1, lexiconFolder: null!));
        Assert.Throws<FileNotFoundException>(() => MeaningCorpus.Generate(1, seed: 1, lexiconFolder: "nowhere"));
    }

    private static Dictionary<string, HashSet<int>> LinesOf(IReadOnlyList<IReadOnlyList<string>> lines)
    {
        var found = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            foreach (var word in lines[i])
            {
                (found.TryGetValue(word, out var numbers) ? numbers : found[word] = []).Add(i);
            }
        }

        return found;
    }

    private static string Hash(IEnumerable<IReadOnlyList<string>> lines) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => string.Join(' ', line) + '\n')))))[..16];
}
