using System.Buffers.Binary;

namespace CSharpKernel.Zmtp;

/// <summary>Reads a connection's bytes as frames, and counts what the message that they belong to takes. Memory is taken as bytes arrive, not as a length promises them.</summary>
/// <remarks>One reader at a time.</remarks>
internal sealed class FrameReader(Stream stream, ZmtpOptions options, ReceiveBudget budget) : IDisposable
{
    private const int BufferLength = 16 * 1024;
    private const int FirstLength = 64 * 1024;

    /// <summary>What a frame takes beside its body.</summary>
    private const int FrameOverhead = 64;

    private readonly byte[] _buffer = new byte[BufferLength];
    private int _start;
    private int _end;
    private long _takenFromBudget;
    private TimeSpan _silenceLimit;
    private CancellationTokenSource? _silence;

    /// <summary>What the message takes whose frames have been read since <see cref="BeginMessage"/>.</summary>
    public long MessageSize { get; private set; }

    /// <summary>Gives up (with an <see cref="OperationCanceledException"/>) when nothing has arrived for so long; zero never.</summary>
    public void LimitSilence(TimeSpan limit)
    {
        _silenceLimit = limit;
        _silence ??= new CancellationTokenSource();
    }

    /// <summary>The frames from here on belong to a new message; nobody reads the last one from here any more.</summary>
    public void BeginMessage()
    {
        budget.GiveBack(_takenFromBudget);
        _takenFromBudget = 0;
        MessageSize = 0;
    }

    /// <summary>Reads exactly so many bytes, fewer than the buffer has.</summary>
    /// <exception cref="EndOfStreamException">The peer has ended the connection before.</exception>
    public async ValueTask<byte[]> ReadBytesAsync(int count, CancellationToken cancellation)
    {
        await FillAsync(count, cancellation).ConfigureAwait(false);
        var bytes = _buffer.AsSpan(_start, count).ToArray();
        _start += count;
        return bytes;
    }

    /// <summary>Reads the next frame.</summary>
    /// <param name="isHandshake">True where nothing but a command may come: anything else is refused by its header, before it is read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The frame, or null where the peer has ended the connection after a whole frame.</returns>
    /// <exception cref="EndOfStreamException">The peer has ended the connection within a frame.</exception>
    /// <exception cref="ZmtpException">What it sent is no frame, or one too large.</exception>
    public async ValueTask<ZmtpFrame?> ReadFrameAsync(bool isHandshake, CancellationToken cancellation)
    {
        if (_start == _end && !await ReadMoreAsync(cancellation).ConfigureAwait(false))
        {
            return null;
        }

        await FillAsync(ZmtpFrame.ShortHeaderLength, cancellation).ConfigureAwait(false);
        var flags = _buffer[_start];
        if ((flags & ~ZmtpFrame.AllFlags) != 0)
        {
            throw new ZmtpException($"it sent a frame with reserved flags: 0x{flags:X2}");
        }

        var hasMore = (flags & ZmtpFrame.MoreFlag) != 0;
        var isCommand = (flags & ZmtpFrame.CommandFlag) != 0;
        if (isHandshake && !isCommand)
        {
            throw new ZmtpException("it sent a message before the end of the handshake");
        }

        if (hasMore && isCommand)
        {
            throw new ZmtpException("it sent a command of more than one frame");
        }

        ulong length = _buffer[_start + 1];
        var headerLength = ZmtpFrame.ShortHeaderLength;
        if ((flags & ZmtpFrame.LongFlag) != 0)
        {
            headerLength = ZmtpFrame.LongHeaderLength;
            await FillAsync(headerLength, cancellation).ConfigureAwait(false);
            length = BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_start + 1));
        }

        var maximum = isCommand ? ZmtpCommand.MaximumBytes : Math.Min(options.MaximumFrameBytes, Array.MaxLength);
        if (length > (ulong)maximum)
        {
            throw new ZmtpException($"it sent a {(isCommand ? "command" : "frame")} of {length} bytes; at most {maximum} are accepted");
        }

        _start += headerLength;
        return new ZmtpFrame(await ReadBodyAsync((int)length, isCommand, cancellation).ConfigureAwait(false), hasMore, isCommand);
    }

    /// <summary>Gives back what a message took that did not arrive whole.</summary>
    public void Dispose()
    {
        BeginMessage();
        _silence?.Dispose();
    }

    private async ValueTask<byte[]> ReadBodyAsync(int length, bool isCommand, CancellationToken cancellation)
    {
        // A command may come between the frames of a message, and takes little.
        if (!isCommand)
        {
            Count(FrameOverhead);
        }

        var body = Array.Empty<byte>();
        for (var read = 0; read < length;)
        {
            if (read == body.Length)
            {
                var longer = (int)Math.Min(length, Math.Max(FirstLength, 2L * read));
                if (!isCommand)
                {
                    Count(longer - read);
                }

                var copy = GC.AllocateUninitializedArray<byte>(longer);
                body.CopyTo(copy, 0);
                body = copy;
            }

            if (_start < _end)
            {
                var count = Math.Min(_end - _start, body.Length - read);
                _buffer.AsSpan(_start, count).CopyTo(body.AsSpan(read));
                _start += count;
                read += count;
            }
            else if (length - read >= BufferLength)
            {
                read += await ReceiveAsync(body.AsMemory(read), cancellation).ConfigureAwait(false) is > 0 and var count ? count : throw Ended();
            }
            else
            {
                await FillAsync(1, cancellation).ConfigureAwait(false);
            }
        }

        return body;
    }

    private void Count(long bytes)
    {
        MessageSize += bytes;
        if (MessageSize > options.MaximumMessageBytes)
        {
            throw new ZmtpException($"it sent a message of {MessageSize} bytes or more; at most {options.MaximumMessageBytes} are accepted");
        }

        var more = MessageSize - ReceiveBudget.Free - _takenFromBudget;
        if (more > 0)
        {
            if (!budget.TryTake(more))
            {
                throw new ZmtpException($"it sent a message of {MessageSize} bytes or more while other large ones were arriving");
            }

            _takenFromBudget += more;
        }
    }

    /// <summary>Waits until the buffer holds so many bytes.</summary>
    private async ValueTask FillAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            if (!await ReadMoreAsync(cancellation).ConfigureAwait(false))
            {
                throw Ended();
            }
        }
    }

    private async ValueTask<bool> ReadMoreAsync(CancellationToken cancellation)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var count = await ReceiveAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> memory, CancellationToken cancellation)
    {
        if (_silenceLimit == TimeSpan.Zero)
        {
            return await stream.ReadAsync(memory, cancellation).ConfigureAwait(false);
        }

        // Only while we wait for the peer: where it is we who don't read, it isn't silent.
        _silence!.CancelAfter(_silenceLimit);
        var count = await stream.ReadAsync(memory, _silence.Token).ConfigureAwait(false);
        _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        return count;
    }

    private static EndOfStreamException Ended() => new("The peer ended the connection within a frame.");
}
