using System.Runtime.InteropServices;
using FsCheck.Fluent;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>Tensors of random shapes, layouts and values for the property tests, and their bits for exact comparison.</summary>
internal static class RandomTensors
{
    /// <summary>Checks assertions for so many random cases.</summary>
    public static void ForAll(int cases, Action<Random> assertions) => PropertyCheck.ForAll(
        Gen.Choose(0, int.MaxValue - 1),
        seed =>
        {
            using var scope = NewDisposeScope();
            assertions(new Random(seed));
        },
        cases);

    /// <summary>A shape of so many dimensions, each from 1 to the longest length.</summary>
    public static long[] Shape(Random random, int rank, int longest = 5) => [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, longest + 1))];

    /// <summary>Normal numbers, contiguous.</summary>
    public static torch.Tensor Dense(Random random, ScalarType dtype, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (p, q) => p * q)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        using var doubles = tensor(values, shape);
        return doubles.to(dtype, copy: true);
    }

    /// <summary>Normal numbers in a random layout: the dimensions in another order in memory, gaps between elements, a margin in front.</summary>
    public static torch.Tensor Strided(Random random, ScalarType dtype, params long[] shape) => Restrided(random, Dense(random, dtype, shape));

    /// <summary>The same values in a random layout.</summary>
    public static torch.Tensor Restrided(Random random, torch.Tensor values)
    {
        var shape = values.shape;
        var order = Enumerable.Range(0, shape.Length).ToArray();
        random.Shuffle(order);
        var steps = order.Select(_ => (long)random.Next(1, 4)).ToArray();
        var margins = order.Select(_ => (long)random.Next(0, 3)).ToArray();
        var memory = full([.. order.Select((d, i) => margins[i] + (shape[d] * steps[i]))], float.NaN, values.dtype);
        for (var i = 0; i < order.Length; i++)
        {
            memory = memory.slice(i, margins[i], margins[i] + (shape[order[i]] * steps[i]), steps[i]);
        }

        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return memory.permute(inverse).copy_(values);
    }

    /// <summary>Whole numbers from 0 up to, but not including, a limit.</summary>
    public static torch.Tensor Indices(Random random, int limit, params long[] shape)
    {
        var values = new long[shape.Aggregate(1L, (p, q) => p * q)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.Next(limit);
        }

        return tensor(values, shape);
    }

    /// <summary>The bytes of the elements in logical order.</summary>
    public static byte[] Bits(torch.Tensor x)
    {
        using var detached = x.detach();
        using var dense = detached.contiguous();
        var result = dense.bytes.ToArray();
        GC.KeepAlive(dense);
        return result;
    }

    /// <summary>Asserts that two tensors have the same shape, the same type and the same bits.</summary>
    public static void AssertSameBits(torch.Tensor expected, torch.Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        if (!Bits(expected).AsSpan().SequenceEqual(Bits(actual)))
        {
            Assert.Fail($"the bits differ, by {expected.to(ScalarType.Float64).sub(actual.to(ScalarType.Float64)).abs().max().item<double>():G3} at most, in {expected.dtype} [{string.Join(", ", expected.shape)}]");
        }
    }

    /// <summary>Asserts that two tensors have the same shape and values up to rounding.</summary>
    public static void AssertClose(torch.Tensor expected, torch.Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var difference = expected.detach().sub(actual.detach()).abs().max().to(ScalarType.Float64).item<double>();
        Assert.True(difference <= tolerance, $"the values differ by {difference:G3}, more than {tolerance:G3}");
    }

    /// <summary>The elements of a Float64 tensor in logical order.</summary>
    public static double[] Doubles(torch.Tensor x) => MemoryMarshal.Cast<byte, double>(Bits(x)).ToArray();
}
