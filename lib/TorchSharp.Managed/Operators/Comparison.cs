using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// Questions about elements, answered with bool tensors: comparisons, logic, special values, closeness. They have no gradients.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.eq(Tensor)"/>
    public static Tensor eq(Tensor left, Tensor right) => left.eq(right);

    /// <inheritdoc cref="Tensor.eq_(Tensor)"/>
    public static Tensor eq_(Tensor left, Tensor right) => left.eq_(right);

    /// <inheritdoc cref="Tensor.eq(Scalar)"/>
    public static Tensor eq(Tensor left, Scalar right) => left.eq(right);

    /// <inheritdoc cref="Tensor.eq_(Scalar)"/>
    public static Tensor eq_(Tensor left, Scalar right) => left.eq_(right);

    /// <inheritdoc cref="Tensor.ne(Tensor)"/>
    public static Tensor ne(Tensor left, Tensor right) => left.ne(right);

    /// <inheritdoc cref="Tensor.ne_(Tensor)"/>
    public static Tensor ne_(Tensor left, Tensor right) => left.ne_(right);

    /// <inheritdoc cref="Tensor.ne(Scalar)"/>
    public static Tensor ne(Tensor left, Scalar right) => left.ne(right);

    /// <inheritdoc cref="Tensor.ne_(Scalar)"/>
    public static Tensor ne_(Tensor left, Scalar right) => left.ne_(right);

    /// <inheritdoc cref="Tensor.lt(Tensor)"/>
    public static Tensor lt(Tensor left, Tensor right) => left.lt(right);

    /// <inheritdoc cref="Tensor.lt_(Tensor)"/>
    public static Tensor lt_(Tensor left, Tensor right) => left.lt_(right);

    /// <inheritdoc cref="Tensor.lt(Scalar)"/>
    public static Tensor lt(Tensor left, Scalar right) => left.lt(right);

    /// <inheritdoc cref="Tensor.lt_(Scalar)"/>
    public static Tensor lt_(Tensor left, Scalar right) => left.lt_(right);

    /// <inheritdoc cref="Tensor.le(Tensor)"/>
    public static Tensor le(Tensor left, Tensor right) => left.le(right);

    /// <inheritdoc cref="Tensor.le_(Tensor)"/>
    public static Tensor le_(Tensor left, Tensor right) => left.le_(right);

    /// <inheritdoc cref="Tensor.le(Scalar)"/>
    public static Tensor le(Tensor left, Scalar right) => left.le(right);

    /// <inheritdoc cref="Tensor.le_(Scalar)"/>
    public static Tensor le_(Tensor left, Scalar right) => left.le_(right);

    /// <inheritdoc cref="Tensor.gt(Tensor)"/>
    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);

    /// <inheritdoc cref="Tensor.gt_(Tensor)"/>
    public static Tensor gt_(Tensor left, Tensor right) => left.gt_(right);

    /// <inheritdoc cref="Tensor.gt(Scalar)"/>
    public static Tensor gt(Tensor left, Scalar right) => left.gt(right);

    /// <inheritdoc cref="Tensor.gt_(Scalar)"/>
    public static Tensor gt_(Tensor left, Scalar right) => left.gt_(right);

    /// <inheritdoc cref="Tensor.ge(Tensor)"/>
    public static Tensor ge(Tensor left, Tensor right) => left.ge(right);

    /// <inheritdoc cref="Tensor.ge_(Tensor)"/>
    public static Tensor ge_(Tensor left, Tensor right) => left.ge_(right);

    /// <inheritdoc cref="Tensor.ge(Scalar)"/>
    public static Tensor ge(Tensor left, Scalar right) => left.ge(right);

    /// <inheritdoc cref="Tensor.ge_(Scalar)"/>
    public static Tensor ge_(Tensor left, Scalar right) => left.ge_(right);

    /// <inheritdoc cref="Tensor.greater(Tensor)"/>
    public static Tensor greater(Tensor left, Tensor right) => left.greater(right);

    /// <inheritdoc cref="Tensor.greater_(Tensor)"/>
    public static Tensor greater_(Tensor left, Tensor right) => left.greater_(right);

    /// <inheritdoc cref="Tensor.greater_equal(Tensor)"/>
    public static Tensor greater_equal(Tensor left, Tensor right) => left.greater_equal(right);

    /// <inheritdoc cref="Tensor.greater_equal_(Tensor)"/>
    public static Tensor greater_equal_(Tensor left, Tensor right) => left.greater_equal_(right);

    /// <inheritdoc cref="Tensor.less(Tensor)"/>
    public static Tensor less(Tensor left, Tensor right) => left.less(right);

    /// <inheritdoc cref="Tensor.less_(Tensor)"/>
    public static Tensor less_(Tensor left, Tensor right) => left.less_(right);

    /// <inheritdoc cref="Tensor.less_equal(Tensor)"/>
    public static Tensor less_equal(Tensor left, Tensor right) => left.less_equal(right);

    /// <inheritdoc cref="Tensor.less_equal_(Tensor)"/>
    public static Tensor less_equal_(Tensor left, Tensor right) => left.less_equal_(right);

    /// <inheritdoc cref="Tensor.not_equal(Tensor)"/>
    public static Tensor not_equal(Tensor left, Tensor right) => left.not_equal(right);

    /// <inheritdoc cref="Tensor.not_equal_(Tensor)"/>
    public static Tensor not_equal_(Tensor left, Tensor right) => left.not_equal_(right);

    /// <inheritdoc cref="Tensor.equal(Tensor)"/>
    public static Tensor equal(Tensor tensor, Tensor target) => tensor.equal(target);

    /// <inheritdoc cref="Tensor.logical_and(Tensor)"/>
    public static Tensor logical_and(Tensor left, Tensor right) => left.logical_and(right);

    /// <inheritdoc cref="Tensor.logical_and_(Tensor)"/>
    public static Tensor logical_and_(Tensor left, Tensor right) => left.logical_and_(right);

    /// <inheritdoc cref="Tensor.logical_or(Tensor)"/>
    public static Tensor logical_or(Tensor left, Tensor right) => left.logical_or(right);

    /// <inheritdoc cref="Tensor.logical_or_(Tensor)"/>
    public static Tensor logical_or_(Tensor left, Tensor right) => left.logical_or_(right);

    /// <inheritdoc cref="Tensor.logical_xor(Tensor)"/>
    public static Tensor logical_xor(Tensor left, Tensor right) => left.logical_xor(right);

    /// <inheritdoc cref="Tensor.logical_xor_(Tensor)"/>
    public static Tensor logical_xor_(Tensor left, Tensor right) => left.logical_xor_(right);

    /// <inheritdoc cref="Tensor.logical_not()"/>
    public static Tensor logical_not(Tensor input) => input.logical_not();

    /// <inheritdoc cref="Tensor.logical_not_()"/>
    public static Tensor logical_not_(Tensor input) => input.logical_not_();

    /// <inheritdoc cref="Tensor.isnan()"/>
    public static Tensor isnan(Tensor input) => input.isnan();

    /// <inheritdoc cref="Tensor.isinf()"/>
    public static Tensor isinf(Tensor tensor) => tensor.isinf();

    /// <inheritdoc cref="Tensor.isposinf()"/>
    public static Tensor isposinf(Tensor input) => input.isposinf();

    /// <inheritdoc cref="Tensor.isneginf()"/>
    public static Tensor isneginf(Tensor input) => input.isneginf();

    /// <inheritdoc cref="Tensor.isfinite()"/>
    public static Tensor isfinite(Tensor tensor) => tensor.isfinite();

    /// <inheritdoc cref="Tensor.isreal()"/>
    public static Tensor isreal(Tensor input) => input.isreal();

    /// <inheritdoc cref="Tensor.signbit()"/>
    public static Tensor signbit(Tensor input) => input.signbit();

    /// <inheritdoc cref="Tensor.isclose"/>
    public static Tensor isclose(Tensor tensor, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => tensor.isclose(other, rtol, atol, nanEqual);

    /// <inheritdoc cref="Tensor.allclose"/>
    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => tensor.allclose(target, rtol, atol, equal_nan);

    public partial class Tensor
    {
        /// <summary>Where an element is equal to that of another tensor, broadcast: a bool tensor.</summary>
        public Tensor eq(Tensor target) => Compare<Equal>("eq", target);

        /// <summary>Writes 1 where an element is equal to that of another tensor, broadcast, and 0 elsewhere. In place.</summary>
        public Tensor eq_(Tensor target) => ApplyInPlace("eq_", self => self.eq(target), target);

        /// <summary>Where an element is equal to a number: a bool tensor.</summary>
        public Tensor eq(Scalar target) => Compare<Equal>("eq", target);

        /// <summary>Writes 1 where an element is equal to a number, and 0 elsewhere. In place.</summary>
        public Tensor eq_(Scalar target) => ApplyInPlace("eq_", self => self.eq(target));

        /// <summary>Where an element differs from that of another tensor, broadcast: a bool tensor.</summary>
        public Tensor ne(Tensor target) => Compare<NotEqual>("ne", target);

        /// <summary>Writes 1 where an element differs from that of another tensor, broadcast, and 0 elsewhere. In place.</summary>
        public Tensor ne_(Tensor target) => ApplyInPlace("ne_", self => self.ne(target), target);

        /// <summary>Where an element differs from a number: a bool tensor.</summary>
        public Tensor ne(Scalar target) => Compare<NotEqual>("ne", target);

        /// <summary>Writes 1 where an element differs from a number, and 0 elsewhere. In place.</summary>
        public Tensor ne_(Scalar target) => ApplyInPlace("ne_", self => self.ne(target));

        /// <summary>Where an element is smaller than that of another tensor, broadcast: a bool tensor.</summary>
        public Tensor lt(Tensor target) => Compare<Less>("lt", target);

        /// <summary>Writes 1 where an element is smaller than that of another tensor, broadcast, and 0 elsewhere. In place.</summary>
        public Tensor lt_(Tensor target) => ApplyInPlace("lt_", self => self.lt(target), target);

        /// <summary>Where an element is smaller than a number: a bool tensor.</summary>
        public Tensor lt(Scalar target) => Compare<Less>("lt", target);

        /// <summary>Writes 1 where an element is smaller than a number, and 0 elsewhere. In place.</summary>
        public Tensor lt_(Scalar target) => ApplyInPlace("lt_", self => self.lt(target));

        /// <summary>Where an element is smaller than or equal to that of another tensor, broadcast: a bool tensor.</summary>
        public Tensor le(Tensor target) => Compare<LessOrEqual>("le", target);

        /// <summary>Writes 1 where an element is smaller than or equal to that of another tensor, broadcast, and 0 elsewhere. In place.</summary>
        public Tensor le_(Tensor target) => ApplyInPlace("le_", self => self.le(target), target);

        /// <summary>Where an element is smaller than or equal to a number: a bool tensor.</summary>
        public Tensor le(Scalar target) => Compare<LessOrEqual>("le", target);

        /// <summary>Writes 1 where an element is smaller than or equal to a number, and 0 elsewhere. In place.</summary>
        public Tensor le_(Scalar target) => ApplyInPlace("le_", self => self.le(target));

        /// <summary>Where an element is larger than that of another tensor, broadcast: a bool tensor.</summary>
        public Tensor gt(Tensor target) => Compare<Greater>("gt", target);

        /// <summary>Writes 1 where an element is larger than that of another tensor, broadcast, and 0 elsewhere. In place.</summary>
        public Tensor gt_(Tensor target) => ApplyInPlace("gt_", self => self.gt(target), target);

        /// <summary>Where an element is larger than a number: a bool tensor.</summary>
        public Tensor gt(Scalar target) => Compare<Greater>("gt", target);

        /// <summary>Writes 1 where an element is larger than a number, and 0 elsewhere. In place.</summary>
        public Tensor gt_(Scalar target) => ApplyInPlace("gt_", self => self.gt(target));

        /// <summary>Where an element is larger than or equal to that of another tensor, broadcast: a bool tensor.</summary>
        public Tensor ge(Tensor target) => Compare<GreaterOrEqual>("ge", target);

        /// <summary>Writes 1 where an element is larger than or equal to that of another tensor, broadcast, and 0 elsewhere. In place.</summary>
        public Tensor ge_(Tensor target) => ApplyInPlace("ge_", self => self.ge(target), target);

        /// <summary>Where an element is larger than or equal to a number: a bool tensor.</summary>
        public Tensor ge(Scalar target) => Compare<GreaterOrEqual>("ge", target);

        /// <summary>Writes 1 where an element is larger than or equal to a number, and 0 elsewhere. In place.</summary>
        public Tensor ge_(Scalar target) => ApplyInPlace("ge_", self => self.ge(target));

        /// <inheritdoc cref="gt(Tensor)"/>
        public Tensor greater(Tensor target) => gt(target);

        /// <inheritdoc cref="gt_(Tensor)"/>
        public Tensor greater_(Tensor target) => gt_(target);

        /// <inheritdoc cref="ge(Tensor)"/>
        public Tensor greater_equal(Tensor target) => ge(target);

        /// <inheritdoc cref="ge_(Tensor)"/>
        public Tensor greater_equal_(Tensor target) => ge_(target);

        /// <inheritdoc cref="lt(Tensor)"/>
        public Tensor less(Tensor target) => lt(target);

        /// <inheritdoc cref="lt_(Tensor)"/>
        public Tensor less_(Tensor target) => lt_(target);

        /// <inheritdoc cref="le(Tensor)"/>
        public Tensor less_equal(Tensor target) => le(target);

        /// <inheritdoc cref="le_(Tensor)"/>
        public Tensor less_equal_(Tensor target) => le_(target);

        /// <inheritdoc cref="ne(Tensor)"/>
        public Tensor not_equal(Tensor target) => ne(target);

        /// <inheritdoc cref="ne_(Tensor)"/>
        public Tensor not_equal_(Tensor target) => ne_(target);

        /// <summary>Where two tensors are equal, element by element; the same as <see cref="eq(Tensor)"/>, as in TorchSharp.</summary>
        public Tensor equal(Tensor target) => eq(target);

        /// <summary>Where neither element is zero: a bool tensor.</summary>
        public Tensor logical_and(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            using var left = ConvertTo(ScalarType.Bool);
            using var right = other.ConvertTo(ScalarType.Bool);
            return left.Compare<Both>("logical_and", right);
        }

        /// <summary>Where neither element is zero: 1, elsewhere 0. In place.</summary>
        public Tensor logical_and_(Tensor other) => ApplyInPlace("logical_and_", self => self.logical_and(other), other);

        /// <summary>Where one of two elements is not zero: a bool tensor.</summary>
        public Tensor logical_or(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            using var left = ConvertTo(ScalarType.Bool);
            using var right = other.ConvertTo(ScalarType.Bool);
            return left.Compare<Either>("logical_or", right);
        }

        /// <summary>Where one of two elements is not zero: 1, elsewhere 0. In place.</summary>
        public Tensor logical_or_(Tensor other) => ApplyInPlace("logical_or_", self => self.logical_or(other), other);

        /// <summary>Where exactly one of two elements is not zero: a bool tensor.</summary>
        public Tensor logical_xor(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            using var left = ConvertTo(ScalarType.Bool);
            using var right = other.ConvertTo(ScalarType.Bool);
            return left.Compare<One>("logical_xor", right);
        }

        /// <summary>Where exactly one of two elements is not zero: 1, elsewhere 0. In place.</summary>
        public Tensor logical_xor_(Tensor other) => ApplyInPlace("logical_xor_", self => self.logical_xor(other), other);

        /// <summary>Where an element is zero: a bool tensor.</summary>
        public Tensor logical_not() => eq(0);

        /// <summary>Where an element is zero: 1, elsewhere 0. In place.</summary>
        public Tensor logical_not_() => ApplyInPlace("logical_not_", self => self.logical_not());

        /// <summary>Where an element is not a number: a bool tensor.</summary>
        public Tensor isnan() => Compare<NotEqualToItself>("isnan", this);

        /// <summary>Where an element is infinite: a bool tensor.</summary>
        public Tensor isinf() => Compare<Infinite>("isinf", this);

        /// <summary>Where an element is positive infinity: a bool tensor.</summary>
        public Tensor isposinf() => Compare<InfinitelyLarge>("isposinf", this);

        /// <summary>Where an element is negative infinity: a bool tensor.</summary>
        public Tensor isneginf() => Compare<InfinitelySmall>("isneginf", this);

        /// <summary>Where an element is neither infinite nor NaN: a bool tensor.</summary>
        public Tensor isfinite() => Compare<Finite>("isfinite", this);

        /// <summary>Where an element has no imaginary part: everywhere: a bool tensor.</summary>
        public Tensor isreal() => Compare<Always>("isreal", this);

        /// <summary>Where an element is negative, negative zero included: a bool tensor.</summary>
        public Tensor signbit() => Compare<Negative>("signbit", this);

        /// <summary>Where |this - other| is at most atol + rtol |other|; infinities only where they are equal.</summary>
        /// <param name="other">The tensor to compare with, broadcast.</param>
        /// <param name="rtol">The tolerance in proportion to <paramref name="other"/>.</param>
        /// <param name="atol">The absolute tolerance.</param>
        /// <param name="nanEqual">Whether two NaN are close.</param>
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
        {
            ArgumentNullException.ThrowIfNull(other);
            if (dtype != other.dtype)
            {
                throw Errors.Of("isclose", $"the tensors must have one type; they have {dtype} and {other.dtype}");
            }

            _ = Shapes.Broadcast("isclose", Shape, other.Shape);
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            var close = eq(other);
            if (nanEqual)
            {
                close = close.logical_or(isnan().logical_and(other.isnan()));
            }

            if (dtype != ScalarType.Bool)
            {
                var (x, y) = IsFloating ? (this, other) : (ConvertTo(TypePromotion.Default), other.ConvertTo(TypePromotion.Default));
                var allowed = y.mul(rtol).abs().add(atol);
                var difference = x.sub(y).abs();
                close = close.logical_or(difference.isfinite().logical_and(difference.le(allowed)));
            }

            return scope.MoveToOuter(close);
        }

        /// <summary>Whether all elements are close, as <see cref="isclose"/> says.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            using var close = isclose(target, rtol, atol, equal_nan);
            using var far = close.logical_not();
            return !Loops.Any(far);
        }

        private Tensor Compare<TPredicate>(string name, Tensor other)
            where TPredicate : struct, IPredicate
        {
            var type = TypePromotion.Of(this, other);
            if (!BothAre(type, this, other))
            {
                using var mode = GradMode.Set(false);
                return AsType(type, this, other, (x, y) => x.Compare<TPredicate>(name, y));
            }

            var result = Allocate(ScalarType.Bool, Shapes.Broadcast(name, Shape, other.Shape));
            Loops.Predicate(default(TPredicate), type, this, other, result);
            return result;
        }

        private Tensor Compare<TPredicate>(string name, Scalar number)
            where TPredicate : struct, IPredicate
        {
            var type = TypePromotion.Of(this, number);
            if (type != dtype)
            {
                using var mode = GradMode.Set(false);
                using var converted = ConvertTo(type);
                return converted.Compare<TPredicate>(name, number);
            }

            var result = Allocate(ScalarType.Bool, Shape);
            Loops.Predicate(default(TPredicate), type, this, Operand.Of(number, type), result);
            return result;
        }
    }
}
