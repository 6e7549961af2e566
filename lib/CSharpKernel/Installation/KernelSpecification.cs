using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CSharpKernel.Installation;

/// <summary>What a <c>kernel.json</c> says: how a front end starts a kernel, and what it calls it. Reads any program's; writes ours.</summary>
internal sealed partial class KernelSpecification
{
    /// <summary>The key in the file's metadata by which this program knows what it wrote itself.</summary>
    private const string Marker = "csharp_kernel";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private KernelSpecification(string displayName, string? language, IReadOnlyList<string> arguments, bool isOurs)
    {
        DisplayName = displayName;
        Language = language;
        Arguments = arguments;
        IsOurs = isOurs;
    }

    /// <summary>What people see where they choose a kernel.</summary>
    public string DisplayName { get; }

    /// <summary>The language of its cells.</summary>
    public string? Language { get; }

    /// <summary>The command line that starts it.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Whether this program wrote it.</summary>
    public bool IsOurs { get; }

    /// <summary>The first file that the command line needs and that isn't there, or null.</summary>
    /// <remarks>Only full paths are looked at: a bare name, such as <c>python3</c>, is looked up by whoever starts it.</remarks>
    public string? MissingFile => Arguments.Take(2).FirstOrDefault(argument => Path.IsPathFullyQualified(argument) && !File.Exists(argument));

    /// <summary>Whether Jupyter takes such a name: ASCII letters, digits, <c>-</c>, <c>.</c> and <c>_</c>.</summary>
    /// <remarks><c>.</c> and <c>..</c> would be other folders.</remarks>
    public static bool IsValidName(string name) => ValidName().IsMatch(name) && name is not ("." or "..");

    /// <summary>The text of a <c>kernel.json</c> for this program's kernel.</summary>
    /// <param name="displayName">What people see.</param>
    /// <param name="host">The full path of <c>dotnet</c>, which a program started from a desktop need not find by its name.</param>
    /// <param name="program">The full path of the kernel's assembly.</param>
    /// <param name="version">The kernel's version.</param>
    public static string Write(string displayName, string host, string program, string version)
    {
        var content = new JsonObject
        {
            ["argv"] = new JsonArray(host, program, "kernel", "--connection-file", "{connection_file}"),
            ["display_name"] = displayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { ["debugger"] = false, [Marker] = new JsonObject { ["version"] = version } },
        };
        return content.ToJsonString(Indented) + "\n";
    }

    /// <summary>Reads a <c>kernel.json</c>; null where it is none, or cannot be read.</summary>
    public static KernelSpecification? TryRead(string file)
    {
        JsonNode? content;
        try
        {
            content = JsonNode.Parse(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (content is not JsonObject fields || fields["argv"] is not JsonArray arguments)
        {
            return null;
        }

        return new KernelSpecification(
            Text(fields["display_name"]) ?? "",
            Text(fields["language"]),
            arguments.Select(argument => Text(argument) ?? "").ToList(),
            fields["metadata"] is JsonObject metadata && metadata[Marker] is JsonObject);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z")]
    private static partial Regex ValidName();
}
