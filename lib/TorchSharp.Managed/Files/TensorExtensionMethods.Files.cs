using TorchSharp.Files;

namespace TorchSharp;

// Single tensors in TorchSharp's own form, as it stands in module and optimiser files.
public static partial class TensorExtensionMethods
{
    /// <summary>Writes a tensor: type, shape, elements.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        TensorFile.Write(writer, Errors.Given(tensor));
    }

    /// <summary>Reads elements into a tensor. If the stream holds another type or shape, or ends too early, nothing changes.</summary>
    /// <param name="tensor">The tensor to fill.</param>
    /// <param name="reader">Where the tensor stands.</param>
    /// <param name="skip">Whether to read past it only, whatever its shape.</param>
    /// <exception cref="InvalidDataException">The stream holds another type or shape, or ends too early.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Errors.Given(tensor);
        if (skip)
        {
            Load(reader, skip: true).Dispose();
            return;
        }

        using var read = TensorFile.Read(reader, tensor.dtype, tensor.Shape);
        using (torch.no_grad())
        {
            tensor.copy_(read);
        }
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="skip">Whether to read past it only; the result is an empty tensor then.</param>
    /// <exception cref="InvalidDataException">The stream holds no tensor, or ends too early.</exception>
    /// <exception cref="NotSupportedException">The engine has no tensors of its type.</exception>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var (type, shape) = TensorFile.ReadHeader(reader);
        var tensor = TensorFile.ReadElements(reader, type, shape);
        if (!skip)
        {
            return tensor;
        }

        tensor.Dispose();
        return torch.empty(0L);
    }
}
