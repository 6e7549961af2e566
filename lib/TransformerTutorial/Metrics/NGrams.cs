namespace TransformerTutorial.Metrics;

/// <summary>Counts runs of n neighbours: of words, or of characters.</summary>
/// <remarks>Only sums are taken of these counts, so the order of a dictionary's entries is never seen.</remarks>
internal static class NGrams
{
    private static readonly Dictionary<string, long> Nothing = [];

    /// <summary>How often each run of n words stands in a text. Words hold no spaces, so joined by a space they are one key.</summary>
    public static Dictionary<string, long> Count(string[] words, int n)
    {
        if (words.Length < n)
        {
            return Nothing;
        }

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i + n <= words.Length; i++)
        {
            var key = n == 1 ? words[i] : string.Join(' ', words, i, n);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    /// <summary>How often each run of n characters stands in a text; a character of two UTF-16 units is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="starts">Where its characters begin, and its length at the end.</param>
    /// <param name="n">How many characters a run has.</param>
    public static Dictionary<string, long> Count(string text, List<int> starts, int n)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i + n < starts.Count; i++)
        {
            var key = text[starts[i]..starts[i + n]];
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    /// <summary>For each run, how often the text has it that has it most often.</summary>
    public static Dictionary<string, long> Most(IEnumerable<Dictionary<string, long>> texts)
    {
        Dictionary<string, long>? most = null;
        foreach (var counts in texts)
        {
            if (most is null)
            {
                most = counts.Count == 0 ? new(StringComparer.Ordinal) : counts;
                continue;
            }

            foreach (var (key, count) in counts)
            {
                most[key] = Math.Max(most.GetValueOrDefault(key), count);
            }
        }

        return most ?? Nothing;
    }

    /// <summary>How many runs two texts share, each as often as the text has it that has it less often.</summary>
    public static long Matches(Dictionary<string, long> one, Dictionary<string, long> other)
    {
        var matches = 0L;
        foreach (var (key, count) in one)
        {
            matches += Math.Min(count, other.GetValueOrDefault(key));
        }

        return matches;
    }
}
