using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>Sizes of a random attention, and the seed of its numbers.</summary>
internal sealed record AttentionSize(int Seed, int Batch, int Heads, int Queries, int Keys, int HeadWidth)
{
    public int Width => Heads * HeadWidth;

    /// <summary>Small sizes and some beyond a vector's 16 lanes.</summary>
    public static Gen<AttentionSize> Any { get; } =
        from seed in Gen.Choose(0, int.MaxValue)
        from batch in Gen.Choose(1, 3)
        from heads in Gen.Choose(1, 4)
        from queries in Gen.Choose(1, 40)
        from keys in Gen.Choose(1, 40)
        from headWidth in Gen.Choose(1, 9)
        select new AttentionSize(seed, batch, heads, queries, keys, headWidth);

    /// <summary>Queries, keys and values (B, h, T, d_k), (B, h, S, d_k), (B, h, S, d_k).</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Draw(ScalarType type = ScalarType.Float32)
    {
        manual_seed(Seed);
        return (randn([Batch, Heads, Queries, HeadWidth], type), randn([Batch, Heads, Keys, HeadWidth], type), randn([Batch, Heads, Keys, HeadWidth], type));
    }

    /// <summary>Bools (B, 1, T, S), some rows all false.</summary>
    public Tensor DrawMask()
    {
        var random = new System.Random(Seed);
        var values = new bool[Batch * Queries * Keys];
        for (var row = 0; row < Batch * Queries; row++)
        {
            var share = random.Next(4) / 3.0;
            for (var column = 0; column < Keys; column++)
            {
                values[(row * Keys) + column] = random.NextDouble() < share;
            }
        }

        return tensor(values).view(Batch, 1, Queries, Keys);
    }
}

/// <summary>What the tests of attention compare with and how: PyTorch's vectors (tests/oracles/pytorch/attention), loops, bits.</summary>
internal static class AttentionNumbers
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "pytorch", "attention", "vectors.json"))).RootElement);

    public static JsonElement Vectors => Root.Value;

    public static IEnumerable<string> CaseNames => Vectors.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("name").GetString()!);

    public static JsonElement Case(string name) => Vectors.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);

    public static Tensor Read(JsonElement written)
    {
        var shape = written.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToArray();
        var values = written.GetProperty("values").EnumerateArray().ToArray();
        return values[0].ValueKind is JsonValueKind.True or JsonValueKind.False
            ? tensor(values.Select(value => value.GetBoolean()).ToArray(), shape)
            : tensor(values.Select(Number).ToArray(), shape);
    }

    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() == "-inf" ? double.NegativeInfinity : value.GetDouble();

    public static double[] NumbersOf(Tensor values) => values.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance, string what = "")
    {
        Assert.Equal(expected.shape, actual.shape);
        foreach (var (wanted, found, index) in NumbersOf(expected).Zip(NumbersOf(actual)).Select((pair, index) => (pair.First, pair.Second, index)))
        {
            Assert.True(Math.Abs(wanted - found) <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{what}[{index}] is {found}, expected {wanted} within {tolerance}"));
        }
    }

    /// <summary>The same bits. TorchSharp's own sums depend on how many rows there are: there the numbers, up to their rounding.</summary>
    public static void AssertSameBits(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
#if TUTORIAL_STACK_NUGET
        Assert.True(AreSame(expected, actual) || expected.allclose(actual, rtol: 1e-5, atol: 1e-6), "The numbers differ by more than their rounding.");
#else
        Assert.True(AreSame(expected, actual), "The bits differ.");
#endif
    }

    public static bool AreSame(Tensor one, Tensor other) => one.detach().contiguous().bytes.SequenceEqual(other.detach().contiguous().bytes);

    public static void AssertAllZero(Tensor values) => Assert.All(NumbersOf(values), value => Assert.Equal(0, value));

    /// <summary>softmax(q k^T scale + bias) v of every head by loops over doubles; hidden keys are left out of the sums. All of one shape (B, h, …).</summary>
    public static (double[] Output, double[] Weights) Loops(Tensor query, Tensor key, Tensor value, Func<long, long, long, long, bool> mayLook, double scale, Func<long, long, long, double>? bias = null)
    {
        var (q, k, v) = (NumbersOf(query), NumbersOf(key), NumbersOf(value));
        var (batch, heads, targets, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var (sources, valueWidth, sharedHeads) = (key.shape[2], value.shape[3], key.shape[1]);
        var output = new double[batch * heads * targets * valueWidth];
        var weights = new double[batch * heads * targets * sources];
        for (var b = 0L; b < batch; b++)
        {
            for (var h = 0L; h < heads; h++)
            {
                var shared = (b * sharedHeads) + (h / (heads / sharedHeads));
                for (var i = 0L; i < targets; i++)
                {
                    var row = (((b * heads) + h) * targets) + i;
                    var total = 0.0;
                    for (var j = 0L; j < sources; j++)
                    {
                        if (!mayLook(b, h, i, j))
                        {
                            continue;
                        }

                        var score = 0.0;
                        for (var c = 0L; c < width; c++)
                        {
                            score += q[(row * width) + c] * k[(((shared * sources) + j) * width) + c];
                        }

                        total += weights[(row * sources) + j] = Math.Exp((score * scale) + (bias?.Invoke(h, i, j) ?? 0));
                    }

                    for (var j = 0L; j < sources && total > 0; j++)
                    {
                        weights[(row * sources) + j] /= total;
                        for (var c = 0L; c < valueWidth; c++)
                        {
                            output[(row * valueWidth) + c] += weights[(row * sources) + j] * v[(((shared * sources) + j) * valueWidth) + c];
                        }
                    }
                }
            }
        }

        return (output, weights);
    }
}
