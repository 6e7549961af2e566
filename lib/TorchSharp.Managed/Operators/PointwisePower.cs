using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// Powers, with their gradients.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.pow(Tensor)"/>
    public static Tensor pow(Tensor left, Tensor exponent) => left.pow(exponent);

    /// <inheritdoc cref="Tensor.pow(Scalar)"/>
    public static Tensor pow(Tensor left, Scalar exponent) => left.pow(exponent);

    /// <inheritdoc cref="Tensor.pow_(Tensor)"/>
    public static Tensor pow_(Tensor left, Tensor exponent) => left.pow_(exponent);

    /// <inheritdoc cref="Tensor.pow_(Scalar)"/>
    public static Tensor pow_(Tensor left, Scalar exponent) => left.pow_(exponent);

    public partial class Tensor
    {
        /// <summary>Each element to the power of one of another tensor, broadcast. A negative power of a whole number is 0, except of 1 and -1.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not broadcast, or both tensors are bool.</exception>
        public Tensor pow(Tensor exponent)
        {
            var type = TypePromotion.Of(this, exponent);
            if (!BothAre(type, this, exponent))
            {
                return AsType(type, this, exponent, static (x, y) => x.pow(y));
            }

            Refuse("pow", ScalarType.Bool);
            if (!IsFloating)
            {
                return ZipScalars<IntegerPower>("pow", this, exponent);
            }

            var result = Zip<Pow>("pow", this, exponent);
            return Graph.Record("pow", result, [this, exponent], [this, exponent, result], static (node, gradient) =>
            {
                var (x, y) = (node.Saved(0), node.Saved(1));
                Tensor? ofBase = null, ofExponent = null;
                if (node.Needs(0))
                {
                    // x^0 is flat everywhere, also at x = 0.
                    var slope = gradient.mul(y.mul(x.pow(y.sub(1))));
                    ofBase = ForInput(node, 0, slope.masked_fill(y.eq(0), 0));
                }

                if (node.Needs(1))
                {
                    // 0^y is flat in y where it is finite.
                    var slope = gradient.mul(node.Saved(2).mul(x.log()));
                    ofExponent = ForInput(node, 1, slope.masked_fill(x.eq(0).logical_and(y.ge(0)), 0));
                }

                return [ofBase, ofExponent];
            });
        }

        /// <summary>Each element to the power of a number.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A negative power of whole numbers is asked for, which would not be whole, or a power of bools.</exception>
        public Tensor pow(Scalar exponent)
        {
            ArgumentNullException.ThrowIfNull(exponent);
            var type = TypePromotion.Of(this, exponent);
            if (type != dtype)
            {
                using var converted = ConvertTo(type);
                return converted.pow(exponent);
            }

            Refuse("pow", ScalarType.Bool);
            if (!IsFloating)
            {
                if (exponent.AsInt64 < 0)
                {
                    throw Errors.Of("pow", $"integers to negative integer powers are not allowed; the exponent was {exponent} and the tensor {dtype} {Shapes.Text(Shape)}");
                }

                using var number = Number(exponent, type);
                return ZipScalars<IntegerPower>("pow", this, number);
            }

            var power = exponent.AsDouble;
            return Graph.Record("pow", PowerOf(power), [this], [this], (node, gradient) =>
                [power == 0 ? gradient.zeros_like() : gradient.mul(node.Saved(0).pow(power - 1).mul(power))]);
        }

        /// <summary>Raises each element to the power of one of another tensor. In place.</summary>
        public Tensor pow_(Tensor exponent) => ApplyInPlace("pow_", self => self.pow(exponent), exponent);

        /// <summary>Raises each element to the power of a number. In place.</summary>
        public Tensor pow_(Scalar exponent) => ApplyInPlace("pow_", self => self.pow(exponent));

        // The exponents that are common have exact or quicker forms, the same ones as PyTorch's.
        private Tensor PowerOf(double power) => power switch
        {
            0.5 => Map<SquareRoot>(this),
            -0.5 => Map<ReciprocalSquareRoot>(this),
            1 => Map<Identity>(this),
            2 => Map<Square>(this),
            3 => Map<Cube>(this),
            -1 => Map<Reciprocal>(this),
            -2 => Map<ReciprocalSquare>(this),
            _ => Map<Pow>(this, Operand.Of(power, dtype), Loops.CostlyGrain),
        };
    }
}
