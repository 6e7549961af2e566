using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// Reading and writing the end of a buffer, where fewer elements are left than a vector has lanes, and the functions of VectorMath for a type that is only known as T.
/// Nothing is read or written past the end, and the unused lanes are zero, so an element's bits never depend on where in a buffer it lies.
/// </summary>
internal static unsafe partial class VectorMath
{
    /// <summary>The first <paramref name="count"/> elements, the other lanes zero: count 2, [5, 6, 7, ...] -> [5, 6, 0, 0, ...].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadFirst<T>(T* source, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (count >= Vector512<T>.Count)
        {
            return Vector512.Load(source);
        }

        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? Avx512F.MaskLoad((float*)source, FirstFloats(count), Vector512<float>.Zero).As<float, T>()
                : Avx512F.MaskLoad((double*)source, FirstDoubles(count), Vector512<double>.Zero).As<double, T>();
        }

        var padded = Vector512<T>.Zero;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)(count * sizeof(T)));
        return padded;
    }

    /// <summary>Writes the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst<T>(Vector512<T> vector, T* target, long count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (count >= Vector512<T>.Count)
        {
            vector.Store(target);
        }
        else if (!Avx512F.IsSupported)
        {
            Unsafe.CopyBlockUnaligned(target, &vector, (uint)(count * sizeof(T)));
        }
        else if (typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)target, FirstFloats(count), vector.AsSingle());
        }
        else
        {
            Avx512F.MaskStore((double*)target, FirstDoubles(count), vector.AsDouble());
        }
    }

    /// <summary>The vector with zeros in all but the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> KeepFirst<T>(Vector512<T> vector, long count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        count >= Vector512<T>.Count ? vector
        : typeof(T) == typeof(float) ? Vector512.ConditionalSelect(FirstFloats(count), vector.AsSingle(), Vector512<float>.Zero).As<float, T>()
        : Vector512.ConditionalSelect(FirstDoubles(count), vector.AsDouble(), Vector512<double>.Zero).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FirstFloats(long count) =>
        Vector512.GreaterThan(Vector512.Create((int)count), Vector512<int>.Indices).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> FirstDoubles(long count) =>
        Vector512.GreaterThan(Vector512.Create(count), Vector512<long>.Indices).AsDouble();

    /// <summary>a b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FusedMultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>e^x for float or double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ExpOf<T>(Vector512<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Exp(x.AsSingle()).As<float, T>() : Exp(x.AsDouble()).As<double, T>();

    /// <inheritdoc cref="ExpOf{T}(Vector512{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpOf<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> => ExpOf(Vector512.Create(x)).ToScalar();

    /// <summary>The natural logarithm for float or double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogOf<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Log(Vector512.Create(x).AsSingle()).As<float, T>().ToScalar()
            : Log(Vector512.Create(x).AsDouble()).As<double, T>().ToScalar();
}
