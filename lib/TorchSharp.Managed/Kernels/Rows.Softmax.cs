using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// Functions of the rows of a matrix, each row with n contiguous elements, for float and double: softmax and its kin here, normalisation and losses in the other files.
/// The row after row loop is all there is: callers let threads take ranges of rows.
/// </summary>
/// <remarks>
/// Sums keep the order of <see cref="Sums"/>, so a row's bits depend on that row alone, and columns of -infinity behind the others change none of them.
/// Where x and y are documented as such they may be the same buffer.
/// </remarks>
internal static unsafe partial class Rows
{
    // Compiled in full at the first call, and by itself: inlined into its callers, a kernel would share their allowance for inlining, and its vector functions would become calls.
    private const MethodImplOptions Kernel = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>y = e^(x - max) / sum e^(x - max) in each row; x and y may be the same. A row of -infinity gives NaN, as in PyTorch.</summary>
    [MethodImpl(Kernel)]
    public static void Softmax<T>(T* x, T* y, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (n > Vector512<T>.Count && n <= 2 * Vector512<T>.Count)
        {
            NarrowSoftmax(x, y, rows, n);
            return;
        }

        for (var row = 0L; row < rows; row++, x += n, y += n)
        {
            var total = Sums.OfTerms<T, StoredExponentials<T>>(new(x, y, Maximum(x, n)), n);
            VectorLoop.Run<T, DivideLoop<T>>(new(y, Vector512.Create(total)), n);
        }
    }

    // The same for rows of two vectors, of which the second need not be full: they stay in registers.
    [MethodImpl(Kernel)]
    private static void NarrowSoftmax<T>(T* x, T* y, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = Vector512<T>.Count;
        for (var row = 0L; row < rows; row++, x += n, y += n)
        {
            // The last full vector overlaps the first, which a maximum may.
            var maximum = Vector512.Create(MaximumOfLanes(Greater(Vector512.Load(x), Vector512.Load(x + n - width))));
            var first = VectorMath.ExpOf(Vector512.Load(x) - maximum);
            var second = VectorMath.KeepFirst(VectorMath.ExpOf(VectorMath.LoadFirst(x + width, n - width) - maximum), n - width);
            var total = Vector512.Create(Sums.OfTwoVectors(first, second));
            (first / total).Store(y);
            VectorMath.StoreFirst(second / total, y + width, n - width);
        }
    }

