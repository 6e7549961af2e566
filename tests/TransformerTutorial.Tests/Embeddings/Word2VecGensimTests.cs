using System.Text.Json;
using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>The trainer against gensim's where nothing is left to chance, and what both make of counts: tests/oracles/gensim/training.json.</summary>
public class Word2VecGensimTests
{
    private static readonly JsonElement Oracle = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests", "oracles", "gensim", "training.json"))).RootElement;

    private static List<string[]> Sentences => [.. Oracle.GetProperty("sentences").EnumerateArray().Select(line => line.GetString()!.Split(' '))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Vectors_learned_by_hierarchical_softmax_are_gensims(int index)
    {
        var expected = Oracle.GetProperty("models")[index];
        var rate = Oracle.GetProperty("rate").GetDouble();
        var options = new Word2VecOptions
        {
            Architecture = Enum.Parse<Word2VecArchitecture>(expected.GetProperty("architecture").GetString()!),
            Objective = Word2VecObjective.HierarchicalSoftmax,
            VectorSize = Oracle.GetProperty("size").GetInt32(),
            Window = Oracle.GetProperty("window").GetInt32(),
            IsWindowDynamic = false,
            SubsamplingThreshold = 0,
            MinimumCount = 1,
            Epochs = Oracle.GetProperty("epochs").GetInt32(),
            LearningRate = rate,
            FinalLearningRate = rate,
            Seed = Oracle.GetProperty("seed").GetInt64(),
        };
        var model = Word2Vec.Train(Sentences, options);
        Assert.Equal(Strings(expected, "words"), model.Vocabulary.Words);
        Assert.Equal(expected.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()), model.Vocabulary.Counts);
        Assert.Equal(Strings(expected, "codes"), Enumerable.Range(0, model.Vocabulary.Count).Select(model.Tree!.CodeText));

        // gensim looks sigmoids up in a table that is read 0.02 to 0.06 too low; see the oracles' README.
        using var parameters = new Word2VecParameters(model.Vocabulary.Count, options);
        var rows = expected.GetProperty("input").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetSingle()).ToArray()).ToArray();
        var (way, difference) = (0.0, 0.0);
        for (var word = 0; word < rows.Length; word++)
        {
            way += Distance(rows[word], parameters.Input.Row(word));
            difference += Distance(rows[word], model.Input.Row(word));
        }

        Assert.True(way / rows.Length > 0.5, $"the vectors have only gone {way / rows.Length}");
        Assert.True(difference < way * (options.Architecture == Word2VecArchitecture.Cbow ? 0.04 : 0.06), $"off by {difference / way} of the way");
    }

    [Fact]
    public void Words_are_kept_and_drawn_as_often_as_gensim_does()
    {
        var sampling = Oracle.GetProperty("sampling");
        var vocabulary = WordVocabulary.FromSentences(Sentences, sampling.GetProperty("minimum").GetInt64());
        var (kept, drawn) = (Numbers(sampling, "kept"), Numbers(sampling, "drawn"));
        var sampler = new NegativeSampler(vocabulary.Counts, 0.75);
        var words = Strings(sampling, "words");
        Assert.Equal(words.Order(StringComparer.Ordinal), vocabulary.Words.Order(StringComparer.Ordinal));
        var thresholds = Subsampling.Thresholds(vocabulary, sampling.GetProperty("sample").GetDouble());
        for (var i = 0; i < words.Length; i++)
        {
            var id = vocabulary[words[i]];
            Assert.Equal(kept[i], thresholds[id] / 4294967296.0, 1e-9);
            Assert.Equal(drawn[i], sampler.Probabilities[id], 1e-8);
        }

        Assert.Contains(kept, probability => probability < 0.6);
        Assert.Contains(kept, probability => probability > 0.999999);
    }

    private static string[] Strings(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetDouble())];

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return Math.Sqrt(sum);
    }
}
