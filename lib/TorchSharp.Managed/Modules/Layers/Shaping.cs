using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Returns its input: a place holder.</summary>
    public sealed class Identity : ParameterLessModule<Tensor, Tensor>
    {
        internal Identity()
            : base(nameof(Identity))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.Handle();
    }

    /// <summary>Makes one dimension of several.</summary>
    public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
    {
        internal Flatten(long start_dim, long end_dim)
            : base(nameof(Flatten)) => (this.start_dim, this.end_dim) = (start_dim, end_dim);

        /// <summary>The first of the dimensions.</summary>
        public long start_dim { get; set; }

        /// <summary>The last of the dimensions.</summary>
        public long end_dim { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
    }

    /// <summary>Makes several dimensions of one.</summary>
    public sealed class Unflatten : ParameterLessModule<Tensor, Tensor>
    {
        internal Unflatten(long dim, long[] unflattened_size)
            : base(nameof(Unflatten)) => (this.dim, this.unflattened_size) = (dim, unflattened_size);

        /// <summary>The dimension.</summary>
        public long dim { get; set; }

        /// <summary>Its new lengths.</summary>
        public long[] unflattened_size { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.unflatten(dim, unflattened_size);
    }

    /// <summary>In training mode, sets elements to zero at random and scales the others up, so that the mean stays.</summary>
    /// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, "Dropout: a simple way to prevent neural networks from overfitting".</remarks>
    public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
    {
        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        /// <summary>The probability that an element becomes zero.</summary>
        public double p { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.dropout(input, p, training, inplace);
    }

    /// <summary>The cosine of the angle between two vectors, along a dimension.</summary>
    public sealed class CosineSimilarity : ParameterLessModule<Tensor, Tensor, Tensor>
    {
        internal CosineSimilarity(long dim, double eps)
            : base(nameof(CosineSimilarity)) => (this.dim, this.eps) = (dim, eps);

        /// <summary>The dimension along which the vectors lie.</summary>
        public long dim { get; set; }

        /// <summary>What a length counts as at least.</summary>
        public double eps { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.cosine_similarity(input1, input2, dim, eps);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A module that returns its input.</summary>
            public static Identity Identity() => new();

            /// <summary>Makes one dimension of several.</summary>
            /// <param name="start_dim">The first of them.</param>
            /// <param name="end_dim">The last of them.</param>
            public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

            /// <summary>Makes several dimensions of one.</summary>
            /// <param name="dim">The dimension.</param>
            /// <param name="unflattened_size">Its new lengths; one may be -1.</param>
            public static Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);

            /// <summary>In training mode, sets elements to zero at random and scales the others up.</summary>
            /// <param name="p">The probability that an element becomes zero.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            /// <summary>The cosine of the angle between two vectors, along a dimension.</summary>
            public static CosineSimilarity CosineSimilarity(long dim = 1, double eps = 1E-08) => new(dim, eps);

            public static partial class functional
            {
                /// <summary>Sets elements to zero at random and scales the others by 1 / (1 - p); without training, nothing happens.</summary>
                /// <param name="input">The numbers.</param>
                /// <param name="p">The probability that an element becomes zero.</param>
                /// <param name="training">Whether to do it. True unless told otherwise, as in TorchSharp.</param>
                /// <param name="inplace">Whether the input itself is changed.</param>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">p is no probability.</exception>
                public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                {
                    ArgumentNullException.ThrowIfNull(input);
                    if (p is not (>= 0 and <= 1))
                    {
                        throw Errors.Of("dropout", $"probability has to be between 0 and 1, but got {p}");
                    }

                    if (inplace)
                    {
                        return training && p > 0 ? input.ApplyInPlace("dropout", x => dropout(x, p)).Handle() : input.Handle();
                    }

                    return training && p > 0 ? input.Dropout(p, training) : input.Handle();
                }

                /// <summary>The cosine of the angle between two vectors, along a dimension.</summary>
                public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) => TorchSharp.Losses.CosineSimilarity(x1, x2, dim, eps);

                /// <summary>Divides by the p-norm along a dimension, so that vectors there have length 1.</summary>
                /// <param name="input">The vectors.</param>
                /// <param name="p">Which norm.</param>
                /// <param name="dim">The dimension along which they lie.</param>
                /// <param name="eps">What a norm counts as at least.</param>
                public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12)
                {
                    ArgumentNullException.ThrowIfNull(input);
                    using var norm = input.norm((int)dim, true, (float)p);
                    using var safe = norm.clamp(min: eps);
                    return input.div(safe);
                }

                /// <summary>Class numbers as vectors of zeros with a one: (...) -> (..., classes), Int64.</summary>
                /// <param name="x">Int64 numbers from 0.</param>
                /// <param name="num_classes">How many classes there are; -1 for one more than the largest number.</param>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The numbers are not Int64, or one is negative or too large.</exception>
                public static Tensor one_hot(Tensor x, long num_classes = -1)
                {
                    ArgumentNullException.ThrowIfNull(x);
                    if (x.dtype != ScalarType.Int64 || (x.NumberOfElements == 0 && num_classes <= 0))
                    {
                        throw Errors.Of("one_hot", $"expected class numbers of type Int64 (and num_classes, where there are none), but got {x.dtype} {Shapes.Text(x.Shape)}");
                    }

                    using var dense = x.contiguous();
                    var indices = Elements(dense);
                    var classes = num_classes > 0 ? num_classes : indices.Max() + 1;
                    if (indices.Length > 0 && (indices.Min() < 0 || indices.Max() >= classes))
                    {
                        throw Errors.Of("one_hot", $"class numbers must lie from 0 to {classes - 1}, but the least is {indices.Min()} and the greatest {indices.Max()}");
                    }

                    using var zeros = Tensor.Zeros(ScalarType.Int64, [.. x.Shape, classes]);
                    using var places = dense.unsqueeze(-1);
                    using var one = ones_like(places);
                    return zeros.scatter(-1, places, one);
                }

                private static unsafe long[] Elements(Tensor dense)
                {
                    var result = new Span<long>(dense.Pointer<long>(), checked((int)dense.NumberOfElements)).ToArray();
                    GC.KeepAlive(dense);
                    return result;
                }
            }
        }
    }
}
