using System.Text.Json;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>What NumPy, SciPy and scikit-learn computed: tests/oracles/scientific-python.</summary>
internal static class ScientificPython
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "scientific-python", "vectors.json"))).RootElement);

    public static IEnumerable<JsonElement> Cases(string name) => Root.Value.GetProperty(name).EnumerateArray();

    public static JsonElement Part(string name) => Root.Value.GetProperty(name);

    public static int Int(this JsonElement row, string name) => row.GetProperty(name).GetInt32();

    public static double Number(this JsonElement row, string name) => row.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    public static Tensor Matrix(this JsonElement row, string name, long rows, long columns) => tensor(row.Numbers(name), [rows, columns]);

    public static double[] NumbersOf(Tensor values) => values.to(ScalarType.Float64).contiguous().data<double>().ToArray();

    public static void AssertClose(IReadOnlyCollection<double> expected, Tensor actual, double tolerance) => AssertClose(expected, (IReadOnlyCollection<double>)NumbersOf(actual), tolerance);

    /// <summary>Every number lies within the tolerance, in units of the greatest expected one or of 1.</summary>
    public static void AssertClose(IReadOnlyCollection<double> expected, IReadOnlyCollection<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        var unit = Math.Max(1, expected.Max(Math.Abs));
        foreach (var (wanted, found) in expected.Zip(actual))
        {
            Assert.Equal(wanted, found, tolerance * unit);
        }
    }
}
