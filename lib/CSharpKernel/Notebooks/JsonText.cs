using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSharpKernel.Notebooks;

/// <summary>A place in a text: line and column, both counted from 1, the column in UTF-16 units.</summary>
internal readonly record struct TextPosition(int Line, int Column);

/// <summary>A text is not JSON. <see cref="Exception.Message"/> says what is wrong, without the place.</summary>
internal sealed class JsonTextException(string message, TextPosition position) : Exception(message)
{
    public TextPosition Position { get; } = position;
}

/// <summary>Reads JSON (RFC 8259) into <see cref="JsonNode"/>s and remembers where each object and array began.</summary>
/// <remarks>
/// Not <see cref="JsonNode.Parse(string, JsonNodeOptions?, JsonDocumentOptions)"/>, for three things that a notebook needs: a string may hold
/// half of a surrogate pair (a chapter about text prints such things), every error has its place, and a repeated key is an error instead of
/// a silent loss. Numbers keep the digits that they were written with.
/// </remarks>
internal sealed class JsonText
{
    /// <summary>Deeper nesting is refused; it would exhaust the stack of whoever walks the tree.</summary>
    public const int MaximumDepth = 200;

    private readonly string _text;
    private readonly Dictionary<JsonNode, int> _starts = new(ReferenceEqualityComparer.Instance);
    private int _index;
    private int _depth;

    private JsonText(string text) => _text = text;

    /// <summary>The whole text as one value; null stands for JSON's <c>null</c>.</summary>
    /// <exception cref="JsonTextException">The text is not JSON.</exception>
    public static JsonNode? Parse(string text) => Parse(text, out _);

    /// <summary>As <see cref="Parse(string)"/>; <paramref name="positionOf"/> gives the place where an object or array began.</summary>
    public static JsonNode? Parse(string text, out Func<JsonNode?, TextPosition> positionOf)
    {
        var reader = new JsonText(text);
        positionOf = node => node is not null && reader._starts.TryGetValue(node, out var start) ? reader.PositionAt(start) : new(1, 1);
        reader.SkipWhitespace();
        var value = reader.ReadValue();
        reader.SkipWhitespace();
        return reader._index == text.Length ? value : throw reader.Error("text follows the end of the JSON value");
    }

    private JsonNode? ReadValue()
    {
        var c = Peek();
        return c switch
        {
            '{' => ReadObject(),
            '[' => ReadArray(),
            '"' => JsonValue.Create(ReadString()),
            't' => ReadLiteral("true", JsonValue.Create(true)),
            'f' => ReadLiteral("false", JsonValue.Create(false)),
            'n' => ReadLiteral("null", null),
            '-' or (>= '0' and <= '9') => ReadNumber(),
            _ => throw Error($"unexpected {Describe(c)}, a JSON value should begin here"),
        };
    }

    private JsonObject ReadObject()
    {
        var result = new JsonObject();
        Enter(result);
        _index++;
        SkipWhitespace();
        if (Peek() == '}')
        {
            return Leave(result);
        }

        while (true)
        {
            SkipWhitespace();
            if (Peek() != '"')
            {
                throw Error($"unexpected {Describe(Peek())}, a key in quotation marks should begin here");
            }

            var keyStart = _index;
            var key = ReadString();
            SkipWhitespace();
            Expect(':');
            SkipWhitespace();
            var value = ReadValue();
            if (!result.TryAdd(key, value))
            {
                _index = keyStart;
                throw Error($"the key \"{key}\" stands twice in the same object");
            }

            SkipWhitespace();
            if (Peek() == '}')
            {
                return Leave(result);
            }

            Expect(',');
        }
    }

    private JsonArray ReadArray()
    {
        var result = new JsonArray();
        Enter(result);
        _index++;
        SkipWhitespace();
        if (Peek() == ']')
        {
            return Leave(result);
        }

        while (true)
        {
            SkipWhitespace();
            result.Add(ReadValue());
            SkipWhitespace();
            if (Peek() == ']')
            {
                return Leave(result);
            }

            Expect(',');
        }
    }

