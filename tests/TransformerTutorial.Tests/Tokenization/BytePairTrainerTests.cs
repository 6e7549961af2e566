using TransformerTutorial.Testing;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class BytePairTrainerTests
{
    private static readonly BytePairTrainerOptions Characters = new() { VocabularySize = 60, MinimumCount = 2 };

    /// <summary>The words of the code listing of Sennrich, Haddow and Birch, 2016; merges worked out on paper.</summary>
    [Fact]
    public void Learns_the_example_of_the_paper()
    {
        var counts = new Dictionary<string, long> { ["low"] = 5, ["lower"] = 2, ["newest"] = 6, ["widest"] = 3 };
        var model = BytePairTrainer.Train(counts, Characters with { TieRule = PairTieRule.FirstSeen });
        Assert.Equal(
            ["e s 9", "es t</w> 9", "l o 7", "n e 6", "ne w 6", "new est</w> 6", "lo w</w> 5"],
            model.Merges.Take(7).Select(merge => $"{merge.Left} {merge.Right} {merge.Count}"));
    }

    [Theory]
    [InlineData(PairTieRule.FirstInTokenOrder)]
    [InlineData(PairTieRule.FirstSeen)]
    [InlineData(PairTieRule.LastInAlphabet)]
    public void Learns_the_same_merges_as_counting_everything_anew(PairTieRule rule)
    {
        TestSeed.ForEachCase(150, (number, random) =>
        {
            var letters = number % 3 == 0 ? "ab" : number % 3 == 1 ? "abcde" : "a𠀀\uFFFD中é";
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 60)).Select(_ => RandomText.OfLetters(random, letters, random.Next(1, number % 10 == 0 ? 60 : 12))));
            var minimum = random.Next(1, 4);
            var suffix = number % 4 == 0 ? null : "</w>";
            var style = number % 4 == 1 ? EndOfWordStyle.SeparateSymbol : EndOfWordStyle.SuffixOfLastCharacter;
            var model = BytePairTrainer.Train([text], new() { VocabularySize = 100, MinimumCount = minimum, TieRule = rule, EndOfWordSuffix = suffix, EndOfWordStyle = style, UnknownToken = null });

            var words = text.Split(' ').GroupBy(word => word).Select(group => (NaiveBytePairEncoding.Characters(group.Key, suffix, style), (long)group.Count())).ToList();
            var alphabet = model.Vocabulary.OrderBy(pair => pair.Value).Select(pair => pair.Key).Take(model.Vocabulary.Count - model.Merges.Select(merge => merge.Merged).Distinct().Count()).ToList();
            var expected = NaiveBytePairEncoding.Train(words, alphabet, 100, minimum, rule);
            Assert.Equal(expected, model.Merges.Select(merge => (merge.Left, merge.Right, merge.Count)));
        });
    }

    /// <summary>With a letter for a suffix, the same token comes from several merges: then a pair's places come out of order, and tokens need not be new.</summary>
    [Theory]
    [InlineData(PairTieRule.FirstInTokenOrder)]
    [InlineData(PairTieRule.FirstSeen)]
    [InlineData(PairTieRule.LastInAlphabet)]
    public void Learns_the_same_merges_where_several_make_the_same_token(PairTieRule rule)
    {
        TestSeed.ForEachCase(300, (number, random) =>
        {
            var letters = number % 2 == 0 ? "ab" : "abc";
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 8)).Select(_ => RandomText.OfLetters(random, letters, random.Next(1, 30))));
            var model = BytePairTrainer.Train([text], new() { VocabularySize = 300, MinimumCount = 1, TieRule = rule, EndOfWordSuffix = "b", UnknownToken = null });
            var words = text.Split(' ').GroupBy(word => word).Select(group => (NaiveBytePairEncoding.Characters(group.Key, "b"), (long)group.Count())).ToList();
            var alphabet = letters.Where(text.Contains).Select(letter => letter.ToString()).Concat(text.Split(' ').Select(word => word[^1] + "b").Distinct().Order(StringComparer.Ordinal)).ToList();
            Assert.Equal(NaiveBytePairEncoding.Train(words, alphabet, 300, 1, rule), model.Merges.Select(merge => (merge.Left, merge.Right, merge.Count)));
        });
    }

    [Fact]
    public void Learns_the_same_merges_from_bytes_as_counting_everything_anew()
    {
        TestSeed.ForEachCase(40, (number, random) =>
        {
            var text = RandomText.OfPieces(random, 150);
            var model = BytePairTrainer.Train([text], new() { VocabularySize = 300, ByteLevel = true });
            var words = BytePairPatterns.Gpt2.PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length))
                .GroupBy(word => word, StringComparer.Ordinal).Select(group => (NaiveBytePairEncoding.Bytes(group.Key), (long)group.Count())).ToList();
            var alphabet = model.Vocabulary.OrderBy(pair => pair.Value).Select(pair => pair.Key).Take(256).ToList();
            Assert.Equal(NaiveBytePairEncoding.Train(words, alphabet, 300, 2, PairTieRule.FirstInTokenOrder), model.Merges.Select(merge => (merge.Left, merge.Right, merge.Count)));
        });
    }

    [Fact]
    public void The_ids_are_special_tokens_then_the_alphabet_by_code_point_then_merges()
    {
        var model = BytePairTrainer.Train(["ba ba 𠀀b \uFFFDb"], new() { SpecialTokens = ["<pad>", "<unk>"], VocabularySize = 100 });
        Assert.Equal(["<pad>", "<unk>", "a", "b", "\uFFFD", "𠀀", "a</w>", "b</w>", "ba</w>"], Enumerable.Range(0, model.IdCount).Select(model.TokenAt));
    }

    /// <summary>As in the paper's listing, but for the tie of es t and t &lt;/w&gt;.</summary>
    [Fact]
    public void The_end_of_a_word_can_be_a_symbol_of_its_own()
    {
        var counts = new Dictionary<string, long> { ["low"] = 5, ["lower"] = 2, ["newest"] = 6, ["widest"] = 3 };
        var model = BytePairTrainer.Train(counts, Characters with { EndOfWordStyle = EndOfWordStyle.SeparateSymbol, MinimumCount = 1, VocabularySize = 22 });
        Assert.Equal(["e s 9", "t </w> 9", "es t</w> 9", "l o 7", "lo w 7", "e w 6", "n ew 6", "new est</w> 6", "low </w> 5"], model.Merges.Take(9).Select(merge => $"{merge.Left} {merge.Right} {merge.Count}"));
        Assert.Equal(("<unk>", "d", "w", "</w>", "es"), (model.TokenAt(0), model.TokenAt(1), model.TokenAt(10), model.TokenAt(11), model.TokenAt(12)));
        Assert.Equal((22, 10), (model.IdCount, model.Merges.Count));

        var tokenizer = BytePairTokenizer.Create(model);
        var tokens = tokenizer.EncodeToTokens("west we", out _);
        Assert.Equal([("w", 0..1), ("est</w>", 1..4), ("w", 5..6), ("e", 6..7), ("</w>", 7..7)], tokens.Select(token => (token.Value, token.Offset)));
        Assert.Equal("west we", tokenizer.Decode(tokens.Select(token => token.Id)));
    }

    [Fact]
    public void The_alphabet_of_bytes_is_in_GPT_2s_order()
    {
        var model = BytePairTrainer.Train(["x"], new() { ByteLevel = true, SpecialTokens = ["<|endoftext|>"] });
        Assert.Equal(("<|endoftext|>", "!", "~", "¡", "Ā", "Ń"), (model.TokenAt(0), model.TokenAt(1), model.TokenAt(94), model.TokenAt(95), model.TokenAt(189), model.TokenAt(256)));
        Assert.Equal(257, model.IdCount);
    }

    [Fact]
    public void The_tie_rules_lead_to_different_tables()
    {
        var tables = Enum.GetValues<PairTieRule>().Select(rule => string.Join(", ", BytePairTrainer.Train(["cd ab cd ab"], Characters with { TieRule = rule }).Merges.Select(merge => merge.Merged)));
        Assert.Equal(["ab</w>, cd</w>", "cd</w>, ab</w>", "cd</w>, ab</w>"], tables);
    }

    [Fact]
    public void A_word_that_is_a_special_token_never_becomes_one()
    {
        var model = BytePairTrainer.Train(["<s> <s> <s> <s>"], Characters with { EndOfWordSuffix = null, SpecialTokens = ["<s>"] });
        Assert.DoesNotContain(model.Merges, merge => merge.Merged == "<s>");
        Assert.DoesNotContain(model.SpecialTokens["<s>"], BytePairTokenizer.Create(model).EncodeToIds("<s>"));
        Assert.Equal([model.SpecialTokens["<s>"]], BytePairTokenizer.Create(model, SpecialTokenMode.Recognize).EncodeToIds("<s>"));
    }

    [Fact]
    public void A_million_equal_characters_without_a_space_take_no_time()
    {
        var model = BytePairTrainer.Train([new string('a', 1_000_000)], Characters with { EndOfWordSuffix = null });
        Assert.Equal(("aa", 999_999), (model.Merges[0].Merged, model.Merges[0].Count));
        Assert.Equal("aaaaaaaa", model.Merges[2].Merged);
    }

    [Fact]
    public void A_word_may_be_counted_several_times()
    {
        KeyValuePair<string, long>[] counts = [new("ab", 3), new("cd", 6), new("", 9), new("ab", 4), new("ef", 0)];
        var model = BytePairTrainer.Train(counts, Characters);
        Assert.Equal([("ab</w>", 7), ("cd</w>", 6)], model.Merges.Select(merge => (merge.Merged, merge.Count)));
        Assert.DoesNotContain("e", model.Vocabulary.Keys);
    }

    [Fact]
    public void Counts_as_large_as_a_long_stay_exact()
    {
        var model = BytePairTrainer.Train(new Dictionary<string, long> { ["ab"] = long.MaxValue / 2 }, Characters);
        Assert.Equal(long.MaxValue / 2, model.Merges.Single().Count);
    }

    [Fact]
    public void Training_says_how_far_it_is_and_can_be_stopped()
    {
        var reports = new Collected();
        var text = string.Join(' ', Enumerable.Range(0, 2000).Select(number => $"{number * 7919 % 100_000}"));
        BytePairTrainer.Train([text], Characters with { VocabularySize = 500, Progress = reports });
        Assert.InRange(reports.Values.Count, 50, 200);
        Assert.Equal(reports.Values[^1].MergesWanted, reports.Values[^1].MergesLearned);
        Assert.Equal(2000, reports.Values[^1].WordsCounted);

        using var source = new CancellationTokenSource();
        var stopping = new Collected { WhenReported = source.Cancel };
        Assert.Throws<OperationCanceledException>(() => BytePairTrainer.Train([text], Characters with { VocabularySize = 500, Progress = stopping }, source.Token));
        Assert.Single(stopping.Values);
    }

    public static TheoryData<BytePairTrainerOptions, string[], string> Mistakes() => new()
    {
        { Characters, [], "nothing to learn" },
        { Characters, ["", " \n"], "nothing to learn" },
        { Characters, [null!], "null" },
        { Characters with { VocabularySize = 3 }, ["abc"], "VocabularySize is 3, but the special tokens (1) and the alphabet (4) need 5" },
        { Characters with { VocabularySize = 0 }, ["abc"], "VocabularySize is 0" },
        { Characters with { MinimumCount = 0 }, ["abc"], "MinimumCount is 0" },
        { Characters with { SpecialTokens = ["<s>", "<s>"] }, ["abc"], "'<s>' is listed twice" },
        { Characters with { SpecialTokens = [""] }, ["abc"], "empty" },
        { Characters with { SpecialTokens = ["a"] }, ["abc"], "special token 'a'" },
        { Characters with { TieRule = (PairTieRule)9 }, ["abc"], "tie rule 9" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_gets_one_clear_message(BytePairTrainerOptions options, string[] texts, string message)
    {
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => BytePairTrainer.Train(texts, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_are_negative_or_overflow_are_refused()
    {
        Assert.Contains("'ab' has the count -1", Assert.Throws<ArgumentException>(() => BytePairTrainer.Train(new Dictionary<string, long> { ["ab"] = -1 }, Characters)).Message, StringComparison.Ordinal);
        Assert.Contains("add up", Assert.Throws<ArgumentException>(() => BytePairTrainer.Train(new Dictionary<string, long> { ["ab"] = long.MaxValue, ["c"] = 1 }, Characters)).Message, StringComparison.Ordinal);
        Assert.Contains("add up", Assert.Throws<ArgumentException>(() => BytePairTrainer.Train(new Dictionary<string, long> { ["abc"] = long.MaxValue / 2 }, Characters)).Message, StringComparison.Ordinal);
    }

    private sealed class Collected : IProgress<BytePairTrainingProgress>
    {
        public List<BytePairTrainingProgress> Values { get; } = [];

        public Action WhenReported { get; init; } = () => { };

        public void Report(BytePairTrainingProgress value)
        {
            Values.Add(value);
            WhenReported();
        }
    }
}
