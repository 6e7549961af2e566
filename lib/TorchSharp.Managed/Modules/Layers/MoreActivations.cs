using TorchSharp.Modules;

// The activations that are less used, as layers and as functions.
namespace TorchSharp.Modules
{
    /// <summary>x, or alpha (e^x - 1) where x is negative (Clevert, Unterthiner and Hochreiter, 2016).</summary>
    public sealed class ELU : ParameterLessModule<Tensor, Tensor>
    {
        internal ELU(double alpha, bool inplace)
            : base(nameof(ELU)) => (this.alpha, this.inplace) = (alpha, inplace);

        /// <summary>The limit on the negative side, with its sign turned.</summary>
        public double alpha { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.elu(input, alpha, inplace);
    }

    /// <summary>x, or alpha (e^(x / alpha) - 1) where x is negative: smooth for every alpha (Barron, 2017).</summary>
    public sealed class CELU : ParameterLessModule<Tensor, Tensor>
    {
        internal CELU(double alpha, bool inplace)
            : base(nameof(CELU)) => (this.alpha, this.inplace) = (alpha, inplace);

        /// <summary>The limit on the negative side, with its sign turned.</summary>
        public double alpha { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.celu(input, alpha, inplace);
    }

    /// <summary>ELU with the two constants that keep mean 0 and variance 1 (Klambauer and others, 2017).</summary>
    public sealed class SELU : ParameterLessModule<Tensor, Tensor>
    {
        internal SELU(bool inplace)
            : base(nameof(SELU)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.selu(input, inplace);
    }

    /// <summary>The first half times the logistic function of the second, along a dimension of even length: "gated linear unit" (Dauphin and others, 2017).</summary>
    public sealed class GLU : ParameterLessModule<Tensor, Tensor>
    {
        internal GLU(long dim)
            : base(nameof(GLU)) => this.dim = dim;

        /// <summary>The dimension that is halved.</summary>
        public long dim { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.glu(input, dim);
    }

    /// <summary>x tanh(ln(1 + e^x)) (Misra, 2019).</summary>
    public sealed class Mish : ParameterLessModule<Tensor, Tensor>
    {
        internal Mish(bool inplace)
            : base(nameof(Mish)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.mish(input, inplace);
    }

    /// <summary>x between 0 and 6.</summary>
    public sealed class ReLU6 : ParameterLessModule<Tensor, Tensor>
    {
        internal ReLU6(bool inplace)
            : base(nameof(ReLU6)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.relu6(input, inplace);
    }

    /// <summary>x between two bounds.</summary>
    public sealed class Hardtanh : ParameterLessModule<Tensor, Tensor>
    {
        internal Hardtanh(double min_val, double max_val, bool inplace)
            : base(nameof(Hardtanh)) => (this.min_val, this.max_val, this.inplace) = (min_val, max_val, inplace);

        /// <summary>The lower bound.</summary>
        public double min_val { get; set; }

        /// <summary>The upper bound.</summary>
        public double max_val { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.hardtanh(input, min_val, max_val, inplace);
    }

    /// <summary>x / 6 + 1/2 between 0 and 1.</summary>
    public sealed class Hardsigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal Hardsigmoid(bool inplace)
            : base(nameof(Hardsigmoid)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.hardsigmoid(input, inplace);
    }

    /// <summary>x times hardsigmoid(x) (Howard and others, 2019).</summary>
    public sealed class Hardswish : ParameterLessModule<Tensor, Tensor>
    {
        internal Hardswish(bool inplace)
            : base(nameof(Hardswish)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.hardswish(input, inplace);
    }

    /// <summary>The logarithm of the logistic function.</summary>
    public sealed class LogSigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal LogSigmoid()
            : base(nameof(LogSigmoid))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.logsigmoid(input);
    }

    /// <summary>x / (1 + |x|).</summary>
    public sealed class Softsign : ParameterLessModule<Tensor, Tensor>
    {
        internal Softsign(bool inplace)
            : base(nameof(Softsign)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.softsign(input, inplace);
    }

    /// <summary>x - tanh(x).</summary>
    public sealed class Tanhshrink : ParameterLessModule<Tensor, Tensor>
    {
        internal Tanhshrink(bool inplace)
            : base(nameof(Tanhshrink)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.tanhshrink(input, inplace);
    }

    /// <summary>x, or 0 where its size is at most lambda.</summary>
    public sealed class Hardshrink : ParameterLessModule<Tensor, Tensor>
    {
        internal Hardshrink(double lambda)
            : base(nameof(Hardshrink)) => this.lambda = lambda;

