using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>One sentence that a model wrote.</summary>
/// <param name="Ids">Its words, without begin and end.</param>
/// <param name="LogProbability">The logarithm of the probability of all that was written, the end included, in nats.</param>
/// <param name="Score">What it was ranked by: in beam search the log-probability divided by the length penalty, else the log-probability.</param>
/// <param name="IsFinished">Whether the model said that it ends here; false where it was cut off.</param>
/// <param name="Steps">Each word as it was chosen, the end included.</param>
/// <param name="Attention">Where each step looked in the source, the step that wrote the end included: (L, h, T, S) of the decoder's L layers of h heads, S the source's length without padding; null if it wasn't asked for, or there is none.</param>
public sealed record DecodedSequence(IReadOnlyList<int> Ids, double LogProbability, double Score, bool IsFinished, IReadOnlyList<DecodedStep> Steps, Tensor? Attention = null);
