using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>Whatever was computed, its memory comes back: at once with the dispose scope where that is so arranged, otherwise with the garbage collector.</summary>
[Collection(PoolState.Name)]
public class LeakTests
{
    private static torch.Tensor Numbers(params long[] shape) => arange(shape.Aggregate((p, q) => p * q), ScalarType.Float32).sin().reshape(shape);

    [Fact]
    public void Forward_in_a_scope_gives_everything_back_at_once() => AssertScopeDisposesAll(() =>
    {
        var (x, y) = (Numbers(6, 5), Numbers(5, 4));
        x.matmul(y).softmax(1).log().sum([0], keepdim: true).add(x.t()[0, 1]).std();
        x.sort(1).Values.topk(2).values.cumsum(0).gather(1, x.argsort(1).narrow(1, 0, 2).remainder(2));
        cat([x, x.roll(1)], 1).masked_select(cat([x, x], 1).gt(0)).unique().output.norm();
        einsum("ij,kj->ik", x, x).tril().logsumexp(0).isnan().any().item<bool>();
        nn.functional.conv2d(x.view(1, 1, 6, 5), ones(2, 1, 3, 3)).relu().var();
        var (u, s, v) = linalg.svd(x);
        nn.functional.scaled_dot_product_attention(x.view(1, 6, 5), x.view(1, 6, 5), x.view(1, 6, 5), is_casual: true).median();
        x[TensorIndex.Ellipsis, 1..3].mul_(2).ToString(true);
        x.quantile(tensor(0.5f), 1);
    });

    [Fact]
    public void Backward_in_a_scope_gives_everything_back_at_once() => AssertScopeDisposesAll(() =>
    {
        var (x, w, b) = (Numbers(6, 5).requires_grad_(), Numbers(4, 5).requires_grad_(), Numbers(4).requires_grad_());
        var hidden = nn.functional.layer_norm(nn.functional.linear(x, w, b), [4], b, b);
        var loss = nn.functional.cross_entropy(hidden.softmax(1), tensor(new long[] { 0, 1, 2, 3, 0, 1 })).add(hidden[2..4].exp().sum());
        loss.backward();
        foreach (var leaf in new[] { x, w, b })
        {
            leaf.grad = null;
        }
    });

    [Fact]
    public void Changes_in_place_of_views_in_a_scope_give_everything_back_at_once() => AssertScopeDisposesAll(() =>
    {
        var x = Numbers(6, 5).requires_grad_();
        var y = x.mul(2);
        y[1].mul_(x[0]);
        y.t()[2..4].add_(1).exp_();
        y[TensorIndex.Colon, 0] = x[TensorIndex.Colon, 1];
        y.sum().backward();
        x.grad = null;
    });

    [Fact]
    public void Graphs_that_nobody_walks_are_collected() => PoolState.AssertNothingStays(() =>
    {
        var x = Numbers(6, 5).requires_grad_();
        var y = x.matmul(x.t()).exp();
        y = y.mul(2);
        y[0].mul_(y[1].clone());
        y.sum().backward(retain_graph: true);
        x.mul(x).softmax(0).retain_grad();
    });

    [Fact]
    public void Graphs_of_gradients_are_collected() => PoolState.AssertNothingStays(() =>
    {
        // A gradient that is recorded and its leaf hold each other.
        var x = Numbers(6, 5).requires_grad_();
        x.tanh().matmul(x.t()).sum().backward(retain_graph: true, create_graph: true);
        x.grad!.square().sum().backward();
        autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0].sum().backward();
    });

    [Fact]
    public void Modules_and_optimisers_are_collected_and_can_be_disposed() => PoolState.AssertNothingStays(() =>
    {
        using (var model = new SmallTranslator())
        {
            model.Step();
        }

        new SmallTranslator().Step();
    });

    [Fact]
    public void Errors_in_the_middle_lose_nothing()
    {
        PoolState.AssertNothingStays(() =>
        {
            using var scope = NewDisposeScope();
            var x = Numbers(6, 5).requires_grad_();
            Assert.ThrowsAny<Exception>(() => x.matmul(x));
            Assert.ThrowsAny<Exception>(() => x.exp().add(Numbers(4, 4)));
            Assert.ThrowsAny<Exception>(() => x.mul_(2));
            Assert.ThrowsAny<Exception>(() => x.index_select(0, tensor(new long[] { 7 })));
            Assert.ThrowsAny<Exception>(() => nn.functional.cross_entropy(x.mul(1), tensor(new long[] { 0, 1, 2, 3, 4, 5 })));
            Assert.ThrowsAny<Exception>(() => nn.Embedding(3, 4).call(tensor(new long[] { 3 })));
            Assert.ThrowsAny<Exception>(() => cat([x, Numbers(6, 4), Numbers(5, 5)]));
            var squared = x.mul(1);
            var stale = squared.mul(squared).sum();
            squared.add_(1);
            Assert.ThrowsAny<Exception>(() => stale.backward());
            Assert.ThrowsAny<Exception>(() => x.mul(2).backward());
            Assert.ThrowsAny<Exception>(() => linalg.inv(zeros(3, 3)));
            using var inner = NewDisposeScope();
            Assert.Throws<TimeoutException>(() => Workers.For(100, 1, (from, to) =>
            {
                using var part = Numbers(10, to);
                throw new TimeoutException();
            }));
        });
        Assert.Null(DisposeScopeManager.ThreadSingleton.CurrentDisposeScope);
    }

    // Twice, the first time to warm up caches; no collection may have a share in it.
    private static void AssertScopeDisposesAll(Action action)
    {
        for (var round = 0; round < 2; round++)
        {
            var before = PoolState.RentedAfterCollection();
            using (NewDisposeScope())
            {
                action();
                Assert.True(BufferPool.RentedBytes > before);
            }

            Assert.True(round == 0 || before == BufferPool.RentedBytes, $"{BufferPool.RentedBytes - before} bytes were left to the garbage collector");
        }
    }
}
