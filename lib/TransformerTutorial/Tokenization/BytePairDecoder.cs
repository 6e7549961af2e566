using System.Buffers;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Turns ids back into text. Byte-level tokens give their bytes, and bytes that are no UTF-8 give U+FFFD; in the character form the suffix that ends a
/// word becomes a space where another token follows, and where there is no suffix but a prefix that continues words, a token without it gets a space before it.
/// </summary>
internal sealed class BytePairDecoder
{
    private readonly BytePairModel _model;
    private readonly bool[] _special;
    private readonly bool[] _beginsWord;

    // The tokens' bytes or characters, without prefix and suffix: those of id i are from _offsets[i] to _offsets[i + 1].
    private readonly int[] _offsets;
    private readonly byte[] _bytes = [];
    private readonly char[] _characters = [];

    public BytePairDecoder(BytePairModel model)
    {
        _model = model;
        _special = new bool[model.IdCount];
        _beginsWord = new bool[model.IdCount];
        _offsets = new int[model.IdCount + 1];
        foreach (var id in model.SpecialTokens.Values)
        {
            _special[id] = true;
        }

        var bytes = new ArrayBufferWriter<byte>(model.ByteLevel ? 8 * (model.IdCount + 1) : 1);
        var characters = new ArrayBufferWriter<char>(model.ByteLevel ? 1 : 8 * (model.IdCount + 1));
        for (var id = 0; id < model.IdCount; id++)
        {
            if (model.TryGetToken(id) is { } token)
            {
                Write(token, id, bytes, characters);
            }

            _offsets[id + 1] = model.ByteLevel ? bytes.WrittenCount : characters.WrittenCount;
        }

        _bytes = bytes.WrittenSpan.ToArray();
        _characters = characters.WrittenSpan.ToArray();
    }

    /// <summary>Decodes all of it.</summary>
    /// <exception cref="InvalidOperationException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids, bool considerSpecialTokens)
    {
        var position = 0;
        var spaceNext = SpaceNext.No;
        var bytes = new ArrayBufferWriter<byte>(256);
        var characters = new ArrayBufferWriter<char>(256);
        foreach (var id in ids)
        {
            Check(id, position++);
            if (!considerSpecialTokens && _special[id])
            {
                continue;
            }

            var space = NeedsSpace(spaceNext, id);
            spaceNext = SpaceBehind(id);
            if (_model.ByteLevel)
            {
                bytes.Write(space ? " "u8 : []);
                bytes.Write(BytesOf(id));
            }
            else
            {
                characters.Write(space ? " " : "");
                characters.Write(CharactersOf(id));
            }
        }

        return _model.ByteLevel ? Encoding.UTF8.GetString(bytes.WrittenSpan) : characters.WrittenSpan.ToString();
    }

    /// <summary>
    /// Decodes what fits. Stops only between tokens where no character is left half done, so that the caller can go on with the ids that are left, the texts put together being
    /// the whole text.
    /// </summary>
    public OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, bool considerSpecialTokens, out int idsConsumed, out int charsWritten)
    {
        // A token is done when the next one has said whether there is a space between them: that space belongs to the token before it.
        (idsConsumed, charsWritten) = (0, 0);
        var position = 0;
        var spaceNext = SpaceNext.No;
        var utf8 = new Utf8ToCharacters(destination);
        var written = 0;
        foreach (var id in ids)
        {
            if (_model.TryGetToken(id) is null)
            {
                return OperationStatus.InvalidData;
            }

            if (considerSpecialTokens || !_special[id])
            {
                if (NeedsSpace(spaceNext, id) && !(_model.ByteLevel ? utf8.TryWrite(" "u8) : TryWrite(" ", destination, ref written)))
                {
                    return OperationStatus.DestinationTooSmall;
                }

                if (utf8.IsComplete)
                {
                    (idsConsumed, charsWritten) = (position, utf8.Written + written);
                }

                if (!(_model.ByteLevel ? utf8.TryWrite(BytesOf(id)) : TryWrite(CharactersOf(id), destination, ref written)))
                {
                    return OperationStatus.DestinationTooSmall;
                }

                spaceNext = SpaceBehind(id);
            }

            position++;
        }

        if (!utf8.TryFinish())
        {
            return OperationStatus.DestinationTooSmall;
        }

        (idsConsumed, charsWritten) = (position, utf8.Written + written);
        return OperationStatus.Done;
    }

    private static bool TryWrite(ReadOnlySpan<char> characters, Span<char> destination, ref int written)
    {
        var fits = characters.TryCopyTo(destination[written..]);
        written += fits ? characters.Length : 0;
        return fits;
    }

    private enum SpaceNext
    {
        No,
        Yes,
        BeforeNewWord,
    }

    private SpaceNext SpaceBehind(int id) => _model switch
    {
        { EndOfWordSuffix: { Length: > 0 } suffix } => !_special[id] && _model.TokenAt(id).EndsWith(suffix, StringComparison.Ordinal) ? SpaceNext.Yes : SpaceNext.No,
        { ContinuingSubwordPrefix.Length: > 0 } => SpaceNext.BeforeNewWord,
        _ => SpaceNext.No,
    };

    private bool NeedsSpace(SpaceNext space, int id) => space == SpaceNext.Yes || (space == SpaceNext.BeforeNewWord && _beginsWord[id]);

    private void Check(int id, int position)
    {
        if (_model.TryGetToken(id) is null)
        {
            throw new InvalidOperationException($"The id {id} at position {position} is not in the vocabulary, whose ids are 0 to {_model.IdCount - 1}{((uint)id < (uint)_model.IdCount ? " with gaps" : "")}.");
        }
    }

    private ReadOnlySpan<byte> BytesOf(int id) => _bytes.AsSpan(_offsets[id].._offsets[id + 1]);

    private ReadOnlySpan<char> CharactersOf(int id) => _characters.AsSpan(_offsets[id].._offsets[id + 1]);

    private void Write(string token, int id, ArrayBufferWriter<byte> bytes, ArrayBufferWriter<char> characters)
    {
        var rest = token.AsSpan();
        _beginsWord[id] = true;
        if (!_special[id])
        {
            if (_model.EndOfWordSuffix is { Length: > 0 } suffix && rest.EndsWith(suffix, StringComparison.Ordinal))
            {
                rest = rest[..^suffix.Length];
            }

            if (_model.ContinuingSubwordPrefix is { Length: > 0 } prefix && rest.StartsWith(prefix, StringComparison.Ordinal))
            {
                _beginsWord[id] = false;
                rest = rest[prefix.Length..];
            }
        }

        if (!_model.ByteLevel)
        {
            characters.Write(rest);
        }
        else if (!_special[id] && ByteAlphabet.TryDecode(rest.ToString(), out var decoded, out _))
        {
            bytes.Write(decoded);
        }
        else
        {
            // A special token, or one that is not written in the alphabet: its own text.
            bytes.Write(Encoding.UTF8.GetBytes(rest.ToString()));
        }
    }
}
