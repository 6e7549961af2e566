using System.Net;

namespace CSharpKernel.Zmtp;

/// <summary>A REP socket that answers each request with the request: Jupyter's heartbeat.</summary>
internal sealed class EchoSocket : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint => throw new NotImplementedException();

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static EchoSocket Bind(IPEndPoint endPoint, ZmtpOptions options) => throw new NotImplementedException();

    /// <summary>Stops listening and ends all connections, after what was to be sent has been sent or the linger time is over.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
