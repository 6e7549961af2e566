using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace CSharpKernel.Jupyter;

/// <summary>One cell as it runs: publishes its outputs, and passes on its questions.</summary>
/// <remarks>
/// Adjacent texts of one stream that come in quick succession become one message: the first is published at once, what follows within <see cref="Interval"/> together. Everything else is
/// published at once, after the text that came before it. The error alone is kept back: it is published when the cell has ended, and once.
/// </remarks>
/// <param name="request">The cell's request.</param>
/// <param name="executionCount">Its number.</param>
/// <param name="isSilent">True where nothing is to be published.</param>
/// <param name="mayAsk">True where the client takes questions.</param>
/// <param name="iopub">Where outputs go.</param>
/// <param name="stdin">Where questions go.</param>
internal sealed class CellFrontEnd(Request request, int executionCount, bool isSilent, bool mayAsk, IopubChannel iopub, StdinChannel stdin) : ICellFrontEnd, IDisposable
{
    /// <summary>How much time there is between two messages of one stream.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Longer texts become several messages.</summary>
    private const int MaximumCharacters = 1 << 20;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private string _streamName = "stdout";
    private Timer? _timer;
    private bool _isTimerSet;
    private long _lastFlush;
    private bool _hasEnded;

    /// <summary>How the cell failed, or null.</summary>
    public ErrorOutput? Error { get; private set; }

    /// <summary>The cell's value as text, or null where it has none.</summary>
    public string? Result { get; private set; }

    /// <inheritdoc/>
    public void Emit(CellOutput output)
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            switch (output)
            {
                case StreamOutput stream:
                    Write(stream);
                    break;
                case ErrorOutput error:
                    Error = error;
                    break;
                default:
                    Flush(isLast: true);
                    Publish(output);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<string?> AskAsync(string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        // What the cell has said so far belongs before the question.
        lock (_lock)
        {
            Flush(isLast: true);
        }

        return mayAsk ? await stdin.AskAsync(request, prompt, isPassword, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>The cell has ended: publishes the text that is left. What comes later is not the cell's.</summary>
    public void End()
    {
        lock (_lock)
        {
            Flush(isLast: true);
            _hasEnded = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Write(StreamOutput stream)
    {
        if (stream.Name != _streamName || _text.Length > MaximumCharacters)
        {
            Flush(isLast: true);
            _streamName = stream.Name;
        }

        _text.Append(stream.Text);
        if (_isTimerSet)
        {
            return;
        }

        var wait = Interval - Stopwatch.GetElapsedTime(_lastFlush);
        if (wait <= TimeSpan.Zero)
        {
            Flush(isLast: false);
        }
        else
        {
            _isTimerSet = true;
            _timer ??= new Timer(_ => FlushFromTimer());
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void FlushFromTimer()
    {
        lock (_lock)
        {
            _isTimerSet = false;
            if (!_hasEnded)
            {
                Flush(isLast: false);
            }
        }
    }

    /// <summary>Publishes the text so far, but for half of a surrogate pair at its end whose other half may still come.</summary>
    private void Flush(bool isLast)
    {
        var half = !isLast && _text.Length > 0 && char.IsHighSurrogate(_text[^1]) ? 1 : 0;
        if (_text.Length == half)
        {
            return;
        }

        var text = _text.ToString(0, _text.Length - half);
        _text.Remove(0, text.Length);
        _lastFlush = Stopwatch.GetTimestamp();
        Publish("stream", new JsonObject { ["name"] = _streamName, ["text"] = text });
    }

    private void Publish(CellOutput output)
    {
        switch (output)
        {
            case DisplayOutput { IsResult: true } result:
                Result = result.Data.FirstOrDefault(entry => entry.Key == "text/plain").Value;
                Publish("execute_result", new JsonObject { ["execution_count"] = executionCount, ["data"] = Bundle(result.Data), ["metadata"] = new JsonObject() });
                break;
            case DisplayOutput display:
                Publish("display_data", Displayed(display.Data, display.DisplayId));
                break;
            case UpdateOutput update:
                Publish("update_display_data", Displayed(update.Data, update.DisplayId));
                break;
            case ClearOutput clear:
                Publish("clear_output", new JsonObject { ["wait"] = clear.Wait });
                break;
            default:
                throw new ArgumentException($"There is no message for {output.GetType().Name}.", nameof(output));
        }
    }

    private JsonObject Displayed(IReadOnlyList<KeyValuePair<string, string>> data, string? displayId) => new()
    {
        ["data"] = Bundle(data),
        ["metadata"] = new JsonObject(),
        ["transient"] = displayId is null ? new JsonObject() : new JsonObject { ["display_id"] = displayId },
    };

    private JsonObject Bundle(IReadOnlyList<KeyValuePair<string, string>> data) => MimeBundle.Of(data, problem => Publish("stream", new JsonObject { ["name"] = "stderr", ["text"] = problem + "\n" }));

    private void Publish(string messageType, JsonObject content)
    {
        if (!isSilent)
        {
            iopub.Publish(messageType, request.Parent, content);
        }
    }
}
