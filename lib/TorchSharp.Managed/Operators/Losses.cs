using System.Numerics;
using TorchSharp.Autograd;
using TorchSharp.Kernels;
using Reduction = TorchSharp.torch.nn.Reduction;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What becomes of the losses of the elements.</summary>
        // The type is the real package's.
#pragma warning disable CA1028
        public enum Reduction : long
#pragma warning restore CA1028
        {
            /// <summary>They are returned as they are.</summary>
            None = 0,

            /// <summary>Their mean.</summary>
            Mean = 1,

            /// <summary>Their sum.</summary>
            Sum = 2,
        }
    }
}

/// <summary>The losses that the layers and functions call. Each returns the loss of every element (or row), their mean or their sum.</summary>
internal static unsafe class Losses
{
    /// <summary>
    /// Cross-entropy of logits: -ln softmax(x)[target], weighted by class and smoothed (C. Szegedy et al., "Rethinking the Inception Architecture", 2016, section 7).
    /// </summary>
    /// <param name="input">Logits: (classes), (batch, classes) or (batch, classes, ...).</param>
    /// <param name="target">Classes as Int64 without the class dimension, or probabilities of the input's shape and type.</param>
    /// <param name="weight">(classes), or null.</param>
    /// <param name="ignoreIndex">A class index whose elements don't count.</param>
    /// <param name="reduction">The mean is over the weights of the targets that count; for probabilities over all rows.</param>
    /// <param name="smoothing">The share of the target that all classes divide among them, 0 to 1.</param>
    public static Tensor CrossEntropy(Tensor input, Tensor target, Tensor? weight, long ignoreIndex, Reduction reduction, double smoothing)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        const string Operation = "cross_entropy";
        if (!input.IsFloating || input.Rank == 0)
        {
            throw Errors.Of(Operation, $"expected floating-point logits (batch, classes, ...), but got {input.dtype} {Shapes.Text(input.Shape)}");
        }

        if (smoothing is < 0 or > 1)
        {
            throw Errors.Of(Operation, FormattableString.Invariant($"label_smoothing must be between 0.0 and 1.0, but it is {smoothing}"));
        }

        CheckClassWeight(Operation, input, weight);
        var classDimension = input.Rank == 1 ? 0 : 1;
        if (target.IsFloating)
        {
            if (!target.Shape.AsSpan().SequenceEqual(input.Shape))
            {
                throw Errors.Of(Operation, $"class probabilities must have the shape of the logits {Shapes.Text(input.Shape)}, but have {Shapes.Text(target.Shape)}");
            }

            var classes = input.Shape[classDimension];
            var wanted = smoothing == 0 ? target : target.mul(1 - smoothing).add(smoothing / classes);
            var terms = input.log_softmax(classDimension).mul(wanted);
            if (weight is not null)
            {
                terms = terms.mul(weight.view([.. Enumerable.Range(0, input.Rank).Select(d => d == classDimension ? classes : 1)]));
            }

            var losses = terms.sum((ReadOnlySpan<long>)[classDimension]).neg();
            return reduction switch
            {
                Reduction.None => losses,
                Reduction.Sum => losses.sum(),
                _ => losses.sum().div(losses.NumberOfElements),
            };
        }

