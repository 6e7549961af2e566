using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>What a model says after one step.</summary>
/// <param name="Logits">A score for each word that may come next: (rows, V).</param>
/// <param name="Attention">Where each layer's heads looked in the source: (rows, L, h, S); null if it wasn't asked for, or the model has no attention.</param>
public sealed record StepOutput(Tensor Logits, Tensor? Attention = null);
