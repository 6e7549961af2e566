using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace CSharpKernel.Zmtp;

/// <summary>Messages on their way from those who bring them to the one who reads them, bounded by bytes: while it is full, those who bring more wait.</summary>
internal sealed class MessageQueue<T>(long maximumBytes) : ChannelReader<T>
    where T : class
{
    private readonly Channel<(T Message, long Size)> _channel = Channel.CreateUnbounded<(T Message, long Size)>();
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = NewRoom();
    private long _bytes;
    private bool _isComplete;

    public override bool CanCount => true;

    public override int Count => _channel.Reader.Count;

    public override Task Completion => _channel.Reader.Completion;

    /// <summary>What waits here.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds a message when there is room for it; one that is larger than all the room when nothing else is there.</summary>
    /// <returns>False where nobody reads any more.</returns>
    public async ValueTask<bool> AddAsync(T message, long size)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_isComplete)
                {
                    return false;
                }

                if (_bytes == 0 || _bytes + size <= maximumBytes)
                {
                    _bytes += size;
                    return _channel.Writer.TryWrite((message, size));
                }

                room = _room.Task;
            }

            await room.ConfigureAwait(false);
        }
    }

    /// <summary>Takes nothing more. What is there can still be read.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            _channel.Writer.TryComplete();
        }

        OpenRoom(0);
    }

    public override bool TryRead([MaybeNullWhen(false)] out T item)
    {
        if (!_channel.Reader.TryRead(out var entry))
        {
            item = null;
            return false;
        }

        item = entry.Message;
        OpenRoom(entry.Size);
        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _channel.Reader.WaitToReadAsync(cancellationToken);

    private void OpenRoom(long bytes)
    {
        TaskCompletionSource room;
        lock (_lock)
        {
            _bytes -= bytes;
            room = _room;
            _room = NewRoom();
        }

        room.SetResult();
    }

    private static TaskCompletionSource NewRoom() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
