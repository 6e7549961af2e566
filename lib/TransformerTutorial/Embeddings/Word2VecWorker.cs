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

    // Working memory: the hidden vector of CBOW, how far it should move, an example's scores, and by how much its rows are moved along the hidden vector.
    private readonly VectorRows _memory;
    private readonly float* _hidden;
    private readonly float* _gradient;
    private readonly float* _scores;
    private readonly float* _coefficients;

    // The words around the middle one, and for each of them as a target (CBOW: for the middle word alone, in the first place) the output rows and whether each is right (+1) or wrong (-1).
    private readonly int[] _around;
    private readonly int[] _rowArray;
    private readonly float[] _signArray;
    private readonly int[] _counts;
    private readonly int* _context;
    private readonly int* _rows;
    private readonly float* _signs;
    private readonly int _places;
    private int[] _sentence = new int[1024];
    private Logistic _logistic = new();

    public Word2VecWorker(Word2VecParameters parameters, Word2VecSettings settings, Action<Word2VecExample>? examples)
    {
        (_options, _settings, _examples) = (settings.Options, settings, examples);
        _input = parameters.Input.Data;
        _output = parameters.Output.Data;
        _stride = parameters.Input.Stride;
        var (largest, isShared) = _options.Objective switch
        {
            Word2VecObjective.NegativeSampling => (_options.NegativeSamples + 1, false),
            Word2VecObjective.HierarchicalSoftmax => (settings.LongestPath, false),
            _ => (parameters.Output.Rows, true),
        };
        _memory = new VectorRows(4, Math.Max(_stride, largest));
        _hidden = _memory.Data;
        _gradient = _hidden + _memory.Stride;
        _scores = _gradient + _memory.Stride;
        _coefficients = _scores + _memory.Stride;

        // A full softmax has the same rows for every target.
        _places = isShared ? 0 : largest;
        var examplesAtOnce = isShared || _options.Architecture == Word2VecArchitecture.Cbow ? 1 : 2 * _options.Window;
        _around = GC.AllocateArray<int>(2 * _options.Window, pinned: true);
        _counts = new int[2 * _options.Window];
        _rowArray = GC.AllocateArray<int>(examplesAtOnce * largest, pinned: true);
        _signArray = GC.AllocateArray<float>((examplesAtOnce * largest) + 4, pinned: true);
        _context = (int*)Unsafe.AsPointer(ref _around[0]);
        _rows = (int*)Unsafe.AsPointer(ref _rowArray[0]);
        _signs = (float*)Unsafe.AsPointer(ref _signArray[0]);
        for (var i = 0; i < _rowArray.Length; i++)
        {
            _rowArray[i] = i;
            _signArray[i] = i % largest == 0 ? 1 : -1;
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
                var end = Math.Min(length, position + reach + 1);
                var count = 0;
                for (var place = Math.Max(0, position - reach); place < end; place++)
                {
                    if (place != position)
                    {
                        _context[count++] = _sentence[place];
                    }
                }

                if (_options.Architecture == Word2VecArchitecture.SkipGram)
                {
                    SkipGram(_sentence[position], count, rate, ref random);
                }
                else if (count > 0)
                {
                    Cbow(_sentence[position], count, rate, ref random);
                }
            }
        }

        Loss = _logistic.TakeLoss();
    }

    public override void Dispose() => _memory.Dispose();

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

    /// <summary>Predicts one word from each of the words around, whose middle words they are in turn.</summary>
    private void SkipGram(int target, int count, float rate, ref Word2VecRandom random)
    {
        // Rows are chosen first, so that those of the next pair can be on their way while one pair is worked on.
        for (var pair = 0; pair < count; pair++)
        {
            ChooseRows(pair, target, ref random);
        }

        for (var pair = 0; pair < count; pair++)
        {
            if (pair + 1 < count)
            {
                PrefetchRows(pair + 1);
            }

            var middle = _context + pair;
            Predict(pair, _input + ((nint)(*middle) * _stride), new ReadOnlySpan<int>(middle, 1), target, rate);
            Word2VecKernels<TLanes>.Scatter(_gradient, 1, _input, middle, 1, _stride);
        }
    }

    /// <summary>Predicts the middle word from all words around.</summary>
    private void Cbow(int middle, int count, float rate, ref Word2VecRandom random)
    {
        ChooseRows(0, middle, ref random);
        PrefetchRows(0);
        var isMean = _options.ContextCombination == ContextCombination.Mean;
        Word2VecKernels<TLanes>.Gather(_input, _context, count, isMean ? 1f / count : 1, _stride, _hidden);
        Predict(0, _hidden, new ReadOnlySpan<int>(_context, count), middle, rate);
        Word2VecKernels<TLanes>.Scatter(_gradient, isMean && _options.IsMeanGradientExact ? 1f / count : 1, _input, _context, count, _stride);
    }

    /// <summary>Moves the output rows of one prediction and leaves in the gradient how far the hidden vector should move.</summary>
    private void Predict(int example, float* hidden, ReadOnlySpan<int> inputs, int target, float rate)
    {
        var count = _counts[example];
        var rows = _rows + (example * _places);
        _examples?.Invoke(new Word2VecExample(inputs.ToArray(), target, _options.Objective == Word2VecObjective.NegativeSampling ? new Span<int>(rows + 1, count - 1).ToArray() : [], rate));
        Examples++;
        Word2VecKernels<TLanes>.Score(hidden, _output, rows, count, _stride, _scores);
        if (_options.Objective == Word2VecObjective.FullSoftmax)
        {
            _logistic.SoftmaxStep(_scores, count, target, rate, _coefficients);
        }
        else
        {
            _logistic.Step(_scores, _signs + (example * _places), count, rate, _coefficients);
        }

        Word2VecKernels<TLanes>.Update(hidden, _output, rows, _coefficients, count, _stride, _gradient);
    }

    private void ChooseRows(int example, int target, ref Word2VecRandom random)
    {
        var rows = _rows + (example * _places);
        var signs = _signs + (example * _places);
        var count = 1;
        switch (_options.Objective)
        {
            case Word2VecObjective.NegativeSampling:
                rows[0] = target;
                for (var i = 0; i < _options.NegativeSamples; i++)
                {
                    // A draw that hits the target is dropped.
                    rows[count] = _settings.Sampler!.Draw(ref random);
                    count += rows[count] == target ? 0 : 1;
                }

                break;
            case Word2VecObjective.HierarchicalSoftmax:
                var path = _settings.Tree!.PathSpan(target);
                var code = _settings.Tree.CodeSpan(target);
                for (count = 0; count < path.Length; count++)
                {
                    rows[count] = path[count];
                    signs[count] = code[count] ? -1 : 1;
                }

                break;
            default:
                count = _rowArray.Length;
                break;
        }

        _counts[example] = count;
    }

    private void PrefetchRows(int example)
    {
        if (_options.Objective == Word2VecObjective.NegativeSampling)
        {
            Word2VecKernels<TLanes>.Prefetch(_output, _rows + (example * _places), _counts[example], _stride);
        }
    }
}
