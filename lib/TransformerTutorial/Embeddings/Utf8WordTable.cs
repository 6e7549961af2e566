using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TransformerTutorial.Embeddings;

/// <summary>Numbers words given as UTF-8 bytes, in the order in which they are added, without making strings of them. What is kept is one copy of each different word. Not safe for threads that add;
/// any number may look up at once.</summary>
internal sealed class Utf8WordTable
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio: spreads consecutive values (Knuth, 1973, section 6.4)

    private Slot[] _slots = new Slot[1024];
    private int _shift = 64 - 10;
    private byte[] _text = new byte[4096];
    private int _textLength;
    private int[] _starts = new int[256];
    private long[] _counts = new long[256];

    /// <summary>How many different words there are.</summary>
    public int Count { get; private set; }

    /// <summary>How often a word was counted.</summary>
    public ref long CountOf(int index) => ref _counts[index];

    /// <summary>A word's bytes.</summary>
    public ReadOnlySpan<byte> WordAt(int index) => _text.AsSpan(_starts[index], (index + 1 < Count ? _starts[index + 1] : _textLength) - _starts[index]);

    /// <summary>The number of a word, or -1.</summary>
    public int Find(ReadOnlySpan<byte> word)
    {
        var prefix = Prefix(word);
        var mask = _slots.Length - 1;
        for (var place = (int)(Hash(word, prefix) >> _shift); ; place = (place + 1) & mask)
        {
            ref var slot = ref _slots[place];
            if (slot.Length == 0)
            {
                return -1;
            }

            if (slot.Prefix == prefix && slot.Length == word.Length && (word.Length <= 8 || word[8..].SequenceEqual(_text.AsSpan(_starts[slot.Index] + 8, word.Length - 8))))
            {
                return slot.Index;
            }
        }
    }

    /// <summary>The number of a word, which is added if it isn't here.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> word, out bool isNew)
    {
        var index = Find(word);
        isNew = index < 0;
        return isNew ? Add(word) : index;
    }

    /// <summary>The words with their counts.</summary>
    public WordVocabulary ToVocabulary(long minimumCount)
    {
        var counted = new List<KeyValuePair<string, long>>(Count);
        for (var index = 0; index < Count; index++)
        {
            counted.Add(new(Encoding.UTF8.GetString(WordAt(index)), _counts[index]));
        }

        return WordVocabulary.FromCounted(counted, minimumCount);
    }

    /// <summary>A table of a vocabulary's words, whose numbers are the ids.</summary>
    public static Utf8WordTable Of(WordVocabulary vocabulary)
    {
        var table = new Utf8WordTable();
        foreach (var word in vocabulary.Words)
        {
            table.Add(Encoding.UTF8.GetBytes(word));
        }

        return table;
    }

    private int Add(ReadOnlySpan<byte> word)
    {
        if (word.Length > Array.MaxLength - _textLength)
        {
            throw new InvalidOperationException($"The text has more than {Array.MaxLength:N0} bytes in different words; that is more than can be counted.");
        }

        if (Count == _starts.Length)
        {
            Array.Resize(ref _starts, 2 * Count);
            Array.Resize(ref _counts, 2 * Count);
        }

        if (_text.Length - _textLength < word.Length)
        {
            Array.Resize(ref _text, (int)Math.Min(Math.Max(2L * _text.Length, (long)_textLength + word.Length), Array.MaxLength));
        }

        _starts[Count] = _textLength;
        word.CopyTo(_text.AsSpan(_textLength));
        _textLength += word.Length;
        Place(word, Count);
        Count++;
        if (Count * 2 > _slots.Length)
        {
            _slots = new Slot[2 * _slots.Length];
            _shift--;
            for (var index = 0; index < Count; index++)
            {
                Place(WordAt(index), index);
            }
        }

        return Count - 1;
    }

    private void Place(ReadOnlySpan<byte> word, int index)
    {
        var prefix = Prefix(word);
        var place = (int)(Hash(word, prefix) >> _shift);
        while (_slots[place].Length != 0)
        {
            place = (place + 1) & (_slots.Length - 1);
        }

        _slots[place] = new Slot { Prefix = prefix, Length = word.Length, Index = index };
    }

    /// <summary>The first eight bytes; of a shorter word all bytes, which with the length tell it from any other.</summary>
    private static ulong Prefix(ReadOnlySpan<byte> word)
    {
        ref var first = ref MemoryMarshal.GetReference(word);
        var length = word.Length;
        return length >= 8 ? Unsafe.ReadUnaligned<ulong>(ref first)
            : length >= 4 ? Unsafe.ReadUnaligned<uint>(ref first) | ((ulong)Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, length - 4)) << 32)
            : first | ((ulong)Unsafe.Add(ref first, length >> 1) << 8) | ((ulong)Unsafe.Add(ref first, length - 1) << 16);
    }

    private static ulong Hash(ReadOnlySpan<byte> word, ulong prefix)
    {
        var hash = (prefix ^ ((ulong)word.Length << 56)) * Multiplier;
        for (var rest = word; rest.Length > 8;)
        {
            rest = rest[8..];
            hash = (hash ^ (hash >> 29) ^ Prefix(rest)) * Multiplier;
        }

        return hash;
    }

    private struct Slot
    {
        public ulong Prefix;
        public int Length;
        public int Index;
    }
}
