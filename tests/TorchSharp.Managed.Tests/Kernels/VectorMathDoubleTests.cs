using System.Globalization;
using System.Text.Json;
using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>The functions of doubles against 60-digit arithmetic (tests/oracles/pytorch/vector_math.py), and their special values.</summary>
public class VectorMathDoubleTests
{
    private static readonly Dictionary<string, (Func<double, double, double> Function, double Bound)> Functions = new()
    {
        ["Exp"] = ((x, _) => VectorMath.Exp(x), 1),
        ["Expm1"] = ((x, _) => VectorMath.Expm1(x), 2),
        ["Log"] = ((x, _) => VectorMath.Log(x), 1),
        ["Log2"] = ((x, _) => VectorMath.Log2(x), 1),
        ["Log10"] = ((x, _) => VectorMath.Log10(x), 1),
        ["Log1p"] = ((x, _) => VectorMath.Log1p(x), 1),
        ["Tanh"] = ((x, _) => VectorMath.Tanh(x), 3),
        ["Sinh"] = ((x, _) => VectorMath.Sinh(x), 2),
        ["Cosh"] = ((x, _) => VectorMath.Cosh(x), 2),
        ["Sigmoid"] = ((x, _) => VectorMath.Sigmoid(x), 2.3),
        ["Erf"] = ((x, _) => VectorMath.Erf(x), 2),
        ["Softplus"] = ((x, _) => VectorMath.Softplus(x), 2),
        ["Sin"] = ((x, _) => VectorMath.Sin(x), 1),
        ["Cos"] = ((x, _) => VectorMath.Cos(x), 1),
        ["Tan"] = ((x, _) => VectorMath.Tan(x), 2),
        ["Asin"] = ((x, _) => VectorMath.Asin(x), 2),
        ["Acos"] = ((x, _) => VectorMath.Acos(x), 2),
        ["Atan"] = ((x, _) => VectorMath.Atan(x), 1),
        ["Atan2"] = (VectorMath.Atan2, 2),
        ["Pow"] = (VectorMath.Pow, 1),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Doubles_stay_within_the_stated_bound(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests", "oracles", "pytorch", "vector_math.json")));
        var (function, bound) = Functions[name];
        var (worst, message) = (0.0, "");
        foreach (var entry in document.RootElement.GetProperty("functions").GetProperty(name).EnumerateArray())
        {
            var numbers = entry.EnumerateArray().Select(v => double.Parse(v.GetString()!, CultureInfo.InvariantCulture)).ToArray();
            // A function of one number does not look at the second.
            var (first, second, exact, rest) = (numbers[0], numbers[^3], numbers[^2], numbers[^1]);
            var value = function(first, second);
            var unit = Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact);
            var error = double.IsInfinity(exact) ? (value == exact ? 0 : double.NaN) : value == exact ? Math.Abs(rest) / unit : Math.Abs(value - exact - rest) / unit;
            if (!(error <= worst))
            {
                (worst, message) = (error, $"{name}({first:R}, {second:R}) is {error:F3} ulp off: {value:R} instead of {exact:R}");
            }
        }

        Assert.True(worst <= bound, message);
    }

    private const double Infinity = double.PositiveInfinity;

    private static readonly (string Name, double X, double Expected)[] SpecialValues =
    [
        ("Exp", Infinity, Infinity),
        ("Exp", -Infinity, 0.0),
        ("Exp", 710.0, Infinity),
        ("Exp", -746.0, 0.0),
        ("Exp", -745.0, double.Epsilon),
        ("Exp", -0.0, 1.0),
        ("Expm1", -0.0, -0.0),
        ("Expm1", Infinity, Infinity),
        ("Expm1", -Infinity, -1.0),
        ("Expm1", double.Epsilon, double.Epsilon),
        ("Log", 0.0, -Infinity),
        ("Log", -0.0, -Infinity),
        ("Log", -1.0, double.NaN),
        ("Log", 1.0, 0.0),
        ("Log", Infinity, Infinity),
        ("Log", double.Epsilon, -744.4400719213812),
        ("Log2", 8.0, 3.0),
        ("Log2", double.Epsilon, -1074.0),
        ("Log10", 1000.0, 3.0),
        ("Log1p", -0.0, -0.0),
        ("Log1p", -1.0, -Infinity),
        ("Log1p", -2.0, double.NaN),
        ("Log1p", Infinity, Infinity),
        ("Log1p", 1e-300, 1e-300),
        ("Tanh", -0.0, -0.0),
        ("Tanh", Infinity, 1.0),
        ("Tanh", -Infinity, -1.0),
        ("Tanh", 1e-300, 1e-300),
        ("Sinh", -0.0, -0.0),
        ("Sinh", -Infinity, -Infinity),
        ("Cosh", -Infinity, Infinity),
        ("Cosh", 0.0, 1.0),
        ("Sigmoid", Infinity, 1.0),
        ("Sigmoid", -Infinity, 0.0),
        ("Sigmoid", 0.0, 0.5),
        ("Erf", -0.0, -0.0),
        ("Erf", Infinity, 1.0),
        ("Erf", -Infinity, -1.0),
        ("Softplus", 30.0, 30.0),
        ("Softplus", -Infinity, 0.0),
        ("Sin", -0.0, -0.0),
        ("Sin", Infinity, double.NaN),
        ("Cos", -Infinity, double.NaN),
        ("Cos", 0.0, 1.0),
        ("Tan", -0.0, -0.0),
        ("Sin", 1e22, -0.8522008497671888),
        ("Asin", -0.0, -0.0),
        ("Asin", 1.0, 1.5707963267948966),
        ("Asin", 1.1, double.NaN),
        ("Acos", 1.0, 0.0),
        ("Acos", -1.0, 3.141592653589793),
        ("Acos", -1.1, double.NaN),
        ("Atan", -0.0, -0.0),
        ("Atan", -Infinity, -1.5707963267948966),
    ];

