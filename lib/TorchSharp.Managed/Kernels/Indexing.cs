using System.Numerics;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Reads, writes and adds along a <see cref="Selection"/>. Where a place is named twice, the last value written stays, and added values come in the selection's order, with any number of threads.</summary>
internal static unsafe class Indexing
{
    private const long Grain = 16_384;

    private enum Action
    {
        Read,
        Write,
        Add,
    }

    /// <summary>Copies the selected elements of a source into a tensor of the selection's result shape.</summary>
    public static void Read(Selection selection, Tensor source, Tensor result) => Move(Action.Read, selection, source, result);

    /// <summary>Copies values of the selection's result shape to the selected places of a target.</summary>
    public static void Write(Selection selection, Tensor values, Tensor target) => Move(Action.Write, selection, target, values);

    /// <summary>Adds values of the selection's result shape to the selected places of a target.</summary>
    public static void Add(Selection selection, Tensor values, Tensor target)
    {
        switch (target.dtype)
        {
            case torch.ScalarType.Float32:
                Run<float>(Action.Add, selection, target, values);
                break;
            case torch.ScalarType.Float64:
                Run<double>(Action.Add, selection, target, values);
                break;
            case torch.ScalarType.Int64:
                Run<long>(Action.Add, selection, target, values);
                break;
            case torch.ScalarType.Int32:
                Run<int>(Action.Add, selection, target, values);
                break;
            case torch.ScalarType.Byte:
                Run<byte>(Action.Add, selection, target, values);
                break;
            default:
                throw Errors.Of("add", $"values of {target.dtype} cannot be accumulated");
        }
    }

    private static void Move(Action action, Selection selection, Tensor whole, Tensor part)
    {
        switch (ScalarTypes.Size(whole.dtype))
        {
            case 1:
                Run<byte>(action, selection, whole, part);
                break;
            case 4:
                Run<uint>(action, selection, whole, part);
                break;
            default:
                Run<ulong>(action, selection, whole, part);
                break;
        }
    }

    /// <param name="action">What to do.</param>
    /// <param name="selection">Which places.</param>
    /// <param name="whole">The tensor of the source's shape.</param>
    /// <param name="part">The tensor of the result's shape.</param>
    private static void Run<T>(Action action, Selection selection, Tensor whole, Tensor part)
        where T : unmanaged, INumberBase<T>
    {
        var wholeStarts = selection.SourceStarts(whole.Strides);
        var partStarts = selection.ResultStarts(part.Strides);
        var (at, taken) = (selection.IndexAt, selection.WholeDimensions);
        var shape = Array.ConvertAll(taken, d => selection.SourceShape[d]);
        var wholeStrides = Array.ConvertAll(taken, d => whole.Strides[d]);
        long[] partStrides = [.. part.Strides[..at], .. part.Strides[(at + selection.IndexShape.Length)..]];
        var rows = new StridedLoop(shape, wholeStrides, partStrides);
        var x = whole.Pointer<T>();
        var y = part.Pointer<T>();
        var (xStep, yStep) = (rows.Steps[0], rows.Steps[1]);

        // Reading, every place is independent; writing and adding, the places along the row are, but not the list's entries, which may name one place twice.
        var work = rows.RowLength * rows.RowCount;
        if (action == Action.Read && wholeStarts.Length > 1)
        {
            Workers.For(wholeStarts.Length, Math.Max(1, Grain / Math.Max(1, work)), (from, to) =>
                rows.ForEachRow(offsets => Rows(action, x + offsets[0], y + offsets[1], wholeStarts.AsSpan((int)from, (int)(to - from)), partStarts.AsSpan((int)from, (int)(to - from)), 0, rows.RowLength, xStep, yStep)));
        }
        else if (rows.RowCount > 1)
        {
            Workers.For(rows.RowCount, Math.Max(1, Grain / Math.Max(1, rows.RowLength * wholeStarts.Length)), (from, to) =>
                rows.ForEachRow(from, to, offsets => Rows(action, x + offsets[0], y + offsets[1], wholeStarts, partStarts, 0, rows.RowLength, xStep, yStep)));
        }
        else if (rows.RowLength > 0)
        {
            Workers.For(rows.RowLength, Math.Max(32, Grain / Math.Max(1, wholeStarts.Length)), (from, to) => Rows(action, x, y, wholeStarts, partStarts, from, to, xStep, yStep));
        }

        GC.KeepAlive(whole);
        GC.KeepAlive(part);
    }

    // For every entry of the list, the elements from..to of a row.
    private static void Rows<T>(Action action, T* x, T* y, ReadOnlySpan<long> xStarts, ReadOnlySpan<long> yStarts, long from, long to, long xStep, long yStep)
        where T : unmanaged, INumberBase<T>
    {
        if (xStep == 1 && yStep == 1 && to - from > 4)
        {
            for (var i = 0; i < xStarts.Length; i++)
            {
                DenseRow(action, x + xStarts[i] + from, y + yStarts[i] + from, to - from);
            }

            return;
        }

        for (var place = from; place < to; place++)
        {
            var a = x + (place * xStep);
            var b = y + (place * yStep);
            switch (action)
            {
                case Action.Read:
                    for (var i = 0; i < xStarts.Length; i++)
                    {
                        b[yStarts[i]] = a[xStarts[i]];
                    }

                    break;
                case Action.Write:
                    for (var i = 0; i < xStarts.Length; i++)
                    {
                        a[xStarts[i]] = b[yStarts[i]];
                    }

                    break;
                default:
                    for (var i = 0; i < xStarts.Length; i++)
                    {
                        a[xStarts[i]] += b[yStarts[i]];
                    }

                    break;
            }
        }
    }

    private static void DenseRow<T>(Action action, T* x, T* y, long length)
        where T : unmanaged, INumberBase<T>
    {
        var bytes = length * sizeof(T);
        switch (action)
        {
            case Action.Read:
                Buffer.MemoryCopy(x, y, bytes, bytes);
                break;
            case Action.Write:
                Buffer.MemoryCopy(y, x, bytes, bytes);
                break;
            default:
                var i = 0L;
                for (; i <= length - Vector512<T>.Count; i += Vector512<T>.Count)
                {
                    (Vector512.Load(x + i) + Vector512.Load(y + i)).Store(x + i);
                }

                for (; i < length; i++)
                {
                    x[i] += y[i];
                }

                break;
        }
    }
}
