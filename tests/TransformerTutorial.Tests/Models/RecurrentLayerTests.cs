using TorchSharp;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>Recurrent layers against loops over doubles, and against themselves with other padding.</summary>
[Collection(ModelDraws.Name)]
public class RecurrentLayerTests
{
    [Theory]
    [InlineData(RecurrentCell.Plain)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void It_computes_what_loops_compute(RecurrentCell cell)
    {
        manual_seed(1);
        var layer = new RecurrentLayer(cell, inputWidth: 3, hiddenWidth: 4);
        layer.to(ScalarType.Float64);
        var input = randn([2, 5, 3], ScalarType.Float64);
        int[] lengths = [3, 5];
        var (outputs, last) = layer.call(input, lengths);
        for (var sentence = 0; sentence < 2; sentence++)
        {
            var (h, memory) = (new double[4], new double[4]);
            for (var t = 0; t < 5; t++)
            {
                if (t < lengths[sentence])
                {
                    (h, memory) = ModelNumbers.Step(cell, layer.state_dict(), "network", ModelNumbers.NumbersOf(input[sentence, t]), h, memory);
                }

                ModelNumbers.AssertClose(t < lengths[sentence] ? h : new double[4], outputs[sentence, t]);
            }

            ModelNumbers.AssertClose(h, last.Top[sentence]);
            Assert.Equal(cell == RecurrentCell.Lstm, last.Memory is not null);
            if (last.Memory is not null)
            {
                ModelNumbers.AssertClose(memory, last.Memory[0, sentence]);
            }
        }
    }

    [Fact]
    public void Two_layers_from_both_ends_compute_what_loops_compute()
    {
        manual_seed(2);
        var layer = new RecurrentLayer(RecurrentCell.Gru, inputWidth: 3, hiddenWidth: 2, layers: 2, isBidirectional: true);
        layer.to(ScalarType.Float64);
        var input = randn([2, 4, 3], ScalarType.Float64);
        int[] lengths = [4, 2];
        var (outputs, last) = layer.call(input, lengths);
        Assert.Equal([4L, 2L, 2L], last.Hidden.shape);
        for (var sentence = 0; sentence < 2; sentence++)
        {
            var below = Enumerable.Range(0, lengths[sentence]).Select(t => ModelNumbers.NumbersOf(input[sentence, t])).ToArray();
            for (var level = 0; level < 2; level++)
            {
                double[][] Direction(string suffix, bool reverse, int entry)
                {
                    var h = new double[2];
                    var states = (reverse ? below.Reverse() : below).Select(x => h = ModelNumbers.Step(RecurrentCell.Gru, layer.state_dict(), "network", x, h, h, suffix).Hidden).ToArray();
                    ModelNumbers.AssertClose(h, last.Hidden[entry, sentence]);
                    return reverse ? [.. states.Reverse()] : states;
                }

                below = [.. Direction($"l{level}", false, 2 * level).Zip(Direction($"l{level}_reverse", true, (2 * level) + 1), (a, b) => (double[])[.. a, .. b])];
            }

            for (var t = 0; t < 4; t++)
            {
                ModelNumbers.AssertClose(t < lengths[sentence] ? below[t] : new double[4], outputs[sentence, t]);
            }
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Plain, false)]
    [InlineData(RecurrentCell.Lstm, true)]
    [InlineData(RecurrentCell.Gru, true)]
    public void A_sentence_has_the_same_bits_alone_and_in_a_padded_batch(RecurrentCell cell, bool isBidirectional)
    {
        manual_seed(3);
        var layer = new RecurrentLayer(cell, inputWidth: 17, hiddenWidth: 19, isBidirectional: isBidirectional);
        var input = randn(4, 9, 17);
        int[] lengths = [2, 9, 1, 6];
        var (outputs, last) = layer.call(input, lengths);
        for (var sentence = 0; sentence < 4; sentence++)
        {
            var (alone, end) = layer.call(input.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]));
            ModelNumbers.AssertSameBits(alone, outputs.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]));
            ModelNumbers.AssertSameBits(end.Hidden, last.Hidden.narrow(1, sentence, 1));
            Assert.All(ModelNumbers.NumbersOf(outputs[sentence].narrow(0, lengths[sentence], 9 - lengths[sentence])), number => Assert.Equal(0, number));
        }
    }

    [Theory]
    [InlineData(RecurrentCell.Plain)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void Reading_in_two_parts_gives_the_same_bits(RecurrentCell cell)
    {
        manual_seed(4);
        var layer = new RecurrentLayer(cell, inputWidth: 5, hiddenWidth: 18, layers: 2);
        var input = randn(3, 7, 5);
        var (whole, end) = layer.call(input);
        var (first, middle) = layer.call(input.narrow(1, 0, 4));
        var (second, last) = layer.call(input.narrow(1, 4, 3), state: middle);
        ModelNumbers.AssertSameBits(whole, cat([first, second], 1));
        ModelNumbers.AssertSameBits(end.Hidden, last.Hidden);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_numbers()
    {
        var layer = new RecurrentLayer(RecurrentCell.Lstm, 3, 4);
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 5, 4)), "(B, T, 3)", "(2, 5, 4)");
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 0, 3)), "(2, 0, 3)");
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 5, 3), [5]), "1 lengths for 2 sentences");
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 5, 3), [5, 0]), "Sentence 1", "length 0", "T = 5");
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 5, 3), [6, 5]), "Sentence 0", "length 6");
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 5, 3), null, new(zeros(1, 2, 4))), "(1, 2, 4)", "no memory");
        ModelNumbers.AssertSays<ArgumentException>(() => layer.call(zeros(2, 5, 3), null, new(zeros(1, 3, 4), zeros(1, 3, 4))), "(1, 3, 4)");
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new RecurrentLayer((RecurrentCell)7, 3, 4));
    }
}
