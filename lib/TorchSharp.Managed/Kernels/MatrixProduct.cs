using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// Products of matrices of any strides. Every element of the result is the chain fma(a[i, k], b[k, j], sum) over k = 0, 1, ... in order from +0, and then plus bias[j]: its bits do not depend on
/// the sizes, on how the matrices are cut, on the batch, on the number of threads, or on the width of the processor's vectors. It does no checking: shapes and memory are the caller's to guarantee,
/// and that the tensors behind the pointers stay alive. The result may overlap neither operand.
/// </summary>
internal static unsafe class MatrixProduct
{
    // Below so many multiplications a second thread costs more than it brings.
    private const long WorkWorthAThread = 128 * 1024;

    // Rows of c that take fewer bytes leave vectors half empty.
    private const int Narrow = 32;

    // So many rows, in bytes of a column of a, are few enough to compute the transpose instead of packing a b that lies the wrong way round, and enough to fill its vectors.
    private const int FewRowsFrom = 48;
    private const int FewRowsTo = 128;

    // A transpose is computed in blocks of so many rows, or columns, that its result stays in the first-level cache until it is turned over.
    private const long TurnedRows = 1024;
    private const long TurnedColumns = 192;

    /// <summary>The width in bits of the vectors that the kernels use on this machine: 512, 256, 128, or 0 for single numbers.</summary>
    public static int WidthInUse =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? 512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 256
        : Vector128.IsHardwareAccelerated && (Fma.IsSupported || AdvSimd.Arm64.IsSupported) ? 128
        : 0;

