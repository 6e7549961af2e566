using System.Numerics;
using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

/// <summary>
/// The normalisations that the layers call: over the last dimensions (layer), over the batch for each channel (batch), over groups of channels (group, instance).
/// All subtract the mean and divide by sqrt(variance + eps), with the variance divided by n, and then apply weight and bias where given.
/// </summary>
internal static unsafe class Normalization
{
    /// <summary>Layer normalisation over the last dimensions of the input: (..., normalized_shape) -> the same shape (J. L. Ba, J. R. Kiros and G. E. Hinton, 2016).</summary>
    /// <param name="input">Floating point.</param>
    /// <param name="normalizedShape">The input's last dimensions.</param>
    /// <param name="weight">Of the normalized shape, or null.</param>
    /// <param name="bias">Of the normalized shape, or null.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor LayerNorm(Tensor input, long[] normalizedShape, Tensor? weight, Tensor? bias, double eps)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(normalizedShape);
        CheckFloating("layer_norm", input, weight, bias);
        if (normalizedShape.Length == 0 || input.Rank < normalizedShape.Length || !input.Shape.AsSpan()[^normalizedShape.Length..].SequenceEqual(normalizedShape))
        {
            throw Errors.Of("layer_norm", $"given normalized_shape={Shapes.Text(normalizedShape)}, expected an input whose last dimensions are these, but got one of shape {Shapes.Text(input.Shape)}");
        }

        foreach (var (what, parameter) in (ReadOnlySpan<(string, Tensor?)>)[("weight", weight), ("bias", bias)])
        {
            if (parameter is not null && !parameter.Shape.AsSpan().SequenceEqual(normalizedShape))
            {
                throw Errors.Of("layer_norm", $"expected a {what} of the normalized shape {Shapes.Text(normalizedShape)}, but got {Shapes.Text(parameter.Shape)}");
            }
        }

