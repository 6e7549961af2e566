using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Jupyter;

/// <summary>Reads and writes the JSON of messages: reads nothing but well-formed objects of bounded depth, writes nothing but valid UTF-8.</summary>
internal static class JupyterJson
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // This encoder writes half of a surrogate pair as U+FFFD, and other characters beyond ASCII as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object that <paramref name="utf8"/> holds, or null where it holds anything else.</summary>
    public static JsonObject? TryParseObject(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonText.Parse(StrictUtf8.GetString(utf8)) as JsonObject;
        }
        catch (Exception exception) when (exception is JsonTextException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The object on one line.</summary>
    public static byte[] Write(JsonObject value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            value.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A string, or null where there is none under that key.</summary>
    public static string? Text(JsonObject owner, string key) =>
        owner[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A truth value, or the standard one where there is none under that key.</summary>
    public static bool Flag(JsonObject owner, string key, bool standard) =>
        owner[key] is JsonValue value && value.TryGetValue(out bool flag) ? flag : standard;

    /// <summary>A whole number, or null where there is none under that key that fits.</summary>
    public static int? Number(JsonObject owner, string key) =>
        owner[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out int number) ? number : null;

    /// <summary>An array of strings.</summary>
    public static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
