namespace CSharpKernel.Zmtp;

/// <summary>What one subscriber wants: the prefixes of first frames. One that is subscribed to twice must be cancelled twice.</summary>
internal sealed class SubscriptionSet(long maximumBytes)
{
    private const int TopicOverhead = 64;

    private readonly Dictionary<byte[], int> _topics = new(ByteSequenceComparer.Instance);
    private long _bytes;

    /// <summary>Adds a subscription.</summary>
    /// <exception cref="ZmtpException">There are too many.</exception>
    public void Add(byte[] topic)
    {
        if (_topics.TryGetValue(topic, out var count))
        {
            _topics[topic] = count + 1;
            return;
        }

        _bytes += topic.Length + TopicOverhead;
        if (_bytes > maximumBytes)
        {
            throw new ZmtpException($"its subscriptions take more than {maximumBytes} bytes");
        }

        _topics.Add(topic, 1);
    }

    /// <summary>Removes a subscription; does nothing where there is none.</summary>
    public void Remove(byte[] topic)
    {
        if (!_topics.TryGetValue(topic, out var count))
        {
            return;
        }

        if (count > 1)
        {
            _topics[topic] = count - 1;
            return;
        }

        _topics.Remove(topic);
        _bytes -= topic.Length + TopicOverhead;
    }

    /// <summary>Whether a message with this first frame is wanted.</summary>
    public bool Matches(ReadOnlySpan<byte> firstFrame)
    {
        foreach (var topic in _topics.Keys)
        {
            if (firstFrame.StartsWith(topic))
            {
                return true;
            }
        }

        return false;
    }
}
