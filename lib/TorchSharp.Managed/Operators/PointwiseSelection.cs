using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// Choosing between elements (maximum, minimum, clamp, where, masked_fill, nan_to_num) and mixing three of them (lerp, addcmul, addcdiv).
public static partial class torch
{
    /// <inheritdoc cref="Tensor.maximum(Tensor)"/>
    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    /// <inheritdoc cref="Tensor.maximum(Tensor)"/>
    public static Tensor max(Tensor input, Tensor other) => input.maximum(other);

    /// <inheritdoc cref="Tensor.minimum(Tensor)"/>
    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    /// <inheritdoc cref="Tensor.minimum(Tensor)"/>
    public static Tensor min(Tensor input, Tensor other) => input.minimum(other);

    /// <inheritdoc cref="Tensor.clamp(Scalar, Scalar)"/>
    public static Tensor clamp(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    /// <inheritdoc cref="Tensor.clamp(Tensor, Tensor)"/>
    public static Tensor clamp(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp(min, max);

    /// <inheritdoc cref="Tensor.clamp_(Scalar, Scalar)"/>
    public static Tensor clamp_(Tensor input, Scalar? min = null, Scalar? max = null) => input.clamp_(min, max);

    /// <inheritdoc cref="Tensor.clamp_(Tensor, Tensor)"/>
    public static Tensor clamp_(Tensor input, Tensor? min = null, Tensor? max = null) => input.clamp_(min, max);

    /// <summary>The element of x where the condition is true, that of y elsewhere; all three broadcast.</summary>
    /// <param name="condition">A bool tensor.</param>
    /// <param name="x">The elements where it is true.</param>
    /// <param name="y">The elements where it is false.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The condition is not bool, or the shapes do not broadcast.</exception>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Errors.Given(x).where(condition, y);

    /// <inheritdoc cref="Tensor.nan_to_num(double, double?, double?)"/>
    public static Tensor nan_to_num(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num(nan, posinf, neginf);

    /// <inheritdoc cref="Tensor.nan_to_num_(double, double?, double?)"/>
    public static Tensor nan_to_num_(Tensor input, double nan = 0, double? posinf = null, double? neginf = null) => input.nan_to_num_(nan, posinf, neginf);

    /// <inheritdoc cref="Tensor.lerp(Tensor, Tensor)"/>
    public static Tensor lerp(Tensor input, Tensor end, Tensor weight) => input.lerp(end, weight);

    /// <inheritdoc cref="Tensor.lerp_(Tensor, Tensor)"/>
    public static Tensor lerp_(Tensor input, Tensor end, Tensor weight) => input.lerp_(end, weight);

    /// <inheritdoc cref="Tensor.addcmul(Tensor, Tensor, Scalar)"/>
    public static Tensor addcmul(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul(tensor1, tensor2, value);

    /// <inheritdoc cref="Tensor.addcmul_(Tensor, Tensor, Scalar)"/>
    public static Tensor addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcmul_(tensor1, tensor2, value);

    /// <inheritdoc cref="Tensor.addcdiv(Tensor, Tensor)"/>
    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2) => input.addcdiv(tensor1, tensor2);

    /// <inheritdoc cref="Tensor.addcdiv_(Tensor, Tensor)"/>
    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2) => input.addcdiv_(tensor1, tensor2);

    /// <inheritdoc cref="Tensor.addcdiv(Tensor, Tensor, Scalar)"/>
    public static Tensor addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv(tensor1, tensor2, value);

    /// <inheritdoc cref="Tensor.addcdiv_(Tensor, Tensor, Scalar)"/>
    public static Tensor addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, Scalar value) => input.addcdiv_(tensor1, tensor2, value);

    /// <inheritdoc cref="Tensor.masked_fill"/>
    public static Tensor masked_fill(Tensor input, Tensor mask, Scalar value) => input.masked_fill(mask, value);

    /// <inheritdoc cref="Tensor.masked_fill_"/>
    public static Tensor masked_fill_(Tensor input, Tensor mask, Scalar value) => input.masked_fill_(mask, value);

    public partial class Tensor
    {
        /// <summary>The larger of two elements, broadcast; NaN where one is NaN. Equal elements share the gradient.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast.</exception>
        public Tensor maximum(Tensor other)
        {
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.maximum(y));
            }

            return Graph.Record("maximum", Zip<Maximum>("maximum", this, other), [this, other], [this, other], static (node, gradient) =>
            {
                var (x, y) = (node.Saved(0), node.Saved(1));
                var shared = torch.where(x.eq(y), gradient.mul(0.5), gradient);
                return
                [
                    node.Needs(0) ? ForInput(node, 0, shared.masked_fill(x.lt(y), 0)) : null,
                    node.Needs(1) ? ForInput(node, 1, shared.masked_fill(y.lt(x), 0)) : null,
                ];
            });
        }

