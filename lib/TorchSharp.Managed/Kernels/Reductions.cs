using System.Numerics;

namespace TorchSharp.Kernels;

/// <summary>From one row of elements to one number. An implementation holds no state.</summary>
internal unsafe interface IRowReduction<TInput, TResult>
    where TInput : unmanaged
    where TResult : unmanaged
{
    /// <summary>The number for a row of n elements.</summary>
    static abstract TResult Of(TInput* row, long n);
}

/// <summary>
/// Which dimensions of a tensor are reduced, what shape is left, and the tensor's elements as rows: every row holds, in logical order, what becomes one number of the result.
/// </summary>
/// <remarks>The order in which a row lists its elements comes from the shape alone, so results do not depend on strides.</remarks>
internal sealed class ReductionPlan
{
    private readonly bool[] _isReduced;
    private readonly long[] _shape;

    /// <summary>A plan for a shape.</summary>
    /// <param name="operation">The operation's public name, for messages.</param>
    /// <param name="shape">The shape of the tensor to reduce.</param>
    /// <param name="dimensions">The dimensions to reduce; negative from the back; none means all of them.</param>
    public ReductionPlan(string operation, long[] shape, ReadOnlySpan<long> dimensions)
    {
        _shape = shape;
        _isReduced = new bool[shape.Length];
        var chosen = Shapes.Dimensions(operation, dimensions, shape.Length);
        for (var d = 0; d < shape.Length; d++)
        {
            _isReduced[d] = chosen.Length == 0 || Array.IndexOf(chosen, d) >= 0;
        }

        Length = 1;
        Kept = new long[shape.Length];
        var squeezed = new List<long>();
        for (var d = 0; d < shape.Length; d++)
        {
            Kept[d] = _isReduced[d] ? 1 : shape[d];
            if (_isReduced[d])
            {
                Length *= shape[d];
            }
            else
            {
                squeezed.Add(shape[d]);
            }
        }

        Squeezed = [.. squeezed];
        RowCount = Shapes.Count(Squeezed);
    }

    /// <summary>The shape with length 1 for every reduced dimension.</summary>
    public long[] Kept { get; }

    /// <summary>The shape without the reduced dimensions.</summary>
    public long[] Squeezed { get; }

    /// <summary>The dimensions that are reduced, in order.</summary>
    public long[] Reduced => [.. Enumerable.Range(0, _isReduced.Length).Where(d => _isReduced[d]).Select(d => (long)d)];

    /// <summary>How many elements become one.</summary>
    public long Length { get; }

    /// <summary>How many numbers the result has.</summary>
    public long RowCount { get; }

    /// <summary>The shape of the result.</summary>
    public long[] ResultShape(bool keepdim) => keepdim ? Kept : Squeezed;

    /// <summary>The elements as a contiguous matrix (<see cref="RowCount"/>, <see cref="Length"/>), outside the graph: the tensor's own memory where it lies so, otherwise a copy.</summary>
    public Tensor Rows(Tensor tensor)
    {
        var shape = new long[_shape.Length];
        var strides = new long[_shape.Length];
        var next = 0;
        foreach (var reduced in (ReadOnlySpan<bool>)[false, true])
        {
            for (var d = 0; d < _shape.Length; d++)
            {
                if (_isReduced[d] == reduced)
                {
                    (shape[next], strides[next]) = (_shape[d], tensor.Strides[d]);
                    next++;
                }
            }
        }

        long[] matrix = [RowCount, Length];
        if (Shapes.IsContiguous(shape, strides))
        {
            return tensor.Alias(matrix, Shapes.ContiguousStrides(matrix), tensor.Offset);
        }

        using var permuted = tensor.Alias(shape, strides, tensor.Offset);
        using var copy = Tensor.Allocate(tensor.dtype, shape);
        Copying.Copy(permuted, copy);
        return copy.Alias(matrix, Shapes.ContiguousStrides(matrix), 0);
    }