        using var rows = ClassesLast(input);
        using var targets = CheckedTargets(Operation, input, target, ignoreIndex);
        return input.dtype == torch.ScalarType.Float32
            ? CrossEntropyOfRows<float>(rows, targets, target.Shape, weight, ignoreIndex, reduction, smoothing)
            : CrossEntropyOfRows<double>(rows, targets, target.Shape, weight, ignoreIndex, reduction, smoothing);
    }

    /// <summary>Negative log likelihood: -x[target], weighted by class, of log-probabilities (classes), (batch, classes) or (batch, classes, ...).</summary>
    public static Tensor NegativeLogLikelihood(Tensor input, Tensor target, Tensor? weight, long ignoreIndex, Reduction reduction)
    {
        ArgumentNullException.ThrowIfNull(input);
        const string Operation = "nll_loss";
        if (!input.IsFloating || input.Rank == 0)
        {
            throw Errors.Of(Operation, $"expected floating-point log-probabilities (batch, classes, ...), but got {input.dtype} {Shapes.Text(input.Shape)}");
        }

        CheckClassWeight(Operation, input, weight);
        var rows = ClassesLast(input);
        using var targets = CheckedTargets(Operation, input, target, ignoreIndex);

        // What is ignored reads class 0 and counts for nothing.
        var ignored = targets.eq(ignoreIndex);
        var readable = targets.masked_fill(ignored, 0);
        var weights = weight is null ? Tensor.Zeros(input.dtype, targets.Shape).fill_(1) : weight.index_select(0, readable);
        weights = weights.masked_fill(ignored, 0);
        var losses = rows.gather(1, readable.unsqueeze(1)).squeeze(1).masked_fill(ignored, 0).mul(weights).neg();
        return reduction switch
        {
            Reduction.None => losses.view(target.Shape),
            Reduction.Sum => losses.sum(),
            _ => losses.sum().div(weights.sum()),
        };
    }

    /// <summary>(x - y)^2.</summary>
    public static Tensor MeanSquaredError(Tensor input, Tensor target, Reduction reduction) => Reduce(Difference("mse_loss", input, target).square(), reduction);

    /// <summary>|x - y|.</summary>
    public static Tensor AbsoluteError(Tensor input, Tensor target, Reduction reduction) => Reduce(Difference("l1_loss", input, target).abs(), reduction);

    /// <summary>d^2 / (2 beta) where |d| is less than beta, |d| - beta / 2 elsewhere, of the difference d.</summary>
    public static Tensor SmoothAbsoluteError(Tensor input, Tensor target, Reduction reduction, double beta)
    {
        if (beta == 0)
        {
            return AbsoluteError(input, target, reduction);
        }

        var difference = Difference("smooth_l1_loss", input, target).abs();
        return Reduce(torch.where(difference.lt(beta), difference.square().mul(0.5 / beta), difference.sub(0.5 * beta)), reduction);
    }

    /// <summary>d^2 / 2 where |d| is at most delta, delta (|d| - delta / 2) elsewhere, of the difference d (P. Huber, 1964).</summary>
    public static Tensor Huber(Tensor input, Tensor target, Reduction reduction, double delta)
    {
        var difference = Difference("huber_loss", input, target).abs();
        return Reduce(torch.where(difference.le(delta), difference.square().mul(0.5), difference.sub(0.5 * delta).mul(delta)), reduction);
    }

    /// <summary>-(y ln x + (1 - y) ln (1 - x)) of probabilities x; the logarithms are cut off at -100.</summary>
    public static Tensor BinaryCrossEntropy(Tensor input, Tensor target, Tensor? weight, Reduction reduction)
    {
        CheckSameShape("binary_cross_entropy", input, target);
        Tensor losses;
        using (GradMode.Set(false))
        {
            using var outside = input.lt(0).logical_or(input.gt(1)).any();
            if (*(bool*)outside.Pointer<byte>())
            {
                throw Errors.Of("binary_cross_entropy", $"all elements of the input {Shapes.Text(input.Shape)} should be between 0 and 1");
            }

            losses = target.mul(input.log().clamp(min: -100)).add(target.neg().add(1).mul(input.neg().log1p().clamp(min: -100))).neg();
        }

        var recorded = Graph.Record("binary_cross_entropy", losses, [input, target], [input, target], static (node, gradient) =>
        {
            var (x, y) = (node.Saved(0), node.Saved(1));
            return
            [
                node.Needs(0) ? gradient.mul(x.sub(y)).div(x.neg().add(1).mul(x).clamp(min: 1e-12)) : null,
                node.Needs(1) ? gradient.mul(x.neg().log1p().sub(x.log())) : null,
            ];
        });
        return Reduce(weight is null ? recorded : recorded.mul(weight), reduction);
    }

    /// <summary>Binary cross-entropy of sigmoid(x), computed from the logits x: (1 - y) x + l ln(1 + e^-x), where l = 1 + (positive weight - 1) y.</summary>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor input, Tensor target, Tensor? weight, Reduction reduction, Tensor? positiveWeights)
    {
        CheckSameShape("binary_cross_entropy_with_logits", input, target);

        Tensor losses;
        using (GradMode.Set(false))
        {
            losses = LogitLosses(input, target, positiveWeights);
        }

        Graph.Record("binary_cross_entropy_with_logits", losses, [input, target, positiveWeights], [input, target, positiveWeights], static (node, gradient) =>
        {
            var (x, y, positive) = (node.Saved(0), node.Saved(1), node.SavedOrNull(2));
            var share = positive is null ? null : positive.sub(1).mul(y).add(1);
            var miss = x.neg().sigmoid();
            return
            [
                node.Needs(0) ? gradient.mul(y.neg().add(1).sub(share is null ? miss : share.mul(miss))) : null,
                node.Needs(1) ? gradient.mul(positive is null ? x.neg() : positive.sub(1).mul(Softplus(x.neg())).sub(x)) : null,
                node.Needs(2) ? gradient.mul(y).mul(Softplus(x.neg())).SumTo(node.InputShape(2)) : null,
            ];
        });
        return Reduce(weight is null ? losses : losses.mul(weight), reduction);
    }

    /// <summary>The Kullback-Leibler divergence's terms y (ln y - x) of log-probabilities x; y may itself be given as logarithms. The mean is over all elements.</summary>
    public static Tensor KullbackLeibler(Tensor input, Tensor target, bool logTarget, Reduction reduction)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        _ = Shapes.Broadcast("kl_div", input.Shape, target.Shape);
        if (logTarget)
        {
            return Reduce(target.exp().mul(target.sub(input)), reduction);
        }

        // 0 ln 0 counts as 0.
        var positive = target.gt(0);
        var logarithm = target.masked_fill(positive.logical_not(), 1).log();
        return Reduce(target.mul(logarithm).sub(target.mul(input)), reduction);
    }

    /// <summary>x . y / (max(|x|, eps) max(|y|, eps)) along a dimension.</summary>
    public static Tensor CosineSimilarity(Tensor x1, Tensor x2, long dim, double eps)
    {
        var first = x1.div(LengthAlong(x1, dim, eps));
        var second = x2.div(LengthAlong(x2, dim, eps));
        return first.mul(second).sum((ReadOnlySpan<long>)[dim]);
    }

    /// <summary>1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1; rows (batch, features) or one row.</summary>
    public static Tensor CosineEmbedding(Tensor input1, Tensor input2, Tensor target, double margin, Reduction reduction)
    {
        ArgumentNullException.ThrowIfNull(input1);
        ArgumentNullException.ThrowIfNull(input2);
        ArgumentNullException.ThrowIfNull(target);
        CheckSameShape("cosine_embedding_loss", input1, input2);
        const double Small = 1e-12;
        long[] last = [-1];
        var denominator = input1.square().sum(last).add(Small).mul(input2.square().sum(last).add(Small)).sqrt();
        var cosine = input1.mul(input2).sum(last).div(denominator);
        var positive = cosine.neg().add(1).masked_fill(target.ne(1), 0);
        var negative = cosine.sub(margin).clamp(min: 0).masked_fill(target.ne(-1), 0);
        return Reduce(positive.add(negative), reduction);
    }

    /// <summary>All losses, their mean or their sum.</summary>
    public static Tensor Reduce(Tensor losses, Reduction reduction) => reduction switch
    {
        Reduction.None => losses,
        Reduction.Sum => losses.sum(),
        _ => losses.mean(),
    };

    private static Tensor CrossEntropyOfRows<T>(Tensor rows, Tensor targets, long[] targetShape, Tensor? weight, long ignoreIndex, Reduction reduction, double smoothing)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (count, n) = (rows.Shape[0], rows.Shape[1]);
        using var x = rows.Dense();
        using var classWeights = weight?.Dense();
        using var losses = Tensor.Allocate(rows.dtype, count);
        using var rowWeights = Tensor.Allocate(rows.dtype, count);
        using var maxima = Tensor.Allocate(rows.dtype, count);
        using var logSums = Tensor.Allocate(rows.dtype, count);
        var state = (X: (nint)x.Pointer<T>(), Targets: (nint)targets.Pointer<long>(), Weights: Address<T>(classWeights), Losses: (nint)losses.Pointer<T>(), RowWeights: (nint)rowWeights.Pointer<T>(),
            Maxima: (nint)maxima.Pointer<T>(), LogSums: (nint)logSums.Pointer<T>(), n, ignoreIndex, smoothing);
        Workers.For(count, Reductions.RowGrain(n, 4096), state, static (s, from, to) =>
            Rows.CrossEntropy((T*)s.X + (from * s.n), (long*)s.Targets + from, (T*)s.Weights, s.ignoreIndex, s.smoothing, (T*)s.Losses + from, (T*)s.RowWeights + from, (T*)s.Maxima + from, (T*)s.LogSums + from, to - from, s.n));

        // The mean divides by the weights of the targets that count.
        var divisor = reduction == Reduction.Mean ? Sums.Sum(rowWeights.Pointer<T>(), count) : T.One;
        Tensor result;
        if (reduction == Reduction.None)
        {
            result = losses.Alias(targetShape, Shapes.ContiguousStrides(targetShape), 0);
        }
        else
        {
            result = Tensor.Allocate(rows.dtype);
            *result.Pointer<T>() = Sums.Sum(losses.Pointer<T>(), count) / divisor;
        }

        GC.KeepAlive(x);
        GC.KeepAlive(classWeights);
        GC.KeepAlive(targets);
        GC.KeepAlive(losses);
        GC.KeepAlive(rowWeights);
        return Graph.Record("cross_entropy", result, [rows], [rows, targets, weight, maxima, logSums], (node, gradient) =>
        {
            var scaled = reduction == Reduction.Mean ? gradient.div(double.CreateTruncating(divisor)) : gradient;
            return [GradMode.Enabled ? CrossEntropyBackwardComposed(node, scaled, ignoreIndex, smoothing) : CrossEntropyBackward<T>(node, scaled, ignoreIndex, smoothing)];
        });
    }

    private static Tensor CrossEntropyBackward<T>(Node node, Tensor gradient, long ignoreIndex, double smoothing)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, targets, weight, maxima, logSums) = (node.Saved(0), node.Saved(1), node.SavedOrNull(2), node.Saved(3), node.Saved(4));
        var n = rows.Shape[1];
        using var x = rows.Dense();
        using var g = gradient.Dense();
        using var classWeights = weight?.Dense();
        var result = Tensor.Allocate(rows.dtype, rows.Shape);
        var step = gradient.Rank == 0 && rows.Shape[0] != 1 ? 0 : 1;
        var state = (X: (nint)x.Pointer<T>(), Targets: (nint)targets.Pointer<long>(), Weights: Address<T>(classWeights), Maxima: (nint)maxima.Pointer<T>(), LogSums: (nint)logSums.Pointer<T>(),
            G: (nint)g.Pointer<T>(), Result: (nint)result.Pointer<T>(), n, ignoreIndex, smoothing, step);
        Workers.For(rows.Shape[0], Reductions.RowGrain(n, 4096), state, static (s, from, to) =>
            Rows.CrossEntropyBackward((T*)s.X + (from * s.n), (long*)s.Targets + from, (T*)s.Weights, s.ignoreIndex, s.smoothing, (T*)s.Maxima + from, (T*)s.LogSums + from, (T*)s.G + (from * s.step), s.step, (T*)s.Result + (from * s.n), to - from, s.n));
        GC.KeepAlive(x);
        GC.KeepAlive(g);
        GC.KeepAlive(classWeights);
        GC.KeepAlive(targets);
        GC.KeepAlive(maxima);
        GC.KeepAlive(logSums);
        return result;
    }

    // The loss of a row is -sum k ln softmax(x) with constants k, so its gradient is softmax(x) sum(k) - k. Built from tensor operations, to be differentiated again.
    private static Tensor CrossEntropyBackwardComposed(Node node, Tensor gradient, long ignoreIndex, double smoothing)
    {
        var (rows, targets, weight) = (node.Saved(0), node.Saved(1), node.SavedOrNull(2));
        var (count, n) = (rows.Shape[0], rows.Shape[1]);
        var ignored = targets.eq(ignoreIndex);
        var atTarget = Tensor.Zeros(rows.dtype, count, n).scatter(1, targets.masked_fill(ignored, 0).unsqueeze(1), Tensor.Zeros(rows.dtype, count, 1).fill_(1));
        var constants = atTarget.mul(1 - smoothing).mul(weight is null ? Tensor.Zeros(rows.dtype).fill_(1) : atTarget.mul(weight).sum((ReadOnlySpan<long>)[1], keepdim: true));
        constants = constants.add(weight is null ? Tensor.Zeros(rows.dtype).fill_(smoothing / n) : weight.mul(smoothing / n)).masked_fill(ignored.unsqueeze(1), 0);
        var perRow = gradient.Rank == 0 ? gradient : gradient.reshape(count, 1);
        return rows.softmax(1).mul(constants.sum((ReadOnlySpan<long>)[1], keepdim: true)).sub(constants).mul(perRow);
    }

    // (rows, classes), with the other dimensions in the order of the targets.
    private static Tensor ClassesLast(Tensor input)
    {
        if (input.Rank <= 2)
        {
            return input.Rank == 1 ? input.view(1, input.Shape[0]) : input.Handle();
        }

        long[] order = [0, .. Enumerable.Range(2, input.Rank - 2).Select(d => (long)d), 1];
        using var moved = input.permute(order);
        return moved.reshape(input.NumberOfElements / Math.Max(input.Shape[1], 1), input.Shape[1]);
    }

    private static Tensor CheckedTargets(string operation, Tensor input, Tensor target, long ignoreIndex)
    {
        ArgumentNullException.ThrowIfNull(target);
        long[] expected = input.Rank == 1 ? [] : [input.Shape[0], .. input.Shape[2..]];
        if (target.dtype != torch.ScalarType.Int64 || !target.Shape.AsSpan().SequenceEqual(expected))
        {
            throw Errors.Of(operation, $"for an input of shape {Shapes.Text(input.Shape)} the target must be Int64 of shape {Shapes.Text(expected)}, but it is {target.dtype} {Shapes.Text(target.Shape)}");
        }

        var classes = input.Shape[input.Rank == 1 ? 0 : 1];
        using var dense = target.Dense();
        var values = dense.Pointer<long>();
        for (var i = 0L; i < dense.NumberOfElements; i++)
        {
            if (values[i] != ignoreIndex && (values[i] < 0 || values[i] >= classes))
            {
                throw Errors.Of(operation, $"target {values[i]} at position {i} is out of bounds: the input {Shapes.Text(input.Shape)} has {classes} classes");
            }
        }

        GC.KeepAlive(dense);
        return dense.view(-1);
    }

    private static void CheckClassWeight(string operation, Tensor input, Tensor? weight)
    {
        var classes = input.Shape[input.Rank == 1 ? 0 : 1];
        if (weight is not null && (weight.dtype != input.dtype || !weight.Shape.AsSpan().SequenceEqual([classes])))
        {
            throw Errors.Of(operation, $"the weight must be {input.dtype} of shape {Shapes.Text([classes])}, one for each class of the input {Shapes.Text(input.Shape)}, but it is {weight.dtype} {Shapes.Text(weight.Shape)}");
        }
    }

    // In the loss' name where the shapes do not broadcast.
    private static Tensor Difference(string operation, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        _ = Shapes.Broadcast(operation, input.Shape, target.Shape);
        return input.sub(target);
    }

    private static void CheckSameShape(string operation, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        if (!input.Shape.AsSpan().SequenceEqual(target.Shape))
        {
            throw Errors.Of(operation, $"the target's shape {Shapes.Text(target.Shape)} must be the input's {Shapes.Text(input.Shape)}");
        }
    }

    private static Tensor LogitLosses(Tensor x, Tensor y, Tensor? positiveWeights)
    {
        var softplus = Softplus(x.neg());
        var share = y.neg().add(1).mul(x);
        return share.add(positiveWeights is null ? softplus : positiveWeights.sub(1).mul(y).add(1).mul(softplus));
    }

    // ln(1 + e^x) without overflow.
    private static Tensor Softplus(Tensor x) => x.clamp(min: 0).add(x.abs().neg().exp().log1p());

    private static Tensor LengthAlong(Tensor x, long dim, double eps) => Errors.Given(x).square().sum((ReadOnlySpan<long>)[dim], keepdim: true).sqrt().clamp(min: eps);

    private static nint Address<T>(Tensor? tensor)
        where T : unmanaged => tensor is null ? 0 : (nint)tensor.Pointer<T>();
}
