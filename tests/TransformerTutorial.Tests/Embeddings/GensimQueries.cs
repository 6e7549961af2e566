using System.Text.Json;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Embeddings;

/// <summary>What gensim computed: tests/oracles/gensim/word_vectors.</summary>
internal static class GensimQueries
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllBytes(PathOf("queries.json"))).RootElement);

    public static string PathOf(string name) => Repository.PathOf("tests", "oracles", "gensim", "word_vectors", name);

    public static IEnumerable<JsonElement> Rows(string name) => Root.Value.GetProperty(name).EnumerateArray();

    public static string[] Texts(JsonElement row) => [.. row.EnumerateArray().Select(text => text.GetString()!)];

    public static (string Word, double Score)[] Found(JsonElement row) => [.. row.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetDouble()))];
}
