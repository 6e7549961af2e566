namespace TransformerTutorial.Metrics;

/// <summary>How many translations are a reference, character by character, spaces at both ends aside. As text: <c>exact match = 75.00% (3 of 4)</c>.</summary>
/// <param name="Matches">How many are.</param>
/// <param name="Total">Of how many.</param>
public sealed record ExactMatch(int Matches, int Total)
{
    /// <summary>The share, from 0 to 1.</summary>
    public double Share => (double)Matches / Total;

    /// <summary>The count for translations with one reference each.</summary>
    /// <exception cref="ArgumentException">There are no translations, or more or fewer references; the message says how many.</exception>
    public static ExactMatch Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) => Corpus(hypotheses, MetricChecks.OneEach(references));

    /// <summary>The count for translations with several references each: <c>references[i]</c> belong to <c>hypotheses[i]</c>.</summary>
    /// <exception cref="ArgumentException">There are no translations, one without a reference, or more or fewer references than translations; the message names it.</exception>
    public static ExactMatch Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        MetricChecks.RequirePairs(hypotheses, references);
        var matches = hypotheses.Zip(references).Count(pair => pair.Second.Any(reference => reference.AsSpan().Trim().SequenceEqual(pair.First.AsSpan().Trim())));
        return new(matches, hypotheses.Count);
    }

    /// <inheritdoc/>
    public override string ToString() => $"exact match = {FixedText.Of(100 * Share, 2)}% ({Matches} of {Total})";
}
