using System.Numerics;
using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp.Modules;

/// <summary>The windows of a pool along one dimension: where each begins and ends within the input, the step inside it, and how long it counts as (padding included).</summary>
internal sealed record PoolAxis(long Length, long[] Start, long[] End, long[] Extent, long Step)
{
    /// <summary>How many windows there are.</summary>
    public long Count => Start.LongLength;

    /// <summary>Windows of one size at even distances.</summary>
    public static PoolAxis Sliding(string operation, long length, long kernel, long stride, long padding, long dilation, bool ceiling)
    {
        // Up to int.MaxValue, so that no product of two of them overflows.
        if (kernel is <= 0 or > int.MaxValue || stride is <= 0 or > int.MaxValue || dilation is <= 0 or > int.MaxValue || padding < 0 || padding > kernel / 2)
        {
            throw Errors.Of(operation, $"kernel size, stride and dilation must be from 1 to {int.MaxValue} and padding at most half the kernel size, but they are {kernel}, {stride}, {dilation} and {padding}");
        }

        var spare = length + (2 * padding) - (dilation * (kernel - 1)) - 1 + (ceiling ? stride - 1 : 0);
        var count = spare < 0 ? 0 : (spare / stride) + 1;
        if (ceiling && count > 0 && (count - 1) * stride >= length + padding)
        {
            // The last window would begin behind the input.
            count--;
        }

        if (count == 0)
        {
            throw Errors.Of(operation, $"a length of {length} + 2 * {padding} has no room for a kernel of size {kernel} with dilation {dilation}: the output would be empty");
        }

        var (start, end, extent) = (new long[count], new long[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var first = (i * stride) - padding;
            extent[i] = Math.Min(first + kernel, length + padding) - first;
            end[i] = Math.Min(first + (dilation * (kernel - 1)) + 1, length);

            // With a step, the first element inside is not simply 0.
            start[i] = first >= 0 ? first : first + ((-first + dilation - 1) / dilation * dilation);
        }

        return new PoolAxis(length, start, end, extent, dilation);
    }

    /// <summary>Windows that divide the input into so many parts, as evenly as it goes; neighbours may overlap.</summary>
    public static PoolAxis Adaptive(string operation, long length, long count)
    {
        if (count < 0 || count > Array.MaxLength)
        {
            throw Errors.Of(operation, $"expected output_size from 0 to {Array.MaxLength} for a length of {length}, but got {count}");
        }

        var (start, end, extent) = (new long[count], new long[count], new long[count]);
        for (long i = 0; i < count; i++)
        {
            start[i] = i * length / count;
            end[i] = (((i + 1) * length) + count - 1) / count;
            extent[i] = end[i] - start[i];
        }

        return new PoolAxis(length, start, end, extent, 1);
    }
}

/// <summary>Pools over the last two dimensions: the mean or the greatest element of each window. A sequence is an image of one row.</summary>
internal static unsafe class Pools
{
    /// <summary>The mean of each window: the sum, row by row, over its extent (or its elements, or a given number).</summary>
    public static Tensor Mean(string operation, Tensor input, PoolAxis rows, PoolAxis columns, bool countPadding = true, long? divisor = null)
    {
        long[] shape = [.. input.Shape[..^2], rows.Count, columns.Count];
        var result = Tensor.Allocate(input.dtype, shape);
        Run(operation, input, result, null, rows, columns, new MeanPool(countPadding, divisor));
        return Graph.Record(operation, result, [input], [], (node, gradient) => [Spread(operation, gradient, node.InputShape(0), rows, columns, countPadding, divisor)]);
    }

    /// <summary>The greatest element of each window, of equal ones the first; NaN is greater than everything.</summary>
    public static Tensor Max(string operation, Tensor input, PoolAxis rows, PoolAxis columns) => Max(operation, input, rows, columns, out _);

