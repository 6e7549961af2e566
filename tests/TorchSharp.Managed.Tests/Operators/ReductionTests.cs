using System.Runtime.InteropServices;
using TorchSharp.Kernels;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Sums, means, extremes and their kin, against plain loops and numbers worked out by hand.</summary>
public unsafe class ReductionTests
{
    private static torch.Tensor Floats(long[] shape, params float[] values)
    {
        var result = torch.Tensor.Allocate(torch.ScalarType.Float32, shape);
        values.CopyTo(new Span<float>(result.Pointer<float>(), values.Length));
        return result;
    }

    private static torch.Tensor RandomFloats(int seed, params long[] shape)
    {
        var random = new Random(seed);
        return Floats(shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (x, y) => x * y)).Select(_ => (random.NextSingle() - 0.5f) * 10)]);
    }

    private static T[] Values<T>(torch.Tensor tensor)
        where T : unmanaged
    {
        using var dense = tensor.contiguous();
        var result = new Span<T>(dense.Pointer<T>(), (int)dense.NumberOfElements).ToArray();
        GC.KeepAlive(dense);
        return result;
    }

    // The order of summation, written down a second time.
    private static float SumInOrder(float[] x)
    {
        var total = 0.0;
        foreach (var block in x.Chunk(4096))
        {
            var lanes = new float[16];
            for (var i = 0; i < block.Length; i++)
            {
                lanes[i % 16] += block[i];
            }

            for (var distance = 8; distance > 0; distance /= 2)
            {
                for (var l = 0; l < distance; l++)
                {
                    lanes[l] += lanes[l + distance];
                }
            }

            total += lanes[0];
        }

        return (float)total;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sum_has_the_bits_of_the_documented_order_whatever_the_dimension_and_the_strides(int dimension)
    {
        long[] shape = [3, 7, 5];
        shape[dimension] = 9001;
        var x = RandomFloats(7, shape);
        var strided = torch.Tensor.Allocate(torch.ScalarType.Float32, shape[2], shape[0], shape[1]).Alias(shape, [shape[1], 1, shape[0] * shape[1]], 0);
        Copying.Copy(x, strided);
        var sum = Values<float>(x.sum(dimension));
        Assert.Equal(sum, Values<float>(strided.sum(dimension)));

        var values = Values<float>(x);
        long[] rest = [.. shape.Where((_, d) => d != dimension)];
        var strides = Shapes.ContiguousStrides(shape);
        var outer = Shapes.ContiguousStrides(rest);
        for (var i = 0; i < sum.Length; i++)
        {
            var first = 0L;
            for (int d = 0, r = 0; d < 3; d++)
            {
                if (d != dimension)
                {
                    first += i / outer[r] % rest[r] * strides[d];
                    r++;
                }
            }

            Assert.Equal(SumInOrder([.. Enumerable.Range(0, 9001).Select(j => values[first + (j * strides[dimension])])]), sum[i]);
        }
    }

    [Fact]
    public void Several_dimensions_are_summed_in_logical_order()
    {
        var x = RandomFloats(1, 4, 30, 5);
        var copy = Values<float>(x);
        var expected = Enumerable.Range(0, 30).Select(j => SumInOrder([.. Enumerable.Range(0, 20).Select(i => copy[(i / 5 * 150) + (j * 5) + (i % 5)])])).ToArray();
        Assert.Equal(expected, Values<float>(x.sum([0, 2])));
        Assert.Equal(expected, Values<float>(x.sum([2, 0], keepdim: true)));
        Assert.Equal([1, 30, 1], x.sum([2, 0], keepdim: true).shape);
        Assert.Equal([SumInOrder(copy)], Values<float>(x.sum()));
    }

    [Fact]
    public void Sums_of_whole_numbers_are_Int64_and_their_mean_is_an_error()
    {
        var x = torch.Tensor.Zeros(torch.ScalarType.Int32, 2, 2).fill_(2_000_000_000);
        Assert.Equal(torch.ScalarType.Int64, x.sum().dtype);
        Assert.Equal([8_000_000_000], Values<long>(x.sum()));
        Assert.Contains("[2, 2]", Assert.Throws<ExternalException>(() => x.mean()).Message, StringComparison.Ordinal);
        Assert.Equal([2e9f, 2e9f], Values<float>(x.mean([0], type: torch.ScalarType.Float32)));
    }

    [Fact]
    public void Nothing_sums_to_zero_multiplies_to_one_and_has_no_mean()
    {
        var x = Floats([0, 2]);
        Assert.Equal([0, 0], Values<float>(x.sum(0L)));
        Assert.Equal([1, 1], Values<float>(x.prod(0L)));
        Assert.True(float.IsNaN(Values<float>(x.mean())[0]));
        Assert.Equal([1], Values<byte>(x.all()));
        Assert.Equal([0], Values<byte>(x.any()));
        Assert.Empty(Values<float>(x.sum(1)));
    }

    [Fact]
    public void The_gradient_of_a_sum_is_one_and_of_a_mean_one_over_the_count()
    {
        var x = RandomFloats(2, 2, 4).requires_grad_();
        x.sum(1).sum().backward();
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1], Values<float>(x.grad!));
        var y = RandomFloats(2, 2, 4).requires_grad_();
        y.mean([0, 1]).backward();
        Assert.All(Values<float>(y.grad!), value => Assert.Equal(0.125f, value));
    }
}
