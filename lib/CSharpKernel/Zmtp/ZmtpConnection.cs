using System.Diagnostics;
using System.Net.Sockets;

namespace CSharpKernel.Zmtp;

/// <summary>One ZMTP connection, from either end: the handshake, then messages and commands in both directions. PING is answered here.</summary>
/// <remarks>One reader at a time; sending, closing and aborting from any thread.</remarks>
internal sealed class ZmtpConnection : IDisposable
{
    private readonly Stream _stream;
    private readonly FrameReader _reader;
    private readonly SendQueue _sending;
    private readonly ZmtpOptions _options;

    /// <summary>A connection over a stream that it closes in the end.</summary>
    /// <param name="stream">The bytes in both directions.</param>
    /// <param name="options">The limits.</param>
    /// <param name="budget">What it shares with the other connections of its socket.</param>
    public ZmtpConnection(Stream stream, ZmtpOptions options, ReceiveBudget budget)
    {
        _stream = stream;
        _options = options;
        _reader = new FrameReader(stream, options, budget);
        _sending = new SendQueue(stream, options.MaximumQueuedBytes);
    }

    /// <summary>The identity that the peer gave in the handshake; empty where it gave none.</summary>
    public byte[] PeerIdentity { get; private set; } = [];

    /// <summary>True when it has sent a message, or a command that is its owner's to answer.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>When the peer was last heard: a message, a command or the end of the handshake.</summary>
    public long LastHeard { get; private set; } = Stopwatch.GetTimestamp();

    /// <summary>What waits to be sent.</summary>
    public long QueuedBytes => _sending.Bytes;

    /// <summary>Exchanges greetings and READY with the peer. A peer that gets as far as the mechanism is told in an ERROR why it can't go on.</summary>
    /// <param name="socketType">What we are.</param>
    /// <param name="identity">The identity that we give.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ZmtpException">The peer doesn't speak ZMTP 3 with the NULL mechanism, or is of a type that doesn't go with ours.</exception>
    public async Task HandshakeAsync(string socketType, ReadOnlyMemory<byte> identity, CancellationToken cancellation)
    {
        _sending.TryAdd(Greeting.Bytes);
        var mechanism = await Greeting.ReadAsync(_reader, cancellation).ConfigureAwait(false);
        try
        {
            if (mechanism != Greeting.NullMechanism)
            {
                throw new ZmtpException($"it asks for the security mechanism '{mechanism}'; only {Greeting.NullMechanism} is spoken here");
            }

            TrySend(ZmtpCommand.MakeReady(socketType, identity.Span));
            var frame = await _reader.ReadFrameAsync(isHandshake: true, cancellation).ConfigureAwait(false) ?? throw new EndOfStreamException("The peer ended the connection within the handshake.");
            ReadReady(socketType, frame);
            LastHeard = Stopwatch.GetTimestamp();
        }
        catch (ZmtpException exception)
        {
            TrySend(ZmtpCommand.MakeError(exception.Message));
            throw;
        }
    }

    /// <summary>Waits for the next message, or command other than PING and PONG.</summary>
    /// <returns>What came, or null where the peer has ended the connection in good order.</returns>
    /// <exception cref="ZmtpException">The peer doesn't keep to the protocol.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<ZmtpItem?> ReceiveAsync()
    {
        List<byte[]>? frames = null;
        _reader.BeginMessage();
        try
        {
            while (await _reader.ReadFrameAsync(isHandshake: false, CancellationToken.None).ConfigureAwait(false) is { } frame)
            {
                LastHeard = Stopwatch.GetTimestamp();
                if (frame.IsCommand)
                {
                    // libzmq sends its PING whenever it is due, also between the frames of a message.
                    var command = ZmtpCommand.Parse(frame.Body);
                    if (!TryAnswer(command) && frames is null)
                    {
                        HasSpoken = true;
                        return command;
                    }

                    continue;
                }

                frames ??= [];
                frames.Add(frame.Body);
                if (frames.Count > _options.MaximumFramesPerMessage)
                {
                    throw new ZmtpException($"it sent a message of more than {_options.MaximumFramesPerMessage} frames");
                }

                if (!frame.HasMore)
                {
                    HasSpoken = true;
                    return new ZmtpMessage(frames, _reader.MessageSize);
                }
            }

            return frames is null ? null : throw new EndOfStreamException("The peer ended the connection within a message.");
        }
        catch
        {
            _reader.BeginMessage();
            throw;
        }
    }

    /// <summary>Sends a message that <see cref="ZmtpFrame.EncodeMessage"/> has made, without waiting.</summary>
    /// <returns>False where the connection has ended, or ends now because too much waits.</returns>
    public bool TrySend(byte[] encodedMessage) => _sending.TryAdd(encodedMessage);

    /// <summary>Sends a command, without waiting.</summary>
    public bool TrySend(ZmtpCommand command) => _sending.TryAdd(command.Encode());

    /// <summary>Ends the connection when everything has been sent, or after the linger time.</summary>
    public async Task CloseAsync()
    {
        try
        {
            await _sending.CompleteAsync().WaitAsync(_options.Linger).ConfigureAwait(false);
            DiscardUnread();
        }
        catch (TimeoutException)
        {
            // The peer doesn't read.
        }

        Abort();
    }

    /// <summary>Ends the connection at once. Whoever reads from it gets an <see cref="IOException"/> or <see cref="ObjectDisposedException"/>.</summary>
    public void Abort() => _sending.Abort();

    public void Dispose()
    {
        Abort();
        _reader.Dispose();
    }

    private void ReadReady(string socketType, ZmtpFrame frame)
    {
        var command = ZmtpCommand.Parse(frame.Body);
        if (command.Name != ZmtpCommand.Ready)
        {
            throw new ZmtpException(command.Name == ZmtpCommand.Error ? $"it refuses: {command.ReadReason()}" : $"it sent {command.Name} instead of READY");
        }

        (var peerType, PeerIdentity) = command.ReadProperties();
        if (!SocketType.CanTalk(socketType, peerType))
        {
            throw new ZmtpException($"its socket type is '{peerType}', which does not go with {socketType}");
        }

        // What begins with a zero is ours to make up.
        if (PeerIdentity.Length > byte.MaxValue || (PeerIdentity.Length > 0 && PeerIdentity[0] == 0))
        {
            throw new ZmtpException($"its identity of {PeerIdentity.Length} bytes is longer than {byte.MaxValue} or begins with a zero");
        }
    }

    private bool TryAnswer(ZmtpCommand command)
    {
        switch (command.Name)
        {
            case ZmtpCommand.Ping:
                var (timeToLive, context) = command.ReadPing();
                _reader.LimitSilence(timeToLive);
                TrySend(new ZmtpCommand(ZmtpCommand.Pong, context));
                return true;
            case ZmtpCommand.Pong:
                return true;
            default:
                return false;
        }
    }

    /// <summary>Closing a TCP connection with unread bytes resets it, and a reset can overtake what was sent last.</summary>
    private void DiscardUnread()
    {
        if (_stream is not NetworkStream { Socket: var socket })
        {
            return;
        }

        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var waste = new byte[64 * 1024];
            for (var discarded = 0; discarded < 16 * waste.Length && socket.Available > 0;)
            {
                discarded += socket.Receive(waste);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
