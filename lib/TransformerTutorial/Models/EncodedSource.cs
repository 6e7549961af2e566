using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>What an encoder made of sentences: all that a decoder needs to know of them.</summary>
/// <param name="Memory">A vector for each word: (B, S, d).</param>
/// <param name="Mask">Which of them are words and no padding: (B, 1, 1, S).</param>
public sealed record EncodedSource(Tensor Memory, AllowedMask Mask) : IDisposable
{
    /// <summary>The same sentences in another order, some more than once, others not at all. A cache that goes with them must follow: <see cref="DecoderCache.Reorder"/>.</summary>
    /// <param name="sequences">Which sentence each place gets, Int64: (B').</param>
    public EncodedSource Reorder(Tensor sequences) => new(Memory.index_select(0, sequences), new(Mask.Values.index_select(0, sequences)));

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Memory.Dispose();
        Mask.Values.Dispose();
    }
}