    /// <inheritdoc cref="Max(string, Tensor, PoolAxis, PoolAxis)"/>
    /// <param name="operation">For messages.</param>
    /// <param name="input">[..., H, W].</param>
    /// <param name="rows">The windows along H.</param>
    /// <param name="columns">The windows along W.</param>
    /// <param name="places">Where in its plane each element was found, row by row.</param>
    public static Tensor Max(string operation, Tensor input, PoolAxis rows, PoolAxis columns, out Tensor places)
    {
        long[] shape = [.. input.Shape[..^2], rows.Count, columns.Count];
        var result = Tensor.Allocate(input.dtype, shape);
        places = Tensor.Allocate(torch.ScalarType.Int64, shape);
        Run(operation, input, result, places, rows, columns, default(MaxPool));
        return Graph.Record(operation, result, [input], [places], (node, gradient) => [Scatter(operation, gradient, node.Saved(0), node.InputShape(0))]);
    }

    // The gradient of the mean: each window's share to each of its elements.
    private static Tensor Spread(string operation, Tensor gradient, long[] shape, PoolAxis rows, PoolAxis columns, bool countPadding, long? divisor)
    {
        var result = Tensor.Zeros(gradient.dtype, shape);
        Run(operation, result, gradient, null, rows, columns, new MeanSpread(countPadding, divisor));
        return Graph.Record(operation, result, [gradient], [], (_, g) => [Mean(operation, g, rows, columns, countPadding, divisor)]);
    }

    // The gradient of the maximum: to where each element was found.
    private static Tensor Scatter(string operation, Tensor gradient, Tensor places, long[] shape)
    {
        var result = Tensor.Zeros(gradient.dtype, shape);
        Move(gradient, places, result, toPlaces: true);
        return Graph.Record(operation, result, [gradient], [places], (node, g) => [Gather(operation, g, node.Saved(0))]);
    }

    private static Tensor Gather(string operation, Tensor planes, Tensor places)
    {
        var result = Tensor.Allocate(planes.dtype, places.Shape);
        Move(result, places, planes, toPlaces: false);
        return Graph.Record(operation, result, [planes], [places], (node, g) => [Scatter(operation, g, node.Saved(0), node.InputShape(0))]);
    }

    private static void Run<TPool>(string operation, Tensor input, Tensor output, Tensor? places, PoolAxis rows, PoolAxis columns, TPool pool)
        where TPool : struct, IPool
    {
        switch (input.dtype)
        {
            case torch.ScalarType.Float32:
                Run<float, TPool>(input, output, places, rows, columns, pool);
                break;
            case torch.ScalarType.Float64:
                Run<double, TPool>(input, output, places, rows, columns, pool);
                break;
            default:
                throw Errors.Of(operation, $"expected a floating-point input, but it is {input.dtype}");
        }
    }

    private static void Run<T, TPool>(Tensor input, Tensor output, Tensor? places, PoolAxis rows, PoolAxis columns, TPool pool)
        where T : unmanaged, IFloatingPoint<T>
        where TPool : struct, IPool
    {
        // One of the two is a result and dense already.
        using var denseInput = input.detach().contiguous();
        using var denseOutput = output.detach().contiguous();
        var x = denseInput.Pointer<T>();
        var y = denseOutput.Pointer<T>();
        var place = places is null ? null : places.Pointer<long>();
        var (inputSize, outputSize) = (rows.Length * columns.Length, rows.Count * columns.Count);
        Workers.For(outputSize == 0 ? 0 : denseOutput.NumberOfElements / outputSize, Math.Max(1, 16384 / Math.Max(1, inputSize)), (from, to) =>
        {
            for (var plane = from; plane < to; plane++)
            {
                for (long i = 0, o = plane * outputSize; i < rows.Count; i++)
                {
                    for (long j = 0; j < columns.Count; j++, o++)
                    {
                        pool.Window(x + (plane * inputSize), rows, i, columns, j, y + o, place is null ? null : place + o);
                    }
                }
            }
        });
        GC.KeepAlive(denseInput);
        GC.KeepAlive(denseOutput);
        GC.KeepAlive(places);
    }

    private static void Move(Tensor windows, Tensor places, Tensor planes, bool toPlaces)
    {
        if (windows.dtype == torch.ScalarType.Float32)
        {
            Move<float>(windows, places, planes, toPlaces);
        }
        else
        {
            Move<double>(windows, places, planes, toPlaces);
        }
    }

