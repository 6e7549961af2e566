using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TransformerTutorial.Data;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>
/// Reads and writes safetensors files: named tensors and nothing that could run. Eight bytes say how long the header is; the header is a JSON object that says
/// for each name its element type, shape and place; then come the elements, little endian, without gaps.
/// </summary>
/// <remarks>
/// <para>Source: the format's own description (Hugging Face, safetensors 0.4, README "Format"). A file is read only after its whole header was checked: sizes that don't fit, places that
/// overlap, leave gaps or lie outside the file, a name twice, and unknown element types are refused, and no memory is taken before that.</para>
/// <para>Written types: F32, F64, I64, I32, U8, BOOL. Read besides: F16 and BF16, as Float32.</para>
/// </remarks>
/// <example>
/// <code>
/// SafeTensors.Save("model.safetensors", model.state_dict());
/// model.load_state_dict(SafeTensors.Load("model.safetensors"));
/// </code>
/// </example>
public static class SafeTensors
{
    private const int LongestHeader = 100_000_000;
    private const string MetadataName = "__metadata__";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F64", ScalarType.Float64, 8), ("I64", ScalarType.Int64, 8), ("F32", ScalarType.Float32, 4), ("I32", ScalarType.Int32, 4),
        ("F16", ScalarType.Float32, 2), ("BF16", ScalarType.Float32, 2), ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes tensors into a file, whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors by name. Views are written as what they show.</param>
    /// <param name="metadata">Texts to go with them, such as a configuration; or null.</param>
    /// <exception cref="ArgumentException">A name is <c>__metadata__</c>, an element type has no place in such files, or a name or a text holds half a surrogate pair.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);

        // Largest elements first, so that every tensor begins at a multiple of its element's size.
        foreach (var (text, what) in tensors.Keys.Select(name => (name, "A tensor's name"))
            .Concat((metadata ?? new Dictionary<string, string>()).SelectMany(pair => new[] { (pair.Key, "The name of a text"), (pair.Value, $"The text '{pair.Key}'") })))
        {
            RequireWellFormed(text, what);
        }

