using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>What models refuse, and how they say so.</summary>
internal static class ModelChecks
{
    /// <summary>Refuses ids that are not (B, T), not Int64, or not in the vocabulary.</summary>
    public static void RequireIds(Tensor ids, long vocabulary, string what, string argument)
    {
        ArgumentNullException.ThrowIfNull(ids, argument);
        if (ids.ndim != 2 || ids.dtype != ScalarType.Int64 || ids.numel() == 0)
        {
            throw new ArgumentException($"{what} are Int64 ids (B, T) of at least one word; this tensor is {ids.dtype} of shape {MaskChecks.Text(ids.shape)}.", argument);
        }

        using var scope = NewDisposeScope();
        var (least, most) = (ids.min().item<long>(), ids.max().item<long>());
        if (least < 0 || most >= vocabulary)
        {
            throw new ArgumentException($"{what} are ids from 0 to {vocabulary - 1}; this tensor holds {(least < 0 ? least : most)}.", argument);
        }
    }

    /// <summary>Refuses lengths that are not one from 1 to T for each sentence.</summary>
    public static void RequireLengths(IReadOnlyList<int>? lengths, long batch, long time, string argument)
    {
        if (lengths is null)
        {
            return;
        }

        if (lengths.Count != batch)
        {
            throw new ArgumentException($"There are {lengths.Count} lengths for {batch} sentences.", argument);
        }

        for (var sentence = 0; sentence < lengths.Count; sentence++)
        {
            if (lengths[sentence] < 1 || lengths[sentence] > time)
            {
                throw new ArgumentException($"Sentence {sentence} has the length {lengths[sentence]}; it must be from 1 to T = {time}.", argument);
            }
        }
    }
}
