using System.Runtime.InteropServices;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Counts words. Each different word is stored once, in one shared buffer, in the order in which it was first seen; counting a word again allocates nothing.
/// </summary>
internal sealed class WordCounter
{
    private Entry[] _entries = new Entry[1024];
    private int[] _slots = new int[4096]; // index of an entry + 1; 0 is free
    private char[] _characters = new char[8192];
    private int _characterCount;

    /// <summary>How many different words there are.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of all counts.</summary>
    public long Total { get; private set; }

    /// <summary>The characters of all different words together.</summary>
    public int CharacterCount => _characterCount;

    /// <summary>A word.</summary>
    public ReadOnlySpan<char> WordAt(int index) => _characters.AsSpan(_entries[index].Start, _entries[index].Length);

    /// <summary>How often that word was counted.</summary>
    public long CountAt(int index) => _entries[index].Count;

    /// <summary>Counts a word.</summary>
    /// <exception cref="OverflowException">The sum of all counts exceeds 2^63 - 1.</exception>
    public void Add(ReadOnlySpan<char> word, long count = 1)
    {
        Total = checked(Total + count);
        var hash = SpanHash.Of(word);
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var index = _slots[slot] - 1;
            if (index < 0)
            {
                _slots[slot] = Append(word, hash, count) + 1;
                if (Count * 2 > _slots.Length)
                {
                    GrowSlots();
                }

                return;
            }

            ref var entry = ref _entries[index];
            if (entry.Hash == hash && word.SequenceEqual(_characters.AsSpan(entry.Start, entry.Length)))
            {
                entry.Count += count;
                return;
            }
        }
    }

    private int Append(ReadOnlySpan<char> word, uint hash, long count)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        if (word.Length > _characters.Length - _characterCount)
        {
            var needed = (long)_characterCount + word.Length;
            if (needed > Array.MaxLength)
            {
                throw new InvalidOperationException($"The text has more than {Array.MaxLength:N0} characters in different words; that is more than can be counted. Does the pre-tokenizer cut it into words?");
            }

            Array.Resize(ref _characters, (int)Math.Min(Math.Max(needed, 2L * _characters.Length), Array.MaxLength));
        }

        word.CopyTo(_characters.AsSpan(_characterCount));
        _entries[Count] = new Entry { Start = _characterCount, Length = word.Length, Hash = hash, Count = count };
        _characterCount += word.Length;
        return Count++;
    }

    private void GrowSlots()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var index = 0; index < Count; index++)
        {
            var slot = (int)_entries[index].Hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = index + 1;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public int Start;
        public int Length;
        public uint Hash;
        public long Count;
    }
}
