using System.Text.Json.Nodes;

namespace CSharpKernel.Jupyter;

/// <summary>A message that a client sent: signed with the connection's key, well-formed, and seen for the first time.</summary>
/// <param name="Envelope">The frames before the delimiter: they precede the reply too.</param>
/// <param name="RawHeader">The header's bytes, which become the parent header of all that the message leads to.</param>
/// <param name="MessageId">The header's <c>msg_id</c>.</param>
/// <param name="MessageType">The header's <c>msg_type</c>.</param>
/// <param name="Session">The client's session, or empty.</param>
/// <param name="Username">The header's <c>username</c>, or empty.</param>
/// <param name="ParentHeader">The header of the message that this one answers; empty for a request.</param>
/// <param name="Metadata">The metadata.</param>
/// <param name="Content">The content.</param>
internal sealed record JupyterMessage(
    IReadOnlyList<byte[]> Envelope, byte[] RawHeader, string MessageId, string MessageType, string Session, string Username, JsonObject ParentHeader, JsonObject Metadata, JsonObject Content);
