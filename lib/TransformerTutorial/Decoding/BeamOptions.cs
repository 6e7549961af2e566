namespace TransformerTutorial.Decoding;

/// <summary>How a beam is searched.</summary>
public sealed record BeamOptions : DecodingOptions
{
    /// <summary>How many unfinished sentences are kept; 1 is greedy decoding.</summary>
    public int Width { get; init; } = 4;

    /// <summary>α: a sentence of n ids, the end included, is ranked by its log-probability divided by ((5 + n) / 6)^α. 0 ranks by probability alone, which favours short sentences.</summary>
    public double LengthPenalty { get; init; } = 0.6;

    /// <summary>How many answers are given to each sentence, from 1 to <see cref="Width"/>.</summary>
    public int Answers { get; init; } = 1;

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        Require(Width > 0, $"A beam has a width of 1 at least; it is {Width}.");
        Require(Answers > 0 && Answers <= Width, $"A beam of width {Width} gives from 1 to {Width} answers, not {Answers}.");
        Require(double.IsFinite(LengthPenalty) && LengthPenalty >= 0, FormattableString.Invariant($"A length penalty is a number from 0 on; it is {LengthPenalty}."));
    }
}
