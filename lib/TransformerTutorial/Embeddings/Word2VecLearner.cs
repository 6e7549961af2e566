using System.Runtime.CompilerServices;

namespace TransformerTutorial.Embeddings;

/// <summary>Takes the steps: descends the gradient of chosen examples, one after the other. Without the type of its lanes, for those who drive it.</summary>
internal abstract class Word2VecLearner : IDisposable
{
    /// <summary>Learns from one block.</summary>
    /// <returns>The sum of its examples' losses, in nats.</returns>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public abstract double Learn(ExampleBlock examples, CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class Word2VecLearner<TLanes> : Word2VecLearner
    where TLanes : struct, ILanes<TLanes>
{
    // How many examples ahead rows are asked for, so that they are on their way from memory while others are worked on.
    private const int Ahead = 4;

    private readonly Word2VecOptions _options;
    private readonly HuffmanTree? _tree;
    private readonly Action<Word2VecExample>? _examples;
    private readonly float* _input;
    private readonly float* _output;
    private readonly int _stride;

    // Working memory: the hidden vector of CBOW, how far it should move, an example's scores, by how much its rows are moved along the hidden vector, and whether each is right (+1) or wrong (-1).
    private readonly VectorRows _memory;
    private readonly float* _hidden;
    private readonly float* _gradient;
    private readonly float* _scores;
    private readonly float* _coefficients;
    private readonly float* _signs;

    // All output rows, for a full softmax.
    private readonly int[] _all = [];
    private Logistic _logistic = new();

    public Word2VecLearner(Word2VecParameters parameters, Word2VecSettings settings, Action<Word2VecExample>? examples)
    {
        (_options, _tree, _examples) = (settings.Options, settings.Tree, examples);
        _input = parameters.Input.Data;
        _output = parameters.Output.Data;
        _stride = parameters.Input.Stride;
        var rows = settings.MostChosenRows;
        if (_options.Objective == Word2VecObjective.FullSoftmax)
        {
            rows = parameters.Output.Rows;
            _all = GC.AllocateUninitializedArray<int>(rows, pinned: true);
            for (var row = 0; row < rows; row++)
            {
                _all[row] = row;
            }
        }

        // Loops go over groups of four and may read and write behind the end.
        _memory = new VectorRows(5, Math.Max(_stride, rows + 4));
        _hidden = _memory.Data;
        _gradient = _hidden + _memory.Stride;
        _scores = _gradient + _memory.Stride;
        _coefficients = _scores + _memory.Stride;
        _signs = _coefficients + _memory.Stride;
        for (var row = 0; row < rows; row++)
        {
            _signs[row] = row == 0 ? 1 : -1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double Learn(ExampleBlock examples, CancellationToken cancellationToken)
    {
        var ahead = examples.First;
        for (var i = 0L; i < Math.Min(Ahead, examples.Count); i++)
        {
            ahead = Prefetch(ahead);
        }

        var example = examples.First;
        for (var i = 0L; i < examples.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i + Ahead < examples.Count)
            {
                ahead = Prefetch(ahead);
            }

            Step(example);
            example = example.Next;
        }

        return _logistic.TakeLoss();
    }

    public override void Dispose() => _memory.Dispose();

    /// <summary>Asks the memory for an example's rows, and goes on to the next one.</summary>
    private ExampleBlock.Example Prefetch(ExampleBlock.Example example)
    {
        Word2VecKernels<TLanes>.Prefetch(_input, example.Inputs, example.InputCount, _stride);
        Word2VecKernels<TLanes>.Prefetch(_output, example.Rows, example.RowCount, _stride);
        return example.Next;
    }

    /// <summary>Moves an example's output rows and its input vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ExampleBlock.Example example)
    {
        var (rows, count) = ((nint)example.Rows, example.RowCount);
        if (_all.Length > 0)
        {
            (rows, count) = ((nint)Unsafe.AsPointer(ref _all[0]), _all.Length);
        }

        _examples?.Invoke(new Word2VecExample(
            new Span<int>(example.Inputs, example.InputCount).ToArray(), example.Target, _options.Objective == Word2VecObjective.NegativeSampling ? new Span<int>(example.Rows + 1, count - 1).ToArray() : [], example.Rate));
        var hidden = _hidden;
        var inputScale = 1f;
        if (_options.Architecture == Word2VecArchitecture.SkipGram)
        {
            hidden = _input + ((nint)example.Inputs[0] * _stride);
        }
        else
        {
            var isMean = _options.ContextCombination == ContextCombination.Mean;
            Word2VecKernels<TLanes>.Gather(_input, example.Inputs, example.InputCount, isMean ? 1f / example.InputCount : 1, _stride, _hidden);
            inputScale = isMean && _options.IsMeanGradientExact ? 1f / example.InputCount : 1;
        }

        Word2VecKernels<TLanes>.Score(hidden, _output, (int*)rows, count, _stride, _scores);
        if (_options.Objective == Word2VecObjective.FullSoftmax)
        {
            _logistic.SoftmaxStep(_scores, count, example.Target, example.Rate, _coefficients);
        }
        else
        {
            if (_tree is not null)
            {
                var code = _tree.CodeSpan(example.Target);
                for (var i = 0; i < code.Length; i++)
                {
                    _signs[i] = code[i] ? -1 : 1;
                }
            }

            _logistic.Step(_scores, _signs, count, example.Rate, _coefficients);
        }

        Word2VecKernels<TLanes>.Update(hidden, _output, (int*)rows, _coefficients, count, _stride, _gradient);
        Word2VecKernels<TLanes>.Scatter(_gradient, inputScale, _input, example.Inputs, example.InputCount, _stride);
    }
}
