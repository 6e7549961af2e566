using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Convolutions (cross-correlations, as in every library of this kind) as products of matrices over <see cref="Columns"/>.</summary>
    /// <remarks>Each output element is one chain of fused multiply-adds over channel, row and column of the window, in this order; the bias is added at the end.</remarks>
    internal static class Convolutions
    {
        /// <summary>[N, C, H, W] or [C, H, W] with weight [O, C / groups, kH, kW] -> [N, O, places, places].</summary>
        public static Tensor Convolve2d(string operation, Tensor input, Tensor weight, Tensor? bias, (long, long) stride, (long, long) padding, (long, long) dilation, long groups)
        {
            Check(operation, input, weight, bias, groups, 2);
            if (input.Rank == 3)
            {
                using var batch = input.unsqueeze(0);
                using var result = Convolve2d(operation, batch, weight, bias, stride, padding, dilation, groups);
                return result.squeeze(0);
            }

            var rows = new WindowAxis(input.Shape[2], weight.Shape[2], stride.Item1, padding.Item1, dilation.Item1);
            var columns = new WindowAxis(input.Shape[3], weight.Shape[3], stride.Item2, padding.Item2, dilation.Item2);
            rows.Check(operation);
            columns.Check(operation);
            var (count, outputs, terms) = (input.Shape[0], weight.Shape[0], weight.Shape[1] * weight.Shape[2] * weight.Shape[3]);
            using var windows = Columns.Unfold(input, rows, columns);
            using var grouped = windows.view(count, groups, terms, rows.Places * columns.Places);
            using var matrices = weight.reshape(groups, outputs / groups, terms);
            using var product = matrices.matmul(grouped);
            using var image = product.view(count, outputs, rows.Places, columns.Places);
            if (bias is null)
            {
                return image.Handle();
            }

            using var perChannel = bias.view(outputs, 1, 1);
            return image.add(perChannel);
        }

        /// <summary>[N, C, L] or [C, L] with weight [O, C / groups, k] -> [N, O, places].</summary>
        public static Tensor Convolve1d(Tensor input, Tensor weight, Tensor? bias, long stride, long padding, long dilation, long groups)
        {
            Check("conv1d", input, weight, bias, groups, 1);
            using var image = input.unsqueeze(-2);
            using var kernel = weight.unsqueeze(-2);
            using var result = Convolve2d("conv1d", image, kernel, bias, (1, stride), (0, padding), (1, dilation), groups);
            return result.squeeze(-2);
        }

        private static void Check(string operation, Tensor input, Tensor weight, Tensor? bias, long groups, int dimensions)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(weight);
            var rank = dimensions + 2;
            if (weight.Rank != rank || (input.Rank != rank && input.Rank != rank - 1))
            {
                throw Errors.Of(operation, $"expected an input of {rank - 1} or {rank} dimensions and a weight of {rank}, but they have the shapes {Shapes.Text(input.Shape)} and {Shapes.Text(weight.Shape)}");
            }

            var channels = input.Shape[^(dimensions + 1)];
            if (groups <= 0 || channels != weight.Shape[1] * groups || weight.Shape[0] % groups != 0)
            {
                throw Errors.Of(operation, $"given groups={groups} and a weight of shape {Shapes.Text(weight.Shape)}, expected the input {Shapes.Text(input.Shape)} to have {weight.Shape[1] * groups} channels (and the outputs to be divisible by the groups), but it has {channels}");
            }

            if (input.dtype != weight.dtype || !input.IsFloating || (bias is not null && bias.dtype != input.dtype))
            {
                throw Errors.Of(operation, $"expected one floating-point type, but the input is {input.dtype}, the weight {weight.dtype}{(bias is null ? "" : $", the bias {bias.dtype}")}");
            }

            if (bias is not null && !bias.Shape.AsSpan().SequenceEqual([weight.Shape[0]]))
            {
                throw Errors.Of(operation, $"expected a bias of shape {Shapes.Text([weight.Shape[0]])} for the weight {Shapes.Text(weight.Shape)}, but it has the shape {Shapes.Text(bias.Shape)}");
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Layers and losses as functions of their inputs and weights.</summary>
            public static partial class functional
            {
                /// <summary>Slides a window over a sequence: [N, C, L] or [C, L] with weight [O, C / groups, k] -> [N, O, places].</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">Shapes, types or numbers don't fit.</exception>
                public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                    Convolutions.Convolve1d(input, weight, bias, stride ?? 1, padding ?? 0, dilation ?? 1, groups);

                /// <summary>Slides a window over images: [N, C, H, W] or [C, H, W] with weight [O, C / groups, kH, kW] -> [N, O, places, places].</summary>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">Shapes, types or numbers don't fit.</exception>
                public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                    Convolutions.Convolve2d("conv2d", input, weight, bias, Pair("conv2d", strides, 1), Pair("conv2d", padding, 0), Pair("conv2d", dilation, 1), groups);

                /// <summary>What a square window shows at each of its places, as columns: [N, C, H, W] -> [N, C * k * k, places]; without N likewise.</summary>
                public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                    unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

                /// <summary>What a window shows at each of its places, as columns: [N, C, H, W] -> [N, C * kH * kW, places]; without N likewise.</summary>
                public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
                {
                    ArgumentNullException.ThrowIfNull(input);
                    if (input.Rank is not (3 or 4))
                    {
                        throw Errors.Of("unfold", $"expected an input of 3 or 4 dimensions, but its shape is {Shapes.Text(input.Shape)}");
                    }

                    if (input.Rank == 3)
                    {
                        using var batch = input.unsqueeze(0);
                        using var result = unfold(batch, kernel_size, dilation, padding, stride);
                        return result.squeeze(0);
                    }

                    var (rows, columns) = Windows("unfold", (input.Shape[2], input.Shape[3]), kernel_size, dilation, padding, stride);
                    return Columns.Unfold(input, rows, columns);
                }

                /// <summary>The reverse of <see cref="unfold(Tensor, long, long, long, long)"/>; where windows overlap, their values are added.</summary>
                public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                    fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

                /// <summary>The reverse of <see cref="unfold(Tensor, ValueTuple{long, long}, ValueTuple{long, long}?, ValueTuple{long, long}?, ValueTuple{long, long}?)"/>; where windows overlap, their values are added.</summary>
                public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null)
                {
                    ArgumentNullException.ThrowIfNull(input);
                    if (input.Rank == 2)
                    {
                        using var batch = input.unsqueeze(0);
                        using var result = fold(batch, output_size, kernel_size, dilation, padding, stride);
                        return result.squeeze(0);
                    }

                    var (rows, columns) = Windows("fold", output_size, kernel_size, dilation, padding, stride);
                    if (input.Rank != 3 || input.Shape[1] % (rows.Kernel * columns.Kernel) != 0 || input.Shape[2] != rows.Places * columns.Places)
                    {
                        throw Errors.Of("fold", $"expected an input of shape [N, C * {rows.Kernel * columns.Kernel}, {rows.Places * columns.Places}], but its shape is {Shapes.Text(input.Shape)}");
                    }

                    return Columns.Fold(input, rows, columns);
                }

                private static (WindowAxis Rows, WindowAxis Columns) Windows(string operation, (long, long) size, (long, long) kernel, (long, long)? dilation, (long, long)? padding, (long, long)? stride)
                {
                    var (step, zeros, apart) = (stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1));
                    var rows = new WindowAxis(size.Item1, kernel.Item1, step.Item1, zeros.Item1, apart.Item1);
                    var columns = new WindowAxis(size.Item2, kernel.Item2, step.Item2, zeros.Item2, apart.Item2);
                    rows.Check(operation);
                    columns.Check(operation);
                    return (rows, columns);
                }

                /// <summary>Two numbers given as an array of two, of one (for both), or left out.</summary>
                private static (long, long) Pair(string operation, long[]? values, long otherwise) => values switch
                {
                    null => (otherwise, otherwise),
                    [var both] => (both, both),
                    [var first, var second] => (first, second),
                    _ => throw Errors.Of(operation, $"expected one number or two, but got {Shapes.Text(values)}"),
                };
            }
        }
    }
}
