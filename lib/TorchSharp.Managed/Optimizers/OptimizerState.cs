using TorchSharp.Files;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    /// <summary>The parameter.</summary>
    protected Parameter _parameter;

    /// <summary>A memory for a parameter.</summary>
    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    /// <summary>Begins anew.</summary>
    public abstract void Initialize(OptimizerOptions options);

    /// <summary>Writes the memory.</summary>
    public abstract void SaveStateDict(BinaryWriter writer);

    /// <summary>Reads the memory.</summary>
    public abstract void LoadStateDict(BinaryReader reader);

    /// <summary>Takes over a copy of another memory.</summary>
    public abstract void LoadStateDict(OptimizerState source);

    /// <summary>Whether another memory holds about the same.</summary>
    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    /// <summary>Does nothing but check: the memory is on the processor.</summary>
    public virtual void to(Device device) => Device.Require(device, "to");

    /// <summary>Gives the memory back.</summary>
    internal abstract void DisposeTensors();

    /// <summary>Writes a tensor that may be missing.</summary>
    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(tensor is not null);
        if (tensor is not null)
        {
            TensorFile.Write(writer, tensor);
        }
    }

    /// <summary>Reads a tensor that may be missing; it must have the parameter's shape and type.</summary>
    private protected Tensor? LoadConditionalStateTensor(BinaryReader reader) => reader.ReadBoolean() ? LoadStateTensor(reader) : null;

    /// <summary>Reads a tensor, which must have the parameter's shape and type.</summary>
    private protected Tensor LoadStateTensor(BinaryReader reader) => TensorFile.Read(reader, _parameter.dtype, _parameter.Shape);

    /// <summary>Zeros of the parameter's shape and type.</summary>
    private protected Tensor ZerosLikeParameter() => Tensor.Zeros(_parameter.dtype, _parameter.Shape);

    /// <summary>A copy of what another memory holds, or null.</summary>
    private protected static Tensor? CopyOf(Tensor? tensor) => tensor?.clone();

    /// <summary>Puts another tensor into a field and disposes the one that was there.</summary>
    private protected static void Replace(ref Tensor? field, Tensor? value)
    {
        if (!ReferenceEquals(field, value))
        {
            field?.Dispose();
            field = value;
        }
    }
}
