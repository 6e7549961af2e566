using System.Runtime.InteropServices;

namespace TorchSharp.Managed.Tests.Autograd;

/// <summary>Operations with a backward of one's own.</summary>
public class FunctionTests
{
    /// <summary>x * x, with its gradient written by hand.</summary>
    private sealed class Square : torch.autograd.SingleTensorFunction<Square>
    {
        public override string Name => nameof(Square);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (torch.Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("factor", 2);
            return x.mul(x);
        }

        public override List<torch.Tensor?> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output) =>
            [grad_output.mul(ctx.get_saved_variables()[0]).mul((int)ctx.get_data("factor")!), null];
    }

    /// <summary>Two results, x + y and x * y.</summary>
    private sealed class SumAndProduct : torch.autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => nameof(SumAndProduct);

        public override List<torch.Tensor> forward(torch.autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, y) = ((torch.Tensor)vars[0], (torch.Tensor)vars[1]);
            ctx.save_for_backward([x, y]);
            return [x.add(y), x.mul(y)];
        }

        public override List<torch.Tensor?> backward(torch.autograd.AutogradContext ctx, List<torch.Tensor?> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0]!.add(grad_outputs[1]!.mul(saved[1])), grad_outputs[0]!.add(grad_outputs[1]!.mul(saved[0]))];
        }
    }

    /// <summary>Forgets the gradient of its second argument.</summary>
    private sealed class Forgetful : torch.autograd.SingleTensorFunction<Forgetful>
    {
        public override string Name => nameof(Forgetful);

        public override torch.Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars) => ((torch.Tensor)vars[0]).mul((torch.Tensor)vars[1]);

        public override List<torch.Tensor?> backward(torch.autograd.AutogradContext ctx, torch.Tensor grad_output) => [grad_output];
    }

    [Fact]
    public void A_function_of_ones_own_has_its_own_gradient_and_can_be_differentiated_twice()
    {
        var x = GraphTests.Tensor([2], 3, 5).requires_grad_();
        var y = Square.apply(x, "an argument that is no tensor");
        Assert.Equal([9, 25], GraphTests.Values(y));
        var first = torch.autograd.grad([y.sum([0])], [x], create_graph: true)[0];
        Assert.Equal([6, 10], GraphTests.Values(first));
        first.sum([0]).backward();
        Assert.Equal([2, 2], GraphTests.Values(x.grad));
    }

    [Fact]
    public void A_result_that_nothing_depends_on_has_a_gradient_of_zeros()
    {
        var x = GraphTests.Tensor([], 3).requires_grad_();
        var y = GraphTests.Tensor([], 5).requires_grad_();
        SumAndProduct.apply(x, y)[1].backward();
        Assert.Equal([5], GraphTests.Values(x.grad));
        Assert.Equal([3], GraphTests.Values(y.grad));
    }

    [Fact]
    public void Nothing_is_recorded_where_no_input_requires_a_gradient()
    {
        var x = GraphTests.Tensor([], 3);
        Assert.False(Square.apply(x, 1).requires_grad);
    }

    [Fact]
    public void A_wrong_number_of_gradients_names_the_function()
    {
        var x = GraphTests.Tensor([], 3).requires_grad_();
        var error = Assert.Throws<ExternalException>(() => Forgetful.apply(x, x).backward());
        Assert.Contains("Forgetful: backward returned 1 gradients; forward had 2 arguments", error.Message, StringComparison.Ordinal);
    }
}
