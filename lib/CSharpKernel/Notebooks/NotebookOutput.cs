using System.Text.Json.Nodes;

namespace CSharpKernel.Notebooks;

/// <summary>The kinds of outputs.</summary>
public enum OutputType
{
    /// <summary>Text on standard output or standard error.</summary>
    Stream,

    /// <summary>Something displayed.</summary>
    DisplayData,

    /// <summary>The value of the cell's last expression.</summary>
    ExecuteResult,

    /// <summary>An exception or a compile error.</summary>
    Error,
}

/// <summary>One output of a code cell: a view of its JSON.</summary>
public sealed class NotebookOutput
{
    internal NotebookOutput(JsonObject json) => Json = json;

    /// <summary>What kind of output it is.</summary>
    public OutputType OutputType => Json["output_type"]!.GetValue<string>() switch
    {
        "stream" => OutputType.Stream,
        "display_data" => OutputType.DisplayData,
        "execute_result" => OutputType.ExecuteResult,
        _ => OutputType.Error,
    };

    /// <summary>A stream's name, <c>stdout</c> or <c>stderr</c>; null for other kinds.</summary>
    public string? StreamName => Json["name"]?.GetValue<string>();

    /// <summary>A stream's text; null for other kinds.</summary>
    public string? Text => OutputType == OutputType.Stream ? Json["text"]!.GetValue<string>() : null;

    /// <summary>What was displayed, by MIME type: text as a string, JSON types as JSON. Empty for streams and errors.</summary>
    public JsonObject Data => Json["data"] as JsonObject ?? [];

    /// <summary>An error's name; null for other kinds.</summary>
    public string? ErrorName => Json["ename"]?.GetValue<string>();

    /// <summary>An error's message; null for other kinds.</summary>
    public string? ErrorMessage => Json["evalue"]?.GetValue<string>();

    /// <summary>An error's lines for a reader; empty for other kinds.</summary>
    public IReadOnlyList<string> Traceback => Json["traceback"] is JsonArray lines ? [.. lines.Select(line => line!.GetValue<string>())] : [];

    internal JsonObject Json { get; }

    /// <summary>A stream output.</summary>
    public static NotebookOutput Stream(string name, string text) => new(new JsonObject
    {
        ["output_type"] = "stream",
        ["name"] = name,
        ["text"] = text,
    });

    /// <summary>Something displayed.</summary>
    /// <param name="data">By MIME type; JSON types hold JSON text.</param>
    /// <exception cref="FormatException">The text of a JSON type is not JSON; the message names the type and the place.</exception>
    public static NotebookOutput Display(IEnumerable<KeyValuePair<string, string>> data) => new(new JsonObject
    {
        ["output_type"] = "display_data",
        ["data"] = Bundle(data),
        ["metadata"] = new JsonObject(),
    });

    /// <summary>The value of a cell's last expression.</summary>
    /// <param name="data">As in <see cref="Display"/>.</param>
    /// <param name="executionCount">The cell's execution count.</param>
    /// <exception cref="FormatException">As in <see cref="Display"/>.</exception>
    public static NotebookOutput Result(IEnumerable<KeyValuePair<string, string>> data, int executionCount) => new(new JsonObject
    {
        ["output_type"] = "execute_result",
        ["data"] = Bundle(data),
        ["metadata"] = new JsonObject(),
        ["execution_count"] = executionCount,
    });

    /// <summary>An error.</summary>
    public static NotebookOutput Error(string name, string message, IEnumerable<string> traceback) => new(new JsonObject
    {
        ["output_type"] = "error",
        ["ename"] = name,
        ["evalue"] = message,
        ["traceback"] = new JsonArray([.. traceback.Select(line => JsonValue.Create(line))]),
    });

    /// <summary>True for the MIME types whose content a notebook stores as JSON, not as a string holding JSON.</summary>
    internal static bool IsJson(string mimeType) =>
        mimeType == "application/json"
        || (mimeType.StartsWith("application/", StringComparison.Ordinal) && mimeType.EndsWith("+json", StringComparison.Ordinal));

    /// <summary>Puts <paramref name="data"/> in the place of what was displayed.</summary>
    internal void ReplaceData(IEnumerable<KeyValuePair<string, string>> data) => Json["data"] = Bundle(data);

    /// <summary>One form of a value as a notebook, or a message, holds it: JSON for JSON types, else a string.</summary>
    /// <exception cref="FormatException">The text of a JSON type is not JSON; the message names the type and the place.</exception>
    internal static JsonNode? Form(string mimeType, string text)
    {
        try
        {
            return IsJson(mimeType) ? JsonText.Parse(text) : JsonValue.Create(text);
        }
        catch (JsonTextException exception)
        {
            throw new FormatException(
                $"The value displayed as {mimeType} is not JSON: line {exception.Position.Line}, column {exception.Position.Column}: {exception.Message}.", exception);
        }
    }

    private static JsonObject Bundle(IEnumerable<KeyValuePair<string, string>> data)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, text) in data)
        {
            bundle[mimeType] = Form(mimeType, text);
        }

        return bundle;
    }
}
