namespace TransformerTutorial.Benchmarks;

/// <summary>The text of two of the benchmarks: Debian's bible-kjv, read from the program of that name.</summary>
internal static class KingJamesBible
{
    /// <summary>Its verses without their references.</summary>
    public static IEnumerable<string> Verses()
    {
        Environment.SetEnvironmentVariable("COLUMNS", "100000");
        return ProcessRun.Of("bible", "-f", "gen1:1-rev22:21").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(verse => verse[(verse.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }
}
