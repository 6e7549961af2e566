namespace TransformerTutorial.Embeddings;

/// <summary>Reads a stream line by line as bytes, so that what is in a line need not be text. Only <c>\n</c> ends a line.</summary>
/// <param name="stream">The stream, at its beginning. It is read in blocks, ahead of the lines.</param>
internal sealed class ByteLineReader(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isDrained;

    /// <summary>How many bytes the lines so far had, line ends included.</summary>
    public long Position { get; private set; }

    /// <summary>Whether there are no more lines.</summary>
    public bool IsAtEnd => _isDrained && _start == _end;

    /// <summary>Reads a line.</summary>
    /// <param name="longest">How many bytes it may have.</param>
    /// <param name="line">The line without its end; valid until the next is read.</param>
    /// <returns>False if there is none, or the next one is longer.</returns>
    public bool TryRead(long longest, out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            length = length < 0 ? -1 : length + searched;
            if (length < 0 && !_isDrained && _end - _start <= longest)
            {
                searched = _end - _start;
                Fill();
                continue;
            }

            var isLast = length < 0;
            length = isLast ? _end - _start : length;
            if (length > longest || (isLast && !_isDrained) || (isLast && length == 0))
            {
                line = default;
                return false;
            }

            line = _buffer.AsSpan(_start, length);
            var used = isLast ? length : length + 1;
            _start += used;
            Position += used;
            return true;
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _isDrained = read == 0;
        _end += read;
    }
}
