using System.Text.Json;
using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>Trajectories of PyTorch's optimisers (tests/oracles/pytorch/vector_math.py), bit for bit in float.</summary>
public unsafe class RowsOptimizersTests
{
    [Fact]
    public void Every_step_of_every_trajectory_has_PyTorchs_bits()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests", "oracles", "pytorch", "vector_math.json")));
        foreach (var trajectory in document.RootElement.GetProperty("optimizers").EnumerateArray())
        {
            var name = trajectory.GetProperty("name").GetString()!;
            var options = trajectory.GetProperty("options");
            double Number(string key, double otherwise) => options.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;
            bool Flag(string key) => options.TryGetProperty(key, out var value) && value.GetBoolean();
            double Beta(int index, double otherwise) => options.TryGetProperty("betas", out var value) ? value[index].GetDouble() : otherwise;
            var parameter = Floats(trajectory.GetProperty("start"));
            var n = parameter.Length;
            var (first, second, third) = (new float[n], new float[n], new float[n]);
            var step = 0;
            foreach (var (gradient, expected) in trajectory.GetProperty("gradients").EnumerateArray().Zip(trajectory.GetProperty("parameters").EnumerateArray()))
            {
                step++;
                fixed (float* p = parameter, g = Floats(gradient), m = first, v = second, greatest = third)
                {
                    if (name == "SGD")
                    {
                        Rows.SgdStep(
                            p, g, Number("momentum", 0) == 0 ? null : m, step == 1, n, Number("lr", 0), Number("momentum", 0), Number("dampening", 0),
                            Number("weight_decay", 0), Flag("nesterov"), Flag("maximize"));
                    }
                    else
                    {
                        Rows.AdamStep(
                            p, g, m, v, Flag("amsgrad") ? greatest : null, n, step, Number("lr", 0), Beta(0, 0.9), Beta(1, 0.999), Number("eps", 1e-8),
                            Number("weight_decay", name == "AdamW" ? 0.01 : 0), name == "AdamW", Flag("maximize"));
                    }
                }

                Assert.True(Floats(expected).SequenceEqual(parameter), $"{name} {options} in step {step}");
            }
        }
    }

    private static float[] Floats(JsonElement bits) => [.. bits.EnumerateArray().Select(b => BitConverter.UInt32BitsToSingle(b.GetUInt32()))];

    [Fact]
    public void Adam_in_double_takes_the_textbooks_steps() => TestSeed.ForEachCase(10, (_, random) =>
    {
        var n = random.Next(1, 40);
        var (parameter, expected) = (SumsTests.Doubles(random, n), new double[n]);
        parameter.CopyTo(expected, 0);
        var (first, second, m, v) = (new double[n], new double[n], new double[n], new double[n]);
        for (var step = 1; step <= 5; step++)
        {
            var gradient = SumsTests.Doubles(random, n);
            fixed (double* p = parameter, g = gradient, a = first, s = second)
            {
                Rows.AdamStep(p, g, a, s, null, n, step, 0.01, 0.9, 0.99, 1e-8, 0.1, true, false);
            }

            for (var i = 0; i < n; i++)
            {
                expected[i] -= 0.01 * 0.1 * expected[i];
                m[i] = (0.9 * m[i]) + (0.1 * gradient[i]);
                v[i] = (0.99 * v[i]) + (0.01 * gradient[i] * gradient[i]);
                expected[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, step))) + 1e-8);
                Assert.Equal(expected[i], parameter[i], 1e-12 * (1 + Math.Abs(expected[i])));
            }
        }
    });
}
