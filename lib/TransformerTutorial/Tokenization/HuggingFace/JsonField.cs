using System.Text.Json;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>
/// A value in a JSON file together with the file's name and the path to the value, so that every error says where it is:
/// <c>tokenizer.json: model.merges[3]: expected two symbols, found 1</c>.
/// </summary>
internal readonly struct JsonField
{
    private readonly JsonElement _element;

    private JsonField(JsonElement element, string file, string path)
    {
        _element = element;
        File = file;
        Path = path;
    }

    /// <summary>The file's name.</summary>
    public string File { get; }

    /// <summary>The path from the top of the file, empty for the top itself.</summary>
    public string Path { get; }

    /// <summary>Whether the value is missing or null.</summary>
    public bool IsMissing => _element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>The kind of value that stands in the file.</summary>
    public JsonValueKind Kind => _element.ValueKind;

    /// <summary>The value itself.</summary>
    public JsonElement Element => _element;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON.</exception>
    public static JsonField Parse(Stream stream, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            return new JsonField(document.RootElement.Clone(), file, "");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}: not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.", error);
        }
    }

    /// <summary>A member of an object; a field that <see cref="IsMissing"/> where there is none.</summary>
    public JsonField this[string name]
    {
        get
        {
            Expect(JsonValueKind.Object, "an object");
            return new JsonField(_element.TryGetProperty(name, out var member) ? member : default, File, Path.Length == 0 ? name : $"{Path}.{name}");
        }
    }

    /// <summary>The members of an object, in the order of the file. A name that stands there twice is an error.</summary>
    public IEnumerable<KeyValuePair<string, JsonField>> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _element.EnumerateObject())
        {
            var name = Text(() => member.Name);
            var field = new JsonField(member.Value, File, $"{Path}[{JsonSerializer.Serialize(name)}]");
            if (!seen.Add(name))
            {
                throw field.Error("stands there twice");
            }

            yield return KeyValuePair.Create(name, field);
        }
    }

    /// <summary>The items of an array.</summary>
    public IEnumerable<JsonField> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        var index = 0;
        foreach (var item in _element.EnumerateArray())
        {
            yield return new JsonField(item, File, $"{Path}[{index++}]");
        }
    }

    /// <summary>A string.</summary>
    public string String()
    {
        Expect(JsonValueKind.String, "a string");
        var element = _element;
        return Text(() => element.GetString()!);
    }

    /// <summary>A string, or null where it is missing.</summary>
    public string? OptionalString() => IsMissing ? null : String();

    /// <summary>A whole number from 0 on.</summary>
    public int Integer()
    {
        Expect(JsonValueKind.Number, "a number");
        return _element.TryGetInt32(out var value) && value >= 0 ? value : throw Error($"expected a whole number from 0 to {int.MaxValue}, found {_element.GetRawText()}");
    }

    /// <summary>true or false, or a default where it is missing.</summary>
    public bool Boolean(bool whenMissing) => IsMissing ? whenMissing : _element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"expected true or false, found {Found()}"),
    };

    /// <summary>The member <c>type</c>, by which a file says what an object describes.</summary>
    public string Type() => this["type"].String();

    /// <summary>Throws where an object has a member that is not named here: what nobody reads must not be lost in silence.</summary>
    public void HasOnly(params ReadOnlySpan<string> names)
    {
        Expect(JsonValueKind.Object, "an object");
        foreach (var member in _element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw this[member.Name].Error("is not a field that this reader knows");
            }
        }
    }

    /// <summary>An error that says where it is.</summary>
    public InvalidDataException Error(string problem) => new(Path.Length == 0 ? $"{File}: {problem}." : $"{File}: {Path}: {problem}.");

    private void Expect(JsonValueKind kind, string what)
    {
        if (_element.ValueKind != kind)
        {
            throw Error($"expected {what}, found {Found()}");
        }
    }

    private string Found() => _element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidDataException($"{File}: {Path}: the string holds half of a surrogate pair.", error);
        }
    }
}
