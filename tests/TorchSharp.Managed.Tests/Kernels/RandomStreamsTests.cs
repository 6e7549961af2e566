using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;
using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Managed.Tests.Kernels;

/// <summary>Every step of the programs that tests/oracles/pytorch/random_streams.py ran with PyTorch, in the same order from the same seed.</summary>
public sealed unsafe class RandomStreamsTests
{
    // The largest distance from PyTorch's number in units of the last place (or in parts of the scale, where a sum with the mean cancels digits).
    // Whole numbers, uniform numbers, choices, masks and float normal numbers of contiguous buffers must be equal.
    private const double NormalBound = 2;
    private const double ExponentialBound = 2;
    private const double TruncatedBound = 4;

    private static readonly JsonDocument Vectors = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("tests", "oracles", "pytorch", "random_streams.json")));

    public static TheoryData<int> Programs => new(Enumerable.Range(0, Vectors.RootElement.GetProperty("programs").GetArrayLength()));

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_of_mixed_calls_draws_what_PyTorch_draws(int number)
    {
        var program = Vectors.RootElement.GetProperty("programs")[number];
        var generator = new MersenneTwister(program.GetProperty("seed").GetInt64());
        var place = 0;
        foreach (var step in program.GetProperty("steps").EnumerateArray())
        {
            try
            {
                Run(generator, step);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Step {place}, {step.GetRawText()[..Math.Min(150, step.GetRawText().Length)]}: {failure.Message}", failure);
            }

            place++;
        }

        var state = generator.GetState();
        var hash = Convert.ToHexString(SHA256.HashData(state.AsSpan(0, 5016))).ToLower(CultureInfo.InvariantCulture);
        Assert.Equal(program.GetProperty("twister_sha256").GetString(), hash);
        var waiting = program.GetProperty("waiting_normal");
        Assert.Equal(waiting.ValueKind == JsonValueKind.Null, generator.NextDoubleNormal is null);
        if (generator.NextDoubleNormal is { } normal)
        {
            AssertClose(waiting.GetDouble(), normal, NormalBound, 0);
        }
    }

    [Fact]
    public void Probabilities_and_bounds_that_make_no_sense_are_refused_before_anything_is_drawn()
    {
        var generator = new MersenneTwister(1);
        var before = generator.GetState();
        var buffer = stackalloc double[4];
        var weights = stackalloc float[4];
        var refused = new (string Part, Action Call)[]
        {
            ("uniform_: expected from <= to", () => RandomStreams.Uniform(generator, (float*)buffer, 4, 1, 0)),
            ("uniform_: expected from <= to", () => RandomStreams.Uniform(generator, (float*)buffer, 4, -3e38, 3e38)),
            ("got from=NaN", () => RandomStreams.Uniform(generator, buffer, 4, double.NaN, 1)),
            ("to=Infinity", () => RandomStreams.Uniform(generator, buffer, 4, 0, double.PositiveInfinity)),
            ("normal_: expected a standard deviation >= 0, got -1", () => RandomStreams.Normal(generator, (float*)buffer, 4, 0, -1)),
            ("got NaN", () => RandomStreams.Normal(generator, buffer, 4, 0, double.NaN)),
            ("exponential_: expected lambda >= 0", () => RandomStreams.Exponential(generator, buffer, 4, -1)),
            ("bernoulli_: expected a probability in [0, 1], got 1.5", () => RandomStreams.Bernoulli(generator, buffer, 4, 1.5)),
            ("bernoulli: expected a probability in [0, 1], got -0.5", () =>
            {
                buffer[3] = -0.5;
                RandomStreams.Bernoulli(generator, (byte*)weights, 4, buffer);
            }),
            ("dropout: expected a probability", () => RandomStreams.DropoutMask(generator, weights, 4, -0.1)),
            ("random_: expected from < to, got from=3, to=3", () => RandomStreams.RandomInteger(generator, buffer, 4, 3, 3)),
            ("random_: expected from and to - 1 in [0, 255]", () => RandomStreams.RandomInteger(generator, (byte*)buffer, 4, 0, 257)),
            ("random_: expected 0 <= from < to <= 2", () => RandomStreams.RandomInteger(generator, (bool*)buffer, 4, 0, 3)),
            ("random_: expected from and to - 1 in [-2147483648, 2147483647]", () => RandomStreams.RandomInteger(generator, (int*)buffer, 4, 0, 1L << 32)),
            ("a weight above zero in each row of [2, 2], row 0 has none", () => RandomStreams.Multinomial(generator, weights, 2, 2, (long*)buffer, 1, true)),
            ("expected 1 to 2 samples", () => RandomStreams.Multinomial(generator, weights, 2, 2, (long*)buffer, 3, false)),
            ("expected finite weights >= 0, got NaN at [1, 1] of [2, 2]", () =>
            {
                (weights[0], weights[3]) = (1, float.NaN);
                RandomStreams.Multinomial(generator, weights, 2, 2, (long*)buffer, 1, false);
            }),
        };
        foreach (var (part, call) in refused)
        {
            Assert.Contains(part, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
            Assert.Equal(before, generator.GetState());
        }
    }

    [Fact]
    public void A_buffer_in_two_pieces_has_the_numbers_of_the_whole() => TestSeed.ForEachCase(30, (_, random) =>
    {
        // Uniform numbers, masks and whole numbers have no memory between elements, so where vectors and passes begin must not show.
        var (count, first) = (random.Next(1, 6000), 0);
        first = random.Next(count + 1);
        Compare<float>((g, output, n) => RandomStreams.Uniform(g, (float*)output, n, -2, 5));
        Compare<double>((g, output, n) => RandomStreams.Uniform(g, (double*)output, n, -2, 5));
        Compare<float>((g, output, n) => RandomStreams.DropoutMask(g, (float*)output, n, 0.3));
        Compare<double>((g, output, n) => RandomStreams.DropoutMask(g, (double*)output, n, 0.3));
        Compare<byte>((g, output, n) => RandomStreams.Bernoulli(g, (byte*)output, n, 0.3));
        Compare<int>((g, output, n) => RandomStreams.RandomInteger(g, (int*)output, n, -7, 1000));
        Compare<long>((g, output, n) => RandomStreams.RandomInteger(g, (long*)output, n, 0, 1L << 40));
        Compare<float>((g, output, n) => RandomStreams.Exponential(g, (float*)output, n, 1.5));
        Compare<float>((g, output, n) => RandomStreams.Normal(g, (float*)output, n, 1, 2, false));

        void Compare<T>(Fill fill)
            where T : unmanaged
        {
            var (together, apart) = (new T[count + 1], new T[count + 1]);
            var (one, two) = (new MersenneTwister(count), new MersenneTwister(count));
            fixed (T* whole = together, pieces = apart)
            {
                fill(one, whole, count);
                fill(two, pieces, first);
                fill(two, pieces + first, count - first);
            }

            Assert.Equal(together, apart);
            Assert.Equal(one.GetState(), two.GetState());
            Assert.Equal(default, together[count]);
        }
    });

    [Fact]
    public void Weights_whose_sum_overflows_still_give_categories()
    {
        var weights = stackalloc float[] { 3e38f, 3e38f, 0 };
        var samples = new long[100];
        fixed (long* output = samples)
        {
            RandomStreams.Multinomial(new MersenneTwister(1), weights, 1, 3, output, samples.Length, true);
        }

        Assert.All(samples, sample => Assert.InRange(sample, 0, 2));
    }

    [Fact]
    public void Normal_numbers_have_their_mean_deviation_and_tails()
    {
        const int Count = 1 << 20;
        var single = new float[Count];
        var wide = new double[Count];
        var generator = new MersenneTwister(TestSeed.Value);
        fixed (float* output = single)
        {
            RandomStreams.Normal(generator, output, Count, 3, 2);
        }

        fixed (double* output = wide)
        {
            RandomStreams.Normal(generator, output, Count, 3, 2);
        }

        foreach (var values in new[] { single.Select(value => (double)value).ToArray(), wide })
        {
            // Five standard errors: 2 / sqrt(n) of the mean, 8 sqrt(2 / n) / (2 * 2) of the deviation, sqrt(p / n) of a tail's share.
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            Assert.InRange(mean, 3 - 0.01, 3 + 0.01);
            Assert.InRange(deviation, 2 - 0.007, 2 + 0.007);
            Assert.InRange(values.Count(value => value > 7) / (double)Count, 0.02275 - 0.00073, 0.02275 + 0.00073);
            Assert.InRange(values.Count(value => value < -3) / (double)Count, 0.00135 - 0.00018, 0.00135 + 0.00018);
        }
    }

    private static void Run(MersenneTwister generator, JsonElement step)
    {
        switch (step.GetProperty("dtype").GetString())
        {
            case "float32":
                RunFloat<float>(generator, step, (g, output, n, from, to) => RandomStreams.Uniform(g, (float*)output, n, from, to),
                    (g, output, n, mean, std, isContiguous) => RandomStreams.Normal(g, (float*)output, n, mean, std, isContiguous),
                    (g, output, n, p) => RandomStreams.DropoutMask(g, (float*)output, n, p));
                break;
            case "float64":
                RunFloat<double>(generator, step, (g, output, n, from, to) => RandomStreams.Uniform(g, (double*)output, n, from, to),
                    (g, output, n, mean, std, isContiguous) => RandomStreams.Normal(g, (double*)output, n, mean, std, isContiguous),
                    (g, output, n, p) => RandomStreams.DropoutMask(g, (double*)output, n, p));
                break;
            case "int64":
                RunAny<long>(generator, step);
                break;
            case "int32":
                RunAny<int>(generator, step);
                break;
            default:
                RunAny<byte>(generator, step);
                break;
        }
    }

    private static void RunFloat<T>(MersenneTwister generator, JsonElement step, UniformFill uniform, NormalFill normal, MaskFill mask)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var op = step.GetProperty("op").GetString();
        if (op == "multinomial")
        {
            RunMultinomial<T>(generator, step);
            return;
        }

        var values = new T[step.GetProperty("count").GetInt32()];
        fixed (T* output = values)
        {
            switch (op)
            {
                case "uniform":
                    uniform(generator, output, values.Length, Number(step, "from"), Number(step, "to"));
                    AssertValues(step, values);
                    break;
                case "normal":
                    normal(generator, output, values.Length, Number(step, "mean"), Number(step, "std"), true);
                    AssertValues(step, values, typeof(T) == typeof(float) && values.Length >= 16 ? 0 : NormalBound, Number(step, "mean") == 0 ? 0 : Number(step, "std"));
                    break;
                case "normal_strided":
                    normal(generator, output, values.Length, Number(step, "mean"), Number(step, "std"), false);
                    AssertValues(step, values, NormalBound, Number(step, "std"));
                    break;
                case "exponential":
                    RandomStreams.Exponential(generator, output, values.Length, Number(step, "lambda"));
                    AssertValues(step, values, ExponentialBound);
                    break;
                case "dropout":
                    mask(generator, output, values.Length, Number(step, "p"));
                    AssertValues(step, values);
                    break;
                case "trunc_normal":
                    var (mean, std) = (Number(step, "mean"), Number(step, "std"));
                    RandomStreams.TruncatedNormal(generator, output, values.Length, mean, std, Number(step, "a"), Number(step, "b"), std * Math.Sqrt(2), mean);
                    AssertValues(step, values, TruncatedBound, std);
                    break;
                default:
                    RunAny<T>(generator, step);
                    break;
            }
        }
    }

    private static void RunAny<T>(MersenneTwister generator, JsonElement step)
        where T : unmanaged, INumberBase<T>
    {
        var values = new T[step.GetProperty("count").GetInt32()];
        fixed (T* output = values)
        {
            switch (step.GetProperty("op").GetString())
            {
                case "random" when step.GetProperty("dtype").GetString() == "bool":
                    RandomStreams.RandomInteger(generator, (bool*)output, values.Length, step.GetProperty("from").GetInt64(), step.GetProperty("to").GetInt64());
                    break;
                case "random":
                    RandomStreams.RandomInteger(generator, output, values.Length, step.GetProperty("from").GetInt64(), step.GetProperty("to").GetInt64());
                    break;
                case "bernoulli":
                    RandomStreams.Bernoulli(generator, output, values.Length, Number(step, "p"));
                    break;
                case "bernoulli_tensor" when step.GetProperty("p_dtype").GetString() == "float32":
                    fixed (float* p = Enumerable.Range(0, values.Length).Select(i => (float)(i * 3 % 11 / 10.0)).ToArray())
                    {
                        RandomStreams.Bernoulli(generator, output, values.Length, p);
                    }

                    break;
                case "bernoulli_tensor":
                    fixed (double* p = Enumerable.Range(0, values.Length).Select(i => i * 3 % 11 / 10.0).ToArray())
                    {
                        RandomStreams.Bernoulli(generator, output, values.Length, p);
                    }

                    break;
                case "randperm":
                    RandomStreams.RandPerm(generator, output, values.Length);
                    break;
                default:
                    throw new InvalidOperationException("There is no such step.");
            }
        }

        AssertValues(step, values);
    }

    private static void RunMultinomial<T>(MersenneTwister generator, JsonElement step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, categories, samples) = (step.GetProperty("rows").GetInt32(), step.GetProperty("categories").GetInt32(), step.GetProperty("samples").GetInt32());
        var weights = Enumerable.Range(0, rows * categories)
            .Select(i => i % 5 == 3 ? T.Zero : T.CreateTruncating(((i * 7 % 11) + 1.0) / ((i * 3 % 13) + 1))).ToArray();
        var values = new long[rows * samples];
        fixed (T* weight = weights)
        fixed (long* output = values)
        {
            RandomStreams.Multinomial(generator, weight, rows, categories, output, samples, step.GetProperty("replacement").GetBoolean());
        }

        AssertValues(step, values);
    }

    private static double Number(JsonElement step, string name) => step.GetProperty(name).GetDouble();

    private static void AssertValues<T>(JsonElement step, T[] values, double bound = 0, double scale = 0)
        where T : unmanaged, INumberBase<T>
    {
        if (values.Length > 100)
        {
            values = [.. values[..40], .. values[^40..]];
        }

        var expected = step.GetProperty("out").EnumerateArray().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            switch (values[i])
            {
                case float single:
                    AssertClose(expected[i].GetSingle(), single, bound, scale);
                    break;
                case double wide:
                    AssertClose(expected[i].GetDouble(), wide, bound, scale);
                    break;
                default:
                    Assert.Equal(expected[i].GetInt64(), long.CreateChecked(values[i]));
                    break;
            }
        }
    }

    private static void AssertClose<T>(T expected, T actual, double bound, double scale)
        where T : IFloatingPointIeee754<T>
    {
        var size = T.Max(T.Abs(expected), T.CreateChecked(scale));
        var distance = T.Abs(actual - expected) / (T.BitIncrement(size) - size);
        Assert.True(distance <= T.CreateChecked(bound), $"expected {expected}, got {actual}, which is {distance} units of the last place away.");
    }

    private delegate void Fill(MersenneTwister generator, void* output, long count);

    private delegate void UniformFill(MersenneTwister generator, void* output, long count, double from, double to);

    private delegate void NormalFill(MersenneTwister generator, void* output, long count, double mean, double standardDeviation, bool isContiguous);

    private delegate void MaskFill(MersenneTwister generator, void* output, long count, double p);
}
