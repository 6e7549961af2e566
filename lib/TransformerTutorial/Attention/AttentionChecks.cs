using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>The checks that several parts of attention make of numbers and types they are given.</summary>
internal static class AttentionChecks
{
    /// <summary>Refuses what is no probability.</summary>
    public static void Dropout(double dropout)
    {
        if (dropout is not (>= 0 and <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"Dropout is a probability from 0 to 1; it is {dropout}."));
        }
    }

    /// <summary>Refuses a scale that makes every score NaN or infinite; null is the usual one.</summary>
    public static void Scale(double? scale)
    {
        if (scale is { } factor && !double.IsFinite(factor))
        {
            throw new ArgumentException(FormattableString.Invariant($"The scale must be finite; it is {scale}."));
        }
    }

    /// <summary>Refuses a tensor of another type than the layer's weights have.</summary>
    public static void SameType(string what, Tensor given, Tensor weight)
    {
        if (given.dtype != weight.dtype)
        {
            throw new ArgumentException($"The layer's weights are {weight.dtype}; {what} {MaskChecks.Text(given.shape)} is {given.dtype}. Convert one of them: layer.to(…) or tensor.to(…).");
        }
    }
}
