using System.Globalization;
using System.Numerics;

namespace TorchSharp;

/// <summary>A single number that remembers which kind it is: it decides the type of <c>tensor + 1.5f</c> and the like.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double _floating;
    private readonly long _integer;

    private Scalar(torch.ScalarType type, double floating, long integer)
    {
        Type = type;
        _floating = floating;
        _integer = integer;
    }

    /// <summary>What the number was: <c>Int64</c> for every whole number, <c>Float64</c> for every floating-point number, <c>Bool</c>.</summary>
    public torch.ScalarType Type { get; }

    /// <summary>Whether it was a floating-point number.</summary>
    internal bool IsFloatingPoint => Type == torch.ScalarType.Float64;

    /// <summary>The number as a double; whole numbers past 2^53 are rounded.</summary>
    internal double AsDouble => IsFloatingPoint ? _floating : _integer;

    /// <summary>The number as a whole number; fractions are cut off.</summary>
    internal long AsInt64 => IsFloatingPoint ? (long)_floating : _integer;

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(byte value) => FromInteger(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(sbyte value) => FromInteger(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(short value) => FromInteger(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(int value) => FromInteger(value);

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(long value) => FromInteger(value);

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(Half value) => FromFloating((double)value);

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(float value) => FromFloating(value);

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(double value) => FromFloating(value);

    /// <summary>True or false.</summary>
    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, 0, value ? 1 : 0);

    /// <summary>Nothing to do: a scalar holds no memory of its own.</summary>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => Type switch
    {
        torch.ScalarType.Bool => _integer != 0 ? "True" : "False",
        torch.ScalarType.Int64 => _integer.ToString(CultureInfo.InvariantCulture),
        _ => _floating.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The number as an element of a tensor, converted as C# converts between numbers, without a check.</summary>
    internal T As<T>()
        where T : unmanaged, INumberBase<T> => IsFloatingPoint ? T.CreateTruncating(_floating) : T.CreateTruncating(_integer);

    private static Scalar FromInteger(long value) => new(torch.ScalarType.Int64, 0, value);

    private static Scalar FromFloating(double value) => new(torch.ScalarType.Float64, value, 0);
}

/// <summary>Numbers to scalars and back.</summary>
public static class ScalarExtensionMethods
{
    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this int value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this long value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this float value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this double value) => value;

    /// <summary>The number as a scalar.</summary>
    public static Scalar ToScalar(this byte value) => value;

    /// <summary>The value as a scalar.</summary>
    public static Scalar ToScalar(this bool value) => value;

    /// <summary>The scalar as a float.</summary>
    public static float ToSingle(this Scalar value) => (float)value.AsDouble;

    /// <summary>The scalar as a double.</summary>
    public static double ToDouble(this Scalar value) => value.AsDouble;

    /// <summary>The scalar as an int.</summary>
    public static int ToInt32(this Scalar value) => (int)value.AsInt64;

    /// <summary>The scalar as a long.</summary>
    public static long ToInt64(this Scalar value) => value.AsInt64;

    /// <summary>Whether the scalar is not zero.</summary>
    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
