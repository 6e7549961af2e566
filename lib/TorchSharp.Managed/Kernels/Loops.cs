using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>An input of an elementwise loop: a tensor that broadcasts to the result's shape, or one number for all elements.</summary>
internal readonly struct Operand
{
    private readonly ulong _bits;

    private Operand(Tensor? tensor, ulong bits)
    {
        Tensor = tensor;
        _bits = bits;
    }

    /// <summary>The tensor, or null for a number.</summary>
    public Tensor? Tensor { get; }

    /// <summary>The number's bytes, at the front.</summary>
    public ulong Bits => _bits;

    public static implicit operator Operand(Tensor tensor) => new(tensor, 0);

    /// <summary>A number as an element of the given type.</summary>
    public static Operand Of(Scalar value, torch.ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(value);
        return type switch
        {
            torch.ScalarType.Float32 => Of(value.As<float>()),
            torch.ScalarType.Float64 => Of(value.As<double>()),
            torch.ScalarType.Int64 => Of(value.As<long>()),
            torch.ScalarType.Int32 => Of(unchecked((int)value.AsInt64)),
            torch.ScalarType.Bool => Of(value.AsDouble != 0 ? (byte)1 : (byte)0),
            _ => Of(unchecked((byte)value.AsInt64)),
        };
    }

    private static Operand Of<T>(T value)
        where T : unmanaged
    {
        ulong bits = 0;
        Unsafe.As<ulong, T>(ref bits) = value;
        return new Operand(null, bits);
    }
}

/// <summary>A function of one element, as an operation on vectors. Its bits must not depend on the lane.</summary>
internal interface IUnaryFunction
{
    Vector512<T> Of<T>(Vector512<T> x)
        where T : unmanaged, INumber<T>;
}

/// <summary>A function of two elements, as an operation on vectors.</summary>
internal interface IBinaryFunction
{
    Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
        where T : unmanaged, INumber<T>;
}

/// <summary>A function of three elements, as an operation on vectors.</summary>
internal interface ITernaryFunction
{
    Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
        where T : unmanaged, INumber<T>;
}

/// <summary>A function of two elements that has no use of vectors, such as the division of whole numbers.</summary>
internal interface IScalarFunction
{
    T Of<T>(T x, T y)
        where T : unmanaged, INumber<T>;
}

/// <summary>A question about two elements.</summary>
internal interface IPredicate
{
    bool Of<T>(T x, T y)
        where T : unmanaged, INumber<T>;
}

/// <summary>
/// Elementwise loops: result[i] = f(x[i], ...) over broadcast operands. Whatever the strides and wherever threads cut, every element goes through the same vector function,
/// so its bits depend on its value alone: strided rows are gathered into a buffer first, ends of rows are padded to a vector.
/// </summary>
/// <remarks>Results are contiguous (or of any strides, without overlap) and of the broadcast shape; they may be one of the operands themselves. All operands of a vector function have one type.</remarks>
internal static unsafe class Loops
{
    /// <summary>Elements that are at least worth a thread, where an element costs little more than its memory.</summary>
    public const long CheapGrain = 16_384;

    /// <summary>The same for functions such as exp.</summary>
    public const long CostlyGrain = 4_096;

    /// <summary>result = f(x), of one type.</summary>
    public static void Unary<TFunction>(TFunction f, Operand x, Tensor result, long grain = CheapGrain)
        where TFunction : struct, IUnaryFunction
    {
        switch (result.dtype)
        {
            case torch.ScalarType.Float32:
                Run(new UnaryRows<float, TFunction>(f), x, default, default, result, grain);
                break;
            case torch.ScalarType.Float64:
                Run(new UnaryRows<double, TFunction>(f), x, default, default, result, grain);
                break;
            case torch.ScalarType.Int64:
                Run(new UnaryRows<long, TFunction>(f), x, default, default, result, grain);
                break;
            case torch.ScalarType.Int32:
                Run(new UnaryRows<int, TFunction>(f), x, default, default, result, grain);
                break;
            default:
                Run(new UnaryRows<byte, TFunction>(f), x, default, default, result, grain);
                break;
        }
    }

