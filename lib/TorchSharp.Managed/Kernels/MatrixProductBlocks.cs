using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>One product C = A B with everything that <see cref="MatrixProduct"/> allows: c[i, j] = sum over k of a[i, k] b[k, j], plus bias[j], added to what c held if so wanted.</summary>
internal unsafe struct ProductProblem<TElement>
    where TElement : unmanaged
{
    public long M;
    public long N;
    public long K;
    public TElement* A;
    public long ARowStride;
    public long AColumnStride;
    public TElement* B;
    public long BRowStride;
    public long BColumnStride;
    public TElement* C;
    public long CRowStride;
    public TElement* Bias;
    public bool Accumulate;

    /// <summary>The same product for some rows of a and c.</summary>
    public readonly ProductProblem<TElement> Rows(long from, long to)
    {
        var part = this;
        part.M = to - from;
        part.A += from * ARowStride;
        part.C += from * CRowStride;
        return part;
    }

    /// <summary>The same product for some columns of b and c.</summary>
    public readonly ProductProblem<TElement> Columns(long from, long to)
    {
        var part = this;
        part.N = to - from;
        part.B += from * BColumnStride;
        part.C += from;
        part.Bias = Bias == null ? null : Bias + from;
        return part;
    }
}

/// <summary>
/// A product on one thread: cut into blocks that fit the processor's caches (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008), blocks into panels, panels into tiles.
/// Where k is cut, the sums so far are loaded from c again and go on, so every element stays one chain along k.
/// </summary>
internal static unsafe class ProductBlocks<TElement, TVector, TOperations>
    where TElement : unmanaged, IFloatingPointIeee754<TElement>
    where TVector : unmanaged
    where TOperations : IProductVector<TElement, TVector>
{
    // A block of a takes BlockRows * BlockDepth elements, which half fills a second-level cache of 1 MiB.
    private const long BlockRows = 480;
    private const long BlockDepth = 256;

    // Sums that may not go to c yet, because c is to be added to them, wait in a scratch of BlockRows * BlockColumns.
    private const long BlockColumns = 512;

    /// <summary>How many columns a panel of b has.</summary>
    public static int PanelWidth => 2 * TOperations.Lanes;

    /// <summary>Computes the product on the calling thread.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(ProductProblem<TElement> problem)
    {
        if (problem.N <= TOperations.Lanes / 2 && problem.M > problem.N)
        {
            Transposed(problem);
            return;
        }

        var depthOfBlock = Balanced(problem.K, BlockDepth, 4);
        var rowsOfBlock = Balanced(problem.M, BlockRows, TOperations.TileRows);
        var scratchSums = problem.Accumulate && problem.K > depthOfBlock;
        var columnsOfBlock = scratchSums ? BlockColumns : problem.N;
        for (long row = 0; row < problem.M; row += rowsOfBlock)
        {
            var rows = problem.Rows(row, Math.Min(problem.M, row + rowsOfBlock));
            for (long column = 0; column < problem.N; column += columnsOfBlock)
            {
                var block = rows.Columns(column, Math.Min(problem.N, column + columnsOfBlock));
                var sums = scratchSums ? MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.Sums, block.M * block.N) : block.C;
                var sumsRowStride = scratchSums ? block.N : block.CRowStride;
                Block(block, depthOfBlock, sums, sumsRowStride);
            }
        }
    }

    private static void Block(in ProductProblem<TElement> block, long depthOfBlock, TElement* sums, long sumsRowStride)
    {
        var packA = block.N > 2 * PanelWidth;
        var directB = block.BColumnStride == 1 && block.M <= 2 * TOperations.TileRows;
        var panelOfB = MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.PanelOfB, PanelWidth * (depthOfBlock + (2 * TOperations.TileRows)));
        var panelsOfA = packA ? MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.PanelsOfA, (block.M + TOperations.TileRows) * depthOfBlock) : null;
        var edge = panelOfB + (PanelWidth * depthOfBlock);
        ProductTile<TElement> tile;
        tile.StartRowStride = sumsRowStride;
        for (long k = 0; k == 0 || k < block.K; k += depthOfBlock)
        {
            var isLast = k + depthOfBlock >= block.K;
            var depth = Math.Min(depthOfBlock, block.K - k);
            var a = block.A + (k * block.AColumnStride);
            tile.Depth = depth;
            if (packA)
            {
                tile.ARowStride = 1;
                tile.AColumnStride = TOperations.TileRows;
                for (long row = 0; row < block.M; row += TOperations.TileRows)
                {
                    MatrixProductPacking.Pack(a + (row * block.ARowStride), block.ARowStride, block.AColumnStride, Math.Min(TOperations.TileRows, block.M - row), depth, panelsOfA + (row * depth), TOperations.TileRows);
                }
            }
            else
            {
                tile.ARowStride = block.ARowStride;
                tile.AColumnStride = block.AColumnStride;
            }

            for (long column = 0; column < block.N; column += PanelWidth)
            {
                var columns = Math.Min(PanelWidth, block.N - column);
                tile.B = block.B + (k * block.BRowStride) + (column * block.BColumnStride);
                tile.BRowStride = block.BRowStride;
                if (!directB || columns < PanelWidth)
                {
                    MatrixProductPacking.Pack(tile.B, block.BColumnStride, block.BRowStride, columns, depth, panelOfB, PanelWidth);
                    tile.B = panelOfB;
                    tile.BRowStride = PanelWidth;
                }

                int done;
                for (long row = 0; row < block.M; row += done)
                {
                    tile.A = packA ? panelsOfA + (row / TOperations.TileRows * TOperations.TileRows * depth) + (row % TOperations.TileRows) : a + (row * block.ARowStride);
                    var partial = sums + (row * sumsRowStride) + column;
                    var c = block.C + (row * block.CRowStride) + column;
                    if (columns == PanelWidth)
                    {
                        tile.Start = k == 0 ? null : partial;
                        tile.StartRowStride = sumsRowStride;
                        tile.C = isLast ? c : partial;
                        tile.CRowStride = isLast ? block.CRowStride : sumsRowStride;
                        tile.Bias = isLast && block.Bias != null ? block.Bias + column : null;
                        tile.Accumulate = isLast && block.Accumulate;
                        done = ProductTiles<TElement, TVector, TOperations>.Compute(&tile, block.M - row);
                    }
                    else
                    {
                        done = Edge(&tile, block, row, column, columns, k == 0, isLast, partial, sumsRowStride, c, edge);
                    }
                }
            }
        }
    }

    /// <summary>A tile of which c has only some columns: computed beside c, then the columns that exist are copied.</summary>
    private static int Edge(ProductTile<TElement>* tile, in ProductProblem<TElement> block, long row, long column, long columns, bool isFirst, bool isLast, TElement* partial, long partialRowStride, TElement* c, TElement* edge)
    {
        var rows = Math.Min(block.M - row, TOperations.TileRows);
        tile->Start = null;
        tile->StartRowStride = PanelWidth;
        if (!isFirst)
        {
            tile->Start = edge;
            for (long i = 0; i < rows; i++)
            {
                for (long j = 0; j < columns; j++)
                {
                    edge[(i * PanelWidth) + j] = partial[(i * partialRowStride) + j];
                }
            }
        }

        tile->C = edge;
        tile->CRowStride = PanelWidth;
        tile->Bias = null;
        tile->Accumulate = false;
        var done = ProductTiles<TElement, TVector, TOperations>.Compute(tile, rows);
        for (long i = 0; i < done; i++)
        {
            for (long j = 0; j < columns; j++)
            {
                var sum = edge[(i * PanelWidth) + j];
                if (!isLast)
                {
                    partial[(i * partialRowStride) + j] = sum;
                    continue;
                }

                Finish(block, c + (i * block.CRowStride) + j, sum, column + j);
            }
        }

        return done;
    }

    /// <summary>A product with few columns fills vectors badly: its transpose fills them well, C' = B' A', and is turned over at the end.</summary>
    private static void Transposed(in ProductProblem<TElement> problem)
    {
        const long Chunk = 1024;
        for (long row = 0; row < problem.M; row += Chunk)
        {
            var part = problem.Rows(row, Math.Min(problem.M, row + Chunk));
            var turned = MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.Transposed, part.M * part.N);
            Compute(new ProductProblem<TElement>
            {
                M = part.N,
                N = part.M,
                K = part.K,
                A = part.B,
                ARowStride = part.BColumnStride,
                AColumnStride = part.BRowStride,
                B = part.A,
                BRowStride = part.AColumnStride,
                BColumnStride = part.ARowStride,
                C = turned,
                CRowStride = part.M,
            });
            for (long i = 0; i < part.M; i++)
            {
                for (long j = 0; j < part.N; j++)
                {
                    Finish(part, part.C + (i * part.CRowStride) + j, turned[(j * part.M) + i], j);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in ProductProblem<TElement> problem, TElement* c, TElement sum, long column)
    {
        if (problem.Bias != null)
        {
            sum += problem.Bias[column];
        }

        *c = problem.Accumulate ? *c + sum : sum;
    }

    /// <summary>The size of blocks of nearly equal size, none above the limit, and a multiple of a unit.</summary>
    private static long Balanced(long count, long limit, long unit)
    {
        var blocks = Math.Max(1, (count + limit - 1) / limit);
        var size = (count + blocks - 1) / blocks;
        return Math.Max(unit, (size + unit - 1) / unit * unit);
    }
}
