using TorchSharp;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>One batch being decoded: checks what is given, asks the model step by step, counts, and puts answers together. Which words are taken is for greedy decoding, beam search and sampling to say.</summary>
internal sealed class DecodingRun : IDisposable
{
    // Words beyond the source's length that the paper allows.
    private const int Extra = 50;

    private readonly IStepwiseModel _model;
    private readonly DecodingOptions _options;
    private readonly IStepwiseState _state;
    private readonly int[] _sourceLengths;
    private readonly List<Tensor?> _attention = [];
    private readonly DisposeScope _scope = NewDisposeScope();

    // The sentence of each row.
    private int[] _sentences;

    public DecodingRun(IStepwiseModel model, Tensor source, DecodingOptions options)
    {
        (_model, _options) = (model, options);
        try
        {
            _sourceLengths = Lengths(source, model);
            Limits = [.. _sourceLengths.Select(length => Math.Min(options.MaximumLength ?? length + Extra, model.MaximumLength ?? int.MaxValue))];
            _sentences = [.. Enumerable.Range(0, _sourceLengths.Length)];
            _state = model.Begin(source, options.CapturesAttention);
        }
        catch
        {
            _scope.Dispose();
            throw;
        }
    }

    /// <summary>How many ids each sentence may have.</summary>
    public IReadOnlyList<int> Limits { get; }

    /// <summary>How many steps were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Gives each row its next id and learns what could follow.</summary>
    public StepScores Next(IReadOnlyList<int> ids)
    {
        using var step = NewDisposeScope();
        var output = _state.Advance(ids);
        var scores = new StepScores(output.Logits, _sentences.Length, _model, Steps, row => _sentences[row]);
        _attention.Add(output.Attention?.MoveToOuterDisposeScope());
        Steps++;
        return scores;
    }

    /// <summary>Goes on with these rows.</summary>
    public void Select(IReadOnlyList<int> rows)
    {
        if (rows.Count == _sentences.Length && rows.Select((row, place) => row == place).All(isSame => isSame))
        {
            return;
        }

        _sentences = [.. rows.Select(row => _sentences[row])];
        if (rows.Count > 0)
        {
            using var scope = NewDisposeScope();
            _state.Reorder(rows);
        }
    }

    /// <summary>A hypothesis as an answer.</summary>
    /// <param name="last">Its last word.</param>
    /// <param name="sentence">Which sentence it answers.</param>
    /// <param name="score">What it is ranked by.</param>
    public DecodedSequence Answer(Hypothesis last, int sentence, double score)
    {
        var words = last.Words();
        var isFinished = last.Written.Id == _model.Special.End;
        return new(
            [.. words.Take(isFinished ? words.Count - 1 : words.Count).Select(word => word.Written.Id)],
            last.LogProbability,
            score,
            isFinished,
            [.. words.Select(word => new DecodedStep(word.Written, word.Candidates))],
            Attention(words, sentence)?.MoveToOuterDisposeScope());
    }

    public DecodedBatch Batch(IReadOnlyList<IReadOnlyList<DecodedSequence>> answers) => new(answers, EncoderCalls: 1, Steps, _state.Positions);

    public void Dispose()
    {
        _state.Dispose();
        _scope.Dispose();
    }

    // Each step's maps (L, h, S) beside each other: (L, h, T, S).
    private Tensor? Attention(List<Hypothesis> words, int sentence)
    {
        if (_attention[0] is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var steps = words.Select((word, step) => _attention[step]![word.Row]).ToArray();
        return stack(steps, 2).narrow(3, 0, _sourceLengths[sentence]).contiguous().MoveToOuterDisposeScope();
    }

    private static int[] Lengths(Tensor source, IStepwiseModel model)
    {
        if (source.ndim != 2 || source.dtype != ScalarType.Int64 || source.numel() == 0)
        {
            throw new ArgumentException($"The sentences to read are Int64 ids (B, S), at least one of at least one word; this tensor is {source.dtype} of shape {MaskChecks.Text(source.shape)}.", nameof(source));
        }

        model.Special.Validate();
        if (model.TargetVocabulary <= Math.Max(model.Special.Begin, model.Special.End))
        {
            throw new ArgumentException($"Begin is {model.Special.Begin} and end {model.Special.End}, but the model writes ids from 0 to {model.TargetVocabulary - 1}.", nameof(model));
        }

        var ids = source.contiguous().data<long>().ToArray();
        return [.. ids.Chunk((int)source.shape[1]).Select((row, sentence) =>
        {
            var length = Array.IndexOf(row, model.Special.Padding);
            length = length < 0 ? row.Length : length;
            if (length == 0 || row.AsSpan(length).ContainsAnyExcept(model.Special.Padding))
            {
                throw new ArgumentException($"Sentence {sentence} {(length == 0 ? "begins with padding: there is nothing to read" : $"has padding at {length} and words behind it; padding stands behind the words")}.", nameof(source));
            }

            return length;
        })];
    }
}
