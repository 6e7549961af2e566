using System.Runtime.InteropServices;

namespace TransformerTutorial.Embeddings;

/// <summary>A matrix of floats outside the collected heap. Each row begins at a multiple of 64 bytes; between rows are zeros, which the loops may read and multiply but which stay zero.</summary>
internal sealed unsafe class VectorRows : IDisposable
{
    private float* _data;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <exception cref="OutOfMemoryException">There isn't enough memory.</exception>
    public VectorRows(int rows, int columns)
    {
        (Rows, Columns, Stride) = (rows, columns, StrideOf(columns));
        var bytes = checked((nuint)rows * (nuint)Stride * sizeof(float));
        _data = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64);
        NativeMemory.Clear(_data, bytes);
    }

    ~VectorRows() => Free();

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How many numbers a row has.</summary>
    public int Columns { get; }

    /// <summary>How far apart rows begin, in floats: a multiple of 16.</summary>
    public int Stride { get; }

    /// <summary>The first row.</summary>
    public float* Data => _data;

    /// <summary>The distance between rows of so many numbers.</summary>
    public static int StrideOf(int columns) => (columns + 15) / 16 * 16;

    /// <summary>One row.</summary>
    public Span<float> Row(int row) => new(_data + ((nint)row * Stride), Columns);

    /// <summary>The rows, one behind the other, without what is between them.</summary>
    public float[] ToArray()
    {
        var array = GC.AllocateUninitializedArray<float>(checked(Rows * Columns));
        for (var row = 0; row < Rows; row++)
        {
            Row(row).CopyTo(array.AsSpan(row * Columns));
        }

        return array;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
