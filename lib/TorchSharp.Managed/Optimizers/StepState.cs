using TorchSharp.Files;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers of a parameter that it moves with tensor operations: how many steps were made, numbers, and tensors of the parameter's shape.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="begin">The numbers and tensors before the first step.</param>
/// <param name="required">How many of the tensors are always there; the others may be null.</param>
internal sealed class StepState(Parameter parameter, Func<OptimizerOptions, (double[] Numbers, Tensor?[] Tensors)> begin, int required) : OptimizerState(parameter)
{
    private double[] _numbers = [];
    private Tensor?[] _tensors = [];

    /// <summary>How many steps were made.</summary>
    public long Step { get; set; }

    /// <summary>The numbers, to change in place.</summary>
    public double[] Numbers => _numbers;

    /// <summary>A tensor that is always there.</summary>
    public Tensor this[int i] => _tensors[i]!;

    /// <summary>A tensor that may be missing.</summary>
    public Tensor? Optional(int i) => _tensors[i];

    public override void Initialize(OptimizerOptions options)
    {
        DisposeTensors();
        Step = 0;
        (_numbers, _tensors) = begin(options);
    }

    // The order of TorchSharp's file: steps, numbers, tensors.
    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(Step);
        foreach (var number in _numbers)
        {
            writer.Write(number);
        }

        for (var i = 0; i < _tensors.Length; i++)
        {
            if (i < required)
            {
                TensorFile.Write(writer, this[i]);
            }
            else
            {
                SaveConditionalStateTensor(writer, _tensors[i]);
            }
        }
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        Step = reader.ReadInt64();
        for (var i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = reader.ReadDouble();
        }

        for (var i = 0; i < _tensors.Length; i++)
        {
            Replace(ref _tensors[i], i < required ? LoadStateTensor(reader) : LoadConditionalStateTensor(reader));
        }
    }

    public override void LoadStateDict(OptimizerState source)
    {
        if (ReferenceEquals(source, this))
        {
            return;
        }

        var other = (StepState)source;
        Step = other.Step;
        _numbers = [.. other._numbers];
        for (var i = 0; i < _tensors.Length; i++)
        {
            Replace(ref _tensors[i], CopyOf(other._tensors[i]));
        }
    }

    public override bool ApproximatelyEquals(OptimizerState other) => other is StepState same && Step == same.Step && _tensors.Length == same._tensors.Length
        && _numbers.SequenceEqual(same._numbers)
        && _tensors.Zip(same._tensors).All(pair => (pair.First is null) == (pair.Second is null) && (pair.First is null || pair.First.allclose(pair.Second!)));

    internal override void DisposeTensors()
    {
        for (var i = 0; i < _tensors.Length; i++)
        {
            Replace(ref _tensors[i], null);
        }
    }
}
