using System.Text.Encodings.Web;
using System.Text.Json;
using TransformerTutorial.Data;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>A file of measurements: JSON, indented, written whole or not at all. What a script writes and a chapter or a README shows.</summary>
internal static class MeasurementFile
{
    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Form { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it, and the folder where there is none.</summary>
    public static void Write<T>(string path, T measurements)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WholeFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(measurements, Form), (byte)'\n']);
    }
}
