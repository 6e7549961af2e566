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
    where TElement : unmanaged
    where TVector : unmanaged
    where TOperations : IProductVector<TElement, TVector>
{
    // A block of a takes 480 rows of 1 KiB, which half fills a second-level cache of 1 MiB.
    private const long BlockRows = 480;

    // Sums that may not go to c yet, because c is to be added to them, wait in a scratch of BlockRows * BlockColumns.
    private const long BlockColumns = 512;

    private static long BlockDepth => 1024 / sizeof(TElement);

    // How many columns a panel of b has.
    private static int PanelWidth => 2 * TOperations.Lanes;

    /// <summary>Computes the product on the calling thread. c has at least as many columns as a vector has lanes.</summary>
    public static void Compute(in ProductProblem<TElement> problem)
    {
        var depthOfBlock = Balanced(problem.K, BlockDepth, 4);
        var rowsOfBlock = Balanced(problem.M, BlockRows, TOperations.TileRows);
        var sumsWait = problem.Accumulate && problem.K > depthOfBlock;
        if (problem.M <= rowsOfBlock && !sumsWait)
        {
            Block(problem, depthOfBlock, problem.C, problem.CRowStride);
            return;
        }

        for (long row = 0; row < problem.M; row += rowsOfBlock)
        {
            var rows = problem.Rows(row, Math.Min(problem.M, row + rowsOfBlock));
            if (!sumsWait)
            {
                Block(rows, depthOfBlock, rows.C, rows.CRowStride);
                continue;
            }

            long width;
            for (long column = 0; column < problem.N; column += width)
            {
                width = NextWidth(problem.N - column, BlockColumns);
                var block = rows.Columns(column, column + width);
                Block(block, depthOfBlock, MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.Sums, block.M * block.N), block.N);
            }
        }
    }

    private static void Block(in ProductProblem<TElement> block, long depthOfBlock, TElement* sums, long sumsRowStride)
    {
        var packA = block.N > 2 * PanelWidth;
        var packB = block.BColumnStride != 1 || block.M > 2 * TOperations.TileRows;
        var panelsOfA = packA ? MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.PanelsOfA, (block.M + TOperations.TileRows) * depthOfBlock) : null;
        var panelOfB = packB ? MatrixProductScratch.Take<TElement>(MatrixProductScratch.Use.PanelOfB, PanelWidth * depthOfBlock) : null;
        ProductTile<TElement> tile;
        for (long k = 0; k == 0 || k < block.K; k += depthOfBlock)
        {
            var isLast = k + depthOfBlock >= block.K;
            var depth = Math.Min(depthOfBlock, block.K - k);
            var a = block.A + (k * block.AColumnStride);
            tile.Depth = depth;
            tile.ARowStride = packA ? 1 : block.ARowStride;
            tile.AColumnStride = packA ? TOperations.TileRows : block.AColumnStride;
            if (packA)
            {
                for (long row = 0; row < block.M; row += TOperations.TileRows)
                {
                    MatrixProductPacking.Pack(a + (row * block.ARowStride), block.ARowStride, block.AColumnStride, Math.Min(TOperations.TileRows, block.M - row), depth, panelsOfA + (row * depth), TOperations.TileRows);
                }
            }

            var c = isLast ? block.C : sums;
            tile.CRowStride = isLast ? block.CRowStride : sumsRowStride;
            tile.StartRowStride = sumsRowStride;
            tile.Accumulate = isLast && block.Accumulate;
            long width;
            for (long column = 0; column < block.N; column += width)
            {
                width = NextWidth(block.N - column, PanelWidth);
                tile.Right = width - TOperations.Lanes;
                tile.Bias = isLast && block.Bias != null ? block.Bias + column : null;
                tile.B = block.B + (k * block.BRowStride) + (column * block.BColumnStride);
                tile.BRowStride = block.BRowStride;
                if (packB)
                {
                    MatrixProductPacking.Pack(tile.B, block.BColumnStride, block.BRowStride, width, depth, panelOfB, PanelWidth);
                    tile.B = panelOfB;
                    tile.BRowStride = PanelWidth;
                }

                for (long panel = 0; panel < block.M; panel += TOperations.TileRows)
                {
                    var end = Math.Min(block.M, panel + TOperations.TileRows);
                    int done;
                    for (var row = panel; row < end; row += done)
                    {
                        tile.A = packA ? panelsOfA + (panel * depth) + (row - panel) : a + (row * block.ARowStride);
                        tile.Start = k == 0 ? null : sums + (row * sumsRowStride) + column;
                        tile.C = c + (row * tile.CRowStride) + column;
                        done = ProductTiles<TElement, TVector, TOperations>.Compute(&tile, end - row);
                    }
                }
            }
        }
    }

    /// <summary>How many of the columns that are left the next panel or block has: as many as the limit, except that no fewer than a vector's lanes may be left over for the last.</summary>
    private static long NextWidth(long left, long limit) => left <= limit ? left : Math.Min(limit, left - TOperations.Lanes);

    /// <summary>The size of blocks of nearly equal size, none above the limit, and a multiple of a unit.</summary>
    private static long Balanced(long count, long limit, long unit)
    {
        if (count <= limit)
        {
            return Math.Max(1, count);
        }

        var blocks = (count + limit - 1) / limit;
        var size = (count + blocks - 1) / blocks;
        return (size + unit - 1) / unit * unit;
    }
}
