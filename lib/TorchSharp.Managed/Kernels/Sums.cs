using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>What is summed, element by element: a buffer, or values that are computed from buffers on the way.</summary>
internal interface ITerms<T>
    where T : unmanaged
{
    /// <summary>The terms from <paramref name="index"/> on: <paramref name="count"/> of them where the end is nearer than the lanes of a vector, zeros behind.</summary>
    Vector512<T> At(long index, long count);
}

/// <summary>The terms of two sums that are computed from the same buffers.</summary>
internal interface ITwoTerms<T>
    where T : unmanaged
{
    /// <summary>Like <see cref="ITerms{T}.At"/>, for either sum.</summary>
    (Vector512<T> First, Vector512<T> Second) At(long index, long count);
}

/// <summary>The same for the sums of a matrix' columns.</summary>
internal interface IColumnTerms<T>
    where T : unmanaged
{
    /// <summary>The terms of a row from <paramref name="column"/> on, zeros behind the first <paramref name="count"/>.</summary>
    Vector512<T> At(long row, long column, long count);
}

/// <summary>
/// Sums in the one order that the engine keeps, whatever the strides, threads and vector width.
/// </summary>
/// <remarks>
/// The terms are taken in blocks of 4,096. Inside a block lane l of 16 adds the terms l, l + 16, l + 32, ... in order, starting from zero;
/// the lanes are added by the tree (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1). The totals of several blocks are added in order, in double.
/// A term of zero behind the others changes no bit. Products of matrices keep another order, along k (see MatrixProduct).
/// </remarks>
internal static unsafe class Sums
{
    private const long Block = 4096;
    private const int Lanes = 16;

    /// <summary>The sum of n elements.</summary>
    public static T Sum<T>(T* x, long n)
        where T : unmanaged, IFloatingPointIeee754<T> => OfTerms<T, Elements<T>>(new(x), n);

    /// <summary>The sum of n elements that lie <paramref name="stride"/> elements apart; the same bits as of a contiguous copy.</summary>
    public static T Sum<T>(T* x, long n, long stride)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        stride == 1 ? Sum(x, n) : OfTerms<T, StridedElements<T>>(new(x, stride), n);

    /// <summary>The sum of x^2.</summary>
    public static T SumOfSquares<T>(T* x, long n)
        where T : unmanaged, IFloatingPointIeee754<T> => OfTerms<T, Squares<T>>(new(x), n);

    /// <summary>The sum of (x - mean)^2.</summary>
    public static T SumOfSquares<T>(T* x, long n, T mean)
        where T : unmanaged, IFloatingPointIeee754<T> => OfTerms<T, SquaredDifferences<T>>(new(x, mean), n);

    /// <summary>The sum of x y, each product rounded before it is added.</summary>
    public static T SumOfProducts<T>(T* x, T* y, long n)
        where T : unmanaged, IFloatingPointIeee754<T> => OfTerms<T, Products<T>>(new(x, y), n);

    /// <summary>The sum of n terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfTerms<T, TTerms>(TTerms terms, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, ITerms<T>
    {
        if (n <= Block)
        {
            return OfBlock<T, TTerms>(terms, 0, n);
        }

        var total = 0.0;
        for (var start = 0L; start < n; start += Block)
        {
            total += double.CreateTruncating(OfBlock<T, TTerms>(terms, start, Math.Min(n, start + Block)));
        }

        return T.CreateTruncating(total);
    }

