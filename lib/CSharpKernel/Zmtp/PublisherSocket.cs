using System.Net;

namespace CSharpKernel.Zmtp;

/// <summary>A PUB socket: sends each message to all who subscribed to a prefix of its first frame.</summary>
internal sealed class PublisherSocket : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => throw new NotImplementedException();

    /// <summary>Called for each subscription that a peer makes, before anything is published to it. It must not wait: meanwhile nothing is published.</summary>
    public Action<Subscription>? Subscribed { get; set; }

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static PublisherSocket Bind(IPEndPoint endPoint, ZmtpOptions options) => throw new NotImplementedException();

    /// <summary>Sends a message to its subscribers, without waiting for them. The frames are copied.</summary>
    public void Publish(IReadOnlyList<ReadOnlyMemory<byte>> frames) => throw new NotImplementedException();

    /// <summary>Stops listening and ends all connections, after what was to be sent has been sent or the linger time is over.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
