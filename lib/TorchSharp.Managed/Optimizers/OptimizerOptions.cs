namespace TorchSharp.Modules;

/// <summary>The options of one group of parameters. What is null is taken from the optimiser's own.</summary>
public class OptimizerOptions
{
    /// <summary>The learning rate of the next step.</summary>
    public double? LearningRate { get; set; }

    /// <summary>The learning rate that schedules start from.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>Writes the options.</summary>
    public virtual void SaveStateDict(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    /// <summary>Reads the options.</summary>
    public virtual void LoadStateDict(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    /// <summary>Takes over the options of another group.</summary>
    public virtual void LoadStateDict(OptimizerOptions source)
    {
        ArgumentNullException.ThrowIfNull(source);
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }

    /// <summary>Throws where the options make no sense; nothing is null any more.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal virtual void Check() =>
        RequireAtLeastZero("learning rate", LearningRate ?? throw new ArgumentException("Neither the group of parameters nor the optimizer has a learning rate."));

    /// <summary>Throws where an option is negative or not a number.</summary>
    private protected static void RequireAtLeastZero(string option, double value)
    {
        if (!(value >= 0))
        {
            throw new ArgumentException(FormattableString.Invariant($"Invalid {option}: expected at least 0, but got {value}."));
        }
    }

    /// <summary>Fills in what is null.</summary>
    internal virtual void TakeMissingFrom(OptimizerOptions defaults) => LearningRate ??= defaults.LearningRate;
}
