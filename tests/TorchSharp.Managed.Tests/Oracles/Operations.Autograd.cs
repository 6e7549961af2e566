using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    // The operations whose gradients can be differentiated again.
    private static readonly string[] TwiceDifferentiable =
    [
        "mul", "div", "add", "sub", "matmul", "bmm", "exp", "log", "sin", "cos", "tanh", "sigmoid", "sqrt", "rsqrt", "square", "reciprocal", "gelu", "silu", "log1p", "erf", "pow_cubed",
        "softmax_last", "log_softmax_last", "logsumexp_last", "norm", "prod", "var", "std", "layer_norm_last", "linear", "expm1", "softplus_plain", "index_select_first", "cumsum_0", "mse_mean", "tan", "atan",
    ];

    private static Dictionary<string, Operation> Autograd()
    {
        var table = new Dictionary<string, Operation>
        {
            ["shared_subgraph"] = Within(2, c => SharedSubgraph(c[0])),
            ["used_twice"] = Within(1, c => (c[0] * c[0]) + c[0]),
            ["in_place_on_view"] = Within(1, c => InPlaceOnView(c[0])),
            ["in_place_on_base"] = Within(1, c => InPlaceOnBase(c[0])),
            ["in_place_chain"] = Within(2, c => c[0].clone().add_(1).mul_(2).sub_(0.5) * c[0]),
            ["through_detach"] = Within(1, c => c[0] * c[0].detach()),
            ["retained_graph"] = Within(1, c => RetainedGraph(c[0])),
            ["accumulated"] = Within(2, c => Accumulated(c[0])),
            ["unused_input"] = Within(1, c => UnusedInput(c[0], c[1])),
            ["non_leaf_gradient"] = Within(2, c => NonLeafGradient(c[0])),
            ["retained_non_leaf"] = Within(2, c => RetainedNonLeaf(c[0])),
            ["gradient_penalty"] = Within(2, c => GradientPenalty(c[0], c[1])),
            ["hessian_vector"] = Within(2, c => HessianVector(c[0], c[1])),
            ["third_derivative"] = Within(2, c => ThirdDerivative(c[0])),
            ["no_grad_part"] = Within(1, c => NoGradPart(c[0])),
            ["expanded_accumulation"] = Within(1, c => c[0].expand(4, 3) * arange(4, ScalarType.Float32).reshape(4, 1)),
            ["diamond"] = Within(2, c => Diamond(c[0])),
            ["split_outputs"] = Within(2, c => SplitOutputs(c[0].chunk(3, 1))),
            ["unused_output"] = Within(2, c => [c[0].sort(1).Values.sum(0L), c[0].chunk(2, 1)[0]]),
            ["several_outputs"] = Within(2, c => [c[0].exp(), c[0].sum(0L), (c[0] * c[0]).mean()]),
            ["pow_cubed"] = Each(2, c => c[0].pow(3)),
        };
        var others = new[] { Pointwise(), Reductions(), Orders(), Products(), Indexing(), Networks(), Losses(), table }.SelectMany(operations => operations).ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var name in TwiceDifferentiable.Where(others.ContainsKey))
        {
            table["second_derivative_of_" + name] = Within(2, c => Differentiated(c, others[name]));
        }

        return table;
    }

    // The last tensor of the case weighs the outputs.
    private static Tensor[] Differentiated(OracleCase c, Operation operation)
    {
        var count = c.Inputs.Length - 1;
        var output = operation.Run(c.FirstOnes(count))[0];
        return [.. autograd.grad([output], c.Inputs[..count], [c[count]], create_graph: true)];
    }

    private static Tensor SharedSubgraph(Tensor x)
    {
        var y = x * x;
        var z = y.exp();
        return ((y * z) + z).sum() + y.sum();
    }

    private static Tensor InPlaceOnView(Tensor x)
    {
        var y = x * 1;
        y[0].mul_(2);
        y[TensorIndex.Colon, TensorIndex.Single(1)] = y[TensorIndex.Colon, TensorIndex.Single(0)] * 3;
        return y;
    }

    private static Tensor InPlaceOnBase(Tensor x)
    {
        var y = x * 1;
        var view = y[TensorIndex.Slice(1)];
        y.mul_(3);
        return view * view;
    }

    private static Tensor RetainedGraph(Tensor x)
    {
        var y = (x * x).sum();
        var first = autograd.grad([y], [x], retain_graph: true)[0];
        var second = autograd.grad([y], [x])[0];
        return first.detach() + second.detach() + x;
    }

    private static Tensor Accumulated(Tensor x)
    {
        var leaf = x.detach().clone().requires_grad_();
        (leaf * leaf).sum().backward();
        leaf.exp().sum().backward();
        return leaf.grad! + (x * 0);
    }

    private static Tensor UnusedInput(Tensor x, Tensor y)
    {
        var gradients = autograd.grad([(x * x).sum()], [x, y], allow_unused: true);
        Assert.True(gradients[1] is null);
        return gradients[0].detach() + y;
    }

    private static Tensor NonLeafGradient(Tensor x)
    {
        var y = x.exp();
        return autograd.grad([(y * y * x).sum()], [y])[0].detach() + x;
    }

    private static Tensor RetainedNonLeaf(Tensor x)
    {
        var leaf = x.detach().clone().requires_grad_();
        var y = leaf * 3;
        y.retain_grad();
        (y * y).sum().backward();
        return cat([y.grad!, leaf.grad!]) + cat([x, x]);
    }

    private static Tensor GradientPenalty(Tensor x, Tensor w)
    {
        var y = x.matmul(w).tanh().sum();
        var gradient = autograd.grad([y], [x], create_graph: true)[0];
        return ((gradient.square().sum(1) + 1e-3).sqrt() - 1).square().mean();
    }

    private static Tensor HessianVector(Tensor x, Tensor v)
    {
        var y = (x.sin() * x.square()).sum();
        var gradient = autograd.grad([y], [x], create_graph: true)[0];
        var product = autograd.grad([(gradient * v.detach()).sum()], [x], create_graph: true)[0];
        return product + (v * 0);
    }

    private static Tensor ThirdDerivative(Tensor x)
    {
        var y = x.pow(4).sum();
        var gradient = autograd.grad([y], [x], create_graph: true)[0];
        return autograd.grad([gradient.sum()], [x], create_graph: true)[0];
    }

    private static Tensor NoGradPart(Tensor x)
    {
        Tensor y;
        using (no_grad())
        {
            y = x * 5;
        }

        return x * y;
    }

    private static Tensor Diamond(Tensor x)
    {
        Tensor a = x.sin(), b = x.cos();
        var product = a * b;
        return (product * a) + (product * b) + x;
    }

    private static Tensor SplitOutputs(Tensor[] parts) => (parts[0] * parts[2]) + parts[1].exp();
}
