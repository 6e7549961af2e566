using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Copies parts of a matrix into panels that a tile reads from front to back. Moves numbers, computes nothing.</summary>
internal static unsafe class MatrixProductPacking
{
    /// <summary>panel[k * width + i] = source[i * across + k * along] for i &lt; count, k &lt; depth; zero for count &lt;= i &lt; width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<T>(T* source, long across, long along, long count, long depth, T* panel, long width)
        where T : unmanaged
    {
        if (count < width)
        {
            new Span<T>(panel, checked((int)(width * depth))).Clear();
        }

        if (across == 1)
        {
            PackContiguous(source, along, count, depth, panel, width);
            return;
        }

        long i = 0;
        if (along == 1 && sizeof(T) == sizeof(float) && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; i + 4 <= count; i += 4)
            {
                PackTransposed((float*)(source + (i * across)), across, depth, (float*)(panel + i), width);
            }
        }

        for (; i < count; i++)
        {
            var from = source + (i * across);
            var to = panel + i;
            for (var k = depth; k > 0; k--)
            {
                *to = *from;
                from += along;
                to += width;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackContiguous<T>(T* source, long along, long count, long depth, T* panel, long width)
        where T : unmanaged
    {
        var whole = count - (count % Vector128<T>.Count);
        for (var k = depth; k > 0; k--)
        {
            long i = 0;
            for (; i < whole; i += Vector128<T>.Count)
            {
                Vector128.Store(Vector128.Load(source + i), panel + i);
            }

            for (; i < count; i++)
            {
                panel[i] = source[i];
            }

            source += along;
            panel += width;
        }
    }

    /// <summary>Four rows of the source become four columns of the panel, in blocks of 4 x 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed(float* source, long across, long depth, float* panel, long width)
    {
        long k = 0;
        for (; k + 4 <= depth; k += 4)
        {
            var row0 = Vector128.Load(source + k);
            var row1 = Vector128.Load(source + across + k);
            var row2 = Vector128.Load(source + (2 * across) + k);
            var row3 = Vector128.Load(source + (3 * across) + k);
            var (low01, high01) = Interleave(row0, row1);
            var (low23, high23) = Interleave(row2, row3);
            Vector128.Create(low01.GetLower(), low23.GetLower()).Store(panel);
            Vector128.Create(low01.GetUpper(), low23.GetUpper()).Store(panel + width);
            Vector128.Create(high01.GetLower(), high23.GetLower()).Store(panel + (2 * width));
            Vector128.Create(high01.GetUpper(), high23.GetUpper()).Store(panel + (3 * width));
            panel += 4 * width;
        }

        for (; k < depth; k++)
        {
            panel[0] = source[k];
            panel[1] = source[across + k];
            panel[2] = source[(2 * across) + k];
            panel[3] = source[(3 * across) + k];
            panel += width;
        }
    }

    /// <summary>a0 b0 a1 b1 and a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b) => Sse.IsSupported
        ? (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b))
        : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
}
