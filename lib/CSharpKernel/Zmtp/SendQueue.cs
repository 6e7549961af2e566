namespace CSharpKernel.Zmtp;

/// <summary>Sends what is put into it, in order, without making anybody wait. It never holds much more than its limit: a peer that reads too slowly loses its connection.</summary>
/// <remarks>What can be sent at once is sent by the thread that brings it. What piled up meanwhile goes out together.</remarks>
internal sealed class SendQueue(Stream stream, long maximumBytes)
{
    private const int BatchLength = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _queue = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private bool _isSending;
    private bool _isComplete;

    /// <summary>What waits to be sent.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Puts whole frames into the queue. The array must not change afterwards; it may be in several queues.</summary>
    /// <returns>False where the connection has ended, or ends now because too much waits.</returns>
    public bool TryAdd(byte[] bytes)
    {
        var isOverfull = false;
        lock (_lock)
        {
            if (_isComplete)
            {
                return false;
            }

            isOverfull = _bytes > 0 && _bytes + bytes.Length > maximumBytes;
            if (!isOverfull)
            {
                _queue.Enqueue(bytes);
                _bytes += bytes.Length;
                if (_isSending)
                {
                    return true;
                }

                _isSending = true;
            }
        }

        if (isOverfull)
        {
            Abort();
            return false;
        }

        _ = SendAsync();
        return true;
    }

    /// <summary>Takes nothing more; ends when everything has been sent or cannot be.</summary>
    public Task CompleteAsync()
    {
        lock (_lock)
        {
            _isComplete = true;
            if (!_isSending)
            {
                _completion.TrySetResult();
            }
        }

        return _completion.Task;
    }

    /// <summary>Throws away what waits, and closes the stream.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            _isComplete = true;
            _queue.Clear();
            _bytes = 0;
            _completion.TrySetResult();
        }

        stream.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            while (TakeBatch() is { } batch)
            {
                await stream.WriteAsync(batch).ConfigureAwait(false);
                if (!TryFinish(batch.Length))
                {
                    return;
                }

                // More came while this was sent: the thread that brought this may go.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            Abort();
        }
    }

    /// <summary>The next array, or several small ones in one; null when there is none (any more).</summary>
    private byte[]? TakeBatch()
    {
        lock (_lock)
        {
            if (_queue.Count <= 1)
            {
                return _queue.Count == 0 ? null : _queue.Dequeue();
            }

            var (count, length) = (0, 0);
            foreach (var bytes in _queue)
            {
                if (length + bytes.Length > BatchLength)
                {
                    break;
                }

                count++;
                length += bytes.Length;
            }

            if (count <= 1)
            {
                return _queue.Dequeue();
            }

            var batch = new byte[length];
            var rest = batch.AsSpan();
            for (var i = 0; i < count; i++)
            {
                var bytes = _queue.Dequeue();
                bytes.CopyTo(rest);
                rest = rest[bytes.Length..];
            }

            return batch;
        }
    }

    /// <summary>Whether there is more to send, now that so many bytes have gone.</summary>
    private bool TryFinish(int sent)
    {
        lock (_lock)
        {
            _bytes = Math.Max(0, _bytes - sent);
            if (_queue.Count > 0)
            {
                return true;
            }

            _isSending = false;
            if (_isComplete)
            {
                _completion.TrySetResult();
            }

            return false;
        }
    }
}
