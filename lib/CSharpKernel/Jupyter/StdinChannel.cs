using System.Text.Json.Nodes;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Jupyter;

/// <summary>Asks the person who sent a cell for a line of text, one question at a time.</summary>
/// <remarks>An answer counts only while its question waits: one that comes after an interrupt, or unasked, is dropped.</remarks>
/// <param name="socket">The stdin socket.</param>
/// <param name="format">Reads and makes the messages.</param>
/// <param name="dropped">Counts what is not served.</param>
internal sealed class StdinChannel(RouterSocket socket, MessageFormat format, DroppedMessages dropped) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _oneQuestion = new(1);
    private readonly Lock _lock = new();
    private Question? _question;

    /// <summary>Asks, and waits for the answer.</summary>
    /// <returns>The answer; null where the client has no stdin connection.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public async Task<string?> AskAsync(Request request, string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        await _oneQuestion.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var question = new Question(request.Identity, request.Message.MessageId, format.NewId());
            lock (_lock)
            {
                _question = question;
            }

            var content = new JsonObject { ["prompt"] = prompt, ["password"] = isPassword };
            var frames = format.Write([], "input_request", request.Message.RawHeader, content, id: question.Id);
            if (!await SendAsync(request.Identity, frames, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            return await question.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _question = null;
            }

            _oneQuestion.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneQuestion.Dispose();

    /// <summary>Takes answers until the socket is closed.</summary>
    public async Task ServeAsync()
    {
        await foreach (var routed in socket.Messages.ReadAllAsync().ConfigureAwait(false))
        {
            if (format.Read(routed.Frames, out var message) is { } problem)
            {
                dropped.Add("stdin", problem);
            }
            else if (message!.MessageType == "input_reply" && JupyterJson.Text(message.Content, "value") is { } value)
            {
                Answer(routed.Identity, JupyterJson.Text(message.ParentHeader, "msg_id") ?? "", value);
            }
        }
    }

    // Most clients leave the parent header of an answer empty, and some put there the cell that asks.
    private void Answer(byte[] identity, string parentId, string value)
    {
        lock (_lock)
        {
            if (_question is { } question && question.Identity.AsSpan().SequenceEqual(identity) && (parentId.Length == 0 || parentId == question.Id || parentId == question.CellId))
            {
                question.Answer.TrySetResult(value);
            }
        }
    }

    /// <summary>A client connects its sockets in no certain order: the one for questions may still be on its way.</summary>
    private async Task<bool> SendAsync(byte[] identity, IReadOnlyList<ReadOnlyMemory<byte>> frames, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Interval)
        {
            if (socket.TrySend(identity, frames))
            {
                return true;
            }

            if (waited >= Patience)
            {
                return false;
            }

            await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed record Question(byte[] Identity, string CellId, string Id)
    {
        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
