using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Brings the last dimensions to mean 0 and variance 1, then scales and shifts every element.</summary>
    /// <remarks>Ba, Kiros and Hinton 2016, "Layer normalization".</remarks>
    public sealed class LayerNorm : torch.nn.Module<Tensor, Tensor>
    {
        private readonly long[] _shape;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            (_shape, this.eps, this.elementwise_affine) = ((long[])normalized_shape.Clone(), eps, elementwise_affine);
            if (elementwise_affine)
            {
                register_parameter(nameof(weight), LayerParameters.Filled(nameof(LayerNorm), 1, device, dtype, _shape));
                if (bias)
                {
                    register_parameter(nameof(bias), LayerParameters.Filled(nameof(LayerNorm), 0, device, dtype, _shape));
                }
            }
        }

        /// <summary>The lengths of the dimensions that are normalised.</summary>
        public long[] normalized_shape => (long[])_shape.Clone();

        /// <summary>Added to the variance.</summary>
        public double eps { get; set; }

        /// <summary>Whether there is a scale.</summary>
        public bool elementwise_affine { get; }

        /// <summary>Of the normalised shape, or null.</summary>
        public Parameter? weight
        {
            get => OwnParameter(nameof(weight));
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>Of the normalised shape, or null.</summary>
        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => SetOwnParameter(nameof(bias), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Normalization.LayerNorm(input, _shape, weight, bias, eps);
    }

    /// <summary>Brings groups of channels to mean 0 and variance 1, then scales and shifts every channel.</summary>
    /// <remarks>Wu and He 2018, "Group normalization".</remarks>
    public sealed class GroupNorm : torch.nn.Module<Tensor, Tensor>
    {
        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(GroupNorm))
        {
            (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
            if (affine)
            {
                register_parameter(nameof(weight), LayerParameters.Filled(nameof(GroupNorm), 1, device, dtype, num_channels));
                register_parameter(nameof(bias), LayerParameters.Filled(nameof(GroupNorm), 0, device, dtype, num_channels));
            }
        }

        /// <summary>How many groups.</summary>
        public long num_groups { get; set; }

        /// <summary>Added to the variance.</summary>
        public double eps { get; set; }

        /// <summary>Whether there are a scale and a shift.</summary>
        public bool affine { get; set; }

        /// <summary>(channels), or null.</summary>
        public Parameter? weight
        {
            get => OwnParameter(nameof(weight));
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>(channels), or null.</summary>
        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => SetOwnParameter(nameof(bias), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.group_norm(input, num_groups, weight, bias, eps);
    }

    /// <summary>What batch and instance normalisation share: scale, shift, and statistics that are kept for evaluation.</summary>
    public abstract class NormBase : torch.nn.Module<Tensor, Tensor>
    {
        private protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(name)
        {
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            if (affine)
            {
                register_parameter(nameof(weight), LayerParameters.Filled(name, 1, device, dtype, num_features));
                register_parameter(nameof(bias), LayerParameters.Filled(name, 0, device, dtype, num_features));
            }

            if (track_running_stats)
            {
                torch.Device.Require(device, name);
                register_buffer(nameof(running_mean), torch.zeros(num_features, dtype ?? torch.ScalarType.Float32));
                register_buffer(nameof(running_var), torch.ones(num_features, dtype ?? torch.ScalarType.Float32));
                register_buffer(nameof(num_batches_tracked), Tensor.Zeros(torch.ScalarType.Int64));
            }
        }

        /// <summary>How many channels.</summary>
        public long num_features { get; }

        /// <summary>Added to the variance.</summary>
        public double eps { get; set; }

        /// <summary>The share of each new batch in the kept statistics; null for the mean over all batches.</summary>
        public double? momentum { get; set; }

        /// <summary>Whether there are a scale and a shift.</summary>
        public bool affine { get; }

        /// <summary>Whether statistics are kept for evaluation.</summary>
        public bool track_running_stats { get; }

        /// <summary>(channels), or null.</summary>
        public Parameter? weight
        {
            get => OwnParameter(nameof(weight));
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>(channels), or null.</summary>
        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => SetOwnParameter(nameof(bias), value);
        }

        /// <summary>The kept mean of every channel, or null.</summary>
        public Tensor? running_mean
        {
            get => OwnBuffer(nameof(running_mean));
            set => SetOwnBuffer(nameof(running_mean), value);
        }

        /// <summary>The kept variance of every channel, or null.</summary>
        public Tensor? running_var
        {
            get => OwnBuffer(nameof(running_var));
            set => SetOwnBuffer(nameof(running_var), value);
        }

        /// <summary>How many batches were seen in training, or null.</summary>
        public Tensor? num_batches_tracked
        {
            get => OwnBuffer(nameof(num_batches_tracked));
            set => SetOwnBuffer(nameof(num_batches_tracked), value);
        }

        /// <summary>Puts the kept statistics back to mean 0 and variance 1.</summary>
        public void reset_running_stats()
        {
            if (track_running_stats)
            {
                torch.nn.init.zeros_(running_mean!);
                torch.nn.init.ones_(running_var!);
                torch.nn.init.zeros_(num_batches_tracked!);
            }
        }

        /// <summary>Puts statistics, scale and shift back to what they were at first.</summary>
        public void reset_parameters()
        {
            reset_running_stats();
            if (affine)
            {
                torch.nn.init.ones_(weight!);
                torch.nn.init.zeros_(bias!);
            }
        }

        /// <summary>Throws where the input has not the right number of dimensions.</summary>
        /// <exception cref="ArgumentException">It has not.</exception>
        private protected void RequireDimensions(Tensor input, int least, int most)
        {
            if (input.Rank < least || input.Rank > most)
            {
                throw new ArgumentException($"{GetName()}: expected {(least == most ? $"{least}D" : $"{least}D or {most}D")} input, but got {input.Rank}D input of shape {Shapes.Text(input.Shape)}.");
            }
        }
    }

    /// <summary>Brings every channel to mean 0 and variance 1 over the batch (in evaluation: by the kept statistics), then scales and shifts it.</summary>
    /// <remarks>Ioffe and Szegedy 2015, "Batch normalization".</remarks>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        private protected Tensor Normalize(Tensor input)
        {
            var share = momentum ?? 0;
            if (training && num_batches_tracked is { } batches)
            {
                batches.add_(1);
                share = momentum ?? 1.0 / batches.item<long>();
            }

            // Without kept statistics a batch's own are used in evaluation too.
            var keeps = running_mean is not null && running_var is not null;
            return Normalization.BatchNorm(input, running_mean, running_var, weight, bias, training || !keeps, share, eps);
        }
    }

    /// <summary>Batch normalisation of (N, C) or (N, C, L).</summary>
    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            RequireDimensions(input, 2, 3);
            return Normalize(input);
        }
    }

    /// <summary>Batch normalisation of (N, C, H, W).</summary>
    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            RequireDimensions(input, 4, 4);
            return Normalize(input);
        }
    }

    /// <summary>Brings every channel of every example to mean 0 and variance 1.</summary>
    /// <remarks>Ulyanov, Vedaldi and Lempitsky 2016, "Instance normalization".</remarks>
    public abstract class InstanceNorm : NormBase
    {
        private protected InstanceNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
        {
        }

        private protected Tensor Normalize(Tensor input, int batchedRank)
        {
            RequireDimensions(input, batchedRank - 1, batchedRank);
            if (input.Rank == batchedRank)
            {
                return Normalization.InstanceNorm(input, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0, eps);
            }

            using var batch = input.unsqueeze(0);
            using var result = Normalize(batch, batchedRank);
            return result.squeeze(0);
        }
    }

    /// <summary>Instance normalisation of (N, C, L) or (C, L).</summary>
    public sealed class InstanceNorm1d : InstanceNorm
    {
        internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm1d))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Normalize(input, 3);
    }

    /// <summary>Instance normalisation of (N, C, H, W) or (C, H, W).</summary>
    public sealed class InstanceNorm2d : InstanceNorm
    {
        internal InstanceNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm2d))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => Normalize(input, 4);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Brings the last dimension to mean 0 and variance 1, then scales and shifts every element.</summary>
            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            /// <summary>Brings the last dimensions to mean 0 and variance 1, then scales and shifts every element.</summary>
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            /// <summary>Brings groups of channels to mean 0 and variance 1, then scales and shifts every channel.</summary>
            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1E-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);

            /// <summary>Batch normalisation of (N, C) or (N, C, L).</summary>
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            /// <summary>Batch normalisation of (N, C, H, W).</summary>
            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            /// <summary>Instance normalisation of (N, C, L) or (C, L).</summary>
            public static InstanceNorm1d InstanceNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            /// <summary>Instance normalisation of (N, C, H, W) or (C, H, W).</summary>
            public static InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static partial class functional
            {
                /// <summary>Brings the last dimensions to mean 0 and variance 1, then scales and shifts every element.</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
                public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                    Normalization.LayerNorm(input, normalized_shape, weight, bias, eps);

                /// <summary>Brings groups of channels (dimension 1) to mean 0 and variance 1, then scales and shifts every channel.</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
                public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                    Normalization.GroupNorm(input, num_groups, weight, bias, eps);

                /// <summary>Brings every channel (dimension 1) to mean 0 and variance 1, by the batch's statistics (training, which updates the running ones) or the running ones.</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
                public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1E-05) =>
                    Normalization.BatchNorm(input, running_mean, running_var, weight, bias, training, momentum, eps);
            }
        }
    }
}
