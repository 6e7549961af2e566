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
/// <remarks>While it trains, a worker writes to its own stack and its own <see cref="VectorRows"/>, and to the model: not, example by example, to objects on the collected heap, where another
/// worker's may lie in the same cache line, which two cores would then take from each other every time.
/// The innermost methods, here and in what they call, are optimised when they are first called: a training of a second would otherwise spend much of it in code that isn't yet.</remarks>
internal sealed unsafe class Word2VecWorker<TLanes> : Word2VecWorker
    where TLanes : struct, ILanes<TLanes>
{
    private readonly Word2VecOptions _options;
    private readonly Word2VecSettings _settings;
    private readonly Action<Word2VecExample>? _examples;
    private readonly float* _input;
    private readonly float* _output;
    private readonly int _stride;

    // How many examples are chosen before the first of them is worked on, so that its rows are on their way from memory, or from another core, in the meantime.
    private const int Ahead = 4;

    // Working memory: the hidden vector of CBOW, how far it should move, an example's scores, and by how much its rows are moved along the hidden vector.
    private readonly VectorRows _memory;
    private readonly float* _hidden;
    private readonly float* _gradient;
    private readonly float* _scores;
    private readonly float* _coefficients;

    // Examples that are chosen and not yet worked on, in a ring.
    private readonly Example* _ring;
    private int[] _sentence = new int[1024];

    public Word2VecWorker(Word2VecParameters parameters, Word2VecSettings settings, Action<Word2VecExample>? examples)
    {
        (_options, _settings, _examples) = (settings.Options, settings, examples);
        _input = parameters.Input.Data;
        _output = parameters.Output.Data;
        _stride = parameters.Input.Stride;
        var isSoftmax = _options.Objective == Word2VecObjective.FullSoftmax;
        var mostRows = _options.Objective switch
        {
            Word2VecObjective.NegativeSampling => _options.NegativeSamples + 1,
            Word2VecObjective.HierarchicalSoftmax => settings.LongestPath,
            _ => parameters.Output.Rows,
        };
        var mostInputs = _options.Architecture == Word2VecArchitecture.SkipGram ? 1 : 2 * _options.Window;

        // A full softmax has the same rows for every example.
        var ringRows = isSoftmax ? 1 : Ahead;
        _memory = new VectorRows(1, checked((2 * _stride) + (2 * Place(mostRows)) + Place(Ahead * sizeof(Example) / sizeof(float)) + (Ahead * Place(mostInputs)) + (2 * ringRows * Place(mostRows))));
        var free = _memory.Data;
        _hidden = Take(_stride);
        _gradient = Take(_stride);
        _scores = Take(Place(mostRows));
        _coefficients = Take(Place(mostRows));
        _ring = (Example*)Take(Place(Ahead * sizeof(Example) / sizeof(float)));
        for (var i = 0; i < Ahead; i++)
        {
            _ring[i].Inputs = (int*)Take(Place(mostInputs));
            _ring[i].Rows = isSoftmax && i > 0 ? _ring[0].Rows : (int*)Take(Place(mostRows));
            _ring[i].Signs = isSoftmax && i > 0 ? _ring[0].Signs : Take(Place(mostRows));
            _ring[i].RowCount = mostRows;
            for (var row = 0; row < mostRows; row++)
            {
                _ring[i].Rows[row] = row;
                _ring[i].Signs[row] = row == 0 ? 1 : -1;
            }
        }

        // Loops go over groups of four and may read and write behind the end.
        static int Place(int count) => VectorRows.StrideOf(count + 4);

        float* Take(int count)
        {
            var taken = free;
            free += count;
            return taken;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Train(SentenceBlock block, int epoch, CancellationToken cancellationToken)
    {
        var run = new Run();
        var hasSeenPair = false;
        for (var i = 0; i < block.Sentences; i++)
        {
            var ids = block.Sentence(i, out var wordsBefore);
            run.Random = new Word2VecRandom(_options.Seed, epoch, block.SentencesBefore + i);
            hasSeenPair |= ids.Length > 1;
            var rate = _settings.Rate(epoch, block.WordsBefore + wordsBefore);
            var length = Subsample(ids, ref run.Random);
            for (var position = 0; position < length; position++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var reach = _options.IsWindowDynamic ? 1 + run.Random.Below(_options.Window) : _options.Window;
                var (first, end) = (Math.Max(0, position - reach), Math.Min(length, position + reach + 1));
                if (_options.Architecture == Word2VecArchitecture.SkipGram)
                {
                    // The word is predicted from each of the words around.
                    for (var place = first; place < end; place++)
                    {
                        if (place != position)
                        {
                            ref var pair = ref Next(ref run);
                            (pair.Inputs[0], pair.InputCount) = (_sentence[place], 1);
                            Choose(ref pair, _sentence[position], rate, ref run);
                        }
                    }
                }
                else if (end - first > 1)
                {
                    // From all of them at once.
                    ref var example = ref Next(ref run);
                    example.InputCount = 0;
                    for (var place = first; place < end; place++)
                    {
                        if (place != position)
                        {
                            example.Inputs[example.InputCount++] = _sentence[place];
                        }
                    }

                    Choose(ref example, _sentence[position], rate, ref run);
                }
            }
        }

        for (var done = Math.Max(0, run.Chosen - Ahead); done < run.Chosen; done++)
        {
            Step(ref _ring[done % Ahead], ref run);
        }

        (Loss, Examples) = (run.Logistic.TakeLoss(), run.Chosen);
        HasSeenPair |= hasSeenPair;
    }

    public override void Dispose() => _memory.Dispose();

    /// <summary>Copies the words that are kept and returns how many they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    /// <summary>A free place for one more example. If there is none, the oldest is worked on first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ref Example Next(ref Run run)
    {
        ref var example = ref _ring[run.Chosen % Ahead];
        if (run.Chosen >= Ahead)
        {
            Step(ref example, ref run);
        }

        run.Chosen++;
        return ref example;
    }

    /// <summary>Chooses the output rows of an example whose inputs are there, and asks the memory for all of its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Choose(ref Example example, int target, float rate, ref Run run)
    {
        (example.Target, example.Rate) = (target, rate);
        switch (_options.Objective)
        {
            case Word2VecObjective.NegativeSampling:
                example.Rows[0] = target;
                var count = 1;
                for (var i = 0; i < _options.NegativeSamples; i++)
                {
                    // A draw that hits the target is dropped.
                    var row = _settings.Sampler!.Draw(ref run.Random);
                    example.Rows[count] = row;
                    count += row == target ? 0 : 1;
                }

                example.RowCount = count;
                break;
            case Word2VecObjective.HierarchicalSoftmax:
                var path = _settings.Tree!.PathSpan(target);
                var code = _settings.Tree.CodeSpan(target);
                for (var i = 0; i < path.Length; i++)
                {
                    example.Rows[i] = path[i];
                    example.Signs[i] = code[i] ? -1 : 1;
                }

                example.RowCount = path.Length;
                break;
            default:
                return;
        }

        Word2VecKernels<TLanes>.Prefetch(_input, example.Inputs, example.InputCount, _stride);
        Word2VecKernels<TLanes>.Prefetch(_output, example.Rows, example.RowCount, _stride);
    }

    /// <summary>Takes an example's step: moves its output rows and its input vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ref Example example, ref Run run)
    {
        var rows = example.Rows;
        var count = example.RowCount;
        _examples?.Invoke(new Word2VecExample(
            new Span<int>(example.Inputs, example.InputCount).ToArray(), example.Target, _options.Objective == Word2VecObjective.NegativeSampling ? new Span<int>(rows + 1, count - 1).ToArray() : [], example.Rate));
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

        Word2VecKernels<TLanes>.Score(hidden, _output, rows, count, _stride, _scores);
        if (_options.Objective == Word2VecObjective.FullSoftmax)
        {
            run.Logistic.SoftmaxStep(_scores, count, example.Target, example.Rate, _coefficients);
        }
        else
        {
            run.Logistic.Step(_scores, example.Signs, count, example.Rate, _coefficients);
        }

        Word2VecKernels<TLanes>.Update(hidden, _output, rows, _coefficients, count, _stride, _gradient);
        Word2VecKernels<TLanes>.Scatter(_gradient, inputScale, _input, example.Inputs, example.InputCount, _stride);
    }

    /// <summary>A prediction: from which words, which word, and with which output rows, each right (+1) or wrong (-1).</summary>
    private struct Example
    {
        public int Target;
        public float Rate;
        public int InputCount;
        public int RowCount;
        public int* Inputs;
        public int* Rows;
        public float* Signs;
    }

    /// <summary>What changes from example to example of a block and is not a vector.</summary>
    private struct Run()
    {
        public Word2VecRandom Random;
        public Logistic Logistic = new();
        public long Chosen;
    }
}
