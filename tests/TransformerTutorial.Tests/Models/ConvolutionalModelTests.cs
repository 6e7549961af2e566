using TorchSharp;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>Convolutional models against loops over doubles, their reach by gradients, and a task.</summary>
[Collection(ModelDraws.Name)]
public class ConvolutionalModelTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void It_computes_what_loops_compute(bool isCausal, long growth)
    {
        manual_seed(1);
        var model = new ConvolutionalModel(new(5) { OutputVocabulary = 4, Width = 3, Layers = 2, IsCausal = isCausal, DilationGrowth = growth });
        model.to(ScalarType.Float64);
        long[,] ids = { { 1, 4, 2, 0, 3, 1 }, { 2, 2, 3, 4, 0, 0 } };
        int[] lengths = [6, 4];
        var scores = model.call(tensor(ids), lengths);
        Assert.Equal([2L, 6L, 4L], scores.shape);
        var state = model.state_dict();
        var rows = ModelNumbers.RowsOf(state["embedding.weight"]);
        for (var sentence = 0; sentence < 2; sentence++)
        {
            var n = lengths[sentence];
            var x = Enumerable.Range(0, n).Select(t => rows[ids[sentence, t]].ToArray()).ToArray();
            for (var layer = 0; layer < 2; layer++)
            {
                var gap = layer == 0 ? 1 : (int)growth;
                var kernel = state[$"layers.{layer}.weight"];                                        // (2 d, d, k)
                var bias = ModelNumbers.NumbersOf(state[$"layers.{layer}.bias"]);
                double Convolve(int place, int channel) => bias[channel] + Enumerable.Range(0, 3).Sum(tap =>
                {
                    var from = place + (gap * (tap - (isCausal ? 2 : 1)));
                    return from < 0 || from >= n ? 0 : ModelNumbers.Dot(ModelNumbers.NumbersOf(kernel[channel, .., tap]), x[from]);
                });
                x = [.. x.Select((vector, place) => vector.Select((number, channel) => number + (Convolve(place, channel) * ModelNumbers.Sigmoid(Convolve(place, channel + 3)))).ToArray())];
            }

            for (var place = 0; place < n; place++)
            {
                ModelNumbers.AssertClose(ModelNumbers.Map(state, "output", x[place]), scores[sentence, place]);
            }
        }
    }

    [Theory]
    [InlineData(false, 3, 3, 1)]
    [InlineData(false, 5, 2, 1)]
    [InlineData(false, 3, 3, 2)]
    [InlineData(true, 2, 3, 2)]
    [InlineData(true, 3, 4, 1)]
    public void A_place_sees_as_far_as_it_says_and_no_farther(bool isCausal, long kernel, long layers, long growth)
    {
        manual_seed(2);
        var options = new ConvolutionalModelOptions(3) { Width = 4, KernelWidth = kernel, Layers = layers, IsCausal = isCausal, DilationGrowth = growth };
        var model = new ConvolutionalModel(options);
        const int Places = 40;
        const int Middle = 20;
        var x = randn(1, Places, 4).requires_grad_();
        model.ApplyLayers(x)[0, Middle].sum().backward();
        var seen = x.grad![0].abs().sum(1L).data<float>().ToArray();
        var ends = Enumerable.Range(0, Places).Where(place => seen[place] != 0).ToArray();
        Assert.Equal(Middle - options.Reach, ends[0]);
        Assert.Equal(isCausal ? Middle : Middle + options.Reach, ends[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sentence_has_the_same_bits_alone_and_in_a_padded_batch(bool isCausal)
    {
        manual_seed(3);
        var model = new ConvolutionalModel(new(20) { Width = 17, IsCausal = isCausal, DilationGrowth = 2, Layers = 3 });
        var ids = randint(0, 20, [3, 21]);
        int[] lengths = [21, 1, 12];
        var scores = model.call(ids, lengths);
        for (var sentence = 0; sentence < 3; sentence++)
        {
            var alone = model.call(ids.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]));
            ModelNumbers.AssertSameBits(alone, scores.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]));
        }
    }

    [Fact]
    public void It_learns_to_say_what_stood_three_places_before()
    {
        manual_seed(4);
        var model = new ConvolutionalModel(new(6) { Width = 16, Layers = 3, IsCausal = true });
        var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        double Right(Tensor ids, Tensor scores) => scores.narrow(1, 3, 9).argmax(-1).eq(ids.narrow(1, 0, 9)).to(ScalarType.Float32).mean().ToDouble();
        for (var step = 0; step < 150; step++)
        {
            using var scope = NewDisposeScope();
            var ids = randint(0, 6, [32, 12]);
            var loss = nn.functional.cross_entropy(model.call(ids).narrow(1, 3, 9).flatten(0, 1), ids.narrow(1, 0, 9).flatten());
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        var unseen = randint(0, 6, [50, 12]);
        Assert.True(Right(unseen, model.call(unseen)) > 0.98);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_numbers()
    {
        var model = new ConvolutionalModel(new(5));
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(zeros([2, 4])), "Float32", "(2, 4)");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(full([2, 4], 5L)), "from 0 to 4", "5");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(zeros([2, 4], ScalarType.Int64), [4, 5]), "Sentence 1", "5");
        ModelNumbers.AssertSays<ArgumentException>(() => model.ApplyLayers(zeros(2, 4, 5)), "(B, T, 32)", "(2, 4, 5)");
        ModelNumbers.AssertSays<ArgumentException>(() => _ = new ConvolutionalModel(new(5) { KernelWidth = 4 }), "odd", "4");
        Assert.Equal(4, new ConvolutionalModel(new(5) { KernelWidth = 4, IsCausal = true, Layers = 1 }).Options.Reach + 1);
    }
}
