namespace TorchSharp.Managed.Tests.Core;

/// <summary>Who disposes what, and when.</summary>
public class DisposeScopeTests
{
    private static torch.Tensor New() => torch.Tensor.Zeros(torch.ScalarType.Float32, 2, 3);

    [Fact]
    public void A_scope_disposes_what_was_created_in_it_and_nothing_else()
    {
        using var before = New();
        torch.Tensor inside;
        using (torch.NewDisposeScope())
        {
            inside = New();
            Assert.False(inside.IsInvalid);
        }

        Assert.True(inside.IsInvalid);
        Assert.False(before.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => inside.shape);
    }

    [Fact]
    public void A_tensor_moved_out_lives_as_long_as_the_outer_scope()
    {
        torch.Tensor moved, movedTwice;
        using (torch.NewDisposeScope())
        {
            using (var inner = torch.NewDisposeScope())
            {
                moved = New().MoveToOuterDisposeScope();
                movedTwice = inner.MoveToOuter(New());
                movedTwice.MoveToOuterDisposeScope();
            }

            Assert.False(moved.IsInvalid);
        }

        Assert.True(moved.IsInvalid);
        Assert.False(movedTwice.IsInvalid);
        movedTwice.Dispose();
    }

    [Fact]
    public void A_detached_tensor_is_nobodys()
    {
        torch.Tensor detached, other;
        using (var scope = torch.NewDisposeScope())
        {
            detached = New().DetachFromDisposeScope();
            (other, var stays) = (scope.Detach(New()), New());
            Assert.True(scope.Contains(stays));
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.False(detached.IsInvalid);
        Assert.False(other.IsInvalid);
    }

    [Fact]
    public void Everything_but_some_can_be_disposed_early()
    {
        using var scope = torch.NewDisposeScope();
        var (first, second, third) = (New(), New(), New());
        Assert.Equal((first, second), scope.DisposeEverythingBut(first, second));
        Assert.False(first.IsInvalid);
        Assert.True(third.IsInvalid);
        Assert.Equal([first, second], scope.DisposablesView);
        scope.DisposeEverything();
        Assert.True(second.IsInvalid);
    }

    [Fact]
    public void An_attached_tensor_changes_hands()
    {
        torch.Tensor tensor;
        using (var outer = torch.NewDisposeScope())
        {
            tensor = New();
            using (var inner = torch.NewDisposeScope())
            {
                inner.Attach(tensor);
                Assert.False(outer.Contains(tensor));
            }
        }

        Assert.True(tensor.IsInvalid);
    }

    [Fact]
    public void An_outer_scope_may_be_closed_before_the_inner_one()
    {
        var outer = torch.NewDisposeScope();
        var inner = torch.NewDisposeScope();
        outer.Dispose();
        var tensor = New();
        inner.Dispose();
        Assert.True(tensor.IsInvalid);
        using var free = New();
        Assert.Null(free.OwningDisposeScope);
        Assert.Throws<ObjectDisposedException>(() => inner.DisposablesCount);
    }

    [Fact]
    public void What_happens_is_counted()
    {
        var counts = DisposeScopeManager.Statistics.TensorStatistics;
        DisposeScopeManager.Statistics.Reset();
        using (var scope = torch.NewDisposeScope())
        {
            New();
            scope.Detach(New()).Dispose();
        }

        New();
        Assert.Equal((2, 1, 1, 1, 1, 1), (counts.CreatedInScopeCount, counts.CreatedOutsideScopeCount, counts.DisposedInScopeCount,
            counts.DisposedOutsideScopeCount, counts.DetachedFromScopeCount, counts.ThreadTotalLiveCount));
    }

    [Fact]
    public void Buffers_come_back_to_the_pool_when_disposed_and_when_forgotten()
    {
        var before = BufferPool.RentedBytes;
        using (torch.NewDisposeScope())
        {
            New().expand(4, 2, 3).Dispose();
        }

        Forget();
        for (var i = 0; i < 20 && BufferPool.RentedBytes > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Other tests run beside this one; a megabyte is what would show.
        Assert.True(BufferPool.RentedBytes - before < 1 << 20, $"{BufferPool.RentedBytes - before} bytes are still rented");

        static void Forget()
        {
            for (var i = 0; i < 16; i++)
            {
                torch.Tensor.Zeros(torch.ScalarType.Float32, 1 << 20);
            }
        }
    }

    [Fact]
    public void A_view_keeps_the_memory_of_a_disposed_tensor()
    {
        var tensor = New();
        using var view = tensor.view(6);
        tensor.Dispose();
        Assert.Equal(new float[6], Autograd.GraphTests.Values(view));
    }
}
