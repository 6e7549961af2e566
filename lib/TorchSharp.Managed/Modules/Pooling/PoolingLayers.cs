using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>The greatest element of each window of a sequence: (N, C, L) or (C, L).</summary>
    public sealed class MaxPool1d : ParameterLessModule<Tensor, Tensor>
    {
        internal MaxPool1d(long kernel_size, long? stride, long? padding, long? dilation, bool ceil_mode)
            : base(nameof(MaxPool1d)) => (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

        /// <summary>The lengths of the window.</summary>
        public long kernel_size { get; set; }

        /// <summary>The steps between its places; null for windows side by side.</summary>
        public long? stride { get; set; }

        /// <summary>The elements added at both ends.</summary>
        public long? padding { get; set; }

        /// <summary>The steps between the elements of the window.</summary>
        public long? dilation { get; set; }

        /// <summary>Whether a last window may reach over the end.</summary>
        public bool ceil_mode { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode);
    }

    /// <summary>The greatest element of each window of an image: (N, C, H, W) or (C, H, W).</summary>
    public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
    {
        internal MaxPool2d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode)
            : base(nameof(MaxPool2d)) => (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

        /// <summary>The lengths of the window.</summary>
        public long[] kernel_size { get; set; }

        /// <summary>The steps between its places; null for windows side by side.</summary>
        public long[]? stride { get; set; }

        /// <summary>The elements added at both ends.</summary>
        public long[]? padding { get; set; }

        /// <summary>The steps between the elements of the window.</summary>
        public long[]? dilation { get; set; }

        /// <summary>Whether a last window may reach over the end.</summary>
        public bool ceil_mode { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
    }

    /// <summary>The mean of each window of a sequence: (N, C, L) or (C, L).</summary>
    public sealed class AvgPool1d : ParameterLessModule<Tensor, Tensor>
    {
        internal AvgPool1d(long kernel_size, long? stride, long padding, bool ceil_mode, bool count_include_pad)
            : base(nameof(AvgPool1d)) => (this.kernel_size, this.stride, this.padding, this.ceil_mode, this.count_include_pad) = (kernel_size, stride, padding, ceil_mode, count_include_pad);

        /// <summary>The lengths of the window.</summary>
        public long kernel_size { get; set; }

        /// <summary>The steps between its places; null for windows side by side.</summary>
        public long? stride { get; set; }

        /// <summary>The elements added at both ends.</summary>
        public long padding { get; set; }

        /// <summary>Whether a last window may reach over the end.</summary>
        public bool ceil_mode { get; set; }

        /// <summary>Whether added elements count in the mean.</summary>
        public bool count_include_pad { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);
    }

    /// <summary>The mean of each window of an image: (N, C, H, W) or (C, H, W).</summary>
    public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        internal AvgPool2d(long[] kernel_size, long[]? stride, long[]? padding, bool ceil_mode, bool count_include_pad, long? divisor_override)
            : base(nameof(AvgPool2d)) => (this.kernel_size, this.stride, this.padding, this.ceil_mode, this.count_include_pad, this.divisor_override) = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

        /// <summary>The lengths of the window.</summary>
        public long[] kernel_size { get; set; }

        /// <summary>The steps between its places; null for windows side by side.</summary>
        public long[]? stride { get; set; }

        /// <summary>The elements added at both ends.</summary>
        public long[]? padding { get; set; }

        /// <summary>Whether a last window may reach over the end.</summary>
        public bool ceil_mode { get; set; }

        /// <summary>Whether added elements count in the mean.</summary>
        public bool count_include_pad { get; set; }

        /// <summary>What sums are divided by instead of the number of elements.</summary>
        public long? divisor_override { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
    }

    /// <summary>The mean of each of so many windows of a sequence: (N, C, L) or (C, L).</summary>
    public sealed class AdaptiveAvgPool1d : ParameterLessModule<Tensor, Tensor>
    {
        internal AdaptiveAvgPool1d(long output_size)
            : base(nameof(AdaptiveAvgPool1d)) => this.output_size = output_size;

        /// <summary>How many windows there are.</summary>
        public long output_size { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.adaptive_avg_pool1d(input, output_size);
    }

    /// <summary>The mean of each of so many windows of an image: (N, C, H, W) or (C, H, W).</summary>
    public sealed class AdaptiveAvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        internal AdaptiveAvgPool2d(long[] output_size)
            : base(nameof(AdaptiveAvgPool2d)) => this.output_size = output_size;

        /// <summary>How many windows there are.</summary>
        public long[] output_size { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => torch.nn.functional.adaptive_avg_pool2d(input, output_size);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>The greatest element of each window of a sequence.</summary>
            public static MaxPool1d MaxPool1d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) => new(kernel_size, stride, padding, dilation, ceil_mode);

            /// <summary>The greatest element of each square window of an image.</summary>
            public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new([kernel_size], One(stride), One(padding), One(dilation), ceil_mode);

            /// <summary>The greatest element of each window of an image.</summary>
            public static MaxPool2d MaxPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                new([kernel_size.Item1, kernel_size.Item2], Two(stride), Two(padding), Two(dilation), ceil_mode);

            /// <summary>The greatest element of each window of an image.</summary>
            public static MaxPool2d MaxPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) => new(kernel_size, stride, padding, dilation, ceil_mode);

            /// <summary>The mean of each window of a sequence.</summary>
            public static AvgPool1d AvgPool1d(long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) => new(kernel_size, stride, padding, ceil_mode, count_include_pad);

            /// <summary>The mean of each window of an image.</summary>
            public static AvgPool2d AvgPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

            /// <summary>The mean of each window of an image.</summary>
            public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new([kernel_size.Item1, kernel_size.Item2], Two(stride), Two(padding), ceil_mode, count_include_pad, divisor_override);

            /// <summary>The mean of each square window of an image.</summary>
            public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                new([kernel_size], One(stride), One(padding), ceil_mode, count_include_pad, divisor_override);

            /// <summary>The mean of each of so many windows of a sequence.</summary>
            public static AdaptiveAvgPool1d AdaptiveAvgPool1d(long output_size) => new(output_size);

            /// <summary>The mean of each of so many windows of an image.</summary>
            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] output_size) => new(output_size);

            /// <summary>The mean of each of so many windows of an image.</summary>
            public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) output_size) => new([output_size.Item1, output_size.Item2]);

            /// <summary>The mean of each of so many by so many windows of an image.</summary>
            public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long output_size) => new([output_size]);

            private static long[]? One(long? value) => value is { } number ? [number] : null;

            private static long[]? Two((long, long)? values) => values is var (first, second) ? [first, second] : null;

            public static partial class functional
            {
                /// <summary>The greatest element of each window of a sequence: (N, C, L) or (C, L).</summary>
                public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                    OverSequence("max_pool1d", input, x => Max("max_pool1d", x, (1, kernel_size), (1, stride ?? kernel_size), (0, padding ?? 0), (1, dilation ?? 1), ceil_mode));

                /// <summary>The greatest element of each window of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                    Max("max_pool2d", RequireImage("max_pool2d", input), Pair("max_pool2d", kernel_size, 1), Pair("max_pool2d", strides ?? kernel_size, 1), Pair("max_pool2d", padding, 0), Pair("max_pool2d", dilation, 1), ceil_mode);

                /// <summary>The greatest element of each square window of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                    max_pool2d(input, [kernel_size], One(stride), One(padding), One(dilation), ceil_mode);

                /// <summary>The greatest element of each window of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                    max_pool2d(input, [kernel_size.Item1, kernel_size.Item2], Two(stride), Two(padding), Two(dilation), ceil_mode);

                /// <summary>The mean of each window of a sequence: (N, C, L) or (C, L).</summary>
                public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                    OverSequence("avg_pool1d", input, x => Mean("avg_pool1d", x, (1, kernel_size), (1, stride ?? kernel_size), (0, padding ?? 0), ceil_mode, count_include_pad, null));

                /// <summary>The mean of each window of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                    Mean("avg_pool2d", RequireImage("avg_pool2d", input), Pair("avg_pool2d", kernel_size, 1), Pair("avg_pool2d", stride ?? kernel_size, 1), Pair("avg_pool2d", padding, 0), ceil_mode, count_include_pad, divisor_override);

                /// <summary>The mean of each square window of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                    avg_pool2d(input, [kernel_size], One(stride), [padding], ceil_mode, count_include_pad, divisor_override);

                /// <summary>The mean of each window of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                    avg_pool2d(input, [kernel_size.Item1, kernel_size.Item2], Two(stride), Two(padding), ceil_mode, count_include_pad, divisor_override);

                /// <summary>The mean of each of so many windows of a sequence: (N, C, L) or (C, L).</summary>
                public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) =>
                    OverSequence("adaptive_avg_pool1d", input, x => Pools.Mean("adaptive_avg_pool1d", x, PoolAxis.Adaptive("adaptive_avg_pool1d", 1, 1), PoolAxis.Adaptive("adaptive_avg_pool1d", x.Shape[^1], output_size)));

                /// <summary>The mean of each of so many windows of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
                {
                    var (rows, columns) = Pair("adaptive_avg_pool2d", output_size, 1);
                    return Pools.Mean("adaptive_avg_pool2d", RequireImage("adaptive_avg_pool2d", input), PoolAxis.Adaptive("adaptive_avg_pool2d", input.Shape[^2], rows), PoolAxis.Adaptive("adaptive_avg_pool2d", input.Shape[^1], columns));
                }

                /// <summary>The mean of each of so many windows of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, [output_size.Item1, output_size.Item2]);

                /// <summary>The mean of each of so many by so many windows of an image: (N, C, H, W) or (C, H, W).</summary>
                public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, [output_size]);

                private static Tensor Max(string operation, Tensor input, (long, long) kernel, (long, long) stride, (long, long) padding, (long, long) dilation, bool ceiling) => Pools.Max(
                    operation,
                    input,
                    PoolAxis.Sliding(operation, input.Shape[^2], kernel.Item1, stride.Item1, padding.Item1, dilation.Item1, ceiling),
                    PoolAxis.Sliding(operation, input.Shape[^1], kernel.Item2, stride.Item2, padding.Item2, dilation.Item2, ceiling));

                private static Tensor Mean(string operation, Tensor input, (long, long) kernel, (long, long) stride, (long, long) padding, bool ceiling, bool countPadding, long? divisor) => Pools.Mean(
                    operation,
                    input,
                    PoolAxis.Sliding(operation, input.Shape[^2], kernel.Item1, stride.Item1, padding.Item1, 1, ceiling),
                    PoolAxis.Sliding(operation, input.Shape[^1], kernel.Item2, stride.Item2, padding.Item2, 1, ceiling),
                    countPadding,
                    divisor == 0 ? throw Errors.Of(operation, "divisor must not be zero") : divisor);

                private static Tensor OverSequence(string operation, Tensor input, Func<Tensor, Tensor> pool)
                {
                    ArgumentNullException.ThrowIfNull(input);
                    if (input.Rank is not (2 or 3))
                    {
                        throw Errors.Of(operation, $"expected an input of 2 or 3 dimensions, but its shape is {Shapes.Text(input.Shape)}");
                    }

                    using var image = input.unsqueeze(-2);
                    using var result = pool(image);
                    return result.squeeze(-2);
                }

                private static Tensor RequireImage(string operation, Tensor input) => Errors.Given(input).Rank is 3 or 4 ? input
                    : throw Errors.Of(operation, $"expected an input of 3 or 4 dimensions, but its shape is {Shapes.Text(input.Shape)}");
            }
        }
    }
}
