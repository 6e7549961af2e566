using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>What a recurrent network carries from one step to the next.</summary>
/// <param name="Hidden">The state that others see: (layers, B, h).</param>
/// <param name="Memory">The second state of an LSTM, (layers, B, h); null for other cells.</param>
public sealed record RecurrentState(Tensor Hidden, Tensor? Memory = null)
{
    /// <summary>The state of the last layer: (B, h).</summary>
    public Tensor Top => Hidden.select(0, -1);

    /// <summary>Each part changed in the same way.</summary>
    internal RecurrentState Map(Func<Tensor, Tensor> change) => new(change(Hidden), Memory is null ? null : change(Memory));
}
