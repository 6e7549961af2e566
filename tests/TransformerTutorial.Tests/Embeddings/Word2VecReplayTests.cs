using TransformerTutorial.Embeddings;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>
/// The trainer against gradient descent written with autograd: the trainer tells its examples, each is done again as a loss of two matrices in double precision, and all vectors must agree in the end.
/// </summary>
public class Word2VecReplayTests
{
    public static TheoryData<Word2VecOptions> Combinations
    {
        get
        {
            var data = new TheoryData<Word2VecOptions>();
            foreach (var objective in Enum.GetValues<Word2VecObjective>())
            {
                var options = new Word2VecOptions { Objective = objective, VectorSize = 20, Window = 2, NegativeSamples = 5, SubsamplingThreshold = 0.05, MinimumCount = 1, Epochs = 2, LearningRate = 0.3, FinalLearningRate = 0.2, Seed = 5 };
                data.Add(options with { Architecture = Word2VecArchitecture.SkipGram });
                data.Add(options with { Architecture = Word2VecArchitecture.Cbow });
                data.Add(options with { Architecture = Word2VecArchitecture.Cbow, IsMeanGradientExact = true });
                data.Add(options with { Architecture = Word2VecArchitecture.Cbow, ContextCombination = ContextCombination.Sum });
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Every_step_is_a_step_of_gradient_descent_on_the_loss_of_its_example(Word2VecOptions options)
    {
        var sentences = RandomSentences(TestSeed.Random(), count: 25, longest: 9, words: 8);
        var examples = new List<Word2VecExample>();
        var model = Word2Vec.Train(sentences, options, examples: examples.Add);
        Assert.True(examples.Count > 100, $"only {examples.Count} examples");
        if (options.Objective == Word2VecObjective.NegativeSampling)
        {
            // Five words drawn, and one of them twice: the six rows of the usual step, of which two are one.
            Assert.Contains(examples, example => example.Negatives.Count == 5 && example.Negatives.Distinct().Count() < 5);
        }

        using var scope = NewDisposeScope();
        using var parameters = new Word2VecParameters(model.Vocabulary.Count, options);
        var w = tensor(parameters.Input.ToArray(), [parameters.Input.Rows, options.VectorSize], ScalarType.Float64, requires_grad: true);           // (V, d)
        var v = zeros([parameters.Output.Rows, options.VectorSize], ScalarType.Float64, requires_grad: true);                    // (V, d) or (V - 1, d)
        var losses = new List<double>();
        foreach (var example in examples)
        {
            using var inner = NewDisposeScope();
            var loss = Loss(example, options, model, w, v);
            loss.backward();
            losses.Add(loss.item<double>());
            using (no_grad())
            {
                // What word2vec.c and gensim do with a mean: each of the n vectors moves n times as far.
                var isInflated = options.Architecture == Word2VecArchitecture.Cbow && options.ContextCombination == ContextCombination.Mean && !options.IsMeanGradientExact;
                w.sub_(w.grad! * example.LearningRate * (isInflated ? example.Inputs.Count : 1));
                v.sub_(v.grad! * example.LearningRate);
            }

            w.grad!.zero_();
            v.grad!.zero_();
        }

        AssertClose(w, model.Input.ToTensor(), 2e-5);
        AssertClose(v, model.OutputToTensor(), 2e-5);

        // The examples of both passes stand one behind the other; the means of the two passes must be the reported ones.
        var (first, second) = (model.Losses[0], model.Losses[1]);
        var cut = Enumerable.Range(1, losses.Count - 1).MinBy(at => Math.Abs(losses.Take(at).Average() - first) + Math.Abs(losses.Skip(at).Average() - second));
        Assert.Equal(losses.Take(cut).Average(), first, 1e-5);
        Assert.Equal(losses.Skip(cut).Average(), second, 1e-5);
    }

    private static Tensor Loss(Word2VecExample example, Word2VecOptions options, Word2VecModel model, Tensor w, Tensor v)
    {
        var rows = w.index_select(0, tensor(example.Inputs.Select(id => (long)id).ToArray()));                              // (n, d)
        var hidden = options.ContextCombination == ContextCombination.Sum ? rows.sum(0L) : rows.mean([0L]);                 // (d)
        switch (options.Objective)
        {
            case Word2VecObjective.FullSoftmax:
                return -v.mv(hidden).log_softmax(0)[example.Target];
            case Word2VecObjective.HierarchicalSoftmax:
                var (nodes, signs) = (new List<long>(), new List<double>());
                for (var i = 0; i < model.Tree!.Path(example.Target).Length; i++)
                {
                    nodes.Add(model.Tree.Path(example.Target)[i]);
                    signs.Add(model.Tree.Code(example.Target)[i] ? -1 : 1);
                }

                return -(v.index_select(0, tensor(nodes.ToArray())).mv(hidden) * tensor(signs.ToArray())).sigmoid().log().sum();
            default:
                var positive = v[example.Target].dot(hidden).sigmoid().log();
                return example.Negatives.Count == 0 ? -positive
                    : -(positive + (-v.index_select(0, tensor(example.Negatives.Select(id => (long)id).ToArray())).mv(hidden)).sigmoid().log().sum());
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var difference = (expected.detach() - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(actual.abs().max().item<float>() > 0.05, "the vectors have hardly moved");
        Assert.True(difference < tolerance, $"the vectors differ by {difference}");
    }

    internal static List<List<string>> RandomSentences(Random random, int count, int longest, int words) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(longest + 1)).Select(_ => $"w{(int)(words * random.NextDouble() * random.NextDouble())}").ToList())];
}
