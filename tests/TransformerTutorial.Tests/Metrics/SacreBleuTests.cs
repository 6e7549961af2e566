using System.Text.Json;
using TransformerTutorial.Metrics;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Metrics;

/// <summary>BLEU and chrF against what sacreBLEU computed (tests/oracles/metrics).</summary>
public class SacreBleuTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "metrics", "vectors.json"))).RootElement;

    private static readonly string[] Texts = Strings(Vectors.GetProperty("texts"));

    private static readonly (string[] Hypotheses, string[][] References)[] Corpora =
    [
        .. Vectors.GetProperty("corpora").EnumerateArray().Select(row => (Strings(row.GetProperty("hypotheses")), row.GetProperty("references").EnumerateArray().Select(Strings).ToArray())),
    ];

    public static TheoryData<int> BleuSettings => [.. Enumerable.Range(0, Vectors.GetProperty("bleu").GetArrayLength())];

    public static TheoryData<int> ChrFSettings => [.. Enumerable.Range(0, Vectors.GetProperty("chrf").GetArrayLength())];

    [Theory]
    [InlineData("13a", BleuTokenization.Default13a)]
    [InlineData("zh", BleuTokenization.Chinese)]
    [InlineData("char", BleuTokenization.Character)]
    public void Every_text_is_cut_into_the_same_words(string name, BleuTokenization tokenization)
    {
        var expected = Strings(Vectors.GetProperty("tokens").GetProperty(name));
        Assert.True(Texts.Length > 300);
        Assert.All(Texts.Zip(expected), pair => Assert.Equal(pair.Second, string.Join(' ', Bleu.Words(pair.First, tokenization))));
    }

    [Theory]
    [MemberData(nameof(BleuSettings))]
    public void Every_corpus_has_the_same_BLEU(int index)
    {
        var part = Vectors.GetProperty("bleu")[index];
        var options = BleuOptionsOf(part.GetProperty("settings"));
        var signatures = Strings(part.GetProperty("signatures"));
        foreach (var ((hypotheses, references), row) in Corpora.Zip(part.GetProperty("rows").EnumerateArray()))
        {
            var score = Bleu.Corpus(hypotheses, references, options);
            AssertClose(row.GetProperty("score").GetDouble(), score.Score);
            Assert.All(row.GetProperty("precisions").EnumerateArray().Zip(score.Precisions), pair => AssertClose(pair.First.GetDouble(), pair.Second));
            AssertClose(row.GetProperty("bp").GetDouble(), score.BrevityPenalty);
            Assert.Equal(row.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt64()), [score.HypothesisLength, score.ReferenceLength]);
            if (row.TryGetProperty("counts", out var counts))
            {
                Assert.Equal(counts[0].EnumerateArray().Select(count => count.GetInt64()), score.Matches);
                Assert.Equal(counts[1].EnumerateArray().Select(count => count.GetInt64()), score.Totals);
            }

            Assert.Equal(row.GetProperty("shown").GetString(), score.ToString());
            Assert.Contains(Fields(score.Signature), signatures.Select(Fields));
        }
    }

    [Theory]
    [MemberData(nameof(ChrFSettings))]
    public void Every_corpus_has_the_same_chrF(int index)
    {
        var part = Vectors.GetProperty("chrf")[index];
        var settings = part.GetProperty("settings");
        int Setting(string name, int otherwise) => settings.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;
        var options = new ChrFOptions { CharacterOrder = Setting("char_order", 6), WordOrder = Setting("word_order", 0), Beta = Setting("beta", 2) };
        var signatures = Strings(part.GetProperty("signatures"));
        foreach (var ((hypotheses, references), row) in Corpora.Zip(part.GetProperty("rows").EnumerateArray()))
        {
            var score = ChrF.Corpus(hypotheses, references, options);
            AssertClose(row.GetProperty("score").GetDouble(), score.Score);
            Assert.Equal(row.GetProperty("shown").GetString(), score.ToString());
            Assert.Contains(Fields(score.Signature), signatures.Select(Fields));
        }
    }

    // What of a signature doesn't say whose program it is, nor the order that sacreBLEU's leaves out.
    private static string Fields(string signature) =>
        string.Join('|', signature.Split('|').Where(field => !field.StartsWith("version:", StringComparison.Ordinal) && !field.StartsWith("definition:", StringComparison.Ordinal)
            && !field.StartsWith("implementation:", StringComparison.Ordinal) && !field.StartsWith("order:", StringComparison.Ordinal)));

    private static BleuOptions BleuOptionsOf(JsonElement settings) => new()
    {
        Tokenization = settings.GetProperty("tokenize").GetString() switch
        {
            "13a" => BleuTokenization.Default13a,
            "zh" => BleuTokenization.Chinese,
            "char" => BleuTokenization.Character,
            _ => BleuTokenization.None,
        },
        Smoothing = !settings.TryGetProperty("smooth_method", out var smoothing) ? BleuSmoothing.Exponential : smoothing.GetString() switch
        {
            "floor" => BleuSmoothing.Floor,
            "add-k" => BleuSmoothing.AddK,
            "none" => BleuSmoothing.None,
            _ => BleuSmoothing.Exponential,
        },
        SmoothingValue = settings.TryGetProperty("smooth_value", out var value) ? value.GetDouble() : null,
        IsEffectiveOrder = settings.TryGetProperty("effective_order", out var effective) && effective.GetBoolean(),
        MaximumOrder = settings.TryGetProperty("max_ngram_order", out var order) ? order.GetInt32() : 4,
    };

    private static void AssertClose(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-12 * Math.Abs(expected), $"{actual:R}, expected {expected:R}");

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString()!)];
}
