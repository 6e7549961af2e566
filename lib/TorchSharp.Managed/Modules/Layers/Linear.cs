using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A linear map with a bias: (..., in) -> (..., out), x W^T + b.</summary>
    /// <remarks>Weight and bias are drawn uniformly from +-1 / sqrt(in), weight first.</remarks>
    public sealed class Linear : torch.nn.Module<Tensor, Tensor>
    {
        internal Linear(Parameter weight, Parameter? bias = null)
            : base(nameof(Linear))
        {
            (out_features, in_features) = (weight.Shape[0], weight.Shape[1]);
            ConditionallyRegisterParameter(nameof(weight), weight);
            ConditionallyRegisterParameter(nameof(bias), bias);
        }

        internal Linear(long inputSize, long outputSize, bool hasBias = true, torch.Device? device = null, torch.ScalarType? dtype = null)
            : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            register_parameter(nameof(weight), LayerParameters.Empty(nameof(Linear), device, dtype, outputSize, inputSize));
            torch.nn.init.kaiming_uniform_(weight, a: Math.Sqrt(5));
            if (hasBias)
            {
                register_parameter(nameof(bias), LayerParameters.Empty(nameof(Linear), device, dtype, outputSize));
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                torch.nn.init.uniform_(bias!, -bound, bound);
            }
        }

        /// <summary>The length of an input vector.</summary>
        public long in_features { get; set; }

        /// <summary>The length of an output vector.</summary>
        public long out_features { get; set; }

        /// <summary>(out, in).</summary>
        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>(out), or null.</summary>
        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => SetOwnParameter(nameof(bias), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.linear(input, weight, bias);

        /// <summary>A copy of the layer. As in PyTorch's C++ library it is first initialised anew, so that random numbers are drawn.</summary>
        internal Linear Clone()
        {
            var copy = new Linear(in_features, out_features, bias is not null, null, weight.dtype);
            copy.load_state_dict(state_dict());
            return copy;
        }
    }

    /// <summary>A bilinear map: (..., in1) and (..., in2) -> (..., out), x1 A_o x2 + b_o for every output o.</summary>
    /// <remarks>Weight and bias are drawn uniformly from +-1 / sqrt(in1), weight first.</remarks>
    public sealed class Bilinear : torch.nn.Module<Tensor, Tensor, Tensor>
    {
        internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Bilinear))
        {
            (this.in1_features, this.in2_features, this.out_features) = (in1_features, in2_features, out_features);
            var bound = 1 / Math.Sqrt(in1_features);
            register_parameter(nameof(weight), LayerParameters.Empty(nameof(Bilinear), device, dtype, out_features, in1_features, in2_features));
            torch.nn.init.uniform_(weight, -bound, bound);
            if (hasBias)
            {
                register_parameter(nameof(bias), LayerParameters.Empty(nameof(Bilinear), device, dtype, out_features));
                torch.nn.init.uniform_(bias!, -bound, bound);
            }
        }

        /// <summary>The length of a vector of the first input.</summary>
        public long in1_features { get; set; }

        /// <summary>The length of a vector of the second input.</summary>
        public long in2_features { get; set; }

        /// <summary>The length of an output vector.</summary>
        public long out_features { get; set; }

        /// <summary>(out, in1, in2).</summary>
        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>(out), or null.</summary>
        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => SetOwnParameter(nameof(bias), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.bilinear(input1, input2, weight, bias);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A linear map with a bias: (..., in) -> (..., out).</summary>
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);

            /// <summary>A linear map with given weights: (..., in) -> (..., out).</summary>
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

            /// <summary>A bilinear map: (..., in1) and (..., in2) -> (..., out).</summary>
            public static Bilinear Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in1_features, in2_features, out_features, hasBias, device, dtype);

            public static partial class functional
            {
                /// <summary>x W^T + b: (..., in) with weights (out, in) -> (..., out).</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">Shapes or types don't fit.</exception>
                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => MatrixProducts.Linear(input, weights, bias);

                /// <summary>x1 A_o x2 + b_o: (..., in1) and (..., in2) with weight (out, in1, in2) -> (..., out).</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">Shapes don't fit.</exception>
                public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias = null)
                {
                    ArgumentNullException.ThrowIfNull(input1);
                    ArgumentNullException.ThrowIfNull(input2);
                    ArgumentNullException.ThrowIfNull(weight);
                    if (weight.Rank != 3 || input1.Rank == 0 || input1.Rank != input2.Rank || input1.Shape[^1] != weight.Shape[1] || input2.Shape[^1] != weight.Shape[2]
                        || !input1.Shape.AsSpan(0, input1.Rank - 1).SequenceEqual(input2.Shape.AsSpan(0, input2.Rank - 1)))
                    {
                        throw Errors.Of("bilinear", $"expected inputs (..., in1) and (..., in2) and a weight (out, in1, in2), but the shapes are {Shapes.Text(input1.Shape)}, {Shapes.Text(input2.Shape)} and {Shapes.Text(weight.Shape)}");
                    }

                    var (outputs, in1, in2) = (weight.Shape[0], weight.Shape[1], weight.Shape[2]);
                    using var rows1 = input1.reshape(-1, in1);
                    using var rows2 = input2.reshape(-1, in2, 1);
                    using var matrix = weight.permute(1, 0, 2).reshape(in1, outputs * in2);
                    using var half = rows1.matmul(matrix).view(rows1.Shape[0], outputs, in2);
                    using var product = half.matmul(rows2);
                    using var result = product.view([.. input1.Shape[..^1], outputs]);
                    return bias is null ? result.Handle() : result.add(bias);
                }
            }
        }
    }
}
