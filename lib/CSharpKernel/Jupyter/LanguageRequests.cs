using System.Text.Json.Nodes;
using CSharpKernel.Language;
using CSharpKernel.Running;

namespace CSharpKernel.Jupyter;

/// <summary>Answers the requests that look at code without running it: completion, inspection, completeness. A running cell does not delay them.</summary>
/// <param name="host">Knows the code.</param>
internal sealed class LanguageRequests(ICellHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly CursorPosition _cursor = new();

    /// <summary>True for the requests that <see cref="AnswerAsync"/> knows.</summary>
    public static bool IsKnown(string messageType) => messageType is "complete_request" or "inspect_request" or "is_complete_request";

    /// <summary>The content of the reply. Where the session takes too long, nothing is known.</summary>
    public async Task<JsonObject> AnswerAsync(JupyterMessage message)
    {
        var code = JupyterJson.Text(message.Content, "code") ?? throw new FormatException("The request's content has no code, or it is not a string.");
        using var patience = new CancellationTokenSource(Patience);
        return message.MessageType switch
        {
            "complete_request" => await CompleteAsync(message, code, patience.Token).ConfigureAwait(false),
            "inspect_request" => await InspectAsync(message, code, patience.Token).ConfigureAwait(false),
            _ => await CheckCompletenessAsync(code, patience.Token).ConfigureAwait(false),
        };
    }

    private async Task<JsonObject> CompleteAsync(JupyterMessage message, string code, CancellationToken cancellationToken)
    {
        var (position, countsUnits) = _cursor.Read(message.Session, message.Username, code, JupyterJson.Number(message.Content, "cursor_pos"));
        CompletionList list;
        try
        {
            list = await host.CompleteAsync(code, position, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            list = new CompletionList(position, position, []);
        }

        var start = CursorPosition.Write(code, list.Start, countsUnits);
        var end = CursorPosition.Write(code, list.End, countsUnits);
        var kinds = list.Items.Select(item => new JsonObject
        {
            ["text"] = item.Text,
            ["type"] = item.Kind,
            ["signature"] = item.Signature,
            ["documentation"] = item.Documentation,
            ["start"] = start,
            ["end"] = end,
        });
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = JupyterJson.Strings(list.Items.Select(item => item.Text)),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject { ["_jupyter_types_experimental"] = new JsonArray([.. kinds]) },
        };
    }

    private async Task<JsonObject> InspectAsync(JupyterMessage message, string code, CancellationToken cancellationToken)
    {
        var (position, _) = _cursor.Read(message.Session, message.Username, code, JupyterJson.Number(message.Content, "cursor_pos"));
        Inspection? inspection;
        try
        {
            inspection = await host.InspectAsync(code, position, JupyterJson.Number(message.Content, "detail_level") > 0, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            inspection = null;
        }

        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = inspection is not null,
            ["data"] = inspection is null ? new JsonObject() : new JsonObject { ["text/plain"] = inspection.PlainText, ["text/markdown"] = inspection.Markdown },
            ["metadata"] = new JsonObject(),
        };
    }

    private async Task<JsonObject> CheckCompletenessAsync(string code, CancellationToken cancellationToken)
    {
        try
        {
            var completeness = await host.CheckCompletenessAsync(code, cancellationToken).ConfigureAwait(false);
            return completeness.Status switch
            {
                CompletenessStatus.Complete => new JsonObject { ["status"] = "complete" },
                CompletenessStatus.Incomplete => new JsonObject { ["status"] = "incomplete", ["indent"] = completeness.Indent },
                _ => new JsonObject { ["status"] = "invalid" },
            };
        }
        catch (OperationCanceledException)
        {
            return new JsonObject { ["status"] = "unknown" };
        }
    }
}
