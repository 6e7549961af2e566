using System.Text.Json;
using TransformerTutorial.Testing;
using TransformerTutorial.Tests.Embeddings;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Positions;

/// <summary>What NumPy and PyTorch computed from the formulas: tests/oracles/positions. And small things that several tests of positions need.</summary>
internal static class PositionVectors
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "positions", "vectors.json"))).RootElement);

    public static IEnumerable<JsonElement> Cases(string name) => Root.Value.GetProperty(name).EnumerateArray();

    public static Tensor Tensor(this JsonElement row, string name, params long[] shape) => tensor(row.Numbers(name), shape);

    public static double[] Values(Tensor x) => ScientificPython.NumbersOf(x.detach());

    public static float[] Numbers(Tensor x) => x.detach().contiguous().data<float>().ToArray();

    /// <summary>The bits of a Float32 tensor: 0 and -0 differ, and so do two NaN.</summary>
    public static uint[] Bits(Tensor x) => [.. Numbers(x).Select(BitConverter.SingleToUInt32Bits)];

    public static void Set(nn.Module module, string name, Tensor value)
    {
        using var _ = no_grad();
        module.get_parameter(name)!.copy_(value);
    }

    public static double Greatest(Tensor x) => x.detach().abs().max().to(ScalarType.Float64).item<double>();

    /// <summary>Attention with nothing but its formula: softmax of the scores times the values.</summary>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? bias = null)
    {
        var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]);
        return (bias is null ? scores : scores + bias).softmax(-1).matmul(value);
    }
}
