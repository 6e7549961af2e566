using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of operations on elements: shapes that do not broadcast, types that an operation has not, values read as another type.</summary>
internal static class ElementErrors
{
    public static readonly ErrorCase[] Cases =
    [
        // Shapes that do not broadcast.
        Of("add", () => Floats(2, 3).add(Floats(4, 3)), "add:", "[2, 3]", "[4, 3]", "broadcast"),
        Of("operator +", () => Floats(2, 3) + Floats(2), "add:", "[2, 3]", "[2]"),
        Of("operator -", () => Floats(2, 3) - Floats(2), "sub:", "[2, 3]", "[2]"),
        Of("operator *", () => Floats(2, 3) * Floats(2), "mul:", "[2, 3]", "[2]"),
        Of("operator /", () => Floats(2, 3) / Floats(2), "div:", "[2, 3]", "[2]"),
        Of("operator ==", () => Floats(5) == Floats(4), "eq:", "[5]", "[4]"),
        Of("pow", () => Floats(5).pow(Floats(4)), "pow:", "[5]", "[4]"),
        Of("maximum", () => maximum(Floats(5), Floats(4)), "maximum:", "[5]", "[4]"),
        Of("lt", () => Floats(5).lt(Floats(4)), "lt:", "[5]", "[4]"),
        Of("where", () => where(Bools(5), Floats(4), Floats(4)), "where:", "[5]", "[4]"),
        Of("lerp", () => lerp(Floats(5), Floats(4), Floats(4)), "lerp:", "[5]", "[4]"),
        Of("addcmul", () => Floats(5).addcmul(Floats(4), Floats(4), 1), "addcmul:", "[5]", "[4]"),
        Of("masked_fill", () => Floats(2, 3).masked_fill(Bools(2, 2), 0), "masked_fill:", "[2, 3]", "[2, 2]"),
        Of("atan2", () => Floats(5).atan2(Floats(4)), "atan2:", "[5]", "[4]"),
        Of("clamp with tensors", () => Floats(5).clamp(Floats(4)), "clamp", "[5]", "[4]"),
        Of("logical_and", () => Bools(5).logical_and(Bools(4)), "logical_and:", "[5]", "[4]"),
        Of("isclose", () => Floats(5).isclose(Floats(4)), "isclose:", "[5]", "[4]"),
        Of("copy_", () => Floats(5).copy_(Floats(4)), "copy_:", "[5]", "[4]"),
        Of("broadcast_tensors", () => broadcast_tensors(Floats(5), Floats(4)), "broadcast_tensors:", "[5]", "[4]"),

        // Types that an operation does not take.
        Of("subtraction of bools", () => Bools(2) - Bools(2), "sub:", "bool"),
        Of("negation of bools", () => -Bools(2), "neg:", "Bool", "[2]"),
        Of("bitwise_and of numbers with a fraction", () => Floats(2).bitwise_and(Floats(2)), "bitwise_and:", "Float32", "[2]"),
        Of("bitwise_not of numbers with a fraction", () => Floats(2).bitwise_not(), "bitwise_not:", "Float32", "[2]"),
        Of("gelu of whole numbers", () => Longs(2).gelu(), "gelu:", "Int64", "[2]"),
        Of("silu of whole numbers", () => Longs(2).silu(), "silu:", "Int64", "[2]"),
        Of("softmax of whole numbers", () => Longs(2, 3).softmax(1), "softmax:", "Int64", "[2, 3]"),
        Of("log_softmax of whole numbers", () => Longs(2, 3).log_softmax(1), "log_softmax:", "Int64", "[2, 3]"),
        Of("where with a condition of numbers", () => where(Floats(2), Floats(2), Floats(2)), "where:", "Float32", "[2]", "bool"),
        Of("masked_fill with a mask of numbers", () => Floats(2).masked_fill(Longs(2), 0), "masked_fill:", "Int64", "[2]", "bool"),
        Of("whole numbers to a negative power", () => Longs(2).pow(-1), "pow:", "Int64", "[2]", "-1"),
        Of("whole numbers by zero, rounded down", () => Longs(2).floor_divide(Longs(2)), "floor_divide:", "[2]", "zero"),
        Of("remainder of whole numbers by zero", () => Longs(2).remainder(Longs(2)), "remainder:", "[2]", "zero"),
        Of("addcdiv of whole numbers", () => Longs(2).addcdiv(Longs(2), Longs(2), 1), "addcdiv:", "Int64"),
        Of("add of whole numbers with a fraction of alpha", () => Longs(2).add(Longs(2), alpha: 0.5), "add:", "Int64", "0.5"),
        Of("lerp of two types", () => Floats(2).@double().lerp(Floats(2), Floats(2)), "lerp:", "Float64", "Float32"),
        Of("clamp without bounds", () => Floats(2).clamp((Scalar?)null), "clamp:", "[2]"),
        Of("masked_fill of whole numbers with a fraction", () => Longs(2).masked_fill(Bools(2), 0.5), "masked_fill:", "Int64", "0.5"),

        // Values.
        Of<ArgumentException>("item of several elements", () => Floats(2).item<float>(), "1"),
        Of<ArgumentException>("item of none", () => Floats(0).item<float>(), "1"),
        Of<ArgumentException>("item of another type", () => Floats(1).item<long>(), "Int64", "Float32"),
        Of<ArgumentException>("data of another type", () => Floats(2).data<long>(), "Int64", "Float32"),
        Of<ArgumentException>("data of a type that no tensor has", () => Floats(2).data<decimal>(), "Decimal", "Float32"),
        Of<ArgumentException>("conversion of several elements to a number", () => (float)Floats(2), "1", "[2]"),
        Of<ArgumentException>("conversion of several elements to a bool", () => Bools(2).ToBoolean(), "1"),
        Of<ArgumentException>("bytes of another length", () => { Floats(2).bytes = new byte[3]; }, "3", "8"),
        Of("tensor from numbers that do not fill the shape", () => tensor([1f, 2f, 3f], [2, 2]), "tensor:", "3", "[2, 2]"),

        // Types and devices that there are not.
        Of<NotSupportedException>("a type that there is not", () => Floats(2).to(ScalarType.Float16), "Float16"),
        Of<NotSupportedException>("zeros of a type that there is not", () => zeros(2, dtype: ScalarType.ComplexFloat32), "ComplexFloat32"),
        Of<NotSupportedException>("a device that there is not", () => Floats(2).to(device("cuda")), "to", "cuda"),
        Of<NotSupportedException>("cuda()", () => Floats(2).cuda(), "cuda"),
        Of<NotSupportedException>("zeros on another device", () => zeros(2, device: device("cuda")), "zeros", "cuda"),
        Of<ArgumentException>("a device's name that is none", () => device("toaster"), "toaster", "cpu"),
    ];
}
