namespace TorchSharp;

// C#'s operators and conversions. == and the like compare element by element and give bool tensors; Equals and GetHashCode go by the object itself.
public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Tensor left, int right) => left.add(right);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Tensor left, long right) => left.add(right);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Tensor left, float right) => left.add(right);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Tensor left, double right) => left.add(right);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(Scalar left, Tensor right) => Errors.Given(right).add(left);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(int left, Tensor right) => Errors.Given(right).add(left);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(long left, Tensor right) => Errors.Given(right).add(left);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(float left, Tensor right) => Errors.Given(right).add(left);

        /// <summary>The sum, element by element.</summary>
        public static Tensor operator +(double left, Tensor right) => Errors.Given(right).add(left);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Tensor left, int right) => left.mul(right);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Tensor left, long right) => left.mul(right);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Tensor left, float right) => left.mul(right);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Tensor left, double right) => left.mul(right);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(Scalar left, Tensor right) => Errors.Given(right).mul(left);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(int left, Tensor right) => Errors.Given(right).mul(left);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(long left, Tensor right) => Errors.Given(right).mul(left);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(float left, Tensor right) => Errors.Given(right).mul(left);

        /// <summary>The product, element by element.</summary>
        public static Tensor operator *(double left, Tensor right) => Errors.Given(right).mul(left);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Tensor left, int right) => left.sub(right);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Tensor left, long right) => left.sub(right);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Tensor left, float right) => left.sub(right);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Tensor left, double right) => left.sub(right);

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(Scalar left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var negated = right.neg();
            return negated.add(left);
        }

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(int left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var negated = right.neg();
            return negated.add(left);
        }

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(long left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var negated = right.neg();
            return negated.add(left);
        }

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(float left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var negated = right.neg();
            return negated.add(left);
        }

        /// <summary>The difference, element by element.</summary>
        public static Tensor operator -(double left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var negated = right.neg();
            return negated.add(left);
        }

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Tensor left, int right) => left.div(right);

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Tensor left, long right) => left.div(right);

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Tensor left, float right) => left.div(right);

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Tensor left, double right) => left.div(right);

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(Scalar left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(int left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(long left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(float left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }

        /// <summary>The quotient, element by element, in floating point.</summary>
        public static Tensor operator /(double left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(right);
            using var inverse = right.reciprocal();
            return inverse.mul(left);
        }

        /// <summary>The remainder, element by element, with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);

        /// <summary>The remainder, element by element, with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);

        /// <summary>The remainder, element by element, with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, int right) => left.remainder(right);

        /// <summary>The remainder, element by element, with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, long right) => left.remainder(right);

        /// <summary>The remainder, element by element, with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, float right) => left.remainder(right);

        /// <summary>The remainder, element by element, with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, double right) => left.remainder(right);

        /// <summary>The negative, element by element.</summary>
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        /// <summary>"And" of bools or of the bits of whole numbers.</summary>
        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        /// <summary>"Or" of bools or of the bits of whole numbers.</summary>
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        /// <summary>"Either, or" of bools or of the bits of whole numbers.</summary>
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        /// <summary>"Not" of bools or of the bits of whole numbers.</summary>
        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        /// <summary>Where the elements are equal.</summary>
        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        /// <summary>Where the elements are equal.</summary>
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        /// <summary>Where the elements are equal.</summary>
        public static Tensor operator ==(Scalar left, Tensor right) => Errors.Given(right).eq(left);

        /// <summary>Where the elements differ.</summary>
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        /// <summary>Where the elements differ.</summary>
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        /// <summary>Where the elements differ.</summary>
        public static Tensor operator !=(Scalar left, Tensor right) => Errors.Given(right).ne(left);

        /// <summary>Where the left element is smaller.</summary>
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        /// <summary>Where the left element is smaller.</summary>
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        /// <summary>Where the left element is smaller.</summary>
        public static Tensor operator <(Scalar left, Tensor right) => Errors.Given(right).gt(left);

        /// <summary>Where the left element is smaller or equal.</summary>
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        /// <summary>Where the left element is smaller or equal.</summary>
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        /// <summary>Where the left element is smaller or equal.</summary>
        public static Tensor operator <=(Scalar left, Tensor right) => Errors.Given(right).ge(left);

        /// <summary>Where the left element is larger.</summary>
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        /// <summary>Where the left element is larger.</summary>
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        /// <summary>Where the left element is larger.</summary>
        public static Tensor operator >(Scalar left, Tensor right) => Errors.Given(right).lt(left);

        /// <summary>Where the left element is larger or equal.</summary>
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        /// <summary>Where the left element is larger or equal.</summary>
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        /// <summary>Where the left element is larger or equal.</summary>
        public static Tensor operator >=(Scalar left, Tensor right) => Errors.Given(right).le(left);

        /// <summary>A tensor without dimensions that holds the number.</summary>
        public static implicit operator Tensor(byte value) => torch.tensor(value);

        /// <summary>A tensor without dimensions that holds the number.</summary>
        public static implicit operator Tensor(int value) => torch.tensor(value);

        /// <summary>A tensor without dimensions that holds the number.</summary>
        public static implicit operator Tensor(long value) => torch.tensor(value);

        /// <summary>A tensor without dimensions that holds the number.</summary>
        public static implicit operator Tensor(float value) => torch.tensor(value);

        /// <summary>A tensor without dimensions that holds the number.</summary>
        public static implicit operator Tensor(double value) => torch.tensor(value);

        /// <summary>A tensor without dimensions that holds the value.</summary>
        public static implicit operator Tensor(bool value) => torch.tensor(value);

        /// <summary>A tensor with one dimension that holds a copy of the array.</summary>
        public static implicit operator Tensor(byte[] value) => torch.tensor(value);

        /// <summary>A tensor with one dimension that holds a copy of the array.</summary>
        public static implicit operator Tensor(int[] value) => torch.tensor(value);

        /// <summary>A tensor with one dimension that holds a copy of the array.</summary>
        public static implicit operator Tensor(long[] value) => torch.tensor(value);

        /// <summary>A tensor with one dimension that holds a copy of the array.</summary>
        public static implicit operator Tensor(float[] value) => torch.tensor(value);

        /// <summary>A tensor with one dimension that holds a copy of the array.</summary>
        public static implicit operator Tensor(double[] value) => torch.tensor(value);

        /// <summary>A tensor with one dimension that holds a copy of the array.</summary>
        public static implicit operator Tensor(bool[] value) => torch.tensor(value);

        /// <summary>A tensor without dimensions that holds the number, of the default floating-point type if it has a fraction.</summary>
        public static implicit operator Tensor(Scalar scalar) => torch.full((ReadOnlySpan<long>)[], scalar);

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator float(Tensor value) => (float)value.OnlyElement().AsDouble;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator double(Tensor value) => (double)value.OnlyElement().AsDouble;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator byte(Tensor value) => (byte)value.OnlyElement().AsInt64;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator int(Tensor value) => (int)value.OnlyElement().AsInt64;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator long(Tensor value) => (long)value.OnlyElement().AsInt64;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator bool(Tensor value) => value.OnlyElement().AsDouble != 0;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator sbyte(Tensor value) => (sbyte)value.OnlyElement().AsInt64;

        /// <summary>The only element, converted.</summary>
        /// <exception cref="ArgumentException">The tensor holds another number of elements.</exception>
        public static explicit operator short(Tensor value) => (short)value.OnlyElement().AsInt64;

        /// <summary>Whether the other object is this very tensor; == compares elements.</summary>
        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        /// <inheritdoc/>
        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        private unsafe Scalar OnlyElement()
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"Number of elements in the tensor must be 1; the shape is {Shapes.Text(Shape)}.");
            }

            Scalar value = dtype switch
            {
                ScalarType.Float32 => *Pointer<float>(),
                ScalarType.Float64 => *Pointer<double>(),
                ScalarType.Int64 => *Pointer<long>(),
                ScalarType.Int32 => *Pointer<int>(),
                ScalarType.Bool => *Pointer<byte>() != 0,
                _ => *Pointer<byte>(),
            };
            GC.KeepAlive(this);
            return value;
        }
    }
}
