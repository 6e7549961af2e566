using System.Text.Json.Nodes;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Jupyter;

/// <summary>A request, and the way back to who sent it.</summary>
/// <param name="message">The request.</param>
/// <param name="identity">The client on the socket that it came through; the same client has the same identity on the other sockets.</param>
/// <param name="socket">The socket.</param>
/// <param name="format">Makes the reply.</param>
internal sealed class Request(JupyterMessage message, byte[] identity, RouterSocket socket, MessageFormat format)
{
    /// <summary>What is asked.</summary>
    public JupyterMessage Message => message;

    /// <summary>Who asks.</summary>
    public byte[] Identity => identity;

    /// <summary>The parent of all that the request leads to.</summary>
    public Parent Parent { get; } = new(message.RawHeader);

    /// <summary>Sends the reply. A client that has gone gets none.</summary>
    public void Reply(JsonObject content, JsonObject? metadata = null)
    {
        const string Ending = "_request";
        var kind = message.MessageType;
        var name = kind.EndsWith(Ending, StringComparison.Ordinal) ? kind[..^Ending.Length] : kind;
        _ = socket.TrySend(identity, format.Write(message.Envelope, name + "_reply", message.RawHeader, content, metadata));
    }

    /// <summary>Sends a reply that says what failed.</summary>
    public void ReplyError(string name, string message) => Reply(ErrorContent(name, message, [$"{name}: {message}"]));

    /// <summary>The content of a reply that says what failed.</summary>
    public static JsonObject ErrorContent(string name, string message, IEnumerable<string> traceback) => new()
    {
        ["status"] = "error",
        ["ename"] = name,
        ["evalue"] = message,
        ["traceback"] = JupyterJson.Strings(traceback),
    };
}
