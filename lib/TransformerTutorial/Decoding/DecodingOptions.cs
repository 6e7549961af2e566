namespace TransformerTutorial.Decoding;

/// <summary>What every way of decoding has: where it stops, and what it tells.</summary>
public record DecodingOptions
{
    /// <summary>After how many ids a sentence that doesn't end is cut off, the end included; null for the source's length and 50 more, as in A. Vaswani et al. 2017, section 6.1. The model's own limit holds as well.</summary>
    public int? MaximumLength { get; init; }

    /// <summary>How many of the likeliest words each step tells.</summary>
    public int TopCandidates { get; init; } = 5;

    /// <summary>Whether the answers say where each step looked. It changes no word.</summary>
    public bool CapturesAttention { get; init; }

    /// <summary>Refuses what has no meaning.</summary>
    internal virtual void Validate()
    {
        Require(MaximumLength is null or > 0, $"A sentence has room for one id at least; {nameof(MaximumLength)} is {MaximumLength}.");
        Require(TopCandidates >= 0, $"{nameof(TopCandidates)} cannot be negative; it is {TopCandidates}.");
    }

    private protected static void Require(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ArgumentException(message);
        }
    }
}
