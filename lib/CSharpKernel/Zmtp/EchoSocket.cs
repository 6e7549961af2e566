using System.Net;

namespace CSharpKernel.Zmtp;

/// <summary>A REP socket that answers each request with the request: Jupyter's heartbeat.</summary>
/// <remarks>A request may come from a REQ or a DEALER socket: any number of frames, an empty one, and the body. One without the empty frame is passed over.</remarks>
internal sealed class EchoSocket : IAsyncDisposable
{
    private const int MaximumMessageBytes = 1024 * 1024;

    private readonly ZmtpListener _listener;

    private EchoSocket(IPEndPoint endPoint, ZmtpOptions options) =>
        _listener = ZmtpListener.Bind(endPoint, SocketType.Reply, options with { MaximumMessageBytes = Math.Min(options.MaximumMessageBytes, MaximumMessageBytes) }, ServeAsync);

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static EchoSocket Bind(IPEndPoint endPoint, ZmtpOptions options) => new(endPoint, options);

    /// <summary>Stops listening and ends all connections, after what was to be sent has been sent or the linger time is over.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private static async Task ServeAsync(ZmtpConnection connection)
    {
        while (await connection.ReceiveAsync().ConfigureAwait(false) is { } item)
        {
            if (item is ZmtpMessage { Frames: var frames } && frames.SkipLast(1).Any(frame => frame.Length == 0))
            {
                connection.TrySend(ZmtpFrame.EncodeMessage([.. frames.Select(frame => (ReadOnlyMemory<byte>)frame)]));
            }
        }
    }
}
