using System.Numerics;

namespace TorchSharp.Kernels;

/// <summary>Copies elements between tensors of the same shape and any strides, converting between types on the way.</summary>
/// <remarks>Conversions as in C++ and PyTorch: floating point to whole numbers cuts the fraction off; anything that is not zero becomes true.</remarks>
internal static unsafe class Copying
{
    // Elements that are worth a thread.
    private const long Grain = 32_768;

    // The side of the squares in which a transposing copy goes: 16 floats are a cache line.
    private const long Tile = 16;

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

        var length = loop.RowLength;
        ForEachRow(loop, offsets =>
        {
            var x = from + offsets[0];
            var y = to + offsets[1];
            if (fromStep == 1 && toStep == 1)
            {
                Buffer.MemoryCopy(x, y, length * sizeof(T), length * sizeof(T));
                return;
            }

            for (long i = 0; i < length; i++)
            {
                y[i * toStep] = x[i * fromStep];
            }
        });
    }

    // The source's neighbours lie along another dimension than the target's rows: square by square, so that the cache lines of both are used up while they are there.
    private static void CopyTransposing<T>(StridedLoop loop, int across, T* from, T* to)
        where T : unmanaged
    {
        var (fromStep, toStep, length) = (loop.Steps[0], loop.Steps[1], loop.RowLength);
        var (toAcross, width) = (loop.Stride(1, across), loop.Length(across));
        var planes = loop.Without(across);
        void Plane(T* x, T* y, long first, long end)
        {
            for (var j = first; j < end; j += Tile)
            {
                var jEnd = Math.Min(j + Tile, end);
                for (long i = 0; i < length; i += Tile)
                {
                    var iEnd = Math.Min(i + Tile, length);
                    for (var k = j; k < jEnd; k++)
                    {
                        var a = x + k;
                        var b = y + (k * toAcross);
                        for (var m = i; m < iEnd; m++)
                        {
                            b[m * toStep] = a[m * fromStep];
                        }
                    }
                }
            }
        }

        if (planes.RowCount == 1)
        {
            Workers.For((width + Tile - 1) / Tile, Math.Max(1, Grain / (length * Tile)), (first, end) => Plane(from, to, first * Tile, Math.Min(end * Tile, width)));
            return;
        }

        Workers.For(planes.RowCount, Math.Max(1, Grain / (length * width)), (first, end) => planes.ForEachRow(first, end, offsets => Plane(from + offsets[0], to + offsets[1], 0, width)));
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
