using TransformerTutorial.Metrics;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Metrics;

/// <summary>Metrics against values computed by hand, against slow second ways to compute them, and what they refuse.</summary>
public class MetricsTests
{
    private static readonly string[] Words = ["a", "b", "c", "d", "e."];

    [Fact]
    public void Five_words_of_six_in_two_runs_score_what_pencil_and_paper_say()
    {
        var score = Bleu.Corpus(["the cat sat on the mat"], ["the cat sat on a mat"]);
        Assert.Equal([5, 3, 2, 1], score.Matches);                                           // the cat sat on, mat
        Assert.Equal([6, 5, 4, 3], score.Totals);
        Assert.Equal(100 * Math.Pow(5 / 6.0 * (3 / 5.0) * (2 / 4.0) * (1 / 3.0), 0.25), score.Score, 9);
        Assert.Equal("BLEU = 53.73 83.3/60.0/50.0/33.3 (BP = 1.000 ratio = 1.000 hyp_len = 6 ref_len = 6)", score.ToString());
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|definition:sacreBLEU-2.6.0|implementation:TransformerTutorial", score.Signature);
        Assert.Equal("chrF2 = 72.08", ChrF.Corpus(["the cat sat on the mat"], ["the cat sat on a mat"]).ToString());
    }

    [Fact]
    public void A_sentence_of_three_right_words_is_perfect_by_itself_and_nothing_in_a_corpus_of_one()
    {
        Assert.Equal(100, Bleu.Sentence("好久不", ["好久不"], BleuTokenization.Chinese).Score, 9);
        Assert.Equal(0, Bleu.Corpus(["好久不"], ["好久不"], BleuTokenization.Chinese).Score);
        Assert.Equal(100, Bleu.Corpus(["好久不见"], ["好久不见"], BleuTokenization.Character).Score, 9);
    }

    [Fact]
    public void Too_short_a_translation_pays_e_to_the_1_minus_r_over_h()
    {
        var score = Bleu.Corpus(["a b c d"], ["a b c d e f"]);
        Assert.Equal(Math.Exp(1 - 6 / 4.0), score.BrevityPenalty, 12);
        Assert.Equal(100 * Math.Exp(1 - 6 / 4.0), score.Score, 9);
        Assert.Equal(1, Bleu.Corpus(["a b c d e f"], ["a b c d"]).BrevityPenalty);
    }

