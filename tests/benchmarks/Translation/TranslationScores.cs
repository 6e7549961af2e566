using System.Globalization;
using TransformerTutorial.Data;
using TransformerTutorial.Metrics;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>How good translations are, rounded as the files of measurements have it.</summary>
/// <param name="Bleu">BLEU of them all (13a).</param>
/// <param name="ChrF">chrF of them all.</param>
/// <param name="Exact">How many are exactly right, in per cent.</param>
internal sealed record TranslationScores(double Bleu, double ChrF, double Exact)
{
    public static TranslationScores Of(string[] translations, IReadOnlyList<SentencePair> pairs)
    {
        string[] references = [.. pairs.Select(pair => pair.English)];
        return new(
            Math.Round(Metrics.Bleu.Corpus(translations, references).Score, 3),
            Math.Round(Metrics.ChrF.Corpus(translations, references).Score, 3),
            Math.Round(100 * ExactMatch.Corpus(translations, references).Share, 3));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"BLEU {Bleu:F1} chrF {ChrF:F1} exact {Exact:F1}%");
}
