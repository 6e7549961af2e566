namespace TorchSharp;

public static partial class torch
{
    /// <summary>What the elements of a tensor are. The numbers are libtorch's, and stand in saved files.</summary>
    /// <remarks>This engine computes with <see cref="Byte"/>, <see cref="Int32"/>, <see cref="Int64"/>, <see cref="Float32"/>, <see cref="Float64"/> and <see cref="Bool"/>;
    /// asking for a tensor of another type throws <see cref="NotSupportedException"/>.</remarks>
    public enum ScalarType : sbyte
    {
        /// <summary>Whole numbers from 0 to 255.</summary>
        Byte = 0,

        /// <summary>8-bit whole numbers (not supported by this engine).</summary>
        Int8 = 1,

        /// <summary>16-bit whole numbers (not supported by this engine).</summary>
        Int16 = 2,

        /// <summary>32-bit whole numbers.</summary>
        Int32 = 3,

        /// <summary>64-bit whole numbers.</summary>
        Int64 = 4,

        /// <summary>IEEE half precision (not supported by this engine).</summary>
        Float16 = 5,

        /// <summary>IEEE single precision.</summary>
        Float32 = 6,

        /// <summary>IEEE double precision.</summary>
        Float64 = 7,

        /// <summary>Complex numbers of two floats (not supported by this engine).</summary>
        ComplexFloat32 = 9,

        /// <summary>Complex numbers of two doubles (not supported by this engine).</summary>
        ComplexFloat64 = 10,

        /// <summary>True or false, one byte each.</summary>
        Bool = 11,

        /// <summary>Brain floating point (not supported by this engine).</summary>
        BFloat16 = 15,
    }

    /// <summary>Whole numbers from 0 to 255.</summary>
    public const ScalarType uint8 = ScalarType.Byte;

    /// <summary>32-bit whole numbers.</summary>
    public const ScalarType int32 = ScalarType.Int32;

    /// <summary>32-bit whole numbers.</summary>
    public const ScalarType @int = ScalarType.Int32;

    /// <summary>64-bit whole numbers.</summary>
    public const ScalarType int64 = ScalarType.Int64;

    /// <summary>64-bit whole numbers.</summary>
    public const ScalarType @long = ScalarType.Int64;

    /// <summary>IEEE single precision.</summary>
    public const ScalarType float32 = ScalarType.Float32;

    /// <summary>IEEE single precision.</summary>
    public const ScalarType @float = ScalarType.Float32;

    /// <summary>IEEE double precision.</summary>
    public const ScalarType float64 = ScalarType.Float64;

    /// <summary>IEEE double precision.</summary>
    public const ScalarType @double = ScalarType.Float64;

    /// <summary>True or false.</summary>
    public const ScalarType @bool = ScalarType.Bool;
}
