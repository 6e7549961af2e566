using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>Copies elements between tensors of the same shape and any strides, converting between types on the way.</summary>
/// <remarks>Conversions as in C++ and PyTorch: floating point to whole numbers cuts the fraction off; anything that is not zero becomes true.</remarks>
internal static unsafe class Copying
{
    // Elements that are worth a thread.
    private const long Grain = 32_768;

    // The side of the squares in which a transposing copy goes: 16 floats are a cache line.
    private const int Tile = 16;

    /// <summary>Copies from a tensor that broadcasts to the shape of another into that other one.</summary>
    public static void Copy(Tensor source, Tensor target)
    {
        if (source.dtype == target.dtype && source.is_contiguous() && target.is_contiguous() && source.NumberOfElements == target.NumberOfElements)
        {
            CopyBytes(source, target);
            return;
        }

        var strides = Shapes.BroadcastStrides(source.Shape, source.Strides, target.Shape);
        var loop = new StridedLoop(target.Shape, strides, target.Strides);
        if (source.dtype == target.dtype)
        {
            switch (ScalarTypes.Size(source.dtype))
            {
                case 1:
                    CopySame<byte>(loop, source, target);
                    break;
                case 4:
                    CopySame<uint>(loop, source, target);
                    break;
                default:
                    CopySame<ulong>(loop, source, target);
                    break;
            }
        }
        else
        {
            switch (source.dtype)
            {
                case torch.ScalarType.Byte or torch.ScalarType.Bool:
                    ConvertFrom<byte>(loop, source, target);
                    break;
                case torch.ScalarType.Int32:
                    ConvertFrom<int>(loop, source, target);
                    break;
                case torch.ScalarType.Int64:
                    ConvertFrom<long>(loop, source, target);
                    break;
                case torch.ScalarType.Float32:
                    ConvertFrom<float>(loop, source, target);
                    break;
                default:
                    ConvertFrom<double>(loop, source, target);
                    break;
            }
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    /// <summary>Writes values into a tensor of zeros of the same shape and type; adds up those that meet in one place, because the target's strides overlap.</summary>
    public static void AddOrCopy(Tensor source, Tensor target)
    {
        if (!MayOverlap(target.Shape, target.Strides))
        {
            Copy(source, target);
            return;
        }

        switch (target.dtype)
        {
            case torch.ScalarType.Float32:
                Add<float>(source, target);
                break;
            case torch.ScalarType.Float64:
                Add<double>(source, target);
                break;
            default:
                throw new NotSupportedException($"{target.dtype} gradients");
        }
    }

    /// <summary>Whether two elements of a tensor might lie in the same place. False only where that is certain: each stride steps over all that lies within it.</summary>
    private static bool MayOverlap(long[] shape, long[] strides)
    {
        long extent = 1;
        foreach (var (length, stride) in shape.Zip(strides).Where(pair => pair.First > 1).OrderBy(pair => pair.Second))
        {
            if (stride < extent)
            {
                return true;
            }

            extent += (length - 1) * stride;
        }

        return false;
    }

    private static void Add<T>(Tensor source, Tensor target)
        where T : unmanaged, INumberBase<T>
    {
        var loop = new StridedLoop(target.Shape, source.Strides, target.Strides);
        var from = source.Pointer<T>();
        var to = target.Pointer<T>();
        var (fromStep, toStep) = (loop.Steps[0], loop.Steps[1]);
        var length = loop.RowLength;
        loop.ForEachRow(offsets =>
        {
            for (long i = 0; i < length; i++)
            {
                to[offsets[1] + (i * toStep)] += from[offsets[0] + (i * fromStep)];
            }
        });
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private static void CopyBytes(Tensor source, Tensor target)
    {
        var size = ScalarTypes.Size(source.dtype);
        var from = source.Storage.Pointer + (source.Offset * size);
        var to = target.Storage.Pointer + (target.Offset * size);
        Workers.For(source.NumberOfElements * size, Grain * 4, (first, end) => Buffer.MemoryCopy(from + first, to + first, end - first, end - first));
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private static void CopySame<T>(StridedLoop loop, Tensor source, Tensor target)
        where T : unmanaged
    {
        var from = source.Pointer<T>();
        var to = target.Pointer<T>();
        var (fromStep, toStep) = (loop.Steps[0], loop.Steps[1]);
        if (fromStep != 1)
        {
            for (var d = 1; d < loop.Rank; d++)
            {
                if (loop.Stride(0, d) == 1 && loop.Length(d) > 3 && loop.RowLength > 3)
                {
                    CopyTransposing(loop, d, from, to);
                    return;
                }
            }
        }

        // Two dimensions at a time, because a row alone is often short (the width of an attention head).
        var length = loop.RowLength;
        var (planes, width, fromAcross, toAcross) = loop.Rank > 1 ? (loop.Without(1), loop.Length(1), loop.Stride(0, 1), loop.Stride(1, 1)) : (loop, 1, 0, 0);
        ForEachPlane(planes, width, (x0, y0, first, end) =>
        {
            for (var j = first; j < end; j++)
            {
                var x = from + x0 + (j * fromAcross);
                var y = to + y0 + (j * toAcross);
                if (fromStep == 1 && toStep == 1)
                {
                    CopyRow((byte*)x, (byte*)y, length * sizeof(T));
                    continue;
                }

                for (long i = 0; i < length; i++)
                {
                    y[i * toStep] = x[i * fromStep];
                }
            }
        });
    }

    private static void CopyRow(byte* from, byte* to, long bytes)
    {
        if (bytes > 512)
        {
            Buffer.MemoryCopy(from, to, bytes, bytes);
            return;
        }

        var i = 0L;
        for (; i <= bytes - Vector512<byte>.Count; i += Vector512<byte>.Count)
        {
            Vector512.Load(from + i).Store(to + i);
        }

        for (; i <= bytes - sizeof(uint); i += sizeof(uint))
        {
            Unsafe.WriteUnaligned(to + i, Unsafe.ReadUnaligned<uint>(from + i));
        }

        for (; i < bytes; i++)
        {
            to[i] = from[i];
        }
    }

    // The source's neighbours lie along another dimension than the target's rows: square by square through a buffer, so that every cache line of either is touched once.
    private static void CopyTransposing<T>(StridedLoop loop, int across, T* from, T* to)
        where T : unmanaged
    {
        var (fromStep, toStep, length) = (loop.Steps[0], loop.Steps[1], loop.RowLength);
        var (toAcross, width) = (loop.Stride(1, across), loop.Length(across));
        ForEachPlane(loop.Without(across), width, (x0, y0, first, end) =>
        {
            var square = stackalloc T[Tile * Tile];
            for (var j = first; j < end; j += Tile)
            {
                var columns = (int)Math.Min(Tile, end - j);
                for (long i = 0; i < length; i += Tile)
                {
                    var rows = (int)Math.Min(Tile, length - i);
                    for (var m = 0; m < rows; m++)
                    {
                        CopyRow((byte*)(from + x0 + j + ((i + m) * fromStep)), (byte*)(square + (m * Tile)), columns * sizeof(T));
                    }

                    for (var k = 0; k < columns; k++)
                    {
                        var y = to + y0 + ((j + k) * toAcross) + (i * toStep);
                        for (var m = 0; m < rows; m++)
                        {
                            y[m * toStep] = square[(m * Tile) + k];
                        }
                    }
                }
            }
        });
    }

    // The start of a plane in both operands, and from where to where its second dimension is to be visited.
    private delegate void PlaneBody(long fromOffset, long toOffset, long first, long end);

    // Threads share the planes where there are several, otherwise the second dimension of the only one.
    private static void ForEachPlane(StridedLoop planes, long width, PlaneBody body)
    {
        if (planes.RowLength == 0)
        {
            return;
        }

        if (planes.RowCount == 1)
        {
            var blocks = (width + Tile - 1) / Tile;
            Workers.For(blocks, Math.Max(1, Grain / (planes.RowLength * Tile)), (first, end) => body(0, 0, first * Tile, Math.Min(end * Tile, width)));
            return;
        }

        Workers.For(planes.RowCount, Math.Max(1, Grain / (planes.RowLength * Math.Max(1, width))), (first, end) =>
            planes.ForEachRow(first, end, offsets => body(offsets[0], offsets[1], 0, width)));
    }

    // Rows are independent, unless the target's strides overlap, which none of the engine's targets do.
    private static void ForEachRow(StridedLoop loop, StridedLoop.RowBody body)
    {
        if (loop.RowCount * loop.RowLength < 2 * Grain)
        {
            loop.ForEachRow(body);
            return;
        }

        Workers.For(loop.RowCount, Math.Max(1, Grain / Math.Max(1, loop.RowLength)), (first, end) => loop.ForEachRow(first, end, body));
    }

    private static void ConvertFrom<TFrom>(StridedLoop loop, Tensor source, Tensor target)
        where TFrom : unmanaged, INumberBase<TFrom>
    {
        switch (target.dtype)
        {
            case torch.ScalarType.Byte:
                Convert<TFrom, byte>(loop, source, target);
                break;
            case torch.ScalarType.Bool:
                ConvertToBool<TFrom>(loop, source, target);
                break;
            case torch.ScalarType.Int32:
                Convert<TFrom, int>(loop, source, target);
                break;
            case torch.ScalarType.Int64:
                Convert<TFrom, long>(loop, source, target);
                break;
            case torch.ScalarType.Float32:
                Convert<TFrom, float>(loop, source, target);
                break;
            default:
                Convert<TFrom, double>(loop, source, target);
                break;
        }
    }

    private static void Convert<TFrom, TTo>(StridedLoop loop, Tensor source, Tensor target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        var from = (TFrom*)source.Storage.Pointer + source.Offset;
        var to = (TTo*)target.Storage.Pointer + target.Offset;
        var (fromStep, toStep) = (loop.Steps[0], loop.Steps[1]);
        var length = loop.RowLength;
        ForEachRow(loop, offsets =>
        {
            var x = from + offsets[0];
            var y = to + offsets[1];
            for (long i = 0; i < length; i++)
            {
                y[i * toStep] = ConvertOne<TFrom, TTo>(x[i * fromStep]);
            }
        });
    }

    // Floating point to a narrow whole number goes through 64 bits, as PyTorch's x64 kernels do; out of range there is as good as undefined.
    private static TTo ConvertOne<TFrom, TTo>(TFrom value)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo> =>
        typeof(TTo) == typeof(byte) && (typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double))
            ? TTo.CreateTruncating(long.CreateTruncating(value))
            : TTo.CreateTruncating(value);

    private static void ConvertToBool<TFrom>(StridedLoop loop, Tensor source, Tensor target)
        where TFrom : unmanaged, INumberBase<TFrom>
    {
        var from = (TFrom*)source.Storage.Pointer + source.Offset;
        var to = target.Storage.Pointer + target.Offset;
        var (fromStep, toStep) = (loop.Steps[0], loop.Steps[1]);
        var length = loop.RowLength;
        ForEachRow(loop, offsets =>
        {
            var x = from + offsets[0];
            var y = to + offsets[1];
            for (long i = 0; i < length; i++)
            {
                y[i * toStep] = TFrom.IsZero(x[i * fromStep]) ? (byte)0 : (byte)1;
            }
        });
    }
}
