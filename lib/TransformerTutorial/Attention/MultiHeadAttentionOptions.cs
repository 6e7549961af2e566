namespace TransformerTutorial.Attention;

/// <summary>What a <see cref="MultiHeadAttention"/> is made of.</summary>
/// <param name="Width">The width d of queries and outputs, and of all query heads together.</param>
/// <param name="Heads">How many heads share it, h; d is a multiple of h.</param>
public sealed record MultiHeadAttentionOptions(long Width, long Heads)
{
    /// <summary>
    /// How many heads keys and values have; h is a multiple of it. Null for h, as in the paper; 1 is multi-query attention (N. Shazeer 2019), what lies between is grouped-query attention:
    /// each group of neighbouring query heads shares one head of keys and values (J. Ainslie et al., "GQA", 2023, section 2.2).
    /// </summary>
    public long? KeyValueHeads { get; init; }

    /// <summary>The width of what keys are made from; null for d. Another one is for cross-attention.</summary>
    public long? KeyWidth { get; init; }

    /// <summary>The width of what values are made from; null for that of the keys.</summary>
    public long? ValueWidth { get; init; }

    /// <summary>Whether the four projections have a bias. The paper's have none; PyTorch's have one by default.</summary>
    public bool HasBias { get; init; }

    /// <summary>Whether one matrix makes queries, keys and values, as in PyTorch: one product instead of three, the same numbers. Then keys and values are made from vectors of width d.</summary>
    public bool IsFused { get; init; }

    /// <summary>The probability with which a weight is taken for 0 in training.</summary>
    public double Dropout { get; init; }

    /// <summary>What scores are multiplied with; null for 1 / √d_k.</summary>
    public double? Scale { get; init; }

    /// <summary>The width d_k = d / h of one head.</summary>
    public long HeadWidth => Width / Heads;

    /// <summary>Refuses what cannot be built.</summary>
    internal void Validate()
    {
        Require(Width > 0 && Heads > 0 && Width % Heads == 0, $"The width must be a positive multiple of the number of heads; they are {Width} and {Heads}.");
        var shared = KeyValueHeads ?? Heads;
        Require(shared > 0 && Heads % shared == 0, $"The number of heads must be a multiple of the number of heads for keys and values; they are {Heads} and {shared}.");
        Require(KeyWidth is null or > 0 && ValueWidth is null or > 0, $"The widths of keys and values must be positive; they are {KeyWidth ?? Width} and {ValueWidth ?? KeyWidth ?? Width}.");
        Require(!IsFused || ((KeyWidth ?? Width) == Width && (ValueWidth ?? KeyWidth ?? Width) == Width),
            $"One matrix makes queries, keys and values from vectors of the same width, but these are {Width}, {KeyWidth ?? Width} and {ValueWidth ?? KeyWidth ?? Width} wide; IsFused must be false.");
        AttentionChecks.Dropout(Dropout);
        AttentionChecks.Scale(Scale);
    }

    private static void Require(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ArgumentException(message);
        }
    }
}