    /// <summary>Whether the elements lie as (outer, <see cref="Length"/>, inner) in memory, so that numbers which become one lie inner elements apart.</summary>
    public bool AreColumns(Tensor tensor, out long outer, out long inner)
    {
        (outer, inner) = (1, 1);
        var first = Array.IndexOf(_isReduced, true);
        var last = Array.LastIndexOf(_isReduced, true);
        for (var d = 0; d < _shape.Length; d++)
        {
            if (d < first)
            {
                outer *= _shape[d];
            }
            else if (d > last)
            {
                inner *= _shape[d];
            }
            else if (!_isReduced[d] && _shape[d] != 1)
            {
                return false;
            }
        }

        return first >= 0 && inner > 1 && tensor.is_contiguous();
    }
}

/// <summary>Runs reductions over the rows of a tensor, rows shared out among threads, and holds the small kernels: products, extremes, truth values.</summary>
/// <remarks>Sums are in <see cref="Sums"/>.</remarks>
internal static unsafe class Reductions
{
    // How many elements are worth a thread.
    private const long Grain = 16384;

    private delegate long IndexOf<T>(T* x, long n, long stride)
        where T : unmanaged;

    /// <summary>How many rows of n elements are worth a thread.</summary>
    public static long RowGrain(long n, long grain = Grain) => Math.Max(1, grain / Math.Max(n, 1));

    /// <summary>One number for every row that the plan finds in x.</summary>
    public static Tensor Reduce<TInput, TResult, TReduction>(Tensor x, ReductionPlan plan, torch.ScalarType resultType, bool keepdim)
        where TInput : unmanaged
        where TResult : unmanaged
        where TReduction : IRowReduction<TInput, TResult>
    {
        var result = Tensor.Allocate(resultType, plan.ResultShape(keepdim));
        using var rows = plan.Rows(x);
        var n = plan.Length;
        Workers.For(plan.RowCount, RowGrain(n), ((nint)rows.Pointer<TInput>(), (nint)result.Pointer<TResult>(), n), static (state, from, to) =>
        {
            var (input, output, n) = state;
            for (var row = from; row < to; row++)
            {
                ((TResult*)output)[row] = TReduction.Of((TInput*)input + (row * n), n);
            }
        });
        GC.KeepAlive(rows);
        return result;
    }

