using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>A learning rate for every step of a training: what it is at step 1, 2, 3 and so on. It moves nothing; <see cref="Trainer"/> asks it before each step.</summary>
/// <example>
/// <code>
/// LearningRate.Noam(width: 512, warmUpSteps: 4_000).At(4_000)      // 0.000699, the highest
/// </code>
/// </example>
public sealed class LearningRate
{
    private readonly Func<long, double> _at;
    private readonly string _text;

    private LearningRate(Func<long, double> at, FormattableString text) => (_at, _text) = (at, FormattableString.Invariant(text));

    /// <summary>The same rate at every step, or up to it along a line first.</summary>
    /// <param name="rate">The rate.</param>
    /// <param name="warmUpSteps">At which step it is reached; 0 for from the beginning.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite, or the number of steps is negative.</exception>
    public static LearningRate Constant(double rate, long warmUpSteps = 0)
    {
        RequirePositive(rate, nameof(rate));
        ArgumentOutOfRangeException.ThrowIfNegative(warmUpSteps);
        return new(step => rate * WarmUp(step, warmUpSteps), $"constant {rate}, warm-up {warmUpSteps}");
    }

    /// <summary>The schedule of the Transformer's paper: up along a line for <paramref name="warmUpSteps"/> steps, then down with the root of the step's number.</summary>
    /// <param name="width">The model's width d.</param>
    /// <param name="warmUpSteps">At which step the rate is highest; 0 leaves the rise out, as if step 1 were its end.</param>
    /// <param name="factor">What all of it is multiplied by.</param>
    /// <remarks>factor · d^(-1/2) · min(step^(-1/2), step · warm-up^(-3/2)): A. Vaswani et al., "Attention Is All You Need", 2017, section 5.3, equation 3; "Noam" after N. Shazeer, in the authors' code.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The width or the factor is not positive, or the number of steps is negative.</exception>
    public static LearningRate Noam(long width, long warmUpSteps, double factor = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(warmUpSteps);
        RequirePositive(factor, nameof(factor));
        return new(
            step => factor / Math.Sqrt(width) * (step >= warmUpSteps ? 1 / Math.Sqrt(step) : step / (warmUpSteps * Math.Sqrt(warmUpSteps))),
            $"Noam, width {width}, warm-up {warmUpSteps}, factor {factor}");
    }

    /// <summary>Up along a line to the highest rate, then down along half a cosine.</summary>
    /// <param name="highest">The highest rate.</param>
    /// <param name="warmUpSteps">At which step it is reached; 0 for from the beginning.</param>
    /// <param name="steps">At which step it has come down to <paramref name="lowest"/>, where it stays.</param>
    /// <param name="lowest">The rate at the end.</param>
    /// <remarks>lowest + (highest - lowest) · (1 + cos(π · (step - warm-up) / (steps - warm-up))) / 2: I. Loshchilov and F. Hutter, "SGDR", 2017, section 3, equation 5, without restarts.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The rates are not 0 ≤ lowest ≤ highest, or the steps not 0 ≤ warm-up &lt; steps.</exception>
    public static LearningRate Cosine(double highest, long warmUpSteps, long steps, double lowest = 0)
    {
        RequirePositive(highest, nameof(highest));
        ArgumentOutOfRangeException.ThrowIfNegative(warmUpSteps);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(steps, warmUpSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(lowest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lowest, highest);
        return new(
            step =>
            {
                if (step <= warmUpSteps)
                {
                    return highest * WarmUp(step, warmUpSteps);
                }

                var share = Math.Min(1, (double)(step - warmUpSteps) / (steps - warmUpSteps));
                return lowest + ((highest - lowest) * (1 + Cosine(Math.PI * share)) / 2);
            },
            $"cosine from {highest} to {lowest}, warm-up {warmUpSteps}, steps {steps}");
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">The step, from 1.</param>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        return _at(step);
    }

    /// <summary>What it is, in words: <c>Noam, width 512, warm-up 4000, factor 1</c>.</summary>
    public override string ToString() => _text;

    private static double WarmUp(long step, long steps) => step >= steps ? 1 : (double)step / steps;

    // The engine's cosine has the same bits on every machine, the platform's doesn't.
    private static double Cosine(double angle)
    {
        using var scope = NewDisposeScope();
        return tensor(angle, dtype: ScalarType.Float64).cos().item<double>();
    }

    private static void RequirePositive(double value, string argument)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(argument, FormattableString.Invariant($"It must be positive and finite; it is {value}."));
        }
    }
}