    /// <summary>result = f(x, y), of one type.</summary>
    public static void Binary<TFunction>(TFunction f, Operand x, Operand y, Tensor result, long grain = CheapGrain)
        where TFunction : struct, IBinaryFunction
    {
        switch (result.dtype)
        {
            case torch.ScalarType.Float32:
                Run(new BinaryRows<float, TFunction>(f), x, y, default, result, grain);
                break;
            case torch.ScalarType.Float64:
                Run(new BinaryRows<double, TFunction>(f), x, y, default, result, grain);
                break;
            case torch.ScalarType.Int64:
                Run(new BinaryRows<long, TFunction>(f), x, y, default, result, grain);
                break;
            case torch.ScalarType.Int32:
                Run(new BinaryRows<int, TFunction>(f), x, y, default, result, grain);
                break;
            default:
                Run(new BinaryRows<byte, TFunction>(f), x, y, default, result, grain);
                break;
        }
    }

    /// <summary>result = f(x, y, z), of one type.</summary>
    public static void Ternary<TFunction>(TFunction f, Operand x, Operand y, Operand z, Tensor result, long grain = CheapGrain)
        where TFunction : struct, ITernaryFunction
    {
        switch (result.dtype)
        {
            case torch.ScalarType.Float32:
                Run(new TernaryRows<float, TFunction>(f), x, y, z, result, grain);
                break;
            case torch.ScalarType.Float64:
                Run(new TernaryRows<double, TFunction>(f), x, y, z, result, grain);
                break;
            case torch.ScalarType.Int64:
                Run(new TernaryRows<long, TFunction>(f), x, y, z, result, grain);
                break;
            case torch.ScalarType.Int32:
                Run(new TernaryRows<int, TFunction>(f), x, y, z, result, grain);
                break;
            default:
                Run(new TernaryRows<byte, TFunction>(f), x, y, z, result, grain);
                break;
        }
    }

    /// <summary>result = f(x, y), of one type, element by element.</summary>
    public static void Scalar<TFunction>(TFunction f, Operand x, Operand y, Tensor result, long grain = CheapGrain)
        where TFunction : struct, IScalarFunction
    {
        switch (result.dtype)
        {
            case torch.ScalarType.Float32:
                Run(new ScalarRows<float, TFunction>(f), x, y, default, result, grain);
                break;
            case torch.ScalarType.Float64:
                Run(new ScalarRows<double, TFunction>(f), x, y, default, result, grain);
                break;
            case torch.ScalarType.Int64:
                Run(new ScalarRows<long, TFunction>(f), x, y, default, result, grain);
                break;
            case torch.ScalarType.Int32:
                Run(new ScalarRows<int, TFunction>(f), x, y, default, result, grain);
                break;
            default:
                Run(new ScalarRows<byte, TFunction>(f), x, y, default, result, grain);
                break;
        }
    }

    /// <summary>result = f(x, y), a bool; the operands are of the given type.</summary>
    public static void Predicate<TFunction>(TFunction f, torch.ScalarType type, Operand x, Operand y, Tensor result)
        where TFunction : struct, IPredicate
    {
        switch (type)
        {
            case torch.ScalarType.Float32:
                Run(new PredicateRows<float, TFunction>(f), x, y, default, result, CheapGrain);
                break;
            case torch.ScalarType.Float64:
                Run(new PredicateRows<double, TFunction>(f), x, y, default, result, CheapGrain);
                break;
            case torch.ScalarType.Int64:
                Run(new PredicateRows<long, TFunction>(f), x, y, default, result, CheapGrain);
                break;
            case torch.ScalarType.Int32:
                Run(new PredicateRows<int, TFunction>(f), x, y, default, result, CheapGrain);
                break;
            default:
                Run(new PredicateRows<byte, TFunction>(f), x, y, default, result, CheapGrain);
                break;
        }
    }

    /// <summary>result = condition ? x : y. The condition is a bool, the others are of one type.</summary>
    public static void Select(Operand condition, Operand x, Operand y, Tensor result)
    {
        switch (ScalarTypes.Size(result.dtype))
        {
            case 1:
                Run(default(SelectRows<byte>), condition, x, y, result, CheapGrain);
                break;
            case 4:
                Run(default(SelectRows<uint>), condition, x, y, result, CheapGrain);
                break;
            default:
                Run(default(SelectRows<ulong>), condition, x, y, result, CheapGrain);
                break;
        }
    }

    /// <summary>Sets every element of a tensor, of any strides, to a number.</summary>
    public static void Fill(Tensor target, Scalar value) => Unary(default(PointwiseKernels.Identity), Operand.Of(value, target.dtype), target);

    /// <summary>Whether a contiguous bool tensor holds a true one.</summary>
    public static bool Any(Tensor mask)
    {
        var found = new ReadOnlySpan<byte>(mask.Pointer<byte>(), checked((int)mask.NumberOfElements)).ContainsAnyExcept((byte)0);
        GC.KeepAlive(mask);
        return found;
    }

