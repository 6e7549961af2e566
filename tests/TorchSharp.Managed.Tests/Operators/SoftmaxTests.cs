using TorchSharp.Kernels;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Softmax and attention: values, gradients by two ways, and bits that nothing else changes.</summary>
public class SoftmaxTests
{
    private static Tensor Numbers(int number, params long[] shape)
    {
        var random = TestSeed.Random(number);
        var count = (int)shape.Aggregate(1L, (x, y) => x * y);
        return tensor(Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 8).ToArray()).reshape(shape);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_dimension_gives_the_bits_of_the_last_one(int dim)
    {
        var x = Numbers(1, 5, 37, 4);
        long[] order = [.. Enumerable.Range(0, 3).Where(d => d != dim).Select(d => (long)d), dim];
        var moved = x.permute(order).contiguous();
        Assert.Equal(moved.softmax(-1).data<float>().ToArray(), x.softmax(dim).permute(order).contiguous().data<float>().ToArray());
        Assert.Equal(moved.log_softmax(-1).data<float>().ToArray(), x.log_softmax(dim).permute(order).contiguous().data<float>().ToArray());
        Assert.Equal(moved.logsumexp(-1).data<float>().ToArray(), x.logsumexp(dim).data<float>().ToArray());
    }

    [Fact]
    public void Values_agree_with_a_plain_loop_in_double()
    {
        var x = Numbers(2, 3, 50);
        var values = x.data<float>().ToArray();
        var softmax = x.softmax(1).data<float>().ToArray();
        for (var row = 0; row < 3; row++)
        {
            var e = values[(row * 50)..((row + 1) * 50)].Select(v => Math.Exp(v)).ToArray();
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal(e[i] / e.Sum(), softmax[(row * 50) + i], 1e-7);
            }
        }
    }

    [Fact]
    public void The_fused_gradients_are_those_composed_of_operations()
    {
        foreach (var operation in new Func<Tensor, Tensor>[] { x => x.softmax(1), x => x.log_softmax(1), x => x.softmax(0), x => x.logsumexp(1) })
        {
            var x = Numbers(3, 4, 9).to(ScalarType.Float64).requires_grad_();
            var y = operation(x);
            var g = Numbers(4, y.shape).to(ScalarType.Float64);
            var fused = autograd.grad([y], [x], [g], retain_graph: true)[0]!;
            var composed = autograd.grad([y], [x], [g], create_graph: true)[0]!;
            Assert.True(fused.allclose(composed, 1e-12, 1e-14));
        }
    }

    [Fact]
    public void Masked_columns_behind_change_no_bit_and_a_row_of_nothing_is_NaN()
    {
        var x = Numbers(5, 3, 20);
        var masked = cat([x, full([3, 13], float.NegativeInfinity)], 1).softmax(1);
        Assert.Equal(x.softmax(1).data<float>().ToArray(), masked.narrow(1, 0, 20).contiguous().data<float>().ToArray());
        Assert.All(full([1, 4], float.NegativeInfinity).softmax(1).data<float>().ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Attention_of_one_step_after_the_other_has_the_bits_of_the_causal_mask()
    {
        var (q, k, v) = (Numbers(6, 2, 3, 17, 8), Numbers(7, 2, 3, 17, 8), Numbers(8, 2, 3, 17, 8));
        var whole = Attention.ScaledDotProduct(q, k, v, null, 0, isCausal: true);
        for (var t = 0L; t < 17; t++)
        {
            var step = Attention.ScaledDotProduct(q.narrow(2, t, 1), k.narrow(2, 0, t + 1), v.narrow(2, 0, t + 1), null, 0, isCausal: false);
            Assert.Equal(step.data<float>().ToArray(), whole.narrow(2, t, 1).contiguous().data<float>().ToArray());
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var before = Workers.Count;
        var x = Numbers(9, 300, 70);
        var results = new List<float[]>();
        foreach (var threads in (int[])[1, 2, 4])
        {
            Workers.Count = threads;
            results.Add([.. x.softmax(1).data<float>(), .. x.softmax(0).data<float>(), .. x.sum(dim: 0).data<float>(), .. x.sum(dim: 1).data<float>(), .. x.matmul(x.T).sum(dim: 0).data<float>()]);
        }

        Workers.Count = before;
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }
}
