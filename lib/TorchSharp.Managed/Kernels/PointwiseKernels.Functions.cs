using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>The functions of <see cref="VectorMath"/>, for float and double elements.</content>
internal static partial class PointwiseKernels
{
    public readonly struct Exp : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Exp(x.AsSingle()).As<float, T>()
            : VectorMath.Exp(x.AsDouble()).As<double, T>();
    }

    public readonly struct Expm1 : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Expm1(x.AsSingle()).As<float, T>()
            : VectorMath.Expm1(x.AsDouble()).As<double, T>();
    }

    public readonly struct Log : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Log(x.AsSingle()).As<float, T>()
            : VectorMath.Log(x.AsDouble()).As<double, T>();
    }

    public readonly struct Log2 : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Log2(x.AsSingle()).As<float, T>()
            : VectorMath.Log2(x.AsDouble()).As<double, T>();
    }

    public readonly struct Log10 : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Log10(x.AsSingle()).As<float, T>()
            : VectorMath.Log10(x.AsDouble()).As<double, T>();
    }

    public readonly struct Log1p : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Log1p(x.AsSingle()).As<float, T>()
            : VectorMath.Log1p(x.AsDouble()).As<double, T>();
    }

    public readonly struct Sin : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Sin(x.AsSingle()).As<float, T>()
            : VectorMath.Sin(x.AsDouble()).As<double, T>();
    }

    public readonly struct Cos : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Cos(x.AsSingle()).As<float, T>()
            : VectorMath.Cos(x.AsDouble()).As<double, T>();
    }

    public readonly struct Tan : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Tan(x.AsSingle()).As<float, T>()
            : VectorMath.Tan(x.AsDouble()).As<double, T>();
    }

    public readonly struct Asin : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Asin(x.AsSingle()).As<float, T>()
            : VectorMath.Asin(x.AsDouble()).As<double, T>();
    }

    public readonly struct Acos : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Acos(x.AsSingle()).As<float, T>()
            : VectorMath.Acos(x.AsDouble()).As<double, T>();
    }

    public readonly struct Atan : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Atan(x.AsSingle()).As<float, T>()
            : VectorMath.Atan(x.AsDouble()).As<double, T>();
    }

    public readonly struct Sinh : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Sinh(x.AsSingle()).As<float, T>()
            : VectorMath.Sinh(x.AsDouble()).As<double, T>();
    }

    public readonly struct Cosh : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Cosh(x.AsSingle()).As<float, T>()
            : VectorMath.Cosh(x.AsDouble()).As<double, T>();
    }

    public readonly struct Tanh : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Tanh(x.AsSingle()).As<float, T>()
            : VectorMath.Tanh(x.AsDouble()).As<double, T>();
    }

    public readonly struct Sigmoid : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Sigmoid(x.AsSingle()).As<float, T>()
            : VectorMath.Sigmoid(x.AsDouble()).As<double, T>();
    }

    public readonly struct Erf : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Erf(x.AsSingle()).As<float, T>()
            : VectorMath.Erf(x.AsDouble()).As<double, T>();
    }

    public readonly struct ReciprocalSquareRoot : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.ReciprocalSquareRoot(x.AsSingle()).As<float, T>()
            : VectorMath.ReciprocalSquareRoot(x.AsDouble()).As<double, T>();
    }

    public readonly struct Silu : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Silu(x.AsSingle()).As<float, T>()
            : VectorMath.Silu(x.AsDouble()).As<double, T>();
    }

    public readonly struct SiluDerivative : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.SiluDerivative(x.AsSingle()).As<float, T>()
            : VectorMath.SiluDerivative(x.AsDouble()).As<double, T>();
    }

    public readonly struct Gelu : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Gelu(x.AsSingle()).As<float, T>()
            : VectorMath.Gelu(x.AsDouble()).As<double, T>();
    }

    public readonly struct GeluDerivative : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.GeluDerivative(x.AsSingle()).As<float, T>()
            : VectorMath.GeluDerivative(x.AsDouble()).As<double, T>();
    }

    public readonly struct GeluTanh : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.GeluTanh(x.AsSingle()).As<float, T>()
            : VectorMath.GeluTanh(x.AsDouble()).As<double, T>();
    }

    public readonly struct GeluTanhDerivative : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.GeluTanhDerivative(x.AsSingle()).As<float, T>()
            : VectorMath.GeluTanhDerivative(x.AsDouble()).As<double, T>();
    }

    public readonly struct Exp2 : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Pow(Vector512.Create(2f), x.AsSingle()).As<float, T>()
            : VectorMath.Pow(Vector512.Create(2.0), x.AsDouble()).As<double, T>();
    }

    public readonly struct Pow : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Pow(x.AsSingle(), y.AsSingle()).As<float, T>()
            : VectorMath.Pow(x.AsDouble(), y.AsDouble()).As<double, T>();
    }

    public readonly struct Atan2 : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Atan2(x.AsSingle(), y.AsSingle()).As<float, T>()
            : VectorMath.Atan2(x.AsDouble(), y.AsDouble()).As<double, T>();
    }

    public readonly struct Reciprocal : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => Vector512<T>.One / x;
    }

    public readonly struct SquareRoot : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => Vector512.Sqrt(x);
    }
}
