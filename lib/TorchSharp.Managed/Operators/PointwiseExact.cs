using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// Functions of elements that need no approximation: signs, rounding, bits.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.abs()"/>
    public static Tensor abs(Tensor input) => input.abs();

    /// <inheritdoc cref="Tensor.abs_()"/>
    public static Tensor abs_(Tensor input) => input.abs_();

    /// <inheritdoc cref="Tensor.absolute()"/>
    public static Tensor absolute(Tensor input) => input.absolute();

    /// <inheritdoc cref="Tensor.absolute_()"/>
    public static Tensor absolute_(Tensor input) => input.absolute_();

    /// <inheritdoc cref="Tensor.neg()"/>
    public static Tensor neg(Tensor input) => input.neg();

    /// <inheritdoc cref="Tensor.neg_()"/>
    public static Tensor neg_(Tensor input) => input.neg_();

    /// <inheritdoc cref="Tensor.negative()"/>
    public static Tensor negative(Tensor input) => input.negative();

    /// <inheritdoc cref="Tensor.negative_()"/>
    public static Tensor negative_(Tensor input) => input.negative_();

    /// <inheritdoc cref="Tensor.sign()"/>
    public static Tensor sign(Tensor input) => input.sign();

    /// <inheritdoc cref="Tensor.sign_()"/>
    public static Tensor sign_(Tensor input) => input.sign_();

    /// <inheritdoc cref="Tensor.sgn()"/>
    public static Tensor sgn(Tensor input) => input.sgn();

    /// <inheritdoc cref="Tensor.sgn_()"/>
    public static Tensor sgn_(Tensor input) => input.sgn_();

    /// <inheritdoc cref="Tensor.floor()"/>
    public static Tensor floor(Tensor input) => input.floor();

    /// <inheritdoc cref="Tensor.floor_()"/>
    public static Tensor floor_(Tensor input) => input.floor_();

    /// <inheritdoc cref="Tensor.ceil()"/>
    public static Tensor ceil(Tensor input) => input.ceil();

    /// <inheritdoc cref="Tensor.ceil_()"/>
    public static Tensor ceil_(Tensor input) => input.ceil_();

    /// <inheritdoc cref="Tensor.trunc()"/>
    public static Tensor trunc(Tensor input) => input.trunc();

    /// <inheritdoc cref="Tensor.trunc_()"/>
    public static Tensor trunc_(Tensor input) => input.trunc_();

    /// <inheritdoc cref="Tensor.fix()"/>
    public static Tensor fix(Tensor input) => input.fix();

    /// <inheritdoc cref="Tensor.fix_()"/>
    public static Tensor fix_(Tensor input) => input.fix_();

    /// <inheritdoc cref="Tensor.frac()"/>
    public static Tensor frac(Tensor input) => input.frac();

    /// <inheritdoc cref="Tensor.frac_()"/>
    public static Tensor frac_(Tensor input) => input.frac_();

    /// <inheritdoc cref="Tensor.square()"/>
    public static Tensor square(Tensor input) => input.square();

    /// <inheritdoc cref="Tensor.square_()"/>
    public static Tensor square_(Tensor input) => input.square_();

    /// <inheritdoc cref="Tensor.round(long)"/>
    public static Tensor round(Tensor input, long decimals = 0) => input.round(decimals);

    /// <inheritdoc cref="Tensor.round_(long)"/>
    public static Tensor round_(Tensor input, long decimals = 0) => input.round_(decimals);

    /// <inheritdoc cref="Tensor.bitwise_not()"/>
    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    /// <inheritdoc cref="Tensor.bitwise_not_()"/>
    public static Tensor bitwise_not_(Tensor input) => input.bitwise_not_();

    /// <inheritdoc cref="Tensor.bitwise_and(Tensor)"/>
    public static Tensor bitwise_and(Tensor left, Tensor right) => left.bitwise_and(right);

    /// <inheritdoc cref="Tensor.bitwise_and_(Tensor)"/>
    public static Tensor bitwise_and_(Tensor left, Tensor right) => left.bitwise_and_(right);

    /// <inheritdoc cref="Tensor.bitwise_or(Tensor)"/>
    public static Tensor bitwise_or(Tensor left, Tensor right) => left.bitwise_or(right);

    /// <inheritdoc cref="Tensor.bitwise_or_(Tensor)"/>
    public static Tensor bitwise_or_(Tensor left, Tensor right) => left.bitwise_or_(right);

    /// <inheritdoc cref="Tensor.bitwise_xor(Tensor)"/>
    public static Tensor bitwise_xor(Tensor left, Tensor right) => left.bitwise_xor(right);

    /// <inheritdoc cref="Tensor.bitwise_xor_(Tensor)"/>
    public static Tensor bitwise_xor_(Tensor left, Tensor right) => left.bitwise_xor_(right);

    /// <inheritdoc cref="Tensor.bitwise_left_shift(Tensor)"/>
    public static Tensor bitwise_left_shift(Tensor left, Tensor right) => left.bitwise_left_shift(right);

    /// <inheritdoc cref="Tensor.bitwise_left_shift_(Tensor)"/>
    public static Tensor bitwise_left_shift_(Tensor left, Tensor right) => left.bitwise_left_shift_(right);

    /// <inheritdoc cref="Tensor.bitwise_right_shift(Tensor)"/>
    public static Tensor bitwise_right_shift(Tensor left, Tensor right) => left.bitwise_right_shift(right);

    /// <inheritdoc cref="Tensor.bitwise_right_shift_(Tensor)"/>
    public static Tensor bitwise_right_shift_(Tensor left, Tensor right) => left.bitwise_right_shift_(right);

    public partial class Tensor
    {
        /// <summary>The absolute value, element by element.</summary>
        public Tensor abs()
        {
            Refuse("abs", ScalarType.Bool);
            return dtype == ScalarType.Byte ? clone() : OfInput<Absolute>("abs", static (node, gradient) => [gradient.mul(node.Saved(0).sign())]);
        }

        /// <summary>Takes absolute values. In place.</summary>
        public Tensor abs_() => ApplyInPlace("abs_", self => self.abs());

        /// <inheritdoc cref="abs()"/>
        public Tensor absolute() => abs();

        /// <inheritdoc cref="abs_()"/>
        public Tensor absolute_() => abs_();

        /// <summary>The negative, element by element.</summary>
        public Tensor neg() => Negative();

        /// <summary>Turns signs over. In place.</summary>
        public Tensor neg_() => ApplyInPlace("neg_", self => self.neg());

        /// <inheritdoc cref="neg()"/>
        public Tensor negative() => neg();

        /// <inheritdoc cref="neg_()"/>
        public Tensor negative_() => neg_();

        /// <summary>1, 0 or -1 as the element is positive, zero (or NaN) or negative.</summary>
        public Tensor sign() => dtype == ScalarType.Bool ? clone() : WithoutSlope<Sign>("sign");

        /// <summary>Replaces each element by its sign. In place.</summary>
        public Tensor sign_() => ApplyInPlace("sign_", self => self.sign());

        /// <inheritdoc cref="sign()"/>
        public Tensor sgn() => sign();

        /// <inheritdoc cref="sign_()"/>
        public Tensor sgn_() => sign_();

        /// <summary>The next whole number below, element by element; whole numbers stay.</summary>
        public Tensor floor() => Rounded<Floor>("floor");

        /// <summary>Rounds down. In place.</summary>
        public Tensor floor_() => ApplyInPlace("floor_", self => self.floor());

        /// <summary>The next whole number above, element by element; whole numbers stay.</summary>
        public Tensor ceil() => Rounded<Ceiling>("ceil");

        /// <summary>Rounds up. In place.</summary>
        public Tensor ceil_() => ApplyInPlace("ceil_", self => self.ceil());

        /// <summary>The whole number towards zero, element by element; whole numbers stay.</summary>
        public Tensor trunc() => Rounded<Truncate>("trunc");

        /// <summary>Rounds towards zero. In place.</summary>
        public Tensor trunc_() => ApplyInPlace("trunc_", self => self.trunc());

        /// <inheritdoc cref="trunc()"/>
        public Tensor fix() => trunc();

        /// <inheritdoc cref="trunc_()"/>
        public Tensor fix_() => trunc_();

        /// <summary>What remains of each element after its whole part is taken away; the sign stays.</summary>
        public Tensor frac() => Fraction();

        /// <summary>Keeps only the fractions. In place.</summary>
        public Tensor frac_() => ApplyInPlace("frac_", self => self.frac());

        /// <summary>The square, element by element.</summary>
        public Tensor square() => pow(2);

        /// <summary>Squares. In place.</summary>
        public Tensor square_() => ApplyInPlace("square_", self => self.square());

        /// <summary>The nearest whole number, halves to the even one; or the nearest number with so many decimals.</summary>
        /// <param name="decimals">Decimals to keep; negative to round to tens, hundreds and so on.</param>
        public Tensor round(long decimals = 0)
        {
            if (decimals == 0)
            {
                return Rounded<RoundToEven>("round");
            }

            RequireFloating("round");

            // As PyTorch: scaled by the power of ten in the element's own type.
            var result = decimals > 0
                ? Map<RoundScaled>(this, Operand.Of(PowerOfTen(decimals), dtype))
                : Map<RoundShrunk>(this, Operand.Of(PowerOfTen(-decimals), dtype));
            return Graph.Record("round", result, [this], [], static (_, gradient) => [gradient.zeros_like()]);
        }

        /// <summary>Rounds. In place.</summary>
        public Tensor round_(long decimals = 0) => ApplyInPlace("round_", self => self.round(decimals));

        /// <summary>"Not" of bools or of the bits of whole numbers.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor is floating point.</exception>
        public Tensor bitwise_not()
        {
            RequireBits("bitwise_not");
            return dtype == ScalarType.Bool ? logical_not() : Map<BitwiseNot>(this);
        }

        /// <summary>Turns all bits over. In place.</summary>
        public Tensor bitwise_not_() => ApplyInPlace("bitwise_not_", self => self.bitwise_not());

        /// <summary>"And" of bools or of the bits of whole numbers, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A tensor is floating point, or the shapes do not broadcast.</exception>
        public Tensor bitwise_and(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            RequireBits("bitwise_and");
            other.RequireBits("bitwise_and");
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.bitwise_and(y));
            }

            return Zip<BitwiseAnd>("bitwise_and", this, other);
        }

        /// <summary>"And". In place.</summary>
        public Tensor bitwise_and_(Tensor other) => ApplyInPlace("bitwise_and_", self => self.bitwise_and(other), other);

        /// <summary>"Or" of bools or of the bits of whole numbers, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A tensor is floating point, or the shapes do not broadcast.</exception>
        public Tensor bitwise_or(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            RequireBits("bitwise_or");
            other.RequireBits("bitwise_or");
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.bitwise_or(y));
            }

            return Zip<BitwiseOr>("bitwise_or", this, other);
        }

        /// <summary>"Or". In place.</summary>
        public Tensor bitwise_or_(Tensor other) => ApplyInPlace("bitwise_or_", self => self.bitwise_or(other), other);

        /// <summary>"Either, or" of bools or of the bits of whole numbers, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A tensor is floating point, or the shapes do not broadcast.</exception>
        public Tensor bitwise_xor(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            RequireBits("bitwise_xor");
            other.RequireBits("bitwise_xor");
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.bitwise_xor(y));
            }

            return Zip<BitwiseXor>("bitwise_xor", this, other);
        }

        /// <summary>"Either, or". In place.</summary>
        public Tensor bitwise_xor_(Tensor other) => ApplyInPlace("bitwise_xor_", self => self.bitwise_xor(other), other);

        /// <summary>The bits moved left, that is, times a power of two, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A tensor is floating point or bool, or the shapes do not broadcast.</exception>
        public Tensor bitwise_left_shift(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            RequireBits("bitwise_left_shift");
            other.RequireBits("bitwise_left_shift");
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.bitwise_left_shift(y));
            }

            Refuse("bitwise_left_shift", ScalarType.Bool);
            return ZipScalars<ShiftLeft>("bitwise_left_shift", this, other);
        }

        /// <summary>Moves bits left. In place.</summary>
        public Tensor bitwise_left_shift_(Tensor other) => ApplyInPlace("bitwise_left_shift_", self => self.bitwise_left_shift(other), other);

        /// <summary>The bits moved right, that is, divided by a power of two and rounded down, element by element, broadcast.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A tensor is floating point or bool, or the shapes do not broadcast.</exception>
        public Tensor bitwise_right_shift(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            RequireBits("bitwise_right_shift");
            other.RequireBits("bitwise_right_shift");
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                return AsType(type, this, other, static (x, y) => x.bitwise_right_shift(y));
            }

            Refuse("bitwise_right_shift", ScalarType.Bool);
            return ZipScalars<ShiftRight>("bitwise_right_shift", this, other);
        }

        /// <summary>Moves bits right. In place.</summary>
        public Tensor bitwise_right_shift_(Tensor other) => ApplyInPlace("bitwise_right_shift_", self => self.bitwise_right_shift(other), other);

        /// <summary>A function with a gradient of zero everywhere.</summary>
        private Tensor WithoutSlope<TFunction>(string name)
            where TFunction : struct, IUnaryFunction =>
            Graph.Record(name, Map<TFunction>(this), [this], [], static (_, gradient) => [gradient.zeros_like()]);

        private Tensor Rounded<TFunction>(string name)
            where TFunction : struct, IUnaryFunction
        {
            Refuse(name, ScalarType.Bool);
            return IsFloating ? WithoutSlope<TFunction>(name) : clone();
        }

        private Tensor Fraction()
        {
            RequireFloating("frac");
            return Graph.Record("frac", Map<FractionalPart>(this), [this], [], static (_, gradient) => [gradient]);
        }

        private Tensor Negative()
        {
            Refuse("neg", ScalarType.Bool);
            return Graph.Record("neg", Map<Negate>(this), [this], [], static (_, gradient) => [gradient.neg()]);
        }

        private void RequireBits(string name)
        {
            if (IsFloating)
            {
                throw Errors.Of(name, $"not implemented for '{dtype}'; expected whole numbers or bools, got a tensor of shape {Shapes.Text(Shape)}");
            }
        }

        private static double PowerOfTen(long exponent)
        {
            var power = 1.0;
            for (long i = 0; i < Math.Min(exponent, 400); i++)
            {
                power *= 10;
            }

            return power;
        }
    }
}
