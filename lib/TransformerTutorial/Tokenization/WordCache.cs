namespace TransformerTutorial.Tokenization;

/// <summary>
/// Remembers the words met last. Two slots per word, no locks: a slot is read and written in one step, and what it refers to never changes,
/// so the worst that threads can do to each other is to encode a word twice.
/// </summary>
/// <remarks>Bounded: 65,536 words of at most 32 characters, some 10 MB for natural text, 50 MB for words made for the purpose.</remarks>
internal sealed class WordCache
{
    /// <summary>Longer words are hardly ever met again.</summary>
    public const int LongestWord = 32;

    private const int SlotCount = 1 << 16;

    private readonly EncodedWord?[] _slots = new EncodedWord?[SlotCount];

    public EncodedWord? Find(ReadOnlySpan<char> word, uint hash)
    {
        var slots = _slots;
        var first = slots[hash % SlotCount];
        if (first is not null && word.SequenceEqual(first.Text))
        {
            return first;
        }

        var second = slots[hash % SlotCount ^ 1];
        return second is not null && word.SequenceEqual(second.Text) ? second : null;
    }

    public void Add(EncodedWord word, uint hash)
    {
        // The newcomer takes the first slot, its former owner the second.
        var slot = hash % SlotCount;
        Volatile.Write(ref _slots[slot ^ 1], _slots[slot]);
        Volatile.Write(ref _slots[slot], word);
    }
}
