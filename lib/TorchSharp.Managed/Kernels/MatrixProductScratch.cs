using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>Memory that a thread's matrix products pack their operands into and attention keeps a head's intermediate results in, kept from one product to the next and given back when the thread ends.</summary>
internal sealed unsafe class MatrixProductScratch
{
    // A page, so that packed panels share no cache line and few translation entries with anything else.
    private const int Alignment = 4096;

    [ThreadStatic]
    private static MatrixProductScratch? _ofThisThread;

    private readonly void*[] _memory = new void*[7];
    private readonly long[] _bytes = new long[7];

    private MatrixProductScratch()
    {
    }

    ~MatrixProductScratch()
    {
        foreach (var memory in _memory)
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>What the memory is for. Each use has its own, so that one product may hold several at once.</summary>
    public enum Use
    {
        PanelsOfA,
        PanelOfB,
        Sums,
        Transposed,
        Queries,
        Scores,
        Weights,
    }

    /// <summary>At least so many elements, valid until this thread asks for the same use again. What they hold is left over from before.</summary>
    public static T* Take<T>(Use use, long count)
        where T : unmanaged
    {
        var scratch = _ofThisThread ??= new MatrixProductScratch();
        var bytes = checked(count * sizeof(T));
        if (scratch._bytes[(int)use] < bytes)
        {
            scratch.Grow((int)use, bytes);
        }

        return (T*)scratch._memory[(int)use];
    }

    private void Grow(int use, long bytes)
    {
        // The old memory holds nothing of worth. Should there be none left, the slot is empty, not dangling.
        NativeMemory.AlignedFree(_memory[use]);
        _memory[use] = null;
        _bytes[use] = 0;
        bytes = (bytes + Alignment - 1) / Alignment * Alignment;
        _memory[use] = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        _bytes[use] = bytes;
    }
}
