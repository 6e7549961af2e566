using System.Net;

namespace CSharpKernel.Zmtp;

/// <summary>A PUB socket: sends each message to all who subscribed to a prefix of its first frame.</summary>
/// <remarks>
/// What is published before the first subscription is kept, within the options' limits, and goes to the first subscriber. A subscriber that doesn't read
/// what it subscribed to loses its connection when too much waits for it; a libzmq client then connects and subscribes again.
/// </remarks>
internal sealed class PublisherSocket : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ZmtpConnection, SubscriptionSet> _subscribers = [];
    private readonly ZmtpOptions _options;
    private readonly ZmtpListener _listener;
    private HeldMessages? _held;

    private PublisherSocket(IPEndPoint endPoint, ZmtpOptions options)
    {
        _options = options;
        _held = new HeldMessages(options, TimeProvider.System);

        // Nothing comes in but topics.
        _listener = ZmtpListener.Bind(
            endPoint, SocketType.Publisher, options with { MaximumMessageBytes = Math.Min(options.MaximumMessageBytes, ZmtpCommand.MaximumBytes) }, ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Called for each subscription that a peer makes, before anything is published to it. It must not wait: meanwhile nothing is published.</summary>
    public Action<Subscription>? Subscribed { get; set; }

    /// <summary>The peers that are connected.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_lock)
            {
                return _subscribers.Count;
            }
        }
    }

    /// <summary>What waits to be sent to the subscriber that is furthest behind.</summary>
    public long QueuedBytes
    {
        get
        {
            lock (_lock)
            {
                return _subscribers.Count == 0 ? 0 : _subscribers.Keys.Max(connection => connection.QueuedBytes);
            }
        }
    }

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static PublisherSocket Bind(IPEndPoint endPoint, ZmtpOptions options) => new(endPoint, options);

    /// <summary>Sends a message to its subscribers, without waiting for them. The frames are copied.</summary>
    public void Publish(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        lock (_lock)
        {
            if (_held is not null)
            {
                _held.Add(frames[0].Span, ZmtpFrame.EncodeMessage(frames));
                return;
            }

            // All queues hold the same array: many slow subscribers take no more than one.
            byte[]? encoded = null;
            foreach (var (connection, subscriptions) in _subscribers)
            {
                if (subscriptions.Matches(frames[0].Span))
                {
                    connection.TrySend(encoded ??= ZmtpFrame.EncodeMessage(frames));
                }
            }
        }
    }

    /// <summary>Stops listening and ends all connections, after what was to be sent has been sent or the linger time is over.</summary>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeAsync(ZmtpConnection connection)
    {
        var subscriptions = new SubscriptionSet(_options.MaximumSubscriptionBytes);
        lock (_lock)
        {
            _subscribers.Add(connection, subscriptions);
        }

        try
        {
            while (await connection.ReceiveAsync().ConfigureAwait(false) is { } item)
            {
                switch (item)
                {
                    // ZMTP 3.1, and 3.0.
                    case ZmtpCommand { Name: ZmtpCommand.Subscribe, Data: var topic }:
                        Subscribe(connection, subscriptions, topic.ToArray());
                        break;
                    case ZmtpMessage { Frames: [[1, .. var topic]] }:
                        Subscribe(connection, subscriptions, topic);
                        break;
                    case ZmtpCommand { Name: ZmtpCommand.Cancel, Data: var topic }:
                        Cancel(subscriptions, topic.ToArray());
                        break;
                    case ZmtpMessage { Frames: [[0, .. var topic]] }:
                        Cancel(subscriptions, topic);
                        break;
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _subscribers.Remove(connection);
            }
        }
    }

    private void Subscribe(ZmtpConnection connection, SubscriptionSet subscriptions, byte[] topic)
    {
        lock (_lock)
        {
            Subscribed?.Invoke(new Subscription(topic, connection));
            subscriptions.Add(topic);
            foreach (var message in _held?.For(topic) ?? [])
            {
                connection.TrySend(message);
            }

            _held = null;
        }
    }

    private void Cancel(SubscriptionSet subscriptions, byte[] topic)
    {
        lock (_lock)
        {
            subscriptions.Remove(topic);
        }
    }
}
