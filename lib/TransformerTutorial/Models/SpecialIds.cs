namespace TransformerTutorial.Models;

/// <summary>The ids that stand for no word, the same in both languages of a translation.</summary>
/// <remarks>An encoder reads the words and <see cref="End"/>; a decoder reads <see cref="Begin"/> and the words, and is to write the words and <see cref="End"/>.</remarks>
public sealed record SpecialIds
{
    /// <summary>Fills a shorter sentence up to the length of the longest of its batch.</summary>
    public int Padding { get; init; }

    /// <summary>What a decoder reads before the first word.</summary>
    public int Begin { get; init; } = 1;

    /// <summary>What comes after the last word.</summary>
    public int End { get; init; } = 2;

    /// <summary>Whether an id is one of the three.</summary>
    public bool Contains(long id) => id == Padding || id == Begin || id == End;

    /// <summary>Refuses ids that are negative or not three different ones.</summary>
    /// <exception cref="ArgumentException">They are not three different ids from 0.</exception>
    public void Validate()
    {
        if (Padding < 0 || Begin < 0 || End < 0 || Padding == Begin || Padding == End || Begin == End)
        {
            throw new ArgumentException($"Padding, begin and end must be three different ids from 0; they are {Padding}, {Begin} and {End}.");
        }
    }
}
