using TransformerTutorial.Plots;
using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>Draws weights or scores as maps, one panel a head: queries downwards, keys from left to right. Weights have one colour scale from 0 to 1, so that panels can be compared.</summary>
internal static class AttentionMaps
{
    private const int MostColumns = 4;
    private const int LargestWithNumbers = 6;

    public static FigureGrid Draw(IReadOnlyList<AttentionRecord> records, string[] queries, string[] keys, string? title, int sentence, bool showScores, string? altText)
    {
        var panels = records.SelectMany(record => Panels(record, records.Count > 1, queries, keys, sentence, showScores)).ToArray();
        var columns = Math.Min(MostColumns, panels.Length);
        var what = showScores ? "scores" : "weights";
        var names = string.Join(", ", records.Select(record => record.Name).Distinct());
        return new FigureGrid
        {
            Title = title ?? $"Attention {what}: {names}",
            AltText = altText ?? $"{Count(panels.Length, "map")} of attention {what} ({names}), {Count(queries.Length, "query", "queries")} downwards, {Count(keys.Length, "key")} from left to right. Queries: {string.Join(", ", queries)}. Keys: {string.Join(", ", keys)}.",
            Columns = columns,
            Panels = panels,
        };
    }

    private static List<Panel> Panels(AttentionRecord record, bool hasOthers, string[] queries, string[] keys, int sentence, bool showScores)
    {
        var values = showScores ? record.Scores : record.Weights;
        if (values.shape[^2] != queries.Length || values.shape[^1] != keys.Length)
        {
            throw new ArgumentException($"There are {queries.Length} labels for queries and {keys.Length} for keys, but '{record.Name}' attended from {values.shape[^2]} queries to {values.shape[^1]} keys.");
        }

        using var scope = NewDisposeScope();
        var maps = values.ndim switch
        {
            2 => values.unsqueeze(0).unsqueeze(0),
            3 => values.unsqueeze(1),
            4 => values,
            _ => throw new ArgumentException($"Only weights of shape (T, S), (B, T, S) or (B, h, T, S) can be drawn; those of '{record.Name}' are {MaskChecks.Text(values.shape)}."),
        };                                                                                                   // (B, h, T, S)
        ArgumentOutOfRangeException.ThrowIfNegative(sentence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sentence, maps.shape[0]);
        var heads = maps.shape[1];
        var panels = new List<Panel>();
        for (var head = 0L; head < heads; head++)
        {
            var numbers = maps[sentence, head].to(ScalarType.Float64).contiguous().data<double>().ToArray(); // (T, S)
            var map = Plot.HeatMap(numbers.Chunk(keys.Length), keys, queries) with
            {
                Minimum = showScores ? null : 0,
                Maximum = showScores ? null : 1,
                ColorTitle = showScores ? "score" : "weight",
                ShowValues = queries.Length <= LargestWithNumbers && keys.Length <= LargestWithNumbers,
            };
            panels.Add(new Panel(Title(record.Name, head, heads, hasOthers))
            {
                Traces = [map],
                XAxis = new Axis("key"),
                YAxis = new Axis("query"),
            });
        }

        return panels;
    }

    private static string Title(string name, long head, long heads, bool hasOthers) =>
        heads == 1 ? name : hasOthers ? $"{name}, head {head}" : $"head {head}";

    private static string Count(int count, string one, string? many = null) => count == 1 ? $"one {one}" : $"{count} {many ?? one + "s"}";
}
