namespace TransformerTutorial.Training;

/// <summary>What one step of training saw, before it moved anything.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Epoch">The pass through the corpus, from 0, that its first batch belongs to.</param>
/// <param name="Loss">What it lowered: the mean loss of a token in nats, smoothed where training smooths.</param>
/// <param name="CrossEntropy">The same without smoothing, to be compared with a validation loss (but with dropout on). Where training smooths it costs a second pass over the scores: it is there for step 1 and every tenth, null for others.</param>
/// <param name="LearningRate">The rate it moved with.</param>
/// <param name="GradientNorm">The length of the gradient before it was shortened.</param>
/// <param name="TargetTokens">How many tokens were to be written.</param>
public readonly record struct TrainingPoint(long Step, int Epoch, double Loss, double? CrossEntropy, double LearningRate, double GradientNorm, long TargetTokens);

/// <summary>How well a model does on sentences that it isn't trained on, given the right words before each (teacher forcing), without dropout.</summary>
/// <param name="Step">After which step.</param>
/// <param name="Loss">The mean cross-entropy of a token in nats, never smoothed.</param>
/// <param name="Accuracy">The share of tokens that have the highest score, 0 to 1.</param>
public readonly record struct ValidationPoint(long Step, double Loss, double Accuracy);
