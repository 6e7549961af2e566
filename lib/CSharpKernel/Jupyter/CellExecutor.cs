using System.Text.Json.Nodes;
using System.Threading.Channels;
using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace CSharpKernel.Jupyter;

/// <summary>Runs the cells that clients send, one at a time, in the order in which they arrived, and answers for each.</summary>
/// <remarks>
/// For each cell: <c>busy</c>, <c>execute_input</c>, outputs, the reply, <c>idle</c>. A cell that fails or is interrupted takes along those that had arrived before its error was reported, unless
/// its request is silent or says otherwise: they are answered as aborted. One that a client sends after it has seen the error runs.
/// A process that ended and was started again is told by the cell's error alone: on a status of <c>restarting</c> front ends drop what they wait for, and the person would never see why.
/// </remarks>
/// <param name="host">Runs them.</param>
/// <param name="queue">Where they wait.</param>
/// <param name="iopub">Where outputs go.</param>
/// <param name="stdin">Where questions go.</param>
/// <param name="history">Remembers them.</param>
/// <param name="isPlain">True where errors are to be without colours.</param>
/// <param name="settle">Waits until what has reached the sockets is in the queue.</param>
internal sealed class CellExecutor(
    ICellHost host, ChannelReader<Request> queue, IopubChannel iopub, StdinChannel stdin, History history, bool isPlain, Func<Task> settle)
{
    private int _executionCount;

    /// <summary>Runs cells until cancelled; then a running cell gets no answer any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var request = await queue.ReadAsync(cancellationToken).ConfigureAwait(false);
            var aborted = new List<Request>();

            // Whoever sees that the cell runs may interrupt it.
            host.Announce();
            iopub.BeginCell(request.Parent);
            try
            {
                await RunAsync(request, aborted, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // What cannot be published or answered, such as a text beyond what JSON may have, costs this request only.
                ReplyError(request, exception.GetType().Name, exception.Message);
            }

            iopub.EndCell(request.Parent);
            aborted.ForEach(Abort);
        }
    }

    private static JsonObject WithCount(JsonObject content, int executionCount)
    {
        content["execution_count"] = executionCount;
        return content;
    }

    private void ReplyError(Request request, string name, string message) => request.Reply(WithCount(Request.ErrorContent(name, message, [$"{name}: {message}"]), _executionCount));

    /// <summary>Runs a cell and replies; those that it takes along are added to <paramref name="aborted"/>.</summary>
    private async Task RunAsync(Request request, List<Request> aborted, CancellationToken cancellationToken)
    {
        var content = request.Message.Content;
        if (JupyterJson.Text(content, "code") is not { } code)
        {
            ReplyError(request, "InvalidRequest", "The request's content has no code, or it is not a string.");
            return;
        }

        var isSilent = JupyterJson.Flag(content, "silent", false);
        var isStored = !isSilent && JupyterJson.Flag(content, "store_history", true);
        var started = MessageFormat.Now();
        var executionCount = isStored ? ++_executionCount : _executionCount;
        if (!isSilent)
        {
            iopub.Publish("execute_input", request.Parent, new JsonObject { ["code"] = code, ["execution_count"] = executionCount });
        }

        using var frontEnd = new CellFrontEnd(request, executionCount, isSilent, JupyterJson.Flag(content, "allow_stdin", true), iopub, stdin);
        var (conclusion, error) = await RunAsync(frontEnd, new CellRequest(CellNames.NameOf(request.Message.Metadata, executionCount), code, ExpressionsOf(content))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (isStored)
        {
            history.Add(executionCount, code, frontEnd.Result);
        }

        if (error is not null && !isSilent && JupyterJson.Flag(content, "stop_on_error", true))
        {
            await TakeWaitingAsync(aborted).ConfigureAwait(false);
        }

        if (error is not null && !isSilent)
        {
            var published = ErrorContent(error);
            published.Remove("status");
            iopub.Publish("error", request.Parent, published);
        }

        var reply = error is null
            ? new JsonObject { ["status"] = "ok", ["payload"] = new JsonArray(), ["user_expressions"] = ValuesOf(conclusion) }
            : ErrorContent(error);
        request.Reply(WithCount(reply, executionCount), new JsonObject { ["started"] = started });
    }

    /// <summary>Takes all that have arrived, before the error is published that a client could answer with another cell.</summary>
    private async Task TakeWaitingAsync(List<Request> taken)
    {
        await settle().ConfigureAwait(false);
        while (queue.TryRead(out var waiting))
        {
            taken.Add(waiting);
        }
    }

    private void Abort(Request request)
    {
        iopub.BeginCell(request.Parent);
        request.Reply(WithCount(new JsonObject { ["status"] = "aborted" }, _executionCount));
        iopub.EndCell(request.Parent);
    }

    /// <summary>Runs the cell; its conclusion, and where it did not succeed, its error.</summary>
    private async Task<(CellConclusion Conclusion, ErrorOutput? Error)> RunAsync(CellFrontEnd frontEnd, CellRequest request)
    {
        CellConclusion conclusion;
        var problem = new ErrorOutput("UnknownError", "The cell failed without saying why.", [], 0, 0);
        try
        {
            conclusion = await host.ExecuteAsync(request, frontEnd).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Not the cell's failure but the host's: the person must see it all the same.
            conclusion = new CellConclusion(CellStatus.Failed, new Dictionary<string, CellOutput>());
            problem = new ErrorOutput(exception.GetType().Name, exception.Message, [], 0, 0);
        }

        frontEnd.End();
        return (conclusion, conclusion.Status == CellStatus.Succeeded ? null : frontEnd.Error ?? problem);
    }

    private static Dictionary<string, string> ExpressionsOf(JsonObject content) => content["user_expressions"] is JsonObject expressions
        ? expressions.Where(entry => JupyterJson.Text(expressions, entry.Key) is not null).ToDictionary(entry => entry.Key, entry => JupyterJson.Text(expressions, entry.Key)!, StringComparer.Ordinal)
        : [];

    private JsonObject ValuesOf(CellConclusion conclusion)
    {
        var values = new JsonObject();
        foreach (var (name, output) in conclusion.UserExpressions)
        {
            values[name] = output switch
            {
                DisplayOutput display => new JsonObject { ["status"] = "ok", ["data"] = MimeBundle.Of(display.Data, _ => { }), ["metadata"] = new JsonObject() },
                ErrorOutput error => ErrorContent(error),
                _ => throw new ArgumentException($"An expression's value can't be a {output.GetType().Name}.", nameof(conclusion)),
            };
        }

        return values;
    }

    private JsonObject ErrorContent(ErrorOutput error) => Request.ErrorContent(error.Name, error.Message, TracebackColors.LinesOf(error, isPlain));
}
