using System.Text.Encodings.Web;
using System.Text.Json;
using TransformerTutorial.Data;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>A file of measurements: JSON, indented, written whole or not at all. What a script writes and a chapter or a README shows.</summary>
internal static class MeasurementFile
{
    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Form { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What an earlier run of the same command left; null if there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="own">What this run would write before it has measured anything.</param>
    /// <param name="withoutResults">Leaves the results away: what remains must be the same for both runs.</param>
    /// <exception cref="InvalidOperationException">The file was made with other settings.</exception>
    public static T? Read<T>(string path, T own, Func<T, T> withoutResults)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var known = JsonSerializer.Deserialize<T>(File.ReadAllText(path), Form)!;
        return JsonSerializer.Serialize(withoutResults(known), Form) == JsonSerializer.Serialize(withoutResults(own), Form)
            ? known
            : throw new InvalidOperationException($"{path} was made with other settings: move it away, or name another file with --out.");
    }

    /// <summary>Writes it, and the folder where there is none.</summary>
    public static void Write<T>(string path, T measurements)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WholeFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(measurements, Form), (byte)'\n']);
    }
}
