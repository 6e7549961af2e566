namespace TorchSharp;

/// <summary>The memory that one tensor, and every view of it, shows. Counted: the buffer goes back to the pool with the last of them.</summary>
internal sealed unsafe class Storage
{
    private byte[]? _buffer;
    private int _references = 1;
    private int _version;

    private Storage(long bytes)
    {
        _buffer = BufferPool.Rent(bytes);
        ByteLength = bytes;
        fixed (byte* start = _buffer)
        {
            // The array is pinned for its whole life, so the address outlives this block.
            Pointer = (byte*)(((nuint)start + BufferPool.Alignment - 1) & ~(nuint)(BufferPool.Alignment - 1));
        }
    }

    /// <summary>Nobody disposed the last tensor: the garbage collector found it.</summary>
    ~Storage() => ReturnBuffer();

    /// <summary>The first byte. Valid while the storage is reachable and not fully released.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>How many bytes belong to the tensors.</summary>
    public long ByteLength { get; }

    /// <summary>How many tensors show this memory.</summary>
    public int References => Volatile.Read(ref _references);

    /// <summary>Goes up with every change in place, so that a stale saved value is noticed.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Memory for so many bytes, not cleared.</summary>
    public static Storage Allocate(long bytes) => new(bytes);

    /// <summary>Notes a change in place.</summary>
    public void Changed() => Interlocked.Increment(ref _version);

    /// <summary>One more tensor shows this memory.</summary>
    public void Retain() => Interlocked.Increment(ref _references);

    /// <summary>One tensor less shows it; with the last, the buffer goes back to the pool.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            // Counted, not disposed: the analyser knows only IDisposable.
#pragma warning disable CA1816
            GC.SuppressFinalize(this);
#pragma warning restore CA1816
            ReturnBuffer();
        }
    }

    private void ReturnBuffer()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            Pointer = null;
            BufferPool.Return(buffer);
        }
    }
}
