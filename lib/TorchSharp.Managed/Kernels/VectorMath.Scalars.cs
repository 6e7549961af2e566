using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>
/// The functions of floats that are computed in double and rounded once, at most 0.51 ulp off, and all functions of a single number,
/// which are the vector functions' first lane, so that their bits are the same.
/// </content>
internal static unsafe partial class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Narrow(Vector512<double> lower, Vector512<double> upper) => Vector512.Narrow(lower, upper);

    /// <summary>e^x - 1, also for small x; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Expm1(Vector512<float> x) => Narrow(Expm1(Vector512.WidenLower(x)), Expm1(Vector512.WidenUpper(x)));

    /// <summary>The logarithm to base 2; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log2(Vector512<float> x) => Narrow(Log2(Vector512.WidenLower(x)), Log2(Vector512.WidenUpper(x)));

    /// <summary>The logarithm to base 10; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log10(Vector512<float> x) => Narrow(Log10(Vector512.WidenLower(x)), Log10(Vector512.WidenUpper(x)));

    /// <summary>ln(1 + x), also for small x; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log1p(Vector512<float> x) => Narrow(Log1p(Vector512.WidenLower(x)), Log1p(Vector512.WidenUpper(x)));

    /// <summary>The hyperbolic sine; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sinh(Vector512<float> x) => Narrow(Sinh(Vector512.WidenLower(x)), Sinh(Vector512.WidenUpper(x)));

    /// <summary>The hyperbolic cosine; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cosh(Vector512<float> x) => Narrow(Cosh(Vector512.WidenLower(x)), Cosh(Vector512.WidenUpper(x)));

    /// <summary>The sine; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sin(Vector512<float> x) => Narrow(Sin(Vector512.WidenLower(x)), Sin(Vector512.WidenUpper(x)));

    /// <summary>The cosine; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cos(Vector512<float> x) => Narrow(Cos(Vector512.WidenLower(x)), Cos(Vector512.WidenUpper(x)));

    /// <summary>The tangent; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tan(Vector512<float> x) => Narrow(Tan(Vector512.WidenLower(x)), Tan(Vector512.WidenUpper(x)));

    /// <summary>The arc sine; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Asin(Vector512<float> x) => Narrow(Asin(Vector512.WidenLower(x)), Asin(Vector512.WidenUpper(x)));

    /// <summary>The arc cosine; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Acos(Vector512<float> x) => Narrow(Acos(Vector512.WidenLower(x)), Acos(Vector512.WidenUpper(x)));

    /// <summary>The arc tangent; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Atan(Vector512<float> x) => Narrow(Atan(Vector512.WidenLower(x)), Atan(Vector512.WidenUpper(x)));

    /// <summary>The angle of the point (x, y); at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Atan2(Vector512<float> y, Vector512<float> x) => Narrow(
        Atan2(Vector512.WidenLower(y), Vector512.WidenLower(x)), Atan2(Vector512.WidenUpper(y), Vector512.WidenUpper(x)));

    /// <summary>x to the power y; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pow(Vector512<float> x, Vector512<float> y) => Narrow(
        Pow(Vector512.WidenLower(x), Vector512.WidenLower(y)), Pow(Vector512.WidenUpper(x), Vector512.WidenUpper(y)));

    /// <summary>ln(1 + e^(beta x)) / beta, and x itself where beta x lies above the threshold; at most 0.51 ulp off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x, double beta = 1, double threshold = 20) => Narrow(
        Softplus(Vector512.WidenLower(x), beta, threshold), Softplus(Vector512.WidenUpper(x), beta, threshold));

    /// <inheritdoc cref="Expm1(Vector512{float})"/>
    public static float Expm1(float x) => Expm1(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log2(Vector512{float})"/>
    public static float Log2(float x) => Log2(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log10(Vector512{float})"/>
    public static float Log10(float x) => Log10(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log1p(Vector512{float})"/>
    public static float Log1p(float x) => Log1p(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Sinh(Vector512{float})"/>
    public static float Sinh(float x) => Sinh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Cosh(Vector512{float})"/>
    public static float Cosh(float x) => Cosh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Sin(Vector512{float})"/>
    public static float Sin(float x) => Sin(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Cos(Vector512{float})"/>
    public static float Cos(float x) => Cos(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Tan(Vector512{float})"/>
    public static float Tan(float x) => Tan(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Asin(Vector512{float})"/>
    public static float Asin(float x) => Asin(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Acos(Vector512{float})"/>
    public static float Acos(float x) => Acos(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Atan(Vector512{float})"/>
    public static float Atan(float x) => Atan(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="SiluDerivative(Vector512{float})"/>
    public static float SiluDerivative(float x) => SiluDerivative(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="GeluDerivative(Vector512{float})"/>
    public static float GeluDerivative(float x) => GeluDerivative(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="GeluTanhDerivative(Vector512{float})"/>
    public static float GeluTanhDerivative(float x) => GeluTanhDerivative(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Atan2(Vector512{float}, Vector512{float})"/>
    public static float Atan2(float y, float x) => Atan2(Vector512.Create(y), Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Pow(Vector512{float}, Vector512{float})"/>
    public static float Pow(float x, float y) => Pow(Vector512.Create(x), Vector512.Create(y)).ToScalar();

    /// <inheritdoc cref="Softplus(Vector512{float}, double, double)"/>
    public static float Softplus(float x, double beta = 1, double threshold = 20) => Softplus(Vector512.Create(x), beta, threshold).ToScalar();

    /// <inheritdoc cref="Exp(Vector512{double})"/>
    public static double Exp(double x) => Exp(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Expm1(Vector512{double})"/>
    public static double Expm1(double x) => Expm1(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log(Vector512{double})"/>
    public static double Log(double x) => Log(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log2(Vector512{double})"/>
    public static double Log2(double x) => Log2(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log10(Vector512{double})"/>
    public static double Log10(double x) => Log10(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Log1p(Vector512{double})"/>
    public static double Log1p(double x) => Log1p(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Tanh(Vector512{double})"/>
    public static double Tanh(double x) => Tanh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Sinh(Vector512{double})"/>
    public static double Sinh(double x) => Sinh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Cosh(Vector512{double})"/>
    public static double Cosh(double x) => Cosh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Sigmoid(Vector512{double})"/>
    public static double Sigmoid(double x) => Sigmoid(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Erf(Vector512{double})"/>
    public static double Erf(double x) => Erf(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Sin(Vector512{double})"/>
    public static double Sin(double x) => Sin(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Cos(Vector512{double})"/>
    public static double Cos(double x) => Cos(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Tan(Vector512{double})"/>
    public static double Tan(double x) => Tan(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Asin(Vector512{double})"/>
    public static double Asin(double x) => Asin(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Acos(Vector512{double})"/>
    public static double Acos(double x) => Acos(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Atan(Vector512{double})"/>
    public static double Atan(double x) => Atan(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Silu(Vector512{double})"/>
    public static double Silu(double x) => Silu(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="SiluDerivative(Vector512{double})"/>
    public static double SiluDerivative(double x) => SiluDerivative(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Gelu(Vector512{double})"/>
    public static double Gelu(double x) => Gelu(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="GeluDerivative(Vector512{double})"/>
    public static double GeluDerivative(double x) => GeluDerivative(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="GeluTanh(Vector512{double})"/>
    public static double GeluTanh(double x) => GeluTanh(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="GeluTanhDerivative(Vector512{double})"/>
    public static double GeluTanhDerivative(double x) => GeluTanhDerivative(Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Atan2(Vector512{double}, Vector512{double})"/>
    public static double Atan2(double y, double x) => Atan2(Vector512.Create(y), Vector512.Create(x)).ToScalar();

    /// <inheritdoc cref="Pow(Vector512{double}, Vector512{double})"/>
    public static double Pow(double x, double y) => Pow(Vector512.Create(x), Vector512.Create(y)).ToScalar();

    /// <inheritdoc cref="Softplus(Vector512{double}, double, double)"/>
    public static double Softplus(double x, double beta = 1, double threshold = 20) => Softplus(Vector512.Create(x), beta, threshold).ToScalar();

    /// <inheritdoc cref="ReciprocalSquareRoot(Vector512{double})"/>
    public static double ReciprocalSquareRoot(double x) => 1.0 / Math.Sqrt(x);
}
