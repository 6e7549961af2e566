using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

/// <summary>What an operation is for the engine, and how far its results may be from PyTorch's.</summary>
/// <param name="Run">Calls the engine.</param>
/// <param name="Units">The bound of the outputs, in units of the last place.</param>
/// <param name="GradientUnits">The bound of the gradients, in units of the last place of the tensor's scale.</param>
/// <param name="IsElementwise">Whether the unit of an output is that of each element, or that of the tensor's scale.</param>
internal sealed record Operation(Func<OracleCase, Tensor[]> Run, double Units, double GradientUnits, bool IsElementwise);

/// <summary>
/// Runs a case and compares what comes out with PyTorch's numbers. Whole numbers and truth values must be equal. A real number may differ by so many units of the last place of
/// the element (elementwise operations) or of the tensor's scale: the largest of its elements and of its condition.
/// </summary>
internal static class OracleComparison
{
    public static void Check(OracleData data, Operation operation)
    {
        using var scope = NewDisposeScope();
        var given = new OracleCase(data);
        if (data.Throws)
        {
            var error = Assert.ThrowsAny<Exception>(() => operation.Run(given));
            Assert.False(error is NullReferenceException or IndexOutOfRangeException, error.ToString());
            return;
        }

        var outputs = operation.Run(given);
        Assert.Equal(data.Outputs.Length, outputs.Length);
        for (var i = 0; i < outputs.Length; i++)
        {
            Compare($"output {i}", data.Outputs[i], outputs[i], operation.Units, operation.IsElementwise);
        }

        if (data.OutputGradients.Length > 0)
        {
            Tensor[] differentiable = [.. outputs.Where(output => output.requires_grad)];
            Assert.Equal(data.OutputGradients.Length, differentiable.Length);
            autograd.backward(differentiable, [.. data.OutputGradients.Select(OracleCase.MakeTensor)]);
            for (var i = 0; i < data.Gradients.Length; i++)
            {
                CompareGradient(i, data.Gradients[i], given.Leaves[i], operation);
            }
        }
    }

    private static void CompareGradient(int index, OracleTensor? expected, Tensor leaf, Operation operation)
    {
        var gradient = leaf.requires_grad ? leaf.grad : null;
        if (expected is null || gradient is null)
        {
            // Where PyTorch gives zeros, the engine may give no gradient at all, and the other way round.
            using var zeros = gradient?.detach().ne(0).any();
            Assert.True(expected?.Values.Cast<IConvertible>().All(value => value.ToDouble(null) == 0) ?? (zeros?.item<bool>() != true), $"input {index} has {(gradient is null ? "no" : "a")} gradient");
            return;
        }

        Compare($"gradient of input {index}", expected, gradient, operation.GradientUnits, false);
    }

    private static void Compare(string what, OracleTensor expected, Tensor actual, double units, bool isElementwise)
    {
        Assert.True(OracleCase.TypeOf(expected.ElementType) == actual.dtype, $"{what} is {actual.dtype} instead of {expected.ElementType}");
        Assert.True(expected.Shape.SequenceEqual(actual.shape), $"{what} is [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", expected.Shape)}]");
        using var detached = actual.detach();
        switch (expected.Values)
        {
            case float[] values:
                CompareReal(what, [.. values.Select(value => (double)value)], [.. detached.data<float>().ToArray().Select(value => (double)value)], float.BitIncrement(1f) - 1f, float.Epsilon, expected.Condition, units, isElementwise);
                break;
            case double[] values:
                CompareReal(what, values, detached.data<double>().ToArray(), double.BitIncrement(1.0) - 1.0, double.Epsilon, expected.Condition, units, isElementwise);
                break;
            case long[] values:
                Assert.Equal(values, detached.data<long>().ToArray());
                break;
            case int[] values:
                Assert.Equal(values, detached.data<int>().ToArray());
                break;
            case byte[] values:
                Assert.Equal(values, detached.data<byte>().ToArray());
                break;
            case bool[] values:
                Assert.Equal(values, detached.data<bool>().ToArray());
                break;
            default:
                throw new InvalidDataException(expected.ElementType);
        }
    }

    private static void CompareReal(string what, double[] expected, double[] actual, double precision, double smallest, double condition, double units, bool isElementwise)
    {
        var scale = expected.Where(double.IsFinite).Select(Math.Abs).Append(condition).Max();
        for (var i = 0; i < expected.Length; i++)
        {
            if (actual[i].Equals(expected[i]) || (actual[i] == expected[i]))
            {
                continue;
            }

            var unit = Math.Max((isElementwise ? Math.Abs(expected[i]) : scale) * precision, smallest);
            var distance = Math.Abs(actual[i] - expected[i]) / unit;
            Assert.True(distance <= units, string.Create(CultureInfo.InvariantCulture, $"{what}, element {i}: {actual[i]:R} instead of {expected[i]:R}, {distance:F1} units away; allowed are {units}"));
        }
    }
}
