using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of gradients and of writing in place: backward twice, values that were overwritten, leaves, results that do not fit; tensors after their disposal.</summary>
internal static class GradientErrors
{
    private const string Handle = "Tensor invalid -- empty handle.";

    public static readonly ErrorCase[] Cases =
    [
        // Backward.
        Of("backward of several elements", () => (Leaf(2, 3) * 2).backward(), "backward:", "[2, 3]", "scalar"),
        Of("backward of what wants no gradient", () => Floats().backward(), "backward:", "does not require grad"),
        Of("backward twice", () =>
        {
            var loss = (Leaf(3) * Leaf(3)).sum();
            loss.backward();
            loss.backward();
        }, "backward:", "second time", "retain_graph"),
        Of("backward twice through a shared part", () =>
        {
            var shared = Leaf(3).exp();
            shared.sum().backward();
            shared.mean().backward();
        }, "backward:", "second time", "exp"),
        Of("backward after a saved value was overwritten", () =>
        {
            var y = Leaf(2, 3).exp();
            y.add_(1);
            y.sum().backward();
        }, "backward:", "modified by an inplace operation", "[2, 3]", "exp", "version 1", "version 0"),
        Of("backward after an input was overwritten", () =>
        {
            var x = Leaf(2, 3) * 1;
            var y = x * x;
            x.zero_();
            y.sum().backward();
        }, "backward:", "modified by an inplace operation", "[2, 3]", "mul"),
        Of("backward after a view was written through", () =>
        {
            var x = Leaf(2, 3) * 1;
            var y = x.pow(2);
            x[0].fill_(1);
            y.sum().backward();
        }, "backward:", "modified by an inplace operation", "[2, 3]", "pow"),
        Of("backward with a gradient of another shape", () => (Leaf(2, 3) * 2).backward([Floats(3, 2)]), "backward:", "[3, 2]", "[2, 3]"),
        Of("backward with fewer gradients than tensors", () => autograd.backward([Leaf(2).sum(), Leaf(2).sum()], [tensor(1f)]), "backward:", "2", "1"),
        Of("backward to no inputs", () => autograd.backward(Leaf(2).sum(), inputs: []), "backward:", "inputs"),
        Of("grad of what was not used", () => autograd.grad([Leaf(2).sum()], [Leaf(2, 3)]), "grad:", "[2, 3]", "not have been used", "allow_unused"),
        Of("grad to what wants no gradient", () => autograd.grad([Leaf(2).sum()], [Floats(2, 3)]), "grad:", "does not require grad"),
        Of("grad to nothing", () => autograd.grad([Leaf(2).sum()], []), "grad:", "inputs"),
        Of("grad of several elements", () =>
        {
            var x = Leaf(2, 3);
            return autograd.grad([x * 2], [x]);
        }, "grad:", "[2, 3]", "scalar"),
        Of("grad with a gradient of another shape", () =>
        {
            var x = Leaf(2, 3);
            return autograd.grad([x * 2], [x], [Floats(2)]);
        }, "grad:", "[2, 3]", "[2]"),
        Of("a gradient for whole numbers", () => Longs(2).requires_grad_(), "requires_grad", "Int64", "floating"),
        Of("a factory's gradient for whole numbers", () => zeros(2, dtype: int64, requires_grad: true), "requires_grad", "Int64"),
        Of("no gradient for a result", () => (Leaf(2) * 2).requires_grad_(false), "requires_grad", "leaf", "detach()"),
        Of("retain_grad of what has no gradient", () => Floats(2).retain_grad(), "retain_grad:", "requires_grad=False"),
        Of("a gradient of another shape assigned", () => { Leaf(2, 3).grad = Floats(3); }, "grad:", "[3]", "[2, 3]"),
        Of("a gradient of another type assigned", () => { Leaf(2, 3).grad = Longs(2, 3); }, "grad:", "Int64", "Float32"),
        Of("detach_ of a view", () => (Leaf(2) * 2).view(2).detach_(), "detach_:", "detach()"),

        // Writing in place.
        Of("in place on a leaf", () => Leaf(2).add_(1), "add_:", "leaf"),
        Of("in place on a view of a leaf", () => Leaf(2, 3)[0].add_(1), "add_:", "view of a leaf"),
        Of("zero_ of a leaf", () => Leaf(2).zero_(), "zero_:", "leaf"),
        Of("copy_ to a leaf", () => Leaf(2).copy_(Floats(2)), "copy_:", "leaf"),
        Of("an index written to a leaf", () => { Leaf(2)[0] = tensor(1f); }, "leaf"),
        Of("an initialisation of a leaf", () => Leaf(2).normal_(), "normal_:", "leaf"),
        Of("in place on an expanded tensor", () => Floats(3, 1).expand(3, 4).add_(1), "add_:", "clone()"),
        Of("in place to a larger shape", () => Floats(3).add_(Floats(2, 3)), "add_:", "[3]", "[2, 3]"),
        Of("in place to a lesser type", () => Longs(3).mul_(Floats(3)), "mul_:", "Float32", "Int64"),
        Of("in place to bools", () => Bools(3).add_(1), "add_:", "Bool", "Int64"),
        Of("in place square root of whole numbers", () => Longs(3).sqrt_(), "sqrt_:", "Float32", "Int64"),
        Of("in place division of whole numbers", () => Longs(3).div_(2), "div_:", "Float32", "Int64"),
        Of("in place on shapes that do not broadcast", () => Floats(3).sub_(Floats(4)), "sub:", "[3]", "[4]"),

        // After disposal.
        Of<InvalidOperationException>("addition of a disposed tensor", () => Disposed() + Floats(2), Handle),
        Of<InvalidOperationException>("addition to a disposed tensor", () => Floats(2) + Disposed(), Handle),
        Of<InvalidOperationException>("exp of a disposed tensor", () => Disposed().exp(), Handle),
        Of<InvalidOperationException>("sum of a disposed tensor", () => Disposed().sum(), Handle),
        Of<InvalidOperationException>("matmul with a disposed tensor", () => Floats(2, 2).matmul(Disposed()), Handle),
        Of<InvalidOperationException>("view of a disposed tensor", () => Disposed().view(2), Handle),
        Of<InvalidOperationException>("index of a disposed tensor", () => Disposed()[0], Handle),
        Of<InvalidOperationException>("index with a disposed tensor", () => Floats(2)[Disposed()], Handle),
        Of<InvalidOperationException>("writing to a disposed tensor", () => Disposed().fill_(1), Handle),
        Of<InvalidOperationException>("cat of a disposed tensor", () => cat([Floats(2), Disposed()]), Handle),
        Of<InvalidOperationException>("shape of a disposed tensor", () => Disposed().shape, Handle),
        Of<InvalidOperationException>("data of a disposed tensor", () => Disposed().data<float>(), Handle),
        Of<InvalidOperationException>("item of a disposed tensor", () => Disposed().item<float>(), Handle),
        Of<InvalidOperationException>("clone of a disposed tensor", () => Disposed().clone(), Handle),
        Of<InvalidOperationException>("copy_ from a disposed tensor", () => Floats(2).copy_(Disposed()), Handle),
        Of<InvalidOperationException>("conversion of a disposed tensor", () => Disposed().to(float64), Handle),
        Of<InvalidOperationException>("backward of a disposed tensor", () => Disposed().backward(), Handle),
        Of<InvalidOperationException>("softmax of a disposed tensor", () => Disposed().softmax(0), Handle),
        Of<InvalidOperationException>("sort of a disposed tensor", () => Disposed().sort(), Handle),
        Of<InvalidOperationException>("gather with a disposed tensor", () => Floats(2).gather(0, Disposed()), Handle),
        Of<InvalidOperationException>("a loss with a disposed tensor", () => nn.functional.mse_loss(Floats(2), Disposed()), Handle),
        Of<InvalidOperationException>("a layer with a disposed tensor", () => nn.Linear(2, 2).call(Disposed()), Handle),
        Of<InvalidOperationException>("random numbers for a disposed tensor", () => Disposed().uniform_(0, 1), Handle),
    ];

    private static Tensor Disposed()
    {
        var tensor = Floats(2);
        tensor.Dispose();
        return tensor;
    }
}
