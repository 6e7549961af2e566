using TorchSharp.Kernels;

namespace TorchSharp.Modules;

/// <summary>The options that Adam and AdamW share.</summary>
public abstract class AdamOptions : OptimizerOptions
{
    // Fields, as in TorchSharp.

    /// <summary>The decay rate of the average of the gradient.</summary>
    public double? beta1;

    /// <summary>The decay rate of the average of the gradient's square.</summary>
    public double? beta2;

    /// <summary>How much of the parameter is taken away at each step.</summary>
    public double? weight_decay;

    /// <summary>Added to the denominator.</summary>
    public double? eps;

    /// <summary>Whether the largest average of squares so far is used (Reddi, Kale and Kumar, 2018).</summary>
    public bool? amsgrad;

    /// <summary>Whether to go up instead of down.</summary>
    public bool? maximize;

    /// <inheritdoc/>
    public override void LoadStateDict(OptimizerOptions source)
    {
        base.LoadStateDict(source);
        var other = (AdamOptions)source;
        (beta1, beta2, eps, weight_decay, amsgrad, maximize) = (other.beta1, other.beta2, other.eps, other.weight_decay, other.amsgrad, other.maximize);
    }

    /// <inheritdoc/>
    public override void LoadStateDict(BinaryReader reader)
    {
        base.LoadStateDict(reader);
        beta1 = reader.ReadDouble();
        beta2 = reader.ReadDouble();
        eps = reader.ReadDouble();
        weight_decay = reader.ReadDouble();
        amsgrad = reader.ReadBoolean();
        maximize = reader.ReadBoolean();
    }

    /// <inheritdoc/>
    public override void SaveStateDict(BinaryWriter writer)
    {
        base.SaveStateDict(writer);
        writer.Write(beta1!.Value);
        writer.Write(beta2!.Value);
        writer.Write(eps!.Value);
        writer.Write(weight_decay!.Value);
        writer.Write(amsgrad!.Value);
        writer.Write(maximize!.Value);
    }

    internal override void Check()
    {
        base.Check();
        RequireAtLeastZero(nameof(eps), eps!.Value);
        RequireAtLeastZero(nameof(weight_decay), weight_decay!.Value);
        RequireShare(nameof(beta1), beta1!.Value);
        RequireShare(nameof(beta2), beta2!.Value);
    }

    internal override void TakeMissingFrom(OptimizerOptions defaults)
    {
        base.TakeMissingFrom(defaults);
        var other = (AdamOptions)defaults;
        beta1 ??= other.beta1;
        beta2 ??= other.beta2;
        eps ??= other.eps;
        weight_decay ??= other.weight_decay;
        amsgrad ??= other.amsgrad;
        maximize ??= other.maximize;
    }

    private static void RequireShare(string option, double value)
    {
        if (value is not (>= 0 and < 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"Invalid {option}: expected at least 0 and less than 1, but got {value}."));
        }
    }
}

/// <summary>What Adam and AdamW remember of a parameter.</summary>
internal sealed class AdamState(Parameter parameter) : OptimizerState(parameter)
{
    private Tensor? _average;
    private Tensor? _averageOfSquares;
    private Tensor? _maximum;

    /// <summary>How many steps were made.</summary>
    public long Step { get; set; }

    /// <summary>The running average of the gradient.</summary>
    public Tensor Average => _average!;

    /// <summary>The running average of the gradient's square.</summary>
    public Tensor AverageOfSquares => _averageOfSquares!;

    /// <summary>The largest average of squares so far, where amsgrad asks for it.</summary>
    public Tensor? Maximum => _maximum;

    public override void Initialize(OptimizerOptions options)
    {
        Step = 0;
        Replace(ref _average, ZerosLikeParameter());
        Replace(ref _averageOfSquares, ZerosLikeParameter());
        Replace(ref _maximum, ((AdamOptions)options).amsgrad == true ? ZerosLikeParameter() : null);
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(Step);
        Files.TensorFile.Write(writer, Average);
        Files.TensorFile.Write(writer, AverageOfSquares);
        SaveConditionalStateTensor(writer, Maximum);
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        Step = reader.ReadInt64();
        Replace(ref _average, LoadStateTensor(reader));
        Replace(ref _averageOfSquares, LoadStateTensor(reader));
        Replace(ref _maximum, LoadConditionalStateTensor(reader));
    }

    public override void LoadStateDict(OptimizerState source)
    {
        if (ReferenceEquals(source, this))
        {
            return;
        }

        var other = (AdamState)source;
        Step = other.Step;
        Replace(ref _average, CopyOf(other._average));
        Replace(ref _averageOfSquares, CopyOf(other._averageOfSquares));
        Replace(ref _maximum, CopyOf(other._maximum));
    }

    public override bool ApproximatelyEquals(OptimizerState other) => other is AdamState same && Step == same.Step
        && Average.allclose(same.Average) && AverageOfSquares.allclose(same.AverageOfSquares)
        && (Maximum is null) == (same.Maximum is null) && (Maximum is null || Maximum.allclose(same.Maximum!));

    internal override void DisposeTensors()
    {
        Replace(ref _average, null);
        Replace(ref _averageOfSquares, null);
        Replace(ref _maximum, null);
    }

    /// <summary>One step of the parameter; threads share the elements, each of which depends on nothing but itself.</summary>
    public unsafe void Move(Tensor gradient, AdamOptions options, bool decoupled)
    {
        Step++;
        Elementwise.Move(_parameter, gradient, [Average, AverageOfSquares, Maximum], new Stepper(this, options, decoupled));
    }

    private sealed class Stepper(AdamState state, AdamOptions options, bool decoupled) : Elementwise.IStepper
    {
        public unsafe void Move<T>(T* parameter, T* gradient, T*[] memory, long n)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => Rows.AdamStep(parameter, gradient, memory[0], memory[1], memory[2], n, state.Step, options.LearningRate!.Value,
                options.beta1!.Value, options.beta2!.Value, options.eps!.Value, options.weight_decay!.Value, decoupled, options.maximize!.Value);
    }
}