    /// <summary>The sum of every row, for floating point.</summary>
    public static Tensor Sum<T>(Tensor x, ReductionPlan plan, bool keepdim)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!plan.AreColumns(x, out var outer, out var inner))
        {
            return Reduce<T, T, SumOf<T>>(x, plan, x.dtype, keepdim);
        }

        var result = Tensor.Allocate(x.dtype, plan.ResultShape(keepdim));
        var (input, output) = ((nint)x.Pointer<T>(), (nint)result.Pointer<T>());
        var n = plan.Length;
        Workers.For(outer * inner, Math.Max(64, RowGrain(n)), (input, output, n, inner), static (state, from, to) =>
        {
            var (input, output, n, inner) = state;
            while (from < to)
            {
                var (o, column) = Math.DivRem(from, inner);
                var count = Math.Min(to - from, inner - column);
                Sums.SumRows((T*)input + (o * n * inner) + column, n, count, inner, (T*)output + from);
                from += count;
            }
        });
        GC.KeepAlive(x);
        return result;
    }

    /// <summary>The mean of every row: its sum over n.</summary>
    public static Tensor Mean<T>(Tensor x, ReductionPlan plan, bool keepdim)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = Sum<T>(x, plan, keepdim);
        var values = result.Pointer<T>();
        var n = T.CreateTruncating(plan.Length);
        for (var i = 0L; i < plan.RowCount; i++)
        {
            values[i] /= n;
        }

        return result;
    }

    /// <summary>The sum of the squared differences from the mean of every row, over a divisor.</summary>
    public static Tensor Variance(Tensor x, ReductionPlan plan, double divisor, bool keepdim) => x.dtype == torch.ScalarType.Float32
        ? Variance<float>(x, plan, divisor, keepdim)
        : Variance<double>(x, plan, divisor, keepdim);

    /// <summary>The greatest or least element of every row and where it stands first: a NaN wins over every number.</summary>
    public static (Tensor Values, Tensor Indices) Extremes(Tensor x, ReductionPlan plan, bool greatest, bool keepdim) => x.dtype switch
    {
        torch.ScalarType.Float32 => Extremes<float>(x, plan, greatest ? Extrema.ArgMax : Extrema.ArgMin, keepdim),
        torch.ScalarType.Float64 => Extremes<double>(x, plan, greatest ? Extrema.ArgMax : Extrema.ArgMin, keepdim),
        torch.ScalarType.Int64 => Extremes<long>(x, plan, greatest ? Extrema.ArgMaxOfWhole : Extrema.ArgMinOfWhole, keepdim),
        torch.ScalarType.Int32 => Extremes<int>(x, plan, greatest ? Extrema.ArgMaxOfWhole : Extrema.ArgMinOfWhole, keepdim),
        _ => Extremes<byte>(x, plan, greatest ? Extrema.ArgMaxOfWhole : Extrema.ArgMinOfWhole, keepdim),
    };

    /// <summary>Whether every row (or some element of it) holds only elements that are not zero: bool, or Byte for Byte, as PyTorch has it.</summary>
    public static Tensor Truth(Tensor x, ReductionPlan plan, bool all, bool keepdim)
    {
        var type = x.dtype == torch.ScalarType.Byte ? torch.ScalarType.Byte : torch.ScalarType.Bool;
        return all
            ? x.dtype switch
            {
                torch.ScalarType.Float32 => Reduce<float, byte, AllOf<float>>(x, plan, type, keepdim),
                torch.ScalarType.Float64 => Reduce<double, byte, AllOf<double>>(x, plan, type, keepdim),
                torch.ScalarType.Int64 => Reduce<long, byte, AllOf<long>>(x, plan, type, keepdim),
                torch.ScalarType.Int32 => Reduce<int, byte, AllOf<int>>(x, plan, type, keepdim),
                _ => Reduce<byte, byte, AllOf<byte>>(x, plan, type, keepdim),
            }
            : x.dtype switch
            {
                torch.ScalarType.Float32 => Reduce<float, byte, AnyOf<float>>(x, plan, type, keepdim),
                torch.ScalarType.Float64 => Reduce<double, byte, AnyOf<double>>(x, plan, type, keepdim),
                torch.ScalarType.Int64 => Reduce<long, byte, AnyOf<long>>(x, plan, type, keepdim),
                torch.ScalarType.Int32 => Reduce<int, byte, AnyOf<int>>(x, plan, type, keepdim),
                _ => Reduce<byte, byte, AnyOf<byte>>(x, plan, type, keepdim),
            };
    }

    /// <summary>How many elements of every row are not zero.</summary>
    public static Tensor CountNonzero(Tensor x, ReductionPlan plan) => x.dtype switch
    {
        torch.ScalarType.Float32 => Reduce<float, long, NonzerosOf<float>>(x, plan, torch.ScalarType.Int64, false),
        torch.ScalarType.Float64 => Reduce<double, long, NonzerosOf<double>>(x, plan, torch.ScalarType.Int64, false),
        torch.ScalarType.Int64 => Reduce<long, long, NonzerosOf<long>>(x, plan, torch.ScalarType.Int64, false),
        torch.ScalarType.Int32 => Reduce<int, long, NonzerosOf<int>>(x, plan, torch.ScalarType.Int64, false),
        _ => Reduce<byte, long, NonzerosOf<byte>>(x, plan, torch.ScalarType.Int64, false),
    };

    private static Tensor Variance<T>(Tensor x, ReductionPlan plan, double divisor, bool keepdim)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var result = Reduce<T, T, SquaredDeviationOf<T>>(x, plan, x.dtype, keepdim);
        var values = result.Pointer<T>();
        for (var i = 0L; i < plan.RowCount; i++)
        {
            values[i] /= T.CreateTruncating(divisor);
        }

        return result;
    }

    private static (Tensor Values, Tensor Indices) Extremes<T>(Tensor x, ReductionPlan plan, IndexOf<T> indexOf, bool keepdim)
        where T : unmanaged
    {
        var values = Tensor.Allocate(x.dtype, plan.ResultShape(keepdim));
        var indices = Tensor.Allocate(torch.ScalarType.Int64, plan.ResultShape(keepdim));
        using var rows = plan.Rows(x);
        var n = plan.Length;
        Workers.For(plan.RowCount, RowGrain(n), ((nint)rows.Pointer<T>(), (nint)values.Pointer<T>(), (nint)indices.Pointer<long>(), n, indexOf), static (state, from, to) =>
        {
            var (input, values, indices, n, indexOf) = state;
            for (var row = from; row < to; row++)
            {
                var x = (T*)input + (row * n);
                var index = indexOf(x, n, 1);
                ((T*)values)[row] = x[index];
                ((long*)indices)[row] = index;
            }
        });
        GC.KeepAlive(rows);
        return (values, indices);
    }

    /// <summary>The sum of a row of whole numbers.</summary>
    internal readonly struct IntegerSumOf : IRowReduction<long, long>
    {
        public static long Of(long* row, long n) => Sums.Sum(row, n);
    }

    /// <summary>The product of a row, element by element in order.</summary>
    internal readonly struct ProductOf<T> : IRowReduction<T, T>
        where T : unmanaged, INumber<T>
    {
        public static T Of(T* row, long n)
        {
            var product = T.One;
            for (var i = 0L; i < n; i++)
            {
                product = unchecked(product * row[i]);
            }

            return product;
        }
    }

    /// <summary>The sum of the squared differences from the row's mean.</summary>
    internal readonly struct SquaredDeviationOf<T> : IRowReduction<T, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Of(T* row, long n) => Sums.SumOfSquares(row, n, Sums.Sum(row, n) / T.CreateTruncating(n));
    }

    /// <summary>The sum of the squares of a row.</summary>
    internal readonly struct SquaresOf<T> : IRowReduction<T, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Of(T* row, long n) => Sums.SumOfSquares(row, n);
    }

    /// <summary>ln sum e^x of a row; -infinity for an empty one.</summary>
    internal readonly struct LogSumExpOf<T> : IRowReduction<T, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Of(T* row, long n)
        {
            var result = T.NegativeInfinity;
            if (n > 0)
            {
                Rows.LogSumExp(row, &result, 1, n);
            }

            return result;
        }
    }

    private readonly struct SumOf<T> : IRowReduction<T, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static T Of(T* row, long n) => Sums.Sum(row, n);
    }

    private readonly struct AllOf<T> : IRowReduction<T, byte>
        where T : unmanaged, INumber<T>
    {
        public static byte Of(T* row, long n)
        {
            for (var i = 0L; i < n; i++)
            {
                if (row[i] == T.Zero)
                {
                    return 0;
                }
            }

            return 1;
        }
    }

    private readonly struct AnyOf<T> : IRowReduction<T, byte>
        where T : unmanaged, INumber<T>
    {
        public static byte Of(T* row, long n)
        {
            for (var i = 0L; i < n; i++)
            {
                if (row[i] != T.Zero)
                {
                    return 1;
                }
            }

            return 0;
        }
    }

    private readonly struct NonzerosOf<T> : IRowReduction<T, long>
        where T : unmanaged, INumber<T>
    {
        public static long Of(T* row, long n)
        {
            var count = 0L;
            for (var i = 0L; i < n; i++)
            {
                count += row[i] != T.Zero ? 1 : 0;
            }

            return count;
        }
    }
}
