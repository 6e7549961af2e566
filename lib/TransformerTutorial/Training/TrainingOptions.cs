namespace TransformerTutorial.Training;

/// <summary>How a <see cref="Trainer"/> trains.</summary>
public sealed record TrainingOptions
{
    /// <summary>After how many steps training ends.</summary>
    public required long Steps { get; init; }

    /// <summary>The learning rate of each step.</summary>
    public required LearningRate LearningRate { get; init; }

    /// <summary>The share ε of the expected answer that all words divide among them; see <see cref="TranslationLoss"/>.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>How long the gradient of all parameters together may be; a longer one is shortened. Null for any length.</summary>
    public double? MaximumGradientNorm { get; init; }

    /// <summary>How many batches make one step: their gradients are added up, divided by the tokens of all of them.</summary>
    public int BatchesPerStep { get; init; } = 1;

    /// <summary>Adam's decay rate for the gradient's average.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay rate for the average of the gradient's square; the Transformer's paper takes 0.98 (section 5.3), PyTorch 0.999.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>What is added to Adam's denominator (the paper: 1e-9).</summary>
    public double Epsilon { get; init; } = 1e-9;

    /// <summary>The share of each parameter that a step takes away, times the learning rate (AdamW; I. Loshchilov and F. Hutter, 2019); 0 for none.</summary>
    public double WeightDecay { get; init; }

    /// <summary>What the validation loss is measured on; null for none.</summary>
    public TranslationBatches? Validation { get; init; }

    /// <summary>After how many steps it is measured, again and again; it also is at the end.</summary>
    public long ValidationInterval { get; init; } = 100;

    /// <summary>After how many measurements without a new lowest validation loss training ends early; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>Which weights the model has at the end.</summary>
    public KeptWeights Keep { get; init; }

    /// <summary>Told now and then how far training is, and at the end: <c>Progress = display("training…").Update</c> shows one line that changes in place. Null for silence.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>Called after every step (and after its validation, where there is one): the place to save checkpoints. Null for nothing.</summary>
    public Action<Trainer>? AfterStep { get; init; }

    /// <summary>Refuses what cannot be done.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or one asks for another that is missing.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(LearningRate);
        Require(Steps > 0, $"Training has at least one step; {nameof(Steps)} is {Steps}.");
        Require(LabelSmoothing is >= 0 and <= 1, $"{nameof(LabelSmoothing)} is a share from 0 to 1; it is {LabelSmoothing}.");
        Require(MaximumGradientNorm is null or > 0, $"{nameof(MaximumGradientNorm)} must be positive; it is {MaximumGradientNorm}.");
        Require(BatchesPerStep > 0, $"A step has at least one batch; {nameof(BatchesPerStep)} is {BatchesPerStep}.");
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, $"{nameof(Beta1)} and {nameof(Beta2)} are from 0 to less than 1; they are {Beta1} and {Beta2}.");
        Require(Epsilon > 0, $"{nameof(Epsilon)} must be positive; it is {Epsilon}.");
        Require(WeightDecay >= 0, $"{nameof(WeightDecay)} must not be negative; it is {WeightDecay}.");
        Require(ValidationInterval > 0, $"{nameof(ValidationInterval)} must be positive; it is {ValidationInterval}.");
        Require(Patience is null or > 0, $"{nameof(Patience)} must be positive; it is {Patience}.");
        Require(Enum.IsDefined(Keep), $"There are no weights {Keep}.");
        Require(Validation is not null || Keep != KeptWeights.Best, $"The best weights are those with the lowest validation loss: {nameof(Keep)} = {nameof(KeptWeights.Best)} needs {nameof(Validation)}.");
        Require(Validation is not null || Patience is null, $"{nameof(Patience)} waits for the validation loss: it needs {nameof(Validation)}.");
    }

    private static void Require(bool isRight, FormattableString message)
    {
        if (!isRight)
        {
            throw new ArgumentException(FormattableString.Invariant(message));
        }
    }
}
