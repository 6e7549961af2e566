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
    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => throw new NotImplementedException();

    /// <summary>What has come in, in each peer's order. Ends when the socket is disposed of. While much waits here, nothing more is read from the peers.</summary>
    public ChannelReader<RoutedMessage> Messages => throw new NotImplementedException();

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static RouterSocket Bind(IPEndPoint endPoint, ZmtpOptions options) => throw new NotImplementedException();

    /// <summary>Sends a message to a peer, without waiting for it. The frames are copied.</summary>
    /// <returns>False where there is no such peer (any more), also because more waited for it than may.</returns>
    public bool TrySend(ReadOnlyMemory<byte> identity, IReadOnlyList<ReadOnlyMemory<byte>> frames) => throw new NotImplementedException();

    /// <summary>Stops listening and ends all connections, after what was to be sent has been sent or the linger time is over.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
