using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// What one tile of the product is computed from. Rows and columns are counted from the tile's own corner. A tile has two vectors of columns, which overlap where it is not two vectors wide:
/// both compute the same bits for the columns that they share, so no column needs a mask.
/// </summary>
/// <typeparam name="TElement">float or double.</typeparam>
internal unsafe struct ProductTile<TElement>
    where TElement : unmanaged
{
    /// <summary>How many steps along k.</summary>
    public long Depth;

    /// <summary>The first column of the second vector, from 0 to the number of lanes.</summary>
    public long Right;

    /// <summary>a[i, k] is at A[i * ARowStride + k * AColumnStride].</summary>
    public TElement* A;
    public long ARowStride;
    public long AColumnStride;

    /// <summary>b[k, j] is at B[k * BRowStride + j].</summary>
    public TElement* B;
    public long BRowStride;

    /// <summary>The sums over earlier k, or null where k begins.</summary>
    public TElement* Start;
    public long StartRowStride;

    /// <summary>Added to the sums of every row, or null.</summary>
    public TElement* Bias;

    /// <summary>Whether what is in C is added to the sums.</summary>
    public bool Accumulate;

    public TElement* C;
    public long CRowStride;
}

/// <summary>
/// The innermost loops of the matrix product: tiles of some rows by two vectors of columns, whose sums stay in registers while k runs.
/// Every element of every tile is the same chain of fused multiply-adds, so it doesn't matter to the result which tiles cover a matrix.
/// </summary>
internal static unsafe class ProductTiles<TElement, TVector, TOperations>
    where TElement : unmanaged
    where TVector : unmanaged
    where TOperations : IProductVector<TElement, TVector>
{
    /// <summary>Computes a tile of as many rows as there is code for, at most so many, and says how many they were.</summary>
    public static int Compute(ProductTile<TElement>* tile, long rows)
    {
        if (rows >= 12 && TOperations.TileRows >= 12)
        {
            Rows12(tile);
            return 12;
        }

        // Eight rows go as four and four: two rows alone leave the multipliers waiting for their sums.
        if (rows >= 6 && rows != 8)
        {
            Rows6(tile);
            return 6;
        }

        if (rows >= 4)
        {
            Rows4(tile);
            return 4;
        }

        if (rows >= 2)
        {
            Rows2(tile);
            return 2;
        }

        Rows1(tile);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows12(ProductTile<TElement>* tile)
    {
        TVector sum0Left = default, sum0Right = default;
        TVector sum1Left = default, sum1Right = default;
        TVector sum2Left = default, sum2Right = default;
        TVector sum3Left = default, sum3Right = default;
        TVector sum4Left = default, sum4Right = default;
        TVector sum5Left = default, sum5Right = default;
        TVector sum6Left = default, sum6Right = default;
        TVector sum7Left = default, sum7Right = default;
        TVector sum8Left = default, sum8Right = default;
        TVector sum9Left = default, sum9Right = default;
        TVector sum10Left = default, sum10Right = default;
        TVector sum11Left = default, sum11Right = default;
        if (tile->Start != null)
        {
            (sum0Left, sum0Right) = (Start(tile, 0, 0), Start(tile, 0, tile->Right));
            (sum1Left, sum1Right) = (Start(tile, 1, 0), Start(tile, 1, tile->Right));
            (sum2Left, sum2Right) = (Start(tile, 2, 0), Start(tile, 2, tile->Right));
            (sum3Left, sum3Right) = (Start(tile, 3, 0), Start(tile, 3, tile->Right));
            (sum4Left, sum4Right) = (Start(tile, 4, 0), Start(tile, 4, tile->Right));
            (sum5Left, sum5Right) = (Start(tile, 5, 0), Start(tile, 5, tile->Right));
            (sum6Left, sum6Right) = (Start(tile, 6, 0), Start(tile, 6, tile->Right));
            (sum7Left, sum7Right) = (Start(tile, 7, 0), Start(tile, 7, tile->Right));
            (sum8Left, sum8Right) = (Start(tile, 8, 0), Start(tile, 8, tile->Right));
            (sum9Left, sum9Right) = (Start(tile, 9, 0), Start(tile, 9, tile->Right));
            (sum10Left, sum10Right) = (Start(tile, 10, 0), Start(tile, 10, tile->Right));
            (sum11Left, sum11Right) = (Start(tile, 11, 0), Start(tile, 11, tile->Right));
        }

        var b = tile->B;
        var (right, bRowStride, aColumnStride) = (tile->Right, tile->BRowStride, tile->AColumnStride);
        var one = tile->ARowStride;
        var (two, three) = (one + one, one + one + one);
        var a0 = tile->A;
        var a4 = a0 + two + two;
        var a8 = a4 + two + two;
        for (var k = tile->Depth; k > 0; k--)
        {
            var bLeft = TOperations.Load(b);
            var bRight = TOperations.Load(b + right);
            b += bRowStride;
            var a = TOperations.Broadcast(*a0);
            sum0Left = TOperations.FusedMultiplyAdd(a, bLeft, sum0Left);
            sum0Right = TOperations.FusedMultiplyAdd(a, bRight, sum0Right);
            a = TOperations.Broadcast(a0[one]);
            sum1Left = TOperations.FusedMultiplyAdd(a, bLeft, sum1Left);
            sum1Right = TOperations.FusedMultiplyAdd(a, bRight, sum1Right);
            a = TOperations.Broadcast(a0[two]);
            sum2Left = TOperations.FusedMultiplyAdd(a, bLeft, sum2Left);
            sum2Right = TOperations.FusedMultiplyAdd(a, bRight, sum2Right);
            a = TOperations.Broadcast(a0[three]);
            sum3Left = TOperations.FusedMultiplyAdd(a, bLeft, sum3Left);
            sum3Right = TOperations.FusedMultiplyAdd(a, bRight, sum3Right);
            a = TOperations.Broadcast(*a4);
            sum4Left = TOperations.FusedMultiplyAdd(a, bLeft, sum4Left);
            sum4Right = TOperations.FusedMultiplyAdd(a, bRight, sum4Right);
            a = TOperations.Broadcast(a4[one]);
            sum5Left = TOperations.FusedMultiplyAdd(a, bLeft, sum5Left);
            sum5Right = TOperations.FusedMultiplyAdd(a, bRight, sum5Right);
            a = TOperations.Broadcast(a4[two]);
            sum6Left = TOperations.FusedMultiplyAdd(a, bLeft, sum6Left);
            sum6Right = TOperations.FusedMultiplyAdd(a, bRight, sum6Right);
            a = TOperations.Broadcast(a4[three]);
            sum7Left = TOperations.FusedMultiplyAdd(a, bLeft, sum7Left);
            sum7Right = TOperations.FusedMultiplyAdd(a, bRight, sum7Right);
            a = TOperations.Broadcast(*a8);
            sum8Left = TOperations.FusedMultiplyAdd(a, bLeft, sum8Left);
            sum8Right = TOperations.FusedMultiplyAdd(a, bRight, sum8Right);
            a = TOperations.Broadcast(a8[one]);
            sum9Left = TOperations.FusedMultiplyAdd(a, bLeft, sum9Left);
            sum9Right = TOperations.FusedMultiplyAdd(a, bRight, sum9Right);
            a = TOperations.Broadcast(a8[two]);
            sum10Left = TOperations.FusedMultiplyAdd(a, bLeft, sum10Left);
            sum10Right = TOperations.FusedMultiplyAdd(a, bRight, sum10Right);
            a = TOperations.Broadcast(a8[three]);
            sum11Left = TOperations.FusedMultiplyAdd(a, bLeft, sum11Left);
            sum11Right = TOperations.FusedMultiplyAdd(a, bRight, sum11Right);
            a0 += aColumnStride;
            a4 += aColumnStride;
            a8 += aColumnStride;
        }

        Finish(tile, 0, sum0Left, sum0Right);
        Finish(tile, 1, sum1Left, sum1Right);
        Finish(tile, 2, sum2Left, sum2Right);
        Finish(tile, 3, sum3Left, sum3Right);
        Finish(tile, 4, sum4Left, sum4Right);
        Finish(tile, 5, sum5Left, sum5Right);
        Finish(tile, 6, sum6Left, sum6Right);
        Finish(tile, 7, sum7Left, sum7Right);
        Finish(tile, 8, sum8Left, sum8Right);
        Finish(tile, 9, sum9Left, sum9Right);
        Finish(tile, 10, sum10Left, sum10Right);
        Finish(tile, 11, sum11Left, sum11Right);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows6(ProductTile<TElement>* tile)
    {
        TVector sum0Left = default, sum0Right = default;
        TVector sum1Left = default, sum1Right = default;
        TVector sum2Left = default, sum2Right = default;
        TVector sum3Left = default, sum3Right = default;
        TVector sum4Left = default, sum4Right = default;
        TVector sum5Left = default, sum5Right = default;
        if (tile->Start != null)
        {
            (sum0Left, sum0Right) = (Start(tile, 0, 0), Start(tile, 0, tile->Right));
            (sum1Left, sum1Right) = (Start(tile, 1, 0), Start(tile, 1, tile->Right));
            (sum2Left, sum2Right) = (Start(tile, 2, 0), Start(tile, 2, tile->Right));
            (sum3Left, sum3Right) = (Start(tile, 3, 0), Start(tile, 3, tile->Right));
            (sum4Left, sum4Right) = (Start(tile, 4, 0), Start(tile, 4, tile->Right));
            (sum5Left, sum5Right) = (Start(tile, 5, 0), Start(tile, 5, tile->Right));
        }

        var b = tile->B;
        var (right, bRowStride, aColumnStride) = (tile->Right, tile->BRowStride, tile->AColumnStride);
        var one = tile->ARowStride;
        var (two, three) = (one + one, one + one + one);
        var a0 = tile->A;
        var a4 = a0 + two + two;
        for (var k = tile->Depth; k > 0; k--)
        {
            var bLeft = TOperations.Load(b);
            var bRight = TOperations.Load(b + right);
            b += bRowStride;
            var a = TOperations.Broadcast(*a0);
            sum0Left = TOperations.FusedMultiplyAdd(a, bLeft, sum0Left);
            sum0Right = TOperations.FusedMultiplyAdd(a, bRight, sum0Right);
            a = TOperations.Broadcast(a0[one]);
            sum1Left = TOperations.FusedMultiplyAdd(a, bLeft, sum1Left);
            sum1Right = TOperations.FusedMultiplyAdd(a, bRight, sum1Right);
            a = TOperations.Broadcast(a0[two]);
            sum2Left = TOperations.FusedMultiplyAdd(a, bLeft, sum2Left);
            sum2Right = TOperations.FusedMultiplyAdd(a, bRight, sum2Right);
            a = TOperations.Broadcast(a0[three]);
            sum3Left = TOperations.FusedMultiplyAdd(a, bLeft, sum3Left);
            sum3Right = TOperations.FusedMultiplyAdd(a, bRight, sum3Right);
            a = TOperations.Broadcast(*a4);
            sum4Left = TOperations.FusedMultiplyAdd(a, bLeft, sum4Left);
            sum4Right = TOperations.FusedMultiplyAdd(a, bRight, sum4Right);
            a = TOperations.Broadcast(a4[one]);
            sum5Left = TOperations.FusedMultiplyAdd(a, bLeft, sum5Left);
            sum5Right = TOperations.FusedMultiplyAdd(a, bRight, sum5Right);
            a0 += aColumnStride;
            a4 += aColumnStride;
        }

        Finish(tile, 0, sum0Left, sum0Right);
        Finish(tile, 1, sum1Left, sum1Right);
        Finish(tile, 2, sum2Left, sum2Right);
        Finish(tile, 3, sum3Left, sum3Right);
        Finish(tile, 4, sum4Left, sum4Right);
        Finish(tile, 5, sum5Left, sum5Right);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4(ProductTile<TElement>* tile)
    {
        TVector sum0Left = default, sum0Right = default;
        TVector sum1Left = default, sum1Right = default;
        TVector sum2Left = default, sum2Right = default;
        TVector sum3Left = default, sum3Right = default;
        if (tile->Start != null)
        {
            (sum0Left, sum0Right) = (Start(tile, 0, 0), Start(tile, 0, tile->Right));
            (sum1Left, sum1Right) = (Start(tile, 1, 0), Start(tile, 1, tile->Right));
            (sum2Left, sum2Right) = (Start(tile, 2, 0), Start(tile, 2, tile->Right));
            (sum3Left, sum3Right) = (Start(tile, 3, 0), Start(tile, 3, tile->Right));
        }

        var b = tile->B;
        var (right, bRowStride, aColumnStride) = (tile->Right, tile->BRowStride, tile->AColumnStride);
        var one = tile->ARowStride;
        var (two, three) = (one + one, one + one + one);
        var a0 = tile->A;
        for (var k = tile->Depth; k > 0; k--)
        {
            var bLeft = TOperations.Load(b);
            var bRight = TOperations.Load(b + right);
            b += bRowStride;
            var a = TOperations.Broadcast(*a0);
            sum0Left = TOperations.FusedMultiplyAdd(a, bLeft, sum0Left);
            sum0Right = TOperations.FusedMultiplyAdd(a, bRight, sum0Right);
            a = TOperations.Broadcast(a0[one]);
            sum1Left = TOperations.FusedMultiplyAdd(a, bLeft, sum1Left);
            sum1Right = TOperations.FusedMultiplyAdd(a, bRight, sum1Right);
            a = TOperations.Broadcast(a0[two]);
            sum2Left = TOperations.FusedMultiplyAdd(a, bLeft, sum2Left);
            sum2Right = TOperations.FusedMultiplyAdd(a, bRight, sum2Right);
            a = TOperations.Broadcast(a0[three]);
            sum3Left = TOperations.FusedMultiplyAdd(a, bLeft, sum3Left);
            sum3Right = TOperations.FusedMultiplyAdd(a, bRight, sum3Right);
            a0 += aColumnStride;
        }

        Finish(tile, 0, sum0Left, sum0Right);
        Finish(tile, 1, sum1Left, sum1Right);
        Finish(tile, 2, sum2Left, sum2Right);
        Finish(tile, 3, sum3Left, sum3Right);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows2(ProductTile<TElement>* tile)
    {
        TVector sum0Left = default, sum0Right = default;
        TVector sum1Left = default, sum1Right = default;
        if (tile->Start != null)
        {
            (sum0Left, sum0Right) = (Start(tile, 0, 0), Start(tile, 0, tile->Right));
            (sum1Left, sum1Right) = (Start(tile, 1, 0), Start(tile, 1, tile->Right));
        }

        var b = tile->B;
        var (right, bRowStride, aColumnStride) = (tile->Right, tile->BRowStride, tile->AColumnStride);
        var one = tile->ARowStride;
        var a0 = tile->A;
        for (var k = tile->Depth; k > 0; k--)
        {
            var bLeft = TOperations.Load(b);
            var bRight = TOperations.Load(b + right);
            b += bRowStride;
            var a = TOperations.Broadcast(*a0);
            sum0Left = TOperations.FusedMultiplyAdd(a, bLeft, sum0Left);
            sum0Right = TOperations.FusedMultiplyAdd(a, bRight, sum0Right);
            a = TOperations.Broadcast(a0[one]);
            sum1Left = TOperations.FusedMultiplyAdd(a, bLeft, sum1Left);
            sum1Right = TOperations.FusedMultiplyAdd(a, bRight, sum1Right);
            a0 += aColumnStride;
        }

        Finish(tile, 0, sum0Left, sum0Right);
        Finish(tile, 1, sum1Left, sum1Right);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(ProductTile<TElement>* tile)
    {
        TVector sum0Left = default, sum0Right = default;
        if (tile->Start != null)
        {
            (sum0Left, sum0Right) = (Start(tile, 0, 0), Start(tile, 0, tile->Right));
        }

        var b = tile->B;
        var (right, bRowStride, aColumnStride) = (tile->Right, tile->BRowStride, tile->AColumnStride);
        var a0 = tile->A;
        for (var k = tile->Depth; k > 0; k--)
        {
            var bLeft = TOperations.Load(b);
            var bRight = TOperations.Load(b + right);
            b += bRowStride;
            var a = TOperations.Broadcast(*a0);
            sum0Left = TOperations.FusedMultiplyAdd(a, bLeft, sum0Left);
            sum0Right = TOperations.FusedMultiplyAdd(a, bRight, sum0Right);
            a0 += aColumnStride;
        }

        Finish(tile, 0, sum0Left, sum0Right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Start(ProductTile<TElement>* tile, long row, long column) => TOperations.Load(tile->Start + (row * tile->StartRowStride) + column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(ProductTile<TElement>* tile, long row, TVector left, TVector right)
    {
        if (tile->Bias != null)
        {
            left = TOperations.Add(left, TOperations.Load(tile->Bias));
            right = TOperations.Add(right, TOperations.Load(tile->Bias + tile->Right));
        }

        var c = tile->C + (row * tile->CRowStride);
        if (tile->Accumulate)
        {
            // Both are loaded before either is stored, as they may overlap.
            left = TOperations.Add(TOperations.Load(c), left);
            right = TOperations.Add(TOperations.Load(c + tile->Right), right);
        }

        TOperations.Store(c, left);
        TOperations.Store(c + tile->Right, right);
    }
}
