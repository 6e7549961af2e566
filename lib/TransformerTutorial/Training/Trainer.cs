using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>
/// Moves a model's weights so that it writes what its corpus says: takes batches, compares, computes gradients, shortens them, lets Adam move. It measures the validation loss, stops when that no longer falls, keeps the
/// weights that were asked for, and can be saved and taken up again at any step with the same bits (<see cref="Checkpoint"/>). It knows nothing of the model but how to get scores from a batch.
/// </summary>
/// <remarks>
/// Dropout draws from the default generator: seed it (<c>manual_seed</c>) before the model is made, and a training has the same bits every time. Nothing else may draw from it meanwhile; measuring the validation loss doesn't.
/// </remarks>
/// <example>
/// <code>
/// using var trainer = new Trainer(model, batch => model.call(batch.Source, batch.Target), batches, new TrainingOptions { Steps = 1_000, LearningRate = LearningRate.Noam(128, 200) });
/// trainer.Run().Show()
/// </code>
/// </example>
public sealed class Trainer : IDisposable
{
    // How often the loss without smoothing is computed besides.
    private const int PlainInterval = 10;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(0.25);

    private readonly Func<TranslationBatch, Tensor> _logits;
    private readonly OptimizerHelper _optimizer;
    private readonly (string Name, Parameter Value)[] _parameters;

    private IReadOnlyList<IReadOnlyList<int>> _plan;
    private int _epoch;
    private int _nextBatch;

    // Copies of weights, by the parameters' names: the best ones, and those to train on with while the model has others.
    private Dictionary<string, Tensor>? _best;
    private Dictionary<string, Tensor>? _trained;