    /// <summary>The gradient of a softmax' input: y (g - sum(g y)) in each row, from its output y and the output's gradient g; result may be g.</summary>
    [MethodImpl(Kernel)]
    public static void SoftmaxBackward<T>(T* y, T* g, T* result, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var row = 0L; row < rows; row++, y += n, g += n, result += n)
        {
            var total = Vector512.Create(Sums.SumOfProducts(g, y, n));
            VectorLoop.Run<T, SoftmaxGradientLoop<T>>(new(y, g, result, total), n);
        }
    }

    /// <summary>y = (x - max) - ln sum e^(x - max) in each row; x and y may be the same.</summary>
    [MethodImpl(Kernel)]
    public static void LogSoftmax<T>(T* x, T* y, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var row = 0L; row < rows; row++, x += n, y += n)
        {
            var maximum = Maximum(x, n);
            var log = Vector512.Create(VectorMath.LogOf(Sums.OfTerms<T, Exponentials<T>>(new(x, maximum), n)));
            var greatest = Vector512.Create(maximum);
            for (var i = 0L; i < n; i += Vector512<T>.Count)
            {
                VectorMath.StoreFirst(VectorMath.LoadFirst(x + i, n - i) - greatest - log, y + i, n - i);
            }
        }
    }

    /// <summary>The gradient of a log-softmax' input: g - e^y sum(g) in each row, from its output y and the output's gradient g; result may be g.</summary>
    [MethodImpl(Kernel)]
    public static void LogSoftmaxBackward<T>(T* y, T* g, T* result, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var row = 0L; row < rows; row++, y += n, g += n, result += n)
        {
            var total = Vector512.Create(Sums.Sum(g, n));
            for (var i = 0L; i < n; i += Vector512<T>.Count)
            {
                var e = VectorMath.ExpOf(VectorMath.LoadFirst(y + i, n - i));
                VectorMath.StoreFirst(VectorMath.LoadFirst(g + i, n - i) - (e * total), result + i, n - i);
            }
        }
    }

    /// <summary>max + ln sum e^(x - max) of each row: x (rows, n) -> result (rows). A row of infinities alone gives that infinity.</summary>
    [MethodImpl(Kernel)]
    public static void LogSumExp<T>(T* x, T* result, long rows, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var row = 0L; row < rows; row++, x += n)
        {
            // An infinite maximum is not subtracted: infinity - infinity is NaN.
            var maximum = Maximum(x, n);
            var shift = T.IsInfinity(maximum) ? T.Zero : maximum;
            result[row] = VectorMath.LogOf(Sums.OfTerms<T, Exponentials<T>>(new(x, shift), n)) + shift;
        }
    }

    private readonly struct DivideLoop<T>(T* y, Vector512<T> divisor) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count) => VectorMath.StoreFirst(VectorMath.LoadFirst(y + index, count) / divisor, y + index, count);
    }

    private readonly struct SoftmaxGradientLoop<T>(T* y, T* g, T* result, Vector512<T> total) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count) =>
            VectorMath.StoreFirst((VectorMath.LoadFirst(g + index, count) - total) * VectorMath.LoadFirst(y + index, count), result + index, count);
    }

    /// <summary>The greatest number of a row of at least one; NaN only where there is nothing else, for a NaN comes out of the exponentials anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Maximum<T>(T* x, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lanes = Vector512.Create(T.NegativeInfinity);
        var width = Vector512<T>.Count;
        var i = 0L;
        for (; i + width <= n; i += width)
        {
            lanes = Greater(Vector512.Load(x + i), lanes);
        }

        if (i < n && n >= width)
        {
            // The last full vector overlaps the one before; a maximum may count an element twice.
            lanes = Greater(Vector512.Load(x + n - width), lanes);
        }
        else if (i < n)
        {
            for (; i < n; i++)
            {
                lanes = Greater(Vector512.Create(x[i]), lanes);
            }
        }

        return MaximumOfLanes(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Greater<T>(Vector512<T> a, Vector512<T> b)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MaximumOfLanes<T>(Vector512<T> lanes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var half = Vector256.ConditionalSelect(Vector256.GreaterThan(lanes.GetLower(), lanes.GetUpper()), lanes.GetLower(), lanes.GetUpper());
        var quarter = Vector128.ConditionalSelect(Vector128.GreaterThan(half.GetLower(), half.GetUpper()), half.GetLower(), half.GetUpper());
        var rotated = Rotate(quarter, 2);
        quarter = Vector128.ConditionalSelect(Vector128.GreaterThan(rotated, quarter), rotated, quarter);
        rotated = Rotate(quarter, 1);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(rotated, quarter), rotated, quarter).ToScalar();
    }

    // The lanes moved by so many places, where they have as many neighbours; of two doubles the neighbour stands one place away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Rotate<T>(Vector128<T> lanes, int distance)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) ? Vector128.Shuffle(lanes.AsDouble(), Vector128.Create(1L, 0L)).As<double, T>()
        : distance == 2 ? Vector128.Shuffle(lanes.AsSingle(), Vector128.Create(2, 3, 0, 1)).As<float, T>()
        : Vector128.Shuffle(lanes.AsSingle(), Vector128.Create(1, 0, 3, 2)).As<float, T>();

    // e^(x - maximum), which are also written to y.
    private readonly struct StoredExponentials<T>(T* x, T* y, T maximum) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count)
        {
            var e = VectorMath.KeepFirst(VectorMath.ExpOf(VectorMath.LoadFirst(x + index, count) - Vector512.Create(maximum)), count);
            VectorMath.StoreFirst(e, y + index, count);
            return e;
        }
    }

    // e^(x - maximum).
    private readonly struct Exponentials<T>(T* x, T maximum) : ITerms<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> At(long index, long count) =>
            VectorMath.KeepFirst(VectorMath.ExpOf(VectorMath.LoadFirst(x + index, count) - Vector512.Create(maximum)), count);
    }
}
