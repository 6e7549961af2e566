using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>A function of one number, for a whole vector at once.</summary>
internal interface IVectorFunction<T>
    where T : unmanaged
{
    /// <summary>The function's values, lane by lane.</summary>
    static abstract Vector512<T> Apply(Vector512<T> x);
}

/// <content>
/// Loops over buffers, and the functions as types, so that <c>VectorMath.Map&lt;float, VectorMath.TanhFunction&gt;(x, y, n)</c> compiles to one loop with the function inside.
/// </content>
internal static unsafe partial class VectorMath
{
    /// <summary>y[i] = f(x[i]) for n contiguous elements; x and y may be the same. An element's bits do not depend on its place.</summary>
    public static void Map<T, TFunction>(T* x, T* y, long n)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IVectorFunction<T>
    {
        var i = 0L;
        for (; i + Vector512<T>.Count <= n; i += Vector512<T>.Count)
        {
            TFunction.Apply(Vector512.Load(x + i)).Store(y + i);
        }

        if (i < n)
        {
            StoreFirst(TFunction.Apply(LoadFirst(x + i, n - i)), y + i, n - i);
        }
    }

    /// <summary><see cref="Exp(Vector512{float})"/> as a type.</summary>
    public readonly struct ExpFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Exp(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Exp(x);
    }

    /// <summary><see cref="Expm1(Vector512{float})"/> as a type.</summary>
    public readonly struct Expm1Function : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Expm1(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Expm1(x);
    }

    /// <summary><see cref="Log(Vector512{float})"/> as a type.</summary>
    public readonly struct LogFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Log(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Log(x);
    }

    /// <summary><see cref="Log2(Vector512{float})"/> as a type.</summary>
    public readonly struct Log2Function : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Log2(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Log2(x);
    }

    /// <summary><see cref="Log10(Vector512{float})"/> as a type.</summary>
    public readonly struct Log10Function : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Log10(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Log10(x);
    }

    /// <summary><see cref="Log1p(Vector512{float})"/> as a type.</summary>
    public readonly struct Log1pFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Log1p(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Log1p(x);
    }

    /// <summary><see cref="Tanh(Vector512{float})"/> as a type.</summary>
    public readonly struct TanhFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Tanh(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Tanh(x);
    }

    /// <summary><see cref="Sigmoid(Vector512{float})"/> as a type.</summary>
    public readonly struct SigmoidFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Sigmoid(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Sigmoid(x);
    }

    /// <summary><see cref="Erf(Vector512{float})"/> as a type.</summary>
    public readonly struct ErfFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Erf(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Erf(x);
    }

    /// <summary><see cref="Sin(Vector512{float})"/> as a type.</summary>
    public readonly struct SinFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Sin(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Sin(x);
    }

    /// <summary><see cref="Cos(Vector512{float})"/> as a type.</summary>
    public readonly struct CosFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Cos(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Cos(x);
    }

    /// <summary><see cref="Tan(Vector512{float})"/> as a type.</summary>
    public readonly struct TanFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Tan(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Tan(x);
    }

    /// <summary><see cref="Asin(Vector512{float})"/> as a type.</summary>
    public readonly struct AsinFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Asin(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Asin(x);
    }

    /// <summary><see cref="Acos(Vector512{float})"/> as a type.</summary>
    public readonly struct AcosFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Acos(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Acos(x);
    }

    /// <summary><see cref="Atan(Vector512{float})"/> as a type.</summary>
    public readonly struct AtanFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Atan(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Atan(x);
    }

    /// <summary><see cref="Sinh(Vector512{float})"/> as a type.</summary>
    public readonly struct SinhFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Sinh(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Sinh(x);
    }

    /// <summary><see cref="Cosh(Vector512{float})"/> as a type.</summary>
    public readonly struct CoshFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Cosh(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Cosh(x);
    }

    /// <summary><see cref="ReciprocalSquareRoot(Vector512{float})"/> as a type.</summary>
    public readonly struct ReciprocalSquareRootFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => ReciprocalSquareRoot(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => ReciprocalSquareRoot(x);
    }

    /// <summary><see cref="Silu(Vector512{float})"/> as a type.</summary>
    public readonly struct SiluFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Silu(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Silu(x);
    }

    /// <summary><see cref="SiluDerivative(Vector512{float})"/> as a type.</summary>
    public readonly struct SiluDerivativeFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => SiluDerivative(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => SiluDerivative(x);
    }

    /// <summary><see cref="Gelu(Vector512{float})"/> as a type.</summary>
    public readonly struct GeluFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => Gelu(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => Gelu(x);
    }

    /// <summary><see cref="GeluDerivative(Vector512{float})"/> as a type.</summary>
    public readonly struct GeluDerivativeFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => GeluDerivative(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => GeluDerivative(x);
    }

    /// <summary><see cref="GeluTanh(Vector512{float})"/> as a type.</summary>
    public readonly struct GeluTanhFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => GeluTanh(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => GeluTanh(x);
    }

    /// <summary><see cref="GeluTanhDerivative(Vector512{float})"/> as a type.</summary>
    public readonly struct GeluTanhDerivativeFunction : IVectorFunction<float>, IVectorFunction<double>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Apply(Vector512<float> x) => GeluTanhDerivative(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Apply(Vector512<double> x) => GeluTanhDerivative(x);
    }
}
