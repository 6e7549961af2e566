using TransformerTutorial.Tests.Embeddings;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Training;

public class TranslationLossTests
{
    [Fact]
    public void It_is_PyTorchs_cross_entropy_with_label_smoothing_and_padding_left_out()
    {
        foreach (var row in TrainingNumbers.Cases("losses"))
        {
            long[] shape = [row.Int("batch"), row.Int("time"), row.Int("words")];
            var expected = tensor([.. row.GetProperty("expected").EnumerateArray().Select(id => id.GetInt64())], [shape[0], shape[1]]);
            foreach (var (name, loss) in new (string, Func<Tensor, Tensor>)[]
            {
                ("sum", logits => TranslationLoss.Sum(logits, expected, row.Number("smoothing"), row.Int("padding"))),
                ("mean", logits => TranslationLoss.Mean(logits, expected, row.Number("smoothing"), row.Int("padding"))),
            })
            {
                var logits = tensor(row.Numbers("logits"), shape, requires_grad: true);
                var found = loss(logits);
                Assert.Equal(row.Number(name), found.item<double>(), 1e-12);
                found.backward();
                ScientificPython.AssertClose(row.Numbers(name + "Gradient"), logits.grad!, 1e-13);
            }
        }
    }

    [Fact]
    public void By_hand_the_expected_word_gets_the_share_that_is_left_and_all_words_the_rest()
    {
        // One place, three words with probabilities 1/2, 1/4, 1/4; the second is expected.
        var logits = tensor([Math.Log(2), 0, 0], [1L, 1, 3]);
        var expected = tensor([1L], [1L, 1]);
        var (half, quarter) = (Math.Log(2), Math.Log(4));
        Assert.Equal(quarter, TranslationLoss.Sum(logits, expected).item<double>(), 1e-14);
        Assert.Equal((0.7 * quarter) + (0.3 * (half + quarter + quarter) / 3), TranslationLoss.Sum(logits, expected, 0.3).item<double>(), 1e-14);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.Contains("(2, 3, 4) and Int64 (2, 2)", Assert.Throws<ArgumentException>(() => TranslationLoss.Sum(zeros(2, 3, 4), ones(2, 2, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
        Assert.Contains("Float32", Assert.Throws<ArgumentException>(() => TranslationLoss.Sum(zeros(2, 3, 4), ones(2, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("it is 1.5", Assert.Throws<ArgumentException>(() => TranslationLoss.Sum(zeros(2, 3, 4), ones(2, 3, dtype: ScalarType.Int64), 1.5)).Message, StringComparison.Ordinal);
        Assert.Contains("nothing", Assert.Throws<ArgumentException>(() => TranslationLoss.Mean(zeros(2, 3, 4), zeros(2, 3, dtype: ScalarType.Int64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clipping_is_PyTorchs()
    {
        foreach (var row in TrainingNumbers.Cases("clipping"))
        {
            var before = row.Numbers("before");
            var parts = new[] { before[..4], before[4..] }.Select(part =>
            {
                var parameter = new TorchSharp.Modules.Parameter(zeros(part.Length, ScalarType.Float64));
                parameter.grad = tensor(part);
                return parameter;
            }).ToArray();
            Assert.Equal(row.Number("length"), nn.utils.clip_grad_norm_(parts, row.Number("longest")), 1e-12);
            ScientificPython.AssertClose(row.Numbers("after"), cat(parts.Select(part => part.grad!).ToArray(), 0), 1e-12);
        }
    }
}
