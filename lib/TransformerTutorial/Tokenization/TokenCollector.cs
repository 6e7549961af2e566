using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>Collects tokens with their places, both in the text as given and in the normalized text.</summary>
/// <param name="byteLevel">Whether words' tokens end at bytes, and not at characters.</param>
/// <param name="limit">More tokens than this are not needed.</param>
internal sealed class TokenCollector(bool byteLevel, int limit) : WordSink
{
    private readonly List<Item> _items = [];
    private AlignedText? _aligned;
    private int _stretchStart;
    private int _originalLength;
    private int _originalStretchStart;

    // One more than the limit, to see whether it cuts a character in two.
    public override bool IsFull => _items.Count > limit;

    public override void AddStretch(int length)
    {
        _aligned = null;
        BeginStretch(length);
        base.AddStretch(length);
    }

    public override void AddWord(EncodedWord word, ReadOnlySpan<char> characters, int start)
    {
        var character = 0; // where the character begins that the next token begins in
        var bytes = 0; // the bytes before it
        var tokenStart = 0;
        for (var i = 0; i < word.Ids.Length; i++)
        {
            var tokenEnd = word.Ends[i];
            if (!byteLevel)
            {
                Add(word.Ids[i], start + tokenStart, start + tokenEnd);
            }
            else
            {
                Advance(characters, tokenStart, ref character, ref bytes);
                var (end, endBytes) = (character, bytes);
                while (endBytes < tokenEnd)
                {
                    Rune.DecodeFromUtf16(characters[end..], out var rune, out var length);
                    end += length;
                    endBytes += rune.Utf8SequenceLength;
                }

                Add(word.Ids[i], start + character, start + end);
            }

            tokenStart = tokenEnd;
        }
    }

    public override void AddSpecialToken(string token, int id)
    {
        _items.Add(new Item(id, TextLength, TextLength + token.Length, _originalLength, _originalLength + token.Length));
        _originalLength += token.Length;
        base.AddSpecialToken(token, id);
    }

    /// <summary>How many of the first tokens can be kept under a limit without dividing a character.</summary>
    public int CountThatFits(int maximum)
    {
        var count = Math.Min(maximum, _items.Count);
        while (count > 0 && count < _items.Count && _items[count].Start < _items[count - 1].End)
        {
            count--;
        }

        return count;
    }

    /// <summary>How many of the last tokens can be kept under a limit without dividing a character.</summary>
    public int CountThatFitsFromEnd(int maximum)
    {
        var count = Math.Min(maximum, _items.Count);
        while (count > 0 && count < _items.Count && _items[^count].Start < _items[^(count + 1)].End)
        {
            count--;
        }

        return count;
    }

    /// <summary>Where the first tokens end: behind the whole text if that is all of them.</summary>
    public int EndOf(int count) => count == _items.Count ? TextLength : count == 0 ? 0 : _items[count - 1].End;

    /// <summary>Where the last tokens start: 0 if that is all of them.</summary>
    public int StartOfLast(int count) => count == _items.Count ? 0 : count == 0 ? TextLength : _items[^count].Start;

    public int[] ToIds(int count)
    {
        var ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = _items[i].Id;
        }

        return ids;
    }

    public EncodedToken[] ToTokens(int count, BytePairModel model)
    {
        var tokens = new EncodedToken[count];
        for (var i = 0; i < count; i++)
        {
            var item = _items[i];
            tokens[i] = new EncodedToken(item.Id, model.TokenAt(item.Id), item.OriginalStart..item.OriginalEnd);
        }

        return tokens;
    }

    protected override string Normalize(string original, Normalizer normalizer)
    {
        _aligned = AlignedText.Normalize(original, normalizer);
        BeginStretch(original.Length);
        return _aligned.Text;
    }

    private void BeginStretch(int originalLength)
    {
        _stretchStart = TextLength;
        _originalStretchStart = _originalLength;
        _originalLength += originalLength;
    }

    private void Add(int id, int start, int end)
    {
        var (originalStart, originalEnd) = _aligned?.ToOriginal(start, end) ?? (start, end);
        _items.Add(new Item(id, _stretchStart + start, _stretchStart + end, _originalStretchStart + originalStart, _originalStretchStart + originalEnd));
    }

    /// <summary>Goes on to the character that has a byte.</summary>
    private static void Advance(ReadOnlySpan<char> characters, int wanted, ref int character, ref int bytes)
    {
        while (character < characters.Length)
        {
            Rune.DecodeFromUtf16(characters[character..], out var rune, out var length);
            if (bytes + rune.Utf8SequenceLength > wanted)
            {
                return;
            }

            character += length;
            bytes += rune.Utf8SequenceLength;
        }
    }

    private readonly record struct Item(int Id, int Start, int End, int OriginalStart, int OriginalEnd);
}
