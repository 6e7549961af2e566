using System.Globalization;
using System.Text.Json.Nodes;

namespace CSharpKernel.Jupyter;

/// <summary>Messages as frames: <c>[envelope..., &lt;IDS|MSG&gt;, signature, header, parent header, metadata, content, buffers...]</c>.</summary>
/// <param name="signature">Signs and checks them.</param>
internal sealed class MessageFormat(MessageSignature signature)
{
    /// <summary>The version of the protocol that is spoken here.</summary>
    public const string ProtocolVersion = "5.5";

    /// <summary>The parent header of what no request led to.</summary>
    public static readonly byte[] NoParent = "{}"u8.ToArray();

    private const int SignedFrames = 4;
    private readonly string _session = Guid.NewGuid().ToString();
    private int _count;

    private static ReadOnlySpan<byte> Delimiter => "<IDS|MSG>"u8;

    /// <summary>Reads a message.</summary>
    /// <param name="frames">Its frames, without the identity of the connection.</param>
    /// <param name="message">The message, or null.</param>
    /// <returns>Why it must be dropped, as the end of a sentence, or null where it need not.</returns>
    public string? Read(IReadOnlyList<byte[]> frames, out JupyterMessage? message)
    {
        message = null;
        var delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter))
        {
            delimiter++;
        }

        if (delimiter == frames.Count)
        {
            return "it has no <IDS|MSG> frame";
        }

        var first = delimiter + 2;
        if (frames.Count < first + SignedFrames)
        {
            return "frames are missing";
        }

        if (signature.FindProblem(frames[first - 1], frames[first], frames[first + 1], frames[first + 2], frames[first + 3]) is { } problem)
        {
            return problem;
        }

        var parts = new JsonObject[SignedFrames];
        for (var i = 0; i < SignedFrames; i++)
        {
            if (JupyterJson.TryParseObject(frames[first + i]) is not { } part)
            {
                return "a part of it is not a JSON object";
            }

            parts[i] = part;
        }

        if (JupyterJson.Text(parts[0], "msg_id") is not { } id || JupyterJson.Text(parts[0], "msg_type") is not { } kind)
        {
            return "its header has no msg_id or no msg_type";
        }

        message = new JupyterMessage(
            [.. frames.Take(delimiter)], frames[first], id, kind, JupyterJson.Text(parts[0], "session") ?? "", JupyterJson.Text(parts[0], "username") ?? "", parts[1], parts[2], parts[3]);
        return null;
    }

    /// <summary>The frames of a new message.</summary>
    /// <param name="envelope">What precedes the delimiter: the request's envelope, or a topic.</param>
    /// <param name="kind">Its <c>msg_type</c>.</param>
    /// <param name="parentHeader">The request's header, byte by byte.</param>
    /// <param name="content">The content.</param>
    /// <param name="metadata">The metadata; null for none.</param>
    /// <param name="id">Its <c>msg_id</c>; null for a new one.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Write(
        IReadOnlyList<byte[]> envelope, string kind, ReadOnlyMemory<byte> parentHeader, JsonObject content, JsonObject? metadata = null, string? id = null)
    {
        var header = JupyterJson.Write(new JsonObject
        {
            ["msg_id"] = id ?? NewId(),
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = Now(),
            ["msg_type"] = kind,
            ["version"] = ProtocolVersion,
        });
        var metadataFrame = metadata is null ? NoParent : JupyterJson.Write(metadata);
        var contentFrame = JupyterJson.Write(content);
        return
        [
            .. envelope.Select(frame => (ReadOnlyMemory<byte>)frame),
            Delimiter.ToArray(),
            signature.Sign(header, parentHeader, metadataFrame, contentFrame),
            header,
            parentHeader,
            metadataFrame,
            contentFrame,
        ];
    }

    /// <summary>An id that no other message has.</summary>
    public string NewId() => string.Create(CultureInfo.InvariantCulture, $"{_session}_{Interlocked.Increment(ref _count)}");

    /// <summary>The time as messages state it: ISO 8601, in UTC.</summary>
    public static string Now() => DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
