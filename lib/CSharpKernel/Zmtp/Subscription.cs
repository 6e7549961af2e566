namespace CSharpKernel.Zmtp;

/// <summary>One peer's wish for the messages whose first frame begins with a topic.</summary>
internal sealed class Subscription(byte[] topic, ZmtpConnection connection)
{
    /// <summary>The prefix; empty for all messages.</summary>
    public ReadOnlyMemory<byte> Topic => topic;

    /// <summary>Sends a message to this subscriber alone, whatever its first frame is, without waiting. The frames are copied.</summary>
    /// <returns>False where it has gone, also because more waited for it than may.</returns>
    public bool Send(IReadOnlyList<ReadOnlyMemory<byte>> frames) => connection.TrySend(ZmtpFrame.EncodeMessage(frames));
}
