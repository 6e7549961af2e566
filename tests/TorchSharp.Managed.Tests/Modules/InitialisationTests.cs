using System.Text.Json;
using TorchSharp.Managed.Tests.Operators;
using TransformerTutorial.Testing;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Initial parameters and dropout: PyTorch's numbers for the same seed, and as many numbers drawn (tests/oracles/pytorch/initialisation.cpp).</summary>
[Collection(DefaultGenerator.Name)]
public class InitialisationTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "pytorch", "initialisation.json"))).RootElement;

    private static readonly Dictionary<string, Func<nn.Module>> Makers = new()
    {
        ["Linear(3, 5)"] = () => nn.Linear(3, 5),
        ["Linear(20, 30)"] = () => nn.Linear(20, 30),
        ["Linear(4, 2, hasBias: false)"] = () => nn.Linear(4, 2, hasBias: false),
        ["Embedding(10, 3)"] = () => nn.Embedding(10, 3),
        ["Embedding(3, 5)"] = () => nn.Embedding(3, 5),
        ["Embedding(10, 3, padding_idx: 2)"] = () => nn.Embedding(10, 3, padding_idx: 2),
        ["Bilinear(3, 4, 2)"] = () => nn.Bilinear(3, 4, 2),
        ["Conv1d(3, 4, 2)"] = () => nn.Conv1d(3, 4, 2),
        ["Conv2d(2, 3, 3)"] = () => nn.Conv2d(2, 3, 3),
        ["LSTM(3, 4, numLayers: 2, bidirectional: true)"] = () => nn.LSTM(3, 4, numLayers: 2, bidirectional: true),
        ["LSTM(3, 4, bias: false)"] = () => nn.LSTM(3, 4, bias: false),
        ["RNN(3, 4, numLayers: 2)"] = () => nn.RNN(3, 4, numLayers: 2),
        ["GRU(3, 4)"] = () => nn.GRU(3, 4),
        ["RNNCell(3, 4)"] = () => nn.RNNCell(3, 4),
        ["LSTMCell(3, 4)"] = () => nn.LSTMCell(3, 4),
        ["GRUCell(3, 4)"] = () => nn.GRUCell(3, 4),
        ["MultiheadAttention(8, 2)"] = () => nn.MultiheadAttention(8, 2),
        ["MultiheadAttention(8, 2, kdim: 6, vdim: 4)"] = () => nn.MultiheadAttention(8, 2, kdim: 6, vdim: 4),
        ["MultiheadAttention(8, 2, bias: false)"] = () => nn.MultiheadAttention(8, 2, bias: false),
        ["MultiheadAttention(8, 2, add_bias_kv: true)"] = () => nn.MultiheadAttention(8, 2, add_bias_kv: true),
        ["TransformerEncoderLayer(8, 2, 16)"] = () => nn.TransformerEncoderLayer(8, 2, 16),
        ["TransformerDecoderLayer(8, 2, 16)"] = () => nn.TransformerDecoderLayer(8, 2, 16),
        ["TransformerEncoder(TransformerEncoderLayer(8, 2, 16), 2)"] = () => nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2),
        ["TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 2)"] = () => nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), 2),
        ["Transformer(8, 2, 2, 2, 16)"] = () => nn.Transformer(8, 2, 2, 2, 16),
    };

    private static readonly Dictionary<string, Func<torch.Tensor, torch.Tensor>> Functions = new()
    {
        ["uniform_(-0.5, 1.5)"] = t => nn.init.uniform_(t, -0.5, 1.5),
        ["normal_(1, 0.1)"] = t => nn.init.normal_(t, 1, 0.1),
        ["xavier_uniform_(gain: 1)"] = t => nn.init.xavier_uniform_(t),
        ["xavier_uniform_(gain: 2)"] = t => nn.init.xavier_uniform_(t, 2),
        ["xavier_normal_(gain: 1)"] = t => nn.init.xavier_normal_(t),
        ["kaiming_uniform_(a: sqrt 5)"] = t => nn.init.kaiming_uniform_(t, Math.Sqrt(5)),
        ["kaiming_uniform_(FanOut, ReLU)"] = t => nn.init.kaiming_uniform_(t, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU),
        ["kaiming_normal_()"] = t => nn.init.kaiming_normal_(t),
        ["kaiming_normal_(FanOut, Tanh)"] = t => nn.init.kaiming_normal_(t, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.Tanh),
        ["constant_(0.3)"] = t => nn.init.constant_(t, 0.3),
        ["ones_()"] = t => nn.init.ones_(t),
        ["zeros_()"] = t => nn.init.zeros_(t),
        ["orthogonal_(gain: 1)"] = t => nn.init.orthogonal_(t),
        ["orthogonal_(gain: 2)"] = t => nn.init.orthogonal_(t, 2),
        ["eye_()"] = t => nn.init.eye_(t),
        ["dropout(0.1)"] = t => nn.functional.dropout(t, 0.1),
        ["dropout(0.5)"] = t => nn.functional.dropout(t, 0.5),
        ["dropout(0)"] = t => nn.functional.dropout(t, 0),
        ["dropout(1)"] = t => nn.functional.dropout(t, 1),
        ["dropout(0.5, training: false)"] = t => nn.functional.dropout(t, 0.5, training: false),
    };

    public static IEnumerable<object[]> Modules => Vectors.GetProperty("modules").EnumerateArray().Select(item => new object[] { item.GetProperty("name").GetString()!, item.GetProperty("seed").GetInt64() });

    public static IEnumerable<object[]> Results =>
        from section in (string[])["functions", "dropouts"]
        from item in Vectors.GetProperty(section).EnumerateArray().Select((item, index) => (Name: item.GetProperty("name").GetString()!, Index: index))
        where Functions.ContainsKey(item.Name)
        select new object[] { section, item.Name, item.Index };

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_begins_with_PyTorchs_parameters(string name, long seed)
    {
        var expected = Vectors.GetProperty("modules").EnumerateArray().Single(item => item.GetProperty("name").GetString() == name && item.GetProperty("seed").GetInt64() == seed);
        torch.manual_seed(seed);
        using var module = Makers[name]();
        var next = Read(torch.rand(1))[0];
        var parameters = expected.GetProperty("parameters").EnumerateObject().ToArray();
        Assert.Equal(parameters.Select(item => item.Name), module.named_parameters().Select(item => item.name));
        foreach (var (parameter, (_, tensor)) in parameters.Zip(module.named_parameters()))
        {
            Check(parameter.Value, tensor, parameter.Name);
        }

        Assert.Equal((float)expected.GetProperty("next").GetDouble(), next);
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void A_function_draws_PyTorchs_numbers(string section, string name, int index)
    {
        var expected = Vectors.GetProperty(section)[index];
        long[] shape = [.. expected.GetProperty("result").GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
        torch.manual_seed(0);
        using var result = Functions[name](torch.ones(shape));
        Check(expected.GetProperty("result"), result, name);
        Assert.Equal((float)expected.GetProperty("next").GetDouble(), Read(torch.rand(1))[0]);
    }

    [Fact]
    public void Every_module_of_the_vectors_can_be_made() =>
        Assert.All(Vectors.GetProperty("modules").EnumerateArray(), item => Assert.Contains(item.GetProperty("name").GetString()!, Makers.Keys));

    [Fact]
    public void Truncated_normal_values_have_the_right_mean_and_stay_within_bounds()
    {
        torch.manual_seed(3);
        var tensor = nn.init.trunc_normal_(torch.empty(100, 100), mean: 2, std: 3, a: -1, b: 4);
        var values = Read(tensor);
        Assert.All(values, value => Assert.InRange(value, -1, 4));

        // mean + std * (pdf(a) - pdf(b)) / (cdf(b) - cdf(a)) at a = -1 and b = 2/3.
        Assert.InRange(values.Average(), 1.57, 1.64);
    }

    private static void Check(JsonElement expected, torch.Tensor actual, string name)
    {
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()), actual.shape);
        var values = Read(actual);
        var i = 0;
        foreach (var value in expected.GetProperty("values").EnumerateArray())
        {
            var (left, right) = ((float)value.GetDouble(), values[i++]);
            Assert.True(Math.Abs(left - right) <= 4E-7f * Math.Max(Math.Abs(left), name.StartsWith("orthogonal", StringComparison.Ordinal) ? 1 : 1E-3f), $"{name}, element {i - 1}: expected {left}, but it is {right}");
        }
    }
}