    /// <summary>c[i, j] = sum over k of a[i, k] b[k, j], plus bias[j].</summary>
    /// <param name="m">Rows of a and c.</param>
    /// <param name="n">Columns of b and c.</param>
    /// <param name="k">Columns of a, rows of b; 0 gives sums of 0.</param>
    /// <param name="a">a[i, k] is at a[i * aRowStride + k * aColumnStride]; strides may be 0 or negative.</param>
    /// <param name="aRowStride">See <paramref name="a"/>.</param>
    /// <param name="aColumnStride">See <paramref name="a"/>.</param>
    /// <param name="b">b[k, j] is at b[k * bRowStride + j * bColumnStride]; strides may be 0 or negative.</param>
    /// <param name="bRowStride">See <paramref name="b"/>.</param>
    /// <param name="bColumnStride">See <paramref name="b"/>.</param>
    /// <param name="c">c[i, j] is at c[i * cRowStride + j].</param>
    /// <param name="cRowStride">See <paramref name="c"/>.</param>
    /// <param name="bias">n elements, added after the sum, or null.</param>
    /// <param name="accumulate">Adds the finished sum (and bias) to what c holds, in one addition, instead of overwriting it.</param>
    public static void Multiply(long m, long n, long k, float* a, long aRowStride, long aColumnStride, float* b, long bRowStride, long bColumnStride, float* c, long cRowStride, float* bias = null, bool accumulate = false) =>
        Multiply(Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, bias, accumulate));

    /// <inheritdoc cref="Multiply(long, long, long, float*, long, long, float*, long, long, float*, long, float*, bool)"/>
    public static void Multiply(long m, long n, long k, double* a, long aRowStride, long aColumnStride, double* b, long bRowStride, long bColumnStride, double* c, long cRowStride, double* bias = null, bool accumulate = false) =>
        Multiply(Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, bias, accumulate));

    /// <summary>Many products of the same sizes: product i begins i batch strides behind a, b and c. A batch stride of 0 uses the same a or b for all.</summary>
    public static void MultiplyBatch(
        long batch, long m, long n, long k, float* a, long aBatchStride, long aRowStride, long aColumnStride, float* b, long bBatchStride, long bRowStride, long bColumnStride,
        float* c, long cBatchStride, long cRowStride, float* bias = null, bool accumulate = false) =>
        MultiplyBatch(batch, Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, bias, accumulate), aBatchStride, bBatchStride, cBatchStride);

    /// <inheritdoc cref="MultiplyBatch(long, long, long, long, float*, long, long, long, float*, long, long, long, float*, long, long, float*, bool)"/>
    public static void MultiplyBatch(
        long batch, long m, long n, long k, double* a, long aBatchStride, long aRowStride, long aColumnStride, double* b, long bBatchStride, long bRowStride, long bColumnStride,
        double* c, long cBatchStride, long cRowStride, double* bias = null, bool accumulate = false) =>
        MultiplyBatch(batch, Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, bias, accumulate), aBatchStride, bBatchStride, cBatchStride);

    /// <summary>Many products of the same sizes whose operands begin at any offsets (in elements) from a, b and c; an array of offsets has one for each product.</summary>
    public static void MultiplyBatch(
        long batch, long m, long n, long k, float* a, long* aOffsets, long aRowStride, long aColumnStride, float* b, long* bOffsets, long bRowStride, long bColumnStride,
        float* c, long* cOffsets, long cRowStride, float* bias = null, bool accumulate = false) =>
        MultiplyBatch(batch, Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, bias, accumulate), aOffsets, bOffsets, cOffsets);

    /// <inheritdoc cref="MultiplyBatch(long, long, long, long, float*, long*, long, long, float*, long*, long, long, float*, long*, long, float*, bool)"/>
    public static void MultiplyBatch(
        long batch, long m, long n, long k, double* a, long* aOffsets, long aRowStride, long aColumnStride, double* b, long* bOffsets, long bRowStride, long bColumnStride,
        double* c, long* cOffsets, long cRowStride, double* bias = null, bool accumulate = false) =>
        MultiplyBatch(batch, Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, bias, accumulate), aOffsets, bOffsets, cOffsets);

    /// <summary>One product on the calling thread, for either type: for bodies that are already one of several threads.</summary>
    public static void MultiplyHere<T>(long m, long n, long k, T* a, long aRowStride, long aColumnStride, T* b, long bRowStride, long bColumnStride, T* c, long cRowStride)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Compute(Problem(m, n, k, a, aRowStride, aColumnStride, b, bRowStride, bColumnStride, c, cRowStride, null, false));

    private static ProductProblem<T> Problem<T>(long m, long n, long k, T* a, long aRowStride, long aColumnStride, T* b, long bRowStride, long bColumnStride, T* c, long cRowStride, T* bias, bool accumulate)
        where T : unmanaged => new()
        {
            M = m,
            N = n,
            K = k,
            A = a,
            ARowStride = aRowStride,
            AColumnStride = aColumnStride,
            B = b,
            BRowStride = bRowStride,
            BColumnStride = bColumnStride,
            C = c,
            CRowStride = cRowStride,
            Bias = bias,
            Accumulate = accumulate,
        };

    /// <summary>One product, by all threads that it is worth: each gets some rows, or some columns if these divide more evenly.</summary>
    private static void Multiply<T>(in ProductProblem<T> problem)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (problem.M == 0 || problem.N == 0)
        {
            return;
        }

        var threads = (long)Math.Min(Workers.Count, (double)problem.M * problem.N * problem.K / WorkWorthAThread);
        if (threads <= 1)
        {
            Compute(problem);
            return;
        }

        // Rows go in fours, for which there is a tile; columns in panels, of which no thread should have a part.
        const long RowUnit = 4;
        var columnUnit = PanelWidth<T>();
        var (rowUnits, columnUnits) = ((problem.M + RowUnit - 1) / RowUnit, (problem.N + columnUnit - 1) / columnUnit);
        var largestShareOfRows = Math.Min(1, (double)((rowUnits + threads - 1) / threads * RowUnit) / problem.M);
        var largestShareOfColumns = Math.Min(1, (double)((columnUnits + threads - 1) / threads * columnUnit) / problem.N);
        if (largestShareOfRows <= largestShareOfColumns)
        {
            Workers.For(rowUnits, rowUnits / threads, problem, static (problem, from, to) => Compute(problem.Rows(from * RowUnit, Math.Min(to * RowUnit, problem.M))));
        }
        else
        {
            Workers.For(columnUnits, columnUnits / threads, problem, static (problem, from, to) => Compute(problem.Columns(from * PanelWidth<T>(), Math.Min(to * PanelWidth<T>(), problem.N))));
        }
    }

    private static void MultiplyBatch<T>(long batch, in ProductProblem<T> problem, long aBatchStride, long bBatchStride, long cBatchStride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The same b for all and a and c without gaps: one product of more rows.
        if (bBatchStride == 0 && aBatchStride == problem.M * problem.ARowStride && cBatchStride == problem.M * problem.CRowStride)
        {
            var whole = problem;
            whole.M *= batch;
            Multiply(whole);
            return;
        }

        MultiplyBatch(batch, new Batch<T> { Problem = problem, AStride = aBatchStride, BStride = bBatchStride, CStride = cBatchStride });
    }

    private static void MultiplyBatch<T>(long batch, in ProductProblem<T> problem, long* aOffsets, long* bOffsets, long* cOffsets)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        MultiplyBatch(batch, new Batch<T> { Problem = problem, AOffsets = aOffsets, BOffsets = bOffsets, COffsets = cOffsets });

    private static void MultiplyBatch<T>(long count, in Batch<T> batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var work = (double)batch.Problem.M * batch.Problem.N * batch.Problem.K;
        if (work >= WorkWorthAThread && count < 2L * Workers.Count)
        {
            for (long i = 0; i < count; i++)
            {
                Multiply(batch.At(i));
            }

            return;
        }

        Workers.For(count, (long)Math.Ceiling(WorkWorthAThread / Math.Max(1, work)), batch, static (batch, from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                Compute(batch.At(i));
            }
        });
    }

    private static long PanelWidth<T>()
        where T : unmanaged => 2 * Math.Max(1, WidthInUse / 8 / sizeof(T));

    /// <summary>Computes a product on the calling thread, with vectors that c's rows fill.</summary>
    private static void Compute<T>(in ProductProblem<T> problem)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (problem.M == 0 || problem.N == 0)
        {
            return;
        }

        if (typeof(T) == typeof(float) && MatrixProductVector.HasMatrixByColumn && problem.N == 1 && problem.AColumnStride == 1 && problem.M >= 8)
        {
            var whole = problem.M / 8 * 8;
            MatrixProductVector.MatrixByColumn(
                whole, problem.K, (float*)problem.A, problem.ARowStride, (float*)problem.B, problem.BRowStride, (float*)problem.C, problem.CRowStride, (float*)problem.Bias, 0, problem.Accumulate);
            Compute(problem.Rows(whole, problem.M));
            return;
        }

        if (typeof(T) == typeof(float) && MatrixProductVector.HasMatrixByColumn && problem.M == 1 && problem.BRowStride == 1 && problem.N >= 8)
        {
            // A row by a transposed matrix is the matrix by a column.
            var whole = problem.N / 8 * 8;
            MatrixProductVector.MatrixByColumn(whole, problem.K, (float*)problem.B, problem.BColumnStride, (float*)problem.A, problem.AColumnStride, (float*)problem.C, 1, (float*)problem.Bias, 1, problem.Accumulate);
            Compute(problem.Columns(whole, problem.N));
            return;
        }

        if (problem.M == 1 && problem.BColumnStride == 1 && problem.N >= Math.Max(1, WidthInUse / 8 / sizeof(T)))
        {
            ComputeRow(problem);
            return;
        }

        // A tile is two vectors wide, and takes what is one to two vectors wide.
        if (WidthInUse > 0 && problem.N < Narrow / sizeof(T) && problem.M > 2 * problem.N && problem.M >= Narrow / sizeof(T))
        {
            ComputeTransposed(problem, TurnedRows, problem.N);
        }
        else if (WidthInUse > 0 && problem.BRowStride == 1 && problem.BColumnStride != 1 && problem.M * sizeof(T) is >= FewRowsFrom and <= FewRowsTo && problem.N >= 4 * problem.M)
        {
            // The transpose reads b as it lies; the other way round all of b would be turned over for a few rows of a.
            ComputeTransposed(problem, problem.M, Math.Min(problem.N, TurnedColumns));
        }
        else if (WidthInUse >= 512 && problem.N > Vector512<T>.Count)
        {
            ProductBlocks<T, Vector512<T>, Vectors512<T>>.Compute(problem);
        }
        else if (WidthInUse >= 256 && problem.N >= Vector256<T>.Count)
        {
            ProductBlocks<T, Vector256<T>, Vectors256<T>>.Compute(problem);
        }
        else if (WidthInUse >= 128 && problem.N >= Vector128<T>.Count)
        {
            ProductBlocks<T, Vector128<T>, Vectors128<T>>.Compute(problem);
        }
        else
        {
            ProductBlocks<T, T, Scalars<T>>.Compute(problem);
        }
    }

    /// <summary>One row by a matrix with contiguous rows: what fills vectors, then the columns that are left over.</summary>
    private static void ComputeRow<T>(in ProductProblem<T> problem)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var whole = problem.N - (problem.N % Math.Max(1, WidthInUse / 8 / sizeof(T)));
        var part = problem.Columns(0, whole);
        if (WidthInUse >= 512)
        {
            MatrixProductVector.RowByMatrix<T, Vector512<T>, Vectors512<T>>(part);
        }
        else if (WidthInUse >= 256)
        {
            MatrixProductVector.RowByMatrix<T, Vector256<T>, Vectors256<T>>(part);
        }
        else if (WidthInUse >= 128)
        {
            MatrixProductVector.RowByMatrix<T, Vector128<T>, Vectors128<T>>(part);
        }
        else
        {
            MatrixProductVector.RowByMatrix<T, T, Scalars<T>>(part);
        }

        Compute(problem.Columns(whole, problem.N));
    }

    /// <summary>Computes the transpose, C' = B' A', block by block, and turns it over: for products with few columns, which fill vectors badly while their transpose fills them well.</summary>
    private static void ComputeTransposed<T>(in ProductProblem<T> problem, long blockRows, long blockColumns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (long row = 0; row < problem.M; row += blockRows)
        {
            var rows = problem.Rows(row, Math.Min(problem.M, row + blockRows));
            for (long column = 0; column < problem.N; column += blockColumns)
            {
                ComputeTransposed(rows.Columns(column, Math.Min(problem.N, column + blockColumns)));
            }
        }
    }

    private static void ComputeTransposed<T>(in ProductProblem<T> part)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var turned = MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Transposed, part.M * part.N);
        Compute(Problem(part.N, part.M, part.K, part.B, part.BColumnStride, part.BRowStride, part.A, part.AColumnStride, part.ARowStride, turned, part.M, null, false));
        if (!part.Accumulate)
        {
            MatrixProductPacking.Pack(turned, part.M, 1, part.N, part.M, part.C, part.CRowStride);
            for (long i = 0; part.Bias != null && i < part.M; i++)
            {
                Rows.Add(part.C + (i * part.CRowStride), part.Bias, part.C + (i * part.CRowStride), part.N);
            }

            return;
        }

        for (long i = 0; i < part.M; i++)
        {
            for (long j = 0; j < part.N; j++)
            {
                var sum = turned[(j * part.M) + i];
                part.C[(i * part.CRowStride) + j] += part.Bias == null ? sum : sum + part.Bias[j];
            }
        }
    }

    /// <summary>Where the products of a batch lie: at strides, or at offsets if there are any.</summary>
    private struct Batch<T>
        where T : unmanaged
    {
        public ProductProblem<T> Problem;
        public long AStride;
        public long BStride;
        public long CStride;
        public long* AOffsets;
        public long* BOffsets;
        public long* COffsets;

        public readonly ProductProblem<T> At(long i)
        {
            var problem = Problem;
            problem.A += AOffsets == null ? i * AStride : AOffsets[i];
            problem.B += BOffsets == null ? i * BStride : BOffsets[i];
            problem.C += COffsets == null ? i * CStride : COffsets[i];
            return problem;
        }
    }
}
