using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// Products of a row by a matrix and of a matrix by a column. Every number of the matrix is used once, so nothing is packed, and what counts is to read it as fast as memory gives it.
/// Vectors run over the results, never along k, since the order along k is given.
/// </summary>
internal static unsafe class MatrixProductVector
{
    // The sums that grow while the matrix goes by stay in the first-level cache: 8 KiB.
    private const long SumsBytes = 8192;

    /// <summary>Whether <see cref="MatrixByColumn"/> works on this machine.</summary>
    public static bool HasMatrixByColumn => Vector256.IsHardwareAccelerated && Fma.IsSupported;

    /// <summary>One row of a by a matrix whose rows are contiguous; the number of columns is a multiple of the lanes. Four rows of b at a time are added to all sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowByMatrix<TElement, TVector, TOperations>(in ProductProblem<TElement> problem)
        where TElement : unmanaged
        where TVector : unmanaged
        where TOperations : IProductVector<TElement, TVector>
    {
        var width = SumsBytes / sizeof(TElement);
        for (long column = 0; column < problem.N; column += width)
        {
            var part = problem.Columns(column, Math.Min(problem.N, column + width));
            var sums = part.Accumulate ? MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.Sums, part.N) : part.C;
            for (long j = 0; j < part.N; j += TOperations.Lanes)
            {
                TOperations.Store(sums + j, default);
            }

            AddRows<TElement, TVector, TOperations>(part.A, part.AColumnStride, part.B, part.BRowStride, part.K, part.N, sums);
            if (part.Bias == null && !part.Accumulate)
            {
                continue;
            }

            for (long j = 0; j < part.N; j += TOperations.Lanes)
            {
                var sum = TOperations.Load(sums + j);
                sum = part.Bias == null ? sum : TOperations.Add(sum, TOperations.Load(part.Bias + j));
                TOperations.Store(part.C + j, part.Accumulate ? TOperations.Add(TOperations.Load(part.C + j), sum) : sum);
            }
        }
    }

    /// <summary>
    /// A matrix whose rows are contiguous (a[i, k] at a[i * aRowStride + k]) by one column; the number of rows is a multiple of 8. Blocks of 16 x 16 or 8 x 8 are turned over in registers, so that their rows
    /// advance along k together. That turning is what the order along k costs: a sum in any order could take a row's numbers as they lie.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MatrixByColumn(long rows, long depth, float* a, long aRowStride, float* x, long xStride, float* c, long cStride, float* bias, long biasStride, bool accumulate)
    {
        var sums = stackalloc float[32];
        long done;
        for (; rows > 0; rows -= done)
        {
            // Two blocks side by side, so that one may be turned over while the other's sums wait for each other.
            var k = 0L;
            if (MatrixProduct.WidthInUse == 512 && rows >= 32)
            {
                done = 32;
                Vector512<float> first = default, second = default;
                for (; k + 16 <= depth; k += 16)
                {
                    first = AdvanceSixteen(a + k, aRowStride, x + (k * xStride), xStride, first);
                    second = AdvanceSixteen(a + (16 * aRowStride) + k, aRowStride, x + (k * xStride), xStride, second);
                }

                first.Store(sums);
                second.Store(sums + 16);
            }
            else
            {
                done = rows >= 16 ? 16 : 8;
                Vector256<float> first = default, second = default;
                for (; k + 8 <= depth; k += 8)
                {
                    first = AdvanceEight(a + k, aRowStride, x + (k * xStride), xStride, first);
                    if (done == 16)
                    {
                        second = AdvanceEight(a + (8 * aRowStride) + k, aRowStride, x + (k * xStride), xStride, second);
                    }
                }

                first.Store(sums);
                second.Store(sums + 8);
            }

            for (long i = 0; i < done; i++)
            {
                var sum = sums[i];
                for (var rest = k; rest < depth; rest++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(i * aRowStride) + rest], x[rest * xStride], sum);
                }

                sum = bias == null ? sum : sum + bias[i * biasStride];
                c[i * cStride] = accumulate ? c[i * cStride] + sum : sum;
            }

            a += done * aRowStride;
            c += done * cStride;
            bias = bias == null ? null : bias + (done * biasStride);
        }
    }

    /// <summary>Eight steps along k for eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AdvanceEight(float* a, long stride, float* x, long xStride, Vector256<float> sum)
    {
        MatrixProductPacking.LoadColumns(a, stride, out var column0, out var column1, out var column2, out var column3, out var column4, out var column5, out var column6, out var column7);
        var three = 3 * xStride;
        sum = Fma.MultiplyAdd(column0, Vector256.Create(x[0]), sum);
        sum = Fma.MultiplyAdd(column1, Vector256.Create(x[xStride]), sum);
        sum = Fma.MultiplyAdd(column2, Vector256.Create(x[2 * xStride]), sum);
        sum = Fma.MultiplyAdd(column3, Vector256.Create(x[three]), sum);
        x += 4 * xStride;
        sum = Fma.MultiplyAdd(column4, Vector256.Create(x[0]), sum);
        sum = Fma.MultiplyAdd(column5, Vector256.Create(x[xStride]), sum);
        sum = Fma.MultiplyAdd(column6, Vector256.Create(x[2 * xStride]), sum);
        return Fma.MultiplyAdd(column7, Vector256.Create(x[three]), sum);
    }

    /// <summary>Sixteen steps along k for sixteen rows. A row's sixteen numbers, mostly a whole cache line, are loaded at once: where rows lie a power of two apart, a line would hardly survive until a second load.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AdvanceSixteen(float* a, long stride, float* x, long xStride, Vector512<float> sum)
    {
        // First 4 x 4 blocks within the four lanes of 128 bits: rows 4 q to 4 q + 3 become vectors whose lane l holds column 4 l + i.
        var four = 4 * stride;
        LoadColumnsOfFour(a, stride, out var a0, out var a1, out var a2, out var a3);
        LoadColumnsOfFour(a + four, stride, out var b0, out var b1, out var b2, out var b3);
        LoadColumnsOfFour(a + (2 * four), stride, out var c0, out var c1, out var c2, out var c3);
        LoadColumnsOfFour(a + (3 * four), stride, out var d0, out var d1, out var d2, out var d3);

        // Then lanes.
        GatherLanes(a0, b0, c0, d0, out var column0, out var column4, out var column8, out var column12);
        GatherLanes(a1, b1, c1, d1, out var column1, out var column5, out var column9, out var column13);
        GatherLanes(a2, b2, c2, d2, out var column2, out var column6, out var column10, out var column14);
        GatherLanes(a3, b3, c3, d3, out var column3, out var column7, out var column11, out var column15);
        sum = AdvanceFour(column0, column1, column2, column3, x, xStride, sum);
        sum = AdvanceFour(column4, column5, column6, column7, x + (4 * xStride), xStride, sum);
        sum = AdvanceFour(column8, column9, column10, column11, x + (8 * xStride), xStride, sum);
        return AdvanceFour(column12, column13, column14, column15, x + (12 * xStride), xStride, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AdvanceFour(Vector512<float> column0, Vector512<float> column1, Vector512<float> column2, Vector512<float> column3, float* x, long xStride, Vector512<float> sum)
    {
        sum = Vector512.FusedMultiplyAdd(column0, Vector512.Create(x[0]), sum);
        sum = Vector512.FusedMultiplyAdd(column1, Vector512.Create(x[xStride]), sum);
        sum = Vector512.FusedMultiplyAdd(column2, Vector512.Create(x[2 * xStride]), sum);
        return Vector512.FusedMultiplyAdd(column3, Vector512.Create(x[3 * xStride]), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadColumnsOfFour(float* a, long stride, out Vector512<float> column0, out Vector512<float> column1, out Vector512<float> column2, out Vector512<float> column3)
    {
        var row0 = Vector512.Load(a);
        var row1 = Vector512.Load(a + stride);
        var row2 = Vector512.Load(a + (2 * stride));
        var row3 = Vector512.Load(a + (3 * stride));
        var low01 = Avx512F.UnpackLow(row0, row1).AsDouble();
        var low23 = Avx512F.UnpackLow(row2, row3).AsDouble();
        var high01 = Avx512F.UnpackHigh(row0, row1).AsDouble();
        var high23 = Avx512F.UnpackHigh(row2, row3).AsDouble();
        column0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        column1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        column3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Lane l of a, b, c and d, for each of the four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatherLanes(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, out Vector512<float> lane0, out Vector512<float> lane1, out Vector512<float> lane2, out Vector512<float> lane3)
    {
        const byte Even = 0b10_00_10_00, Odd = 0b11_01_11_01;
        var evenAB = Avx512F.Shuffle4x128(a, b, Even);
        var evenCD = Avx512F.Shuffle4x128(c, d, Even);
        var oddAB = Avx512F.Shuffle4x128(a, b, Odd);
        var oddCD = Avx512F.Shuffle4x128(c, d, Odd);
        lane0 = Avx512F.Shuffle4x128(evenAB, evenCD, Even);
        lane1 = Avx512F.Shuffle4x128(oddAB, oddCD, Even);
        lane2 = Avx512F.Shuffle4x128(evenAB, evenCD, Odd);
        lane3 = Avx512F.Shuffle4x128(oddAB, oddCD, Odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows<TElement, TVector, TOperations>(TElement* a, long aStride, TElement* b, long bRowStride, long depth, long columns, TElement* sums)
        where TElement : unmanaged
        where TVector : unmanaged
        where TOperations : IProductVector<TElement, TVector>
    {
        for (; depth >= 4; depth -= 4)
        {
            var (b1, b2, b3) = (bRowStride, 2 * bRowStride, 3 * bRowStride);
            var first = TOperations.Broadcast(a[0]);
            var second = TOperations.Broadcast(a[aStride]);
            var third = TOperations.Broadcast(a[2 * aStride]);
            var fourth = TOperations.Broadcast(a[3 * aStride]);
            var row = b;
            for (long j = 0; j < columns; j += TOperations.Lanes)
            {
                var sum = TOperations.FusedMultiplyAdd(first, TOperations.Load(row), TOperations.Load(sums + j));
                sum = TOperations.FusedMultiplyAdd(second, TOperations.Load(row + b1), sum);
                sum = TOperations.FusedMultiplyAdd(third, TOperations.Load(row + b2), sum);
                sum = TOperations.FusedMultiplyAdd(fourth, TOperations.Load(row + b3), sum);
                TOperations.Store(sums + j, sum);
                row += TOperations.Lanes;
            }

            a += 4 * aStride;
            b += 4 * bRowStride;
        }

        for (; depth > 0; depth--)
        {
            var first = TOperations.Broadcast(*a);
            for (long j = 0; j < columns; j += TOperations.Lanes)
            {
                TOperations.Store(sums + j, TOperations.FusedMultiplyAdd(first, TOperations.Load(b + j), TOperations.Load(sums + j)));
            }

            a += aStride;
            b += bRowStride;
        }
    }
}
