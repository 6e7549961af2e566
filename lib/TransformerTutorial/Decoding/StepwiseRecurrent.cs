using TransformerTutorial.Attention;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>A recurrent encoder-decoder, word by word. Its state is all that it keeps, so every step costs the same.</summary>
/// <param name="model">The model. Sources are words and end, as for a Transformer, with padding behind them.</param>
/// <param name="special">The ids that stand for no word; null for the usual ones.</param>
public sealed class StepwiseRecurrent(RecurrentSeq2Seq model, SpecialIds? special = null) : IStepwiseModel
{
    private readonly RecurrentSeq2Seq _model = model ?? throw new ArgumentNullException(nameof(model));

    /// <inheritdoc/>
    public long TargetVocabulary => _model.Options.TargetVocabulary;

    /// <inheritdoc/>
    public SpecialIds Special { get; } = special ?? new();

    /// <inheritdoc/>
    public int? MaximumLength => null;

    /// <inheritdoc/>
    public IStepwiseState Begin(Tensor source, bool capturesAttention)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new State(_model, source, Special, capturesAttention);
    }

    private sealed class State : IStepwiseState
    {
        private readonly RecurrentSeq2Seq _model;
        private readonly bool _wasTraining;
        private readonly bool _capturesAttention;
        private RecurrentSeq2Seq.Reading _reading;

        public State(RecurrentSeq2Seq model, Tensor source, SpecialIds special, bool capturesAttention)
        {
            (_model, _wasTraining, _capturesAttention) = (model, model.training, capturesAttention);
            model.eval();
            try
            {
                using var scope = NewDisposeScope();
                using var off = no_grad();
                var lengths = source.ne(special.Padding).sum(1).data<long>().ToArray();
                _reading = Map(model.Read(source, [.. lengths.Select(length => (int)length)]), tensor => tensor.clone().DetachFromDisposeScope());
            }
            catch
            {
                model.train(_wasTraining);
                throw;
            }
        }

        public long Positions { get; private set; }

        public StepOutput Advance(IReadOnlyList<int> ids)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var word = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(1);                               // (rows, 1)
            var (scores, state, weights) = _model.Write(word, _reading, _reading.State);                        // (rows, 1, V)
            Positions += ids.Count;
            Replace(_reading with { State = state.Map(tensor => tensor.clone().DetachFromDisposeScope()) }, _reading.State);
            return new(
                scores.squeeze(1).MoveToOuterDisposeScope(),
                _capturesAttention ? weights?.unsqueeze(1).MoveToOuterDisposeScope() : null);                   // (rows, 1 layer, 1 head, S)
        }

        public void Reorder(IReadOnlyList<int> rows)
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var order = tensor(rows.Select(row => (long)row).ToArray());
            var old = _reading;
            var state = old.State.Map(tensor => tensor.index_select(1, order).DetachFromDisposeScope());        // (layers, rows, h)
            _reading = Map(old with { State = state }, tensor => tensor.index_select(0, order).DetachFromDisposeScope(), mapsState: false);
            Dispose(old);
        }

        public void Dispose()
        {
            Dispose(_reading);
            _model.train(_wasTraining);
        }

        private void Replace(RecurrentSeq2Seq.Reading next, RecurrentState old)
        {
            _reading = next;
            old.Hidden.Dispose();
            old.Memory?.Dispose();
        }

        private static RecurrentSeq2Seq.Reading Map(RecurrentSeq2Seq.Reading reading, Func<Tensor, Tensor> change, bool mapsState = true) => new(
            change(reading.States),
            mapsState ? reading.State.Map(change) : reading.State,
            reading.Keys is null ? null : change(reading.Keys),
            reading.Mask is null ? null : new AllowedMask(change(reading.Mask.Values)));

        private static void Dispose(RecurrentSeq2Seq.Reading reading)
        {
            reading.States.Dispose();
            reading.State.Hidden.Dispose();
            reading.State.Memory?.Dispose();
            reading.Keys?.Dispose();
            reading.Mask?.Values.Dispose();
        }
    }
}
