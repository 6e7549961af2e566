using System.Text.Json.Nodes;
using CSharpKernel.Language;

namespace CSharpKernel.Running;

/// <summary>The answers to questions about code, as messages between a worker and its starter.</summary>
internal static class WorkerLanguage
{
    public static JsonObject FromCompletions(CompletionList list) => new()
    {
        ["start"] = list.Start,
        ["end"] = list.End,
        ["items"] = new JsonArray([.. list.Items.Select(item => new JsonArray(item.Text, item.Kind, item.Signature, item.Documentation))]),
    };

    public static CompletionList ToCompletions(JsonObject message) => new(
        WorkerMessage.Number(message, "start"),
        WorkerMessage.Number(message, "end"),
        [.. ((JsonArray)message["items"]!).Select(item => new CompletionItem(Text(item, 0), Text(item, 1), Text(item, 2), Text(item, 3)))]);

    /// <summary>Null is a message too: one without text.</summary>
    public static JsonObject FromInspection(Inspection? inspection) => inspection is null ? [] : new() { ["plain"] = inspection.PlainText, ["markdown"] = inspection.Markdown };

    public static Inspection? ToInspection(JsonObject message) =>
        message["plain"] is null ? null : new Inspection(WorkerMessage.Text(message, "plain"), WorkerMessage.Text(message, "markdown"));

    public static JsonObject FromCompleteness(Completeness completeness) => new() { ["status"] = completeness.Status.ToString(), ["indent"] = completeness.Indent };

    public static Completeness ToCompleteness(JsonObject message) =>
        new(Enum.Parse<CompletenessStatus>(WorkerMessage.Text(message, "status")), WorkerMessage.Text(message, "indent"));

    private static string Text(JsonNode? item, int index) => item![index]!.GetValue<string>();
}
