using System.Numerics;
using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

/// <summary>
/// The attention of all heads at once as one recorded operation: what <see cref="Attention"/> computes head by head from whole-tensor operations, to the bit, without bringing each head's
/// columns together first and without a tensor for every step. Layers use it where nobody asks for the weights.
/// </summary>
internal static unsafe class HeadAttention
{
    private const string Operation = "multi_head_attention";

    // Fewer multiplications are not worth a thread.
    private const double WorkWorthAThread = 64 * 1024;

    /// <summary>Columns of a tensor (positions, N, columns): as many as all heads together are wide, from <paramref name="First"/> on. Queries, keys and values may be columns of one tensor.</summary>
    internal readonly record struct Part(Tensor Source, long First);

    /// <summary>softmax(q k^T / sqrt(width / heads) + mask) v of every head, side by side: (L, N, width).</summary>
    /// <param name="query">(L, N, width) in its source; the last dimension contiguous.</param>
    /// <param name="key">(S, N, width) in its source.</param>
    /// <param name="value">(S, N, width) in its source.</param>
    /// <param name="width">The width of all heads together, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">How many heads.</param>
    /// <param name="mask">Broadcasts to (N, heads, L, S): bools, true where attention is allowed, or numbers to add, of the sources' type and without a gradient; or null.</param>
    /// <param name="dropout">The probability with which a weight becomes zero.</param>
    public static Tensor Attend(Part query, Part key, Part value, long width, long heads, Tensor? mask, double dropout) => query.Source.dtype == torch.ScalarType.Float32
        ? Attend<float>(query, key, value, width, heads, mask, dropout)
        : Attend<double>(query, key, value, width, heads, mask, dropout);

    /// <summary>Whether <see cref="Attend(Tensor, Tensor, Tensor, Tensor?, double)"/> takes these: four dimensions, the first two of the same lengths, rows without gaps, all of one width, a mask without a gradient.</summary>
    public static bool Takes(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        return IsOfHeads(query) && IsOfHeads(key) && IsOfHeads(value) && key.dtype == query.dtype && value.dtype == query.dtype && value.Shape[3] == query.Shape[3] && query.NumberOfElements > 0 && key.NumberOfElements > 0
            && key.Shape[0] == query.Shape[0] && value.Shape[0] == query.Shape[0] && key.Shape[1] == query.Shape[1] && value.Shape[1] == query.Shape[1]
            && (mask is null || (!mask.requires_grad && mask.Rank <= 4 && (mask.dtype == torch.ScalarType.Bool || mask.dtype == query.dtype)));

        static bool IsOfHeads(Tensor tensor) => tensor.Rank == 4 && tensor.Strides[3] == 1 && tensor.dtype is torch.ScalarType.Float32 or torch.ScalarType.Float64;
    }

    /// <summary>The same for heads that are a dimension: query (N, heads, L, d), key and value (N, heads, S, d) -> (N, heads, L, d). The result lies in memory as (N, L, heads, d), so that to join the heads copies nothing.</summary>
    /// <param name="query">What asks; the last dimension contiguous, as in the others (<see cref="Takes"/>).</param>
    /// <param name="key">What is compared with it.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="mask">Broadcasts to (N, heads, L, S), as above; or null.</param>
    /// <param name="dropout">The probability with which a weight becomes zero.</param>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout) => query.dtype == torch.ScalarType.Float32
        ? Attend<float>(query, key, value, mask, dropout)
        : Attend<double>(query, key, value, mask, dropout);

