using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Copies parts of a matrix into panels that a tile reads from front to back. Moves numbers, computes nothing.</summary>
internal static unsafe class MatrixProductPacking
{
    // How many rows ahead a copy calls memory into the cache. A call beyond the matrix does nothing.
    private const long RowsAhead = 4;

    /// <summary>panel[k * width + i] = source[i * across + k * along] for i &lt; count, k &lt; depth. What lies between count and width is left as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<T>(T* source, long across, long along, long count, long depth, T* panel, long width)
        where T : unmanaged
    {
        if (across == 1)
        {
            PackContiguous(source, along, count, depth, panel, width);
            return;
        }

        long i = 0;
        if (along == 1 && typeof(T) == typeof(float))
        {
            for (; Avx.IsSupported && i + 8 <= count; i += 8)
            {
                PackEight((float*)(source + (i * across)), across, depth, (float*)(panel + i), width);
            }

            for (; (Sse.IsSupported || AdvSimd.Arm64.IsSupported) && i + 4 <= count; i += 4)
            {
                PackFour((float*)(source + (i * across)), across, depth, (float*)(panel + i), width);
            }
        }

        for (; i < count; i++)
        {
            PackOne(source + (i * across), along, depth, panel + i, width);
        }
    }

    /// <summary>The 8 x 8 block at a place of a matrix, its columns as vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadColumns(
        float* source, long rowStride, out Vector256<float> column0, out Vector256<float> column1, out Vector256<float> column2, out Vector256<float> column3,
        out Vector256<float> column4, out Vector256<float> column5, out Vector256<float> column6, out Vector256<float> column7)
    {
        // Row i beside row i + 4, half by half, so that the rest happens within halves; the loads put the halves together.
        var three = 3 * rowStride;
        var fifth = source + (4 * rowStride);
        InterleaveFour(
            Halves(source, fifth), Halves(source + rowStride, fifth + rowStride), Halves(source + (2 * rowStride), fifth + (2 * rowStride)), Halves(source + three, fifth + three),
            out column0, out column1, out column2, out column3);
        source += 4;
        fifth += 4;
        InterleaveFour(
            Halves(source, fifth), Halves(source + rowStride, fifth + rowStride), Halves(source + (2 * rowStride), fifth + (2 * rowStride)), Halves(source + three, fifth + three),
            out column4, out column5, out column6, out column7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* lower, float* upper) => Avx.InsertVector128(Vector128.Load(lower).ToVector256Unsafe(), Vector128.Load(upper), 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InterleaveFour(
        Vector256<float> row0, Vector256<float> row1, Vector256<float> row2, Vector256<float> row3,
        out Vector256<float> column0, out Vector256<float> column1, out Vector256<float> column2, out Vector256<float> column3)
    {
        var low01 = Avx.UnpackLow(row0, row1).AsDouble();
        var low23 = Avx.UnpackLow(row2, row3).AsDouble();
        var high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        var high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        column0 = Avx.UnpackLow(low01, low23).AsSingle();
        column1 = Avx.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx.UnpackLow(high01, high23).AsSingle();
        column3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackContiguous<T>(T* source, long along, long count, long depth, T* panel, long width)
        where T : unmanaged
    {
        var whole512 = count - (count % Vector512<T>.Count);
        var whole128 = count - (count % Vector128<T>.Count);
        for (var k = depth; k > 0; k--)
        {
            long i = 0;
            for (; i < whole512; i += Vector512<T>.Count)
            {
                // Rows may lie pages apart, where the processor doesn't see by itself what comes next.
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(source + i + (RowsAhead * along));
                }

                Vector512.Store(Vector512.Load(source + i), panel + i);
            }

            for (; i < whole128; i += Vector128<T>.Count)
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

    /// <summary>Eight rows of the source become eight columns of the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackEight(float* source, long across, long depth, float* panel, long width)
    {
        var three = 3 * width;
        long k = 0;
        for (; k + 8 <= depth; k += 8)
        {
            LoadColumns(source + k, across, out var column0, out var column1, out var column2, out var column3, out var column4, out var column5, out var column6, out var column7);
            column0.Store(panel);
            column1.Store(panel + width);
            column2.Store(panel + (2 * width));
            column3.Store(panel + three);
            panel += 4 * width;
            column4.Store(panel);
            column5.Store(panel + width);
            column6.Store(panel + (2 * width));
            column7.Store(panel + three);
            panel += 4 * width;
        }

        for (var i = 0; i < 8; i++)
        {
            PackOne(source + (i * across) + k, 1, depth - k, panel + i, width);
        }
    }

    /// <summary>Four rows of the source become four columns of the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackFour(float* source, long across, long depth, float* panel, long width)
    {
        var (threeAcross, three) = (3 * across, 3 * width);
        long k = 0;
        for (; k + 4 <= depth; k += 4)
        {
            var row0 = Vector128.Load(source + k);
            var row1 = Vector128.Load(source + across + k);
            var row2 = Vector128.Load(source + (2 * across) + k);
            var row3 = Vector128.Load(source + threeAcross + k);
            var low01 = InterleaveLow(row0, row1).AsDouble();
            var low23 = InterleaveLow(row2, row3).AsDouble();
            var high01 = InterleaveHigh(row0, row1).AsDouble();
            var high23 = InterleaveHigh(row2, row3).AsDouble();
            InterleaveLow(low01, low23).AsSingle().Store(panel);
            InterleaveHigh(low01, low23).AsSingle().Store(panel + width);
            InterleaveLow(high01, high23).AsSingle().Store(panel + (2 * width));
            InterleaveHigh(high01, high23).AsSingle().Store(panel + three);
            panel += 4 * width;
        }

        for (var i = 0; i < 4; i++)
        {
            PackOne(source + (i * across) + k, 1, depth - k, panel + i, width);
        }
    }

    private static void PackOne<T>(T* source, long along, long depth, T* panel, long width)
        where T : unmanaged
    {
        for (var k = depth; k > 0; k--)
        {
            *panel = *source;
            source += along;
            panel += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> InterleaveLow(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> InterleaveHigh(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
