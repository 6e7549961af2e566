namespace TorchSharp;

/// <summary>Facts about element types: size, kind, what two of them become together.</summary>
internal static class ScalarTypes
{
    /// <summary>Bytes an element takes.</summary>
    /// <exception cref="NotSupportedException">The engine has no tensors of this type.</exception>
    public static int Size(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 => 8,
        _ => throw new NotSupportedException($"TorchSharp.Managed has no {type} tensors; it has Byte, Int32, Int64, Float32, Float64 and Bool."),
    };

    public static bool IsFloatingPoint(torch.ScalarType type) => type is torch.ScalarType.Float32 or torch.ScalarType.Float64;

    public static bool IsInteger(torch.ScalarType type) => type is torch.ScalarType.Byte or torch.ScalarType.Int32 or torch.ScalarType.Int64;

    /// <summary>0 for bool, 1 for whole numbers, 2 for floating point: a higher category wins over a lower one, whatever the sizes.</summary>
    public static int Category(torch.ScalarType type) => IsFloatingPoint(type) ? 2 : IsInteger(type) ? 1 : 0;

    /// <summary>The smallest type that holds values of both, as <c>torch.promote_types</c> says.</summary>
    public static torch.ScalarType Promote(torch.ScalarType left, torch.ScalarType right)
    {
        if (left == right)
        {
            return left;
        }

        if (Category(left) != Category(right))
        {
            return Category(left) > Category(right) ? left : right;
        }

        // Within a category the enum's order is the order of size (Byte < Int32 < Int64, Float32 < Float64).
        return left > right ? left : right;
    }

    /// <summary>Whether values of one type may be written into a tensor of another in place: not from floating point into whole numbers, not from either into bool.</summary>
    public static bool CanCast(torch.ScalarType from, torch.ScalarType to) => Category(from) <= Category(to);

    /// <summary>The element type of a C# type.</summary>
    /// <exception cref="NotSupportedException">There are no tensors of this C# type.</exception>
    public static torch.ScalarType Of<T>() =>
        typeof(T) == typeof(float) ? torch.ScalarType.Float32
        : typeof(T) == typeof(double) ? torch.ScalarType.Float64
        : typeof(T) == typeof(long) ? torch.ScalarType.Int64
        : typeof(T) == typeof(int) ? torch.ScalarType.Int32
        : typeof(T) == typeof(byte) ? torch.ScalarType.Byte
        : typeof(T) == typeof(bool) ? torch.ScalarType.Bool
        : throw new NotSupportedException($"TorchSharp.Managed has no tensors of {typeof(T)}.");
}
