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

    // Floats in a line of the cache.
    private const long Line = 16;

    // Rows up to this length end soon after the processor has seen that they are read from front to back; it is told where to go on.
    private const long ShortRow = 512;

    // Rows that advance together.
    private const int FourGroups = 32;

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
    /// A matrix whose rows are contiguous (a[i, k] at a[i * aRowStride + k]) by one column; the number of rows is a multiple of 8. Blocks of 8 x 8 are turned over in registers, so that eight rows advance
    /// along k together. That turning is what the order along k costs: a sum in any order could take a row's numbers as they lie.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MatrixByColumn(long rows, long depth, float* a, long aRowStride, float* x, long xStride, float* c, long cStride, float* bias, long biasStride, bool accumulate)
    {
        if (xStride != 1)
        {
            var contiguous = MatrixProductScratch.Take<float>(MatrixProductScratch.Use.PanelOfB, depth);
            MatrixProductPacking.Pack(x, 0, xStride, 1, depth, contiguous, 1);
            x = contiguous;
        }

        var sums = stackalloc float[FourGroups];
        var steps = depth / 8;
        long done;
        for (; rows > 0; rows -= done)
        {
            Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            done = rows >= FourGroups ? FourGroups : 8;
            if (done == FourGroups)
            {
                // Four groups of eight rows hide that each of their sums waits for its last addition. Every group is a cache line behind the one before: where rows lie a power of two apart,
                // all their numbers for one k fall into the same few places of the cache.
                const long Behind = 16, StepsBehind = 2;
                var (group1, group2, group3) = ((8 * aRowStride) - Behind, (16 * aRowStride) - (2 * Behind), (24 * aRowStride) - (3 * Behind));
                var nextRow = a + (FourGroups * aRowStride);
                var nextColumn = 0L;
                for (long step = 0; step < steps + (3 * StepsBehind); step++)
                {
                    var k = 8 * step;
                    if (depth <= ShortRow && step % 2 == 0 && step < steps)
                    {
                        CallLines(ref nextRow, ref nextColumn, depth, aRowStride);
                    }

                    if (step < steps)
                    {
                        sum0 = AdvanceEight(a + k, aRowStride, x + k, sum0);
                    }

                    if (step >= StepsBehind && step < steps + StepsBehind)
                    {
                        sum1 = AdvanceEight(a + group1 + k, aRowStride, x + k - Behind, sum1);
                    }

                    if (step >= 2 * StepsBehind && step < steps + (2 * StepsBehind))
                    {
                        sum2 = AdvanceEight(a + group2 + k, aRowStride, x + k - (2 * Behind), sum2);
                    }

                    if (step >= 3 * StepsBehind)
                    {
                        sum3 = AdvanceEight(a + group3 + k, aRowStride, x + k - (3 * Behind), sum3);
                    }
                }
            }
            else
            {
                for (long step = 0; step < steps; step++)
                {
                    sum0 = AdvanceEight(a + (8 * step), aRowStride, x + (8 * step), sum0);
                }
            }

            sum0.Store(sums);
            sum1.Store(sums + 8);
            sum2.Store(sums + 16);
            sum3.Store(sums + 24);
            for (long i = 0; i < done; i++)
            {
                var sum = sums[i];
                for (var k = 8 * steps; k < depth; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[(i * aRowStride) + k], x[k], sum);
                }

                sum = bias == null ? sum : sum + bias[i * biasStride];
                c[i * cStride] = accumulate ? c[i * cStride] + sum : sum;
            }

            a += done * aRowStride;
            c += done * cStride;
            bias = bias == null ? null : bias + (done * biasStride);
        }
    }

    // Calls the next lines of memory, row after row, into the cache. A call beyond the matrix does nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CallLines(ref float* row, ref long column, long depth, long stride)
    {
        for (var line = 0; line < FourGroups; line++)
        {
            Sse.Prefetch1(row + column);
            column += Line;
            if (column >= depth)
            {
                column = 0;
                row += stride;
            }
        }
    }

    /// <summary>Eight steps along k for eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> AdvanceEight(float* a, long stride, float* x, Vector256<float> sum)
    {
        MatrixProductPacking.LoadColumns(a, stride, out var column0, out var column1, out var column2, out var column3, out var column4, out var column5, out var column6, out var column7);
        sum = Fma.MultiplyAdd(column0, Vector256.Create(x[0]), sum);
        sum = Fma.MultiplyAdd(column1, Vector256.Create(x[1]), sum);
        sum = Fma.MultiplyAdd(column2, Vector256.Create(x[2]), sum);
        sum = Fma.MultiplyAdd(column3, Vector256.Create(x[3]), sum);
        sum = Fma.MultiplyAdd(column4, Vector256.Create(x[4]), sum);
        sum = Fma.MultiplyAdd(column5, Vector256.Create(x[5]), sum);
        sum = Fma.MultiplyAdd(column6, Vector256.Create(x[6]), sum);
        return Fma.MultiplyAdd(column7, Vector256.Create(x[7]), sum);
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
