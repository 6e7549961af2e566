using System.Text.Json;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>The vectors in tests/oracles: what other libraries compute. See the README there.</summary>
internal static class OracleFiles
{
    private static readonly Lazy<(string[] Written, string[] Random)> AllTexts = new(() =>
    {
        var file = Read("texts/texts.json");
        return (Strings(file.GetProperty("written")), Strings(file.GetProperty("random")));
    });

    /// <summary>Texts of our own, one for each thing that a tokenizer may get wrong.</summary>
    public static IReadOnlyList<string> Written => AllTexts.Value.Written;

    /// <summary>Random texts.</summary>
    public static IReadOnlyList<string> Random => AllTexts.Value.Random;

    /// <summary>The texts of most vectors: all written ones, the first 500 random ones.</summary>
    public static IReadOnlyList<string> Texts { get; } = [.. Written, .. Random.Take(500)];

    /// <summary>The texts that the models were trained on, cut as the trainers read them: lines with their line ends.</summary>
    public static IEnumerable<string> CorpusLines =>
        Directory.EnumerateFiles(PathOf("corpus"), "*.txt").Order(StringComparer.Ordinal).SelectMany(file => LinesOf(File.ReadAllText(file)));

    public static string PathOf(string name) => Repository.PathOf("tests", "oracles", name);

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return document.RootElement.Clone();
    }

    public static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    public static string?[] OptionalStrings(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString())];

    public static int[][] Integers(JsonElement array) => [.. array.EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Null ? [] : row.EnumerateArray().Select(item => item.GetInt32()).ToArray())];

    /// <summary>A text as it can be read in a message, and pasted into a test.</summary>
    public static string Show(string text) => JsonSerializer.Serialize(text);

    /// <summary>Fails with the first of many differences.</summary>
    public static void NoDifferences(IReadOnlyCollection<string> differences, int compared) =>
        Assert.True(differences.Count == 0, $"{differences.Count} of {compared} differ:\n{string.Join('\n', differences.Take(12))}");

    private static IEnumerable<string> LinesOf(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            yield return text[start..end];
            start = end;
        }
    }
}