        return input.dtype == torch.ScalarType.Float32 ? LayerNorm<float>(input, normalizedShape, weight, bias, eps) : LayerNorm<double>(input, normalizedShape, weight, bias, eps);
    }

    /// <summary>Batch normalisation (S. Ioffe and C. Szegedy, 2015) of (batch, channel, ...): every channel over the batch and all that follows.</summary>
    /// <param name="input">At least two dimensions.</param>
    /// <param name="runningMean">(channels), used in evaluation and updated in training: (1 - momentum) old + momentum new; or null.</param>
    /// <param name="runningVariance">The same of the variances, in training divided by n - 1.</param>
    /// <param name="weight">(channels), or null.</param>
    /// <param name="bias">(channels), or null.</param>
    /// <param name="training">Whether to use the statistics of this batch.</param>
    /// <param name="momentum">The share of the new statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor BatchNorm(Tensor input, Tensor? runningMean, Tensor? runningVariance, Tensor? weight, Tensor? bias, bool training, double momentum, double eps)
    {
        CheckFloating("batch_norm", input, weight, bias);
        if (input.Rank < 2)
        {
            throw Errors.Of("batch_norm", $"expected an input of at least 2 dimensions (batch, channel, ...), but got {Shapes.Text(input.Shape)}");
        }

        var channels = input.Shape[1];
        foreach (var (what, tensor) in (ReadOnlySpan<(string, Tensor?)>)[("running_mean", runningMean), ("running_var", runningVariance), ("weight", weight), ("bias", bias)])
        {
            CheckChannels("batch_norm", what, tensor, channels, input);
        }

        long[] perChannel = [1, channels, .. Enumerable.Repeat(1L, input.Rank - 2)];
        long[] others = [0, .. Enumerable.Range(2, input.Rank - 2).Select(d => (long)d)];
        if (!training)
        {
            if (runningMean is null || runningVariance is null)
            {
                throw Errors.Of("batch_norm", $"expected running_mean and running_var to be defined when training=False, for an input of shape {Shapes.Text(input.Shape)}");
            }

            using var evaluationScale = runningVariance.add(eps).rsqrt();
            using var centred = input.sub(runningMean.view(perChannel));
            return Affine(centred.mul(evaluationScale.view(perChannel)), weight?.view(perChannel), bias?.view(perChannel));
        }

        // As TorchSharp, which binds ATen's function: one value per channel becomes 0, and the running variance NaN. PyTorch's Python refuses it.
        var count = input.NumberOfElements / Math.Max(channels, 1);
        var mean = input.mean(others, keepdim: true);
        var difference = input.sub(mean);
        var variance = difference.mul(difference).mean(others, keepdim: true);
        if (count > 0)
        {
            using var mode = GradMode.Set(false);
            runningMean?.copy_(runningMean.mul(1 - momentum).add(mean.view(channels).mul(momentum)));
            runningVariance?.copy_(runningVariance.mul(1 - momentum).add(variance.view(channels).mul(momentum * count / (count - 1.0))));
        }

        return Affine(difference.mul(variance.add(eps).rsqrt()), weight?.view(perChannel), bias?.view(perChannel));
    }

    /// <summary>Group normalisation (Y. Wu and K. He, 2018) of (batch, channel, ...): the channels of each sample in groups, each over all its elements.</summary>
    public static Tensor GroupNorm(Tensor input, long groups, Tensor? weight, Tensor? bias, double eps)
    {
        CheckFloating("group_norm", input, weight, bias);
        if (input.Rank < 2 || groups < 1 || input.Shape[1] % groups != 0)
        {
            throw Errors.Of("group_norm", $"expected an input (batch, channel, ...) with a number of channels divisible by num_groups={groups}, but got {Shapes.Text(input.Shape)}");
        }

        var channels = input.Shape[1];
        CheckChannels("group_norm", "weight", weight, channels, input);
        CheckChannels("group_norm", "bias", bias, channels, input);
        long[] perChannel = [1, channels, .. Enumerable.Repeat(1L, input.Rank - 2)];
        var length = channels / groups * Shapes.Count(input.Shape.AsSpan()[2..]);
        var rows = input.reshape(input.Shape[0] * groups, length);
        return Affine(LayerNorm(rows, [length], null, null, eps).view(input.Shape), weight?.view(perChannel), bias?.view(perChannel));
    }

    /// <summary>Instance normalisation (D. Ulyanov, A. Vedaldi and V. Lempitsky, 2016) of (batch, channel, ...): every channel of every sample by itself.</summary>
    /// <param name="input">At least three dimensions.</param>
    /// <param name="runningMean">(channels), used if not <paramref name="useInputStatistics"/>, otherwise updated with the mean over the batch; or null.</param>
    /// <param name="runningVariance">The same of the variances, divided by n - 1.</param>
    /// <param name="weight">(channels), or null.</param>
    /// <param name="bias">(channels), or null.</param>
    /// <param name="useInputStatistics">Whether to use the statistics of this input.</param>
    /// <param name="momentum">The share of the new statistics.</param>
    /// <param name="eps">Added to the variance.</param>
    public static Tensor InstanceNorm(Tensor input, Tensor? runningMean, Tensor? runningVariance, Tensor? weight, Tensor? bias, bool useInputStatistics, double momentum, double eps)
    {
        if (!useInputStatistics)
        {
            return BatchNorm(input, runningMean, runningVariance, weight, bias, false, momentum, eps);
        }

        CheckFloating("instance_norm", input, weight, bias);
        if (input.Rank < 3 || Shapes.Count(input.Shape.AsSpan()[2..]) <= 1)
        {
            throw Errors.Of("instance_norm", $"expected more than 1 spatial element (batch, channel, ...) when training, got input size {Shapes.Text(input.Shape)}");
        }

        var channels = input.Shape[1];
        foreach (var (what, tensor) in (ReadOnlySpan<(string, Tensor?)>)[("running_mean", runningMean), ("running_var", runningVariance), ("weight", weight), ("bias", bias)])
        {
            CheckChannels("instance_norm", what, tensor, channels, input);
        }

        if (runningMean is not null || runningVariance is not null)
        {
            using var mode = GradMode.Set(false);
            var places = Enumerable.Range(2, input.Rank - 2).Select(d => (long)d).ToArray();
            var (variance, mean) = input.var_mean(places);
            runningMean?.copy_(runningMean.mul(1 - momentum).add(mean.mean([0]).mul(momentum)));
            runningVariance?.copy_(runningVariance.mul(1 - momentum).add(variance.mean([0]).mul(momentum)));
        }

        return GroupNorm(input, channels, weight, bias, eps);
    }

    private static Tensor LayerNorm<T>(Tensor input, long[] normalizedShape, Tensor? weight, Tensor? bias, double eps)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Shapes.Count(normalizedShape);
        var rows = n == 0 ? 0 : input.NumberOfElements / n;
        var result = Tensor.Allocate(input.dtype, input.Shape);
        using var mean = Tensor.Allocate(input.dtype, rows);
        using var deviation = Tensor.Allocate(input.dtype, rows);
        using var x = input.Dense();
        using var scale = weight?.Dense();
        using var shift = bias?.Dense();
        var (px, pw, pb, py) = ((nint)x.Pointer<T>(), Address<T>(scale), Address<T>(shift), (nint)result.Pointer<T>());
        var (pm, pr) = ((nint)mean.Pointer<T>(), (nint)deviation.Pointer<T>());
        Workers.For(rows, Reductions.RowGrain(n), (px, pw, pb, py, pm, pr, n, eps), static (state, from, to) =>
        {
            var (px, pw, pb, py, pm, pr, n, eps) = state;
            Rows.LayerNorm((T*)px + (from * n), (T*)pw, (T*)pb, eps, (T*)py + (from * n), (T*)pm + from, (T*)pr + from, to - from, n);
        });
        GC.KeepAlive(x);
        GC.KeepAlive(scale);
        GC.KeepAlive(shift);
        if (!Graph.IsRecording(input, weight, bias))
        {
            return result;
        }

        return Graph.Record("layer_norm", result, [input, weight, bias], [input, weight, mean, deviation], (node, gradient) =>
            GradMode.Enabled ? LayerNormBackwardComposed(node, gradient, normalizedShape, eps) : LayerNormBackward<T>(node, gradient, normalizedShape));
    }

    private static Tensor?[] LayerNormBackward<T>(Node node, Tensor gradient, long[] normalizedShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (input, weight, mean, deviation) = (node.Saved(0), node.SavedOrNull(1), node.Saved(2), node.Saved(3));
        var n = Shapes.Count(normalizedShape);
        var rows = mean.NumberOfElements;
        using var x = input.Dense();
        using var g = gradient.Dense();
        using var scale = weight?.Dense();
        var (px, pw, pg) = ((nint)x.Pointer<T>(), Address<T>(scale), (nint)g.Pointer<T>());
        var (pm, pr) = ((nint)mean.Pointer<T>(), (nint)deviation.Pointer<T>());
        Tensor? ofInput = null, ofWeight = null, ofBias = null;
        if (node.Needs(0))
        {
            ofInput = Tensor.Allocate(input.dtype, input.Shape);
            var result = (nint)ofInput.Pointer<T>();
            Workers.For(rows, Reductions.RowGrain(n), (px, pw, pm, pr, pg, result, n), static (state, from, to) =>
            {
                var (px, pw, pm, pr, pg, result, n) = state;
                Rows.LayerNormBackward((T*)px + (from * n), (T*)pw, (T*)pm + from, (T*)pr + from, (T*)pg + (from * n), (T*)result + (from * n), to - from, n);
            });
        }

        // Threads share out the columns: a column's sum over the rows is never split.
        if (node.Needs(1))
        {
            ofWeight = Tensor.Allocate(input.dtype, normalizedShape);
            var result = (nint)ofWeight.Pointer<T>();
            Workers.For(n, Math.Max(64, Reductions.RowGrain(rows)), (px, pm, pr, pg, result, rows, n), static (state, from, to) =>
            {
                var (px, pm, pr, pg, result, rows, n) = state;
                Rows.LayerNormWeightGradient((T*)px, (T*)pm, (T*)pr, (T*)pg, rows, n, from, to, (T*)result + from);
            });
        }

        if (node.Needs(2))
        {
            using var columns = g.Alias([rows, n], [n, 1], g.Offset);
            using var sum = columns.sum([0]);
            ofBias = sum.view(normalizedShape);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(g);
        GC.KeepAlive(scale);
        GC.KeepAlive(mean);
        GC.KeepAlive(deviation);
        return [ofInput, ofWeight, ofBias];
    }

    // The same gradient from tensor operations, which can be differentiated again.
    private static Tensor?[] LayerNormBackwardComposed(Node node, Tensor gradient, long[] normalizedShape, double eps)
    {
        var (input, weight) = (node.Saved(0), node.SavedOrNull(1));
        var last = Enumerable.Range(input.Rank - normalizedShape.Length, normalizedShape.Length).Select(d => (long)d).ToArray();
        var difference = input.sub(input.mean(last, keepdim: true));
        var deviation = difference.mul(difference).mean(last, keepdim: true).add(eps).rsqrt();
        var normalized = difference.mul(deviation);
        var h = weight is null ? gradient : gradient.mul(weight);
        return
        [
            node.Needs(0) ? h.sub(h.mean(last, keepdim: true)).sub(normalized.mul(h.mul(normalized).mean(last, keepdim: true))).mul(deviation) : null,
            node.Needs(1) ? gradient.mul(normalized).SumTo(normalizedShape) : null,
            node.Needs(2) ? gradient.SumTo(normalizedShape) : null,
        ];
    }

    private static Tensor Affine(Tensor x, Tensor? weight, Tensor? bias)
    {
        var scaled = weight is null ? x : x.mul(weight);
        return bias is null ? scaled : scaled.add(bias);
    }

    private static nint Address<T>(Tensor? tensor)
        where T : unmanaged => tensor is null ? 0 : (nint)tensor.Pointer<T>();

    private static void CheckFloating(string operation, Tensor input, Tensor? weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.IsFloating || (weight is not null && weight.dtype != input.dtype) || (bias is not null && bias.dtype != input.dtype))
        {
            throw Errors.Of(operation, $"expected input, weight and bias of one floating-point type, but the input {Shapes.Text(input.Shape)} is {input.dtype}{(weight is null ? "" : $", the weight {weight.dtype}")}{(bias is null ? "" : $", the bias {bias.dtype}")}");
        }
    }

    private static void CheckChannels(string operation, string what, Tensor? tensor, long channels, Tensor input)
    {
        if (tensor is not null && !tensor.Shape.AsSpan().SequenceEqual([channels]))
        {
            throw Errors.Of(operation, $"{what} should contain {channels} elements, one for each channel of the input {Shapes.Text(input.Shape)}, but its shape is {Shapes.Text(tensor.Shape)}");
        }
    }
}
