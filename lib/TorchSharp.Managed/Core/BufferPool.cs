using System.Numerics;

namespace TorchSharp;

/// <summary>
/// Hands out the memory behind tensors and takes it back for the next tensor of about the same size.
/// Buffers are pinned byte arrays, so that their address stays; the pool never clears them.
/// </summary>
/// <remarks>
/// A buffer comes back when the last tensor that shows it is disposed or, for tensors that nobody disposes, when the garbage collector finalizes
/// their <see cref="Storage"/>. So that the second way keeps up with a program that never disposes anything, the pool starts a collection itself when nothing fitting
/// waits and much more is in use than the last one left. What waits stays below the most that was in use at once: a program whose tensors change their sizes
/// would otherwise keep the memory of every size that it ever used.
/// </remarks>
internal static class BufferPool
{
    /// <summary>Data begins at an address that is a multiple of this many bytes: the width of the widest vector and of a cache line.</summary>
    public const int Alignment = 64;

    private const long SmallestAmount = 256L << 20;
    private const int ClassCount = 128;

    private static readonly Stack<byte[]>[] Free = CreateClasses();

    private static long _rented;
    private static long _pooled;
    private static long _allocations;
    private static long _rentedAfterCollection;
    private static int _isCollecting;
    private static long _mostRented;

    /// <summary>Bytes that are behind living storages now.</summary>
    public static long RentedBytes => Interlocked.Read(ref _rented);

    /// <summary>Bytes that wait for their next use.</summary>
    public static long PooledBytes => Interlocked.Read(ref _pooled);

    /// <summary>How often memory had to be allocated because nothing fitting waited.</summary>
    public static long Allocations => Interlocked.Read(ref _allocations);

    /// <summary>Whether a buffer that comes back is filled with NaN (-1 in integers), so that whoever still reads it is found out. For tests.</summary>
    public static bool IsPoisoning { get; set; }

    /// <summary>A buffer with room for so many bytes from an aligned address on.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">More than one array can hold (almost 2^31 bytes).</exception>
    public static byte[] Rent(long bytes)
    {
        long size = 0;
        var sizeClass = bytes <= Array.MaxLength ? ClassOf(bytes, out size) : ClassCount;
        if (sizeClass == ClassCount || size + Alignment > Array.MaxLength)
        {
            throw Errors.Of("allocate", $"a tensor of {bytes} bytes is too large: TorchSharp.Managed stores at most {Array.MaxLength - Alignment} bytes in one tensor");
        }

        if (TryTake(sizeClass) is { } waiting)
        {
            return waiting;
        }

        // Nothing fits although more waits than was ever in use since the last time: it is of sizes that are no longer asked for.
        if (PooledBytes > Math.Max(SmallestAmount, Interlocked.Read(ref _mostRented)))
        {
            Trim();
        }

        if (MayHoldGarbage() && CollectGarbage() && TryTake(sizeClass) is { } found)
        {
            return found;
        }

        Interlocked.Increment(ref _allocations);
        var buffer = GC.AllocateUninitializedArray<byte>((int)size + Alignment, pinned: true);
        NoteRented(buffer);
        return buffer;
    }

    /// <summary>Takes a buffer back. Nobody may use it afterwards.</summary>
    public static void Return(byte[] buffer)
    {
        var sizeClass = ClassOf(buffer.Length - Alignment, out _);
        if (IsPoisoning)
        {
            buffer.AsSpan().Fill(byte.MaxValue);
        }

        Interlocked.Add(ref _rented, -buffer.Length);
        Interlocked.Add(ref _pooled, buffer.Length);
        var isInterrupted = false;
        while (!TryPush(sizeClass, buffer))
        {
            isInterrupted = true;
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>Forgets every waiting buffer, so that the garbage collector can have its memory.</summary>
    public static void Trim()
    {
        foreach (var stack in Free)
        {
            lock (stack)
            {
                foreach (var buffer in stack)
                {
                    Interlocked.Add(ref _pooled, -buffer.Length);
                }

                stack.Clear();
            }
        }

        Interlocked.Exchange(ref _mostRented, RentedBytes);
    }

    // Whether so much more is in use than the last collection left that another one is worth its time.
    private static bool MayHoldGarbage()
    {
        var rented = RentedBytes;
        var left = Interlocked.Read(ref _rentedAfterCollection);
        if (rented < left)
        {
            Interlocked.CompareExchange(ref _rentedAfterCollection, rented, left);
        }

        return rented - left > Math.Max(SmallestAmount, left / 2);
    }

    // False where another thread is collecting already.
    private static bool CollectGarbage()
    {
        if (Interlocked.Exchange(ref _isCollecting, 1) == 1)
        {
            return false;
        }

        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Interlocked.Exchange(ref _rentedAfterCollection, RentedBytes);
            return true;
        }
        finally
        {
            Interlocked.Exchange(ref _isCollecting, 0);
        }
    }

    private static byte[]? TryTake(int sizeClass)
    {
        byte[]? buffer;
        lock (Free[sizeClass])
        {
            if (!Free[sizeClass].TryPop(out buffer))
            {
                return null;
            }
        }

        Interlocked.Add(ref _pooled, -buffer.Length);
        NoteRented(buffer);
        return buffer;
    }

    private static void NoteRented(byte[] buffer)
    {
        var rented = Interlocked.Add(ref _rented, buffer.Length);
        if (rented > Interlocked.Read(ref _mostRented))
        {
            Interlocked.Exchange(ref _mostRented, rented);
        }
    }

    // Waiting for the lock ends in an exception when the thread is interrupted; the buffer must not get lost then.
    private static bool TryPush(int sizeClass, byte[] buffer)
    {
        try
        {
            lock (Free[sizeClass])
            {
                Free[sizeClass].Push(buffer);
                return true;
            }
        }
        catch (ThreadInterruptedException)
        {
            return false;
        }
    }

    // Four classes to each power of two (64, 80, 96, 112, 128, 160, ...), so at most a fifth of a buffer is unused.
    private static int ClassOf(long bytes, out long size)
    {
        var units = Math.Max((bytes + 15) / 16, 4);
        var power = BitOperations.Log2((ulong)(units - 1) | 4);
        var step = 1L << (power - 2);
        var quarter = (units + step - 1) / step;
        size = quarter * step * 16;
        return ((power - 2) * 4) + (int)quarter - 4;
    }

    private static Stack<byte[]>[] CreateClasses()
    {
        var classes = new Stack<byte[]>[ClassCount];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = new Stack<byte[]>();
        }

        return classes;
    }
}
