using TorchSharp.Modules;
using static TorchSharp.Managed.Tests.Properties.RandomTensors;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>Whatever a model is made of, its file brings all of it back.</summary>
public class StatePropertyTests
{
    private const int Width = 6;

    [Fact]
    public void A_model_loaded_from_its_file_gives_the_same_bits() => ForAll(30, random =>
    {
        var kinds = Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(7)).ToArray();
        var (model, copy) = (Model(kinds), Model(kinds));
        foreach (var parameter in model.parameters())
        {
            using var still = no_grad();
            parameter.copy_(Strided(random, ScalarType.Float32, parameter.shape));
        }

        // Running statistics move in training.
        var x = Strided(random, ScalarType.Float32, 5, Width);
        model.call(x);
        using var file = new MemoryStream();
        model.save(file);
        copy.load(new MemoryStream(file.ToArray()));
        foreach (var ((name, value), (otherName, other)) in model.state_dict().Zip(copy.state_dict()))
        {
            Assert.Equal(name, otherName);
            AssertSameBits(value, other);
        }

        model.eval();
        copy.eval();
        AssertSameBits(model.call(x), copy.call(x));
    });

    private static Sequential Model(int[] kinds) => nn.Sequential(kinds.Select((kind, i) => ($"part{i}", Part(kind))).ToArray());

    private static nn.Module<torch.Tensor, torch.Tensor> Part(int kind) => kind switch
    {
        0 => nn.Linear(Width, Width),
        1 => nn.Linear(Width, Width, hasBias: false),
        2 => nn.LayerNorm(Width),
        3 => nn.BatchNorm1d(Width),
        4 => nn.ReLU(),
        5 => nn.Sequential(("inner", nn.Linear(Width, Width)), ("activation", nn.GELU())),
        _ => nn.Dropout(0.5),
    };
}
