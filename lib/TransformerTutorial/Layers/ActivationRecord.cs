using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>A tensor that ran through a model while an <see cref="ActivationTrace"/> listened.</summary>
/// <param name="Name">Where: the module's name in the model and the part, as in <c>encoder.layers.0.attention_residual.output</c>.</param>
/// <param name="Values">A copy, without gradient.</param>
public sealed record ActivationRecord(string Name, Tensor Values)
{
    /// <summary>Its name and shape.</summary>
    public override string ToString() => $"{Name} ({string.Join(", ", Values.shape)})";
}