        /// <inheritdoc cref="maximum(Tensor)"/>
        public Tensor max(Tensor other) => maximum(other);

        /// <summary>The smaller of two elements, broadcast; NaN where one is NaN. Equal elements share the gradient.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast.</exception>
        public Tensor minimum(Tensor other)
        {
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.minimum(y));
            }

            return Graph.Record("minimum", Zip<Minimum>("minimum", this, other), [this, other], [this, other], static (node, gradient) =>
            {
                var (x, y) = (node.Saved(0), node.Saved(1));
                var shared = torch.where(x.eq(y), gradient.mul(0.5), gradient);
                return
                [
                    node.Needs(0) ? ForInput(node, 0, shared.masked_fill(x.gt(y), 0)) : null,
                    node.Needs(1) ? ForInput(node, 1, shared.masked_fill(y.gt(x), 0)) : null,
                ];
            });
        }

        /// <inheritdoc cref="minimum(Tensor)"/>
        public Tensor min(Tensor other) => minimum(other);

        /// <summary>Each element, or the bound that it lies beyond. NaN stays.</summary>
        /// <param name="min">The lower bound; null for none.</param>
        /// <param name="max">The upper bound; null for none. Where it is below the lower one, it wins.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There is no bound at all, or the tensor is bool.</exception>
        public Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            if (min is null && max is null)
            {
                throw Errors.Of("clamp", $"at least one of 'min' or 'max' must not be null; the tensor's shape is {Shapes.Text(Shape)}");
            }

            var type = TypePromotion.Of(this, (min ?? max)!);
            type = max is null || ScalarTypes.Category(max.Type) <= ScalarTypes.Category(type) ? type : TypePromotion.Of(this, max);
            if (type != dtype)
            {
                using var converted = ConvertTo(type);
                return converted.clamp(min, max);
            }

            Refuse("clamp", ScalarType.Bool);
            var result = max is null ? Map<Maximum>(this, Operand.Of(min!, type))
                : min is null ? Map<Minimum>(this, Operand.Of(max, type))
                : Map<Clamp>(this, Operand.Of(min, type), Operand.Of(max, type));
            return Graph.Record("clamp", result, [this], [this], (node, gradient) =>
            {
                var x = node.Saved(0);
                var inside = max is null ? x.ge(min!) : min is null ? x.le(max) : x.ge(min).logical_and(x.le(max));
                return [gradient.masked_fill(inside.logical_not(), 0)];
            });
        }

        /// <summary>Each element, or the bound that it lies beyond, with bounds of its own for each element, broadcast. NaN stays.</summary>
        /// <param name="min">The lower bounds; null for none.</param>
        /// <param name="max">The upper bounds; null for none. Where one is below the lower one, it wins.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There is no bound at all, or the shapes do not broadcast.</exception>
        public Tensor clamp(Tensor? min = null, Tensor? max = null)
        {
            if (min is null || max is null)
            {
                return min is not null ? ClampOneSided(min, true)
                    : max is not null ? ClampOneSided(max, false)
                    : throw Errors.Of("clamp", $"at least one of 'min' or 'max' must not be null; the tensor's shape is {Shapes.Text(Shape)}");
            }

            var type = TypePromotion.Of(this, min, max);
            if (!BothAre(type, this, min) || max.dtype != type)
            {
                using var x = ConvertTo(type);
                using var lower = min.ConvertTo(type);
                using var upper = max.ConvertTo(type);
                return x.clamp(lower, upper);
            }

            var result = Allocate(type, Shapes.Broadcast("clamp", Shapes.Broadcast("clamp", Shape, min.Shape), max.Shape));
            Loops.Ternary(default(Clamp), this, min, max, result);
            return Graph.Record("clamp", result, [this, min, max], [this, min, max], static (node, gradient) =>
            {
                var (x, lower, upper) = (node.Saved(0), node.Saved(1), node.Saved(2));
                using var none = Number(0, gradient.dtype);
                return
                [
                    node.Needs(0) ? ForInput(node, 0, torch.where(x.ge(lower).logical_and(x.le(upper)), gradient, none)) : null,
                    node.Needs(1) ? ForInput(node, 1, torch.where(lower.lt(upper).logical_and(x.lt(lower)), gradient, none)) : null,
                    node.Needs(2) ? ForInput(node, 2, torch.where(x.gt(upper).logical_or(upper.lt(lower)), gradient, none)) : null,
                ];
            });
        }

        /// <inheritdoc cref="clamp(Scalar, Scalar)"/>
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        /// <summary>Each element, or the lower bound where it lies below.</summary>
        public Tensor clamp_min(Scalar min) => clamp(min, (Scalar?)null);

        /// <summary>Each element, or the upper bound where it lies above.</summary>
        public Tensor clamp_max(Scalar max) => clamp((Scalar?)null, max);

        /// <summary>Moves elements to the bound that they lie beyond. In place.</summary>
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => ApplyInPlace("clamp_", self => self.clamp(min, max));

        /// <summary>Moves elements to the bound that they lie beyond. In place.</summary>
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => ApplyInPlace("clamp_", self => self.clamp(min, max), min, max);

        /// <summary>Moves elements below the bound to it. In place.</summary>
        public Tensor clamp_min_(Scalar min) => clamp_(min, (Scalar?)null);

        /// <summary>Moves elements above the bound to it. In place.</summary>
        public Tensor clamp_max_(Scalar max) => clamp_((Scalar?)null, max);

        /// <summary>This element where the condition is true, that of <paramref name="y"/> elsewhere; all three broadcast.</summary>
        /// <param name="condition">A bool tensor.</param>
        /// <param name="y">The other elements.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The condition is not bool, or the shapes do not broadcast.</exception>
        public Tensor where(Tensor condition, Tensor y)
        {
            RequireCondition("where", condition);
            var type = TypePromotion.Of(this, y);
            if (!BothAre(type, this, y))
            {
                return AsType(type, this, y, (left, right) => left.where(condition, right));
            }

            var result = Allocate(type, Shapes.Broadcast("where", Shapes.Broadcast("where", Shape, y.Shape), condition.Shape));
            Loops.Select(condition, this, y, result);
            return Graph.Record("where", result, [condition, this, y], [condition], static (node, gradient) =>
            {
                var kept = node.Saved(0);
                return
                [
                    null,
                    node.Needs(1) ? ForInput(node, 1, gradient.Chosen(kept, true)) : null,
                    node.Needs(2) ? ForInput(node, 2, gradient.Chosen(kept, false)) : null,
                ];
            });
        }

        /// <summary>A number where the mask is true, this element elsewhere; both broadcast.</summary>
        /// <param name="mask">A bool tensor.</param>
        /// <param name="value">The number, converted to this type.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The mask is not bool, the shapes do not broadcast, or the number does not fit the type.</exception>
        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            RequireCondition("masked_fill", mask);
            RequireFits("masked_fill", value);
            var result = Allocate(dtype, Shapes.Broadcast("masked_fill", Shape, mask.Shape));
            Loops.Select(mask, Operand.Of(value, dtype), this, result);
            return Graph.Record("masked_fill", result, [this], [mask], static (node, gradient) => [ForInput(node, 0, gradient.masked_fill(node.Saved(0), 0))]);
        }

        /// <summary>Writes a number where the mask is true. In place.</summary>
        /// <inheritdoc cref="masked_fill"/>
        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            RequireCondition("masked_fill_", mask);
            RequireFits("masked_fill_", value);
            if (Graph.IsRecording(this) || mask.Storage == Storage || !BroadcastsTo(mask.Shape, Shape))
            {
                return ApplyInPlace("masked_fill_", self => self.masked_fill(mask, value), mask);
            }

            CheckInPlace("masked_fill_");
            Loops.Select(mask, Operand.Of(value, dtype), this, this);
            Storage.Changed();
            return this;
        }

        /// <summary>This tensor with its special values replaced.</summary>
        /// <param name="nan">What NaN becomes.</param>
        /// <param name="posinf">What infinity becomes; the largest finite number by default.</param>
        /// <param name="neginf">What minus infinity becomes; the smallest finite number by default.</param>
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null)
        {
            if (!IsFloating)
            {
                return clone();
            }

            var largest = dtype == ScalarType.Float32 ? float.MaxValue : double.MaxValue;
            using var isNan = isnan();
            using var isHigh = isposinf();
            using var isLow = isneginf();
            var result = Allocate(dtype, Shape);
            Loops.Select(isNan, Operand.Of(nan, dtype), this, result);
            Loops.Select(isHigh, Operand.Of(posinf ?? largest, dtype), result, result);
            Loops.Select(isLow, Operand.Of(neginf ?? -largest, dtype), result, result);
            return Graph.Record("nan_to_num", result, [this], [this], static (node, gradient) => [gradient.mul(node.Saved(0).isfinite())]);
        }

        /// <summary>Replaces special values. In place.</summary>
        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) => ApplyInPlace("nan_to_num_", self => self.nan_to_num(nan, posinf, neginf));

        /// <summary>The point between this tensor (weight 0) and another (weight 1), element by element, broadcast.</summary>
        /// <param name="end">Where weight 1 leads.</param>
        /// <param name="weight">How far to go.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or the types differ or are not floating point.</exception>
        public Tensor lerp(Tensor end, Tensor weight)
        {
            ArgumentNullException.ThrowIfNull(end);
            ArgumentNullException.ThrowIfNull(weight);
            RequireFloating("lerp");
            if (end.dtype != dtype || weight.dtype != dtype)
            {
                throw Errors.Of("lerp", $"the tensors must have one type; they have {dtype}, {end.dtype} and {weight.dtype}");
            }

            var result = Allocate(dtype, Shapes.Broadcast("lerp", Shapes.Broadcast("lerp", Shape, end.Shape), weight.Shape));
            Loops.Ternary(default(Lerp), this, end, weight, result);
            return Graph.Record("lerp", result, [this, end, weight], [this, end, weight], static (node, gradient) =>
            [
                node.Needs(0) ? ForInput(node, 0, gradient.sub(gradient.mul(node.Saved(2)))) : null,
                node.Needs(1) ? ForInput(node, 1, gradient.mul(node.Saved(2))) : null,
                node.Needs(2) ? ForInput(node, 2, gradient.mul(node.Saved(1).sub(node.Saved(0)))) : null,
            ]);
        }

        /// <summary>Moves towards another tensor. In place.</summary>
        public Tensor lerp_(Tensor end, Tensor weight) => ApplyInPlace("lerp_", self => self.lerp(end, weight), end, weight);

        /// <summary>This tensor plus value times tensor1 times tensor2, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast.</exception>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            var type = TypePromotion.Of(this, tensor1, tensor2);
            if (!BothAre(type, this, tensor1) || tensor2.dtype != type)
            {
                using var x = ConvertTo(type);
                using var y = tensor1.ConvertTo(type);
                using var z = tensor2.ConvertTo(type);
                return x.addcmul(y, z, value);
            }

            Refuse("addcmul", ScalarType.Bool);
            var result = Allocate(type, Shapes.Broadcast("addcmul", Shapes.Broadcast("addcmul", Shape, tensor1.Shape), tensor2.Shape));
            Loops.Ternary(new AddProduct(value), this, tensor1, tensor2, result);
            return Graph.Record("addcmul", result, [this, tensor1, tensor2], [tensor1, tensor2], (node, gradient) =>
            [
                ForInput(node, 0, gradient),
                node.Needs(1) ? ForInput(node, 1, gradient.mul(node.Saved(1).mul(value))) : null,
                node.Needs(2) ? ForInput(node, 2, gradient.mul(node.Saved(0).mul(value))) : null,
            ]);
        }

        /// <summary>Adds value times tensor1 times tensor2. In place.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => ApplyInPlace("addcmul_", self => self.addcmul(tensor1, tensor2, value), tensor1, tensor2);

        /// <summary>This tensor plus tensor1 / tensor2, element by element, broadcast.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdiv(tensor1, tensor2, 1);

        /// <summary>This tensor plus value times tensor1 / tensor2, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or a quotient of whole numbers is asked for.</exception>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            ArgumentNullException.ThrowIfNull(tensor1);
            ArgumentNullException.ThrowIfNull(tensor2);
            if (!tensor1.IsFloating && !tensor2.IsFloating)
            {
                throw Errors.Of("addcdiv", $"integer division with addcdiv is not supported; tensor1 is {tensor1.dtype} and tensor2 {tensor2.dtype}");
            }

            var type = TypePromotion.Of(this, tensor1, tensor2);
            if (!BothAre(type, this, tensor1) || tensor2.dtype != type)
            {
                using var x = ConvertTo(type);
                using var y = tensor1.ConvertTo(type);
                using var z = tensor2.ConvertTo(type);
                return x.addcdiv(y, z, value);
            }

            var result = Allocate(type, Shapes.Broadcast("addcdiv", Shapes.Broadcast("addcdiv", Shape, tensor1.Shape), tensor2.Shape));
            Loops.Ternary(new AddQuotient(value), this, tensor1, tensor2, result);
            return Graph.Record("addcdiv", result, [this, tensor1, tensor2], [tensor1, tensor2], (node, gradient) =>
            [
                ForInput(node, 0, gradient),
                node.Needs(1) ? ForInput(node, 1, gradient.mul(value).div(node.Saved(1))) : null,
                node.Needs(2) ? ForInput(node, 2, gradient.neg().mul(node.Saved(0).mul(value).div(node.Saved(1).mul(node.Saved(1))))) : null,
            ]);
        }

        /// <summary>Adds tensor1 / tensor2. In place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => ApplyInPlace("addcdiv_", self => self.addcdiv(tensor1, tensor2), tensor1, tensor2);

        /// <summary>Adds value times tensor1 / tensor2. In place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => ApplyInPlace("addcdiv_", self => self.addcdiv(tensor1, tensor2, value), tensor1, tensor2);

        /// <summary>This tensor where the condition has the given value, zero elsewhere.</summary>
        private Tensor Chosen(Tensor condition, bool when)
        {
            using var none = Number(0, dtype);
            return when ? where(condition, none) : none.where(condition, this);
        }

        private Tensor ClampOneSided(Tensor bound, bool isLower)
        {
            var type = TypePromotion.Of(this, bound);
            if (!BothAre(type, this, bound))
            {
                return AsType(type, this, bound, (x, y) => x.ClampOneSided(y, isLower));
            }

            var result = isLower ? Zip<Maximum>("clamp", this, bound) : Zip<Minimum>("clamp", this, bound);
            return Graph.Record("clamp", result, [this, bound], [this, bound], (node, gradient) =>
            {
                var inside = isLower ? node.Saved(0).ge(node.Saved(1)) : node.Saved(0).le(node.Saved(1));
                var outside = isLower ? node.Saved(0).lt(node.Saved(1)) : node.Saved(0).gt(node.Saved(1));
                return [node.Needs(0) ? ForInput(node, 0, gradient.Chosen(inside, true)) : null, node.Needs(1) ? ForInput(node, 1, gradient.Chosen(outside, true)) : null];
            });
        }

        private static void RequireCondition(string name, Tensor condition)
        {
            ArgumentNullException.ThrowIfNull(condition);
            if (condition.dtype != ScalarType.Bool)
            {
                throw Errors.Of(name, $"expected a bool tensor as condition or mask, got {condition.dtype} {Shapes.Text(condition.Shape)}");
            }
        }

        private void RequireFits(string name, Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!IsFloating && value.IsFloatingPoint && value.AsDouble != Math.Truncate(value.AsDouble))
            {
                throw Errors.Of(name, $"value {value} cannot be converted to type {dtype}; the tensor's shape is {Shapes.Text(Shape)}");
            }
        }
    }
}
