using TorchSharp.Modules;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>What a module holds, how it is named, and what can be done with all of it at once.</summary>
public class ModuleTests
{
    [Fact]
    public void Fields_become_parameters_modules_and_buffers_under_their_own_names()
    {
        using var module = new Everything();
        Assert.Equal(["scale", "<Property>k__BackingField", "_inner.factor", "renamed.factor"], module.named_parameters().Select(item => item.name));
        Assert.Equal(["_buf"], module.named_buffers().Select(item => item.name));
        Assert.Equal(["_inner", "renamed"], module.named_children().Select(item => item.name));
        Assert.Equal(["scale", "<Property>k__BackingField", "_inner.factor", "renamed.factor", "_buf"], module.state_dict().Keys);
        Assert.Equal(1, module.Ignored);
    }

    [Fact]
    public void Registering_twice_changes_nothing()
    {
        using var module = new Everything();
        var before = module.state_dict().Keys.ToArray();
        module.RegisterAgain();
        Assert.Equal(before, module.state_dict().Keys);
    }

    [Fact]
    public void Parts_are_found_by_name()
    {
        using var module = new Everything();
        Assert.Same(module.Inner.Factor, module.get_parameter("_inner.factor"));
        Assert.True(module.has_parameter("renamed.factor"));
        Assert.False(module.has_parameter("_second.factor"));
        Assert.False(module.has_parameter("_inner.other"));
        Assert.True(module.has_buffer("_buf"));
        Assert.Null(module.get_buffer("scale"));
    }

