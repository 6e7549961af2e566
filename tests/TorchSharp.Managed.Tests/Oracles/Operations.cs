using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

/// <summary>
/// What each operation's name in the vectors means for the engine, and how close it must come to PyTorch. One file a family.
/// </summary>
/// <remarks>
/// <c>Exactly</c>: the same bits (integers, comparisons, moving data, correctly rounded arithmetic). <c>Each(n)</c>: n units of the last place of every element.
/// <c>Within(n)</c>: n units of the last place of the tensor's scale (see <see cref="OracleComparison"/>). Gradients are always compared by scale.
/// </remarks>
internal static partial class Operations
{
    // Where a gradient is put together from a few products and sums.
    private const double GradientUnits = 2;

    /// <summary>All operations by name.</summary>
    public static IReadOnlyDictionary<string, Operation> ByName { get; } = new[]
    {
        Creation(), Pointwise(), Reductions(), Orders(), Products(), Shapes(), Indexing(), LinearAlgebra(), Networks(), Losses(), Autograd(), Layers(), Optimisers(),
    }.SelectMany(table => table).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static Operation Exactly(Func<OracleCase, Tensor> run, double gradient = GradientUnits) => new(c => [run(c)], 0, gradient, true);

    private static Operation Exactly(Func<OracleCase, Tensor[]> run, double gradient = GradientUnits) => new(run, 0, gradient, true);

    private static Operation Exactly(Func<OracleCase, (Tensor, Tensor)> run, double gradient = GradientUnits) => new(c => Listed(run(c)), 0, gradient, true);

    private static Operation Each(double units, Func<OracleCase, Tensor> run, double gradient = GradientUnits) => new(c => [run(c)], units, gradient, true);

    private static Operation Within(double units, Func<OracleCase, Tensor> run, double gradient = GradientUnits) => new(c => [run(c)], units, gradient, false);

    private static Operation Within(double units, Func<OracleCase, Tensor[]> run, double gradient = GradientUnits) => new(run, units, gradient, false);

    private static Operation Within(double units, Func<OracleCase, (Tensor, Tensor)> run, double gradient = GradientUnits) => new(c => Listed(run(c)), units, gradient, false);

    private static Tensor[] Listed((Tensor First, Tensor Second) pair) => [pair.First, pair.Second];

    private static Tensor InPlace(Tensor tensor, Action<Tensor> change)
    {
        var copy = tensor.clone();
        change(copy);
        return copy;
    }
}
