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

    /// <summary>How many rows of a matrix, by a column, are one unit of work.</summary>
    public const int RowsAtOnce = 32;

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

    /// <summary>A matrix whose rows are contiguous by one column; the number of rows is a multiple of 8. Blocks of 8 x 8 are turned over in registers, so that eight rows advance along k together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MatrixByColumn(in ProductProblem<float> problem)
    {
        var (depth, stride, xStride) = (problem.K, problem.ARowStride, problem.BRowStride);
        var sums = stackalloc float[RowsAtOnce];
        long rows;
        for (long row = 0; row < problem.M; row += rows)
        {
            var a = problem.A + (row * stride);
            var x = problem.B;
            rows = problem.M - row >= RowsAtOnce ? RowsAtOnce : 8;
            Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            long k = 0;
            if (rows == RowsAtOnce)
            {
                var (a1, a2, a3) = (8 * stride, 16 * stride, 24 * stride);
                for (; k + 8 <= depth; k += 8)
                {
                    sum0 = Advance(a, stride, x, xStride, sum0);
                    sum1 = Advance(a + a1, stride, x, xStride, sum1);
                    sum2 = Advance(a + a2, stride, x, xStride, sum2);
                    sum3 = Advance(a + a3, stride, x, xStride, sum3);
                    a += 8;
                    x += 8 * xStride;
                }
            }
            else
            {
                for (; k + 8 <= depth; k += 8)
                {
                    sum0 = Advance(a, stride, x, xStride, sum0);
                    a += 8;
                    x += 8 * xStride;
                }
            }

            sum0.Store(sums);
            sum1.Store(sums + 8);
            sum2.Store(sums + 16);
            sum3.Store(sums + 24);
            for (long i = 0; i < rows; i++)
            {
                var sum = sums[i];
                for (long rest = 0; rest < depth - k; rest++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(i * stride) + rest], x[rest * xStride], sum);
                }

                sum = problem.Bias == null ? sum : sum + *problem.Bias;
                var c = problem.C + ((row + i) * problem.CRowStride);
                *c = problem.Accumulate ? *c + sum : sum;
            }
        }
    }

    /// <summary>Eight steps along k for eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Advance(float* a, long stride, float* x, long xStride, Vector256<float> sum)
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
