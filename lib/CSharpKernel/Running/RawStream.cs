using System.Text;

namespace CSharpKernel.Running;

/// <summary>Reads what reaches a worker's real standard output or error: written past the session by native code or by a cell's own child processes.</summary>
/// <remarks>The worker writes a marker at the end of each cell; when it has arrived, so has everything that was written before it.</remarks>
internal sealed class RawStream
{
    // How the runtime's own reports of a crash begin.
    private static readonly string[] ReportOpenings = ["Stack overflow", "Unhandled exception.", "Process terminated.", "Fatal error.", "Out of memory."];

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly string _marker;
    private readonly long _limit;
    private long _charactersOfCell;
    private bool _isInLine;
    private bool _isCutUntold;
    private TaskCompletionSource _markerSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RawStream(string name, Stream stream, string marker, long limit)
    {
        Name = name;
        _marker = marker;
        _limit = limit;
        Completion = Task.Run(() => ReadAsync(stream));
    }

    /// <summary>Called when text may have arrived, from the thread that reads.</summary>
    public event Action<RawStream>? TextArrived;

    /// <summary><c>stdout</c> or <c>stderr</c>.</summary>
    public string Name { get; }

    /// <summary>Ends when nobody can write to the stream any more.</summary>
    public Task Completion { get; }

    /// <summary>Ends when more has been written since the last marker than may be; the rest is thrown away.</summary>
    public TaskCompletionSource TooMuch { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many characters may be written between two markers.</summary>
    public long Limit => _limit;

    /// <summary>True once after text has been thrown away, for each stretch between two markers.</summary>
    public bool TakeCut()
    {
        lock (_lock)
        {
            var isCut = _isCutUntold;
            _isCutUntold = false;
            return isCut;
        }
    }

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
            return Take(_text.Length - (Completion.IsCompleted ? 0 : LengthOfBegunMarker()));
        }
    }

    /// <summary>Takes the text that has arrived so far; not what may be the runtime's report of a crash, which belongs to the error that tells of it.</summary>
    public string TakeTextBeforeReport()
    {
        lock (_lock)
        {
            var text = _text.ToString(0, _text.Length - LengthOfBegunMarker());
            for (var line = _isInLine ? text.IndexOf('\n') + 1 : 0; line < text.Length && (line > 0 || !_isInLine); line = text.IndexOf('\n', line) + 1)
            {
                if (ReportOpenings.Any(opening => string.CompareOrdinal(text, line, opening, 0, Math.Min(opening.Length, text.Length - line)) == 0))
                {
                    return Take(line);
                }

                if (text.IndexOf('\n', line) < 0)
                {
                    break;
                }
            }

            return Take(text.Length);
        }
    }

    private string Take(int count)
    {
        var text = _text.ToString(0, count);
        _text.Remove(0, count);
        _isInLine = count > 0 ? text[^1] != '\n' : _isInLine;
        return text;
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
                TextArrived?.Invoke(this);
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
            var wasOverLimit = _charactersOfCell > _limit;
            _charactersOfCell += text.Length;
            var recent = _text.ToString(searchFrom, _text.Length - searchFrom);
            if (recent.IndexOf(_marker, StringComparison.Ordinal) is >= 0 and var index)
            {
                _text.Remove(searchFrom + index, _marker.Length);
                _charactersOfCell = _text.Length - searchFrom - index;
                wasOverLimit = false;
                _markerSeen.TrySetResult();
            }

            if (_charactersOfCell > _limit)
            {
                // What may be the beginning of the marker stays.
                _text.Remove(0, _text.Length - LengthOfBegunMarker());
                _isCutUntold |= !wasOverLimit;
                TooMuch.TrySetResult();
            }
        }
    }
}
