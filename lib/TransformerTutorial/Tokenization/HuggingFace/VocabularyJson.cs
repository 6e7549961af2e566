using System.Text.Json.Nodes;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>The vocabulary of a model and the added tokens beside it.</summary>
internal static class VocabularyJson
{
    /// <summary>Reads <c>{"token": id, ...}</c>.</summary>
    /// <exception cref="InvalidDataException">A token stands there twice, or an id belongs to two tokens.</exception>
    public static Dictionary<string, int> Read(JsonField field)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var byId = new Dictionary<int, string>();
        foreach (var (token, id) in field.Members())
        {
            Add(vocabulary, byId, token, id.Integer(), id);
        }

        return vocabulary;
    }

    /// <summary>Reads <c>added_tokens</c>, and adds to the vocabulary those that it lacks.</summary>
    public static List<AddedToken> ReadAdded(JsonField field, Dictionary<string, int> vocabulary)
    {
        var tokens = new List<AddedToken>();
        if (field.IsMissing)
        {
            return tokens;
        }

        var byId = vocabulary.ToDictionary(entry => entry.Value, entry => entry.Key);
        foreach (var item in field.Items())
        {
            item.HasOnly("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var token = new AddedToken(item["id"].Integer(), item["content"].String())
            {
                SingleWord = item["single_word"].Boolean(false),
                StripLeft = item["lstrip"].Boolean(false),
                StripRight = item["rstrip"].Boolean(false),
                Normalized = item["normalized"].Boolean(true),
                Special = item["special"].Boolean(false),
            };
            if (token.Content.Length == 0)
            {
                throw item["content"].Error("is empty");
            }

            if (tokens.Exists(other => other.Content == token.Content))
            {
                throw item["content"].Error($"'{token.Content}' stands there twice");
            }

            if (vocabulary.TryGetValue(token.Content, out var id) && id != token.Id)
            {
                throw item["id"].Error($"'{token.Content}' has the id {token.Id} here and {id} in the vocabulary");
            }

            if (!vocabulary.ContainsKey(token.Content))
            {
                Add(vocabulary, byId, token.Content, token.Id, item["id"]);
            }

            tokens.Add(token);
        }

        return tokens;
    }

    /// <summary>Writes a vocabulary by ids.</summary>
    public static JsonObject Write(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        var json = new JsonObject();
        foreach (var (token, id) in vocabulary.OrderBy(entry => entry.Value))
        {
            json.Add(token, id);
        }

        return json;
    }

    /// <summary>Writes special tokens as <c>added_tokens</c>, to be found in the text exactly as they are spelled.</summary>
    public static JsonArray WriteAdded(IReadOnlyDictionary<string, int> specialTokens) => new([.. specialTokens.OrderBy(entry => entry.Value).Select(entry => new JsonObject
    {
        ["id"] = entry.Value,
        ["content"] = entry.Key,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    })]);

    private static void Add(Dictionary<string, int> vocabulary, Dictionary<int, string> byId, string token, int id, JsonField field)
    {
        if (!byId.TryAdd(id, token))
        {
            throw field.Error($"the id {id} belongs to '{byId[id]}' already");
        }

        vocabulary.Add(token, id);
    }
}
