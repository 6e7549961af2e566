using System.Buffers.Binary;

namespace CSharpKernel.Zmtp;

/// <summary>A frame: a part of a message, or a command.</summary>
/// <param name="Body">What it holds.</param>
/// <param name="HasMore">Whether another frame of the same message follows.</param>
/// <param name="IsCommand">Whether it is a command.</param>
internal readonly record struct ZmtpFrame(byte[] Body, bool HasMore, bool IsCommand)
{
    /// <summary>The flag of a frame that another frame of its message follows.</summary>
    public const byte MoreFlag = 1;

    /// <summary>The flag of a frame whose length has eight bytes instead of one.</summary>
    public const byte LongFlag = 2;

    /// <summary>The flag of a command.</summary>
    public const byte CommandFlag = 4;

    /// <summary>All flags; the other bits are reserved and must be 0.</summary>
    public const byte AllFlags = MoreFlag | LongFlag | CommandFlag;

    /// <summary>Flags and a length of one byte.</summary>
    public const int ShortHeaderLength = 2;

    /// <summary>Flags and a length of eight bytes.</summary>
    public const int LongHeaderLength = 9;

    /// <summary>A message as bytes: all its frames with their headers.</summary>
    /// <exception cref="ArgumentException">It has no frame, or is too large for an array.</exception>
    public static byte[] EncodeMessage(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (frames.Count == 0)
        {
            throw new ArgumentException("A message has at least one frame.", nameof(frames));
        }

        var length = 0L;
        foreach (var frame in frames)
        {
            length += HeaderLength(frame.Length) + frame.Length;
        }

        if (length > Array.MaxLength)
        {
            throw new ArgumentException($"A message of {length} bytes is too large to be sent; at most {Array.MaxLength} can be.", nameof(frames));
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var rest = bytes.AsSpan();
        for (var i = 0; i < frames.Count; i++)
        {
            Write(ref rest, i < frames.Count - 1 ? MoreFlag : (byte)0, frames[i].Span);
        }

        return bytes;
    }

    /// <summary>A command as bytes: its frame with the header.</summary>
    public static byte[] EncodeCommand(ReadOnlySpan<byte> body)
    {
        var bytes = new byte[HeaderLength(body.Length) + body.Length];
        var rest = bytes.AsSpan();
        Write(ref rest, CommandFlag, body);
        return bytes;
    }

    private static int HeaderLength(int bodyLength) => bodyLength <= byte.MaxValue ? ShortHeaderLength : LongHeaderLength;

    private static void Write(ref Span<byte> rest, byte flags, ReadOnlySpan<byte> body)
    {
        var headerLength = HeaderLength(body.Length);
        if (headerLength == ShortHeaderLength)
        {
            rest[0] = flags;
            rest[1] = (byte)body.Length;
        }
        else
        {
            rest[0] = (byte)(flags | LongFlag);
            BinaryPrimitives.WriteInt64BigEndian(rest[1..], body.Length);
        }

        body.CopyTo(rest[headerLength..]);
        rest = rest[(headerLength + body.Length)..];
    }
}
