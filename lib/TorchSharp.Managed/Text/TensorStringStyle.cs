namespace TorchSharp;

/// <summary>How tensors are written as text.</summary>
public enum TensorStringStyle
{
    /// <summary>Only shape, type and device: <c>[2x2], type = Float32, device = cpu</c>.</summary>
    Metadata,

    /// <summary>The metadata, then rows with columns aligned on the right.</summary>
    Julia,

    /// <summary>Nested brackets.</summary>
    Numpy,

    /// <summary>The metadata, then an array as it stands in C# source.</summary>
    CSharp,

    /// <summary>Whatever <see cref="torch.TensorStringStyle"/> says.</summary>
    Default,
}
