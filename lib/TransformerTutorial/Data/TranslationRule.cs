using System.Text.RegularExpressions;

namespace TransformerTutorial.Data;

/// <summary>
/// A place in a rule: plain text, an agreeing word (<paramref name="Name"/> <c>is</c>, <paramref name="AgreesWith"/> <c>who</c>), or a table or phrase by its name.
/// </summary>
/// <param name="Text">Plain text; null for the others.</param>
/// <param name="Name">What the place is filled from.</param>
/// <param name="Key">What tells the place from another of the same name: <c>noun#2</c>. Both languages share what fills it.</param>
/// <param name="Tags">Kinds of which the word is one; empty where any serves.</param>
/// <param name="Excluded">Kinds of which the word is none.</param>
/// <param name="With">The key of the place whose word it must go with; null where there is none.</param>
/// <param name="Form">The form that the word has; null for the first, or for the one that is asked of a phrase's head.</param>
/// <param name="AgreesWith">The key of its subject; null where it does not agree.</param>
/// <param name="IsHead">Whether it is the phrase's head, which answers for the phrase: its kinds, its form, its person.</param>
internal sealed record TranslationSlot(
    string? Text, string Name, string Key, IReadOnlyList<string> Tags, IReadOnlyList<string> Excluded, string? With, string? Form, string? AgreesWith, bool IsHead);

/// <summary>
/// A way to say a phrase or a sentence in both languages, read from a line of <c>sentences.txt</c>: <c>a {noun*} = 一{noun*:m}{noun*}</c>. What fills it is drawn elsewhere.
/// </summary>
internal sealed partial class TranslationRule
{
    private TranslationRule(MeaningLine line, int weight, string? person, List<TranslationSlot> english, List<TranslationSlot> chinese)
    {
        Line = line;
        Weight = weight;
        Person = person;
        English = english;
        Chinese = chinese;
        Places = [.. english.Where(slot => slot.Key.Length > 0).DistinctBy(slot => slot.Key)];
        Head = Places.FirstOrDefault(slot => slot.IsHead);
    }

    /// <summary>Where it stands.</summary>
    public MeaningLine Line { get; }

    /// <summary>How often it is taken, beside the others of its phrase or section.</summary>
    public int Weight { get; }

    /// <summary>The person of the phrase, where the line names it; otherwise its head's.</summary>
    public string? Person { get; }

    /// <summary>The places of the English side in order.</summary>
    public IReadOnlyList<TranslationSlot> English { get; }

    /// <summary>The places of the Chinese side in order.</summary>
    public IReadOnlyList<TranslationSlot> Chinese { get; }

    /// <summary>The places to fill, each once, in the order of the English side.</summary>
    public IReadOnlyList<TranslationSlot> Places { get; }

    /// <summary>The head; null where the phrase has none.</summary>
    public TranslationSlot? Head { get; }

