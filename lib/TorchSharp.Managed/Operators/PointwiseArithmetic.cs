using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// Arithmetic of two operands: add, sub, mul, div, floor_divide, fmod, remainder, with their gradients and in-place forms.
public static partial class torch
{
    /// <summary>What becomes of the fraction of a quotient.</summary>
    public enum RoundingMode
    {
        /// <summary>It stays: true division, in floating point.</summary>
        None = 0,

        /// <summary>It is cut off, towards zero.</summary>
        trunc = 1,

        /// <summary>The quotient is rounded down, as Python's <c>//</c> does.</summary>
        floor = 2,
    }

    /// <inheritdoc cref="Tensor.add(Tensor)"/>
    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    /// <inheritdoc cref="Tensor.add_(Tensor)"/>
    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);

    /// <inheritdoc cref="Tensor.add(Scalar)"/>
    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    /// <inheritdoc cref="Tensor.add_(Scalar)"/>
    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);

    /// <inheritdoc cref="Tensor.add(Tensor, Scalar)"/>
    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    /// <inheritdoc cref="Tensor.add_(Tensor, Scalar)"/>
    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);

    /// <inheritdoc cref="Tensor.add(Scalar, Scalar)"/>
    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);

    /// <inheritdoc cref="Tensor.add_(Scalar, Scalar)"/>
    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);

    /// <inheritdoc cref="Tensor.sub(Tensor)"/>
    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    /// <inheritdoc cref="Tensor.sub_(Tensor)"/>
    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);

    /// <inheritdoc cref="Tensor.sub(Scalar)"/>
    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    /// <inheritdoc cref="Tensor.sub_(Scalar)"/>
    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);

    /// <inheritdoc cref="Tensor.subtract(Tensor)"/>
    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);

    /// <inheritdoc cref="Tensor.subtract_(Tensor)"/>
    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);

    /// <inheritdoc cref="Tensor.subtract(Scalar)"/>
    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);

    /// <inheritdoc cref="Tensor.subtract_(Scalar)"/>
    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);

    /// <inheritdoc cref="Tensor.mul(Tensor)"/>
    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    /// <inheritdoc cref="Tensor.mul_(Tensor)"/>
    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);

    /// <inheritdoc cref="Tensor.mul(Scalar)"/>
    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    /// <inheritdoc cref="Tensor.mul_(Scalar)"/>
    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);

    /// <inheritdoc cref="Tensor.multiply(Tensor)"/>
    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);

    /// <inheritdoc cref="Tensor.multiply_(Tensor)"/>
    public static Tensor multiply_(Tensor left, Tensor right) => left.multiply_(right);

    /// <inheritdoc cref="Tensor.multiply(Scalar)"/>
    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);

    /// <inheritdoc cref="Tensor.multiply_(Scalar)"/>
    public static Tensor multiply_(Tensor left, Scalar right) => left.multiply_(right);

    /// <inheritdoc cref="Tensor.div(Tensor, RoundingMode)"/>
    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    /// <inheritdoc cref="Tensor.div_(Tensor, RoundingMode)"/>
    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    /// <inheritdoc cref="Tensor.div(Scalar, RoundingMode)"/>
    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    /// <inheritdoc cref="Tensor.div_(Scalar, RoundingMode)"/>
    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    /// <inheritdoc cref="Tensor.divide(Tensor, RoundingMode)"/>
    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    /// <inheritdoc cref="Tensor.divide_(Tensor, RoundingMode)"/>
    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide_(right, rounding_mode);

    /// <inheritdoc cref="Tensor.divide(Scalar, RoundingMode)"/>
    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    /// <inheritdoc cref="Tensor.divide_(Scalar, RoundingMode)"/>
    public static Tensor divide_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.divide_(right, rounding_mode);

    /// <inheritdoc cref="Tensor.true_divide(Tensor)"/>
    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);

    /// <inheritdoc cref="Tensor.true_divide_(Tensor)"/>
    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);

    /// <inheritdoc cref="Tensor.true_divide(Scalar)"/>
    public static Tensor true_divide(Tensor dividend, Scalar divisor) => dividend.true_divide(divisor);

    /// <inheritdoc cref="Tensor.true_divide_(Scalar)"/>
    public static Tensor true_divide_(Tensor dividend, Scalar divisor) => dividend.true_divide_(divisor);

    /// <inheritdoc cref="Tensor.floor_divide(Tensor)"/>
    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    /// <inheritdoc cref="Tensor.floor_divide_(Tensor)"/>
    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);

    /// <inheritdoc cref="Tensor.floor_divide(Scalar)"/>
    public static Tensor floor_divide(Tensor input, Scalar other) => input.floor_divide(other);

    /// <inheritdoc cref="Tensor.floor_divide_(Scalar)"/>
    public static Tensor floor_divide_(Tensor input, Scalar other) => input.floor_divide_(other);

    /// <inheritdoc cref="Tensor.fmod(Tensor)"/>
    public static Tensor fmod(Tensor left, Tensor right) => left.fmod(right);

    /// <inheritdoc cref="Tensor.fmod_(Tensor)"/>
    public static Tensor fmod_(Tensor left, Tensor right) => left.fmod_(right);

    /// <inheritdoc cref="Tensor.fmod(Scalar)"/>
    public static Tensor fmod(Tensor left, Scalar right) => left.fmod(right);

    /// <inheritdoc cref="Tensor.fmod_(Scalar)"/>
    public static Tensor fmod_(Tensor left, Scalar right) => left.fmod_(right);

    /// <inheritdoc cref="Tensor.remainder(Tensor)"/>
    public static Tensor remainder(Tensor left, Tensor right) => left.remainder(right);

    /// <inheritdoc cref="Tensor.remainder_(Tensor)"/>
    public static Tensor remainder_(Tensor left, Tensor right) => left.remainder_(right);

    /// <inheritdoc cref="Tensor.remainder(Scalar)"/>
    public static Tensor remainder(Tensor left, Scalar right) => left.remainder(right);

    /// <inheritdoc cref="Tensor.remainder_(Scalar)"/>
    public static Tensor remainder_(Tensor left, Scalar right) => left.remainder_(right);

    public unsafe partial class Tensor
    {
        /// <summary>This tensor plus another, element by element, broadcast; of two bool tensors: "or".</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast.</exception>
        public Tensor add(Tensor target)
        {
            var type = TypePromotion.Of(this, target);
            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, static (x, y) => x.add(y));
            }

            var result = type == ScalarType.Bool ? Zip<BitwiseOr>("add", this, target) : Zip<Add>("add", this, target);
            return Graph.Record("add", result, [this, target], [], static (node, gradient) => [ForInput(node, 0, gradient), ForInput(node, 1, gradient)]);
        }

        /// <summary>This tensor plus a number.</summary>
        public Tensor add(Scalar scalar)
        {
            var type = TypePromotion.Of(this, scalar);
            if (type != dtype)
            {
                using var converted = ConvertTo(type);
                return converted.add(scalar);
            }

            var number = Operand.Of(scalar, type);
            var result = type == ScalarType.Bool ? Map<BitwiseOr>(this, number) : Map<Add>(this, number);
            return Graph.Record("add", result, [this], [], static (_, gradient) => [gradient]);
        }

        /// <summary>This tensor plus alpha times another; in floating point with one rounding.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or alpha has a fraction and the tensors have none.</exception>
        public Tensor add(Tensor target, Scalar alpha) => AddScaled("add", target, alpha);

        /// <summary>This tensor plus alpha times a number.</summary>
        public Tensor add(Scalar scalar, Scalar alpha) => add(Product(scalar, alpha));

        /// <summary>This tensor minus another, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or one of the tensors is bool.</exception>
        public Tensor sub(Tensor target)
        {
            ArgumentNullException.ThrowIfNull(target);
            RefuseToSubtract(dtype, target.dtype);
            var type = TypePromotion.Of(this, target);
            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, static (x, y) => x.sub(y));
            }

            return Graph.Record("sub", Zip<Subtract>("sub", this, target), [this, target], [], static (node, gradient) =>
                [ForInput(node, 0, gradient), node.Needs(1) ? ForInput(node, 1, gradient.neg()) : null]);
        }

        /// <summary>This tensor minus a number.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor or the number is bool.</exception>
        public Tensor sub(Scalar target)
        {
            ArgumentNullException.ThrowIfNull(target);
            RefuseToSubtract(dtype, target.Type);
            var type = TypePromotion.Of(this, target);
            if (type != dtype)
            {
                using var converted = ConvertTo(type);
                return converted.sub(target);
            }

            return Graph.Record("sub", Map<Subtract>(this, Operand.Of(target, type)), [this], [], static (_, gradient) => [gradient]);
        }

        /// <summary>This tensor minus alpha times another; in floating point with one rounding.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or alpha has a fraction and the tensors have none.</exception>
        public Tensor sub(Tensor target, Scalar alpha)
        {
            ArgumentNullException.ThrowIfNull(target);
            RefuseToSubtract(dtype, target.dtype);
            return AddScaled("sub", target, Product(alpha, -1));
        }

        /// <summary>This tensor times another, element by element, broadcast; of two bool tensors: "and".</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast.</exception>
        public Tensor mul(Tensor target)
        {
            var type = TypePromotion.Of(this, target);
            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, static (x, y) => x.mul(y));
            }

            var result = type == ScalarType.Bool ? Zip<BitwiseAnd>("mul", this, target) : Zip<Multiply>("mul", this, target);
            return Graph.Record("mul", result, [this, target], [target.requires_grad ? this : null, requires_grad ? target : null], static (node, gradient) =>
            [
                node.Needs(0) ? ForInput(node, 0, gradient.mul(node.Saved(1))) : null,
                node.Needs(1) ? ForInput(node, 1, gradient.mul(node.Saved(0))) : null,
            ]);
        }

        /// <summary>This tensor times a number.</summary>
        public Tensor mul(Scalar target)
        {
            var type = TypePromotion.Of(this, target);
            if (type != dtype)
            {
                using var converted = ConvertTo(type);
                return converted.mul(target);
            }

            var number = Operand.Of(target, type);
            var result = type == ScalarType.Bool ? Map<BitwiseAnd>(this, number) : Map<Multiply>(this, number);
            return Graph.Record("mul", result, [this], [], (_, gradient) => [gradient.mul(target)]);
        }

        /// <summary>This tensor divided by another, element by element, broadcast. Without rounding the result is floating point.</summary>
        /// <param name="target">The divisors.</param>
        /// <param name="rounding_mode">What becomes of the fraction; with rounding the type stays, and gradients are zero.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or a whole number is divided by zero with rounding.</exception>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Quotient("div", target, rounding_mode);

        private Tensor Quotient(string name, Tensor target, RoundingMode rounding_mode)
        {
            var type = TypePromotion.Of(this, target);
            type = rounding_mode == RoundingMode.None ? TypePromotion.Floating(type) : type;
            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, (x, y) => x.Quotient(name, y, rounding_mode));
            }

            if (rounding_mode != RoundingMode.None)
            {
                return DivideRounding(name, target, rounding_mode);
            }

            return Graph.Record("div", Zip<Divide>("div", this, target), [this, target], [requires_grad || target.requires_grad ? this : null, requires_grad || target.requires_grad ? target : null], static (node, gradient) =>
            [
                node.Needs(0) ? ForInput(node, 0, gradient.div(node.Saved(1))) : null,
                node.Needs(1) ? ForInput(node, 1, gradient.neg().mul(node.Saved(0).div(node.Saved(1)).div(node.Saved(1)))) : null,
            ]);
        }

        /// <summary>This tensor divided by a number; see <see cref="div(Tensor, RoundingMode)"/>.</summary>
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            var type = TypePromotion.Of(this, target);
            type = rounding_mode == RoundingMode.None ? TypePromotion.Floating(type) : type;
            if (rounding_mode != RoundingMode.None)
            {
                using var number = Number(target, type);
                return div(number, rounding_mode);
            }

            if (type != dtype)
            {
                using var converted = ConvertTo(type);
                return converted.div(target);
            }

            return Graph.Record("div", Map<Divide>(this, Operand.Of(target, type)), [this], [], (_, gradient) => [gradient.div(target)]);
        }

        /// <inheritdoc cref="sub(Tensor)"/>
        public Tensor subtract(Tensor target) => sub(target);

        /// <inheritdoc cref="sub_(Tensor)"/>
        public Tensor subtract_(Tensor target) => sub_(target);

        /// <inheritdoc cref="sub(Scalar)"/>
        public Tensor subtract(Scalar target) => sub(target);

        /// <inheritdoc cref="sub_(Scalar)"/>
        public Tensor subtract_(Scalar target) => sub_(target);

        /// <inheritdoc cref="mul(Tensor)"/>
        public Tensor multiply(Tensor target) => mul(target);

        /// <inheritdoc cref="mul_(Tensor)"/>
        public Tensor multiply_(Tensor target) => mul_(target);

        /// <inheritdoc cref="mul(Scalar)"/>
        public Tensor multiply(Scalar target) => mul(target);

        /// <inheritdoc cref="mul_(Scalar)"/>
        public Tensor multiply_(Scalar target) => mul_(target);

        /// <inheritdoc cref="div(Tensor, RoundingMode)"/>
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        /// <inheritdoc cref="div_(Tensor, RoundingMode)"/>
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        /// <inheritdoc cref="div(Scalar, RoundingMode)"/>
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        /// <inheritdoc cref="div_(Scalar, RoundingMode)"/>
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        /// <summary>This tensor divided by another, in floating point.</summary>
        public Tensor true_divide(Tensor other) => div(other);

        /// <summary>Divides by another tensor. In place.</summary>
        public Tensor true_divide_(Tensor other) => div_(other);

        /// <summary>This tensor divided by a number, in floating point.</summary>
        public Tensor true_divide(Scalar other) => div(other);

        /// <summary>Divides by a number. In place.</summary>
        public Tensor true_divide_(Scalar other) => div_(other);

        /// <summary>This tensor divided by another and rounded down.</summary>
        public Tensor floor_divide(Tensor other) => Quotient("floor_divide", other, RoundingMode.floor);

        /// <summary>This tensor divided by a number and rounded down.</summary>
        public Tensor floor_divide(Scalar other) => div(other, RoundingMode.floor);

        /// <summary>What is left of this tensor after taking away whole multiples of another, with this tensor's sign.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or whole numbers are divided by zero.</exception>
        public Tensor fmod(Tensor target)
        {
            var type = TypePromotion.Of(this, target);
            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, static (x, y) => x.fmod(y));
            }

            RequireDivisible("fmod", target);
            return Graph.Record("fmod", ZipScalars<Fmod>("fmod", this, target), [this, target], [this, target], static (node, gradient) =>
            [
                ForInput(node, 0, gradient),
                node.Needs(1) ? ForInput(node, 1, gradient.neg().mul(node.Saved(0).div(node.Saved(1), RoundingMode.trunc))) : null,
            ]);
        }

        /// <summary>What is left of this tensor after taking away whole multiples of a number, with this tensor's sign.</summary>
        public Tensor fmod(Scalar scalar)
        {
            using var number = Number(scalar, TypePromotion.Of(this, scalar));
            return fmod(number);
        }

        /// <summary>What is left of this tensor after taking away whole multiples of another, with the other's sign: Python's <c>%</c>.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or whole numbers are divided by zero.</exception>
        public Tensor remainder(Tensor target)
        {
            var type = TypePromotion.Of(this, target);
            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, static (x, y) => x.remainder(y));
            }

            RequireDivisible("remainder", target);
            return Graph.Record("remainder", ZipScalars<Remainder>("remainder", this, target), [this, target], [this, target], static (node, gradient) =>
            [
                ForInput(node, 0, gradient),
                node.Needs(1) ? ForInput(node, 1, gradient.neg().mul(node.Saved(0).div(node.Saved(1), RoundingMode.floor))) : null,
            ]);
        }

        /// <summary>What is left of this tensor after taking away whole multiples of a number, with the number's sign: Python's <c>%</c>.</summary>
        public Tensor remainder(Scalar scalar)
        {
            using var number = Number(scalar, TypePromotion.Of(this, scalar));
            return remainder(number);
        }

        /// <summary>Adds another tensor. In place.</summary>
        public Tensor add_(Tensor target) => dtype != ScalarType.Bool && TakesDirectly(TypePromotion.Of(this, target), target)
            ? WriteDirectly<Add>("add_", target)
            : ApplyInPlace("add_", self => self.add(target), target);

        /// <summary>Adds a number. In place.</summary>
        public Tensor add_(Scalar scalar) => dtype != ScalarType.Bool && TakesDirectly(TypePromotion.Of(this, scalar), null)
            ? WriteDirectly<Add>("add_", Operand.Of(scalar, dtype))
            : ApplyInPlace("add_", self => self.add(scalar));

        /// <summary>Subtracts another tensor. In place.</summary>
        public Tensor sub_(Tensor target) => dtype != ScalarType.Bool && TakesDirectly(TypePromotion.Of(this, target), target)
            ? WriteDirectly<Subtract>("sub_", target)
            : ApplyInPlace("sub_", self => self.sub(target), target);

        /// <summary>Subtracts a number. In place.</summary>
        public Tensor sub_(Scalar target) => dtype != ScalarType.Bool && Errors.Given(target).Type != ScalarType.Bool && TakesDirectly(TypePromotion.Of(this, target), null)
            ? WriteDirectly<Subtract>("sub_", Operand.Of(target, dtype))
            : ApplyInPlace("sub_", self => self.sub(target));

        /// <summary>Multiplies by another tensor. In place.</summary>
        public Tensor mul_(Tensor target) => dtype != ScalarType.Bool && TakesDirectly(TypePromotion.Of(this, target), target)
            ? WriteDirectly<Multiply>("mul_", target)
            : ApplyInPlace("mul_", self => self.mul(target), target);

        /// <summary>Multiplies by a number. In place.</summary>
        public Tensor mul_(Scalar target) => dtype != ScalarType.Bool && TakesDirectly(TypePromotion.Of(this, target), null)
            ? WriteDirectly<Multiply>("mul_", Operand.Of(target, dtype))
            : ApplyInPlace("mul_", self => self.mul(target));

        /// <summary>Adds alpha times another tensor. In place.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => ApplyInPlace("add_", self => self.add(target, alpha), target);

        /// <summary>Adds alpha times a number. In place.</summary>
        public Tensor add_(Scalar scalar, Scalar alpha) => ApplyInPlace("add_", self => self.add(scalar, alpha));

        /// <summary>Subtracts alpha times another tensor. In place.</summary>
        public Tensor sub_(Tensor target, Scalar alpha) => ApplyInPlace("sub_", self => self.sub(target, alpha), target);

        /// <summary>Divides by another tensor. In place.</summary>
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => ApplyInPlace("div_", self => self.div(target, rounding_mode), target);

        /// <summary>Divides by a number. In place.</summary>
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => ApplyInPlace("div_", self => self.div(target, rounding_mode));

        /// <summary>Divides by another tensor and rounds down. In place.</summary>
        public Tensor floor_divide_(Tensor other) => ApplyInPlace("floor_divide_", self => self.floor_divide(other), other);

        /// <summary>Divides by a number and rounds down. In place.</summary>
        public Tensor floor_divide_(Scalar other) => ApplyInPlace("floor_divide_", self => self.floor_divide(other));

        /// <summary>Takes whole multiples of another tensor away; the sign stays. In place.</summary>
        public Tensor fmod_(Tensor target) => ApplyInPlace("fmod_", self => self.fmod(target), target);

        /// <summary>Takes whole multiples of a number away; the sign stays. In place.</summary>
        public Tensor fmod_(Scalar scalar) => ApplyInPlace("fmod_", self => self.fmod(scalar));

        /// <summary>Takes whole multiples of another tensor away; the sign becomes the divisor's. In place.</summary>
        public Tensor remainder_(Tensor target) => ApplyInPlace("remainder_", self => self.remainder(target), target);

        /// <summary>Takes whole multiples of a number away; the sign becomes the divisor's. In place.</summary>
        public Tensor remainder_(Scalar scalar) => ApplyInPlace("remainder_", self => self.remainder(scalar));

        /// <summary>A gradient of the broadcast shape, summed up to the shape of input i; null where that needs none.</summary>
        private static Tensor? ForInput(Node node, int i, Tensor gradient) => node.Needs(i) ? gradient.SumTo(node.InputShape(i)) : null;

        private static bool BothAre(ScalarType type, Tensor x, Tensor y) => x.dtype == type && y.dtype == type;

        /// <summary>An operation on two tensors after converting them to one type; the conversions are recorded.</summary>
        private static Tensor AsType(ScalarType type, Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> operation)
        {
            using var left = x.ConvertTo(type);
            using var right = y.ConvertTo(type);
            return operation(left, right);
        }

        private static void RefuseToSubtract(ScalarType left, ScalarType right)
        {
            if (left == ScalarType.Bool || right == ScalarType.Bool)
            {
                throw Errors.Of("sub", $"subtraction with bools is not supported (here {left} - {right}); use the ^ operator, logical_xor() or logical_not() instead");
            }
        }

        private static Scalar Product(Scalar x, Scalar y) => Errors.Given(x).IsFloatingPoint | Errors.Given(y).IsFloatingPoint ? x.AsDouble * y.AsDouble : x.AsInt64 * y.AsInt64;

        private Tensor AddScaled(string name, Tensor target, Scalar alpha)
        {
            ArgumentNullException.ThrowIfNull(alpha);
            var type = TypePromotion.Of(this, target);
            if (ScalarTypes.Category(alpha.Type) > ScalarTypes.Category(type))
            {
                throw Errors.Of(name, $"for tensors of type {type}, argument alpha must not be {(alpha.IsFloatingPoint ? "a floating point number" : "a whole number")}; it was {alpha}");
            }

            if (!BothAre(type, this, target))
            {
                return AsType(type, this, target, (x, y) => x.AddScaled(name, y, alpha));
            }

            if (type == ScalarType.Bool)
            {
                return alpha.AsInt64 != 0 ? add(target) : expand(Shapes.Broadcast(name, Shape, target.Shape)).clone();
            }

            var result = Allocate(type, Shapes.Broadcast(name, Shape, target.Shape));
            Loops.Ternary(default(PointwiseKernels.AddScaled), this, target, Operand.Of(alpha, type), result);
            return Graph.Record(name, result, [this, target], [], (node, gradient) =>
                [ForInput(node, 0, gradient), node.Needs(1) ? ForInput(node, 1, gradient.mul(alpha)) : null]);
        }

        private Tensor DivideRounding(string name, Tensor target, RoundingMode rounding_mode)
        {
            RequireDivisible(name, target);
            var result = rounding_mode == RoundingMode.floor ? ZipScalars<DivideFlooring>(name, this, target) : ZipScalars<DivideTruncating>(name, this, target);
            return Graph.Record(name, result, [this, target], [], static (node, gradient) =>
                [node.Needs(0) ? Zeros(gradient.dtype, node.InputShape(0)) : null, node.Needs(1) ? Zeros(gradient.dtype, node.InputShape(1)) : null]);
        }

        // Whole numbers have no infinity to give.
        private void RequireDivisible(string name, Tensor divisor)
        {
            Refuse(name, ScalarType.Bool);
            if (!divisor.IsFloating && divisor.NumberOfElements > 0)
            {
                using var zeros = divisor.eq(0);
                if (Loops.Any(zeros))
                {
                    throw Errors.Of(name, $"ZeroDivisionError: whole numbers of shape {Shapes.Text(Shape)} are divided by a tensor of shape {Shapes.Text(divisor.Shape)} that holds a zero");
                }
            }
        }

        /// <summary>Whether an unrecorded operation of this type may write its result straight into this tensor: the other operand fits, and is either elsewhere in memory or exactly here.</summary>
        private bool TakesDirectly(ScalarType type, Tensor? other)
        {
            if (type != dtype || Graph.IsRecording(this, other))
            {
                return false;
            }

            return other is null || (other.dtype == type && BroadcastsTo(other.Shape, Shape)
                && (other.Storage != Storage || (other.Offset == Offset && other.Shape.AsSpan().SequenceEqual(Shape) && other.Strides.AsSpan().SequenceEqual(Strides))));
        }

        private static bool BroadcastsTo(long[] shape, long[] target)
        {
            var shift = target.Length - shape.Length;
            for (var i = 0; i < shape.Length && shift >= 0; i++)
            {
                if (shape[i] != 1 && shape[i] != target[i + shift])
                {
                    return false;
                }
            }

            return shift >= 0;
        }

        /// <summary>this = f(this, y) where <see cref="TakesDirectly"/> allows it.</summary>
        private Tensor WriteDirectly<TFunction>(string name, Operand y)
            where TFunction : struct, IBinaryFunction
        {
            CheckInPlace(name);
            Loops.Binary(default(TFunction), this, y, this);
            Storage.Changed();
            return this;
        }
    }
}