        var entries = tensors.Select(named => (named.Key, Tensor: named.Value, Type: TypeOf(named.Key, named.Value)))
            .OrderByDescending(entry => entry.Type.Bytes).ThenBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataName);
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var (name, tensor, type) in entries)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Name);
                json.WriteStartArray("shape");
                foreach (var length in tensor.shape)
                {
                    json.WriteNumberValue(length);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * type.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The elements begin at a multiple of eight.
        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        if (header.Length > LongestHeader)
        {
            throw new ArgumentException($"The names and texts of {path} take {header.Length} bytes; {LongestHeader} is the most.", nameof(metadata));
        }

        WholeFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            header.WriteTo(stream);
            foreach (var (_, tensor, _) in entries)
            {
                using var here = tensor.detach().cpu();
                using var dense = here.contiguous();
                stream.Write(dense.bytes);
            }
        });
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a safetensors file, or its header says what is not so. The message names the file and the tensor.</exception>
    public static Dictionary<string, Tensor> Load(string path) => LoadAll(path).Tensors;

    /// <summary>Reads the texts that go with the tensors of a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a safetensors file.</exception>
    public static Dictionary<string, string> LoadMetadata(string path)
    {
        using var stream = File.OpenRead(path);
        return ReadHeader(path, stream).Metadata;
    }

    /// <summary>Reads all tensors and all texts of a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a safetensors file, or its header says what is not so. The message names the file and the tensor.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) LoadAll(string path)
    {
        using var stream = File.OpenRead(path);
        var (entries, metadata) = ReadHeader(path, stream);
        var result = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in entries)
            {
                result.Add(entry.Name, ReadTensor(path, stream, entry));
            }

            return (result, metadata);
        }
        catch
        {
            foreach (var tensor in result.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    // JSON's writer would put U+FFFD in the place of half a character.
    private static void RequireWellFormed(string text, string what)
    {
        try
        {
            Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException problem)
        {
            throw new ArgumentException($"{what} holds half a surrogate pair at place {problem.Index}, which no file in UTF-8 can hold.", nameof(text), problem);
        }
    }

    private static (string Name, ScalarType Type, int Bytes) TypeOf(string name, Tensor tensor)
    {
        if (name == MetadataName)
        {
            throw new ArgumentException($"A tensor cannot be named '{MetadataName}': that is where a safetensors file keeps its texts.", nameof(name));
        }

        var type = Array.Find(Types, type => type.Type == tensor.dtype && type.Bytes != 2);
        return type.Name is not null ? type : throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}; a safetensors file is written with Float32, Float64, Int64, Int32, Byte or Bool.", nameof(tensor));
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) ReadHeader(string path, FileStream stream)
    {
        Span<byte> lengthBytes = stackalloc byte[8];
        if (stream.ReadAtLeast(lengthBytes, 8, throwOnEndOfStream: false) < 8)
        {
            throw Bad(path, $"it has {stream.Length} bytes; a safetensors file begins with 8 that say how long its header is");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > LongestHeader || (long)length > stream.Length - 8)
        {
            throw Bad(path, $"its header is said to take {length} bytes, but {stream.Length - 8} follow (and {LongestHeader} is the most)");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        if (bytes is not [(byte)'{', ..])
        {
            throw Bad(path, "its header does not begin with '{'");
        }

        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>();
        try
        {
            using var json = JsonDocument.Parse(Utf8.GetString(bytes));
            var names = new HashSet<string>();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw Bad(path, $"'{property.Name}' stands twice in its header");
                }

                if (property.Name == MetadataName)
                {
                    foreach (var text in property.Value.EnumerateObject())
                    {
                        if (!metadata.TryAdd(text.Name, text.Value.GetString() ?? throw Bad(path, $"its metadata '{text.Name}' is not a text")))
                        {
                            throw Bad(path, $"'{text.Name}' stands twice in its metadata");
                        }
                    }
                }
                else
                {
                    entries.Add(ReadEntry(path, property));
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or DecoderFallbackException or InvalidOperationException or FormatException)
        {
            throw Bad(path, $"its header is not what it should be: {problem.Message}", problem);
        }

        // In the order of the file: each begins where the one before ended, the last ends with the file.
        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        long expected = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != expected)
            {
                throw Bad(path, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the elements where {expected} was expected: places must neither overlap nor leave gaps");
            }

            expected = entry.End;
        }

        var room = stream.Length - 8 - (long)length;
        return expected == room ? (entries, metadata) : throw Bad(path, $"its tensors take {expected} bytes, but {room} follow the header");
    }

    private static Entry ReadEntry(string path, JsonProperty property)
    {
        var typeName = Field(path, property, "dtype").GetString();
        var type = Array.Find(Types, candidate => candidate.Name == typeName);
        if (type.Name is null)
        {
            throw Bad(path, $"tensor '{property.Name}' has elements of type '{typeName}'; {string.Join(", ", Types.Select(known => known.Name))} can be read");
        }

        var shape = Field(path, property, "shape").EnumerateArray().Select(length => length.GetInt64()).ToArray();
        var offsets = Field(path, property, "data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || Array.Exists(shape, size => size < 0))
        {
            throw Bad(path, $"tensor '{property.Name}' has shape [{string.Join(", ", shape)}] and place [{string.Join(", ", offsets)}]");
        }

        var bytes = shape.Aggregate((Int128)type.Bytes, (product, size) => product > long.MaxValue ? product : product * size);
        return bytes == offsets[1] - offsets[0]
            ? new Entry(property.Name, type.Name, type.Type, shape, offsets[0], offsets[1])
            : throw Bad(path, $"tensor '{property.Name}' of {typeName} [{string.Join(", ", shape)}] takes {bytes} bytes, but its place has {offsets[1] - offsets[0]}");
    }

    private static JsonElement Field(string path, JsonProperty entry, string name) =>
        entry.Value.TryGetProperty(name, out var value) ? value : throw Bad(path, $"tensor '{entry.Name}' has no {name}");

    private static Tensor ReadTensor(string path, FileStream stream, Entry entry)
    {
        var result = empty(entry.Shape, entry.Type);
        try
        {
            if (entry.TypeName is "F16" or "BF16")
            {
                var halves = new byte[entry.End - entry.Begin];
                stream.ReadExactly(halves);
                var target = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(result.bytes);
                for (var i = 0; i < target.Length; i++)
                {
                    var bits = BinaryPrimitives.ReadUInt16LittleEndian(halves.AsSpan(2 * i));
                    target[i] = entry.TypeName == "F16" ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);
                }
            }
            else
            {
                stream.ReadExactly(result.bytes);
            }

            return result;
        }
        catch (EndOfStreamException problem)
        {
            result.Dispose();
            throw Bad(path, $"it ends within tensor '{entry.Name}'", problem);
        }
    }

    private static InvalidDataException Bad(string path, string what, Exception? inner = null) => new($"{path}: {what}.", inner);

    private sealed record Entry(string Name, string TypeName, ScalarType Type, long[] Shape, long Begin, long End);
}
