using System.Text;

namespace CSharpKernel.Running;

/// <summary>Reads what reaches a worker's real standard output or error: written past the session by native code or by a cell's own child processes.</summary>
/// <remarks>The worker writes a marker at the end of each cell; when it has arrived, so has everything that was written before it.</remarks>
internal sealed class RawStream
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly string _marker;
    private readonly long _limit;
    private long _charactersOfCell;
    private TaskCompletionSource _markerSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RawStream(Stream stream, string marker, long limit)
    {
        _marker = marker;
        _limit = limit;
        Completion = Task.Run(() => ReadAsync(stream));
    }

    /// <summary>Ends when nobody can write to the stream any more.</summary>
    public Task Completion { get; }

    /// <summary>Ends when more has been written since the last marker than may be; the rest is thrown away.</summary>
    public TaskCompletionSource TooMuch { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for the marker, for at most <paramref name="patience"/>: a cell may have closed the stream.</summary>
    public async Task WaitForMarkerAsync(TimeSpan patience)
    {
        Task seen;
        lock (_lock)
        {
            seen = _markerSeen.Task;
        }

        await Task.WhenAny(seen, Completion, Task.Delay(patience)).ConfigureAwait(false);
        lock (_lock)
        {
            _markerSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Takes the text that has arrived so far; not what may yet turn out to be a marker.</summary>
    public string TakeText()
    {
        lock (_lock)
        {
            var count = _text.Length - (Completion.IsCompleted ? 0 : LengthOfBegunMarker());
            var text = _text.ToString(0, count);
            _text.Remove(0, count);
            return text;
        }
    }

    private int LengthOfBegunMarker()
    {
        var length = Math.Min(_marker.Length - 1, _text.Length);
        while (length > 0 && !_marker.StartsWith(_text.ToString(_text.Length - length, length), StringComparison.Ordinal))
        {
            length--;
        }

        return length;
    }

    private async Task ReadAsync(Stream stream)
    {
        var bytes = new byte[16 * 1024];
        var characters = new char[16 * 1024 + 1];
        var decoder = Encoding.UTF8.GetDecoder();
        try
        {
            int count;
            while ((count = await stream.ReadAsync(bytes).ConfigureAwait(false)) > 0)
            {
                Append(characters.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, count), characters, flush: false)));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process has been killed.
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            var searchFrom = Math.Max(0, _text.Length - _marker.Length);
            _text.Append(text);
            _charactersOfCell += text.Length;
            var recent = _text.ToString(searchFrom, _text.Length - searchFrom);
            if (recent.IndexOf(_marker, StringComparison.Ordinal) is >= 0 and var index)
            {
                _text.Remove(searchFrom + index, _marker.Length);
                _charactersOfCell = _text.Length - searchFrom - index;
                _markerSeen.TrySetResult();
            }

            if (_charactersOfCell > _limit)
            {
                _text.Clear();
                TooMuch.TrySetResult();
            }
        }
    }
}
