namespace TransformerTutorial.Data;

/// <summary>
/// A place in a template: plain text (<paramref name="Text"/>), which may be a word of the tables that the template names (<paramref name="Named"/>, its first English
/// form), a phrase list by its name, or a table's column in a form.
/// </summary>
internal sealed record MeaningSlot(string? Text, string? Named, string? Phrase, int Table, int Column, int Form, bool IsSecondRow);

/// <summary>
/// A sentence shape in both languages, read from a line of <c>sentences.txt</c>: <c>the {river} flows through {capital} = {river} 流 过 {capital}</c>.
/// Which rows fill it is drawn elsewhere.
/// </summary>
internal sealed class MeaningTemplate
{
    private MeaningTemplate(IReadOnlyList<MeaningSlot> english, IReadOnlyList<MeaningSlot> chinese)
    {
        English = english;
        Chinese = chinese;
    }

    /// <summary>The places of the English side in order.</summary>
    public IReadOnlyList<MeaningSlot> English { get; }

    /// <summary>The places of the Chinese side in order.</summary>
    public IReadOnlyList<MeaningSlot> Chinese { get; }

    /// <summary>Where a word's form stands among its forms; -1 where there is no form of that name.</summary>
    public static int FormNamed(string name, bool chinese) => (name, chinese) switch
    {
        ("s" or "er" or "in", false) => 1,
        ("ed", false) => 2,
        ("m", true) => 1,
        _ => -1,
    };

    /// <summary>Whether a row of a table has every word that this template takes from the table's first or second row.</summary>
    public bool Fits(int table, bool secondRow, IReadOnlyList<MeaningWord?> row) =>
        English.All(slot => slot.Table != table || slot.IsSecondRow != secondRow || row[slot.Column] is not null);

    /// <summary>Reads a line. A frame needs more rows: those that the sentence behind it takes are not for the frame.</summary>
    /// <exception cref="InvalidDataException">The line is malformed; the message names file and line.</exception>
    public static MeaningTemplate Parse(MeaningLexicon lexicon, MeaningLine line, bool isFrame)
    {
        var (english, chinese) = line.TwoSides();
        var template = new MeaningTemplate(ParseSide(lexicon, line, english, isChinese: false), ParseSide(lexicon, line, chinese, isChinese: true));
        foreach (var slot in template.English.Concat(template.Chinese).Where(slot => slot.Text is null || slot.Named is not null))
        {
            var missing = !template.English.Any(other => SamePlace(other, slot)) ? "English" : !template.Chinese.Any(other => SamePlace(other, slot)) ? "Chinese" : null;
            if (missing is not null)
            {
                var name = slot.Named is { } named ? $"={named}" : slot.Phrase ?? lexicon.Tables[slot.Table].Columns[slot.Column];
                throw line.Malformed($"'{{{name}{(slot.IsSecondRow ? "'" : "")}}}' is missing on the {missing} side");
            }
        }

        template.CheckHasRows(lexicon, line, isFrame);
        return template;

        static bool SamePlace(MeaningSlot one, MeaningSlot other) =>
            (one.Text is null || one.Named is not null) && one.Named == other.Named && one.Phrase == other.Phrase && one.Table == other.Table && one.Column == other.Column && one.IsSecondRow == other.IsSecondRow;
    }

    // Rows are drawn one after another, none twice. Whichever are drawn first, one that fits must be left: two are enough where a sentence takes two rows of a table;
    // a frame may find two of them gone already.
    private void CheckHasRows(MeaningLexicon lexicon, MeaningLine line, bool isFrame)
    {
        foreach (var ofTable in English.Where(slot => slot.Table >= 0).GroupBy(slot => slot.Table))
        {
            var places = ofTable.Select(slot => slot.IsSecondRow).Distinct().ToList();
            var needed = places.Count + (isFrame ? 2 : 0);
            foreach (var second in places)
            {
                var fitting = lexicon.Tables[ofTable.Key].Rows.Count(row => Fits(ofTable.Key, second, row));
                if (fitting < needed)
                {
                    var columns = ofTable.Where(slot => slot.IsSecondRow == second).Select(slot => $"'{{{lexicon.Tables[slot.Table].Columns[slot.Column]}{(second ? "'" : "")}}}'").Distinct();
                    throw line.Malformed($"{string.Join(" and ", columns)} must have {needed} rows of '{lexicon.Tables[ofTable.Key].Name}' to fill; there are {fitting}");
                }
            }
        }
    }

    private static List<MeaningSlot> ParseSide(MeaningLexicon lexicon, MeaningLine line, string side, bool isChinese)
    {
        var slots = new List<MeaningSlot>();
        foreach (var token in side.Split(' '))
        {
            if (!token.StartsWith('{'))
            {
                lexicon.CheckIsPlain(line, token);
                slots.Add(Plain(token, named: null));
            }
            else if (!token.EndsWith('}'))
            {
                throw line.Malformed($"'{token}' has no '}}'");
            }
            else if (token[1] == '=')
            {
                var word = lexicon.FindEnglish(token[2..^1]) ?? throw line.Malformed($"'{token}' names no word of words.txt");
                slots.Add(Plain(isChinese ? word.Chinese[0] : token[2..^1], word.English[0]));
            }
            else
            {
                slots.Add(ParseSlot(lexicon, line, token, isChinese));
            }
        }

        return slots;

        static MeaningSlot Plain(string text, string? named) => new(text, named, null, -1, -1, 0, false);
    }

    private static MeaningSlot ParseSlot(MeaningLexicon lexicon, MeaningLine line, string token, bool isChinese)
    {
        var parts = token[1..^1].Split(':');
        var isSecondRow = parts[0].EndsWith('\'');
        var name = parts[0].TrimEnd('\'');
        if (parts.Length == 1 && !isSecondRow && lexicon.Phrases.ContainsKey(name))
        {
            return new MeaningSlot(null, null, name, -1, -1, 0, false);
        }

        if (lexicon.FindColumn(name) is not { } place)
        {
            throw line.Malformed($"'{token}' names no column and no phrases of words.txt");
        }

        var form = parts.Length == 1 ? 0 : parts.Length == 2 ? FormNamed(parts[1], isChinese) : -1;
        var table = lexicon.Tables[place.Table];
        foreach (var word in table.Rows.Select(row => row[place.Column]).OfType<MeaningWord>())
        {
            if (form < 0 || form >= (isChinese ? word.Chinese : word.English).Count)
            {
                throw line.Malformed($"'{token}' asks for a form that '{word.English[0]} {word.Chinese[0]}' does not have");
            }
        }

        return new MeaningSlot(null, null, null, place.Table, place.Column, form, isSecondRow);
    }
}
