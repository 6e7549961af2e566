using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>One sentence that a model wrote.</summary>
/// <param name="Ids">Its words, without begin and end.</param>
/// <param name="IsFinished">Whether the model said that it ends here; false where it was cut off.</param>
/// <param name="Weights">Where it looked at each step, the one that wrote the end included: (T, S), S the source sentence's length; null if it has no attention.</param>
public sealed record Translation(IReadOnlyList<long> Ids, bool IsFinished, Tensor? Weights);