    [Fact]
    public void Modes_reach_the_modules_inside()
    {
        using var outer = torch.nn.Sequential(("a", new Scale(1)), ("b", torch.nn.Sequential(new Scale(2))));
        Assert.All(outer.modules(), module => Assert.True(module.training));
        outer.eval();
        Assert.False(outer.training);
        Assert.All(outer.modules(), module => Assert.False(module.training));
        outer.train();
        Assert.All(outer.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Applying_a_function_reaches_the_innermost_first()
    {
        using var inner = torch.nn.Sequential(new Scale(2));
        using var outer = torch.nn.Sequential(new Scale(1), inner);
        var names = new List<string>();
        outer.apply(module => names.Add(module == outer ? "outer" : module == inner ? "inner" : module.GetName()));
        Assert.Equal(["Scale", "Scale", "inner", "outer"], names);
        Assert.Equal(["0", "1", "1.0"], outer.named_modules().Select(item => item.name));
    }

    [Fact]
    public void A_shared_parameter_is_listed_once_but_saved_under_both_names()
    {
        using var shared = new Scale(2);
        using var twice = torch.nn.Sequential(("a", shared), ("b", shared));
        Assert.Single(twice.parameters());
        Assert.Equal(["a.factor", "b.factor"], twice.state_dict().Keys);
    }

    [Fact]
    public void Gradients_are_forgotten_or_set_to_zero()
    {
        using var module = new Scale(3);
        module.call(Values([2], 5, 7)).sum([0]).backward();
        Assert.Equal([12], Read(module.Factor.grad!));
        module.zero_grad(set_to_none: false);
        Assert.Equal([0], Read(module.Factor.grad!));
        module.zero_grad();
        Assert.Null(module.Factor.grad);
    }

    [Fact]
    public void Hooks_see_and_change_inputs_and_results_until_removed()
    {
        using var module = new Scale(3);
        var log = new List<string>();
        var first = module.register_forward_pre_hook(_ => log.Add("before"));
        var second = module.register_forward_pre_hook((_, input) =>
        {
            log.Add("input");
            return input.mul(2);
        });
        var third = module.register_forward_hook((_, input, result) =>
        {
            log.Add("result");
            return result.add(input);
        });
        var fourth = module.register_forward_hook(_ => log.Add("after"));
        Assert.Equal([2 * 5 * 3 + 2 * 5], Read(module.call(Values([1], 5))));
        Assert.Equal(["before", "input", "result", "after"], log);
        first.remove();
        second.remove();
        third.remove();
        fourth.remove();
        fourth.remove();
        Assert.Equal([15], Read(module.call(Values([1], 5))));
        Assert.Equal(4, log.Count);
    }

    [Fact]
    public void Conversion_replaces_the_tensors_in_fields_too_and_keeps_gradients()
    {
        using var module = new Everything();
        module.scale.grad = Values([2], 8, 9);
        var same = module.to(torch.ScalarType.Float64);
        Assert.Same(module, same);
        Assert.All(module.state_dict().Values, tensor => Assert.Equal(torch.ScalarType.Float64, tensor.dtype));
        Assert.Same(module.scale, module.get_parameter("scale"));
        Assert.Equal(torch.ScalarType.Float64, module.scale.grad!.dtype);
        Assert.True(module.scale.requires_grad && module.scale.is_leaf);
        Assert.Same(module.Inner.Factor, module.get_parameter("_inner.factor"));
        Assert.Throws<ArgumentException>(() => module.to(torch.ScalarType.Int64));
        Assert.Throws<NotSupportedException>(() => module.cuda());
        Assert.Same(module, module.cpu());
    }

    [Fact]
    public void Wrong_registrations_are_refused()
    {
        using var module = new Everything();
        Assert.Throws<ArgumentException>(() => module.register_module("a.b", new Scale(1)));
        Assert.Throws<ArgumentException>(() => module.register_module("", new Scale(1)));
        Assert.Throws<InvalidOperationException>(() => module.register_module("_inner", new Scale(1)));
        Assert.Throws<InvalidOperationException>(() => module.register_parameter("scale", new Parameter(Values([1], 1))));
        Assert.Throws<InvalidOperationException>(() => module.register_buffer("_buf", Values([1], 1)));
        Assert.Throws<ArgumentNullException>(() => module.register_buffer("none", null!));
    }

    [Fact]
    public void A_buffer_may_stay_out_of_the_state_dict()
    {
        using var module = new Everything();
        module.register_buffer("temporary", Values([1], 1), persistent: false);
        Assert.DoesNotContain("temporary", module.state_dict().Keys);
        Assert.Contains("temporary", module.named_buffers().Select(item => item.name));
        Assert.DoesNotContain("temporary", module.named_buffers(include_nonpersistent: false).Select(item => item.name));
    }

    [Fact]
    public void Disposing_reaches_everything_and_a_scope_leaves_a_module_alone()
    {
        Everything module;
        using (torch.NewDisposeScope())
        {
            module = new Everything();
        }

        Assert.All(module.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
        var tensors = module.state_dict().Values.ToArray();
        module.Dispose();
        module.Dispose();
        Assert.All(tensors, tensor => Assert.True(tensor.IsInvalid));
    }

    [Fact]
    public void A_parameter_takes_over_the_tensor_that_it_is_made_of()
    {
        var data = Values([2], 1, 2);
        var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad && parameter.is_leaf);
        Assert.Equal([1, 2], Read(parameter));
        Assert.False(torch.nn.Parameter(Values([1], 1), requires_grad: false).requires_grad);
        using (torch.NewDisposeScope())
        {
            parameter = new Parameter(Values([1], 1));
        }

        Assert.True(parameter.IsInvalid);
    }

    [Fact]
    public void A_state_dict_is_loaded_by_name()
    {
        using var source = new Everything();
        using var target = torch.nn.Sequential(("one", new Scale(0)));
        var state = new Dictionary<string, torch.Tensor> { ["one.factor"] = Values([1], 9) };
        var (missing, unexpected) = target.load_state_dict(state);
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal([9], Read(target.get_parameter("one.factor")!));

        state["more"] = Values([1], 1);
        var error = Assert.Throws<InvalidOperationException>(() => target.load_state_dict(state));
        Assert.Contains("more", error.Message, StringComparison.Ordinal);
        (missing, unexpected) = target.load_state_dict(new() { ["more"] = Values([1], 1) }, strict: false);
        Assert.Equal(["one.factor"], missing);
        Assert.Equal(["more"], unexpected);
        target.load_state_dict(state, skip: ["more"]);
        Assert.Throws<ArgumentException>(() => target.load_state_dict(new() { ["one.factor"] = Values([2], 1, 2) }));
        Assert.Equal([9], Read(target.get_parameter("one.factor")!));
    }
}
