using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>What masks refuse, and how they say so.</summary>
internal static class MaskChecks
{
    /// <summary>A shape as it is written in the series: (2, 1, 4, 4).</summary>
    public static string Text(IReadOnlyList<long> shape) => $"({string.Join(", ", shape)})";

    /// <summary>The tensor's bools, in memory of their own.</summary>
    public static Tensor CopyOfBools(Tensor values, string what, string meaning, string argument)
    {
        ArgumentNullException.ThrowIfNull(values, argument);
        if (values.dtype != ScalarType.Bool)
        {
            var hint = values.dtype is ScalarType.Float32 or ScalarType.Float64 ? " Numbers that are added to scores are taken by AdditiveMask.FromTensor." : "";
            throw new ArgumentException($"{what} is Bool, {meaning}; this tensor is {values.dtype} of shape {Text(values.shape)}.{hint}", argument);
        }

        RequireMatrix(values, what, argument);
        return values.clone();
    }

    /// <summary>Refuses what has no queries and keys.</summary>
    public static void RequireMatrix(Tensor values, string what, string argument)
    {
        if (values.ndim < 2)
        {
            throw new ArgumentException($"{what} has at least two dimensions, queries and keys (T, S); this tensor has shape {Text(values.shape)}.", argument);
        }
    }

    /// <summary>
    /// Refuses a mask that cannot be laid over scores: one that does not broadcast, one whose single key would be stretched over all keys, and one of three dimensions over scores of four,
    /// of which nobody knows whether it holds for sentences or for heads.
    /// </summary>
    public static void RequireMaskFits(IReadOnlyList<long> mask, IReadOnlyList<long> scores, string argument)
    {
        if (mask.Count == 3 && scores.Count == 4)
        {
            throw new ArgumentException(
                $"The mask has shape {Text(mask)}, the scores {Text(scores)}: its first dimension may mean sentences or heads. Say which with a fourth one: ({mask[0]}, 1, {mask[1]}, {mask[2]}) for sentences, (1, {mask[0]}, {mask[1]}, {mask[2]}) for heads.", argument);
        }

        RequireFits("mask", mask, scores, argument);
        if (mask[^1] != scores[^1])
        {
            throw new ArgumentException($"The mask has shape {Text(mask)} and knows one key; scores of shape {Text(scores)} have {scores[^1]}, and it must say of each whether it is hidden.", argument);
        }
    }

    /// <summary>Refuses what would not broadcast to scores, or would make them larger.</summary>
    public static void RequireFits(string what, IReadOnlyList<long> shape, IReadOnlyList<long> scores, string argument)
    {
        if (shape.Count <= scores.Count && shape.Reverse().Zip(scores.Reverse()).All(pair => pair.First == pair.Second || pair.First == 1))
        {
            return;
        }

        var hint = shape.Count > scores.Count ? $" It has dimensions for sentences and heads, the scores have {scores.Count} dimensions: give queries, keys and values a dimension for heads, (B, h, T, d_k)." : "";
        throw new ArgumentException($"The {what} has shape {Text(shape)} and cannot be laid over scores of shape {Text(scores)}, the last two of them queries and keys.{hint}", argument);
    }

    /// <summary>Whether two shapes broadcast.</summary>
    public static bool Broadcast(IReadOnlyList<long> left, IReadOnlyList<long> right) =>
        left.Reverse().Zip(right.Reverse()).All(pair => pair.First == pair.Second || pair.First == 1 || pair.Second == 1);
}
