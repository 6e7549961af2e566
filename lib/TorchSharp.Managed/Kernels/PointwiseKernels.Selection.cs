using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>Small powers, choices between elements, and mixtures of three.</content>
internal static partial class PointwiseKernels
{
    public readonly struct Square : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => x * x;
    }

    public readonly struct Cube : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => x * x * x;
    }

    public readonly struct ReciprocalSquare : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => Vector512<T>.One / (x * x);
    }

    /// <summary>The larger of two; NaN if one is NaN.</summary>
    public readonly struct Maximum : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(Vector512.GreaterThan(x, y) | ~Vector512.Equals(x, x), x, y);
    }

    /// <summary>The smaller of two; NaN if one is NaN.</summary>
    public readonly struct Minimum : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(Vector512.LessThan(x, y) | ~Vector512.Equals(x, x), x, y);
    }

    /// <summary>x, but not below y, and then not above z.</summary>
    public readonly struct Clamp : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
            where T : unmanaged, INumber<T> => default(Minimum).Of(default(Maximum).Of(x, y), z);
    }

    /// <summary>The point between x (z = 0) and y (z = 1), exact at both ends.</summary>
    public readonly struct Lerp : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(
                Vector512.LessThan(Vector512.Abs(z), Half<T>()),
                x + (z * (y - x)),
                y - ((y - x) * (Vector512<T>.One - z)));
    }

    /// <summary>x plus a number times y z.</summary>
    public readonly struct AddProduct(Scalar value) : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
            where T : unmanaged, INumber<T> => x + (Vector512.Create(value.As<T>()) * y * z);
    }

    /// <summary>x plus a number times y / z, of floating-point numbers.</summary>
    public readonly struct AddQuotient(Scalar value) : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
            where T : unmanaged, INumber<T> => x + (Vector512.Create(value.As<T>()) * y / z);
    }

    private static Vector512<T> Half<T>()
        where T : unmanaged, INumber<T> => Vector512.Create(T.CreateTruncating(0.5));
}
