using TransformerTutorial.Data;
using TransformerTutorial.Metrics;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>What limits a translator's score, counted: sentences with characters that training rarely or never saw, long ones, words that it could not learn, and the chance that a right translation is not the one written down.</summary>
/// <param name="ByRarestCharacter">BLEU of the sentences whose rarest Chinese character stands so often in the training pairs.</param>
/// <param name="ByLength">BLEU of the sentences of so many Chinese characters.</param>
/// <param name="ReferenceWords">How often the references' words (13a) stand in the training pairs' English.</param>
/// <param name="SeveralReferences">What one reference hides, on the sentences that have several; null where there are none.</param>
internal sealed record TranslationLimits(TranslationLimits.Part[] ByRarestCharacter, TranslationLimits.Part[] ByLength, TranslationLimits.Words ReferenceWords, TranslationLimits.References? SeveralReferences)
{
    private static readonly int[] Frequencies = [0, 1, 3, 10, 30, 100];
    private static readonly int[] Lengths = [1, 6, 9, 12, 16, 21];

    /// <summary>Counts.</summary>
    public static TranslationLimits Of(IReadOnlyList<SentencePair> training, IReadOnlyList<SentencePair> test, IReadOnlyList<string> hypotheses)
    {
        var characters = training.SelectMany(pair => pair.Chinese.EnumerateRunes()).CountBy(rune => rune).ToDictionary();
        var words = training.SelectMany(pair => Bleu.Words(pair.English)).CountBy(word => word).ToDictionary();
        int[] wordCounts = [.. test.SelectMany(pair => Bleu.Words(pair.English)).Select(word => words.GetValueOrDefault(word))];
        return new(
            Parts(Frequencies, pair => pair.Chinese.EnumerateRunes().Min(rune => characters.GetValueOrDefault(rune))),
            Parts(Lengths, pair => pair.Chinese.EnumerateRunes().Count()),
            new(wordCounts.Length, wordCounts.Count(count => count == 0), wordCounts.Count(count => count < 3), test.Count(pair => Bleu.Words(pair.English).Any(word => words.GetValueOrDefault(word) < 3))),
            Several(test, hypotheses));

        // Each part goes from its own border to the next one's.
        Part[] Parts(int[] borders, Func<SentencePair, int> number) =>
            [.. test.Zip(hypotheses, (pair, hypothesis) => (Pair: pair, Hypothesis: hypothesis, Part: Array.FindLastIndex(borders, border => number(pair) >= border)))
                .GroupBy(one => one.Part).OrderBy(part => part.Key)
                .Select(part => new Part(
                    borders[part.Key],
                    part.Key + 1 < borders.Length ? borders[part.Key + 1] - 1 : null,
                    part.Count(),
                    Score(Bleu.Corpus([.. part.Select(one => one.Hypothesis)], [.. part.Select(one => one.Pair.English)]))))];
    }

    private static References? Several(IReadOnlyList<SentencePair> test, IReadOnlyList<string> hypotheses)
    {
        var groups = test.Zip(hypotheses, (pair, hypothesis) => (pair.Chinese, pair.English, Hypothesis: hypothesis)).GroupBy(one => one.Chinese)
            .Select(group => (group.First().Hypothesis, References: group.Select(one => one.English).Distinct().ToArray())).Where(group => group.References.Length > 1).ToArray();
        return groups.Length == 0 ? null : new(
            groups.Length,
            Score(Bleu.Corpus([.. groups.Select(group => group.Hypothesis)], [.. groups.Select(group => group.References[0])])),
            Score(Bleu.Corpus([.. groups.Select(group => group.Hypothesis)], [.. groups.Select(group => (IReadOnlyList<string>)group.References)])),
            Score(Bleu.Corpus([.. groups.Select(group => group.References[1])], [.. groups.Select(group => group.References[0])])));
    }

    private static double Score(BleuScore score) => Math.Round(score.Score, 2);

    /// <summary>Sentences of which a number is from <paramref name="From"/> to <paramref name="To"/>, or to any if that is null.</summary>
    internal sealed record Part(int From, int? To, int Sentences, double Bleu);

    /// <summary>Words of the references: all, those that training never has, those that it has less than three times; and how many sentences have one of the last.</summary>
    internal sealed record Words(int All, int Never, int LessThanThrice, int SentencesWithOne);

    /// <summary>Chinese sentences with several English ones: the translator's BLEU against the first, against all; and of the second, a person's translation too, against the first.</summary>
    internal sealed record References(int Sentences, double BleuAgainstOne, double BleuAgainstAll, double BleuOfAnother);
}
