namespace TransformerTutorial.Metrics;

/// <summary>
/// chrF: the F-score of the runs of 1 to 6 characters that a translation and its reference share. It needs no words, so it is as good for Chinese as for English, and gives a nearly right word its due. To sacreBLEU's definition.
/// </summary>
/// <remarks>
/// Source: M. Popović 2015, "chrF: character n-gram F-score for automatic MT evaluation", equation 1, and 2017, "chrF++: words helping character n-grams". White space is left out. Lengths for which one side has no run count in
/// no mean. Of several references, a sentence is compared with the one for which its own score is best.
/// </remarks>
/// <example><c>ChrF.Corpus(["the cat sat on the mat"], ["the cat sat on a mat"]).ToString()</c> is <c>chrF2 = 72.08</c>.</example>
public static class ChrF
{
    private const string Marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>The score of translations with one reference each.</summary>
    /// <param name="hypotheses">The translations.</param>
    /// <param name="references">The right translation of each.</param>
    /// <param name="options">How it is computed; null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">There are no translations, or more or fewer references; the message says how many.</exception>
    public static ChrFScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, ChrFOptions? options = null) => Corpus(hypotheses, MetricChecks.OneEach(references), options);

    /// <summary>The score of translations with several references each.</summary>
    /// <param name="hypotheses">The translations.</param>
    /// <param name="references">The right translations of each: <c>references[i]</c> belong to <c>hypotheses[i]</c>.</param>
    /// <param name="options">How it is computed; null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">There are no translations, one without a reference, or more or fewer references than translations; the message names it.</exception>
    public static ChrFScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, ChrFOptions? options = null)
    {
        options ??= new();
        options.Validate();
        MetricChecks.RequirePairs(hypotheses, references);
        var sums = new Run[options.CharacterOrder + options.WordOrder];
        for (var i = 0; i < hypotheses.Count; i++)
        {
            var hypothesis = Runs(hypotheses[i], options);
            var (best, bestScore) = (Array.Empty<Run>(), -1.0);
            foreach (var reference in references[i])
            {
                Run[] runs = [.. hypothesis.Zip(Runs(reference, options), Run.Of)];
                var score = Score(runs, options.Beta).Score;
                (best, bestScore) = score > bestScore ? (runs, score) : (best, bestScore);
            }

            for (var n = 0; n < sums.Length; n++)
            {
                sums[n] += best[n];
            }
        }

        var (total, precision, recall) = Score(sums, options.Beta);
        var signature = $"nrefs:{MetricChecks.ReferenceCount(references)}|case:mixed|eff:yes|nc:{options.CharacterOrder}|nw:{options.WordOrder}|space:no|{MetricChecks.Implementation}";
        return new(100 * total, 100 * precision, 100 * recall, $"chrF{options.Beta}{new string('+', options.WordOrder)}", signature);
    }

    // The counts of one length: of runs on each side, and of those on both.
    private readonly record struct Run(long Hypothesis, long Reference, long Matches)
    {
        // Where the reference has no run of this length, the hypothesis's are not counted.
        public static Run Of(Dictionary<string, long> hypothesis, Dictionary<string, long> reference) =>
            new(reference.Count == 0 ? 0 : hypothesis.Values.Sum(), reference.Values.Sum(), NGrams.Matches(hypothesis, reference));

        public static Run operator +(Run a, Run b) => new(a.Hypothesis + b.Hypothesis, a.Reference + b.Reference, a.Matches + b.Matches);
    }

    private static (double Score, double Precision, double Recall) Score(IEnumerable<Run> runs, int beta)
    {
        var (precision, recall, lengths) = (0.0, 0.0, 0);
        foreach (var run in runs.Where(run => run is { Hypothesis: > 0, Reference: > 0 }))
        {
            precision += (double)run.Matches / run.Hypothesis;
            recall += (double)run.Matches / run.Reference;
            lengths++;
        }

        if (precision + recall == 0)
        {
            return (0, 0, 0);
        }

        (precision, recall) = (precision / lengths, recall / lengths);
        var square = (double)beta * beta;
        return ((1 + square) * precision * recall / (square * precision + recall), precision, recall);
    }

    private static List<Dictionary<string, long>> Runs(string text, ChrFOptions options)
    {
        var solid = string.Concat(WhiteSpace.Split(text));
        var starts = new List<int>(solid.Length + 1);
        for (var i = 0; i < solid.Length; i += char.IsSurrogatePair(solid, i) ? 2 : 1)
        {
            starts.Add(i);
        }

        starts.Add(solid.Length);
        string[] words = options.WordOrder == 0 ? [] : [.. WhiteSpace.Split(text).SelectMany(Apart)];
        return
        [
            .. Enumerable.Range(1, options.CharacterOrder).Select(n => NGrams.Count(solid, starts, n)),
            .. Enumerable.Range(1, options.WordOrder).Select(n => NGrams.Count(words, n)),
        ];
    }

    // One mark of ASCII's punctuation at the end of a word stands apart; if there is none, one at its beginning.
    private static IEnumerable<string> Apart(string word)
    {
        var hasOneCharacter = word.Length == 1 || (word.Length == 2 && char.IsSurrogatePair(word, 0));
        return hasOneCharacter ? [word] : Marks.Contains(word[^1], StringComparison.Ordinal) ? [word[..^1], word[^1..]] : Marks.Contains(word[0], StringComparison.Ordinal) ? [word[..1], word[1..]] : [word];
    }
}
