namespace CSharpKernel.Zmtp;

/// <summary>What a publisher sends before anybody has subscribed, kept for the first who does. Past the limits the oldest goes.</summary>
internal sealed class HeldMessages(ZmtpOptions options, TimeProvider time)
{
    private readonly Queue<(byte[] FirstFrame, byte[] Encoded, long Added)> _messages = [];
    private long _bytes;

    /// <summary>Keeps a message.</summary>
    public void Add(ReadOnlySpan<byte> firstFrame, byte[] encoded)
    {
        _messages.Enqueue((firstFrame.ToArray(), encoded, time.GetTimestamp()));
        _bytes += encoded.Length;
        while (_messages.Count > options.MaximumHeldMessages || _bytes > options.MaximumHeldBytes)
        {
            _bytes -= _messages.Dequeue().Encoded.Length;
        }
    }

    /// <summary>The messages whose first frame begins with a topic, oldest first, without those that are too old.</summary>
    public IEnumerable<byte[]> For(byte[] topic) => _messages
        .Where(message => time.GetElapsedTime(message.Added) <= options.HeldMessageAge && message.FirstFrame.AsSpan().StartsWith(topic))
        .Select(message => message.Encoded);
}
