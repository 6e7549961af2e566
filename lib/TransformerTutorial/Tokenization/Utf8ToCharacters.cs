using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Writes UTF-8 that comes in pieces into a span of characters. A character whose bytes lie in several pieces is written when it is complete; bytes that are no UTF-8
/// become U+FFFD exactly as in <see cref="Encoding.UTF8"/>.
/// </summary>
internal ref struct Utf8ToCharacters(Span<char> destination)
{
    private readonly Span<char> _destination = destination;
    private FourBytes _pending;
    private int _pendingCount;

    /// <summary>Characters written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Whether no character is half done.</summary>
    public readonly bool IsComplete => _pendingCount == 0;

    /// <summary>Writes a piece.</summary>
    /// <returns>False where the span is full.</returns>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        while (_pendingCount > 0 && !bytes.IsEmpty)
        {
            _pending[_pendingCount++] = bytes[0];
            var status = Rune.DecodeFromUtf8(Pending, out var character, out var used);
            if (status == OperationStatus.NeedMoreData)
            {
                bytes = bytes[1..];
                continue;
            }

            if (!TryWrite(character))
            {
                return false;
            }

            // Where the pending bytes were no character, the new byte is looked at again by itself.
            bytes = used == _pendingCount ? bytes[1..] : bytes;
            _pendingCount = 0;
        }

        var complete = LengthOfCompletePart(bytes);
        if (!Encoding.UTF8.TryGetChars(bytes[..complete], _destination[Written..], out var count))
        {
            return false;
        }

        Written += count;
        foreach (var value in bytes[complete..])
        {
            _pending[_pendingCount++] = value;
        }

        return true;
    }

    /// <summary>Ends the text: a character that is half done becomes U+FFFD.</summary>
    /// <returns>False where the span is full.</returns>
    public bool TryFinish()
    {
        if (_pendingCount > 0 && !TryWrite(Rune.ReplacementChar))
        {
            return false;
        }

        _pendingCount = 0;
        return true;
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Pending => ((ReadOnlySpan<byte>)_pending)[.._pendingCount];

    private bool TryWrite(Rune character)
    {
        if (!character.TryEncodeToUtf16(_destination[Written..], out var count))
        {
            return false;
        }

        Written += count;
        return true;
    }

    /// <summary>The length without a character at the end of which more is to come.</summary>
    private static int LengthOfCompletePart(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            if (bytes[^length] >= 0xC0)
            {
                return Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData ? bytes.Length - length : bytes.Length;
            }
        }

        return bytes.Length;
    }

    [InlineArray(4)]
    private struct FourBytes
    {
        private byte _first;
    }
}
