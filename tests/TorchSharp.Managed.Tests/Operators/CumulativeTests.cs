using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Running sums and products, also through zeros, against plain loops.</summary>
public class CumulativeTests
{
    [Fact]
    public void Running_sums_and_products_are_loops_along_any_dimension()
    {
        var x = tensor(new float[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3);
        Assert.Equal([1, 3, 6, 4, 9, 15], x.cumsum(1).data<float>().ToArray());
        Assert.Equal([1, 2, 3, 5, 7, 9], x.cumsum(0).data<float>().ToArray());
        Assert.Equal([1, 2, 6, 4, 20, 120], x.cumprod(-1).data<float>().ToArray());
        Assert.Equal([1, 2, 2], tensor(new bool[] { true, true, false }).cumsum(0).data<long>().ToArray());
        Assert.Equal(ScalarType.Int64, tensor(new int[] { 1 }).cumprod(0).dtype);
    }

    [Fact]
    public void Gradients_of_products_hold_through_zeros() => TestSeed.ForEachCase(20, (number, random) =>
    {
        // d (sum of g y) / d x[i] by leaving x[i] out of every product that has it.
        var n = random.Next(1, 7);
        var values = Enumerable.Range(0, n).Select(_ => (double)random.Next(number % 2, 3)).ToArray();
        var g = Enumerable.Range(0, n).Select(_ => (double)random.Next(-3, 4)).ToArray();
        var running = new double[n];
        var whole = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++)
            {
                var others = Enumerable.Range(0, j + 1).Where(k => k != i).Aggregate(1.0, (product, k) => product * values[k]);
                running[i] += g[j] * others;
                whole[i] = others;
            }
        }

        var x = tensor(values).requires_grad_();
        (x.cumprod(0) * tensor(g)).sum().backward();
        Assert.True(x.grad!.allclose(tensor(running)));
        foreach (var product in new Func<Tensor, Tensor>[] { t => t.prod(), t => t.prod(dim: 0), t => t.reshape(1, -1).prod() })
        {
            var y = tensor(values).requires_grad_();
            product(y).backward();
            Assert.True(y.grad!.allclose(tensor(whole)));
        }
    });

    [Fact]
    public void The_gradient_of_running_sums_is_a_running_sum_from_behind()
    {
        var x = zeros(2, 3).requires_grad_();
        (x.cumsum(1) * tensor(new float[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3)).sum().backward();
        Assert.Equal([6, 5, 3, 15, 11, 6], x.grad!.data<float>().ToArray());
    }
}
