using System.Buffers.Binary;

namespace CSharpKernel.Zmtp;

/// <summary>A command: a name and data whose form depends on it.</summary>
/// <param name="Name">READY, ERROR, SUBSCRIBE, CANCEL, PING, PONG, or one that isn't known here.</param>
/// <param name="Data">What follows the name.</param>
internal sealed record ZmtpCommand(string Name, ReadOnlyMemory<byte> Data) : ZmtpItem
{
    public const string Cancel = "CANCEL";
    public const string Error = "ERROR";
    public const string Ping = "PING";
    public const string Pong = "PONG";
    public const string Ready = "READY";
    public const string Subscribe = "SUBSCRIBE";

    /// <summary>The largest body of a command that is accepted.</summary>
    public const int MaximumBytes = 64 * 1024;

    private const string SocketTypeProperty = "Socket-Type";
    private const string IdentityProperty = "Identity";
    private const int TimeToLiveLength = 2;

    /// <summary>Reads a command frame's body.</summary>
    /// <exception cref="ZmtpException">It has no name.</exception>
    public static ZmtpCommand Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty || body.Span[0] == 0 || body.Length < 1 + body.Span[0])
        {
            throw new ZmtpException("it sent a command without a whole name");
        }

        var length = body.Span[0];
        return new ZmtpCommand(AsciiText.Read(body.Span.Slice(1, length)), body[(1 + length)..]);
    }

    /// <summary>The handshake's last step: what we are.</summary>
    public static ZmtpCommand MakeReady(string socketType, ReadOnlySpan<byte> identity)
    {
        var data = new List<byte>();
        AddProperty(data, SocketTypeProperty, AsciiText.Write(socketType));
        if (socketType is SocketType.Dealer or SocketType.Request or SocketType.Router)
        {
            AddProperty(data, IdentityProperty, identity);
        }

        return new ZmtpCommand(Ready, data.ToArray());
    }

    /// <summary>Why the handshake ends here; a reason of more than 255 characters is cut.</summary>
    public static ZmtpCommand MakeError(string reason)
    {
        var bytes = AsciiText.Write(reason.Length > byte.MaxValue ? reason[..byte.MaxValue] : reason);
        return new ZmtpCommand(Error, (byte[])[(byte)bytes.Length, .. bytes]);
    }

    /// <summary>The command as the bytes of a frame.</summary>
    public byte[] Encode()
    {
        var name = AsciiText.Write(Name);
        return ZmtpFrame.EncodeCommand([(byte)name.Length, .. name, .. Data.Span]);
    }

    /// <summary>Reads READY's properties. Names match in any case; those that aren't known here are passed over, and a missing property is empty.</summary>
    /// <exception cref="ZmtpException">A property isn't whole.</exception>
    public (string SocketType, byte[] Identity) ReadProperties()
    {
        var (socketType, identity) = ("", Array.Empty<byte>());
        for (var rest = Data.Span; !rest.IsEmpty;)
        {
            var name = Take(ref rest, rest[0], 1);
            if (rest.Length < sizeof(uint))
            {
                throw new ZmtpException($"its READY command ends within the property '{AsciiText.Read(name)}'");
            }

            var value = Take(ref rest, BinaryPrimitives.ReadUInt32BigEndian(rest), sizeof(uint));
            switch (AsciiText.Read(name))
            {
                case var text when text.Equals(SocketTypeProperty, StringComparison.OrdinalIgnoreCase):
                    socketType = AsciiText.Read(value);
                    break;
                case var text when text.Equals(IdentityProperty, StringComparison.OrdinalIgnoreCase):
                    identity = value.ToArray();
                    break;
            }
        }

        return (socketType, identity);

        static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, uint length, int lengthBytes)
        {
            if (rest.Length - lengthBytes < length)
            {
                throw new ZmtpException("its READY command ends within a property");
            }

            var taken = rest.Slice(lengthBytes, (int)length);
            rest = rest[(lengthBytes + (int)length)..];
            return taken;
        }
    }

    /// <summary>Reads ERROR's reason.</summary>
    public string ReadReason() => Data.IsEmpty ? "" : AsciiText.Read(Data.Span[1..]);

    /// <summary>Reads PING's time to live, after which the peer wants to be given up if nothing more has come from it (zero: never), and its context, which PONG brings back.</summary>
    /// <exception cref="ZmtpException">It has no time to live.</exception>
    public (TimeSpan TimeToLive, ReadOnlyMemory<byte> Context) ReadPing() => Data.Length >= TimeToLiveLength
        ? (TimeSpan.FromMilliseconds(100.0 * BinaryPrimitives.ReadUInt16BigEndian(Data.Span)), Data[TimeToLiveLength..])
        : throw new ZmtpException("it sent a PING without a time to live");

    private static void AddProperty(List<byte> data, string name, ReadOnlySpan<byte> value)
    {
        data.Add((byte)name.Length);
        data.AddRange(AsciiText.Write(name));
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        data.AddRange(length);
        data.AddRange(value);
    }
}
