using TorchSharp.Modules;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Sequential, lists and dictionaries of modules and parameters.</summary>
public class ContainerTests
{
    [Fact]
    public void A_sequence_passes_each_result_on()
    {
        using var module = torch.nn.Sequential(new Scale(2), new Scale(3), new Scale(5));
        Assert.Equal([30], Read(module.call(Values([1], 1))));
        Assert.Equal(["0.factor", "1.factor", "2.factor"], module.state_dict().Keys);
        Assert.Equal([15], Read(module[1..].call(Values([1], 1))));
        Assert.Equal([6], Read(module[(null, 2)].call(Values([1], 1))));
        Assert.Equal(["1.factor", "2.factor"], module[1..].state_dict().Keys);
        Assert.Same(module[2], module[^1..][0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => module[2..9]);
    }

    [Fact]
    public void An_empty_sequence_returns_the_input_and_gradients_pass_through_a_full_one()
    {
        var x = Values([2], 1, 2).requires_grad_();
        var same = torch.nn.Sequential().call(x);
        Assert.NotSame(x, same);
        same.Dispose();
        Assert.Equal([1, 2], Read(x));
        torch.nn.Sequential(new Scale(2), new Scale(3)).call(x).sum([0]).backward();
        Assert.Equal([6, 6], Read(x.grad!));
    }

    [Fact]
    public void A_module_that_returns_its_input_does_no_harm_in_a_sequence()
    {
        using var module = torch.nn.Sequential(new Scale(2), new Same(), new Same());
        Assert.Equal([2], Read(module.call(Values([1], 1))));
    }

    [Fact]
    public void Lists_register_their_members_by_place_whenever_they_change()
    {
        using var list = torch.nn.ModuleList(new Scale(1), new Scale(2));
        using var holder = new Holder(list);
        Assert.Equal(["_layers.0.factor", "_layers.1.factor"], holder.state_dict().Keys);
        list.append(new Scale(3));
        list.Insert(0, new Scale(0));
        Assert.Equal([0, 1, 2, 3], holder.parameters().Select(parameter => Read(parameter)[0]));
        Assert.True(list.Remove(list[1]));
        list[0] = new Scale(7);
        Assert.Equal([7, 2, 3], list.Select(module => Read(module.Factor)[0]));
        Assert.Equal(3, holder.parameters().Count());
    }

    [Fact]
    public void Dictionaries_keep_their_order()
    {
        using var dictionary = torch.nn.ModuleDict(("b", new Scale(1)), ("a", new Scale(2)));
        Assert.Equal(["b.factor", "a.factor"], dictionary.state_dict().Keys);
        Assert.Equal([2], Read(dictionary["a"].Factor));
        dictionary.Add("c", new Scale(3));
        Assert.True(dictionary.Remove("b"));
        Assert.Equal(["a", "c"], dictionary.keys());
        Assert.Equal(["a.factor", "c.factor"], dictionary.state_dict().Keys);
        Assert.Throws<ArgumentException>(() => dictionary.Add("c", new Scale(3)));
        Assert.Equal("c", dictionary[1].Item1);
    }

    [Fact]
    public void Parameter_containers_follow_a_conversion()
    {
        using var list = torch.nn.ParameterList(new Parameter(Values([1], 1)), new Parameter(Values([1], 2)));
        using var dictionary = torch.nn.ParameterDict(("w", new Parameter(Values([1], 3))));
        Assert.Equal(["0", "1"], list.state_dict().Keys);
        list.to(torch.ScalarType.Float64);
        dictionary.to(torch.ScalarType.Float64);
        Assert.All(list, parameter => Assert.Equal(torch.ScalarType.Float64, parameter.dtype));
        Assert.Same(list[1], list.get_parameter("1"));
        Assert.Equal(torch.ScalarType.Float64, dictionary["w"].dtype);
        Assert.Same(dictionary["w"], dictionary.get_parameter("w"));
    }

    [Fact]
    public void A_module_without_parameters_refuses_some()
    {
        using var module = new Same();
        Assert.Throws<InvalidOperationException>(() => module.register_parameter("w", new Parameter(Values([1], 1))));
        Assert.Throws<InvalidOperationException>(() => module.register_buffer("b", Values([1], 1)));
        Assert.Throws<InvalidOperationException>(() => module.register_module("m", new Scale(1)));
        module.register_module("m", new Same());
    }

    private sealed class Same() : ParameterLessModule<torch.Tensor, torch.Tensor>(nameof(Same))
    {
        public override torch.Tensor forward(torch.Tensor input) => input;
    }

    private sealed class Holder : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly ModuleList<Scale> _layers;

        public Holder(ModuleList<Scale> list)
            : base(nameof(Holder))
        {
            _layers = list;
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input) => _layers.Aggregate(input, (x, layer) => layer.call(x));
    }
}
