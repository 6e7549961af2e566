using TorchSharp.Kernels;

namespace TorchSharp.Modules;

/// <summary>The options that Adam and AdamW share.</summary>
public abstract class AdamOptions : ListedOptions
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

    internal override void List(Fields fields)
    {
        fields.Share(nameof(beta1), ref beta1);
        fields.Share(nameof(beta2), ref beta2);
        fields.Number(nameof(eps), ref eps);
        fields.Number(nameof(weight_decay), ref weight_decay);
        fields.Flag(nameof(amsgrad), ref amsgrad);
        fields.Flag(nameof(maximize), ref maximize);
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
