namespace TransformerTutorial.Metrics;

/// <summary>What the metrics of texts share: what they refuse, and how a signature begins and ends.</summary>
internal static class MetricChecks
{
    /// <summary>The end of a signature, where sacreBLEU writes its version.</summary>
    public const string Implementation = "definition:sacreBLEU-2.6.0|implementation:TransformerTutorial";

    /// <summary>A list of one reference for each.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> OneEach(IReadOnlyList<string> references)
    {
        ArgumentNullException.ThrowIfNull(references);
        return [.. references.Select(reference => (IReadOnlyList<string>)[reference])];
    }

    /// <summary>How many references each has, or <c>var</c> where not all have as many.</summary>
    public static string ReferenceCount(IReadOnlyList<IReadOnlyList<string>> references) =>
        references.All(truths => truths.Count == references[0].Count) ? $"{references[0].Count}" : "var";

    /// <summary>Refuses empty corpora, numbers that don't fit, and texts that are null.</summary>
    public static void RequirePairs(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        if (hypotheses.Count == 0 || hypotheses.Count != references.Count)
        {
            throw new ArgumentException(
                hypotheses.Count == 0 ? "There are no translations, and a score of nothing has no meaning." : $"There are {hypotheses.Count} translations, but references for {references.Count}.", nameof(references));
        }

        for (var i = 0; i < hypotheses.Count; i++)
        {
            if (hypotheses[i] is null || references[i] is null || references[i].Count == 0 || references[i].Contains(null!))
            {
                throw new ArgumentException($"Translation {i} {(hypotheses[i] is null ? "is null" : references[i] is { Count: > 0 } ? "has a reference that is null" : "has no reference")}.", nameof(references));
            }
        }
    }
}
