using System.Globalization;

namespace TransformerTutorial.Metrics;

/// <summary>A BLEU score with what it is made of. As text: <c>BLEU = 54.02 94.7/61.1/47.1/31.2 (BP = 1.000 ratio = 1.000 hyp_len = 19 ref_len = 19)</c>, sacreBLEU's line.</summary>
/// <param name="Score">From 0 to 100: the brevity penalty times the geometric mean of the precisions.</param>
/// <param name="Precisions">For n-grams of 1, 2, … words, the share of the hypotheses' that stand in a reference, in percent, smoothed; all 0 where no word matches.</param>
/// <param name="BrevityPenalty">1 if the hypotheses are as long as the references or longer, else e^(1 − r/h).</param>
/// <param name="HypothesisLength">Words of all hypotheses, h.</param>
/// <param name="ReferenceLength">Words of all references, r; of several references the one whose length is closest, of two as close the shorter.</param>
/// <param name="Matches">For each length of n-grams, how many of the hypotheses' stand in a reference, each at most as often as there. Before smoothing.</param>
/// <param name="Totals">For each length, how many n-grams the hypotheses have. Before smoothing.</param>
/// <param name="Signature">How it was computed, to be reported beside it.</param>
public sealed record BleuScore(
    double Score,
    IReadOnlyList<double> Precisions,
    double BrevityPenalty,
    long HypothesisLength,
    long ReferenceLength,
    IReadOnlyList<long> Matches,
    IReadOnlyList<long> Totals,
    string Signature)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var precisions = string.Join('/', Precisions.Select(precision => FixedText.Of(precision, 1)));
        var ratio = ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;
        return string.Create(CultureInfo.InvariantCulture, $"BLEU = {FixedText.Of(Score, 2)} {precisions} (BP = {FixedText.Of(BrevityPenalty, 3)} ratio = {FixedText.Of(ratio, 3)} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
    }
}
