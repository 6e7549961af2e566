namespace TransformerTutorial.Decoding;

/// <summary>What was written of one sentence so far: a last word and all before it, which other hypotheses may share.</summary>
/// <param name="Before">All but the last word; null where that is the first.</param>
/// <param name="Row">In which row of its step the word was chosen.</param>
/// <param name="Written">The word.</param>
/// <param name="Candidates">The likeliest words of that step.</param>
internal sealed record Hypothesis(Hypothesis? Before, int Row, Candidate Written, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>How many ids it has, the end included.</summary>
    public int Length { get; } = (Before?.Length ?? 0) + 1;

    /// <summary>The sum over its words.</summary>
    public double LogProbability { get; } = (Before?.LogProbability ?? 0) + Written.LogProbability;

    /// <summary>Its words from the first on.</summary>
    public List<Hypothesis> Words()
    {
        var words = new List<Hypothesis>(Length);
        for (var word = this; word is not null; word = word.Before)
        {
            words.Add(word);
        }

        words.Reverse();
        return words;
    }
}
