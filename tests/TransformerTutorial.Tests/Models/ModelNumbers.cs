using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>Tests that draw from the default generator run alone, so that their numbers are the same in every run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ModelDraws
{
    /// <summary>The collection's name.</summary>
    public const string Name = "model draws";
}

/// <summary>What the tests of models compare with: the same formulas as loops over doubles, one vector at a time.</summary>
internal static class ModelNumbers
{
    public static double[] NumbersOf(Tensor tensor) => tensor.to(ScalarType.Float64).flatten().data<double>().ToArray();

    public static double[][] RowsOf(Tensor matrix) => NumbersOf(matrix).Chunk((int)matrix.shape[^1]).ToArray();

    /// <summary>W x + b.</summary>
    public static double[] Map(IReadOnlyDictionary<string, Tensor> state, string name, double[] x, string weight = "weight", string bias = "bias")
    {
        var rows = RowsOf(state[$"{name}.{weight}"]);
        var shift = state.TryGetValue($"{name}.{bias}", out var given) ? NumbersOf(given) : new double[rows.Length];
        return [.. rows.Select((row, i) => row.Zip(x, (a, b) => a * b).Sum() + shift[i])];
    }

    /// <summary>One step of a recurrent network of one layer: the next state, and the next memory of an LSTM.</summary>
    public static (double[] Hidden, double[] Memory) Step(RecurrentCell cell, IReadOnlyDictionary<string, Tensor> state, string name, double[] x, double[] h, double[] memory, string suffix = "l0")
    {
        var fromInput = Map(state, name, x, $"weight_ih_{suffix}", $"bias_ih_{suffix}");
        var fromState = Map(state, name, h, $"weight_hh_{suffix}", $"bias_hh_{suffix}");
        var n = h.Length;
        double Gate(int gate, int i) => Sigmoid(fromInput[(gate * n) + i] + fromState[(gate * n) + i]);
        var (next, nextMemory) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            switch (cell)
            {
                case RecurrentCell.Plain:
                    next[i] = Math.Tanh(fromInput[i] + fromState[i]);
                    break;
                case RecurrentCell.Gru:
                    var (reset, update) = (Gate(0, i), Gate(1, i));
                    var proposed = Math.Tanh(fromInput[(2 * n) + i] + (reset * fromState[(2 * n) + i]));
                    next[i] = ((1 - update) * proposed) + (update * h[i]);
                    break;
                default:
                    nextMemory[i] = (Gate(1, i) * memory[i]) + (Gate(0, i) * Math.Tanh(fromInput[(2 * n) + i] + fromState[(2 * n) + i]));
                    next[i] = Gate(3, i) * Math.Tanh(nextMemory[i]);
                    break;
            }
        }

        return (next, nextMemory);
    }

    public static double[] Softmax(double[] scores)
    {
        var powers = scores.Select(Math.Exp).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The same bits. TorchSharp's own sums depend on how many rows there are: there the numbers, up to their rounding.</summary>
    public static void AssertSameBits(Tensor expected, Tensor measured)
    {
        Assert.Equal(expected.shape, measured.shape);
#if TUTORIAL_STACK_NUGET
        Assert.True(expected.allclose(measured, rtol: 1e-5, atol: 1e-6), "The numbers differ by more than their rounding.");
#else
        Assert.Equal(expected.contiguous().data<float>().ToArray().Select(BitConverter.SingleToInt32Bits), measured.contiguous().data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));
#endif
    }

    public static void AssertOtherBits(Tensor one, Tensor other)
    {
        Assert.Equal(one.shape, other.shape);
        Assert.False(one.eq(other).all().item<bool>(), "All numbers are the same.");
    }

    public static void AssertClose(double[] expected, Tensor measured, double tolerance = 1e-12)
    {
        var numbers = NumbersOf(measured);
        Assert.Equal(expected.Length, numbers.Length);
        Assert.All(expected.Zip(numbers), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    public static void AssertSays<TException>(Action action, params string[] words)
        where TException : Exception
    {
        var message = Assert.Throws<TException>(action).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }
}
