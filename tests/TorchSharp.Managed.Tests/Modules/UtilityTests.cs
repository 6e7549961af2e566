using System.Runtime.InteropServices;
using TorchSharp.Managed.Tests.Operators;
using TorchSharp.Modules;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>What is done with all parameters at once, and losses as modules.</summary>
[Collection(DefaultGenerator.Name)]
public class UtilityTests
{
    [Fact]
    public void Gradients_are_shortened_together()
    {
        var parameters = Parameters([3, 0], [4]);
        Assert.Equal(5, nn.utils.clip_grad_norm_(parameters, 1), 1E-6);
        Close(Values([2], 0.6f, 0), parameters[0].grad!);
        Close(Values([1], 0.8f), parameters[1].grad!);
        Assert.Equal(1, nn.utils.clip_grad_norm_(parameters, 2), 1E-5);
        Close(Values([1], 0.8f), parameters[1].grad!);
        Assert.Equal(0.8, nn.utils.clip_grad_norm_(parameters, 0.4, double.PositiveInfinity), 1E-5);
        Close(Values([2], 0.3f, 0), parameters[0].grad!);
        Assert.Equal(0, nn.utils.clip_grad_norm_([new Parameter(Values([1], 1))], 1));
    }

    [Fact]
    public void Gradients_are_cut_one_by_one()
    {
        var parameters = Parameters([3, -0.5f], [-4]);
        nn.utils.clip_grad_value_(parameters, 1);
        Assert.Equal([1, -0.5f], Read(parameters[0].grad!));
        Assert.Equal([-1], Read(parameters[1].grad!));
    }

    [Fact]
    public void Parameters_become_a_vector_and_come_back()
    {
        using var module = nn.Linear(2, 3);
        var vector = nn.utils.parameters_to_vector(module.parameters());
        Assert.Equal([9], vector.shape);
        nn.utils.vector_to_parameters(arange(9f), module.parameters());
        Assert.Equal([0, 1, 2, 3, 4, 5], Read(module.weight));
        Assert.Equal([6, 7, 8], Read(module.bias!));
        Assert.Throws<ExternalException>(() => nn.utils.vector_to_parameters(arange(8f), module.parameters()));
    }

    [Fact]
    public void Losses_pass_their_options_on()
    {
        var (logits, classes) = (Values([3, 2], 1, 2, 0, 0, 5, 1), tensor(new long[] { 1, 0, 1 }));
        var each = logits.log_softmax(-1);
        var picked = new[] { -Read(each)[1], -Read(each)[2], -Read(each)[5] };
        Close(Values([], picked.Average()), nn.CrossEntropyLoss().call(logits, classes));
        Close(Values([3], picked), nn.CrossEntropyLoss(reduction: nn.Reduction.None).call(logits, classes));
        Close(Values([], picked[1]), nn.CrossEntropyLoss(ignore_index: 1).call(logits, classes));
        Close(Values([], (picked[0] + (3 * picked[1]) + picked[2]) / 5), nn.CrossEntropyLoss(Values([2], 3, 1)).call(logits, classes));
        Close(nn.functional.cross_entropy(logits, classes, label_smoothing: 0.1), new CrossEntropyLoss(label_smoothing: 0.1).call(logits, classes));
        Close(nn.CrossEntropyLoss().call(logits, classes), nn.NLLLoss().call(each, classes));

        var (x, y) = (Values([2], 0.2f, 0.7f), Values([2], 0, 1));
        Close(Values([], (0.04f + 0.09f) / 2), nn.MSELoss().call(x, y));
        Close(Values([], 0.5f), nn.L1Loss(nn.Reduction.Sum).call(x, y));
        Close(Values([], (0.02f + 0.045f) / 2), nn.HuberLoss().call(x, y));
        Close(Values([], (0.02f + 0.045f) / 2), nn.SmoothL1Loss().call(x, y));
        var entropy = (-MathF.Log(0.8f) - MathF.Log(0.7f)) / 2;
        Close(Values([], entropy), nn.BCELoss().call(x, y));
        Close(Values([], entropy), nn.BCEWithLogitsLoss().call(x.div(ones(2).sub(x)).log(), y));
        Close(Values([], (0.5f * MathF.Log(0.5f / 0.2f)) / 1), nn.KLDivLoss(log_target: false, nn.Reduction.Sum).call(Values([1], 0.2f).log(), Values([1], 0.5f)));
        Close(nn.KLDivLoss(log_target: false).call(x.log(), Values([2], 0.5f, 0.5f)), nn.KLDivLoss().call(x.log(), Values([2], 0.5f, 0.5f).log()));
        Close(Values([], 1), nn.CosineEmbeddingLoss().call(Values([1, 2], 1, 0), Values([1, 2], 0, 1), Values([1], 1)));
        Assert.Equal(nn.Reduction.Sum, nn.L1Loss(nn.Reduction.Sum).reduction);
        Assert.Empty(nn.CrossEntropyLoss(Values([2], 3, 1)).state_dict());
    }

    [Fact]
    public void A_small_network_learns_and_survives_a_file()
    {
        manual_seed(0);
        var path = Path.Combine(Path.GetTempPath(), $"network-{Guid.NewGuid():N}.dat");
        using var network = nn.Sequential(("first", nn.Linear(2, 8)), ("bend", nn.Tanh()), ("norm", nn.LayerNorm(8)), ("second", nn.Linear(8, 1)));
        var (x, y) = (Values([4, 2], 0, 0, 0, 1, 1, 0, 1, 1), Values([4, 1], 0, 1, 1, 0));
        var before = nn.functional.mse_loss(network.call(x), y).item<float>();
        for (var step = 0; step < 200; step++)
        {
            network.zero_grad();
            nn.functional.mse_loss(network.call(x), y).backward();
            using var recording = no_grad();
            foreach (var parameter in network.parameters())
            {
                parameter.sub_(parameter.grad!.mul(0.05));
            }
        }

        Assert.True(nn.functional.mse_loss(network.call(x), y).item<float>() < before / 4);
        try
        {
            network.save(path);
            using var other = nn.Sequential(("first", nn.Linear(2, 8)), ("bend", nn.Tanh()), ("norm", nn.LayerNorm(8)), ("second", nn.Linear(8, 1)));
            other.load(path);
            Assert.Equal(Read(network.call(x)), Read(other.call(x)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Parameter[] Parameters(params float[][] gradients) => [.. gradients.Select(gradient => new Parameter(Values([gradient.Length], gradient)) { grad = Values([gradient.Length], gradient) })];
}
