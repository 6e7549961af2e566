namespace TransformerTutorial.Tokenization;

/// <summary>
/// Remembers the words met last. Each word has a set of four slots, the newest word first, and no locks: a slot is read and written in one step, and what it refers to never
/// changes, so the worst that threads can do to each other is to encode a word twice.
/// </summary>
/// <remarks>Bounded: 65,536 words of at most 32 characters, some 10 MB for natural text, 50 MB for words made for the purpose.</remarks>
internal sealed class WordCache
{
    /// <summary>Longer words are hardly ever met again.</summary>
    public const int LongestWord = 32;

    private const int SetCount = 1 << 14;
    private const int SetSize = 4;

    private readonly EncodedWord?[] _slots = new EncodedWord?[SetCount * SetSize];

    public EncodedWord? Find(ReadOnlySpan<char> word, uint hash)
    {
        foreach (var candidate in SetOf(hash))
        {
            if (candidate is null)
            {
                break;
            }

            if (word.SequenceEqual(candidate.Text))
            {
                return candidate;
            }
        }

        return null;
    }

    public void Add(EncodedWord word, uint hash)
    {
        // Each makes room for the newer one; the oldest goes.
        var set = SetOf(hash);
        for (var slot = SetSize - 1; slot > 0; slot--)
        {
            Volatile.Write(ref set[slot], set[slot - 1]);
        }

        Volatile.Write(ref set[0], word);
    }

    private Span<EncodedWord?> SetOf(uint hash) => _slots.AsSpan((int)(hash % SetCount) * SetSize, SetSize);
}
