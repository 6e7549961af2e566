namespace TransformerTutorial.Metrics;

/// <summary>A chrF score. As text: <c>chrF2++ = 61.52</c>, sacreBLEU's line.</summary>
/// <param name="Score">From 0 to 100.</param>
/// <param name="Precision">The mean share of the hypotheses' runs that stand in the references, in percent.</param>
/// <param name="Recall">The mean share of the references' runs that stand in the hypotheses, in percent.</param>
/// <param name="Name"><c>chrF2</c>: the number is β, each + a length of words.</param>
/// <param name="Signature">How it was computed, to be reported beside it.</param>
public sealed record ChrFScore(double Score, double Precision, double Recall, string Name, string Signature)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {FixedText.Of(Score, 2)}";
}
