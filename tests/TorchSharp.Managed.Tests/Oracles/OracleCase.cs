using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

/// <summary>
/// A case's tensors and arguments as an operation takes them: <c>c => c[0].sum(c.Longs("dim"), c.Flag("keepdim"))</c>.
/// An input is a leaf of the autograd graph, seen through the case's views.
/// </summary>
internal sealed class OracleCase
{
    private readonly OracleData _data;
    private readonly Tensor[] _leaves;
    private readonly Tensor[] _inputs;

    public OracleCase(OracleData data)
    {
        _data = data;
        _leaves = [.. data.Inputs.Select(input => MakeTensor(input).requires_grad_(input.WantsGradient))];
        _inputs = [.. data.Inputs.Zip(_leaves, (input, leaf) => input.Views.Aggregate(leaf, See))];
    }

    private OracleCase(OracleCase whole, int count)
    {
        _data = whole._data with { Inputs = whole._data.Inputs[..count] };
        _leaves = whole._leaves[..count];
        _inputs = whole._inputs[..count];
    }

    /// <summary>The inputs that are no parameters of a layer.</summary>
    public Tensor[] Inputs => [.. _inputs.Where((_, i) => _data.Inputs[i].Parameter is null)];

    /// <summary>What gradients are taken for, one for each input.</summary>
    public IReadOnlyList<Tensor> Leaves => _leaves;

    /// <summary>An input as the operation sees it.</summary>
    public Tensor this[int index] => _inputs[index];

    /// <summary>An input that may be missing.</summary>
    public Tensor? Optional(int index) => index < Inputs.Length ? _inputs[index] : null;

    /// <summary>The same case with so many of its tensors.</summary>
    public OracleCase FirstOnes(int count) => new(this, count);

    public bool Has(string name) => _data.Arguments.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public long Long(string name, long otherwise = 0) => Has(name) ? _data.Arguments[name].GetInt64() : otherwise;

    public int Int(string name, int otherwise = 0) => (int)Long(name, otherwise);

    public long? LongOrNull(string name) => Has(name) ? Long(name) : null;

    public long[] Longs(string name) => [.. _data.Arguments[name].EnumerateArray().Select(item => item.GetInt64())];

    public double Number(string name, double otherwise = 0) => Has(name) ? NumberOf(_data.Arguments[name]) : otherwise;

    public bool Flag(string name, bool otherwise = false) => Has(name) ? _data.Arguments[name].GetBoolean() : otherwise;

    public string Text(string name, string otherwise = "") => Has(name) && _data.Arguments[name].ValueKind == JsonValueKind.String ? _data.Arguments[name].GetString()! : otherwise;

    public IReadOnlyList<string> Texts(string name) => Has(name) ? [.. _data.Arguments[name].EnumerateArray().Select(item => item.GetString()!)] : [];

    /// <summary>The argument "dtype".</summary>
    public ScalarType? Type => Has("dtype") ? TypeOf(Text("dtype")) : null;

    /// <summary>A number with the kind that PyTorch was given: whole, real or true.</summary>
    public Scalar Scalar(string name)
    {
        var value = _data.Arguments[name];
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
            _ => NumberOf(value),
        };
    }

    public Scalar? ScalarOrNull(string name) => Has(name) ? Scalar(name) : null;

    /// <summary>Gives a layer its weights and their element type; gradients are read from the layer's own parameters then.</summary>
    public T Load<T>(T module)
        where T : nn.Module
    {
        if (_data.Inputs.FirstOrDefault(input => input.Parameter is not null) is { } weight)
        {
            module.to(TypeOf(weight.ElementType));
        }

        var parameters = module.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        var buffers = module.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer);
        using var guard = no_grad();
        for (var i = 0; i < _leaves.Length; i++)
        {
            if (_data.Inputs[i].Parameter is not { } name)
            {
                continue;
            }

            var own = parameters.Remove(name, out var parameter) ? parameter : buffers[name];
            Assert.Equal(_data.Inputs[i].Shape, own.shape);
            own.copy_(_leaves[i]);
            _leaves[i] = own;
        }

        Assert.Empty(parameters.Keys);
        return module;
    }

    public static Tensor MakeTensor(OracleTensor source) => source.Values switch
    {
        float[] values => tensor(values, source.Shape),
        double[] values => tensor(values, source.Shape),
        long[] values => tensor(values, source.Shape),
        int[] values => tensor(values, source.Shape),
        byte[] values => tensor(values, source.Shape),
        bool[] values => tensor(values, source.Shape),
        _ => throw new InvalidDataException(source.ElementType),
    };

    public static ScalarType TypeOf(string name) => name switch
    {
        "float32" => ScalarType.Float32,
        "float64" => ScalarType.Float64,
        "int64" => ScalarType.Int64,
        "int32" => ScalarType.Int32,
        "uint8" => ScalarType.Byte,
        "bool" => ScalarType.Bool,
        _ => throw new InvalidDataException(name),
    };

    private static double NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() == "inf" => double.PositiveInfinity,
        JsonValueKind.String when value.GetString() == "-inf" => double.NegativeInfinity,
        JsonValueKind.String => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        _ => value.GetDouble(),
    };

    private static Tensor See(Tensor tensor, (string Kind, long[] Arguments) view) => view.Kind switch
    {
        "transpose" => tensor.transpose(view.Arguments[0], view.Arguments[1]),
        "slice" => tensor.slice(view.Arguments[0], view.Arguments[1], view.Arguments[2], view.Arguments[3]),
        "expand" => tensor.expand(view.Arguments),
        "narrow" => tensor.narrow(view.Arguments[0], view.Arguments[1], view.Arguments[2]),
        _ => throw new InvalidDataException(view.Kind),
    };
}
