using System.Runtime.Intrinsics;
using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>What the trainer is made of, each part against its definition or a slow second implementation.</summary>
public class Word2VecPartsTests
{
    [Fact]
    public void The_examples_of_a_pass_are_those_of_the_definition()
    {
        // Sentence by sentence: which words are kept, how wide each window is, which words are drawn; the same generator, asked in the same order.
        foreach (var architecture in Enum.GetValues<Word2VecArchitecture>())
        {
            var options = new Word2VecOptions { Architecture = architecture, VectorSize = 3, Window = 4, NegativeSamples = 3, SubsamplingThreshold = 0.03, MinimumCount = 3, Epochs = 3, LearningRate = 0.1, FinalLearningRate = 0.01, Seed = 9 };
            var sentences = Word2VecReplayTests.RandomSentences(TestSeed.Random(1), 60, 12, 30);
            var examples = new List<Word2VecExample>();
            var model = Word2Vec.Train(sentences, options, examples: examples.Add);
            var expected = Definition(sentences, options, model.Vocabulary);
            Assert.Equal(expected.Count, examples.Count);
            foreach (var (want, have) in expected.Zip(examples))
            {
                Assert.Equal(want.Inputs, have.Inputs);
                Assert.Equal(want.Target, have.Target);
                Assert.Equal(want.Negatives, have.Negatives);
                Assert.Equal(want.LearningRate, have.LearningRate, 1e-7f);
            }
        }
    }

    [Fact]
    public void Without_dynamic_windows_and_subsampling_every_pair_within_the_window_is_an_example()
    {
        List<string[]> sentences = [["a", "b", "c", "d"], ["b"], [], ["d", "a"]];
        var pairs = new List<string>();
        var options = new Word2VecOptions { Architecture = Word2VecArchitecture.SkipGram, Window = 2, IsWindowDynamic = false, SubsamplingThreshold = 0, MinimumCount = 1, Epochs = 1, VectorSize = 2 };
        var vocabulary = WordVocabulary.FromSentences(sentences);
        Word2Vec.Train(sentences, options, examples: example => pairs.Add(vocabulary.Words[example.Inputs.Single()] + vocabulary.Words[example.Target]));
        Assert.Equal(["ba", "ca", "ab", "cb", "db", "ac", "bc", "dc", "bd", "cd", "ad", "da"], pairs);
    }

