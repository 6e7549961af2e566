namespace TorchSharp.Kernels;

/// <summary>From rows of n contiguous elements to rows of the same length.</summary>
internal unsafe delegate void RowMap<T>(T* x, T* y, long rows, long n)
    where T : unmanaged;

/// <summary>The same from two inputs.</summary>
internal unsafe delegate void RowMapOfTwo<T>(T* x, T* y, T* result, long rows, long n)
    where T : unmanaged;

/// <summary>Applies functions of whole rows along any dimension of a tensor of any layout; threads take ranges of rows.</summary>
/// <remarks>Nothing here is recorded in the graph.</remarks>
internal static unsafe class RowMaps
{
    // How many elements are worth a thread, where each costs an exponential or so.
    private const long Grain = 4096;

    /// <summary>A new contiguous tensor with the map of every row along a dimension.</summary>
    public static Tensor Apply<T>(Tensor x, int dim, RowMap<T> map)
        where T : unmanaged
    {
        using var input = ToRows(x, dim);
        var result = Tensor.Allocate(x.dtype, input.Shape);
        var n = Length(x, dim);
        var state = ((nint)input.Pointer<T>(), (nint)result.Pointer<T>(), n, map);
        Workers.For(n == 0 ? 0 : x.NumberOfElements / n, Reductions.RowGrain(n, Grain), state, static (state, from, to) =>
        {
            var (x, y, n, map) = state;
            map((T*)x + (from * n), (T*)y + (from * n), to - from, n);
        });
        GC.KeepAlive(input);
        return FromRows(result, x.Shape, dim);
    }

    /// <summary>The same with two inputs of one shape.</summary>
    public static Tensor Apply<T>(Tensor x, Tensor y, int dim, RowMapOfTwo<T> map)
        where T : unmanaged
    {
        using var first = ToRows(x, dim);
        using var second = ToRows(y, dim);
        var result = Tensor.Allocate(x.dtype, first.Shape);
        var n = Length(x, dim);
        var state = ((nint)first.Pointer<T>(), (nint)second.Pointer<T>(), (nint)result.Pointer<T>(), n, map);
        Workers.For(n == 0 ? 0 : x.NumberOfElements / n, Reductions.RowGrain(n, Grain), state, static (state, from, to) =>
        {
            var (x, y, result, n, map) = state;
            map((T*)x + (from * n), (T*)y + (from * n), (T*)result + (from * n), to - from, n);
        });
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        return FromRows(result, x.Shape, dim);
    }

    /// <summary>The length of a dimension; a tensor without dimensions counts as one of length 1.</summary>
    public static long Length(Tensor x, int dim) => x.Rank == 0 ? 1 : x.Shape[dim];

    /// <summary>The elements with the dimension as the last one, contiguous, outside the graph: the tensor's own memory where it lies so, otherwise a copy.</summary>
    public static Tensor ToRows(Tensor x, int dim)
    {
        using var moved = x.Alias(MovedToEnd(x.Shape, dim), MovedToEnd(x.Strides, dim), x.Offset);
        if (moved.is_contiguous())
        {
            return moved.Alias();
        }

        var rows = Tensor.Allocate(x.dtype, moved.Shape);
        Copying.Copy(moved, rows);
        return rows;
    }

    /// <summary>Undoes <see cref="ToRows"/>: a contiguous tensor of the original shape. The rows are given up.</summary>
    public static Tensor FromRows(Tensor rows, long[] shape, int dim)
    {
        var last = shape.Length - 1;
        if (dim >= last)
        {
            return rows;
        }

        // The strides of the rows, put back where the dimensions were.
        var strides = new long[shape.Length];
        for (var d = 0; d <= last; d++)
        {
            strides[d] = rows.Strides[d < dim ? d : d == dim ? last : d - 1];
        }

        using (rows)
        {
            using var view = rows.Alias(shape, strides, rows.Offset);
            var result = Tensor.Allocate(rows.dtype, shape);
            Copying.Copy(view, result);
            return result;
        }
    }

    private static long[] MovedToEnd(long[] values, int dim) => dim >= values.Length - 1 ? values : [.. values[..dim], .. values[(dim + 1)..], values[dim]];
}
