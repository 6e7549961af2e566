using System.Runtime.Intrinsics;
using TorchSharp.Kernels;

namespace TorchSharp.Tests.Kernels;

/// <summary>The functions of floats against .NET's in double, over floats of every size, and their special values.</summary>
public class VectorMathSingleTests
{
    private delegate Vector512<float> Function(Vector512<float> x);

    private static readonly (string Name, Function Function, Func<double, double> Exact, double Bound)[] Functions =
    [
        ("Exp", VectorMath.Exp, Math.Exp, 1.0),
        ("Log", VectorMath.Log, Math.Log, 0.83),
        ("Tanh", VectorMath.Tanh, Math.Tanh, 1.32),
        ("Sigmoid", VectorMath.Sigmoid, x => 1 / (1 + Math.Exp(-x)), 2.3),
        ("Expm1", VectorMath.Expm1, x => Math.Abs(x) < 1e-3 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1, 0.51),
        ("Log2", VectorMath.Log2, Math.Log2, 0.51),
        ("Log10", VectorMath.Log10, Math.Log10, 0.51),
        ("Log1p", VectorMath.Log1p, x => Math.Abs(x) < 1e-3 ? x * (1 - (x * (0.5 - (x * (1.0 / 3 - (x / 4)))))) : Math.Log(1 + x), 0.51),
        ("Sinh", VectorMath.Sinh, Math.Sinh, 0.51),
        ("Cosh", VectorMath.Cosh, Math.Cosh, 0.51),
        ("Sin", VectorMath.Sin, Math.Sin, 0.51),
        ("Cos", VectorMath.Cos, Math.Cos, 0.51),
        ("Tan", VectorMath.Tan, Math.Tan, 0.51),
        ("Asin", VectorMath.Asin, Math.Asin, 0.51),
        ("Acos", VectorMath.Acos, Math.Acos, 0.51),
        ("Atan", VectorMath.Atan, Math.Atan, 0.51),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Floats_of_every_size_stay_within_the_stated_bound(string name)
    {
        var (_, function, exact, bound) = Functions.Single(f => f.Name == name);
        var (worst, at) = (0.0, 0f);
        var lanes = new float[16];
        const uint step = 4999;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += 16 * step)
        {
            for (var lane = 0u; lane < 16; lane++)
            {
                lanes[lane] = BitConverter.UInt32BitsToSingle((uint)bits + (lane * step));
            }

            var results = function(Vector512.Create(lanes));
            for (var lane = 0; lane < 16; lane++)
            {
                var error = Ulps(results[lane], exact(lanes[lane]));
                (worst, at) = error > worst ? (error, lanes[lane]) : (worst, at);
            }
        }

        Assert.True(worst <= bound, $"{name}({at:R}) is {worst:F3} ulp off: {function(Vector512.Create(at))[0]:R} instead of {exact(at):R}");
    }

    /// <summary>The error of a float in units of its last place, infinite where only one of the two is NaN or infinite.</summary>
    private static double Ulps(float value, double exact)
    {
        if (double.IsNaN(exact) || float.IsNaN(value))
        {
            return double.IsNaN(exact) && float.IsNaN(value) ? 0 : double.PositiveInfinity;
        }

        var rounded = (float)exact;
        if (float.IsInfinity(rounded) || float.IsInfinity(value))
        {
            return rounded == value ? 0 : double.PositiveInfinity;
        }

        var unit = Math.Max(MathF.BitIncrement(Math.Abs(rounded)) - (double)Math.Abs(rounded), float.Epsilon);
        return Math.Abs(value - exact) / unit;
    }
}