    private static void Move<T>(Tensor windows, Tensor places, Tensor planes, bool toPlaces)
        where T : unmanaged, INumber<T>
    {
        using var denseWindows = windows.detach().contiguous();
        using var densePlanes = planes.detach().contiguous();
        var x = denseWindows.Pointer<T>();
        var y = densePlanes.Pointer<T>();
        var place = places.Pointer<long>();
        var (windowCount, planeSize) = (places.Shape[^2] * places.Shape[^1], planes.Shape[^2] * planes.Shape[^1]);
        Workers.For(windowCount == 0 ? 0 : places.NumberOfElements / windowCount, Math.Max(1, 16384 / Math.Max(1, windowCount)), (from, to) =>
        {
            for (var plane = from; plane < to; plane++)
            {
                for (var o = plane * windowCount; o < (plane + 1) * windowCount; o++)
                {
                    if (toPlaces)
                    {
                        y[(plane * planeSize) + place[o]] += x[o];
                    }
                    else
                    {
                        x[o] = y[(plane * planeSize) + place[o]];
                    }
                }
            }
        });
        GC.KeepAlive(denseWindows);
        GC.KeepAlive(densePlanes);
        GC.KeepAlive(places);
    }

    /// <summary>What is done with one window of a plane.</summary>
    private interface IPool
    {
        void Window<T>(T* plane, PoolAxis rows, long i, PoolAxis columns, long j, T* output, long* place)
            where T : unmanaged, IFloatingPoint<T>;
    }

    private readonly struct MeanPool(bool countPadding, long? divisor) : IPool
    {
        public void Window<T>(T* plane, PoolAxis rows, long i, PoolAxis columns, long j, T* output, long* place)
            where T : unmanaged, IFloatingPoint<T>
        {
            var sum = T.Zero;
            for (var y = rows.Start[i]; y < rows.End[i]; y++)
            {
                for (var x = columns.Start[j]; x < columns.End[j]; x++)
                {
                    sum += plane[(y * columns.Length) + x];
                }
            }

            *output = rows.Start[i] < rows.End[i] && columns.Start[j] < columns.End[j] ? sum / T.CreateTruncating(Divisor(rows, i, columns, j, countPadding, divisor)) : T.Zero;
        }
    }

    private readonly struct MeanSpread(bool countPadding, long? divisor) : IPool
    {
        public void Window<T>(T* plane, PoolAxis rows, long i, PoolAxis columns, long j, T* output, long* place)
            where T : unmanaged, IFloatingPoint<T>
        {
            var share = *output / T.CreateTruncating(Math.Max(1, Divisor(rows, i, columns, j, countPadding, divisor)));
            for (var y = rows.Start[i]; y < rows.End[i]; y++)
            {
                for (var x = columns.Start[j]; x < columns.End[j]; x++)
                {
                    plane[(y * columns.Length) + x] += share;
                }
            }
        }
    }

    private readonly struct MaxPool : IPool
    {
        public void Window<T>(T* plane, PoolAxis rows, long i, PoolAxis columns, long j, T* output, long* place)
            where T : unmanaged, IFloatingPoint<T>
        {
            var best = (rows.Start[i] * columns.Length) + columns.Start[j];
            for (var y = rows.Start[i]; y < rows.End[i]; y += rows.Step)
            {
                for (var x = columns.Start[j]; x < columns.End[j]; x += columns.Step)
                {
                    var at = (y * columns.Length) + x;
                    if (plane[at] > plane[best] || T.IsNaN(plane[at]))
                    {
                        best = at;
                    }
                }
            }

            *output = plane[best];
            *place = best;
        }
    }

    private static long Divisor(PoolAxis rows, long i, PoolAxis columns, long j, bool countPadding, long? divisor) =>
        divisor ?? (countPadding ? rows.Extent[i] * columns.Extent[j] : Math.Max(0, rows.End[i] - rows.Start[i]) * Math.Max(0, columns.End[j] - columns.Start[j]));
}
