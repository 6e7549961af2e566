using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values for parameters, set in place and unrecorded. For the same seed they are PyTorch's.</summary>
        public static unsafe class init
        {
            /// <summary>Of which of the two sizes of a weight the variance is kept.</summary>
            public enum FanInOut
            {
                /// <summary>The number of inputs of each output: activations keep their size.</summary>
                FanIn = 0,

                /// <summary>The number of outputs of each input: gradients keep their size.</summary>
                FanOut = 1,
            }

            /// <summary>The function behind a layer, by which <see cref="calculate_gain"/> goes.</summary>
            public enum NonlinearityType
            {
                /// <summary>None.</summary>
                Linear = 0,

                /// <summary>None, after a convolution.</summary>
                Conv1D = 1,

                /// <summary>None, after a convolution.</summary>
                Conv2D = 2,

                /// <summary>None, after a convolution.</summary>
                Conv3D = 3,

                /// <summary>None, after a transposed convolution.</summary>
                ConvTranspose1D = 4,

                /// <summary>None, after a transposed convolution.</summary>
                ConvTranspose2D = 5,

                /// <summary>None, after a transposed convolution.</summary>
                ConvTranspose3D = 6,

                /// <summary>The logistic function.</summary>
                Sigmoid = 7,

                /// <summary>The hyperbolic tangent.</summary>
                Tanh = 8,

                /// <summary>max(0, x).</summary>
                ReLU = 9,

                /// <summary>x, or a times x where x is negative.</summary>
                LeakyReLU = 10,
            }

            /// <summary>By how much weights must be larger to make up for what a function takes away.</summary>
            /// <param name="nonlinearity">The function.</param>
            /// <param name="param">The slope of a leaky ReLU.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            /// <summary>How many inputs each output of a weight has, and how many outputs each input.</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.Rank < 2)
                {
                    throw new ArgumentException($"Fan in and fan out can not be computed for tensor with fewer than 2 dimensions; its shape is {Shapes.Text(tensor.Shape)}.", nameof(tensor));
                }

                var window = Shapes.Count(tensor.Shape.AsSpan(2));
                return (tensor.Shape[1] * window, tensor.Shape[0] * window);
            }

            /// <summary>Sets every element to a number.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val) => Unrecorded(tensor, () => tensor.fill_(val));

            /// <summary>Sets every element to 1.</summary>
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            /// <summary>Sets every element to 0.</summary>
            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            /// <summary>Makes a matrix the identity (as far as it goes, where it is not square).</summary>
            /// <exception cref="ArgumentException">It has not two dimensions.</exception>
            public static Tensor eye_(Tensor tensor) => Errors.Given(tensor).Rank != 2
                ? throw new ArgumentException($"Only tensors with 2 dimensions are supported; the shape is {Shapes.Text(tensor.Shape)}.", nameof(tensor))
                : Unrecorded(tensor, () =>
                {
                    using var identity = eye(tensor.Shape[0], tensor.Shape[1], tensor.dtype);
                    tensor.copy_(identity);
                });

            /// <summary>Draws every element uniformly from [low, high).</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Unrecorded(tensor, () => tensor.uniform_(low, high, generator));

            /// <summary>Draws every element from a normal distribution.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Unrecorded(tensor, () => tensor.normal_(mean, std, generator));

            /// <summary>Draws every element from a normal distribution cut off at both ends.</summary>
            /// <param name="tensor">The tensor to set.</param>
            /// <param name="mean">The mean before cutting.</param>
            /// <param name="std">The standard deviation before cutting.</param>
            /// <param name="a">The least value.</param>
            /// <param name="b">The greatest value.</param>
            /// <param name="generator">Where the random numbers come from.</param>
            /// <remarks>PyTorch's numbers. TorchSharp's own version mixes up mean and deviation when it scales.</remarks>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null) => Unrecorded(tensor, () =>
            {
                // The inverse of the distribution function at uniform numbers between its values at the two ends.
                tensor.uniform_(VectorMath.Erf((a - mean) / std / Math.Sqrt(2)), VectorMath.Erf((b - mean) / std / Math.Sqrt(2)), generator);
                using var uniform = tensor.to(ScalarType.Float64).contiguous();
                var x = uniform.Pointer<double>();
                for (long i = 0; i < uniform.NumberOfElements; i++)
                {
                    x[i] = Math.Clamp((InverseError(x[i]) * std * Math.Sqrt(2)) + mean, a, b);
                }

                tensor.copy_(uniform);
                GC.KeepAlive(uniform);
            });

            /// <summary>Uniform values whose variance keeps both activations and gradients at their size.</summary>
            /// <remarks>Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 16.</remarks>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                var bound = Math.Sqrt(3) * XavierDeviation(tensor, gain);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal values whose variance keeps both activations and gradients at their size.</summary>
            /// <remarks>Glorot and Bengio 2010, equation 12. PyTorch's numbers; TorchSharp draws uniform ones here.</remarks>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) => normal_(tensor, 0, XavierDeviation(tensor, gain));

            /// <summary>Uniform values whose variance keeps activations (or gradients) at their size through a ReLU or its relatives.</summary>
            /// <remarks>He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", section 2.2.</remarks>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.NumberOfElements == 0)
                {
                    return tensor;
                }

                var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal values whose variance keeps activations (or gradients) at their size through a ReLU or its relatives.</summary>
            /// <remarks>He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", section 2.2.</remarks>
            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                Errors.Given(tensor).NumberOfElements == 0 ? tensor : normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            /// <summary>A matrix whose rows (or columns, if there are fewer) are orthogonal and have length 1; dimensions behind the first count as one.</summary>
            /// <remarks>Saxe, McClelland and Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".</remarks>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (tensor.Rank < 2)
                {
                    throw new ArgumentException($"Only tensors with 2 or more dimensions are supported; the shape is {Shapes.Text(tensor.Shape)}.", nameof(tensor));
                }

                return Unrecorded(tensor, () =>
                {
                    var rows = tensor.Shape[0];
                    var columns = rows == 0 ? 0 : tensor.NumberOfElements / rows;
                    using var flattened = Tensor.Allocate(tensor.dtype, rows, columns);
                    flattened.normal_();
                    using var tall = rows < columns ? flattened.t() : flattened.Handle();
                    var (q, r) = linalg.qr(tall);
                    using var signs = r.diag(0).sign();
                    using var uniform = q.mul(signs);
                    using var result = rows < columns ? uniform.t() : uniform.Handle();
                    using var shaped = result.reshape(tensor.Shape);
                    tensor.copy_(shaped);
                    tensor.mul_(gain);
                    q.Dispose();
                    r.Dispose();
                });
            }

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            /// <summary>The x with erf(x) = y: a rational start (P. J. Acklam's kind, as in PyTorch) and three of Newton's steps.</summary>
            private static double InverseError(double y)
            {
                if (Math.Abs(y) >= 1)
                {
                    return double.CopySign(double.PositiveInfinity, y);
                }

                double x;
                if (Math.Abs(y) <= 0.7)
                {
                    var z = y * y;
                    x = y * ((((((-0.140543331 * z) + 0.914624893) * z) - 1.645349621) * z) + 0.886226899) / ((((((((0.012229801 * z) - 0.329097515) * z) + 1.442710462) * z) - 2.118377725) * z) + 1);
                }
                else
                {
                    var z = Math.Sqrt(-VectorMath.Log((1 - Math.Abs(y)) / 2));
                    x = double.CopySign(((((((1.641345311 * z) + 3.429567803) * z) - 1.624906493) * z) - 1.970840454) / ((((1.637067800 * z) + 3.543889200) * z) + 1), y);
                }

                for (var step = 0; step < 3; step++)
                {
                    x -= (VectorMath.Erf(x) - y) / (2 / Math.Sqrt(Math.PI) * VectorMath.Exp(-x * x));
                }

                return x;
            }

            private static Tensor Unrecorded(Tensor tensor, Action fill)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                using var recording = GradMode.Set(false);
                fill();
                return tensor;
            }
        }
    }
}
