using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Memory;

/// <summary>What the pool keeps and what it gives up.</summary>
[Collection(PoolState.Name)]
public sealed class PoolTests : IDisposable
{
    private const long Megabyte = 1 << 20;

    public PoolTests()
    {
        PoolState.RentedAfterCollection();
        BufferPool.Trim();
    }

    public void Dispose() => BufferPool.Trim();

    [Fact]
    public void A_size_that_comes_again_allocates_nothing()
    {
        Allocate(1000);
        var before = BufferPool.Allocations;
        for (var i = 0; i < 100; i++)
        {
            Allocate(990 + (i % 10));
        }

        Assert.Equal(before, BufferPool.Allocations);
    }

    [Fact]
    public void Sizes_that_never_come_again_are_given_up()
    {
        // 3 GB in total, each size in a class of its own; never more than one in use.
        var most = 0L;
        for (var round = 0; round < 6; round++)
        {
            for (var size = 64 * Megabyte; size > Megabyte; size = size * 4 / 5)
            {
                Allocate(size + (round * size / 40));
                most = Math.Max(most, BufferPool.PooledBytes);
            }
        }

        Assert.InRange(most, 64 * Megabyte, (256 + 96) * Megabyte);
    }

    [Fact]
    public void What_was_in_use_at_once_may_wait()
    {
        var sizes = Enumerable.Range(0, 5).Select(i => (64 + (16 * i)) * Megabyte).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var allocations = BufferPool.Allocations;
            var tensors = Array.ConvertAll(sizes, size => torch.Tensor.Allocate(ScalarType.Byte, size));
            Assert.True(round == 0 || BufferPool.Allocations == allocations);
            Array.ForEach(tensors, tensor => tensor.Dispose());
        }

        Assert.InRange(BufferPool.PooledBytes, sizes.Sum(), sizes.Sum() * 6 / 5);
    }

    [Fact]
    public void What_nobody_disposes_is_collected_before_memory_grows()
    {
        var most = 0L;
        for (var i = 0; i < 200; i++)
        {
            torch.Tensor.Allocate(ScalarType.Byte, 20 * Megabyte);
            most = Math.Max(most, BufferPool.RentedBytes + BufferPool.PooledBytes);
        }

        Assert.InRange(most, 20 * Megabyte, 1024 * Megabyte);
    }

    [Fact]
    public void More_than_an_array_holds_is_refused_and_nothing_is_lost()
    {
        var rented = BufferPool.RentedBytes;
        Assert.Throws<ExternalException>(() => zeros(1L << 31, ScalarType.Byte));
        Assert.Throws<ExternalException>(() => zeros(1L << 40, ScalarType.Float32));
        Assert.Equal(rented, BufferPool.RentedBytes);
    }

    private static void Allocate(long bytes) => torch.Tensor.Allocate(ScalarType.Byte, bytes).Dispose();
}
