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

    private static Tensor Attend<T>(Part query, Part key, Part value, long width, long heads, Tensor? mask, double dropout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (type, length, batch, keys) = (query.Source.dtype, query.Source.Shape[0], query.Source.Shape[1], key.Source.Shape[0]);
        long[] scores = [batch, heads, length, keys];
        using var kept = dropout > 0 ? Tensor.DropoutMask(type, scores, dropout) : null;
        using var expanded = mask?.Alias(scores, Shapes.BroadcastStrides(mask.Shape, mask.Strides, scores), mask.Offset);
        using var weights = Graph.IsRecording(query.Source, key.Source, value.Source) ? Tensor.Allocate(type, scores) : null;
        var result = Tensor.Allocate(type, length, batch, width);
        var plan = new Plan<T>(query, key, value, width, heads, expanded, kept);
        var (stored, output) = ((nint)(weights is null ? null : weights.Pointer<T>()), (nint)result.Pointer<T>());
        Workers.For(batch * heads, plan.Grain(2), (plan, stored, output), static (state, from, to) =>
        {
            var (plan, stored, output) = state;
            for (var i = from; i < to; i++)
            {
                var head = plan.Head(i);
                var size = head.Queries * head.Keys;
                head.Forward(stored == 0 ? MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Scores, size) : (T*)stored + (i * size), plan.Columns((T*)output, i));
            }
        });
        plan.KeepAlive();
        var (queryFirst, keyFirst, valueFirst) = (query.First, key.First, value.First);
        var (keyIsQuery, valueIsQuery, valueIsKey) = (ReferenceEquals(key.Source, query.Source), ReferenceEquals(value.Source, query.Source), ReferenceEquals(value.Source, key.Source));
        return Graph.Record(Operation, result, [query.Source, key.Source, value.Source], [query.Source, key.Source, value.Source, expanded, kept, weights], (node, gradient) =>
        {
            var q = new Part(node.Saved(0), queryFirst);
            var k = new Part(keyIsQuery ? q.Source : node.Saved(1), keyFirst);
            var v = new Part(valueIsQuery ? q.Source : valueIsKey ? k.Source : node.Saved(2), valueFirst);
            return GradMode.Enabled ? BackwardComposed(node, gradient, q, k, v, width, heads) : Backward<T>(node, gradient, q, k, v, width, heads);
        });
    }

    // One gradient for each different source, in the place of its first use.
    private static Tensor?[] Backward<T>(Node node, Tensor gradient, Part query, Part key, Part value, long width, long heads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var weights = node.Saved(5);
        using var g = gradient.Dense();
        var ofQuery = node.Needs(0) ? Empty(query) : null;
        var ofKey = !node.Needs(1) ? null : ReferenceEquals(key.Source, query.Source) ? ofQuery : Empty(key);
        var ofValue = !node.Needs(2) ? null : ReferenceEquals(value.Source, query.Source) ? ofQuery : ReferenceEquals(value.Source, key.Source) ? ofKey : Empty(value);
        var plan = new Plan<T>(query, key, value, width, heads, node.SavedOrNull(3), node.SavedOrNull(4));
        var state = (plan, Weights: (nint)weights.Pointer<T>(), G: (nint)g.Pointer<T>(), Q: Address(ofQuery), K: Address(ofKey), V: Address(ofValue), From: (query.First, key.First, value.First));
        Workers.For(plan.Count, plan.Grain(5), state, static (state, from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var (plan, head) = (state.plan, state.plan.Head(i));
                head.Backward(
                    (T*)state.Weights + (i * head.Queries * head.Keys), plan.Columns((T*)state.G, i),
                    plan.Columns((T*)state.Q, i, plan.Query, state.From.Item1), plan.Columns((T*)state.K, i, plan.Key, state.From.Item2), plan.Columns((T*)state.V, i, plan.Value, state.From.Item3));
            }
        });
        GC.KeepAlive(weights);
        GC.KeepAlive(g);
        plan.KeepAlive();
        return
        [
            ofQuery,
            ReferenceEquals(ofKey, ofQuery) ? null : ofKey,
            ReferenceEquals(ofValue, ofQuery) || ReferenceEquals(ofValue, ofKey) ? null : ofValue,
        ];

        // All columns of a source are somebody's: together its users fill it.
        static Tensor Empty(Part part) => Tensor.Allocate(part.Source.dtype, part.Source.Shape);

        static nint Address(Tensor? tensor) => tensor is null ? 0 : (nint)tensor.Pointer<T>();
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

    /// <summary>Where each head's rows lie.</summary>
    private sealed class Plan<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly long _batch;
        private readonly long _heads;
        private readonly long _width;
        private readonly AttentionHead<T> _first;
        private readonly Tensor? _mask;
        private readonly Tensor? _kept;

        public Plan(Part query, Part key, Part value, long width, long heads, Tensor? mask, Tensor? kept)
        {
            (Query, Key, Value, _mask, _kept) = (query.Source, key.Source, value.Source, mask, kept);
            (_batch, _heads, _width) = (Query.Shape[1], heads, width / heads);
            _first = new AttentionHead<T>
            {
                Queries = Query.Shape[0],
                Keys = Key.Shape[0],
                Width = _width,
                Query = Start(query),
                Key = Start(key),
                Value = Start(value),
                Allowed = mask is { dtype: torch.ScalarType.Bool } ? mask.Pointer<byte>() : null,
                Added = mask is null or { dtype: torch.ScalarType.Bool } ? null : mask.Pointer<T>(),
                MaskRowStride = mask is null ? 0 : mask.Strides[2],
                MaskColumnStride = mask is null ? 0 : mask.Strides[3],
                Kept = kept is null ? null : kept.Pointer<T>(),
            };
        }

        public Tensor Query { get; }

        public Tensor Key { get; }

        public Tensor Value { get; }

        public long Count => _batch * _heads;

        /// <summary>How many heads are worth a thread, with so many products in each.</summary>
        public long Grain(int products) => (long)Math.Ceiling(WorkWorthAThread / Math.Max(1, (double)products * _first.Queries * _first.Keys * _width));

        /// <summary>Head i of all, those of a sentence one after the other.</summary>
        public AttentionHead<T> Head(long i)
        {
            var (sentence, number) = Math.DivRem(i, _heads);
            var head = _first;
            head.Query = Moved(_first.Query, Query, sentence, number);
            head.Key = Moved(_first.Key, Key, sentence, number);
            head.Value = Moved(_first.Value, Value, sentence, number);
            if (_mask is not null)
            {
                var offset = (sentence * _mask.Strides[0]) + (number * _mask.Strides[1]);
                head.Allowed = _first.Allowed is null ? null : _first.Allowed + offset;
                head.Added = _first.Added is null ? null : _first.Added + offset;
            }

            head.Kept = _first.Kept is null ? null : _first.Kept + (i * head.Queries * head.Keys);
            return head;
        }

        /// <summary>The columns of head i in a contiguous (positions, N, width).</summary>
        public RowsOf<T> Columns(T* start, long i)
        {
            var (sentence, number) = Math.DivRem(i, _heads);
            return new(start + (((sentence * _heads) + number) * _width), _batch * _heads * _width);
        }

        /// <summary>The columns of head i in a contiguous tensor of a source's shape, from a column on; a null start stays.</summary>
        public RowsOf<T> Columns(T* start, long i, Tensor source, long column)
        {
            var (sentence, number) = Math.DivRem(i, _heads);
            return start is null ? default : new(start + (sentence * source.Shape[2]) + column + (number * _width), _batch * source.Shape[2]);
        }

        public void KeepAlive()
        {
            GC.KeepAlive(Query);
            GC.KeepAlive(Key);
            GC.KeepAlive(Value);
            GC.KeepAlive(_mask);
            GC.KeepAlive(_kept);
        }

        private static RowsOf<T> Start(Part part) => new(part.Source.Pointer<T>() + part.First, part.Source.Strides[0]);

        private RowsOf<T> Moved(RowsOf<T> rows, Tensor source, long sentence, long number) => new(rows.Start + (sentence * source.Strides[1]) + (number * _width), rows.RowStride);
    }
}
