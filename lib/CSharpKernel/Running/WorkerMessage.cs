using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>What a worker and the process that started it say to each other: one JSON object a line, over a pipe of their own.</summary>
/// <remarks>
/// The starter sends <c>start</c> once, then <c>execute</c> for each cell. The worker answers with the cell's outputs as they come, then with <c>done</c>. Beside that, at any time:
/// <c>interrupt</c> stops a cell, <c>complete</c>, <c>inspect</c> and <c>check</c> ask about code, each with an id that comes back in a <c>reply</c>, and <c>forget</c> withdraws such a question.
/// A cell asks the person at the keyboard by <c>ask</c>, which is answered by <c>answer</c> or withdrawn by <c>withdraw</c>.
/// </remarks>
internal static class WorkerMessage
{
    public const string Start = "start";
    public const string Execute = "execute";
    public const string Done = "done";
    public const string Interrupt = "interrupt";
    public const string Complete = "complete";
    public const string Inspect = "inspect";
    public const string Check = "check";
    public const string Reply = "reply";
    public const string Forget = "forget";
    public const string Ask = "ask";
    public const string Answer = "answer";
    public const string Withdraw = "withdraw";

    /// <summary>The message for an output.</summary>
    public static JsonObject FromOutput(CellOutput output) => output switch
    {
        StreamOutput stream => new() { ["type"] = "stream", ["name"] = stream.Name, ["text"] = stream.Text },
        DisplayOutput display => new() { ["type"] = "display", ["data"] = FromData(display.Data), ["id"] = display.DisplayId, ["result"] = display.IsResult },
        UpdateOutput update => new() { ["type"] = "update", ["data"] = FromData(update.Data), ["id"] = update.DisplayId },
        ClearOutput clear => new() { ["type"] = "clear", ["wait"] = clear.Wait },
        ErrorOutput error => new()
        {
            ["type"] = "error",
            ["name"] = error.Name,
            ["message"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
            ["line"] = error.Line,
            ["column"] = error.Column,
        },
        _ => throw new ArgumentException($"There is no message for {output.GetType().Name}.", nameof(output)),
    };

    /// <summary>The output in a message, or null for a message that holds none.</summary>
    public static CellOutput? ToOutput(JsonObject message) => Text(message, "type") switch
    {
        "stream" => new StreamOutput(Text(message, "name"), Text(message, "text")),
        "display" => new DisplayOutput(ToData(message), message["id"]?.GetValue<string>(), message["result"]!.GetValue<bool>()),
        "update" => new UpdateOutput(ToData(message), Text(message, "id")),
        "clear" => new ClearOutput(message["wait"]!.GetValue<bool>()),
        "error" => new ErrorOutput(
            Text(message, "name"),
            Text(message, "message"),
            [.. ((JsonArray)message["traceback"]!).Select(line => line!.GetValue<string>())],
            message["line"]!.GetValue<int>(),
            message["column"]!.GetValue<int>()),
        _ => null,
    };

    public static string Text(JsonObject message, string key) => message[key]!.GetValue<string>();

    public static int Number(JsonObject message, string key) => message[key]!.GetValue<int>();

    public static bool Flag(JsonObject message, string key) => message[key]!.GetValue<bool>();

    public static string ToLine(JsonObject message) => JsonTextWriter.WriteCompact(message);

    public static JsonObject FromLine(string line) => (JsonObject)JsonText.Parse(line)!;

    private static JsonArray FromData(IReadOnlyList<KeyValuePair<string, string>> data) =>
        new([.. data.Select(entry => new JsonArray(entry.Key, entry.Value))]);

    private static IReadOnlyList<KeyValuePair<string, string>> ToData(JsonObject message) =>
        [.. ((JsonArray)message["data"]!).Select(entry => KeyValuePair.Create(entry![0]!.GetValue<string>(), entry[1]!.GetValue<string>()))];
}
