using System.Globalization;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

/// <summary>
/// The gradient of every differentiable operation and layer, and the second derivative of those that have one, against central differences of the engine's own outputs in
/// Float64: another way to the same numbers that needs no PyTorch. The cases are those of the vectors, with their inputs in double.
/// </summary>
public class FiniteDifferenceTests
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-7;
    private const int CasesPerOperation = 6;
    private const int PlacesPerInput = 12;
    private const int LargestInput = 500;

    // These cut the graph on purpose, or stop a gradient: it is not the derivative of what comes out.
    private static readonly HashSet<string> CutGraphs =
        ["through_detach", "retained_graph", "accumulated", "unused_input", "non_leaf_gradient", "retained_non_leaf", "no_grad_part", "hessian_vector"];

    private static readonly Dictionary<string, OracleData[]> Cases = OracleFile.Families
        .SelectMany(OracleFile.Read)
        .Where(IsSmooth)
        .GroupBy(one => one.Operation)
        .ToDictionary(group => group.Key, group => group
            .OrderBy(one => one.Inputs.Sum(input => input.Values.Length))
            .DistinctBy(one => string.Join(' ', one.Arguments) + string.Join(' ', one.Inputs.Select(input => input.Shape.Length)))
            .Take(CasesPerOperation).ToArray());

    public static TheoryData<string> DifferentiableOperations => [.. Cases.Keys.Where(Operations.ByName.ContainsKey)];

    [Theory]
    [MemberData(nameof(DifferentiableOperations))]
    public void Gradients_are_slopes(string operation) => TestSeed.Named(operation, () =>
    {
        foreach (var data in Cases[operation])
        {
            Check(InDouble(data), Operations.ByName[operation].Run);
        }
    });

    [Fact]
    public void A_wrong_gradient_is_noticed()
    {
        var data = InDouble(Cases["mul"][0]);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check(data, c => [c[0].mul(c[1]).add(c[0].detach())]));
    }

    // A condition of 0 marks cases about kinks, ties and special values.
    private static bool IsSmooth(OracleData data) => data.OutputGradients.Length > 0 && !data.Arguments.ContainsKey("dtype") && !data.Arguments.ContainsKey("padding_idx") && !CutGraphs.Contains(data.Operation)
        && data.Gradients.Any(gradient => gradient?.Condition > 0) && data.Inputs.All(input => input.Values.Length is > 0 and <= LargestInput);

    private static OracleData InDouble(OracleData data) => data with { Inputs = [.. data.Inputs.Select(InDouble)], OutputGradients = [.. data.OutputGradients.Select(InDouble)] };

    private static OracleTensor InDouble(OracleTensor tensor) => tensor.Values is float[] values ? tensor with { ElementType = "float64", Values = values.Select(value => (double)value).ToArray() } : tensor;

    private static void Check(OracleData data, Func<OracleCase, Tensor[]> run)
    {
        using var scope = NewDisposeScope();
        var given = new OracleCase(data);
        Tensor[] outputs = [.. run(given).Where(output => output.requires_grad)];
        autograd.backward(outputs, [.. data.OutputGradients.Select(OracleCase.MakeTensor)]);
        double[]?[] gradients = [.. given.Leaves.Select(leaf => leaf.requires_grad ? leaf.grad?.data<double>().ToArray() : null)];
        var random = TestSeed.Random(data.Name.Length);
        for (var input = 0; input < gradients.Length; input++)
        {
            if (gradients[input] is not { } gradient)
            {
                continue;
            }

            var scale = Math.Max(1, gradient.Select(Math.Abs).Max());
            var places = Enumerable.Range(0, gradient.Length).ToArray();
            random.Shuffle(places);
            foreach (var place in places.Take(PlacesPerInput))
            {
                var slope = (Weighed(data, run, input, place, Step) - Weighed(data, run, input, place, -Step)) / (2 * Step);
                Assert.True(Math.Abs(slope - gradient[place]) <= Tolerance * scale, string.Create(CultureInfo.InvariantCulture,
                    $"{data.Name}: the gradient of input {input} at {place} is {gradient[place]:R}, the slope {slope:R}"));
            }
        }
    }

    /// <summary>The outputs, weighed by the case's gradients and summed, where one number of one input is moved.</summary>
    private static double Weighed(OracleData data, Func<OracleCase, Tensor[]> run, int input, int place, double step)
    {
        using var scope = NewDisposeScope();
        var inputs = data.Inputs.ToArray();
        var values = (double[])inputs[input].Values.Clone();
        values[place] += step;
        inputs[input] = inputs[input] with { Values = values };
        var outputs = run(new OracleCase(data with { Inputs = inputs })).Where(output => output.requires_grad).ToArray();
        return outputs.Zip(data.OutputGradients, (output, weights) => output.detach().data<double>().ToArray().Zip((double[])weights.Values, (value, weight) => value * weight).Sum()).Sum();
    }
}
