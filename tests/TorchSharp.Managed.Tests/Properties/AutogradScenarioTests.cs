using System.Runtime.InteropServices;
using static TorchSharp.Managed.Tests.Properties.RandomTensors;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>Ways to use the graph, each with a gradient worked out by hand.</summary>
public class AutogradScenarioTests
{
    private static torch.Tensor Leaf(params double[] values) => tensor(values, requires_grad: true);

    private static double[] Gradient(torch.Tensor x) => Doubles(x.grad!);

    [Fact]
    public void An_intermediate_result_keeps_its_gradient_on_request()
    {
        var x = Leaf(2, 3);
        var y = x.mul(x);
        var z = y.mul(5);
        y.retain_grad();
        y.retain_grad();
        z.sum().backward();
        Assert.Equal([5, 5], Gradient(y));
        Assert.Equal([20, 30], Gradient(x));
        Assert.Null(z.grad);
        Assert.Throws<ExternalException>(() => x.detach().retain_grad());
    }

    [Fact]
    public void Detached_and_unrecorded_parts_are_constants()
    {
        var x = Leaf(2);
        var y = x.mul(x.detach());
        torch.Tensor constant;
        using (no_grad())
        {
            constant = x.mul(7);
            Assert.False(constant.requires_grad);
            using (enable_grad())
            {
                Assert.True(x.mul(7).requires_grad);
            }
        }

        y.add(constant).mul(x).sum().backward();

        // d (c x^2 + 14 x) / dx with c = x = 2.
        Assert.Equal([(2 * 2 * 2) + 14], Gradient(x));
    }

    [Fact]
    public void A_change_of_the_base_reaches_views_made_before()
    {
        var (x, w) = (Leaf(1, 2, 3, 4), Leaf(10, 20, 30, 40));
        var whole = x.mul(1);
        var row = whole.view(2, 2)[1];
        var element = row[0];
        whole.mul_(w);
        Assert.Equal([90, 160], Doubles(row));
        row.sum().add(element).backward();
        Assert.Equal([0, 0, 60, 40], Gradient(x));
        Assert.Equal([0, 0, 6, 4], Gradient(w));
    }

    [Fact]
    public void A_change_of_a_view_of_a_view_reaches_base_and_sisters()
    {
        var (x, w) = (Leaf(1, 2, 3, 4), Leaf(5));
        var whole = x.mul(1);
        var sister = whole.narrow(0, 1, 2);
        var row = whole.view(2, 2)[0];
        row[1] = w.squeeze(0);
        row[0].mul_(3);
        Assert.Equal([3, 5, 3, 4], Doubles(whole));
        Assert.Equal([5, 3], Doubles(sister));
        whole.mul(tensor(new double[] { 1, 10, 100, 1000 })).sum().add(sister.sum()).backward();
        Assert.Equal([3, 0, 101, 1000], Gradient(x));
        Assert.Equal([11], Gradient(w));
    }

    [Fact]
    public void A_second_handle_is_the_same_tensor()
    {
        var x = zeros(2, ScalarType.Float64);
        var same = x.contiguous();
        same.add_(Leaf(1, 2));
        Assert.True(x.requires_grad);
        var y = zeros(2, ScalarType.Float64);
        y.contiguous().requires_grad_();
        y.mul(3).sum().backward();
        Assert.Equal([3, 3], Gradient(y));
    }

    [Fact]
    public void Gradients_add_up_until_they_are_set_to_null()
    {
        var x = Leaf(2);
        x.mul(3).sum().backward();
        var first = x.grad!;
        x.mul(4).sum().backward();
        Assert.Equal([7], Gradient(x));

        // Who holds the gradient sees it grow.
        Assert.Equal([7], Doubles(first));
        x.grad = null;
        Assert.Null(x.grad);
        x.mul(5).sum().backward();
        Assert.Equal([5], Gradient(x));
        Assert.Equal([7], Doubles(first));
        x.grad!.zero_();
        Assert.Equal([0], Gradient(x));
        Assert.Throws<ExternalException>(() => x.grad = zeros(3, ScalarType.Float64));
    }

    [Fact]
    public void Only_the_inputs_asked_for_get_a_gradient()
    {
        var (x, y) = (Leaf(2), Leaf(3));
        x.mul(y).sum().backward(inputs: [x]);
        Assert.Equal([3], Gradient(x));
        Assert.Null(y.grad);
        Assert.Throws<ExternalException>(() => x.mul(y).sum().backward(inputs: []));
    }

