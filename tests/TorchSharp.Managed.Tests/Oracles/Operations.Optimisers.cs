using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private const int Steps = 50;

    // The metric that ReduceLROnPlateau sees, step by step; optim.py has the same.
    private static readonly double[] Metrics = [1.0, 0.9, 0.8, 0.8, 0.8, 0.79999, 0.7, 0.7, 0.71, 0.72, 0.7, 0.7, 0.69, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, .. Enumerable.Repeat(0.6, 31)];

    private static Dictionary<string, Operation> Optimisers() => new()
    {
    };


    private static Parameter[] WithGradients(OracleCase c) => [.. c.Inputs.Select(gradient => new Parameter(zeros_like(gradient)) { grad = gradient.clone() })];



    private static Func<int, double> Factor(OracleCase c) => c.Text("lr_lambda") == "shrink"
        ? step => 0.95
        : step => Math.Min(Math.Pow(step + 1, -0.5), (step + 1) * Math.Pow(10, -1.5));




}
