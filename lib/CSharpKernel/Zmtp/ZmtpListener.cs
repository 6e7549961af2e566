using System.Net;
using System.Net.Sockets;

namespace CSharpKernel.Zmtp;

/// <summary>Listens on a TCP port and takes each connection through the handshake. What then comes over it is its owner's to read.</summary>
internal sealed class ZmtpListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly string _socketType;
    private readonly ZmtpOptions _options;
    private readonly Func<ZmtpConnection, Task> _serve;
    private readonly ReceiveBudget _budget;
    private readonly Lock _lock = new();
    private readonly List<ZmtpConnection> _handshaking = [];
    private readonly HashSet<ZmtpConnection> _established = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly Task _accepting;
    private bool _isDisposed;

    private ZmtpListener(Socket socket, string socketType, ZmtpOptions options, Func<ZmtpConnection, Task> serve)
    {
        _socket = socket;
        _socketType = socketType;
        _options = options;
        _serve = serve;
        _budget = new ReceiveBudget(options.MaximumIncompleteBytes);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="endPoint">The address and port; port 0 picks a free one.</param>
    /// <param name="socketType">What it is, as its peers see it.</param>
    /// <param name="options">The limits.</param>
    /// <param name="serve">Reads a connection after the handshake, to its end. What it throws because of the peer ends the connection; when it returns, what is still to be sent is sent.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">It can't listen there; the message says why.</exception>
    public static ZmtpListener Bind(IPEndPoint endPoint, string socketType, ZmtpOptions options, Func<ZmtpConnection, Task> serve)
    {
        if (!options.AllowOtherInterfaces && !IPAddress.IsLoopback(endPoint.Address))
        {
            throw new ArgumentException(
                $"{endPoint.Address} is not a loopback address: other machines could connect, and nothing would be encrypted. Use 127.0.0.1, or allow it explicitly.", nameof(endPoint));
        }

        var socket = new Socket(endPoint.AddressFamily, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // On Windows anybody could otherwise listen on the same port. Elsewhere the option would keep a port of a moment ago from being used again.
            if (OperatingSystem.IsWindows())
            {
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new ZmtpListener(socket, socketType, options, serve);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on {endPoint}: {exception.Message}", exception);
        }
    }

    /// <summary>Stops listening and ends all connections: at once those that have nothing to send, the others after what is queued or the linger time.</summary>
    public async ValueTask DisposeAsync()
    {
        ZmtpConnection[] established;
        Task[] tasks;
        lock (_lock)
        {
            _isDisposed = true;
            _handshaking.ForEach(connection => connection.Abort());
            established = [.. _established];
            tasks = [.. _tasks];
        }

        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(established.Select(connection => connection.CloseAsync())).ConfigureAwait(false);
        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Start(await _socket.AcceptAsync().ConfigureAwait(false));
            }
            catch (SocketException) when (!IsDisposed())
            {
                // There is no file left to open, for example: there will be again.
                await Task.Delay(PauseAfterError).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private bool IsDisposed()
    {
        lock (_lock)
        {
            return _isDisposed;
        }
    }

    private void Start(Socket socket)
    {
        EndPoint? address;
        ZmtpConnection connection;
        try
        {
            socket.NoDelay = true;

            // A peer whose machine has gone is noticed, in the end.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            address = socket.RemoteEndPoint;
            connection = new ZmtpConnection(new NetworkStream(socket, ownsSocket: true), _options, _budget);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // It has gone again.
            socket.Dispose();
            return;
        }

        lock (_lock)
        {
            if (_isDisposed)
            {
                connection.Dispose();
                return;
            }

            if (_handshaking.Count >= _options.MaximumHandshakes)
            {
                _handshaking[0].Abort();
                _handshaking.RemoveAt(0);
            }

            _handshaking.Add(connection);
            Task task = null!;
            task = Task.Run(async () =>
            {
                try
                {
                    await RunAsync(connection, address).ConfigureAwait(false);
                }
                finally
                {
                    lock (_lock)
                    {
                        _tasks.Remove(task);
                    }
                }
            });
            _tasks.Add(task);
        }
    }

    private async Task RunAsync(ZmtpConnection connection, EndPoint? address)
    {
        try
        {
            using (var patience = new CancellationTokenSource(_options.HandshakeTimeout))
            {
                await connection.HandshakeAsync(_socketType, default, patience.Token).ConfigureAwait(false);
            }

            Establish(connection);
            await _serve(connection).ConfigureAwait(false);
            await connection.CloseAsync().ConfigureAwait(false);
        }
        catch (ZmtpException exception)
        {
            _options.PeerRefused?.Invoke($"The peer {address} of the {_socketType} socket on {LocalEndPoint} was turned away: {exception.Message}.");
            await connection.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It has gone, or been silent for too long.
        }
        finally
        {
            connection.Dispose();
            lock (_lock)
            {
                _handshaking.Remove(connection);
                _established.Remove(connection);
            }
        }
    }

    private void Establish(ZmtpConnection connection)
    {
        lock (_lock)
        {
            _handshaking.Remove(connection);
            if (_established.Count >= _options.MaximumConnections && !TryEvict())
            {
                throw new ZmtpException($"there are {_options.MaximumConnections} connections already");
            }

            _established.Add(connection);
            if (_isDisposed)
            {
                connection.Abort();
            }
        }
    }

    /// <summary>Makes room: of the peers that have never said anything, the one that has been silent longest goes. An honest client connects again.</summary>
    private bool TryEvict()
    {
        if (_established.Where(connection => !connection.HasSpoken).MinBy(connection => connection.LastHeard) is not { } silent)
        {
            return false;
        }

        _established.Remove(silent);
        silent.Abort();
        return true;
    }
}
