using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class WordPieceTrainerTests
{
    private static readonly Dictionary<string, long> Hug = new() { ["hug"] = 10, ["pug"] = 5, ["pun"] = 12, ["bun"] = 4, ["hugs"] = 5 };

    private static readonly string Rhyme = string.Concat(Enumerable.Repeat("the cat sat on the mat; that cat's hat sat there too. ", 3)) + "then the other cats chatted on and on about the weather";

    [Fact]
    public void The_example_of_the_Hugging_Face_course_gives_the_merges_that_its_formula_gives()
    {
        // Chapter 6, "WordPiece tokenization", publishes ##g + ##s (1/20) and h + ##u (1/36, a tie) as the first two. For its third it says that
        // hu + ##g also has the score 1/15; by the formula that is 10 / (15 · 15), so hu + ##gs with 5 / (15 · 5) = 1/15 comes before it.
        var model = WordPieceTrainer.Train(Hug, new() { VocabularySize = 11, SpecialTokens = ["[UNK]"] });
        Assert.Equal(["[UNK]", "b", "h", "p", "##g", "##n", "##s", "##u", "##gs", "hu", "hugs"], model.Vocabulary.OrderBy(entry => entry.Value).Select(entry => entry.Key));
        Assert.Equal([("##g", "##s", 5L, "##gs"), ("h", "##u", 15L, "hu"), ("hu", "##gs", 5L, "hugs")], model.Merges.Select(merge => (merge.Left, merge.Right, merge.Count, merge.Merged)));
        Assert.Equal([1 / 20.0, 1 / 36.0, 1 / 15.0], model.Merges.Select(merge => merge.Score));
        Assert.Equal("0: ##g + ##s -> ##gs (5 times, score 0.05)", model.Merges[0].ToString());
    }

    [Fact]
    public void A_trainer_that_counts_everything_anew_at_each_step_learns_the_same() => DifficultText.Check(
        text =>
        {
            var texts = new[] { text, Rhyme, text + text };
            var options = new WordPieceTrainerOptions { VocabularySize = 400, PreTokenizer = PreTokenizers.Whitespace, MinimumCount = 1 + (text.Length % 3), SpecialTokens = ["[PAD]", "[CLS]"] };
            var expected = NaiveMerges(texts, options);
            var actual = WordPieceTrainer.Train(texts, options).Merges;
            return expected.SequenceEqual(actual.Select(merge => (merge.Left, merge.Right, merge.Merged, merge.Count, merge.Score)));
        },
        texts: 60);

    [Fact]
    public void Texts_and_counted_words_give_the_same_model()
    {
        var counts = Rhyme.Split(' ').CountBy(word => word).Select(entry => KeyValuePair.Create(entry.Key, (long)entry.Value));
        var options = new WordPieceTrainerOptions { VocabularySize = 40, PreTokenizer = PreTokenizers.Whitespace };
        Assert.Equal(WordPieceTrainer.Train([Rhyme], options).Merges, WordPieceTrainer.Train(counts, options).Merges);
    }

    [Fact]
    public void The_ids_are_special_tokens_then_alphabet_then_merges_and_the_size_is_kept()
    {
        var model = WordPieceTrainer.Train([Rhyme], new() { VocabularySize = 40, SpecialTokens = ["[SEP]", "a b"] });
        Assert.Equal(40, model.Vocabulary.Count);
        Assert.Equal(["[UNK]", "[SEP]", "a b"], Enumerable.Range(0, 3).Select(model.TokenAt));
        Assert.Equal(["'", ".", ";", "a"], Enumerable.Range(3, 4).Select(model.TokenAt));
        Assert.Equal(model.Merges.Select(merge => merge.Merged).Distinct(), Enumerable.Range(40 - model.Merges.Count, model.Merges.Count).Select(model.TokenAt));
        Assert.Equal(0, model.UnknownTokenId);
    }

    [Fact]
    public void A_piece_that_reads_like_a_special_token_is_never_learned()
    {
        var model = WordPieceTrainer.Train(new Dictionary<string, long> { ["<s>"] = 10 }, new() { VocabularySize = 100, SpecialTokens = ["<s>"], MinimumCount = 1 });
        Assert.DoesNotContain(model.Merges, merge => merge.Merged == "<s>");
        Assert.Single(model.Vocabulary.Keys, token => token == "<s>");
    }

    [Fact]
    public void The_minimum_count_the_longest_word_and_the_normalizer_are_respected()
    {
        var model = WordPieceTrainer.Train(["xy XY zw aaaaaaaaaaaa"], new() { MinimumCount = 2, MaxInputCharsPerWord = 11, Normalizer = new UnicodeLowerCaseNormalizer() });
        Assert.Equal(["xy"], model.Merges.Select(merge => merge.Merged));
        Assert.DoesNotContain("a", model.Vocabulary.Keys);
    }

    [Fact]
    public void Training_tells_how_far_it_has_come_and_can_be_cancelled()
    {
        var reports = new List<WordPieceTrainingProgress>();
        var options = new WordPieceTrainerOptions { VocabularySize = 40, Progress = new Immediate(reports.Add) };
        var model = WordPieceTrainer.Train([Rhyme], options);
        Assert.Equal(model.Merges.Count, reports[^1].MergesLearned);
        Assert.Equal(Enumerable.Range(1, model.Merges.Count).Append(model.Merges.Count), reports.Select(report => report.MergesLearned));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => WordPieceTrainer.Train([Rhyme], options, source.Token));
    }

    [Fact]
    public void Bad_options_and_bad_input_are_named()
    {
        Says("VocabularySize is 0", () => Train(new() { VocabularySize = 0 }));
        Says("MinimumCount is 0", () => Train(new() { MinimumCount = 0 }));
        Says("'[A]' is listed twice", () => Train(new() { SpecialTokens = ["[A]", "[A]"] }));
        Says("null or empty", () => Train(new() { SpecialTokens = [""] }));
        Says("null or empty", () => Train(new() { ContinuingSubwordPrefix = "" }));
        Says("the alphabet (7) need 8 already", () => Train(new() { VocabularySize = 7, SpecialTokens = [] }));
        Says("hold no word", () => WordPieceTrainer.Train([" ", ""], new()));
        Says("'x' has the count -1", () => WordPieceTrainer.Train([KeyValuePair.Create("x", -1L)], new()));
        Says("texts is null", () => WordPieceTrainer.Train([null!], new()));

        static void Train(WordPieceTrainerOptions options) => WordPieceTrainer.Train(Hug, options);
        static void Says(string message, Action action) => Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    /// <summary>The same training as the course's Python does it: dictionaries in order of first appearance, everything counted again before each merge, the first maximum wins.</summary>
    private static List<(string Left, string Right, string Merged, long Count, double Score)> NaiveMerges(IEnumerable<string> texts, WordPieceTrainerOptions options)
    {
        var words = texts.SelectMany(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).CountBy(word => word)
            .Select(entry => (Pieces: entry.Key.EnumerateRunes().Select((rune, i) => i == 0 ? rune.ToString() : "##" + rune).ToList(), Count: (long)entry.Value))
            .Where(word => word.Pieces.Count <= options.MaxInputCharsPerWord).ToList();
        var special = options.SpecialTokens.Append("[UNK]").ToHashSet();
        var vocabulary = words.SelectMany(word => word.Pieces).Concat(special).ToHashSet();
        var merges = new List<(string, string, string, long, double)>();
        while (vocabulary.Count < options.VocabularySize)
        {
            var pieces = new Dictionary<string, long>();
            var pairs = new OrderedDictionary<(string Left, string Right), long>();
            foreach (var (word, count) in words)
            {
                for (var i = 0; i < word.Count; i++)
                {
                    pieces[word[i]] = pieces.GetValueOrDefault(word[i]) + count;
                    if (i > 0)
                    {
                        pairs[(word[i - 1], word[i])] = (pairs.TryGetValue((word[i - 1], word[i]), out var before) ? before : 0) + count;
                    }
                }
            }

            var best = pairs.Where(pair => pair.Value >= options.MinimumCount && !special.Contains(pair.Key.Left + pair.Key.Right[2..]))
                .Select(pair => (pair.Key, pair.Value, Score: pair.Value / ((double)pieces[pair.Key.Left] * pieces[pair.Key.Right]))).ToList();
            if (best.Count == 0)
            {
                break;
            }

            var ((left, right), pairCount, score) = best.First(pair => pair.Score == best.Max(other => other.Score));
            var merged = left + right[2..];
            merges.Add((left, right, merged, pairCount, score));
            vocabulary.Add(merged);
            foreach (var (word, _) in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = merged;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return merges;
    }

    private sealed class Immediate(Action<WordPieceTrainingProgress> action) : IProgress<WordPieceTrainingProgress>
    {
        public void Report(WordPieceTrainingProgress value) => action(value);
    }
}
