using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.Kernels.PointwiseKernels;

namespace TorchSharp;

// The functions between the layers of networks, and dropout. Where a gradient is common enough it is computed in one pass over memory; the same formula
// stands beside it in tensor operations, for second derivatives.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.relu()"/>
    public static Tensor relu(Tensor input) => input.relu();

    /// <inheritdoc cref="Tensor.relu_()"/>
    public static Tensor relu_(Tensor input) => input.relu_();

    /// <inheritdoc cref="Tensor.sigmoid()"/>
    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    /// <inheritdoc cref="Tensor.sigmoid_()"/>
    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

    /// <inheritdoc cref="Tensor.tanh()"/>
    public static Tensor tanh(Tensor input) => input.tanh();

    /// <inheritdoc cref="Tensor.tanh_()"/>
    public static Tensor tanh_(Tensor input) => input.tanh_();

    public partial class Tensor
    {
        private const double SquareRootOfHalf = 0.70710678118654752440;
        private const double OneOverSquareRootOfTwoPi = 0.39894228040143267794;

        /// <summary>The element where it is positive, otherwise 0; the gradient at 0 is 0.</summary>
        public Tensor relu() => Relu();

        /// <summary>The element where it is positive, otherwise 0; the gradient at 0 is 0. In place.</summary>
        public Tensor relu_() => ApplyInPlace("relu_", self => self.relu());

        /// <summary>1 / (1 + e^-x), element by element.</summary>
        public Tensor sigmoid() => OfResult<Sigmoid>("sigmoid", static (node, gradient) =>
            [Fused(gradient) ? Map<SigmoidGradient>(gradient, node.Saved(0)) : gradient.mul(node.Saved(0).neg().add(1)).mul(node.Saved(0))]);

        /// <summary>1 / (1 + e^-x), element by element. In place.</summary>
        public Tensor sigmoid_() => ApplyInPlace("sigmoid_", self => self.sigmoid());

        /// <summary>The hyperbolic tangent, element by element.</summary>
        public Tensor tanh() => OfResult<Tanh>("tanh", static (node, gradient) =>
            [Fused(gradient) ? Map<TanhGradient>(gradient, node.Saved(0)) : gradient.mul(node.Saved(0).mul(node.Saved(0)).neg().add(1))]);

        /// <summary>The hyperbolic tangent, element by element. In place.</summary>
        public Tensor tanh_() => ApplyInPlace("tanh_", self => self.tanh());

        /// <summary>x / (1 + e^-x), element by element: "sigmoid linear unit" (Elfwing, Uchibe and Doya, 2017), also called swish.</summary>
        public Tensor silu() => OfFloatingInput<Silu>("silu", static (node, gradient) =>
        {
            var x = node.Saved(0);
            if (Fused(gradient))
            {
                return [Map<SiluGradient>(gradient, x, Loops.CostlyGrain)];
            }

            var sigmoid = x.sigmoid();
            return [gradient.mul(sigmoid.mul(x.mul(sigmoid.neg().add(1)).add(1)))];
        });

        /// <summary>x / (1 + e^-x), element by element: "sigmoid linear unit" (Elfwing, Uchibe and Doya, 2017), also called swish. In place.</summary>
        public Tensor silu_() => ApplyInPlace("silu_", self => self.silu());

        /// <summary>x times the probability that a normal number is below x: "Gaussian error linear unit" (Hendrycks and Gimpel, 2016), in its exact form.</summary>
        public Tensor gelu() => OfFloatingInput<Gelu>("gelu", static (node, gradient) =>
        {
            var x = node.Saved(0);
            if (Fused(gradient))
            {
                return [Map<GeluGradient>(gradient, x, Loops.CostlyGrain)];
            }

            var probability = x.mul(SquareRootOfHalf).erf().add(1).mul(0.5);
            var density = x.mul(x).mul(-0.5).exp().mul(OneOverSquareRootOfTwoPi);
            return [gradient.mul(probability.add(x.mul(density)))];
        });

        /// <summary>x times the probability that a normal number is below x: "Gaussian error linear unit" (Hendrycks and Gimpel, 2016), in its exact form. In place.</summary>
        public Tensor gelu_() => ApplyInPlace("gelu_", self => self.gelu());

        /// <summary>The element where it is positive, otherwise the slope times the element, which is also the gradient at 0.</summary>
        /// <param name="negative_slope">The slope.</param>
        public Tensor leaky_relu(Scalar negative_slope)
        {
            RequireFloating("leaky_relu");
            var slope = Operand.Of(negative_slope, dtype);
            return Graph.Record("leaky_relu", Map<LeakyRelu>(this, slope), [this], [this], (node, gradient) =>
            [
                Fused(gradient)
                    ? Map<LeakyReluGradient>(gradient, node.Saved(0), slope)
                    : torch.where(node.Saved(0).gt(0), gradient, gradient.mul(negative_slope)),
            ]);
        }

        /// <summary>The element where it is positive, otherwise the slope times the element. In place.</summary>
        public Tensor leaky_relu_(Scalar negative_slope) => ApplyInPlace("leaky_relu_", self => self.leaky_relu(negative_slope));

        /// <summary>The element where it is positive, otherwise the weight times the element. A weight for each entry of dimension 1, or one for all.</summary>
        /// <param name="weight">The slopes, of shape [1] or [channels].</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of weights is neither 1 nor that of the channels.</exception>
        public Tensor prelu(Tensor weight)
        {
            ArgumentNullException.ThrowIfNull(weight);
            RequireFloating("prelu");
            var channels = Rank < 2 ? 1 : Shape[1];
            if (weight.NumberOfElements != 1 && weight.NumberOfElements != channels)
            {
                throw Errors.Of("prelu", $"expected 1 or {channels} weights for a tensor of shape {Shapes.Text(Shape)}, got a weight of shape {Shapes.Text(weight.Shape)}");
            }

            var shape = new long[Math.Max(Rank, 1)];
            Array.Fill(shape, 1);
            shape[Math.Min(1, shape.Length - 1)] = weight.NumberOfElements;
            using var slopes = weight.reshape(Rank == 0 ? [] : shape);
            using var scaled = mul(slopes);
            using var isPositive = gt(0);
            return where(isPositive, scaled);
        }

        /// <summary>scale x where x is positive, otherwise scale alpha (e^(input_scale x) - 1): "exponential linear unit" (Clevert, Unterthiner and Hochreiter, 2015).</summary>
        /// <param name="alpha">How far the function goes below zero.</param>
        public Tensor elu(double alpha = 1) => elu(alpha, 1.0, 1.0);

        /// <summary>scale x where x is positive, otherwise scale alpha (e^(input_scale x) - 1).</summary>
        /// <param name="alpha">How far the function goes below zero.</param>
        /// <param name="scale">A factor of the whole.</param>
        /// <param name="input_scale">A factor of negative elements.</param>
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale)
        {
            ArgumentNullException.ThrowIfNull(alpha);
            ArgumentNullException.ThrowIfNull(scale);
            ArgumentNullException.ThrowIfNull(input_scale);
            RequireFloating("elu");
            var (above, below, inner) = (scale.AsDouble, alpha.AsDouble * scale.AsDouble, input_scale.AsDouble);
            var result = Allocate(dtype, Shape);
            Loops.Unary(new Elu(above, below, inner), this, result, Loops.CostlyGrain);
            return Graph.Record("elu", result, [this], [this], (node, gradient) =>
            {
                var x = node.Saved(0);
                return [torch.where(x.gt(0), gradient.mul(above), gradient.mul(x.mul(inner).exp().mul(below * inner)))];
            });
        }

        /// <summary>The <see cref="elu(Scalar, Scalar, Scalar)"/> whose constants keep mean and variance (Klambauer, Unterthiner, Mayr and Hochreiter, 2017).</summary>
        public Tensor selu() => elu(1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1);

        /// <summary>x where x is positive, otherwise alpha (e^(x / alpha) - 1) (Barron, 2017).</summary>
        public Tensor celu(Scalar alpha) => elu(alpha, 1, 1 / Errors.Given(alpha).AsDouble);

        /// <summary><see cref="celu(Scalar)"/> with alpha 1.</summary>
        public Tensor celu() => celu(1.0);

        /// <summary>x within the bounds, and the bound that it lies beyond otherwise; the gradient at and beyond the bounds is 0.</summary>
        public Tensor hardtanh(Scalar min, Scalar max)
        {
            Refuse("hardtanh", ScalarType.Bool);
            return Graph.Record("hardtanh", Map<Clamp>(this, Operand.Of(min, dtype), Operand.Of(max, dtype)), [this], [this], (node, gradient) =>
                [gradient.masked_fill(node.Saved(0).le(min).logical_or(node.Saved(0).ge(max)), 0)]);
        }

        /// <summary>x between 0 and 6, and the bound that it lies beyond otherwise.</summary>
        public Tensor relu6() => hardtanh(0, 6);

        /// <summary>ln(1 + e^(beta x)) / beta, a smooth relu; x itself where beta x lies above the threshold.</summary>
        /// <param name="beta">How sharp the bend is.</param>
        /// <param name="threshold">Where the function becomes linear.</param>
        public Tensor softplus(double beta = 1, double threshold = 20)
        {
            RequireFloating("softplus");
            var result = Allocate(dtype, Shape);
            Loops.Unary(new Softplus(beta, threshold), this, result, Loops.CostlyGrain);
            return Graph.Record("softplus", result, [this], [this], (node, gradient) =>
            {
                var scaled = node.Saved(0).mul(beta);
                return [torch.where(scaled.gt(threshold), gradient, gradient.mul(scaled.sigmoid()))];
            });
        }

        /// <summary>ln(1 / (1 + e^-x)), exact also where it is close to zero or to x.</summary>
        public Tensor log_sigmoid() => OfFloatingInput<LogSigmoid>("log_sigmoid", static (node, gradient) => [gradient.mul(node.Saved(0).neg().sigmoid())]);

        /// <summary>x tanh(softplus(x)) (Misra, 2019).</summary>
        public Tensor mish()
        {
            using var bend = softplus();
            using var factor = bend.tanh();
            return mul(factor);
        }

        /// <summary>A straight line from 0 at -3 to 1 at 3: a cheap sigmoid (Howard et al., 2019).</summary>
        public Tensor hardsigmoid()
        {
            using var shifted = add(3);
            using var cut = shifted.hardtanh(0, 6);
            return cut.div(6);
        }

        /// <summary>x times its <see cref="hardsigmoid"/> (Howard et al., 2019).</summary>
        public Tensor hardswish() => OfFloatingInput<HardSwish>("hardswish", static (node, gradient) =>
        {
            var x = node.Saved(0);
            var bent = gradient.mul(x.div(3).add(0.5));
            return [torch.where(x.gt(3), gradient, bent).masked_fill(x.lt(-3), 0)];
        });

        /// <summary>Exponential linear unit. In place.</summary>
        public Tensor elu_(double alpha = 1) => ApplyInPlace("elu_", self => self.elu(alpha));

        /// <summary>Exponential linear unit. In place.</summary>
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => ApplyInPlace("elu_", self => self.elu(alpha, scale, input_scale));

        /// <summary>Scaled exponential linear unit. In place.</summary>
        public Tensor selu_() => ApplyInPlace("selu_", self => self.selu());

        /// <summary>Continuously differentiable exponential linear unit. In place.</summary>
        public Tensor celu_(Scalar alpha) => ApplyInPlace("celu_", self => self.celu(alpha));

        /// <summary>Continuously differentiable exponential linear unit. In place.</summary>
        public Tensor celu_() => ApplyInPlace("celu_", self => self.celu());

        /// <summary>Moves elements to the bound that they lie beyond. In place.</summary>
        public Tensor hardtanh_(Scalar min, Scalar max) => ApplyInPlace("hardtanh_", self => self.hardtanh(min, max));

        /// <summary>Moves elements to between 0 and 6. In place.</summary>
        public Tensor relu6_() => ApplyInPlace("relu6_", self => self.relu6());

        /// <summary>A cheap sigmoid. In place.</summary>
        public Tensor hardsigmoid_() => ApplyInPlace("hardsigmoid_", self => self.hardsigmoid());

        /// <summary>x times a cheap sigmoid. In place.</summary>
        public Tensor hardswish_() => ApplyInPlace("hardswish_", self => self.hardswish());

        /// <summary>x tanh(softplus(x)). In place.</summary>
        public Tensor mish_() => ApplyInPlace("mish_", self => self.mish());

        /// <summary>Zeros some elements at random and scales the others up, so that the mean stays: what dropout layers compute. The numbers drawn are PyTorch's.</summary>
        /// <param name="p">The probability that an element becomes zero.</param>
        /// <param name="training">False: nothing happens.</param>
        /// <param name="generator">Where the random numbers come from; null for the default generator.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The probability is not one, or the tensor is not floating point.</exception>
        internal Tensor Dropout(double p, bool training, Generator? generator = null)
        {
            if (!(p >= 0 && p <= 1))
            {
                throw Errors.Of("dropout", $"dropout probability has to be between 0 and 1, but got {p}; the tensor's shape is {Shapes.Text(Shape)}");
            }

            if (p == 0 || !training || NumberOfElements == 0)
            {
                return Handle();
            }

            RequireFloating("dropout");
            var mask = DropoutMask(p, generator);
            return Graph.Record("dropout", Map<Multiply>(this, mask), [this], [mask], static (node, gradient) => [gradient.mul(node.Saved(0))]);
        }

        /// <summary>Whether a backward function may use a kernel of its own: not where its result is to be differentiated again.</summary>
        private static bool Fused(Tensor gradient) => !Graph.IsRecording(gradient) && !GradMode.Enabled;

        private Tensor Relu()
        {
            Refuse("relu", ScalarType.Bool);
            var result = Map<Relu>(this);
            return Graph.Record("relu", result, [this], [result], static (node, gradient) =>
                [Fused(gradient) ? Map<ReluGradient>(gradient, node.Saved(0)) : gradient.masked_fill(node.Saved(0).le(0), 0)]);
        }

        private Tensor OfFloatingInput<TFunction>(string name, BackwardFunction backward)
            where TFunction : struct, IUnaryFunction
        {
            RequireFloating(name);
            return OfInput<TFunction>(name, backward);
        }
    }
}
