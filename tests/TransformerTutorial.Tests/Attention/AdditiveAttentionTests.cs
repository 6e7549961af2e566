using TorchSharp;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>Additive attention against loops over doubles.</summary>
[Collection(DefaultGenerator.Name)]
public class AdditiveAttentionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_computes_what_loops_compute(bool hasBias)
    {
        manual_seed(7);
        var attention = new AdditiveAttention(queryWidth: 3, memoryWidth: 4, hiddenWidth: 5, hasBias);
        attention.to(ScalarType.Float64);
        var (query, memory) = (randn([2, 3, 3], ScalarType.Float64), randn([2, 6, 4], ScalarType.Float64));
        var mask = Masks.Padding([6, 4]);
        var (output, weights, scores) = attention.call(query, memory, mask);
        double[] Weight(string name) => AttentionNumbers.NumbersOf(attention.state_dict()[name]);
        var (w, u, v) = (Weight("q_proj.weight"), Weight("k_proj.weight"), Weight("score.weight"));
        var b = hasBias ? Weight("q_proj.bias") : new double[5];
        for (var sentence = 0; sentence < 2; sentence++)
        {
            for (var i = 0; i < 3; i++)
            {
                var expected = new double[6];
                for (var j = 0; j < (sentence == 0 ? 6 : 4); j++)
                {
                    var score = 0.0;
                    for (var a = 0; a < 5; a++)
                    {
                        var sum = b[a];
                        for (var c = 0; c < 3; c++)
                        {
                            sum += w[(a * 3) + c] * query[sentence, i, c].item<double>();
                        }

                        for (var c = 0; c < 4; c++)
                        {
                            sum += u[(a * 4) + c] * memory[sentence, j, c].item<double>();
                        }

                        score += v[a] * Math.Tanh(sum);
                    }

                    Assert.Equal(score, scores![sentence, i, j].item<double>(), 1e-13);
                    expected[j] = Math.Exp(score);
                }

                for (var j = 0; j < 6; j++)
                {
                    Assert.Equal(expected[j] / expected.Sum(), weights![sentence, i, j].item<double>(), 1e-13);
                }

                for (var c = 0; c < 4; c++)
                {
                    var mean = Enumerable.Range(0, 6).Sum(j => expected[j] / expected.Sum() * memory[sentence, j, c].item<double>());
                    Assert.Equal(mean, output[sentence, i, c].item<double>(), 1e-13);
                }
            }
        }
    }

    [Fact]
    public void Every_parameter_gets_the_gradient_that_a_step_shows()
    {
        manual_seed(8);
        var attention = new AdditiveAttention(2, 3, 4, hasBias: true);
        attention.to(ScalarType.Float64);
        var (query, memory) = (randn([1, 2, 2], ScalarType.Float64), randn([1, 3, 3], ScalarType.Float64));
        double Loss()
        {
            using var off = no_grad();
            return attention.call(query, memory).Output.square().sum().item<double>();
        }

        attention.call(query, memory).Output.square().sum().backward();
        foreach (var (name, parameter) in attention.named_parameters())
        {
            var numbers = parameter.detach().flatten().data<double>();
            var before = numbers[0];
            numbers[0] = before + 1e-6;
            var above = Loss();
            numbers[0] = before - 1e-6;
            var below = Loss();
            numbers[0] = before;
            Assert.Equal((above - below) / 2e-6, parameter.grad!.flatten().data<double>()[0], 1e-7);
            Assert.True(above != below, name);
        }
    }

    [Fact]
    public void A_projection_made_before_changes_no_bit_and_sentences_do_not_meet()
    {
        manual_seed(9);
        var attention = new AdditiveAttention(6, 5, 20);
        var (query, memory) = (randn(3, 2, 6), randn(3, 18, 5));
        var whole = attention.call(query, memory, Masks.Padding([17, 17, 17], 18));
        AttentionNumbers.AssertSameBits(whole.Output, attention.Attend(query, memory, attention.ProjectMemory(memory), Masks.Padding([17, 17, 17], 18)).Output);
        for (var sentence = 0; sentence < 3; sentence++)
        {
            var alone = attention.call(query.narrow(0, sentence, 1), memory.narrow(0, sentence, 1).narrow(1, 0, 17));
            AttentionNumbers.AssertSameBits(alone.Output, whole.Output.narrow(0, sentence, 1));
        }
    }

    [Fact]
    public void A_query_that_may_look_at_nothing_has_zeros_and_passes_no_gradient()
    {
        manual_seed(10);
        var attention = new AdditiveAttention(2, 3, 4);
        var (query, memory) = (randn(2, 2, 2).requires_grad_(), randn(2, 5, 3).requires_grad_());
        var (output, weights, _) = attention.call(query, memory, Masks.Padding([0, 5]));
        (output.sum() + weights!.square().sum()).backward();
        foreach (var tensor in (Tensor[])[output, weights, query.grad!, memory.grad!])
        {
            AttentionNumbers.AssertAllZero(tensor[0]);
            Assert.All(AttentionNumbers.NumbersOf(tensor[1]), number => Assert.True(double.IsFinite(number) && number != 0));
        }
    }

    [Fact]
    public void Nothing_but_the_result_is_left_in_the_scope()
    {
        var attention = new AdditiveAttention(2, 3, 4);
        var (query, memory) = (zeros(1, 2, 2), zeros(1, 5, 3));
        using var scope = NewDisposeScope();
        attention.call(query, memory, null);
        Assert.Equal(3, scope.DisposablesCount);
    }

    [Fact]
    public void Other_shapes_are_refused_with_all_of_them()
    {
        var attention = new AdditiveAttention(2, 3, 4);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(zeros(1, 2, 3), zeros(1, 5, 3)), "(B, T, 2)", "(1, 2, 3)", "(1, 5, 3)");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(zeros(1, 2, 2), zeros(1, 5, 2)), "(B, S, 3)", "(1, 5, 2)");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(zeros(2, 2, 2), zeros(1, 5, 3)), "(2, 2, 2)");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(zeros(1, 2, 2, ScalarType.Float64), zeros(1, 5, 3)), "Float32", "the query (1, 2, 2) is Float64");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(zeros(1, 2, 2), zeros(1, 5, 3, ScalarType.Float64)), "Float32", "the memory (1, 5, 3) is Float64");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(1, 2, 2), zeros(1, 5, 3), zeros(1, 5, 4, ScalarType.Float64)), "the projected memory (1, 5, 4) is Float64");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(zeros(1, 2, 2), zeros(1, 5, 3), Masks.Causal(3)), "(3, 3)", "(1, 1, 2, 5)");
    }
}
