using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Optimizers;

/// <summary>What an optimiser holds, saves and refuses. Its numbers are compared with PyTorch's elsewhere.</summary>
public sealed class OptimizerTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.optimizer");

    public static TheoryData<string> Kinds => ["SGD", "SGD with momentum", "Adam", "AdamW with amsgrad"];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_optimiser_goes_on_as_if_it_had_not_been_saved(string kind)
    {
        var (first, second) = (NewParameters(), NewParameters());
        var (original, copy) = (New(kind, first, 0.1), New(kind, second, 0.7));
        Steps(original, first, 3);
        using (no_grad())
        {
            second[0].copy_(first[0]);
            second[1].copy_(first[1]);
        }

        original.save_state_dict(_path);
        copy.load_state_dict(_path);
        Assert.Equal(0.1, copy.ParamGroups.First().LearningRate);
        Steps(original, first, 3);
        Steps(copy, second, 3);
        Assert.Equal(first[0].data<float>().ToArray(), second[0].data<float>().ToArray());
        Assert.Equal(first[1].data<float>().ToArray(), second[1].data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_truncation_of_a_saved_optimiser_is_refused_and_changes_nothing(string kind)
    {
        var parameters = NewParameters();
        var optimizer = New(kind, parameters, 0.1);
        Steps(optimizer, parameters, 2);
        optimizer.save_state_dict(_path);
        var whole = File.ReadAllBytes(_path);
        Steps(optimizer, parameters, 1);
        var before = Saved(optimizer);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            var error = Assert.Throws<InvalidDataException>(() => optimizer.load_state_dict(_path));
            Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Saved(optimizer));
    }

    [Fact]
    public void A_file_of_another_kind_or_for_other_parameters_is_refused()
    {
        var optimizer = New("Adam", NewParameters(), 0.1);
        optimizer.save_state_dict(_path);
        Assert.Contains("expected 'SGD', but found 'Adam'", Assert.Throws<InvalidDataException>(() => New("SGD", NewParameters(), 0.1).load_state_dict(_path)).Message, StringComparison.Ordinal);
        var other = optim.Adam([new Parameter(zeros(2, 3)), new Parameter(zeros(5))]);
        Assert.Contains("Float32 [5] was expected, but Float32 [4] found", Assert.Throws<InvalidDataException>(() => other.load_state_dict(_path)).Message, StringComparison.Ordinal);
        var fewer = optim.Adam([new Parameter(zeros(2, 3))]);
        Assert.Contains("different number of states: expected 1, but found 2", Assert.Throws<InvalidDataException>(() => fewer.load_state_dict(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_takes_what_it_leaves_open_from_the_optimiser()
    {
        var parameters = NewParameters();
        var optimizer = new Adam([new Adam.ParamGroup([parameters[0]], new Adam.Options { LearningRate = 0.5 }), new Adam.ParamGroup { Parameters = [parameters[1]] }], lr: 0.25, beta1: 0.8);
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
        Assert.All(optimizer.ParamGroups, group => Assert.Equal((0.8, 0.999), ((optim.IBetas)group).Betas));
        Assert.Equal(parameters, optimizer.parameters());
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_and_a_parameter_twice_is_refused()
    {
        var parameters = NewParameters();
        var optimizer = New("Adam", parameters, 0.1);
        parameters[0].grad = ones(2, 3);
        var before = parameters[1].data<float>().ToArray();
        optimizer.step();
        Assert.Equal(before, parameters[1].data<float>().ToArray());
        Assert.Contains("[4]", Assert.Throws<ArgumentException>(() => optim.Adam([parameters[1], parameters[1]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_closure_is_recorded_although_the_step_is_not_and_its_loss_comes_back()
    {
        var parameter = new Parameter(tensor(new[] { 3f }));
        var optimizer = optim.SGD([parameter], 0.1);
        using (no_grad())
        {
            var loss = optimizer.step(() =>
            {
                optimizer.zero_grad();
                var result = parameter.square().sum();
                result.backward();
                return result;
            });
            Assert.Equal(9f, loss!.item<float>());
        }

        Assert.Equal(3f - (0.1f * 6f), parameter.item<float>(), 1e-6f);
        Assert.True(parameter.is_leaf);
        optimizer.zero_grad();
        Assert.Equal(0f, parameter.grad!.item<float>());
    }

    [Fact]
    public void A_step_on_a_saved_value_is_noticed_by_backward()
    {
        var parameter = new Parameter(tensor(new[] { 3f }));
        var optimizer = optim.SGD([parameter], 0.1);
        var loss = parameter.square().sum();
        parameter.grad = ones(1);
        optimizer.step();
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => loss.backward());
    }

    [Fact]
    public void The_memory_outlives_the_scope_around_a_step()
    {
        var parameters = NewParameters();
        var optimizer = New("SGD with momentum", parameters, 0.1);
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            Steps(optimizer, parameters, 1);
        }

        Assert.All(parameters, parameter => Assert.False(parameter.IsInvalid));
    }

    [Fact]
    public void An_optimiser_of_ones_own_takes_steps_groups_and_schedules()
    {
        var parameters = NewParameters();
        using var optimizer = new SignDescent(parameters, 0.5);
        var schedule = optim.lr_scheduler.StepLR(optimizer, 1, 0.5);
        var before = parameters[0].detach().clone();
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var sum = parameters[0].sum();
            sum.backward();
            return sum;
        });
        Assert.Equal(15f, loss!.item<float>());
        Assert.True((before - 0.5f).equal(parameters[0]).all().item<bool>());
        schedule.step();
        optimizer.step();
        Assert.True((before - 0.75f).equal(parameters[0]).all().item<bool>());
        optimizer.save_state_dict(_path);
        schedule.step();
        optimizer.load_state_dict(_path);
        Assert.Equal(0.25, optimizer.ParamGroups.Single().LearningRate);
    }

    // As a reader would write it with either library.
    private sealed class SignDescent : OptimizerHelper
    {
        public SignDescent(IEnumerable<Parameter> parameters, double lr)
        {
            _defaults = new OptimizerOptions { LearningRate = lr, InitialLearningRate = lr };
            add_param_group(new ParamGroup<OptimizerOptions>(parameters));
        }

        public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup<OptimizerOptions>>(
            group =>
            {
                foreach (var parameter in group.Parameters)
                {
                    if (parameter.grad is { } gradient)
                    {
                        parameter.add_(gradient.sign(), -group.LearningRate);
                    }
                }
            },
            closure);
    }

    private static Parameter[] NewParameters() => [new Parameter(arange(6f).view(2, 3)), new Parameter(arange(4f) - 2f)];

    private static OptimizerHelper New(string kind, Parameter[] parameters, double rate) => kind switch
    {
        "SGD" => optim.SGD(parameters, rate),
        "SGD with momentum" => optim.SGD(parameters, rate, momentum: 0.9, weight_decay: 0.01, nesterov: true),
        "Adam" => optim.Adam(parameters, rate),
        _ => optim.AdamW(parameters, rate, weight_decay: 0.1, amsgrad: true),
    };

    private static void Steps(OptimizerHelper optimizer, Parameter[] parameters, int count)
    {
        for (var i = 0; i < count; i++)
        {
            optimizer.zero_grad();
            (parameters[0].square().sum() + (parameters[1] * 3).exp().sum()).backward();
            optimizer.step();
        }
    }

    private static byte[] Saved(OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.save_state_dict(writer);
        return stream.ToArray();
    }
}
