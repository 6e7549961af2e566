using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TransformerTutorial.Embeddings;

/// <summary>Cuts a stretch of a text file into words and lines, with a buffer that grows only for words that don't fit. White space is what <see cref="char.IsWhiteSpace(char)"/> says; a line ends with \n.
/// A byte order mark at the start of the file is skipped. It doesn't check that the bytes are UTF-8; <see cref="Check"/> does for one word.</summary>
internal sealed class Utf8WordScanner
{
    private const int BufferSize = 1 << 16;
    private const int LongestWord = 1 << 16;

    // 0: part of a word; 1: white space; 2: end of line; 3: may begin white space of several bytes.
    private static readonly byte[] Kinds = MakeKinds();

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private byte[] _buffer = new byte[BufferSize];
    private int _at;
    private int _filled;
    private long _next;
    private long _end;
    private int _wordStart;
    private int _wordLength;
    private long _lineStart;

    public Utf8WordScanner(string path, SafeFileHandle file) => (_path, _file) = (path, file);

    /// <summary>The word that was read last; valid until the next read.</summary>
    public ReadOnlySpan<byte> Word => _buffer.AsSpan(_wordStart, _wordLength);

    /// <summary>Where the file is read next: behind the last word or line end.</summary>
    public long Offset => _next - _filled + _at;

    /// <summary>The number of the line that is being read, from 1, counted from where reading began.</summary>
    public long Line { get; private set; }

    /// <summary>Goes to a stretch of the file.</summary>
    public void Start(long offset, long end)
    {
        (_next, _end, _at, _filled, _wordLength, _lineStart, Line) = (offset, end, 0, 0, 0, offset, 1);
        if (offset == 0 && Fill() && _buffer.AsSpan(0, _filled).StartsWith(Encoding.UTF8.Preamble))
        {
            _at = Encoding.UTF8.Preamble.Length;
            _lineStart = _at;
        }
    }

    /// <summary>Reads the next word (then <see cref="Word"/> has it) or the end of a line (then the word is empty); false at the end of the stretch.</summary>
    public bool Read()
    {
        var start = _at;
        while (true)
        {
            if (_at >= _filled)
            {
                var length = _at - start;
                CheckLength(length);
                _at = start;
                var isMore = Fill();
                start = 0;
                _at = length;
                if (!isMore)
                {
                    (_wordStart, _wordLength) = (0, length);
                    return length > 0;
                }
            }

            var kind = Kinds[_buffer[_at]];
            var width = 1;
            if (kind == 3)
            {
                // The rest of the character may not be in the buffer yet.
                if (_filled - _at < 3)
                {
                    var length = _at - start;
                    _at = start;
                    Fill();
                    start = 0;
                    _at = length;
                }

                width = WhiteSpaceWidth(_buffer.AsSpan(_at, _filled - _at));
                kind = (byte)(width > 0 ? 1 : 0);
                width = Math.Max(width, 1);
            }

            if (kind == 0)
            {
                _at++;
                continue;
            }

            if (_at > start)
            {
                CheckLength(_at - start);
                (_wordStart, _wordLength) = (start, _at - start);
                return true;
            }

            _at += width;
            start = _at;
            if (kind == 2)
            {
                _wordLength = 0;
                Line++;
                _lineStart = Offset;
                return true;
            }
        }
    }

    private void CheckLength(int length)
    {
        if (length > LongestWord)
        {
            throw new InvalidDataException($"{_path}, line {Line:N0}: a word of more than {LongestWord:N0} bytes; words are expected to be separated by white space.");
        }
    }

    /// <exception cref="InvalidDataException">The last word is not UTF-8.</exception>
    public void Check()
    {
        if (!System.Text.Unicode.Utf8.IsValid(Word))
        {
            var at = 0;
            while (Rune.DecodeFromUtf8(Word[at..], out _, out var length) == OperationStatus.Done)
            {
                at += length;
            }

            throw new InvalidDataException($"{_path}, line {Line:N0}: not valid UTF-8 at byte {Offset - _wordLength - _lineStart + at + 1:N0} of the line.");
        }
    }

    /// <summary>Moves what hasn't been used to the front of the buffer and reads on behind it; false if there is no more.</summary>
    private bool Fill()
    {
        var rest = _buffer.AsSpan(_at, _filled - _at);
        if (rest.Length >= _buffer.Length / 2)
        {
            var larger = new byte[2 * _buffer.Length];
            rest.CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            rest.CopyTo(_buffer);
        }

        (_filled, _at) = (rest.Length, 0);
        var wanted = (int)Math.Min(_buffer.Length - _filled, _end - _next);
        var read = wanted > 0 ? RandomAccess.Read(_file, _buffer.AsSpan(_filled, wanted), _next) : 0;
        _next += read;
        _filled += read;
        return read > 0;
    }

    /// <summary>How many bytes of white space outside ASCII stand first: U+0085, U+00A0, U+1680, U+2000 to 200A, 2028, 2029, 202F, 205F or U+3000; 0 if none.</summary>
    private static int WhiteSpaceWidth(ReadOnlySpan<byte> bytes) =>
        Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(rune) ? length : 0;

    private static byte[] MakeKinds()
    {
        var kinds = new byte[256];
        for (var character = '\0'; character < 128; character++)
        {
            kinds[character] = (byte)(character == '\n' ? 2 : char.IsWhiteSpace(character) ? 1 : 0);
        }

        foreach (var first in new[] { 0xC2, 0xE1, 0xE2, 0xE3 })
        {
            kinds[first] = 3;
        }

        return kinds;
    }
}
