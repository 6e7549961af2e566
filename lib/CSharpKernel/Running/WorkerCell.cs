using System.Globalization;
using System.Text.Json.Nodes;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>A cell that runs in a <see cref="WorkerProcess"/>, and who receives what comes of it.</summary>
/// <param name="emit">Receives each output in order, from one thread at a time, and none after <see cref="Dispose"/>.</param>
/// <param name="ask">Asks the person at the keyboard; null where there is none.</param>
internal sealed class WorkerCell(Action<CellOutput> emit, AskPerson? ask) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, CancellationTokenSource> _questions = [];
    private readonly TaskCompletionSource<JsonObject> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    /// <summary>Ends with the worker's last message about the cell.</summary>
    public Task<JsonObject> Done => _done.Task;

    public bool CanAsk => ask is not null;

    public void Emit(CellOutput output)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                emit(output);
            }
        }
    }

    /// <summary>Emits what has reached a real standard stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="isEnd">True where the cell has ended, so that all of it is the cell's.</param>
    public void EmitRaw(RawStream stream, bool isEnd)
    {
        lock (_lock)
        {
            if (!_isClosed && (isEnd ? stream.TakeText() : stream.TakeTextBeforeReport()) is { Length: > 0 } text)
            {
                emit(new StreamOutput(stream.Name, text));
            }

            if (!_isClosed && stream.TakeCut())
            {
                var notice = string.Create(CultureInfo.InvariantCulture, $"More than {stream.Limit:N0} characters came from child processes or native code; the rest of their {stream.Name} is not shown.\n");
                emit(new StreamOutput("stderr", notice));
            }
        }
    }

    /// <summary>Takes a message of the worker's about this cell.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reply">Sends something back.</param>
    public void Receive(JsonObject message, Action<JsonObject> reply)
    {
        switch (WorkerMessage.Text(message, "type"))
        {
            case WorkerMessage.Done:
                _done.TrySetResult(message);
                break;
            case WorkerMessage.Ask:
                _ = AnswerAsync(message, reply);
                break;
            case WorkerMessage.Withdraw:
                Withdraw(WorkerMessage.Number(message, "id"));
                break;
            default:
                Emit(WorkerMessage.ToOutput(message)!);
                break;
        }
    }

    /// <summary>Nothing is emitted from here on, and no question stays open.</summary>
    public void Dispose()
    {
        CancellationTokenSource[] open;
        lock (_lock)
        {
            _isClosed = true;
            open = [.. _questions.Values];
        }

        foreach (var question in open)
        {
            question.Cancel();
        }
    }

    private async Task AnswerAsync(JsonObject message, Action<JsonObject> reply)
    {
        var id = WorkerMessage.Number(message, "id");
        using var withdrawn = new CancellationTokenSource();
        lock (_lock)
        {
            _questions[id] = withdrawn;
        }

        string? text = null;
        try
        {
            // The reading thread goes on at once, whatever the person does.
            text = ask is null ? null
                : await Task.Run(() => ask(WorkerMessage.Text(message, "prompt"), WorkerMessage.Flag(message, "password"), withdrawn.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The cell no longer waits.
        }
        finally
        {
            lock (_lock)
            {
                _questions.Remove(id);
            }

            reply(new JsonObject { ["type"] = WorkerMessage.Answer, ["id"] = id, ["text"] = text });
        }
    }

    private void Withdraw(int id)
    {
        CancellationTokenSource? question;
        lock (_lock)
        {
            question = _questions.GetValueOrDefault(id);
        }

        try
        {
            question?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just been answered.
        }
    }
}
