using System.Text;
using System.Text.Json.Nodes;

namespace CSharpKernel.Jupyter;

/// <summary>What a request's messages on the iopub channel are about: its header, which they bear as their parent.</summary>
/// <param name="Header">The header's bytes.</param>
internal sealed record Parent(ReadOnlyMemory<byte> Header)
{
    /// <summary>The parent of messages to which no request led.</summary>
    public static Parent None { get; } = new(MessageFormat.NoParent);
}

/// <summary>Publishes statuses and outputs to all clients, in one order for all.</summary>
/// <remarks>
/// Requests are answered while a cell runs. Front ends show the last status that came as the kernel's, whatever its parent: so after the <c>idle</c> of such a request, the running cell's
/// <c>busy</c> is published once more.
/// </remarks>
/// <param name="format">Makes the messages.</param>
/// <param name="publish">Sends one to all clients without waiting for them.</param>
internal sealed class IopubChannel(MessageFormat format, Action<IReadOnlyList<ReadOnlyMemory<byte>>> publish)
{
    private readonly Lock _lock = new();
    private Parent? _running;

    /// <summary>Publishes a message.</summary>
    public void Publish(string messageType, Parent parent, JsonObject content, JsonObject? metadata = null)
    {
        lock (_lock)
        {
            publish(format.Write([Encoding.UTF8.GetBytes(messageType)], messageType, parent.Header, content, metadata));
        }
    }

    /// <summary>A status to which no request led: <c>starting</c>.</summary>
    public void PublishStatus(string state) => PublishStatus(state, Parent.None);

    /// <summary>A cell begins to run, or is answered without running.</summary>
    public void BeginCell(Parent parent)
    {
        lock (_lock)
        {
            _running = parent;
            PublishStatus("busy", parent);
        }
    }

    /// <summary>Everything about the cell has been published.</summary>
    public void EndCell(Parent parent)
    {
        lock (_lock)
        {
            _running = null;
            PublishStatus("idle", parent);
        }
    }

    /// <summary>A request beside the cells begins.</summary>
    public void Begin(Parent parent) => PublishStatus("busy", parent);

    /// <summary>Everything about the request has been published.</summary>
    public void End(Parent parent)
    {
        lock (_lock)
        {
            PublishStatus("idle", parent);
            if (_running is not null)
            {
                PublishStatus("busy", _running);
            }
        }
    }

    private void PublishStatus(string state, Parent parent) => Publish("status", parent, new JsonObject { ["execution_state"] = state });
}