    [Fact]
    public void Special_values_are_exact() => Assert.All(SpecialValues, row =>
    {
        AssertSameBits(row.Expected, Functions[row.Name].Function(row.X, 0));
        Assert.True(double.IsNaN(Functions[row.Name].Function(double.NaN, 1)));
    });

    private static readonly (double Y, double X, double Expected)[] SpecialAngles =
    [
        (0.0, 1.0, 0.0),
        (-0.0, 1.0, -0.0),
        (0.0, -1.0, 3.141592653589793),
        (-0.0, -0.0, -3.141592653589793),
        (0.0, 0.0, 0.0),
        (1.0, 0.0, 1.5707963267948966),
        (-1.0, -0.0, -1.5707963267948966),
        (Infinity, Infinity, 0.7853981633974483),
        (-Infinity, -Infinity, -2.356194490192345),
        (1.0, -Infinity, 3.141592653589793),
        (-1.0, Infinity, -0.0),
        (Infinity, 5.0, 1.5707963267948966),
        (double.NaN, 1.0, double.NaN),
        (1.0, double.NaN, double.NaN),
    ];

    [Fact]
    public void Angles_of_special_points_are_those_of_IEEE_754() =>
        Assert.All(SpecialAngles, row => AssertSameBits(row.Expected, VectorMath.Atan2(row.Y, row.X)));

    [Fact]
    public void Powers_of_special_numbers_are_those_of_IEEE_754()
    {
        double[] numbers = [0.0, -0.0, 0.5, -0.5, 1, -1, 2, -2, 3, -3, 2.5, -2.5, 1e300, -1e300, 1e-300, Infinity, -Infinity, double.NaN, 4503599627370497, 1e17];
        foreach (var x in numbers)
        {
            foreach (var y in numbers)
            {
                var expected = Math.Pow(x, y);
                var value = VectorMath.Pow(x, y);
                Assert.True(expected.Equals(value) || Math.Abs(value - expected) <= Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected), $"{x:R} ^ {y:R} = {value:R}, not {expected:R}");
                Assert.True(double.IsNaN(expected) || double.IsNegative(expected) == double.IsNegative(value), $"{x:R} ^ {y:R} = {value:R}, not {expected:R}");
                var single = VectorMath.Pow((float)x, (float)y);
                Assert.True(((float)Math.Pow((float)x, (float)y)).Equals(single), $"{(float)x:R} ^ {(float)y:R} = {single:R} in float");
            }
        }
    }

    [Fact]
    public void An_elements_bits_do_not_depend_on_its_place() => TestSeed.ForEachCase(40, (number, random) =>
    {
        var n = random.Next(1, 70);
        var x = Enumerable.Range(0, n).Select(_ => (random.NextDouble() - 0.5) * 30).ToArray();
        var floats = x.Select(v => (float)v).ToArray();
        var (y, z) = (new double[n + 1], new float[n + 1]);
        unsafe
        {
            fixed (double* input = x, output = y)
            fixed (float* floatInput = floats, floatOutput = z)
            {
                VectorMath.Map<double, VectorMath.SinFunction>(input, output, n);
                VectorMath.Map<float, VectorMath.GeluFunction>(floatInput, floatOutput, n);
            }
        }

        for (var i = 0; i < n; i++)
        {
            Assert.Equal(VectorMath.Sin(x[i]), y[i]);
            Assert.Equal(VectorMath.Gelu(floats[i]), z[i]);
        }

        Assert.Equal(0, y[n]);
        Assert.Equal(0, z[n]);
    });

    [Fact]
    public void Derivatives_are_the_slopes_of_their_functions() => TestSeed.ForEachCase(200, (_, random) =>
    {
        var x = (random.NextDouble() - 0.5) * 12;
        Assert.Equal((VectorMath.Silu(x + 1e-5) - VectorMath.Silu(x - 1e-5)) / 2e-5, VectorMath.SiluDerivative(x), 1e-9);
        Assert.Equal((VectorMath.Gelu(x + 1e-5) - VectorMath.Gelu(x - 1e-5)) / 2e-5, VectorMath.GeluDerivative(x), 1e-9);
        Assert.Equal((VectorMath.GeluTanh(x + 1e-5) - VectorMath.GeluTanh(x - 1e-5)) / 2e-5, VectorMath.GeluTanhDerivative(x), 1e-9);
        Assert.Equal(VectorMath.SiluDerivative(x), VectorMath.SiluDerivative((float)x), 2e-6);
        Assert.Equal(VectorMath.GeluDerivative(x), VectorMath.GeluDerivative((float)x), 2e-6);
        Assert.Equal(VectorMath.GeluTanhDerivative(x), VectorMath.GeluTanhDerivative((float)x), 2e-6);
        Assert.Equal(VectorMath.Erf(x), VectorMath.Erf((float)x), 2e-6);
        Assert.Equal(VectorMath.Gelu(x), VectorMath.Gelu((float)x), 2e-6);
        Assert.Equal(VectorMath.GeluTanh(x), VectorMath.GeluTanh((float)x), 2e-6);
        Assert.Equal(VectorMath.Silu(x), VectorMath.Silu((float)x), 2e-6);
    });

    // Unlike Assert.Equal this tells 0 from -0.
    private static void AssertSameBits(double expected, double value) =>
        Assert.Equal((expected, double.IsNegative(expected) && !double.IsNaN(expected)), (value, double.IsNegative(value) && !double.IsNaN(value)));
}