    /// <summary>Two sums of n terms each, with the bits that each has alone, in one pass over what both are computed from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T First, T Second) OfTwoTerms<T, TTerms>(TTerms terms, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, ITwoTerms<T>
    {
        if (n > Block || Vector512<T>.Count < Lanes)
        {
            return (OfTerms<T, FirstTerms<T, TTerms>>(new(terms), n), OfTerms<T, SecondTerms<T, TTerms>>(new(terms), n));
        }

        var (first, second) = (Vector512<T>.Zero, Vector512<T>.Zero);
        var i = 0L;
        for (; i + Lanes <= n; i += Lanes)
        {
            var (a, b) = terms.At(i, Lanes);
            first += a;
            second += b;
        }

        if (i < n)
        {
            var (a, b) = terms.At(i, n - i);
            first += a;
            second += b;
        }

        return (Tree(first, Vector512<T>.Zero), Tree(second, Vector512<T>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfBlock<T, TTerms>(TTerms terms, long start, long end)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, ITerms<T>
    {
        // Sixteen lanes are one vector of floats or two of doubles.
        var first = Vector512<T>.Zero;
        var second = Vector512<T>.Zero;
        var width = Vector512<T>.Count;
        var i = start;
        for (; i + Lanes <= end; i += Lanes)
        {
            first += terms.At(i, width);
            if (width < Lanes)
            {
                second += terms.At(i + width, width);
            }
        }

        if (i < end)
        {
            first += terms.At(i, Math.Min(width, end - i));
            if (width < Lanes && i + width < end)
            {
                second += terms.At(i + width, end - i - width);
            }
        }

        return Tree(first, second);
    }

    /// <summary>The sum of as many terms as two vectors hold, zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T OfTwoVectors<T>(Vector512<T> first, Vector512<T> second)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Tree(Vector512<T>.Zero + first + second, Vector512<T>.Zero) : Tree(Vector512<T>.Zero + first, Vector512<T>.Zero + second);

    /// <summary>The sum of sixteen lanes: one vector of floats, or two of doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Tree<T>(Vector512<T> first, Vector512<T> second)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            var eight = first.GetLower() + first.GetUpper();
            var four = eight.GetLower() + eight.GetUpper();
            // Vectors of 64 bits would be loops over their elements.
            var two = four.AsSingle() + Vector128.Shuffle(four.AsSingle(), Vector128.Create(2, 3, 2, 3));
            return T.CreateTruncating(two[0] + two[1]);
        }
        else
        {
            var eight = first + second;
            var four = eight.GetLower() + eight.GetUpper();
            var two = four.GetLower() + four.GetUpper();
            return two[0] + two[1];
        }
    }

    /// <summary>
    /// The sum of every column of a matrix: x (rows, columns) with <paramref name="rowStride"/> elements between rows -> result (columns).
    /// Each has the bits that <see cref="Sum{T}(T*, long)"/> gives for that column.
    /// </summary>
    public static void SumRows<T>(T* x, long rows, long columns, long rowStride, T* result)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        OfColumnTerms<T, Rows<T>>(new(x, rowStride), rows, 0, columns, result);

    /// <summary>Sums over all rows of the columns from <paramref name="from"/> to <paramref name="to"/>; result[0] belongs to the first of them. Threads may take ranges of columns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void OfColumnTerms<T, TTerms>(TTerms terms, long rows, long from, long to, T* result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, IColumnTerms<T>
    {
        // Sixteen lanes for each of 128 columns lie on the stack and stay in the first cache, while rows are read one after the other.
        const int Width = 128;
        var lanes = stackalloc T[Lanes * Width];
        var totals = stackalloc double[Width];
        for (var column = from; column < to; column += Width)
        {
            var width = Math.Min(Width, to - column);
            for (var start = 0L; start < rows || start == 0; start += Block)
            {
                var end = Math.Min(rows, start + Block);
                new Span<T>(lanes, Lanes * Width).Clear();
                for (var row = start; row < end; row++)
                {
                    VectorLoop.Run<T, ColumnLoop<T, TTerms>>(new(terms, row, column, lanes + ((row - start) % Lanes * Width)), width);
                }

                for (var distance = Lanes / 2; distance > 0; distance /= 2)
                {
                    for (var i = 0; i < distance * Width; i += Vector512<T>.Count)
                    {
                        (Vector512.Load(lanes + i) + Vector512.Load(lanes + (distance * Width) + i)).Store(lanes + i);
                    }
                }

                for (var i = 0; i < width; i++)
                {
                    totals[i] = start == 0 ? double.CreateTruncating(lanes[i]) : totals[i] + double.CreateTruncating(lanes[i]);
                }
            }

            for (var i = 0; i < width; i++)
            {
                result[column - from + i] = T.CreateTruncating(totals[i]);
            }
        }
    }

    /// <summary>The sum of n whole numbers; wraps around on overflow, as PyTorch's does.</summary>
    public static long Sum(long* x, long n, long stride = 1)
    {
        var total = 0L;
        for (var i = 0L; i < n; i++)
        {
            total = unchecked(total + x[i * stride]);
        }

        return total;
    }

    /// <inheritdoc cref="Sum(long*, long, long)"/>
    public static long Sum(int* x, long n, long stride = 1)
    {
        var total = 0L;
        for (var i = 0L; i < n; i++)
        {
            total += x[i * stride];
        }

        return total;
    }

    /// <inheritdoc cref="Sum(long*, long, long)"/>
    public static long Sum(byte* x, long n, long stride = 1)
    {
        var total = 0L;
        for (var i = 0L; i < n; i++)
        {
            total += x[i * stride];
        }

        return total;
    }

    // A row's terms, each added to the lane of its column. A lane's memory goes on behind the last column.
    private readonly struct ColumnLoop<T, TTerms>(TTerms terms, long row, long column, T* lane) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, IColumnTerms<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count) => (Vector512.Load(lane + index) + terms.At(row, column + index, count)).Store(lane + index);
    }

    private readonly struct FirstTerms<T, TTerms>(TTerms terms) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, ITwoTerms<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count) => terms.At(index, count).First;
    }

    private readonly struct SecondTerms<T, TTerms>(TTerms terms) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTerms : struct, ITwoTerms<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count) => terms.At(index, count).Second;
    }

    private readonly struct Elements<T>(T* x) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count) => VectorMath.LoadFirst(x + index, count);
    }

    private readonly struct StridedElements<T>(T* x, long stride) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Vector512<T> At(long index, long count)
        {
            var gathered = Vector512<T>.Zero;
            var lanes = (T*)&gathered;
            for (var i = 0L; i < count; i++)
            {
                lanes[i] = x[(index + i) * stride];
            }

            return gathered;
        }
    }

    private readonly struct Squares<T>(T* x) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count)
        {
            var value = VectorMath.LoadFirst(x + index, count);
            return value * value;
        }
    }

    private readonly struct SquaredDifferences<T>(T* x, T mean) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count)
        {
            var difference = VectorMath.KeepFirst(VectorMath.LoadFirst(x + index, count) - Vector512.Create(mean), count);
            return difference * difference;
        }
    }

    private readonly struct Products<T>(T* x, T* y) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count) => VectorMath.LoadFirst(x + index, count) * VectorMath.LoadFirst(y + index, count);
    }

    private readonly struct Rows<T>(T* x, long rowStride) : IColumnTerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long row, long column, long count) => VectorMath.LoadFirst(x + (row * rowStride) + column, count);
    }
}
