using TransformerTutorial.Attention;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>A Transformer, word by word. With a cache each step computes the new word only; without one all words so far, again and again. The logits are the same to the bit.</summary>
/// <param name="model">The model.</param>
/// <param name="isCached">Whether keys and values of earlier steps are kept.</param>
public sealed class StepwiseTransformer(EncoderDecoder model, bool isCached = true) : IStepwiseModel
{
    private readonly EncoderDecoder _model = model ?? throw new ArgumentNullException(nameof(model));

    /// <summary>Whether keys and values of earlier steps are kept.</summary>
    public bool IsCached => isCached;

    /// <inheritdoc/>
    public long TargetVocabulary => _model.Configuration.TargetVocabulary;

    /// <inheritdoc/>
    public SpecialIds Special => _model.Configuration.Special;

    /// <inheritdoc/>
    public int? MaximumLength => (int)Math.Min(int.MaxValue, _model.Configuration.MaximumLength);

    /// <inheritdoc/>
    public IStepwiseState Begin(Tensor source, bool capturesAttention)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new State(_model, source, isCached, capturesAttention);
    }

    private sealed class State : IStepwiseState
    {
        private readonly EncoderDecoder _model;
        private readonly bool _wasTraining;
        private readonly bool _capturesAttention;
        private readonly DecoderCache? _cache;
        private EncodedSource _encoded;

        // The sentence of each row: rows of one sentence share what was read.
        private int[] _sentences;

        // All that was written, (rows, T); null where nothing was, or a cache remembers it.
        private Tensor? _written;

        public State(EncoderDecoder model, Tensor source, bool isCached, bool capturesAttention)
        {
            (_model, _wasTraining, _capturesAttention) = (model, model.training, capturesAttention);
            model.eval();
            try
            {
                using var scope = NewDisposeScope();
                using var off = no_grad();
                _encoded = Keep(model.Encode(source));
            }
            catch
            {
                model.train(_wasTraining);
                throw;
            }

            _sentences = [.. Enumerable.Range(0, (int)source.shape[0])];
            _cache = isCached ? model.CreateCache() : null;
        }

        public long Positions { get; private set; }

        public StepOutput Advance(IReadOnlyList<int> ids)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var target = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(1);                        // (rows, 1)
            if (_cache is null)
            {
                target = _written is null ? target : cat([_written, target], 1);                           // (rows, T)
                Remember(target.clone());
            }

            Positions += target.numel();
            if (!_capturesAttention)
            {
                return new(Last(_model.Decode(target, _encoded, _cache)).MoveToOuterDisposeScope());
            }

            Tensor? logits = null;
            var trace = AttentionTrace.Record(_model, () => logits = _model.Decode(target, _encoded, _cache));
            var maps = trace.Records.Where(record => record.Name.EndsWith(".cross_attention", StringComparison.Ordinal)).Select(record => Last(record.Weights, 2)).ToArray();   // each (rows, h, S)
            var attention = stack(maps, 1).MoveToOuterDisposeScope();                                      // (rows, L, h, S)
            foreach (var record in trace.Records)
            {
                record.Weights.Dispose();
                record.Scores.Dispose();
            }

            return new(Last(logits!).MoveToOuterDisposeScope(), attention);
        }

        public void Reorder(IReadOnlyList<int> rows)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var order = tensor(rows.Select(row => (long)row).ToArray());
            if (_written is not null)
            {
                Remember(_written.index_select(0, order));
            }

            int[] sentences = [.. rows.Select(row => _sentences[row])];
            if (sentences.AsSpan().SequenceEqual(_sentences))
            {
                foreach (var layer in _cache?.Layers ?? [])
                {
                    layer.Self.Reorder(order);
                }

                return;
            }

            _sentences = sentences;
            _cache?.Reorder(order);
            var old = _encoded;
            _encoded = Keep(old.Reorder(order));
            old.Dispose();
        }

        public void Dispose()
        {
            _cache?.Dispose();
            _encoded.Dispose();
            _written?.Dispose();
            _model.train(_wasTraining);
        }

        // What belongs to the last word: (rows, T, V) to (rows, V).
        private static Tensor Last(Tensor values, long dimension = 1) => values.select(dimension, values.shape[dimension] - 1).contiguous();

        private void Remember(Tensor written)
        {
            _written?.Dispose();
            _written = written.DetachFromDisposeScope();
        }

        private static EncodedSource Keep(EncodedSource encoded)
        {
            encoded.Memory.DetachFromDisposeScope();
            encoded.Mask.Values.DetachFromDisposeScope();
            return encoded;
        }
    }
}
