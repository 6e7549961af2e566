using System.Text.Json;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>What tiktoken gives with the published patterns and rank tables of our own.</summary>
public class OracleTiktokenTests
{
    public static TheoryData<string> Encodings => ["r50k_base", "cl100k_base", "o200k_base"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Ids_are_those_of_tiktoken(string name)
    {
        var tokenizer = Load(name, out var vectors);
        var expected = OracleFiles.Integers(vectors.GetProperty("ids"));
        IReadOnlyList<string> texts = [.. OracleFiles.Written, .. OracleFiles.Random];
        Assert.Equal(texts.Count, expected.Length);
        var differences = new List<string>();
        for (var i = 0; i < texts.Count; i++)
        {
            var ids = tokenizer.EncodeToIds(texts[i]);
            if (!ids.SequenceEqual(expected[i]))
            {
                differences.Add($"{OracleFiles.Show(texts[i])}: expected {string.Join(' ', expected[i])}, got {string.Join(' ', ids)}");
            }

            Assert.Equal(texts[i], tokenizer.Decode(ids));
        }

        OracleFiles.NoDifferences(differences, texts.Count);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Special_tokens_are_those_of_tiktoken_where_it_is_asked_for_them(string name)
    {
        var tokenizer = Load(name, out var vectors).With(SpecialTokenMode.Recognize);
        var ordinary = OracleFiles.Integers(vectors.GetProperty("ids"));
        var rows = vectors.GetProperty("withSpecialTokens").EnumerateArray().ToList();
        Assert.Contains(rows, row => row.ValueKind == JsonValueKind.Array);
        for (var i = 0; i < rows.Count; i++)
        {
            var expected = rows[i].ValueKind == JsonValueKind.Null ? ordinary[i] : [.. rows[i].EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(expected, tokenizer.EncodeToIds(OracleFiles.Written[i]));
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_rank_table_survives_as_tokenizer_json(string name)
    {
        var tokenizer = Load(name, out var vectors);
        using var saved = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(TokenizerJson.ToJson(tokenizer)));
        var again = Assert.IsType<BytePairTokenizer>(TokenizerJson.Load(saved, name));
        var expected = OracleFiles.Integers(vectors.GetProperty("ids"));
        for (var i = 0; i < OracleFiles.Written.Count; i++)
        {
            Assert.Equal(expected[i], again.EncodeToIds(OracleFiles.Written[i]));
        }
    }

    /// <summary>The rank tables that OpenAI publishes, where the environment variable TUTORIAL_RANKS names a folder that has them.</summary>
    [PublishedRanksTheory]
    [MemberData(nameof(Encodings))]
    public void Ids_with_the_published_ranks_are_those_of_tiktoken(string name)
    {
        var file = Path.Combine(PublishedRanksTheoryAttribute.Folder!, $"{name}.tiktoken");
        var tokenizer = BytePairTokenizer.LoadTiktoken(file, BytePairPatterns.All.Single(scanner => scanner.Pattern == OracleFiles.Read("tiktoken/patterns.json").GetProperty(name).GetString()));
        var expected = OracleFiles.Integers(OracleFiles.Read("tiktoken/vectors/production.json").GetProperty(name));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], tokenizer.EncodeToIds(OracleFiles.Written[i]));
        }
    }

    internal static BytePairTokenizer Load(string name, out JsonElement vectors)
    {
        vectors = OracleFiles.Read($"tiktoken/vectors/{name}.json");
        var scanner = BytePairPatterns.All.Single(scanner => scanner.Pattern == OracleFiles.Read($"tiktoken/vectors/{name}.json").GetProperty("pattern").GetString());
        var special = vectors.GetProperty("special").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetInt32());
        return BytePairTokenizer.LoadTiktoken(OracleFiles.PathOf($"tiktoken/ranks/{name}.tiktoken"), scanner, special);
    }
}

/// <summary>A theory that needs the published rank tables, which are not in the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublishedRanksTheoryAttribute : TheoryAttribute
{
    public PublishedRanksTheoryAttribute()
    {
        if (Folder is null)
        {
            Skip = "The environment variable TUTORIAL_RANKS names no folder with r50k_base.tiktoken, cl100k_base.tiktoken and o200k_base.tiktoken.";
        }
    }

    public static string? Folder => Environment.GetEnvironmentVariable("TUTORIAL_RANKS") is { Length: > 0 } folder ? folder : null;
}