    [Fact]
    public void BLEU_is_what_lists_searched_one_by_one_give() => TestSeed.ForEachCase(200, (_, random) =>
    {
        string Sentence() => string.Join(' ', Enumerable.Range(0, random.Next(0, 9)).Select(_ => Words[random.Next(Words.Length)]));
        string[] hypotheses = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Sentence())];
        IReadOnlyList<string>[] references = [.. hypotheses.Select(_ => Enumerable.Range(0, random.Next(1, 4)).Select(_ => Sentence()).ToArray())];
        var score = Bleu.Corpus(hypotheses, references, new() { Tokenization = BleuTokenization.None, Smoothing = BleuSmoothing.None });
        for (var n = 1; n <= 4; n++)
        {
            var (matches, total) = (0, 0);
            for (var i = 0; i < hypotheses.Length; i++)
            {
                var runs = Runs(hypotheses[i], n);
                total += runs.Count;
                foreach (var run in runs.Distinct())
                {
                    matches += Math.Min(runs.Count(other => other == run), references[i].Max(reference => Runs(reference, n).Count(other => other == run)));
                }
            }

            Assert.Equal(matches, score.Matches[n - 1]);
            Assert.Equal(total, score.Totals[n - 1]);
            Assert.Equal(score.Matches.All(count => count == 0) || total == 0 ? 0 : 100.0 * matches / total, score.Precisions[n - 1], 9);
        }
    });

    [Fact]
    public void A_lone_surrogate_is_one_character_and_no_error()
    {
        Assert.Equal(["\ud83d", "a", "\ude00"], Bleu.Words("\ud83da\ude00", BleuTokenization.Character));
        Assert.Equal(["😀", "𠀀"], Bleu.Words("😀𠀀", BleuTokenization.Character));
        Assert.True(Bleu.Corpus(["a \ud83d b \ude00"], ["a \ud83d b \ude00"]).Score > 99.9);
        Assert.Equal(100, ChrF.Corpus(["\ud83da\ude00"], ["\ud83da\ude00"]).Score, 9);
    }

    [Fact]
    public void Exact_match_counts_texts_that_are_a_reference_to_the_character()
    {
        var match = ExactMatch.Corpus(["Hello.", " Long time no see. ", "hello."], ["Hello.", "Long time no see.", "Hello."]);
        Assert.Equal(new ExactMatch(2, 3), match);
        Assert.Equal("exact match = 66.67% (2 of 3)", match.ToString());
        Assert.Equal(1, ExactMatch.Corpus(["b"], [["a", "b"]]).Share);
    }

    [Fact]
    public void Perplexity_of_a_guess_among_V_words_is_V_and_padding_counts_nowhere()
    {
        Assert.Equal(8, Perplexity.FromLoss(Math.Log(8)), 12);
        Assert.Equal(1, Perplexity.FromLoss(0));
        Assert.Equal(double.PositiveInfinity, Perplexity.FromLoss(double.PositiveInfinity));
        Assert.Equal(7, Perplexity.Of(zeros(2, 3, 7), tensor(new long[,] { { 1, 2, 0 }, { 6, 0, 0 } })), 9);
        Assert.Equal(7, Perplexity.Of(zeros(1, 3, 7), tensor(new long[,] { { 1, 0, -100 } }), paddingId: -100), 9);
        using var logits = tensor(new[,] { { 1f, 2f, 3f }, { 0f, 5f, 0f } });
        var first = Math.Exp(3) / (Math.Exp(1) + Math.Exp(2) + Math.Exp(3));
        Assert.Equal(1 / first, Perplexity.Of(logits, tensor(new long[] { 2, 0 })), 6);
        var second = 1 / (2 + Math.Exp(5));
        Assert.Equal(1 / Math.Sqrt(first * second), Perplexity.Of(logits, tensor(new long[] { 2, 0 }), paddingId: null), 4);
    }

    [Fact]
    public void What_has_no_meaning_is_refused_by_name()
    {
        Assert.Contains("no translations", Assert.Throws<ArgumentException>(() => Bleu.Corpus([], Array.Empty<string>())).Message, StringComparison.Ordinal);
        Assert.Contains("2 translations, but references for 1", Assert.Throws<ArgumentException>(() => ChrF.Corpus(["a", "b"], ["a"])).Message, StringComparison.Ordinal);
        Assert.Contains("Translation 1 has no reference", Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a", "b"], [["a"], []])).Message, StringComparison.Ordinal);
        Assert.Contains("Translation 0 has a reference that is null", Assert.Throws<ArgumentException>(() => ExactMatch.Corpus(["a"], [[null!]])).Message, StringComparison.Ordinal);
        Assert.Contains("MaximumOrder is 0", Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a"], ["a"], new BleuOptions { MaximumOrder = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("0.5 for Exponential", Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a"], ["a"], new BleuOptions { SmoothingValue = 0.5 })).Message, StringComparison.Ordinal);
        Assert.Contains("these are 0", Assert.Throws<ArgumentException>(() => ChrF.Corpus(["a"], ["a"], new() { CharacterOrder = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Perplexity.FromLoss(double.NaN));
        Assert.Contains("(2, 3, 7)", Assert.Throws<ArgumentException>(() => Perplexity.Of(zeros(2, 3, 7), zeros(3, 2, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("The id 7 has no score", Assert.Throws<ArgumentException>(() => Perplexity.Of(zeros(1, 2, 7), tensor(new long[,] { { 1, 7 } }))).Message, StringComparison.Ordinal);
        Assert.Contains("no distribution", Assert.Throws<ArgumentException>(() => Perplexity.Of(full(1, 2, 7, float.NaN), ones(1, 2, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("every id is padding", Assert.Throws<ArgumentException>(() => Perplexity.Of(zeros(1, 2, 7), zeros(1, 2, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
    }

    private static List<string> Runs(string text, int n)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. Enumerable.Range(0, Math.Max(0, words.Length - n + 1)).Select(i => string.Join('|', words[i..(i + n)]))];
    }
}
