namespace TransformerTutorial.Decoding;

/// <summary>How words are drawn. What is not said leaves the model's distribution as it is.</summary>
public sealed record SamplingOptions : DecodingOptions
{
    /// <summary>Logits are divided by it: below 1 likely words become likelier, above 1 less likely.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the likeliest words can be drawn; null for all. (A. Fan, M. Lewis and Y. Dauphin 2018, section 5.4.)</summary>
    public int? TopK { get; init; }

    /// <summary>Only the likeliest words that together have at least this probability can be drawn, after <see cref="TopK"/>; 1 for all. (A. Holtzman et al. 2020, section 3.1.)</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Where the randomness begins: the same seed draws the same words.</summary>
    public long Seed { get; init; }

    /// <summary>Each sentence draws from a stream of randomness of its own: the number of each one's stream. Null for its place in the batch. So a sentence draws the same words in every batch, given its stream.</summary>
    public IReadOnlyList<int>? Streams { get; init; }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        Require(
            double.IsFinite(Temperature) && Temperature > 0,
            FormattableString.Invariant($"A temperature is a positive number; it is {Temperature}. (At 0, only the likeliest word would be left: that is Decode.Greedy.)"));
        Require(TopK is null or > 0, $"At least one word must be left to draw from; {nameof(TopK)} is {TopK}.");
        Require(TopP is > 0 and <= 1, FormattableString.Invariant($"{nameof(TopP)} is a probability above 0; it is {TopP}."));
        Require(Streams is null || Streams.All(stream => stream >= 0), $"{nameof(Streams)} are numbers from 0 on.");
    }
}