    private void Enter(JsonNode container)
    {
        _starts[container] = _index;
        if (++_depth > MaximumDepth)
        {
            throw Error($"objects and arrays are nested more than {MaximumDepth} deep");
        }
    }

    private T Leave<T>(T container)
    {
        _index++;
        _depth--;
        return container;
    }

    private string ReadString()
    {
        _index++;
        var start = _index;
        StringBuilder? builder = null;
        while (true)
        {
            var c = Peek();
            if (c == '"')
            {
                var tail = _text.AsSpan(start, _index - start);
                _index++;
                return builder is null ? tail.ToString() : builder.Append(tail).ToString();
            }

            if (c < ' ')
            {
                throw Error($"unexpected {Describe(c)} inside a string; it must be written as an escape");
            }

            if (c != '\\')
            {
                _index++;
                continue;
            }

            builder ??= new StringBuilder();
            builder.Append(_text, start, _index - start);
            _index++;
            var escape = Peek();
            _index++;
            builder.Append(escape switch
            {
                '"' or '\\' or '/' => escape,
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => ReadHexadecimal(),
                _ => throw ErrorBefore(2, $"the escape \\{escape} does not exist in JSON"),
            });
            start = _index;
        }
    }

    private char ReadHexadecimal()
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var c = Peek();
            if (!char.IsAsciiHexDigit(c))
            {
                throw Error("four hexadecimal digits should follow \\u");
            }

            value = (value << 4) | Convert.ToInt32(c.ToString(), 16);
            _index++;
        }

        return (char)value;
    }

    private JsonValue ReadNumber()
    {
        var start = _index;
        if (Peek() == '-')
        {
            _index++;
        }

        if (Peek() == '0')
        {
            _index++;
        }
        else
        {
            SkipDigits();
        }

        if (_index < _text.Length && _text[_index] == '.')
        {
            _index++;
            SkipDigits();
        }

        if (_index < _text.Length && _text[_index] is 'e' or 'E')
        {
            _index++;
            if (_index < _text.Length && _text[_index] is '+' or '-')
            {
                _index++;
            }

            SkipDigits();
        }

        return JsonValue.Create(JsonElement.Parse(_text.AsSpan(start, _index - start)))!;
    }

    private void SkipDigits()
    {
        if (!char.IsAsciiDigit(Peek()))
        {
            throw Error($"unexpected {Describe(Peek())}, a digit should stand here");
        }

        while (_index < _text.Length && char.IsAsciiDigit(_text[_index]))
        {
            _index++;
        }
    }

    private JsonValue? ReadLiteral(string literal, JsonValue? value)
    {
        if (_text.Length - _index < literal.Length && literal.StartsWith(_text[_index..], StringComparison.Ordinal))
        {
            _index = _text.Length;
        }

        if (_index == _text.Length || string.CompareOrdinal(_text, _index, literal, 0, literal.Length) != 0)
        {
            throw Error($"unexpected {Describe(Peek())}, a JSON value should begin here");
        }

        _index += literal.Length;
        return value;
    }

    private void Expect(char expected)
    {
        if (Peek() != expected)
        {
            throw Error($"unexpected {Describe(Peek())}, '{expected}' should stand here");
        }

        _index++;
    }

    private char Peek() => _index < _text.Length
        ? _text[_index]
        : throw Error(_text.AsSpan().Trim().IsEmpty ? "the file is empty" : "the text ends here, in the middle of a value: the file is truncated");

    private void SkipWhitespace()
    {
        while (_index < _text.Length && _text[_index] is ' ' or '\t' or '\n' or '\r')
        {
            _index++;
        }
    }

    private static string Describe(char c) => c < ' '
        ? string.Create(CultureInfo.InvariantCulture, $"control character U+{(int)c:X4}")
        : $"'{c}'";

    private JsonTextException ErrorBefore(int characters, string message)
    {
        _index -= characters;
        return Error(message);
    }

    private JsonTextException Error(string message) => new(message, PositionAt(Math.Min(_index, _text.Length)));

    private TextPosition PositionAt(int index)
    {
        var before = _text.AsSpan(0, index);
        return new(before.Count('\n') + 1, index - (before.LastIndexOf('\n') + 1) + 1);
    }
}