    /// <summary>Where the rows of a loop lie: result and operands with the distance of neighbours, in elements of their own types.</summary>
    private struct Row
    {
        public byte* Result, X, Y, Z;
        public long ResultStep, XStep, YStep, ZStep;
    }

    /// <summary>What is done with a row.</summary>
    private interface IRows
    {
        /// <summary>Bytes of an element of the result and of each operand.</summary>
        (int Result, int X, int Y, int Z) Sizes { get; }

        void Run(in Row row, long count);
    }

    private static void Run<TRows>(TRows rows, Operand x, Operand y, Operand z, Tensor result, long grain)
        where TRows : struct, IRows
    {
        var count = result.NumberOfElements;
        if (count == 0)
        {
            return;
        }

        var (xBits, yBits, zBits) = (x.Bits, y.Bits, z.Bits);
        var sizes = rows.Sizes;
        var row = new Row
        {
            Result = Start(result, sizes.Result),
            X = x.Tensor is { } first ? Start(first, sizes.X) : (byte*)&xBits,
            Y = y.Tensor is { } second ? Start(second, sizes.Y) : (byte*)&yBits,
            Z = z.Tensor is { } third ? Start(third, sizes.Z) : (byte*)&zBits,
        };
        if (result.is_contiguous() && IsLine(x, count, out row.XStep) && IsLine(y, count, out row.YStep) && IsLine(z, count, out row.ZStep))
        {
            row.ResultStep = 1;
            RunLine(rows, row, count, grain);
        }
        else
        {
            RunStrided(rows, row, x, y, z, result, grain);
        }

        GC.KeepAlive(result);
        GC.KeepAlive(x.Tensor);
        GC.KeepAlive(y.Tensor);
        GC.KeepAlive(z.Tensor);
    }

    private static byte* Start(Tensor tensor, int size) => tensor.Storage.Pointer + (tensor.Offset * size);

    // Whether an operand reads as one line of so many elements, or as one element for all of them.
    private static bool IsLine(Operand operand, long count, out long step)
    {
        step = 0;
        if (operand.Tensor is not { } tensor)
        {
            return true;
        }

        var own = tensor.NumberOfElements;
        step = own == 1 && count != 1 ? 0 : 1;
        return own == 1 || (own == count && tensor.is_contiguous());
    }

    private static void RunLine<TRows>(TRows rows, in Row row, long count, long grain)
        where TRows : struct, IRows
    {
        if (count < 2 * grain)
        {
            rows.Run(row, count);
        }
        else
        {
            Workers.For(count, grain, (rows, row), static (state, from, to) => state.rows.Run(Advanced(state.row, state.rows.Sizes, from), to - from));
        }
    }

    private static void RunStrided<TRows>(TRows rows, Row row, Operand x, Operand y, Operand z, Tensor result, long grain)
        where TRows : struct, IRows
    {
        var shape = result.Shape;
        var loop = new StridedLoop(shape, result.Strides, Strides(x, shape), Strides(y, shape), Strides(z, shape));
        (row.ResultStep, row.XStep, row.YStep, row.ZStep) = (loop.Steps[0], loop.Steps[1], loop.Steps[2], loop.Steps[3]);
        if (loop.RowCount == 1)
        {
            RunLine(rows, row, loop.RowLength, grain);
            return;
        }

        var sizes = rows.Sizes;
        Workers.For(loop.RowCount, Math.Max(1, grain / loop.RowLength), (from, to) =>
            loop.ForEachRow(from, to, offsets =>
            {
                var at = row;
                at.Result += offsets[0] * sizes.Result;
                at.X += offsets[1] * sizes.X;
                at.Y += offsets[2] * sizes.Y;
                at.Z += offsets[3] * sizes.Z;
                rows.Run(at, loop.RowLength);
            }));
    }

    private static Row Advanced(Row row, (int Result, int X, int Y, int Z) sizes, long by)
    {
        row.Result += by * row.ResultStep * sizes.Result;
        row.X += by * row.XStep * sizes.X;
        row.Y += by * row.YStep * sizes.Y;
        row.Z += by * row.ZStep * sizes.Z;
        return row;
    }

    private static long[] Strides(Operand operand, long[] shape) =>
        operand.Tensor is { } tensor ? Shapes.BroadcastStrides(tensor.Shape, tensor.Strides, shape) : new long[shape.Length];

    /// <summary>A loop over rows that lie one after the other: operands advance by a vector (or stay, where one vector serves all).</summary>
    private interface IDense<T>
        where T : unmanaged
    {
        void Run(T* result, T* x, long xStep, T* y, long yStep, T* z, long zStep, long count);
    }

