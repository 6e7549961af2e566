using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>max(0, x).</summary>
    public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
    {
        internal ReLU(bool inplace)
            : base(nameof(ReLU)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.relu(input, inplace);
    }

    /// <summary>x, or a small multiple of x where x is negative.</summary>
    public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
    {
        internal LeakyReLU(double negative_slope, bool inplace)
            : base(nameof(LeakyReLU)) => (this.negative_slope, this.inplace) = (negative_slope, inplace);

        /// <summary>The multiple.</summary>
        public double negative_slope { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.leaky_relu(input, negative_slope, inplace);
    }

    /// <summary>x times the normal distribution function of x (Hendrycks and Gimpel 2016), in its exact form.</summary>
    public sealed class GELU : ParameterLessModule<Tensor, Tensor>
    {
        internal GELU(bool inplace)
            : base(nameof(GELU)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.gelu(input, inplace);
    }

    /// <summary>x times the logistic function of x (also called swish).</summary>
    public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
    {
        internal SiLU(bool inplace)
            : base(nameof(SiLU)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.silu(input, inplace);
    }

    /// <summary>The logistic function, 1 / (1 + exp(-x)).</summary>
    public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal Sigmoid(bool inplace)
            : base(nameof(Sigmoid)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.sigmoid(input, inplace);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
    {
        internal Tanh(bool inplace)
            : base(nameof(Tanh)) => this.inplace = inplace;

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.tanh(input, inplace);
    }

    /// <summary>ln(1 + exp(beta x)) / beta, a smooth ReLU; the identity where beta x exceeds the threshold.</summary>
    public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
    {
        internal Softplus(double beta, double threshold)
            : base(nameof(Softplus)) => (this.beta, this.threshold) = (beta, threshold);

        /// <summary>How sharp the bend is.</summary>
        public double beta { get; set; }

        /// <summary>Where it becomes the identity.</summary>
        public double threshold { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.softplus(input, beta, threshold);
    }

    /// <summary>exp(x) over its sum along a dimension.</summary>
    public sealed class Softmax : ParameterLessModule<Tensor, Tensor>
    {
        internal Softmax(long dim)
            : base(nameof(Softmax)) => this.dim = dim;

        /// <summary>The dimension.</summary>
        public long dim { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.softmax(input, dim);
    }

    /// <summary>The logarithm of the softmax along a dimension.</summary>
    public sealed class LogSoftmax : ParameterLessModule<Tensor, Tensor>
    {
        internal LogSoftmax(long dim)
            : base(nameof(LogSoftmax)) => this.dim = dim;

        /// <summary>The dimension.</summary>
        public long dim { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.log_softmax(input, dim);
    }

    /// <summary>x, or a learnt multiple of x where x is negative.</summary>
    /// <remarks>He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers", section 2.1.</remarks>
    public sealed class PReLU : torch.nn.Module<Tensor, Tensor>
    {
        internal PReLU(long num_parameters, double init, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(PReLU))
        {
            (this.num_parameters, this.init) = (num_parameters, init);
            register_parameter(nameof(weight), LayerParameters.Filled(nameof(PReLU), init, device, dtype, num_parameters));
        }

        /// <summary>1, or the number of channels.</summary>
        public long num_parameters { get; }

        /// <summary>The multiple at first.</summary>
        public double init { get; }

        /// <summary>(num_parameters).</summary>
        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.prelu(input, weight);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>max(0, x).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            /// <summary>x, or a small multiple of x where x is negative.</summary>
            /// <param name="negative_slope">The multiple.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            /// <summary>x times the normal distribution function of x (Hendrycks and Gimpel 2016), in its exact form.</summary>
            public static GELU GELU() => new(false);

            /// <summary>x times the normal distribution function of x (Hendrycks and Gimpel 2016), in its exact form.</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static GELU GELU(bool inplace) => new(inplace);

            /// <summary>x times the logistic function of x (also called swish).</summary>
            public static SiLU SiLU() => new(false);

            /// <summary>x times the logistic function of x (also called swish).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static SiLU SiLU(bool inplace) => new(inplace);

            /// <summary>The logistic function, 1 / (1 + exp(-x)).</summary>
            public static Sigmoid Sigmoid() => new(false);

            /// <summary>The logistic function, 1 / (1 + exp(-x)).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Sigmoid Sigmoid(bool inplace) => new(inplace);

            /// <summary>The hyperbolic tangent.</summary>
            public static Tanh Tanh() => new(false);

            /// <summary>The hyperbolic tangent.</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Tanh Tanh(bool inplace = false) => new(inplace);

            /// <summary>ln(1 + exp(beta x)) / beta, a smooth ReLU; the identity where beta x exceeds the threshold.</summary>
            /// <param name="beta">How sharp the bend is.</param>
            /// <param name="threshold">Where it becomes the identity.</param>
            public static Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

            /// <summary>exp(x) over its sum along a dimension.</summary>
            /// <param name="dim">The dimension.</param>
            public static Softmax Softmax(long dim) => new(dim);

            /// <summary>The logarithm of the softmax along a dimension.</summary>
            /// <param name="dim">The dimension.</param>
            public static LogSoftmax LogSoftmax(long dim) => new(dim);

            /// <summary>x, or a learnt multiple of x where x is negative.</summary>
            /// <param name="num_parameters">1, or the number of channels (dimension 1).</param>
            /// <param name="init">The multiple at first.</param>
            /// <param name="device">The processor.</param>
            /// <param name="dtype">The type of the parameter.</param>
            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) => new(num_parameters, init, device, dtype);

            public static partial class functional
            {
                /// <summary>max(0, x).</summary>
                public static Tensor relu(Tensor x, bool inplace = false) => inplace ? Errors.Given(x).relu_().Handle() : Errors.Given(x).relu();

                /// <summary>x, or a multiple of x where x is negative.</summary>
                public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => inplace ? Errors.Given(input).leaky_relu_(negative_slope).Handle() : Errors.Given(input).leaky_relu(negative_slope);

                /// <summary>x times the normal distribution function of x.</summary>
                public static Tensor gelu(Tensor x) => Errors.Given(x).gelu();

                /// <summary>x times the normal distribution function of x.</summary>
                public static Tensor gelu(Tensor x, bool inplace) => inplace ? Errors.Given(x).gelu_().Handle() : Errors.Given(x).gelu();

                /// <summary>x times the logistic function of x.</summary>
                public static Tensor silu(Tensor x, bool inplace = false) => inplace ? Errors.Given(x).silu_().Handle() : Errors.Given(x).silu();

                /// <summary>The logistic function.</summary>
                public static Tensor sigmoid(Tensor x) => Errors.Given(x).sigmoid();

                /// <summary>The logistic function.</summary>
                public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? Errors.Given(x).sigmoid_().Handle() : Errors.Given(x).sigmoid();

                /// <summary>The hyperbolic tangent.</summary>
                public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? Errors.Given(x).tanh_().Handle() : Errors.Given(x).tanh();

                /// <summary>ln(1 + exp(beta x)) / beta; the identity where beta x exceeds the threshold.</summary>
                public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Errors.Given(x).softplus(beta, threshold);

                /// <summary>The logarithm of the logistic function.</summary>
                public static Tensor logsigmoid(Tensor x) => Errors.Given(x).log_sigmoid();

                /// <summary>x, or a multiple of x where x is negative: weight has one element, or one for every channel (dimension 1).</summary>
                public static Tensor prelu(Tensor input, Tensor weight) => Errors.Given(input).prelu(weight);

                /// <summary>exp(x) over its sum along a dimension.</summary>
                /// <param name="input">Numbers.</param>
                /// <param name="dim">The dimension.</param>
                /// <param name="dtype">The type to convert to first.</param>
                public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Errors.Given(input).softmax(dim, dtype);

                /// <summary>The logarithm of the softmax along a dimension.</summary>
                public static Tensor log_softmax(Tensor x, long dim) => Errors.Given(x).log_softmax(dim);
            }
        }
    }
}