    /// <summary>Reads a line. Whether what it names exists is for <see cref="Check"/>.</summary>
    /// <exception cref="InvalidDataException">The line is malformed; the message names file and line.</exception>
    public static TranslationRule Parse(TranslationGrammar grammar, MeaningLine line)
    {
        var (english, chinese) = line.TwoSides();
        var (weight, person) = (1, (string?)null);
        if (Prefix().Match(english) is { Success: true } prefix)
        {
            weight = int.Parse(prefix.Groups["weight"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            person = prefix.Groups["person"].Success ? prefix.Groups["person"].Value : null;
            english = english[prefix.Length..];
        }

        if (weight < 1 || (person is not null && !TranslationLexicon.Persons.Contains(person)))
        {
            throw line.Malformed($"a line begins with its weight, as in [2], or weight and person, as in [2 plural]; the persons are {string.Join(", ", TranslationLexicon.Persons)}");
        }

        return new TranslationRule(line, weight, person, ParseSide(grammar, line, english.Replace('_', ' ')), ParseSide(grammar, line, chinese));
    }

    /// <summary>Looks for what the line names: tables, phrases, kinds, forms and places, the same ones on both sides.</summary>
    /// <exception cref="InvalidDataException">Something is missing; the message names file and line.</exception>
    public void Check(TranslationGrammar grammar)
    {
        foreach (var (slots, isChinese) in new[] { (English, false), (Chinese, true) })
        {
            foreach (var slot in slots.Where(slot => slot.Text is null))
            {
                CheckSlot(grammar, slot, isChinese);
            }
        }

        foreach (var slot in Chinese.Where(slot => slot.Key.Length > 0 && Places.All(place => place.Key != slot.Key)))
        {
            throw Line.Malformed($"'{{{slot.Key}}}' is missing on the English side");
        }

        foreach (var place in Places.Where(place => Chinese.All(slot => slot.Key != place.Key)))
        {
            throw Line.Malformed($"'{{{place.Key}}}' is missing on the Chinese side");
        }
    }

    private void CheckSlot(TranslationGrammar grammar, TranslationSlot slot, bool isChinese)
    {
        foreach (var other in new[] { slot.With, slot.AgreesWith }.OfType<string>().Where(key => Places.All(place => place.Key != key)))
        {
            throw Line.Malformed($"'{{{other}}}', which '{{{slot.Name}}}' refers to, is not in this line");
        }

        if (slot.Key.Length == 0)
        {
            return;
        }

        var tables = HeadTables(grammar, slot.Name, []).Distinct().ToList();
        var words = tables.SelectMany(table => table.Words).ToList();
        foreach (var tag in slot.Tags.Concat(slot.Excluded).Where(tag => !words.Any(word => word.Tags.Contains(tag))))
        {
            throw Line.Malformed($"no word of '{slot.Name}' is '{tag}'");
        }

        var form = slot.Form ?? (slot.AgreesWith is null ? null : "s");
        if (form is not null && !tables.Any(table => (isChinese ? table.ChineseForms : table.EnglishForms).Any(one => one.Name == form)))
        {
            throw Line.Malformed($"'{slot.Name}' has no form '{form}'");
        }
    }

    private static IEnumerable<TranslationTable> HeadTables(TranslationGrammar grammar, string name, HashSet<string> seen)
    {
        if (grammar.Lexicon.Tables.TryGetValue(name, out var table))
        {
            return [table];
        }

        return seen.Add(name) ? grammar.Phrases[name].Where(rule => rule.Head is not null).SelectMany(rule => HeadTables(grammar, rule.Head!.Name, seen)) : [];
    }

    private static List<TranslationSlot> ParseSide(TranslationGrammar grammar, MeaningLine line, string side)
    {
        var slots = new List<TranslationSlot>();
        var end = 0;
        foreach (Match match in Slot().Matches(side))
        {
            AddText(side[end..match.Index]);
            end = match.Index + match.Length;
            var name = match.Groups["name"].Value;
            var isAgreeing = grammar.Lexicon.Agreeing.ContainsKey(name);
            if (!isAgreeing && !grammar.Lexicon.Tables.ContainsKey(name) && !grammar.Phrases.ContainsKey(name))
            {
                throw line.Malformed($"'{match.Value}' names no table, no phrase and nothing that agrees");
            }

            if (isAgreeing && !match.Groups["agrees"].Success)
            {
                throw line.Malformed($"'{match.Value}' does not say what it agrees with");
            }

            slots.Add(new TranslationSlot(
                null, name, isAgreeing ? "" : name + match.Groups["number"].Value, Kinds("tags"), Kinds("not"),
                Optional("with"), Optional("form"), Optional("agrees"), match.Groups["head"].Success));

            string? Optional(string group) => match.Groups[group].Success ? match.Groups[group].Value : null;
            string[] Kinds(string group) => match.Groups[group].Success ? match.Groups[group].Value.Split(',') : [];
        }

        AddText(side[end..]);
        return slots;

        void AddText(string text)
        {
            if (text.AsSpan().ContainsAny('{', '}', '['))
            {
                throw line.Malformed($"'{text}' holds a brace or bracket that is no place's");
            }

            if (text.Length > 0)
            {
                slots.Add(new TranslationSlot(text, "", "", [], [], null, null, null, false));
            }
        }
    }

    [GeneratedRegex(@"^\[(?<weight>\d{1,4})(?: (?<person>[a-z]+))?\] ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\{(?<name>[a-z-]+)(?<number>#\d)?(?<head>\*)?(?:\.(?<tags>[a-z,-]+))?(?:!(?<not>[a-z,-]+))?(?:@(?<with>[a-z-]+(?:#\d)?))?(?::(?<form>[a-z]+))?(?:/(?<agrees>[a-z-]+(?:#\d)?))?\}")]
    private static partial Regex Slot();
}