    // Brings rows of any strides before a dense loop: single numbers as one vector, others that don't lie one after the other block by block through a buffer.
    [SkipLocalsInit]
    private static void RunVectors<T, TDense>(TDense dense, in Row row, long count)
        where T : unmanaged
        where TDense : struct, IDense<T>
    {
        const int BlockBytes = 1024;
        var block = BlockBytes / sizeof(T);
        var buffers = stackalloc byte[4 * BlockBytes];
        T* result = (T*)row.Result, x = (T*)row.X, y = (T*)row.Y, z = (T*)row.Z;
        T* bufferR = (T*)buffers, bufferX = (T*)(buffers + BlockBytes), bufferY = (T*)(buffers + (2 * BlockBytes)), bufferZ = (T*)(buffers + (3 * BlockBytes));
        var xStep = Repeat(row.XStep, ref x, bufferX);
        var yStep = Repeat(row.YStep, ref y, bufferY);
        var zStep = Repeat(row.ZStep, ref z, bufferZ);
        if (row.ResultStep == 1 && row.XStep is 0 or 1 && row.YStep is 0 or 1 && row.ZStep is 0 or 1)
        {
            dense.Run(result, x, xStep, y, yStep, z, zStep, count);
            return;
        }

        for (long at = 0; at < count; at += block)
        {
            var length = Math.Min(block, count - at);
            var to = row.ResultStep == 1 ? result + at : bufferR;
            dense.Run(
                to,
                Gather(row.XStep, x, bufferX, at, length),
                xStep,
                Gather(row.YStep, y, bufferY, at, length),
                yStep,
                Gather(row.ZStep, z, bufferZ, at, length),
                zStep,
                length);
            if (to == bufferR)
            {
                for (long i = 0; i < length; i++)
                {
                    result[(at + i) * row.ResultStep] = bufferR[i];
                }
            }
        }
    }

    // One number for the whole row becomes a vector that does not advance.
    private static long Repeat<T>(long step, ref T* operand, T* buffer)
        where T : unmanaged
    {
        if (step != 0)
        {
            return Vector512<T>.Count;
        }

        Vector512.Create(*operand).Store(buffer);
        operand = buffer;
        return 0;
    }

    private static T* Gather<T>(long step, T* operand, T* buffer, long at, long length)
        where T : unmanaged
    {
        if (step is 0 or 1)
        {
            return operand + (at * step);
        }

        var from = operand + (at * step);
        for (long i = 0; i < length; i++)
        {
            buffer[i] = from[i * step];
        }

        return buffer;
    }

