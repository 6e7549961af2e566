using System.Globalization;
using TransformerTutorial.Display;

namespace TransformerTutorial.Training;

/// <summary>How far a training is: one line that says so.</summary>
/// <remarks>While training runs it names the speed and the time left; when it has ended it names neither, so that the line that stays is the same in every run.</remarks>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Plain])]
public sealed class TrainingProgress : RichOutput
{
    internal TrainingProgress(TrainingHistory history, long steps, double? recentLoss, TimeSpan elapsed, long stepsNow, long tokensNow, bool isFinished) =>
        (History, Steps, RecentLoss, Elapsed, StepsNow, TokensNow, IsFinished) = (history, steps, recentLoss, elapsed, stepsNow, tokensNow, isFinished);

    /// <summary>All that was measured so far.</summary>
    public TrainingHistory History { get; }

    /// <summary>How many steps there will be, if nothing ends training early.</summary>
    public long Steps { get; }

    /// <summary>The mean cross-entropy of a token in the latest steps; null before the first.</summary>
    public double? RecentLoss { get; }

    /// <summary>For how long this run has lasted.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Whether training has ended.</summary>
    public bool IsFinished { get; }

    /// <summary>Tokens written in a second of this run.</summary>
    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? TokensNow / Elapsed.TotalSeconds : 0;

    /// <summary>How long the rest will take at the speed so far.</summary>
    public TimeSpan Remaining => StepsNow > 0 ? Elapsed * ((double)(Steps - History.StepCount) / StepsNow) : TimeSpan.Zero;

    // Of this run alone: a training may go on from a checkpoint.
    private long StepsNow { get; }

    private long TokensNow { get; }

    /// <inheritdoc/>
    public override string? Write(string mimeType)
    {
        if (mimeType != MimeTypes.Plain)
        {
            return null;
        }

        if (IsFinished)
        {
            return History.ToString();
        }

        var validation = History.Validations is [.., var last] ? FormattableString.Invariant($", validation {last.Loss:F3}") : "";
        var loss = RecentLoss is { } recent ? FormattableString.Invariant($", loss {recent:F3}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"step {History.StepCount:N0} of {Steps:N0}{loss}{validation}, {TokensPerSecond:N0} tokens a second, {Remaining.TotalSeconds:N0} s left");
    }
}
