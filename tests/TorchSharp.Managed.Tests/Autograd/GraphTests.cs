using System.Runtime.InteropServices;

namespace TorchSharp.Managed.Tests.Autograd;

/// <summary>The graph itself, with gradients worked out by hand.</summary>
public unsafe class GraphTests
{
    internal static torch.Tensor Tensor(long[] shape, params float[] values)
    {
        var result = torch.Tensor.Allocate(torch.ScalarType.Float32, shape);
        values.CopyTo(new Span<float>(result.Pointer<float>(), values.Length));
        return result;
    }

    internal static float[] Values(torch.Tensor? tensor)
    {
        Assert.NotNull(tensor);
        using var dense = tensor.contiguous();
        var result = new Span<float>(dense.Pointer<float>(), (int)dense.NumberOfElements).ToArray();
        GC.KeepAlive(dense);
        return result;
    }

    [Fact]
    public void A_product_passes_each_factor_to_the_other()
    {
        var x = Tensor([2], 2, 3).requires_grad_();
        var y = Tensor([2], 5, 7).requires_grad_();
        x.mul(y).sum([0]).backward();
        Assert.Equal([5, 7], Values(x.grad));
        Assert.Equal([2, 3], Values(y.grad));
    }

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients_and_broadcasting_is_summed_up()
    {
        var x = Tensor([1], 3).requires_grad_();
        var y = Tensor([2], 1, 10);
        var z = x.mul(y).add(x);
        z.sum([0]).backward();
        Assert.Equal([13], Values(x.grad));
    }

    [Fact]
    public void The_gradient_of_a_gradient()
    {
        var x = Tensor([], 3).requires_grad_();
        var cube = x.mul(x).mul(x);
        var first = torch.autograd.grad([cube], [x], create_graph: true)[0];
        Assert.Equal([27], Values(first));
        var second = torch.autograd.grad([first], [x], create_graph: true)[0];
        Assert.Equal([18], Values(second));
        second.backward();
        Assert.Equal([6], Values(x.grad));
    }

    [Fact]
    public void Writing_into_a_view_rewrites_the_history_of_its_base()
    {
        var x = Tensor([2], 2, 3).requires_grad_();
        var whole = Tensor([2, 2], 1, 1, 1, 1);
        var other = Tensor([2, 2], 1, 2, 3, 4).requires_grad_();
        var product = whole.mul(other);
        var row = product.view(4).expand(4).view(2, 2);
        product.expand(2, 2).copy_(x);
        row.mul(row).sum([0, 1]).backward();
        Assert.Equal([8, 12], Values(x.grad));
        Assert.Equal([0, 0, 0, 0], Values(other.grad));
    }

    [Fact]
    public void A_saved_tensor_that_was_changed_in_place_is_refused()
    {
        var x = Tensor([2], 2, 3).requires_grad_();
        var y = x.add(x);
        var z = y.mul(y);
        y.add_(x);
        var error = Assert.Throws<ExternalException>(() => z.sum([0]).backward());
        Assert.Contains("modified by an inplace operation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_that_requires_a_gradient_cannot_be_changed_in_place()
    {
        var x = Tensor([2], 2, 3).requires_grad_();
        Assert.Throws<ExternalException>(() => x.add_(x));
        using (torch.no_grad())
        {
            x.add_(x);
        }

        Assert.Equal([4, 6], Values(x));
    }

    [Fact]
    public void Backward_twice_needs_the_graph_retained()
    {
        var x = Tensor([], 3).requires_grad_();
        var y = x.mul(x);
        y.backward(retain_graph: true);
        y.backward();
        Assert.Equal([12], Values(x.grad));
        Assert.Throws<ExternalException>(() => y.backward());
    }

    [Fact]
    public void Disposing_intermediate_results_does_not_disturb_backward()
    {
        var x = Tensor([2], 2, 3).requires_grad_();
        torch.Tensor loss;
        using (torch.NewDisposeScope())
        {
            loss = x.mul(x).mul(x).sum([0]);
            loss.DetachFromDisposeScope();
        }

        loss.backward();
        Assert.Equal([12, 27], Values(x.grad));
    }
}