    private static Tensor Attend<T>(Part query, Part key, Part value, long width, long heads, Tensor? mask, double dropout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (type, length, batch, keys, each) = (query.Source.dtype, query.Source.Shape[0], query.Source.Shape[1], key.Source.Shape[0], width / heads);
        long[] scores = [batch, heads, length, keys];
        using var kept = dropout > 0 ? Tensor.DropoutMask(type, scores, dropout) : null;
        using var expanded = mask?.Alias(scores, Shapes.BroadcastStrides(mask.Shape, mask.Strides, scores), mask.Offset);
        using var weights = Graph.IsRecording(query.Source, key.Source, value.Source) ? Tensor.Allocate(type, scores) : null;
        var result = Tensor.Allocate(type, length, batch, width);
        Forward(new Plan<T>(Layout.Of(query, each), Layout.Of(key, each), Layout.Of(value, each), scores, each, expanded, kept), weights, Layout.Of(new(result, 0), each));
        var (queryFirst, keyFirst, valueFirst) = (query.First, key.First, value.First);
        var (keyIsQuery, valueIsQuery, valueIsKey) = (ReferenceEquals(key.Source, query.Source), ReferenceEquals(value.Source, query.Source), ReferenceEquals(value.Source, key.Source));
        return Graph.Record(Operation, result, [query.Source, key.Source, value.Source], [query.Source, key.Source, value.Source, expanded, kept, weights], (node, gradient) =>
        {
            var q = new Part(node.Saved(0), queryFirst);
            var k = new Part(keyIsQuery ? q.Source : node.Saved(1), keyFirst);
            var v = new Part(valueIsQuery ? q.Source : valueIsKey ? k.Source : node.Saved(2), valueFirst);
            return GradMode.Enabled ? BackwardComposed(node, gradient, q, k, v, width, heads) : Backward<T>(node, gradient, q, k, v, scores, each);
        });
    }

    private static Tensor Attend<T>(Tensor query, Tensor key, Tensor value, Tensor? mask, double dropout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (type, width) = (query.dtype, query.Shape[3]);
        long[] scores = [query.Shape[0], query.Shape[1], query.Shape[2], key.Shape[2]];
        using var kept = dropout > 0 ? Tensor.DropoutMask(type, scores, dropout) : null;
        using var expanded = mask?.Alias(scores, Shapes.BroadcastStrides(mask.Shape, mask.Strides, scores), mask.Offset);
        using var weights = Graph.IsRecording(query, key, value) ? Tensor.Allocate(type, scores) : null;
        var result = RowsOfAllHeads(query);
        Forward(new Plan<T>(Layout.Of(query), Layout.Of(key), Layout.Of(value), scores, width, expanded, kept), weights, Layout.Of(result));
        return Graph.Record(Operation, result, [query, key, value], [query, key, value, expanded, kept, weights], (node, gradient) =>
        {
            var (q, k, v) = (node.Saved(0), node.Saved(1), node.Saved(2));
            if (GradMode.Enabled)
            {
                return BackwardComposed(node, gradient, q, k, v);
            }

            using var stored = node.Saved(5);
            using var g = gradient.Strides[3] == 1 || width == 1 ? gradient.Handle() : gradient.contiguous();
            Tensor?[] gradients = [node.Needs(0) ? RowsOfAllHeads(q) : null, node.Needs(1) ? RowsOfAllHeads(k) : null, node.Needs(2) ? RowsOfAllHeads(v) : null];
            var plan = new Plan<T>(Layout.Of(q), Layout.Of(k), Layout.Of(v), scores, width, node.SavedOrNull(3), node.SavedOrNull(4));
            Backward(plan, stored, Layout.Of(g), LayoutOf(0), LayoutOf(1), LayoutOf(2));
            return gradients;

            Layout LayoutOf(int input) => gradients[input] is { } tensor ? Layout.Of(tensor) : default;
        });
    }

    // A new tensor of the same shape (N, heads, rows, d) that lies in memory as (N, rows, heads, d).
    private static Tensor RowsOfAllHeads(Tensor like)
    {
        var (batch, heads, rows, width) = (like.Shape[0], like.Shape[1], like.Shape[2], like.Shape[3]);
        using var memory = Tensor.Allocate(like.dtype, batch, rows, heads, width);
        return memory.Alias([batch, heads, rows, width], [rows * heads * width, width, heads * width, 1], memory.Offset);
    }

