using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>Activations and the gradients that are computed in one pass.</content>
internal static partial class PointwiseKernels
{
    /// <summary>x, or 0 where x is negative; NaN stays.</summary>
    public readonly struct Relu : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), Vector512<T>.Zero, x);
    }

    /// <summary>The gradient x where the result y is positive.</summary>
    public readonly struct ReluGradient : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(Vector512.LessThanOrEqual(y, Vector512<T>.Zero), Vector512<T>.Zero, x);
    }

    /// <summary>x, or y x where x is not positive.</summary>
    public readonly struct LeakyRelu : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<T>.Zero), x, x * y);
    }

    /// <summary>The gradient x, times the slope z where the input y is not positive.</summary>
    public readonly struct LeakyReluGradient : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y, Vector512<T> z)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(Vector512.GreaterThan(y, Vector512<T>.Zero), x, x * z);
    }

    /// <summary>The gradient x of a sigmoid whose result is y.</summary>
    public readonly struct SigmoidGradient : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x * (Vector512<T>.One - y) * y;
    }

    /// <summary>The gradient x of a tanh whose result is y.</summary>
    public readonly struct TanhGradient : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x * (Vector512<T>.One - (y * y));
    }

    /// <summary>The gradient x at the input y.</summary>
    public readonly struct SiluGradient : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x * default(SiluDerivative).Of(y);
    }

    /// <summary>The gradient x at the input y.</summary>
    public readonly struct GeluGradient : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x, Vector512<T> y)
            where T : unmanaged, INumber<T> => x * default(GeluDerivative).Of(y);
    }

    /// <summary>min(x, 0) - ln(1 + e^-|x|).</summary>
    public readonly struct LogSigmoid : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => default(Minimum).Of(x, Vector512<T>.Zero) - default(Log1p).Of(default(Exp).Of(-Vector512.Abs(x)));
    }

    /// <summary>above x where x is positive, otherwise below (e^(inner x) - 1).</summary>
    public readonly struct Elu(double above, double below, double inner) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => Vector512.ConditionalSelect(
                Vector512.GreaterThan(x, Vector512<T>.Zero),
                x * Vector512.Create(T.CreateTruncating(above)),
                default(Expm1).Of(x * Vector512.Create(T.CreateTruncating(inner))) * Vector512.Create(T.CreateTruncating(below)));
    }

    /// <summary>x (x + 3) / 6 with the second factor kept between 0 and 6.</summary>
    public readonly struct HardSwish : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> =>
            x * default(Clamp).Of(x + Vector512.Create(T.CreateTruncating(3)), Vector512<T>.Zero, Vector512.Create(T.CreateTruncating(6))) / Vector512.Create(T.CreateTruncating(6));
    }

    public readonly struct Softplus(double beta, double threshold) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<T> Of<T>(Vector512<T> x)
            where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? VectorMath.Softplus(x.AsSingle(), beta, threshold).As<float, T>()
            : VectorMath.Softplus(x.AsDouble(), beta, threshold).As<double, T>();
    }
}
