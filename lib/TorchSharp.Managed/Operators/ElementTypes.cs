namespace TorchSharp;

// Questions about element types and shapes without tensors' values.
public static partial class torch
{
    /// <summary>The smallest type that holds values of both.</summary>
    /// <exception cref="NotSupportedException">The engine has no tensors of one of the types.</exception>
    public static ScalarType promote_types(ScalarType type1, ScalarType type2)
    {
        _ = ScalarTypes.Size(type1) + ScalarTypes.Size(type2);
        return ScalarTypes.Promote(type1, type2);
    }

    /// <summary>The type of an operation on two tensors; single numbers count only where their kind (bool, whole, floating point) is higher.</summary>
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => TypePromotion.Of(Errors.Given(tensor1), tensor2);

    /// <summary>Whether values of one type may be written into a tensor of another in place: not from floating point into whole numbers, not from either into bool.</summary>
    /// <exception cref="NotSupportedException">The engine has no tensors of one of the types.</exception>
    public static bool can_cast(ScalarType from, ScalarType to)
    {
        _ = ScalarTypes.Size(from) + ScalarTypes.Size(to);
        return ScalarTypes.CanCast(from, to);
    }

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public static bool is_floating_point(Tensor input) => Errors.Given(input).is_floating_point();

    /// <summary>Whether a type is one of floating-point numbers.</summary>
    public static bool is_floating_point(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 || ScalarTypes.IsFloatingPoint(type);

    /// <summary>Whether the elements are whole numbers or truth values.</summary>
    public static bool is_integral(Tensor t) => Errors.Given(t).is_integral();

    /// <summary>Whether a type is one of whole numbers or truth values.</summary>
    public static bool is_integral(ScalarType type) => type is ScalarType.Int8 or ScalarType.Int16 or ScalarType.Bool || ScalarTypes.IsInteger(type);

    /// <inheritdoc cref="Tensor.is_nonzero"/>
    public static bool is_nonzero(Tensor input) => Errors.Given(input).is_nonzero();

    /// <summary>The shape to which tensors of these shapes are broadcast.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">They do not broadcast.</exception>
    public static Size broadcast_shapes(params long[][] shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        return new Size(shapes.Aggregate(Array.Empty<long>(), (sofar, shape) => Shapes.Broadcast("broadcast_shapes", sofar, shape)));
    }

    /// <inheritdoc cref="Tensor.randint_like"/>
    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Errors.Given(input).randint_like(low, high, dtype, device, requires_grad);

    public partial class Tensor
    {
        /// <summary>Whole numbers from low (included) to high (excluded) at random, in this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            randint(low, high, (long[])Shape.Clone(), dtype ?? this.dtype, device, requires_grad);
    }
}
