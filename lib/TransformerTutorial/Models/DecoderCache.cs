using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>What a decoder keeps between steps: the keys and values of all its layers. With it a step computes what the new words need and nothing of the old ones.</summary>
/// <remarks>It belongs to one decoder and one batch of sentences. Disposing it forgets everything; it can then be used for another batch.</remarks>
/// <example><c>using var cache = model.CreateCache();</c>, then <c>model.Decode(lastWord, encoded, cache)</c> for each word.</example>
public sealed class DecoderCache : IDisposable
{
    /// <summary>An empty cache.</summary>
    /// <param name="layers">How many layers the decoder has.</param>
    public DecoderCache(long layers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        Layers = [.. Enumerable.Range(0, (int)layers).Select(_ => new DecoderLayerCache(new KeyValueCache(), KeyValueCache.ForMemory()))];
    }

    /// <summary>What each layer keeps.</summary>
    public IReadOnlyList<DecoderLayerCache> Layers { get; }

    /// <summary>How many words were read: the position of the next one.</summary>
    public long Length => Layers[0].Self.Length;

    /// <summary>Takes the sentences of the batch in another order, some more than once, others not at all. What was encoded must follow: <see cref="EncodedSource.Reorder"/>.</summary>
    /// <param name="sequences">Which sentence each place gets, Int64: (B').</param>
    /// <exception cref="ArgumentException">It is no vector of Int64, or names a sentence that is not there.</exception>
    public void Reorder(Tensor sequences)
    {
        foreach (var layer in Layers)
        {
            layer.Self.Reorder(sequences);
            layer.Memory.Reorder(sequences);
        }
    }

    /// <summary>Forgets all but the first so many words. What is kept of the memory stays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or there are fewer.</exception>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        foreach (var layer in Layers)
        {
            layer.Self.Truncate(Math.Min(length, layer.Self.Length));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.Self.Dispose();
            layer.Memory.Dispose();
        }
    }
}