    // The last elements of a row as a vector; what lies behind them is zero, and an operand that does not advance is one already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Rest<T>(T* operand, long step, long count)
        where T : unmanaged
    {
        if (step == 0)
        {
            return Vector512.Load(operand);
        }

        var padded = Vector512<T>.Zero;
        Unsafe.CopyBlockUnaligned(&padded, operand, (uint)(count * sizeof(T)));
        return padded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRest<T>(Vector512<T> value, T* result, long count)
        where T : unmanaged => Unsafe.CopyBlockUnaligned(result, &value, (uint)(count * sizeof(T)));

    private readonly struct UnaryRows<T, TFunction>(TFunction f) : IRows, IDense<T>
        where T : unmanaged, INumber<T>
        where TFunction : struct, IUnaryFunction
    {
        public (int Result, int X, int Y, int Z) Sizes => (sizeof(T), sizeof(T), sizeof(T), sizeof(T));

        public void Run(in Row row, long count) => RunVectors<T, UnaryRows<T, TFunction>>(this, row, count);

        public void Run(T* result, T* x, long xStep, T* y, long yStep, T* z, long zStep, long count)
        {
            var width = Vector512<T>.Count;
            for (; count >= width; count -= width)
            {
                f.Of(Vector512.Load(x)).Store(result);
                result += width;
                x += xStep;
            }

            if (count > 0)
            {
                StoreRest(f.Of(Rest(x, xStep, count)), result, count);
            }
        }
    }

    private readonly struct BinaryRows<T, TFunction>(TFunction f) : IRows, IDense<T>
        where T : unmanaged, INumber<T>
        where TFunction : struct, IBinaryFunction
    {
        public (int Result, int X, int Y, int Z) Sizes => (sizeof(T), sizeof(T), sizeof(T), sizeof(T));

        public void Run(in Row row, long count) => RunVectors<T, BinaryRows<T, TFunction>>(this, row, count);

        public void Run(T* result, T* x, long xStep, T* y, long yStep, T* z, long zStep, long count)
        {
            var width = Vector512<T>.Count;
            for (; count >= width; count -= width)
            {
                f.Of(Vector512.Load(x), Vector512.Load(y)).Store(result);
                result += width;
                x += xStep;
                y += yStep;
            }

            if (count > 0)
            {
                StoreRest(f.Of(Rest(x, xStep, count), Rest(y, yStep, count)), result, count);
            }
        }
    }

    private readonly struct TernaryRows<T, TFunction>(TFunction f) : IRows, IDense<T>
        where T : unmanaged, INumber<T>
        where TFunction : struct, ITernaryFunction
    {
        public (int Result, int X, int Y, int Z) Sizes => (sizeof(T), sizeof(T), sizeof(T), sizeof(T));

        public void Run(in Row row, long count) => RunVectors<T, TernaryRows<T, TFunction>>(this, row, count);

        public void Run(T* result, T* x, long xStep, T* y, long yStep, T* z, long zStep, long count)
        {
            var width = Vector512<T>.Count;
            for (; count >= width; count -= width)
            {
                f.Of(Vector512.Load(x), Vector512.Load(y), Vector512.Load(z)).Store(result);
                result += width;
                x += xStep;
                y += yStep;
                z += zStep;
            }

            if (count > 0)
            {
                StoreRest(f.Of(Rest(x, xStep, count), Rest(y, yStep, count), Rest(z, zStep, count)), result, count);
            }
        }
    }

    private readonly struct ScalarRows<T, TFunction>(TFunction f) : IRows
        where T : unmanaged, INumber<T>
        where TFunction : struct, IScalarFunction
    {
        public (int Result, int X, int Y, int Z) Sizes => (sizeof(T), sizeof(T), sizeof(T), 0);

        public void Run(in Row row, long count)
        {
            T* result = (T*)row.Result, x = (T*)row.X, y = (T*)row.Y;
            for (long i = 0; i < count; i++)
            {
                result[i * row.ResultStep] = f.Of(x[i * row.XStep], y[i * row.YStep]);
            }
        }
    }

    private readonly struct PredicateRows<T, TFunction>(TFunction f) : IRows
        where T : unmanaged, INumber<T>
        where TFunction : struct, IPredicate
    {
        public (int Result, int X, int Y, int Z) Sizes => (1, sizeof(T), sizeof(T), 0);

        public void Run(in Row row, long count)
        {
            var result = row.Result;
            T* x = (T*)row.X, y = (T*)row.Y;
            for (long i = 0; i < count; i++)
            {
                result[i * row.ResultStep] = f.Of(x[i * row.XStep], y[i * row.YStep]) ? (byte)1 : (byte)0;
            }
        }
    }

    private readonly struct SelectRows<T> : IRows
        where T : unmanaged
    {
        public (int Result, int X, int Y, int Z) Sizes => (sizeof(T), 1, sizeof(T), sizeof(T));

        public void Run(in Row row, long count)
        {
            var condition = row.X;
            T* result = (T*)row.Result, x = (T*)row.Y, y = (T*)row.Z;
            long i = 0;
            if (row.ResultStep == 1 && row.XStep == 1 && row.YStep is 0 or 1 && row.ZStep is 0 or 1)
            {
                // The mask of a vector is as wide as its elements: bytes that are not zero become elements of ones.
                for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
                {
                    var vectorX = row.YStep == 0 ? Vector512.Create(*x) : Vector512.Load(x + i);
                    var vectorY = row.ZStep == 0 ? Vector512.Create(*y) : Vector512.Load(y + i);
                    Vector512.ConditionalSelect(Mask(condition + i), vectorX, vectorY).Store(result + i);
                }
            }

            for (; i < count; i++)
            {
                result[i * row.ResultStep] = condition[i * row.XStep] != 0 ? x[i * row.YStep] : y[i * row.ZStep];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<T> Mask(byte* condition) => sizeof(T) switch
        {
            1 => ~Vector512.Equals(Vector512.Load(condition), Vector512<byte>.Zero).As<byte, T>(),
            4 => ~Vector512.Equals(Words(Vector128.Load(condition)), Vector512<uint>.Zero).As<uint, T>(),
            _ => ~Vector512.Equals(Vector512.WidenLower(Words(Vector128.CreateScalar(*(ulong*)condition).AsByte())), Vector512<ulong>.Zero).As<ulong, T>(),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<uint> Words(Vector128<byte> bytes)
        {
            var (lower, upper) = Vector128.Widen(bytes);
            return Vector512.Create(Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)), Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)));
        }
    }
}
