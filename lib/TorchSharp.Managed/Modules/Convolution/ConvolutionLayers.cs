using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>What convolution layers share: their numbers, weights and how the borders are filled up.</summary>
    public abstract class Convolution : torch.nn.Module<Tensor, Tensor>
    {
        private readonly long[] _before;
        private readonly long[] _after;

        private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(name)
        {
            if (groups <= 0 || in_channels % groups != 0 || out_channels % groups != 0)
            {
                throw new ArgumentException($"{name}: in_channels {in_channels} and out_channels {out_channels} must be divisible by groups {groups}.");
            }

            (this.in_channels, this.out_channels, this.kernel_size, this.stride, this.dilation, this.padding_mode, this.groups) = (in_channels, out_channels, kernel_size, stride, dilation, padding_mode, groups);
            if (padding is null && stride.Any(step => step != 1))
            {
                throw new ArgumentException($"{name}: padding 'Same' is not supported for strided convolutions.");
            }

            // Where the output shall be as long as the input, an odd zero goes behind it.
            var total = kernel_size.Select((length, i) => dilation[i] * (length - 1)).ToArray();
            _before = padding ?? [.. total.Select(zeros => zeros / 2)];
            _after = padding ?? [.. total.Select(zeros => zeros - (zeros / 2))];
            register_parameter(nameof(weight), LayerParameters.Empty(name, device, dtype, [out_channels, in_channels / groups, .. kernel_size]));
            torch.nn.init.kaiming_uniform_(weight, a: Math.Sqrt(5));
            if (bias)
            {
                register_parameter(nameof(bias), LayerParameters.Empty(name, device, dtype, out_channels));
                var (fanIn, _) = torch.nn.init.CalculateFanInAndFanOut(weight);
                var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                torch.nn.init.uniform_(this.bias!, -bound, bound);
            }
        }

        /// <summary>How many channels the input has.</summary>
        public long in_channels { get; }

        /// <summary>How many channels the output has.</summary>
        public long out_channels { get; }

        /// <summary>The lengths of the window.</summary>
        public long[] kernel_size { get; }

        /// <summary>The steps between its places.</summary>
        public long[] stride { get; }

        /// <summary>The steps between its elements.</summary>
        public long[] dilation { get; }

        /// <summary>With what the borders are filled up.</summary>
        public PaddingModes padding_mode { get; }

        /// <summary>Into how many groups the channels are divided, each with weights of its own.</summary>
        public long groups { get; }

        /// <summary>(out_channels, in_channels / groups, window).</summary>
        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>(out_channels), or null.</summary>
        public Parameter? bias
        {
            get => OwnParameter(nameof(bias));
            set => SetOwnParameter(nameof(bias), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (padding_mode == PaddingModes.Zeros && _before.AsSpan().SequenceEqual(_after))
            {
                return Convolve(input, _before);
            }

            // Pairs for the last dimension stand first.
            var pairs = new List<long>();
            for (var i = _before.Length - 1; i >= 0; i--)
            {
                pairs.AddRange([_before[i], _after[i]]);
            }

            using var padded = torch.nn.functional.pad(input, pairs.ToArray(), padding_mode == PaddingModes.Zeros ? PaddingModes.Constant : padding_mode);
            return Convolve(padded, new long[_before.Length]);
        }

        private protected abstract Tensor Convolve(Tensor input, long[] padding);
    }

    /// <summary>Slides windows over sequences: (N, C, L) or (C, L) -> (N, out_channels, places).</summary>
    /// <remarks>Weight and bias are drawn uniformly from +-1 / sqrt(terms of a sum), weight first.</remarks>
    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long in_channels, long out_channels, long kernel_size, long stride, long[]? padding, long dilation, PaddingModes padding_mode, long groups, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], padding, [dilation], padding_mode, groups, bias, device, dtype)
        {
        }

        private protected override Tensor Convolve(Tensor input, long[] padding) => torch.nn.functional.conv1d(input, weight, bias, stride[0], padding[0], dilation[0], groups);
    }

    /// <summary>Slides windows over images: (N, C, H, W) or (C, H, W) -> (N, out_channels, places, places).</summary>
    /// <remarks>Weight and bias are drawn uniformly from +-1 / sqrt(terms of a sum), weight first.</remarks>
    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride, long[]? padding, (long, long)? dilation, PaddingModes padding_mode, long groups, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(Conv2d), in_channels, out_channels, [kernel_size.Item1, kernel_size.Item2], [stride?.Item1 ?? 1, stride?.Item2 ?? 1], padding, [dilation?.Item1 ?? 1, dilation?.Item2 ?? 1], padding_mode, groups, bias, device, dtype)
        {
        }

        private protected override Tensor Convolve(Tensor input, long[] padding) => torch.nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Slides windows over sequences: (N, C, L) or (C, L) -> (N, out_channels, places).</summary>
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, [padding], dilation, padding_mode, groups, bias, device, dtype);

            /// <summary>Slides windows over sequences: (N, C, L) or (C, L) -> (N, out_channels, places).</summary>
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding == Padding.Same ? null : [0], dilation, padding_mode, groups, bias, device, dtype);

            /// <summary>Slides square windows over images: (N, C, H, W) or (C, H, W) -> (N, out_channels, places, places).</summary>
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), [padding, padding], (dilation, dilation), padding_mode, groups, bias, device, dtype);

            /// <summary>Slides windows over images: (N, C, H, W) or (C, H, W) -> (N, out_channels, places, places).</summary>
            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, [padding?.Item1 ?? 0, padding?.Item2 ?? 0], dilation, padding_mode, groups, bias, device, dtype);

            /// <summary>Slides square windows over images: (N, C, H, W) or (C, H, W) -> (N, out_channels, places, places).</summary>
            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), padding == Padding.Same ? null : [0, 0], (dilation, dilation), padding_mode, groups, bias, device, dtype);

            /// <summary>Slides windows over images: (N, C, H, W) or (C, H, W) -> (N, out_channels, places, places).</summary>
            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding == Padding.Same ? null : [0, 0], dilation, padding_mode, groups, bias, device, dtype);
        }
    }
}
