using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;

namespace CSharpKernel.Zmtp;

/// <summary>A message from one of a router's peers.</summary>
/// <param name="Identity">The peer: the identity that it gave, or one made up for it.</param>
/// <param name="Frames">The message's frames, at least one.</param>
internal sealed record RoutedMessage(byte[] Identity, IReadOnlyList<byte[]> Frames);

/// <summary>A ROUTER socket: receives messages from all its peers, each with its sender's identity, and sends to the peer that it names.</summary>
internal sealed class RouterSocket : IAsyncDisposable
{
    private readonly ConcurrentDictionary<byte[], ZmtpConnection> _peers = new(ByteSequenceComparer.Instance);
    private readonly MessageQueue<RoutedMessage> _messages;
    private readonly ZmtpListener _listener;
    private int _lastMadeUp;

    private RouterSocket(IPEndPoint endPoint, ZmtpOptions options)
    {
        _messages = new MessageQueue<RoutedMessage>(options.MaximumWaitingBytes);
        _listener = ZmtpListener.Bind(endPoint, SocketType.Router, options, ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>What has come in, in each peer's order. Ends when the socket is disposed of. While much waits here, nothing more is read from the peers.</summary>
    public ChannelReader<RoutedMessage> Messages => _messages;

    /// <summary>The peers that are connected.</summary>
    public int ConnectionCount => _peers.Count;

    /// <summary>What waits to be sent, to all peers.</summary>
    public long QueuedBytes => _peers.Values.Sum(connection => connection.QueuedBytes);

    /// <summary>What waits to be taken from <see cref="Messages"/>.</summary>
    public long WaitingBytes => _messages.Bytes;

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static RouterSocket Bind(IPEndPoint endPoint, ZmtpOptions options) => new(endPoint, options);

    /// <summary>Sends a message to a peer, without waiting for it. The frames are copied.</summary>
    /// <returns>False where there is no such peer (any more), also because more waited for it than may.</returns>
    public bool TrySend(ReadOnlyMemory<byte> identity, IReadOnlyList<ReadOnlyMemory<byte>> frames) =>
        _peers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(identity.Span, out var connection) && connection.TrySend(ZmtpFrame.EncodeMessage(frames));

    /// <summary>Stops listening and ends all connections, after what was to be sent has been sent or the linger time is over.</summary>
    public async ValueTask DisposeAsync()
    {
        _messages.Complete();
        await _listener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(ZmtpConnection connection)
    {
        var identity = connection.PeerIdentity.Length > 0 ? connection.PeerIdentity : MakeUpIdentity();
        ZmtpConnection? former = null;
        _peers.AddOrUpdate(identity, connection, (_, other) =>
        {
            former = other;
            return connection;
        });

        // The same peer again: it has lost the former connection before we have.
        former?.Abort();
        try
        {
            while (await connection.ReceiveAsync().ConfigureAwait(false) is { } item)
            {
                if (item is ZmtpMessage message && !await _messages.AddAsync(new RoutedMessage(identity, message.Frames), message.Size).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        finally
        {
            _peers.TryRemove(KeyValuePair.Create(identity, connection));
        }
    }

    /// <summary>A zero and a number; no peer can give such an identity itself.</summary>
    private byte[] MakeUpIdentity()
    {
        var identity = new byte[1 + sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(identity.AsSpan(1), Interlocked.Increment(ref _lastMadeUp));
        return identity;
    }
}
