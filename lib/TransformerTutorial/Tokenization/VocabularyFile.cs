using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TransformerTutorial.Tokenization;

/// <summary><c>vocab.json</c>: one JSON object of tokens and ids. Ids may have gaps and any order; two equal tokens or ids are an error.</summary>
internal static class VocabularyFile
{
    /// <summary>Reads a vocabulary.</summary>
    /// <exception cref="InvalidDataException">The file is no such object; the message names file and line.</exception>
    public static Dictionary<string, int> Read(byte[] content, string name)
    {
        var json = content.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? content.AsSpan(Encoding.UTF8.Preamble.Length) : content;
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>();
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw Error(json, reader.TokenStartIndex, name, "a vocabulary is one JSON object of tokens and ids");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var token = reader.GetString()!;
                var start = reader.TokenStartIndex;
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id is < 0 or > BytePairModel.LargestId)
                {
                    throw Error(json, start, name, $"the token '{token}' needs an id that is an integer from 0 to {BytePairModel.LargestId}");
                }

                if (!vocabulary.TryAdd(token, id))
                {
                    throw Error(json, start, name, $"the token '{token}' comes twice, with the ids {vocabulary[token]} and {id}");
                }

                if (!tokens.TryAdd(id, token))
                {
                    throw Error(json, start, name, $"the tokens '{tokens[id]}' and '{token}' have the same id {id}");
                }
            }

            // Whatever follows makes the reader throw.
            reader.Read();
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Line {error.LineNumber + 1} of '{name}' is not JSON: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw Error(json, reader.TokenStartIndex, name, $"a token is not valid text ({error.Message})");
        }

        return vocabulary;
    }

    /// <summary>Writes a vocabulary, one token a line by ascending ids.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, int> vocabulary)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        foreach (var (token, id) in vocabulary.OrderBy(pair => pair.Value))
        {
            writer.WriteNumber(token, id);
        }

        writer.WriteEndObject();
    }

    private static InvalidDataException Error(ReadOnlySpan<byte> json, long position, string name, string what) =>
        new($"Line {json[..(int)position].Count((byte)'\n') + 1} of '{name}': {what}.");
}