        /// <summary>The bound.</summary>
        public double lambda { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.hardshrink(input, lambda);
    }

    /// <summary>x brought nearer to 0 by lambda, or 0 where its size is less.</summary>
    public sealed class Softshrink : ParameterLessModule<Tensor, Tensor>
    {
        internal Softshrink(double lambda)
            : base(nameof(Softshrink)) => this.lambda = lambda;

        /// <summary>The distance.</summary>
        public double lambda { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.softshrink(input, lambda);
    }

    /// <summary>x where it is above a threshold, otherwise a value.</summary>
    public sealed class Threshold : ParameterLessModule<Tensor, Tensor>
    {
        internal Threshold(double threshold, double value, bool inplace)
            : base(nameof(Threshold)) => (this.threshold, this.value, this.inplace) = (threshold, value, inplace);

        /// <summary>The threshold.</summary>
        public double threshold { get; set; }

        /// <summary>The value below it.</summary>
        public double value { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.threshold(input, threshold, value, inplace);
    }

    /// <summary>exp(-x) over its sum along a dimension.</summary>
    public sealed class Softmin : ParameterLessModule<Tensor, Tensor>
    {
        internal Softmin(long dim)
            : base(nameof(Softmin)) => this.dim = dim;

        /// <summary>The dimension.</summary>
        public long dim { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.softmin(input, dim);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>x, or alpha (e^x - 1) where x is negative (Clevert, Unterthiner and Hochreiter, 2016).</summary>
            /// <param name="alpha">The limit on the negative side, with its sign turned.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static ELU ELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            /// <summary>x, or alpha (e^(x / alpha) - 1) where x is negative: smooth for every alpha (Barron, 2017).</summary>
            /// <param name="alpha">The limit on the negative side, with its sign turned.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static CELU CELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            /// <summary>ELU with the two constants that keep mean 0 and variance 1 (Klambauer and others, 2017).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static SELU SELU(bool inplace = false) => new(inplace);

            /// <summary>The first half times the logistic function of the second, along a dimension of even length: "gated linear unit" (Dauphin and others, 2017).</summary>
            /// <param name="dim">The dimension that is halved.</param>
            public static GLU GLU(long dim = -1) => new(dim);

            /// <summary>x tanh(ln(1 + e^x)) (Misra, 2019).</summary>
            public static Mish Mish() => new(false);

            /// <summary>x tanh(ln(1 + e^x)) (Misra, 2019).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Mish Mish(bool inplace) => new(inplace);

            /// <summary>x between 0 and 6.</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

            /// <summary>x between two bounds.</summary>
            /// <param name="min_val">The lower bound.</param>
            /// <param name="max_val">The upper bound.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Hardtanh Hardtanh(double min_val = -1.0, double max_val = 1.0, bool inplace = false) => new(min_val, max_val, inplace);

            /// <summary>x / 6 + 1/2 between 0 and 1.</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

            /// <summary>x times hardsigmoid(x) (Howard and others, 2019).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Hardswish Hardswish(bool inplace = false) => new(inplace);

            /// <summary>The logarithm of the logistic function.</summary>
            public static LogSigmoid LogSigmoid() => new();

            /// <summary>x / (1 + |x|).</summary>
            public static Softsign Softsign() => new(false);

            /// <summary>x / (1 + |x|).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Softsign Softsign(bool inplace) => new(inplace);

            /// <summary>x - tanh(x).</summary>
            public static Tanhshrink Tanhshrink() => new(false);

            /// <summary>x - tanh(x).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Tanhshrink Tanhshrink(bool inplace = false) => new(inplace);

            /// <summary>x, or 0 where its size is at most lambda.</summary>
            /// <param name="lambda">The bound.</param>
            public static Hardshrink Hardshrink(double lambda = 0.5) => new(lambda);

            /// <summary>x brought nearer to 0 by lambda, or 0 where its size is less.</summary>
            /// <param name="lambda">The distance.</param>
            public static Softshrink Softshrink(double lambda = 0.5) => new(lambda);

            /// <summary>x where it is above a threshold, otherwise a value.</summary>
            /// <param name="threshold">The threshold.</param>
            /// <param name="value">The value below it.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Threshold Threshold(double threshold, double value, bool inplace = false) => new(threshold, value, inplace);

            /// <summary>exp(-x) over its sum along a dimension.</summary>
            /// <param name="dim">The dimension.</param>
            public static Softmin Softmin(long dim) => new(dim);

            public static partial class functional
            {
                /// <summary>x, or alpha (e^x - 1) where x is negative.</summary>
                public static Tensor elu(Tensor x, double alpha, bool inplace = false) => InPlaceOrNot(x, inplace, "elu_", self => self.elu(alpha));

                /// <summary>x, or alpha (e^(x / alpha) - 1) where x is negative.</summary>
                public static Tensor celu(Tensor x, double alpha, bool inplace = false) => InPlaceOrNot(x, inplace, "celu_", self => self.celu(alpha));

                /// <summary>ELU with the two constants that keep mean 0 and variance 1.</summary>
                public static Tensor selu(Tensor x, bool inplace = false) => InPlaceOrNot(x, inplace, "selu_", self => self.selu());

                /// <summary>The first half times the logistic function of the second, along a dimension of even length.</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The length is odd, or there is no such dimension.</exception>
                public static Tensor glu(Tensor input, long dim = -1)
                {
                    var d = Shapes.Dimension("glu", dim, Errors.Given(input).Rank);
                    if (input.Rank == 0 || input.Shape[d] % 2 != 0)
                    {
                        throw Errors.Of("glu", $"expects a dimension of even length, but dimension {dim} of {Shapes.Text(input.Shape)} is not");
                    }

                    var half = input.Shape[d] / 2;
                    using var values = input.narrow(d, 0, half);
                    using var gates = input.narrow(d, half, half);
                    using var open = gates.sigmoid();
                    return values.mul(open);
                }

                /// <summary>x tanh(ln(1 + e^x)).</summary>
                public static Tensor mish(Tensor x, bool inplace = false) => InPlaceOrNot(x, inplace, "mish_", static self => self.mish());

                /// <summary>x between 0 and 6.</summary>
                public static Tensor relu6(Tensor x, bool inplace = false) => InPlaceOrNot(x, inplace, "relu6_", static self => self.relu6());

                /// <summary>x between two bounds.</summary>
                public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) => InPlaceOrNot(x, inplace, "hardtanh_", self => self.hardtanh(min_val, max_val));

                /// <summary>x / 6 + 1/2 between 0 and 1.</summary>
                public static Tensor hardsigmoid(Tensor input, bool inplace = false) => InPlaceOrNot(input, inplace, "hardsigmoid_", static self => self.hardsigmoid());

                /// <summary>x times hardsigmoid(x).</summary>
                public static Tensor hardswish(Tensor input, bool inplace = false) => InPlaceOrNot(input, inplace, "hardswish_", static self => self.hardswish());

                /// <summary>x / (1 + |x|).</summary>
                public static Tensor softsign(Tensor x, bool inplace = false) => InPlaceOrNot(x, inplace, "softsign_", static self =>
                {
                    using var size = self.abs();
                    using var divisor = size.add(1);
                    return self.div(divisor);
                });

                /// <summary>x - tanh(x).</summary>
                public static Tensor tanhshrink(Tensor x, bool inplace = false) => InPlaceOrNot(x, inplace, "tanhshrink_", static self =>
                {
                    using var tanh = self.tanh();
                    return self.sub(tanh);
                });

                /// <summary>x, or 0 where its size is at most lambda.</summary>
                public static Tensor hardshrink(Tensor x, double lambda = 0.5)
                {
                    using var size = Errors.Given(x).abs();
                    using var small = size.le(lambda);
                    return x.masked_fill(small, 0);
                }

                /// <summary>x brought nearer to 0 by lambda, or 0 where its size is less.</summary>
                public static Tensor softshrink(Tensor x, double lambda = 0.5)
                {
                    if (!(lambda >= 0))
                    {
                        throw Errors.Of("softshrink", FormattableString.Invariant($"expects a lambda of at least 0, but got {lambda}"));
                    }

                    using var taken = Errors.Given(x).hardtanh(-lambda, lambda);
                    return x.sub(taken);
                }

                /// <summary>x where it is above a threshold, otherwise a value.</summary>
                public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => InPlaceOrNot(x, inplace, "threshold_", self =>
                {
                    using var low = self.le(threshold);
                    return self.masked_fill(low, value);
                });

                /// <summary>exp(-x) over its sum along a dimension.</summary>
                public static Tensor softmin(Tensor x, long dim)
                {
                    using var turned = Errors.Given(x).neg();
                    return turned.softmax(dim);
                }

                // A change in place gives a handle of the tensor that was changed.
                private static Tensor InPlaceOrNot(Tensor x, bool inplace, string name, Func<Tensor, Tensor> function) =>
                    inplace ? Errors.Given(x).ApplyInPlace(name, function).Handle() : function(Errors.Given(x));
            }
        }
    }
}
