using System.Runtime.InteropServices;
using System.Text.Json;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Oracles;

/// <summary>
/// A tensor of a case: its numbers in the order of its shape; for an input the views through which the operation sees it, and the name of the layer's parameter
/// that it is, if it is one; for a result its condition, which is how far it moves at most when every input moves by one relative unit.
/// </summary>
internal sealed record OracleTensor(string ElementType, long[] Shape, Array Values, IReadOnlyList<(string Kind, long[] Arguments)> Views, bool WantsGradient, string? Parameter, double Condition);

/// <summary>
/// One case of a family: an operation, its inputs and other arguments, and what PyTorch computed. There are no outputs where PyTorch throws; there is one gradient for
/// each input, null where it takes no part or wants none.
/// </summary>
internal sealed record OracleData(string Name, string Operation, OracleTensor[] Inputs, IReadOnlyDictionary<string, JsonElement> Arguments, bool Throws, OracleTensor[] Outputs, OracleTensor[] OutputGradients, OracleTensor?[] Gradients);

/// <summary>
/// Reads the families of cases that the scripts in tests/oracles/pytorch write: NAME.json lists the cases, NAME.bin holds their numbers, little endian.
/// It knows nothing of the engine.
/// </summary>
internal static class OracleFile
{
    private static readonly string Folder = Repository.PathOf("tests", "oracles", "pytorch", "vectors");

    /// <summary>The names of all families.</summary>
    public static IReadOnlyList<string> Families { get; } = [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>All cases of a family.</summary>
    public static IReadOnlyList<OracleData> Read(string family)
    {
        var blob = File.ReadAllBytes(Path.Combine(Folder, family + ".bin"));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, family + ".json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(line => Case(line, blob))];
    }

    private static OracleData Case(JsonElement line, byte[] blob) => new(
        line.GetProperty("name").GetString()!,
        line.GetProperty("op").GetString()!,
        [.. Items(line, "in").Select(item => Tensor(item, blob))],
        line.TryGetProperty("args", out var arguments) ? arguments.Clone().EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value) : [],
        line.TryGetProperty("error", out _),
        [.. Items(line, "out").Select(item => Tensor(item, blob))],
        [.. Items(line, "out_grad").Select(item => Tensor(item, blob))],
        [.. Items(line, "grad").Select(item => item.ValueKind == JsonValueKind.Null ? null : Tensor(item, blob))]);

    private static JsonElement.ArrayEnumerator Items(JsonElement line, string name) => line.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;

    private static OracleTensor Tensor(JsonElement item, byte[] blob)
    {
        var type = item.GetProperty("dtype").GetString()!;
        long[] shape = [.. item.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var bytes = blob.AsSpan(item.GetProperty("at").GetInt32());
        var count = checked((int)shape.Aggregate(1L, (product, size) => product * size));
        var views = item.TryGetProperty("views", out var list) ? list.EnumerateArray().Select(View).ToArray() : [];
        return new OracleTensor(type, shape, Numbers(type, bytes, count), views, item.TryGetProperty("grad", out _),
            item.TryGetProperty("parameter", out var parameter) ? parameter.GetString() : null,
            item.TryGetProperty("condition", out var condition) ? condition.GetDouble() : 0);
    }

    private static (string Kind, long[] Arguments) View(JsonElement view) => (
        view[0].GetString()!,
        [.. view.EnumerateArray().Skip(1).SelectMany(argument => argument.ValueKind == JsonValueKind.Array ? argument.EnumerateArray().Select(size => size.GetInt64()) : [argument.GetInt64()])]);

    private static Array Numbers(string type, Span<byte> bytes, int count) => type switch
    {
        "float32" => MemoryMarshal.Cast<byte, float>(bytes)[..count].ToArray(),
        "float64" => MemoryMarshal.Cast<byte, double>(bytes)[..count].ToArray(),
        "int64" => MemoryMarshal.Cast<byte, long>(bytes)[..count].ToArray(),
        "int32" => MemoryMarshal.Cast<byte, int>(bytes)[..count].ToArray(),
        "uint8" => bytes[..count].ToArray(),
        "bool" => MemoryMarshal.Cast<byte, bool>(bytes)[..count].ToArray(),
        _ => throw new InvalidDataException($"'{type}' is no element type of the vectors."),
    };
}