    [Fact]
    public void Several_outputs_and_inputs_at_once()
    {
        var (x, y, unused) = (Leaf(2, 3), Leaf(5, 7), Leaf(1));
        var product = x.mul(y);
        var sum = product.add(x).sum();
        var gradients = autograd.grad([product, sum], [x, product, y], [tensor(new double[] { 10, 100 }), null!], retain_graph: true);
        Assert.Equal([(11 * 5) + 1, (101 * 7) + 1], Doubles(gradients[0]));
        Assert.Equal([11, 101], Doubles(gradients[1]));
        Assert.Equal([11 * 2, 101 * 3], Doubles(gradients[2]));
        Assert.Null(x.grad);
        Assert.Null(autograd.grad([sum], [unused], retain_graph: true, allow_unused: true)[0]);
        Assert.Throws<ExternalException>(() => autograd.grad([sum], [unused], retain_graph: true));
        autograd.backward([product, sum], [tensor(new double[] { 10, 100 }), null!]);
        Assert.Equal(Doubles(gradients[0]), Gradient(x));
    }

    [Fact]
    public void A_graph_that_was_kept_can_be_walked_again()
    {
        var x = Leaf(3);
        var y = x.mul(x).mul(x).sum();
        y.backward(retain_graph: true);
        y.backward(retain_graph: true);
        y.backward();
        Assert.Equal([81], Gradient(x));
        Assert.Contains("second time", Assert.Throws<ExternalException>(() => y.backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_results_of_one_part_need_it_kept()
    {
        var x = Leaf(3);
        var part = x.mul(x);
        part.mul(2).sum().backward(retain_graph: true);
        part.exp().mul(0).add(part).sum().backward();
        Assert.Equal([18], Gradient(x));
        Assert.Throws<ExternalException>(() => part.sum().backward());
    }

    [Fact]
    public void Diamonds_count_every_path_once()
    {
        // Thirty squares of a sum of itself: 2^30 paths, walked in thirty steps.
        var x = Leaf(1);
        var y = x.mul(1);
        for (var i = 0; i < 30; i++)
        {
            y = y.add(y);
        }

        y.sum().backward();
        Assert.Equal([1L << 30], Gradient(x));
    }

    [Fact]
    public void A_chain_of_ten_thousand_operations_takes_no_stack()
    {
        var result = 0.0;
        var thread = new Thread(
            () =>
            {
                var x = Leaf(1);
                var y = x.mul(1);
                for (var i = 0; i < 10_000; i++)
                {
                    y = i % 2 == 0 ? y.add(1) : y.mul(1);
                }

                autograd.grad([y.sum()], [x], retain_graph: true, create_graph: true)[0].detach();
                y.sum().backward();
                result = Gradient(x)[0];
            },
            maxStackSize: 256 << 10);
        thread.Start();
        thread.Join();
        Assert.Equal(1, result);
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void A_wide_graph_adds_up_every_branch()
    {
        var x = Leaf(1, 2);
        var branches = Enumerable.Range(1, 2_000).Select(i => x.mul(i)).ToArray();
        stack(branches).sum().backward();
        Assert.Equal([2_001_000, 2_001_000], Gradient(x));
        x.grad = null;
        branches = [.. Enumerable.Range(1, 2_000).Select(i => x.mul(i))];
        autograd.backward(branches, [.. branches.Select(branch => ones_like(branch))]);
        Assert.Equal([2_001_000, 2_001_000], Gradient(x));
    }

    [Fact]
    public void A_root_may_lie_on_the_way_to_another_root()
    {
        var x = Leaf(2);
        var middle = x.mul(3);
        var end = middle.mul(middle);
        autograd.backward([middle, end], [ones(1, ScalarType.Float64), ones(1, ScalarType.Float64)]);
        Assert.Equal([3 + (2 * 6 * 3)], Gradient(x));
    }

    [Fact]
    public void A_leaf_is_the_root_itself()
    {
        var x = Leaf(2);
        x.sum([]).backward();
        x.backward(grad_tensors: [tensor(new double[] { 5 })]);
        Assert.Equal([6], Gradient(x));
    }

    [Fact]
    public void A_gradient_that_is_recorded_belongs_to_the_graph()
    {
        var x = Leaf(2);
        x.pow(3).sum().backward(create_graph: true);
        Assert.True(x.grad!.requires_grad);
        var first = x.grad!;
        x.grad = null;
        first.sum().backward();
        Assert.Equal([12], Gradient(x));
    }
}
