using System.Numerics;
using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp.Modules;

/// <summary>How a window moves over one dimension: its length, the steps between its elements and between its places, and the zeros before and after.</summary>
internal readonly record struct WindowAxis(long Length, long Kernel, long Stride, long Padding, long Dilation)
{
    /// <summary>How many places the window has: those in which it lies wholly within the padded length.</summary>
    public long Places => Spare < 0 ? 0 : (Spare / Stride) + 1;

    private long Spare => Length + (2 * Padding) - (Dilation * (Kernel - 1)) - 1;

    /// <summary>Throws where a number makes no sense or the window does not fit.</summary>
    public void Check(string operation)
    {
        // Up to int.MaxValue, so that no product of two of them overflows.
        if (Kernel is <= 0 or > int.MaxValue || Stride is <= 0 or > int.MaxValue || Dilation is <= 0 or > int.MaxValue || Padding is < 0 or > int.MaxValue)
        {
            throw Errors.Of(operation, $"kernel size, stride and dilation must be from 1 to {int.MaxValue} and padding from 0, but they are {Kernel}, {Stride}, {Dilation} and {Padding}");
        }

        if (Places == 0)
        {
            throw Errors.Of(operation, $"the padded input is too small: a length of {Length} + 2 * {Padding} has no room for a kernel of size {Kernel} with dilation {Dilation}");
        }
    }
}

/// <summary>
/// Images as columns: every place of a window becomes a column that holds what the window shows there, so that a convolution is a product of matrices.
/// [N, C, H, W] -> [N, C * kH * kW, places] and back, where what several windows show is added up.
/// </summary>
/// <remarks>Chellapilla, Puri and Simard 2006, "High performance convolutional neural networks for document processing". Each of the two is the other's gradient.</remarks>
internal static unsafe class Columns
{
    /// <summary>[N, C, H, W] -> [N, C * kH * kW, places].</summary>
    public static Tensor Unfold(Tensor images, WindowAxis rows, WindowAxis columns)
    {
        var (count, channels) = (images.Shape[0], images.Shape[1]);
        var result = Tensor.Allocate(images.dtype, [count, channels * rows.Kernel * columns.Kernel, rows.Places * columns.Places]);
        using (var source = images.detach().contiguous())
        {
            Run(source, result, count * channels, rows, columns, toColumns: true);
        }

        return Graph.Record("unfold", result, [images], [], (_, gradient) => [Fold(gradient, rows, columns)]);
    }

    /// <summary>[N, C * kH * kW, places] -> [N, C, H, W]; the additions go in the order of the window's elements.</summary>
    public static Tensor Fold(Tensor windows, WindowAxis rows, WindowAxis columns)
    {
        var (count, channels) = (windows.Shape[0], windows.Shape[1] / (rows.Kernel * columns.Kernel));
        var result = Tensor.Zeros(windows.dtype, [count, channels, rows.Length, columns.Length]);
        using (var source = windows.detach().contiguous())
        {
            Run(result, source, count * channels, rows, columns, toColumns: false);
        }

        return Graph.Record("fold", result, [windows], [], (_, gradient) => [Unfold(gradient, rows, columns)]);
    }

    private static void Run(Tensor images, Tensor windows, long planes, WindowAxis rows, WindowAxis columns, bool toColumns)
    {
        switch (images.dtype)
        {
            case torch.ScalarType.Float32:
                Run<float>(images, windows, planes, rows, columns, toColumns);
                break;
            case torch.ScalarType.Float64:
                Run<double>(images, windows, planes, rows, columns, toColumns);
                break;
            default:
                throw Errors.Of(toColumns ? "unfold" : "fold", $"expected a floating-point input, but it is {images.dtype}");
        }
    }

    private static void Run<T>(Tensor images, Tensor windows, long planes, WindowAxis rows, WindowAxis columns, bool toColumns)
        where T : unmanaged, INumber<T>
    {
        var image = images.Pointer<T>();
        var window = windows.Pointer<T>();
        var imageSize = rows.Length * columns.Length;
        var windowSize = rows.Kernel * columns.Kernel * rows.Places * columns.Places;
        Workers.For(planes, Math.Max(1, 16384 / Math.Max(1, windowSize)), (from, to) =>
        {
            for (var plane = from; plane < to; plane++)
            {
                RunPlane(image + (plane * imageSize), window + (plane * windowSize), rows, columns, toColumns);
            }
        });
        GC.KeepAlive(images);
        GC.KeepAlive(windows);
    }

    private static void RunPlane<T>(T* image, T* window, WindowAxis rows, WindowAxis columns, bool toColumns)
        where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < rows.Kernel; i++)
        {
            for (long j = 0; j < columns.Kernel; j++)
            {
                var x = (j * columns.Dilation) - columns.Padding;

                // The places at which this element of the window lies within the row.
                var first = x >= 0 ? 0 : Math.Min(columns.Places, (-x + columns.Stride - 1) / columns.Stride);
                var last = Math.Max(first, x >= columns.Length ? 0 : Math.Min(columns.Places, ((columns.Length - 1 - x) / columns.Stride) + 1));
                for (long place = 0; place < rows.Places; place++, window += columns.Places)
                {
                    var y = (place * rows.Stride) + (i * rows.Dilation) - rows.Padding;
                    var outside = y < 0 || y >= rows.Length;
                    var line = image + (y * columns.Length) + x;
                    if (!toColumns)
                    {
                        for (var p = first; p < last && !outside; p++)
                        {
                            line[p * columns.Stride] += window[p];
                        }

                        continue;
                    }

                    if (outside)
                    {
                        new Span<T>(window, (int)columns.Places).Clear();
                        continue;
                    }

                    new Span<T>(window, (int)first).Clear();
                    for (var p = first; p < last; p++)
                    {
                        window[p] = line[p * columns.Stride];
                    }

                    new Span<T>(window + last, (int)(columns.Places - last)).Clear();
                }
            }
        }
    }
}
