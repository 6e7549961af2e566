using System.Runtime.CompilerServices;

namespace TransformerTutorial.Embeddings;

/// <summary>What one thread keeps and does: takes a block of sentences and descends the gradient, example by example. Without the type of its lanes, for those who drive it.</summary>
internal abstract class Word2VecWorker : IDisposable
{
    /// <summary>The sum of the losses of the block that was trained last, in nats.</summary>
    public double Loss { get; protected set; }

    /// <summary>How many examples that block had.</summary>
    public long Examples { get; protected set; }

    /// <summary>Whether any sentence so far had two words, so that one could be predicted from the other.</summary>
    public bool HasSeenPair { get; protected set; }

    /// <summary>Trains on one block.</summary>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public abstract void Train(SentenceBlock block, int epoch, CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class Word2VecWorker<TLanes> : Word2VecWorker
    where TLanes : struct, ILanes<TLanes>
{
    private readonly Word2VecOptions _options;
    private readonly Word2VecSettings _settings;
    private readonly Action<Word2VecExample>? _examples;
    private readonly float* _input;
    private readonly float* _output;
    private readonly int _stride;

    // Row 0 is the hidden vector, row 1 its gradient.
    private readonly VectorRows _vectors;
    private readonly VectorRows _numbers;
    private readonly float* _hidden;
    private readonly float* _gradient;
    private readonly float* _scores;
    private readonly float* _coefficients;
    private readonly float* _signs;
    private readonly int[] _rowArray;
    private readonly int* _rows;
    private readonly int[] _contextArray;
    private readonly int* _context;
    private int[] _sentence = new int[1024];
    private Logistic _logistic = new();

    public Word2VecWorker(Word2VecParameters parameters, Word2VecSettings settings, Action<Word2VecExample>? examples)
    {
        (_options, _settings, _examples) = (settings.Options, settings, examples);
        _input = parameters.Input.Data;
        _output = parameters.Output.Data;
        _stride = parameters.Input.Stride;
        var largest = _options.Objective switch
        {
            Word2VecObjective.NegativeSampling => _options.NegativeSamples + 1,
            Word2VecObjective.HierarchicalSoftmax => settings.LongestPath,
            _ => parameters.Output.Rows,
        };
        _vectors = new VectorRows(2, _stride);
        _hidden = _vectors.Data;
        _gradient = _vectors.Data + _stride;
        _numbers = new VectorRows(3, largest);
        _scores = _numbers.Data;
        _coefficients = _numbers.Data + _numbers.Stride;
        _signs = _numbers.Data + (2 * _numbers.Stride);
        _rowArray = GC.AllocateArray<int>(largest, pinned: true);
        _rows = (int*)Unsafe.AsPointer(ref _rowArray[0]);
        _contextArray = GC.AllocateArray<int>(2 * _options.Window, pinned: true);
        _context = (int*)Unsafe.AsPointer(ref _contextArray[0]);
        for (var i = 0; i < largest; i++)
        {
            _rows[i] = i;
            _signs[i] = i == 0 ? 1 : -1;
        }
    }

    public override void Train(SentenceBlock block, int epoch, CancellationToken cancellationToken)
    {
        var random = new Word2VecRandom(_options.Seed, epoch, block.Number);
        Examples = 0;
        for (var i = 0; i < block.Sentences; i++)
        {
            var ids = block.Sentence(i, out var wordsBefore);
            HasSeenPair |= ids.Length > 1;
            var rate = _settings.Rate(epoch, block.WordsBefore + wordsBefore);
            var length = Subsample(ids, ref random);
            for (var position = 0; position < length; position++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var reach = _options.IsWindowDynamic ? 1 + random.Below(_options.Window) : _options.Window;
                var start = Math.Max(0, position - reach);
                var end = Math.Min(length, position + reach + 1);
                if (_options.Architecture == Word2VecArchitecture.SkipGram)
                {
                    SkipGram(position, start, end, rate, ref random);
                }
                else if (end - start > 1)
                {
                    Cbow(position, start, end, rate, ref random);
                }
            }
        }

        Loss = _logistic.TakeLoss();
    }

    public override void Dispose()
    {
        _vectors.Dispose();
        _numbers.Dispose();
    }

    /// <summary>Copies the words that are kept and returns how many they are.</summary>
    private int Subsample(ReadOnlySpan<int> ids, ref Word2VecRandom random)
    {
        if (_sentence.Length < ids.Length)
        {
            _sentence = new int[ids.Length];
        }

        var thresholds = _settings.KeepThresholds;
        var length = 0;
        foreach (var id in ids)
        {
            if (thresholds is null || thresholds[id] > uint.MaxValue || random.Next() < thresholds[id])
            {
                _sentence[length++] = id;
            }
        }

        return length;
    }

    private void SkipGram(int position, int start, int end, float rate, ref Word2VecRandom random)
    {
        var middle = _sentence[position];
        var hidden = _input + ((nint)middle * _stride);
        for (var place = start; place < end; place++)
        {
            if (place != position)
            {
                Predict(hidden, [middle], _sentence[place], rate, ref random);
                _context[0] = middle;
                Word2VecKernels<TLanes>.Scatter(_gradient, 1, _input, _context, 1, _stride);
            }
        }
    }

    private void Cbow(int position, int start, int end, float rate, ref Word2VecRandom random)
    {
        var count = 0;
        for (var place = start; place < end; place++)
        {
            if (place != position)
            {
                _context[count++] = _sentence[place];
            }
        }

        var isMean = _options.ContextCombination == ContextCombination.Mean;
        Word2VecKernels<TLanes>.Gather(_input, _context, count, isMean ? 1f / count : 1, _stride, _hidden);
        Predict(_hidden, new ReadOnlySpan<int>(_context, count), _sentence[position], rate, ref random);
        Word2VecKernels<TLanes>.Scatter(_gradient, isMean && _options.IsMeanGradientExact ? 1f / count : 1, _input, _context, count, _stride);
    }

    /// <summary>Moves the output rows and leaves in the gradient how far the hidden vector should move.</summary>
    private void Predict(float* hidden, ReadOnlySpan<int> inputs, int target, float rate, ref Word2VecRandom random)
    {
        var count = _options.Objective switch
        {
            Word2VecObjective.NegativeSampling => DrawNegatives(target, ref random),
            Word2VecObjective.HierarchicalSoftmax => FollowPath(target),
            _ => _rowArray.Length,
        };
        _examples?.Invoke(new Word2VecExample(inputs.ToArray(), target, _options.Objective == Word2VecObjective.NegativeSampling ? _rowArray[1..count] : [], rate));
        Examples++;
        Word2VecKernels<TLanes>.Score(hidden, _output, _rows, count, _stride, _scores);
        if (_options.Objective == Word2VecObjective.FullSoftmax)
        {
            _logistic.SoftmaxStep(_scores, count, target, rate);
            Word2VecKernels<TLanes>.Update(hidden, _output, _rows, _scores, count, _stride, _gradient);
        }
        else
        {
            _logistic.Step(_scores, _signs, count, rate, _coefficients);
            Word2VecKernels<TLanes>.Update(hidden, _output, _rows, _coefficients, count, _stride, _gradient);
        }
    }

    private int DrawNegatives(int target, ref Word2VecRandom random)
    {
        var count = 1;
        _rows[0] = target;
        for (var i = 0; i < _options.NegativeSamples; i++)
        {
            var drawn = _settings.Sampler!.Draw(ref random);
            _rows[count] = drawn;
            count += drawn == target ? 0 : 1;
        }

        return count;
    }

    private int FollowPath(int target)
    {
        var path = _settings.Tree!.Path(target);
        var code = _settings.Tree.Code(target);
        for (var i = 0; i < path.Length; i++)
        {
            _rows[i] = path[i];
            _signs[i] = code[i] ? -1 : 1;
        }

        return path.Length;
    }
}