    [Fact]
    public void The_rate_falls_on_a_line_over_all_words_of_all_passes()
    {
        List<string[]> sentences = [.. Enumerable.Repeat<string[]>(["a", "b"], 20_000)];
        var rates = new List<float>();
        var options = new Word2VecOptions { Architecture = Word2VecArchitecture.Cbow, SubsamplingThreshold = 0, MinimumCount = 1, Epochs = 2, VectorSize = 2, LearningRate = 0.5, FinalLearningRate = 0.1 };
        Word2Vec.Train(sentences, options, examples: example => rates.Add(example.LearningRate));
        Assert.Equal(80_000, rates.Count);
        for (var i = 0; i < rates.Count; i++)
        {
            Assert.Equal(0.5 - (0.4 * (i / 2) / 40_000), rates[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(0.75)]
    [InlineData(1.0)]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(0.3)]
    public void Negative_samples_come_in_proportion_to_a_power_of_the_counts(double exponent)
    {
        var random = TestSeed.Random(2);
        var counts = Enumerable.Range(0, 300).Select(_ => 1 + (long)(10_000 * Math.Pow(random.NextDouble(), 4))).ToArray();
        var sampler = new NegativeSampler(counts, exponent);
        var weights = counts.Select(count => Math.Pow(count, exponent)).ToArray();
        for (var i = 0; i < counts.Length; i++)
        {
            Assert.Equal(weights[i] / weights.Sum(), sampler.Probabilities[i], 1e-8);
        }

        const int Draws = 1_000_000;
        var seen = new long[counts.Length];
        var generator = new Word2VecRandom(1, 2, 3);
        for (var i = 0; i < Draws; i++)
        {
            seen[sampler.Draw(ref generator)]++;
        }

        // Chi-square with 299 degrees of freedom: mean 299, standard deviation √598 = 24.5; six of them on either side.
        var chiSquare = seen.Zip(sampler.Probabilities, (have, p) => (have - (Draws * p)) * (have - (Draws * p)) / (Draws * p)).Sum();
        Assert.InRange(chiSquare, 299 - (6 * 24.5), 299 + (6 * 24.5));
    }

    [Fact]
    public void A_power_by_square_roots_is_the_power()
    {
        foreach (var value in new[] { 1.0, 2, 3, 17, 12_345, 987_654_321 })
        {
            foreach (var exponent in new[] { 0, 0.25, 0.5, 0.75, 1, 1.5, 2.75, 0.1, -0.75 })
            {
                Assert.Equal(1, NegativeSampler.Power(value, exponent) / Math.Pow(value, exponent), 1e-7);
            }
        }

        Assert.Equal(Math.Sqrt(5) * Math.Sqrt(Math.Sqrt(5)), NegativeSampler.Power(5, 0.75));
    }

    [Fact]
    public void Subsampling_keeps_words_as_often_as_word2vec_and_gensim_do()
    {
        // gensim: threshold = sample · total; (√(count / threshold) + 1) · threshold / count.
        foreach (var (count, total, sample) in new[] { (500L, 10_000L, 1e-3), (9_000, 10_000, 1e-3), (3, 10_000, 1e-3), (1234, 56_789, 1e-2), (10, 10_000, 1e-3) })
        {
            var threshold = sample * total;
            Assert.Equal(Math.Min(1, (Math.Sqrt(count / threshold) + 1) * (threshold / count)), Subsampling.KeepProbability(count, total, sample), 1e-12);
        }

        Assert.Equal(1, Subsampling.KeepProbability(9_999, 10_000, 0));
        Assert.Equal(0.11, Subsampling.KeepProbability(10, 100, 1e-3), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Subsampling.KeepProbability(0, 10, 1e-3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Subsampling.KeepProbability(11, 10, 1e-3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Subsampling.KeepProbability(1, 10, double.NaN));
    }

    [Fact]
    public void Frequent_words_are_left_out_as_often_as_the_formula_says()
    {
        var random = TestSeed.Random(3);
        List<string[]> sentences = [.. Enumerable.Range(0, 4_000).Select(_ => new[] { "the", "the", "of", $"word{random.Next(200)}" })];
        var targets = new Dictionary<string, long>();
        var vocabulary = WordVocabulary.FromSentences(sentences);
        var options = new Word2VecOptions { Architecture = Word2VecArchitecture.Cbow, Window = 3, SubsamplingThreshold = 0.01, MinimumCount = 1, Epochs = 5, VectorSize = 2, IsWindowDynamic = false };
        Word2Vec.Train(sentences, options, examples: example =>
        {
            var word = vocabulary.Words[example.Target];
            targets[word] = targets.GetValueOrDefault(word) + 1;
        });

        // Every word with a number is rare and kept, so whatever else is kept has a neighbour and is a target.
        var (the, of) = (Subsampling.KeepProbability(8_000, 16_000, 0.01), Subsampling.KeepProbability(4_000, 16_000, 0.01));
        AssertNear(40_000 * the, targets["the"]);
        AssertNear(20_000 * of, targets["of"]);

        static void AssertNear(double expected, long actual) => Assert.InRange(actual, expected - (6 * Math.Sqrt(expected)), expected + (6 * Math.Sqrt(expected)));
    }

    [Fact]
    public void The_exponential_and_the_logarithm_are_as_good_as_the_platforms()
    {
        for (var x = -87f; x <= 87; x += 0.0137f)
        {
            var (have, want) = (Logistic.Exp(Vector128.Create(x))[0], Math.Exp(x));
            Assert.True(Math.Abs(have - want) <= want * 2e-7, $"e^{x} is {want}, not {have}");
        }

        for (var x = 1e-300; x < 1e300; x *= 1.37)
        {
            Assert.Equal(Math.Log(x), Logistic.Log(x), Math.Max(1e-14, 1e-15 * Math.Abs(Math.Log(x))));
        }
    }

    private static List<Word2VecExample> Definition(List<List<string>> sentences, Word2VecOptions options, WordVocabulary vocabulary)
    {
        var (total, kept) = (sentences.Sum(sentence => sentence.Count), vocabulary.Counts.Sum());
        var sampler = new NegativeSampler(vocabulary.Counts, options.NegativeExponent);
        var examples = new List<Word2VecExample>();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            var before = 0;
            foreach (var (number, sentence) in sentences.Index())
            {
                var random = new Word2VecRandom(options.Seed, epoch, number);
                var rate = 0.1 - (0.09 * ((epoch * total) + before) / (3.0 * total));
                var words = new List<int>();
                foreach (var id in sentence.Where(word => vocabulary.TryGetId(word, out _)).Select(word => vocabulary[word]))
                {
                    var probability = Subsampling.KeepProbability(vocabulary.Counts[id], kept, options.SubsamplingThreshold);
                    if (probability == 1 || random.Next() < probability * Math.Pow(2, 32))
                    {
                        words.Add(id);
                    }
                }

                for (var middle = 0; middle < words.Count; middle++)
                {
                    var reach = 1 + (int)((ulong)random.Next() * (ulong)options.Window / (1UL << 32));
                    int[] around = [.. Enumerable.Range(0, words.Count).Where(place => place != middle && Math.Abs(place - middle) <= reach)];
                    if (options.Architecture == Word2VecArchitecture.SkipGram)
                    {
                        foreach (var place in around)
                        {
                            examples.Add(new Word2VecExample([words[place]], words[middle], Draw(words[middle]), (float)rate));
                        }
                    }
                    else if (around.Length > 0)
                    {
                        examples.Add(new Word2VecExample([.. around.Select(place => words[place])], words[middle], Draw(words[middle]), (float)rate));
                    }
                }

                before += sentence.Count;

                int[] Draw(int target) => [.. Enumerable.Range(0, options.NegativeSamples).Select(_ => sampler.Draw(ref random)).Where(id => id != target)];
            }
        }

        return examples;
    }
}