    /// <summary>Trains a model that is told how to get scores from a batch.</summary>
    /// <param name="model">The model; its parameters that want a gradient are moved, a shared one once.</param>
    /// <param name="logits">From a batch to the scores of each word at each place, (B, T, V).</param>
    /// <param name="batches">What to train on.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the model has no parameters.</exception>
    public Trainer(nn.Module model, Func<TranslationBatch, Tensor> logits, TranslationBatches batches, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Model, _logits, Batches, Options) = (model, logits, batches, options);
        _parameters = [.. model.named_parameters().DistinctBy(named => named.parameter, ReferenceEqualityComparer.Instance).Where(named => named.parameter.requires_grad).Select(named => (named.name, named.parameter))];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("The model has no parameters that want a gradient.", nameof(model));
        }

        _optimizer = NewOptimizer();
        _plan = batches.Plan(0);
    }

    /// <summary>Trains a Transformer.</summary>
    /// <inheritdoc cref="Trainer(nn.Module, Func{TranslationBatch, Tensor}, TranslationBatches, TrainingOptions)"/>
    /// <exception cref="ArgumentException">An option is out of its range, or a pair has ids that the model doesn't know or is too long for it, or padding, begin and end are other ids; the message says which.</exception>
    public Trainer(EncoderDecoder model, TranslationBatches batches, TrainingOptions options)
        : this(model, batch => model.call(batch.Source, batch.Target), batches, options)
    {
        var configuration = model.Configuration;
        foreach (var part in Parts())
        {
            part.RequireFits(configuration.SourceVocabulary, configuration.TargetVocabulary, configuration.MaximumLength);
            if (part.Special != configuration.Special)
            {
                throw new ArgumentException($"The batches were made with {part.Special}, the model with {configuration.Special}.", nameof(batches));
            }
        }
    }

    /// <summary>Trains a recurrent encoder-decoder.</summary>
    /// <inheritdoc cref="Trainer(nn.Module, Func{TranslationBatch, Tensor}, TranslationBatches, TrainingOptions)"/>
    /// <exception cref="ArgumentException">An option is out of its range, or a pair has ids that the model doesn't know; the message says which.</exception>
    public Trainer(RecurrentSeq2Seq model, TranslationBatches batches, TrainingOptions options)
        : this(model, batch => model.call(batch.Source, batch.SourceLengths, batch.Target), batches, options)
    {
        foreach (var part in Parts())
        {
            part.RequireFits(model.Options.SourceVocabulary, model.Options.TargetVocabulary);
        }
    }

    /// <summary>The model that is trained.</summary>
    public nn.Module Model { get; }

    /// <summary>What it is trained on.</summary>
    public TranslationBatches Batches { get; }

    /// <summary>How it is trained.</summary>
    public TrainingOptions Options { get; }

    /// <summary>What was measured so far.</summary>
    public TrainingHistory History { get; private set; } = new();

    /// <summary>How many steps were made.</summary>
    public long StepsDone => History.StepCount;

    /// <summary>Whether training has ended: all steps were made, or the validation loss hasn't fallen for long enough.</summary>
    public bool IsFinished => StepsDone >= Options.Steps || (Options.Patience is { } patience && History.ValidationsSinceBest >= patience);

    /// <summary>Trains until the end, and gives the model the weights to keep.</summary>
    /// <param name="cancellationToken">Stops between two steps; another call goes on from there.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="NotFiniteNumberException">The loss or its gradient is no longer a number; the weights are those before that step.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public TrainingHistory Run(CancellationToken cancellationToken = default)
    {
        var watch = Stopwatch.StartNew();
        var (begun, tokens, reported) = (StepsDone, 0L, TimeSpan.Zero);
        while (!IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            tokens += Step().TargetTokens;
            if (Options.Validation is not null && (StepsDone % Options.ValidationInterval == 0 || StepsDone == Options.Steps))
            {
                Validate();
            }

            Options.AfterStep?.Invoke(this);
            if (Options.Progress is { } progress && watch.Elapsed - reported >= ReportInterval)
            {
                reported = watch.Elapsed;
                progress(new(History, Options.Steps, History.RecentLoss, reported, StepsDone - begun, tokens, isFinished: false));
            }
        }

        Keep();
        Options.Progress?.Invoke(new(History, Options.Steps, History.RecentLoss, watch.Elapsed, StepsDone - begun, tokens, isFinished: true));
        return History;
    }

    /// <summary>Makes one step, of <see cref="TrainingOptions.BatchesPerStep"/> batches.</summary>
    /// <returns>What it saw.</returns>
    /// <exception cref="NotFiniteNumberException">The loss or its gradient is no longer a number; nothing was moved.</exception>
    /// <remarks>A step that fails leaves the weights, and the next one has the same batches; random numbers that it drew stay drawn.</remarks>
    public TrainingPoint Step()
    {
        var place = (_plan, _epoch, _nextBatch);
        try
        {
            return TryStep();
        }
        catch
        {
            (_plan, _epoch, _nextBatch) = place;
            throw;
        }
    }

    private TrainingPoint TryStep()
    {
        TrainOn();
        using var scope = NewDisposeScope();
        var number = StepsDone + 1;
        var (epoch, batches) = Next();
        var tokens = batches.Sum(batch => batch.TargetTokens);
        var isSmoothed = Options.LabelSmoothing > 0;
        double loss = 0, plain = 0;
        var hasPlain = !isSmoothed || number == 1 || number % PlainInterval == 0;
        _optimizer.zero_grad();
        foreach (var batch in batches)
        {
            using var each = NewDisposeScope();
            var logits = _logits(batch);                                                              // (B, T, V)

            // Divided by the tokens of the whole step: a batch counts for as much as it has tokens.
            var sum = TranslationLoss.Sum(logits, batch.Expected, Options.LabelSmoothing, Batches.Special.Padding) / tokens;
            sum.backward();
            loss += sum.ToDouble();
            if (isSmoothed && hasPlain)
            {
                plain += CrossEntropyOf(logits, batch) / tokens;
            }
        }

        var norm = nn.utils.clip_grad_norm_(_parameters.Select(named => named.Value), Options.MaximumGradientNorm ?? double.PositiveInfinity);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new NotFiniteNumberException(FormattableString.Invariant(
                $"Step {number}: the loss is {loss} and the length of its gradient {norm}. The weights are still those of step {number - 1}; a lower learning rate, a longer warm-up or clipping helps."), double.IsFinite(loss) ? norm : loss);
        }

        var rate = Options.LearningRate.At(number);
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }

        _optimizer.step();
        var point = new TrainingPoint(number, epoch, loss, hasPlain ? (isSmoothed ? plain : loss) : null, rate, norm, tokens);
        History.Add(point);
        return point;
    }

    /// <summary>Measures the validation loss of the weights that are trained, and remembers these weights if they are the best so far and are to be kept. The model has the same
    /// weights and the same mode afterwards. A second measurement at the same step takes the place of the first.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to measure on.</exception>
    /// <exception cref="NotFiniteNumberException">The loss is no number; nothing is remembered.</exception>
    public ValidationPoint Validate()
    {
        if (Options.Validation is not { } validation)
        {
            throw new InvalidOperationException($"There is nothing to measure on: {nameof(TrainingOptions)}.{nameof(TrainingOptions.Validation)} is null.");
        }

        var wasTraining = Model.training;
        var shown = _trained is null ? null : Copy();
        try
        {
            if (_trained is not null)
            {
                Put(_trained);
            }

            Model.eval();
            var (loss, accuracy) = Measure(validation);
            if (!double.IsFinite(loss))
            {
                throw new NotFiniteNumberException(FormattableString.Invariant($"After step {StepsDone} the validation loss is {loss}."), loss);
            }

            var point = new ValidationPoint(StepsDone, loss, accuracy);
            History.Add(point);
            if (Options.Keep == KeptWeights.Best && History.ValidationsSinceBest == 0)
            {
                Dispose(_best);
                _best = Copy();
            }

            return point;
        }
        finally
        {
            if (shown is not null)
            {
                Put(shown);
                Dispose(shown);
            }

            Model.train(wasTraining);
        }
    }

    /// <summary>Gives the model the weights to keep, as <see cref="Run"/> does at its end, and puts it in evaluation mode. The next step goes on with those it was training.</summary>
    /// <exception cref="InvalidOperationException">The best weights are to be kept, and the validation loss was never measured.</exception>
    public void Keep()
    {
        TrainOn();
        if (Options.Keep == KeptWeights.Best)
        {
            var best = _best ?? throw new InvalidOperationException("There are no best weights yet: the validation loss was never measured.");
            _trained = Copy();
            Put(best);
        }

        Model.eval();
    }

    /// <summary>Gives up what training remembers. The model stays.</summary>
    public void Dispose()
    {
        _optimizer.Dispose();
        Dispose(_best);
        Dispose(_trained);
        (_best, _trained) = (null, null);
    }

    /// <summary>All that going on needs: tensors by name, some of them made for this in the caller's dispose scope, and the place in the corpus as JSON.</summary>
    internal (Dictionary<string, Tensor> Tensors, string Place) Capture()
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, value) in Model.state_dict())
        {
            // A shared parameter has several names in the model and the first of them here.
            var own = _trained is null ? null : _parameters.FirstOrDefault(parameter => ReferenceEquals(parameter.Value, value)).Name;
            tensors[CheckpointNames.Model + name] = own is null ? value : _trained![own];
        }

        foreach (var (name, value) in _best ?? [])
        {
            tensors[CheckpointNames.Best + name] = value;
        }

        using var optimizer = new MemoryStream();
        using (var writer = new BinaryWriter(optimizer, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            _optimizer.save_state_dict(writer);
        }

        var (points, validations) = History.ToTensors();
        (tensors[CheckpointNames.Points], tensors[CheckpointNames.Validations]) = (points, validations);
        (tensors[CheckpointNames.Optimizer], tensors[CheckpointNames.Random]) = (tensor(optimizer.ToArray()), Generator.Default.get_state());
        return (tensors, JsonSerializer.Serialize(Place() with { Epoch = _epoch, NextBatch = _nextBatch }));
    }

    /// <summary>Goes on where a checkpoint was saved. If it doesn't fit, nothing changes.</summary>
    /// <exception cref="InvalidDataException">It is of another model or corpus, or damaged; the message says where.</exception>
    internal void Restore(Checkpoint checkpoint)
    {
        // Everything is read and compared first.
        using var scope = NewDisposeScope();
        var place = checkpoint.ReadPlace();
        var own = Place();
        if (place.Batches != own.Batches)
        {
            throw checkpoint.Bad("it was saved by a training on other pairs, with other batches or another seed than this one");
        }

        if (place.Validation != own.Validation && (Options.Keep == KeptWeights.Best || Options.Patience is not null))
        {
            throw checkpoint.Bad("its validation losses were measured on other pairs than this training's, which chooses by them");
        }

        foreach (var (name, saved, wanted) in new[]
        {
            (nameof(TrainingOptions.Beta1), place.Beta1, own.Beta1), (nameof(TrainingOptions.Beta2), place.Beta2, own.Beta2),
            (nameof(TrainingOptions.Epsilon), place.Epsilon, own.Epsilon), (nameof(TrainingOptions.WeightDecay), place.WeightDecay, own.WeightDecay),
        })
        {
            if (saved != wanted)
            {
                throw checkpoint.Bad(FormattableString.Invariant($"it was trained with {name} = {saved}, this training has {wanted}"));
            }
        }

        var plan = place.Epoch >= 0 ? Batches.Plan(place.Epoch) : [];
        if (place.Epoch < 0 || place.NextBatch < 0 || place.NextBatch > plan.Count)
        {
            throw checkpoint.Bad($"it says that training is at batch {place.NextBatch} of pass {place.Epoch}, which has {plan.Count}");
        }

        var state = Model.state_dict();
        checkpoint.RequireSame(CheckpointNames.Model, state);
        var named = _parameters.ToDictionary(parameter => parameter.Name, parameter => (Tensor)parameter.Value);
        var hasBest = checkpoint.Has(CheckpointNames.Best);
        if (hasBest)
        {
            checkpoint.RequireSame(CheckpointNames.Best, named);
        }

        var history = TrainingHistory.Of(checkpoint.Table(CheckpointNames.Points, 7), checkpoint.Table(CheckpointNames.Validations, 3));
        if (Options.Keep == KeptWeights.Best && !hasBest && history.Validations.Count > 0)
        {
            throw checkpoint.Bad("it was saved by a training that measured the validation loss but didn't keep the best weights, this one does");
        }

        var random = checkpoint.Bytes(CheckpointNames.Random);
        checkpoint.Try(CheckpointNames.Random, () => RandomState.Require(random));
        var optimizer = checkpoint.Bytes(CheckpointNames.Optimizer).data<byte>().ToArray();
        checkpoint.Try(CheckpointNames.Optimizer, () =>
        {
            // Reading that fails half-way leaves half of it behind: in one that is thrown away.
            using var trial = NewOptimizer();
            Read(trial);
        });
        Read(_optimizer);

        Dispose(_trained);
        _trained = null;
        using (no_grad())
        {
            foreach (var (name, value) in state)
            {
                value.copy_(checkpoint.Tensors[CheckpointNames.Model + name]);
            }
        }

        Dispose(_best);
        _best = hasBest ? named.Keys.ToDictionary(name => name, name => checkpoint.Tensors[CheckpointNames.Best + name].clone().DetachFromDisposeScope()) : null;
        Generator.Default.set_state(random);
        (History, _plan, _epoch, _nextBatch) = (history, plan, place.Epoch, place.NextBatch);

        void Read(OptimizerHelper into)
        {
            using var reader = new BinaryReader(new MemoryStream(optimizer));
            into.load_state_dict(reader);
        }
    }

    private OptimizerHelper NewOptimizer()
    {
        var (moved, first) = (_parameters.Select(named => named.Value), Options.LearningRate.At(1));
        return Options.WeightDecay > 0
            ? optim.AdamW(moved, first, Options.Beta1, Options.Beta2, Options.Epsilon, Options.WeightDecay)
            : optim.Adam(moved, first, Options.Beta1, Options.Beta2, Options.Epsilon);
    }

    // What is trained and measured on.
    private IEnumerable<TranslationBatches> Parts() => Options.Validation is { } validation ? [Batches, validation] : [Batches];

    // What a checkpoint must have in common with this training.
    private TrainerPlace Place() => new()
    {
        Epoch = 0,
        NextBatch = 0,
        Batches = Batches.Fingerprint(),
        Validation = Options.Validation?.Fingerprint(),
        Beta1 = Options.Beta1,
        Beta2 = Options.Beta2,
        Epsilon = Options.Epsilon,
        WeightDecay = Options.WeightDecay,
    };

    // The batches of the next step, and the pass that the first of them belongs to.
    private (int Epoch, IReadOnlyList<TranslationBatch> Batches) Next()
    {
        var batches = new List<TranslationBatch>();
        int? epoch = null;
        while (batches.Count < Options.BatchesPerStep)
        {
            if (_nextBatch == _plan.Count)
            {
                (_epoch, _nextBatch) = (_epoch + 1, 0);
                _plan = Batches.Plan(_epoch);
            }

            epoch ??= _epoch;
            batches.Add(Batches.MakeBatch(_plan[_nextBatch++]));
        }

        return (epoch!.Value, batches);
    }

    private double CrossEntropyOf(Tensor logits, TranslationBatch batch)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return TranslationLoss.Sum(logits.detach(), batch.Expected, smoothing: 0, Batches.Special.Padding).ToDouble();
    }

    private (double Loss, double Accuracy) Measure(TranslationBatches validation)
    {
        using var off = no_grad();
        var (loss, right, tokens) = (0.0, 0L, 0L);
        foreach (var batch in validation.Epoch(0))
        {
            using var scope = NewDisposeScope();
            using (batch)
            {
                var logits = _logits(batch);                                                          // (B, T, V)
                loss += TranslationLoss.Sum(logits, batch.Expected, smoothing: 0, validation.Special.Padding).ToDouble();
                var isRight = logits.argmax(-1).eq(batch.Expected).logical_and(batch.Expected.ne(validation.Special.Padding));   // (B, T)
                right += isRight.sum().item<long>();
                tokens += batch.TargetTokens;
            }
        }

        return (loss / tokens, (double)right / tokens);
    }

    // The model has the weights that are being trained, and is in training mode.
    private void TrainOn()
    {
        if (_trained is not null)
        {
            Put(_trained);
            Dispose(_trained);
            _trained = null;
        }

        Model.train();
    }

    private Dictionary<string, Tensor> Copy()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return _parameters.ToDictionary(named => named.Name, named => named.Value.detach().clone().DetachFromDisposeScope());
    }

    private void Put(Dictionary<string, Tensor> weights)
    {
        using var off = no_grad();
        foreach (var (name, value) in _parameters)
        {
            value.copy_(weights[name]);
        }
    }

    private static void Dispose(Dictionary<string, Tensor>? weights)
    {
        foreach (var value in weights?.Values ?? Enumerable.Empty<Tensor>())
        {
            value.Dispose();
        }
    }
}
