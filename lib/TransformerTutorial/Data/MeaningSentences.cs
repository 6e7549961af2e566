using TransformerTutorial.Data.English;

namespace TransformerTutorial.Data;

/// <summary>Draws sentences from a lexicon, both languages at once. No sentence is drawn twice.</summary>
internal sealed class MeaningSentences(MeaningLexicon lexicon, int seed)
{
    private const int MostAttempts = 500;

    // Words that begin with a vowel letter and a consonant sound: a euro, a unit.
    private static readonly string[] ConsonantSounds = ["eu", "uni", "use", "one", "uk"];

    private readonly EnglishRandom _random = new(seed);
    private readonly int _shares = lexicon.Sections.Sum(section => section.Share);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    /// <summary>The next sentence.</summary>
    /// <exception cref="ArgumentException">The lexicon has no further sentence in a section.</exception>
    public (string[] English, string[] Chinese) Next()
    {
        var section = DrawSection();
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var sentence = Draw(section);
            if (_written.Add(string.Join(' ', sentence.English)))
            {
                return sentence;
            }
        }

        throw new ArgumentException($"The lexicon has too few sentences in its section '{section.Name}' for a corpus of more than {_written.Count} sentences.");
    }

    /// <summary>Whether <c>a</c> becomes <c>an</c> before a word.</summary>
    internal static bool TakesAn(string word) =>
        "aeiouAEIOU".Contains(word[0], StringComparison.Ordinal) && !Array.Exists(ConsonantSounds, sound => word.StartsWith(sound, StringComparison.OrdinalIgnoreCase));

    private MeaningSection DrawSection()
    {
        var ticket = _random.Below(_shares);
        foreach (var section in lexicon.Sections)
        {
            ticket -= section.Share;
            if (ticket < 0)
            {
                return section;
            }
        }

        throw new InvalidOperationException("A share was drawn that no section has.");
    }

    private (string[] English, string[] Chinese) Draw(MeaningSection section)
    {
        var english = new List<string>();
        var chinese = new List<string>();
        var taken = new HashSet<(int Table, int Row)>();
        var template = _random.Any(section.Templates);
        var frame = _random.Chance(lexicon.Frames.Share) ? _random.Any(lexicon.Frames.Templates) : null;
        Fill(template, taken, english, chinese);
        if (frame is not null)
        {
            // Who says something is somebody else than it is about: the frame takes rows that the sentence has not taken.
            var opening = (English: new List<string>(), Chinese: new List<string>());
            Fill(frame, taken, opening.English, opening.Chinese);
            english.InsertRange(0, opening.English);
            chinese.InsertRange(0, opening.Chinese);
        }

        for (var i = 0; i + 1 < english.Count; i++)
        {
            if (english[i] == "a" && TakesAn(english[i + 1]))
            {
                english[i] = "an";
            }
        }

        return ([.. english], [.. chinese]);
    }

    // Fills a template with rows that are not taken, and takes them.
    private void Fill(MeaningTemplate template, HashSet<(int Table, int Row)> taken, List<string> english, List<string> chinese)
    {
        var rows = new Dictionary<(int Table, bool Second), int>();
        var phrases = new Dictionary<string, MeaningPhrase>(StringComparer.Ordinal);
        foreach (var slot in template.English)
        {
            if (slot.Phrase is { } list && !phrases.ContainsKey(list))
            {
                phrases[list] = _random.Any(lexicon.Phrases[list]);
            }
            else if (slot.Table >= 0 && !rows.ContainsKey((slot.Table, slot.IsSecondRow)))
            {
                rows[(slot.Table, slot.IsSecondRow)] = DrawRow(template, slot, taken);
            }
        }

        Write(template.English, english, word => word.English, phrase => phrase.English);
        Write(template.Chinese, chinese, word => word.Chinese, phrase => phrase.Chinese);

        void Write(IReadOnlyList<MeaningSlot> slots, List<string> sentence, Func<MeaningWord, IReadOnlyList<string>> forms, Func<MeaningPhrase, IReadOnlyList<string>> words)
        {
            foreach (var slot in slots)
            {
                if (slot.Text is { } text)
                {
                    sentence.Add(text);
                }
                else if (slot.Phrase is { } list)
                {
                    sentence.AddRange(words(phrases[list]));
                }
                else if (forms(lexicon.Tables[slot.Table].Rows[rows[(slot.Table, slot.IsSecondRow)]][slot.Column]!)[slot.Form] is var form and not "-")
                {
                    sentence.Add(form);
                }
            }
        }
    }

    // Ends, because a template that is read has enough rows that fit (MeaningTemplate.CheckHasRows).
    private int DrawRow(MeaningTemplate template, MeaningSlot slot, HashSet<(int Table, int Row)> taken)
    {
        var rows = lexicon.Tables[slot.Table].Rows;
        int row;
        do
        {
            row = _random.Below(rows.Count);
        }
        while (!template.Fits(slot.Table, slot.IsSecondRow, rows[row]) || !taken.Add((slot.Table, row)));
        return row;
    }
}