    private static void Forward<T>(Plan<T> plan, Tensor? weights, Layout result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var stored = (nint)(weights is null ? null : weights.Pointer<T>());
        Workers.For(plan.Count, plan.Grain(2), (plan, stored, result), static (state, from, to) =>
        {
            var (plan, stored, result) = state;
            for (var i = from; i < to; i++)
            {
                var head = plan.Head(i);
                var size = head.Queries * head.Keys;
                head.Forward(stored == 0 ? MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Scores, size) : (T*)stored + (i * size), plan.RowsOf(result, i));
            }
        });
        GC.KeepAlive(weights);
        GC.KeepAlive(result.Source);
        plan.KeepAlive();
    }

    // The gradients of queries, keys and values; a layout without a source where one is not wanted.
    private static void Backward<T>(Plan<T> plan, Tensor weights, Layout gradient, Layout ofQuery, Layout ofKey, Layout ofValue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var state = (plan, Weights: (nint)weights.Pointer<T>(), gradient, ofQuery, ofKey, ofValue);
        Workers.For(plan.Count, plan.Grain(5), state, static (state, from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var (plan, head) = (state.plan, state.plan.Head(i));
                head.Backward(
                    (T*)state.Weights + (i * head.Queries * head.Keys), plan.RowsOf(state.gradient, i), plan.RowsOf(state.ofQuery, i), plan.RowsOf(state.ofKey, i), plan.RowsOf(state.ofValue, i));
            }
        });
        GC.KeepAlive(weights);
        GC.KeepAlive((gradient.Source, ofQuery.Source, ofKey.Source, ofValue.Source));
        plan.KeepAlive();
    }

    // One gradient for each different source, in the place of its first use.
    private static Tensor?[] Backward<T>(Node node, Tensor gradient, Part query, Part key, Part value, long[] scores, long width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var weights = node.Saved(5);
        using var g = gradient.Dense();
        var ofQuery = node.Needs(0) ? Empty(query) : null;
        var ofKey = !node.Needs(1) ? null : ReferenceEquals(key.Source, query.Source) ? ofQuery : Empty(key);
        var ofValue = !node.Needs(2) ? null : ReferenceEquals(value.Source, query.Source) ? ofQuery : ReferenceEquals(value.Source, key.Source) ? ofKey : Empty(value);
        var plan = new Plan<T>(Layout.Of(query, width), Layout.Of(key, width), Layout.Of(value, width), scores, width, node.SavedOrNull(3), node.SavedOrNull(4));
        Backward(plan, weights, Layout.Of(new(g, 0), width), LayoutOf(ofQuery, query.First), LayoutOf(ofKey, key.First), LayoutOf(ofValue, value.First));
        return
        [
            ofQuery,
            ReferenceEquals(ofKey, ofQuery) ? null : ofKey,
            ReferenceEquals(ofValue, ofQuery) || ReferenceEquals(ofValue, ofKey) ? null : ofValue,
        ];

        // All columns of a source are somebody's: together its users fill it.
        static Tensor Empty(Part part) => Tensor.Allocate(part.Source.dtype, part.Source.Shape);

        Layout LayoutOf(Tensor? tensor, long first) => tensor is null ? default : Layout.Of(new Part(tensor, first), width);
    }

    // The same from tensor operations, which can be differentiated again.
    private static Tensor?[] BackwardComposed(Node node, Tensor gradient, Part query, Part key, Part value, long width, long heads)
    {
        // Fresh views, so that a gradient counts only what flows through this operation.
        var q = query.Source.view(query.Source.Shape);
        var k = ReferenceEquals(key.Source, query.Source) ? q : key.Source.view(key.Source.Shape);
        var v = ReferenceEquals(value.Source, query.Source) ? q : ReferenceEquals(value.Source, key.Source) ? k : value.Source.view(value.Source.Shape);
        var weights = Attention.Weights(Heads(q, query.First), Heads(k, key.First), node.SavedOrNull(3), isCausal: false);
        var kept = node.SavedOrNull(4) is { } mask ? weights.mul(mask) : weights;
        var attended = kept.matmul(Heads(v, value.First)).permute(2, 0, 1, 3).reshape(gradient.Shape);
        var sources = new[] { q, k, v }.Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>().Where(source => source.requires_grad).ToArray();
        var gradients = torch.autograd.grad([attended], sources, [gradient], retain_graph: true, create_graph: true, allow_unused: true);
        return [Of(q), ReferenceEquals(k, q) ? null : Of(k), ReferenceEquals(v, q) || ReferenceEquals(v, k) ? null : Of(v)];

        Tensor? Of(Tensor source) => Array.IndexOf(sources, source) is var index and >= 0 ? gradients[index] : null;

        // (L, N, ...) -> (N, heads, L, width / heads)
        Tensor Heads(Tensor source, long first) => source.narrow(-1, first, width).reshape(source.Shape[0], source.Shape[1], heads, width / heads).permute(1, 2, 0, 3);
    }

    private static Tensor?[] BackwardComposed(Node node, Tensor gradient, Tensor query, Tensor key, Tensor value)
    {
        var (q, k, v) = (query.view_as(query), key.view_as(key), value.view_as(value));
        var weights = Attention.Weights(q, k, node.SavedOrNull(3), isCausal: false);
        var kept = node.SavedOrNull(4) is { } mask ? weights.mul(mask) : weights;
        var sources = new[] { q, k, v }.Where(source => source.requires_grad).ToArray();
        var gradients = torch.autograd.grad([kept.matmul(v)], sources, [gradient], retain_graph: true, create_graph: true, allow_unused: true);
        return [Of(q), Of(k), Of(v)];

        Tensor? Of(Tensor source) => Array.IndexOf(sources, source) is var index and >= 0 ? gradients[index] : null;
    }

    /// <summary>Where the rows of each sentence's heads lie in a tensor: column c of a row at First + c, plus the strides.</summary>
    private readonly record struct Layout(Tensor Source, long First, long Sentence, long Head, long Row)
    {
        /// <summary>Columns of a (positions, N, columns), so wide for each head.</summary>
        public static Layout Of(Part part, long width) => new(part.Source, part.First, part.Source.Strides[1], width, part.Source.Strides[0]);

        /// <summary>A (N, heads, positions, d).</summary>
        public static Layout Of(Tensor tensor) => new(tensor, 0, tensor.Strides[0], tensor.Strides[1], tensor.Strides[2]);

        public RowsOf<T> Rows<T>(long sentence, long head)
            where T : unmanaged => Source is null ? default : new(Source.Pointer<T>() + First + (sentence * Sentence) + (head * Head), Row);
    }

    /// <summary>Which rows and which part of the mask each head has.</summary>
    private sealed class Plan<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly long _batch;
        private readonly long _heads;
        private readonly Layout _query;
        private readonly Layout _key;
        private readonly Layout _value;
        private readonly AttentionHead<T> _first;
        private readonly Tensor? _mask;
        private readonly Tensor? _kept;

        public Plan(Layout query, Layout key, Layout value, long[] scores, long width, Tensor? mask, Tensor? kept)
        {
            (_query, _key, _value, _mask, _kept) = (query, key, value, mask, kept);
            (_batch, _heads) = (scores[0], scores[1]);
            _first = new AttentionHead<T>
            {
                Queries = scores[2],
                Keys = scores[3],
                Width = width,
                Allowed = mask is { dtype: torch.ScalarType.Bool } ? mask.Pointer<byte>() : null,
                Added = mask is null or { dtype: torch.ScalarType.Bool } ? null : mask.Pointer<T>(),
                MaskRowStride = mask is null ? 0 : mask.Strides[2],
                MaskColumnStride = mask is null ? 0 : mask.Strides[3],
                Kept = kept is null ? null : kept.Pointer<T>(),
            };
        }

        public long Count => _batch * _heads;

        /// <summary>How many heads are worth a thread, with so many products in each.</summary>
        public long Grain(int products) => (long)Math.Ceiling(WorkWorthAThread / Math.Max(1, (double)products * _first.Queries * _first.Keys * _first.Width));

        /// <summary>Head i of all, those of a sentence one after the other.</summary>
        public AttentionHead<T> Head(long i)
        {
            var (sentence, number) = Math.DivRem(i, _heads);
            var head = _first;
            head.Query = _query.Rows<T>(sentence, number);
            head.Key = _key.Rows<T>(sentence, number);
            head.Value = _value.Rows<T>(sentence, number);
            if (_mask is not null)
            {
                var offset = (sentence * _mask.Strides[0]) + (number * _mask.Strides[1]);
                head.Allowed = _first.Allowed is null ? null : _first.Allowed + offset;
                head.Added = _first.Added is null ? null : _first.Added + offset;
            }

            head.Kept = _first.Kept is null ? null : _first.Kept + (i * head.Queries * head.Keys);
            return head;
        }

        /// <summary>The rows of head i in a tensor.</summary>
        public RowsOf<T> RowsOf(Layout layout, long i)
        {
            var (sentence, number) = Math.DivRem(i, _heads);
            return layout.Rows<T>(sentence, number);
        }

        public void KeepAlive()
        {
            GC.KeepAlive(_query.Source);
            GC.KeepAlive(_key.Source);
            GC.KeepAlive(_value.Source);
            GC.KeepAlive(_mask);
            GC.KeepAlive(_kept);
        }
    }
}
