using System.Text;
using TransformerTutorial.Data.English;

namespace TransformerTutorial.Data;

/// <summary>A sentence as it was drawn: the pair, and the words that fill its shape.</summary>
internal sealed record DrawnSentence(SentencePair Pair, IReadOnlyList<TranslationWord> Words);

/// <summary>Draws sentences from a grammar, both languages at once. The same sentence may be drawn twice.</summary>
internal sealed class TranslationSentences(TranslationGrammar grammar, int seed)
{
    private const int MostAttempts = 200;
    private const string ThirdPerson = "third";
    private const string PresentForm = "s";

    // A kind that begins so is a group of which a sentence holds one word: "I" and "we" do not meet each other in "I saw us".
    private const char GroupMark = '~';

    private readonly EnglishRandom _random = new(seed);

    private abstract record Node(TranslationWord? Head);

    private sealed record Leaf(TranslationWord Word) : Node(Word);

    private sealed record Branch(TranslationRule Rule, IReadOnlyDictionary<string, Node> Children, TranslationWord? HeadWord) : Node(HeadWord);

    /// <summary>A sentence of a section.</summary>
    /// <exception cref="InvalidDataException">No words were found that fit the section's shapes.</exception>
    public DrawnSentence Next(TranslationSection section)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var words = new List<TranslationWord>();
            if (DrawRule(section.Rules, [], words) is { } drawn)
            {
                return new DrawnSentence(new SentencePair(Chinese(drawn), English(drawn), section.Name), words);
            }
        }

        throw new InvalidDataException($"No words fit the shapes of '{section.Name}'.");
    }

    /// <summary>Every sentence of a section whose shapes have one place each, in the order of the words.</summary>
    public IEnumerable<DrawnSentence> All(TranslationSection section) =>
        from rule in section.Rules
        let place = rule.Places.Single()
        from word in grammar.Lexicon.Tables[place.Name].Words
        where OwnConditions(place).All(condition => condition(word))
        let sentence = new Branch(rule, new Dictionary<string, Node>(StringComparer.Ordinal) { [place.Key] = new Leaf(word) }, word)
        select new DrawnSentence(new SentencePair(Chinese(sentence), English(sentence), section.Name), [word]);

    private Branch? DrawRule(List<TranslationRule> rules, List<Func<TranslationWord, bool>> ofHead, List<TranslationWord> taken)
    {
        List<TranslationRule> possible = [.. rules.Where(rule => ofHead.Count == 0 || (rule.Head is not null && CanHead(rule, ofHead)))];
        if (possible.Count == 0)
        {
            return null;
        }

        var rule = Weighted(possible);
        var children = new Dictionary<string, Node>(StringComparer.Ordinal);
        return rule.Places.All(place => Fill(rule, place, ofHead, children, taken)) ? new Branch(rule, children, rule.Head is { } head ? children[head.Key].Head : null) : null;
    }

    // What a place must go with is drawn before it.
    private bool Fill(TranslationRule rule, TranslationSlot place, List<Func<TranslationWord, bool>> ofHead, Dictionary<string, Node> children, List<TranslationWord> taken)
    {
        if (children.ContainsKey(place.Key))
        {
            return true;
        }

        var conditions = new List<Func<TranslationWord, bool>>(OwnConditions(place));
        if (place.IsHead)
        {
            conditions.AddRange(ofHead);
        }

        if (place.With is { } with)
        {
            var other = rule.Places.First(one => one.Key == with);
            if (!Fill(rule, other, ofHead, children, taken))
            {
                return false;
            }

            if (children[with].Head is { } head)
            {
                conditions.Add(word => word.GoesWith(head));
            }
        }

        if (grammar.Phrases.TryGetValue(place.Name, out var phrases))
        {
            if (DrawRule(phrases, conditions, taken) is not { } phrase)
            {
                return false;
            }

            children[place.Key] = phrase;
            return true;
        }

        List<TranslationWord> fitting = [.. grammar.Lexicon.Tables[place.Name].Words.Where(word => conditions.TrueForAll(condition => condition(word)) && IsFree(word, taken))];
        if (fitting.Count == 0)
        {
            return false;
        }

        var drawn = _random.Any(fitting);
        taken.Add(drawn);
        children[place.Key] = new Leaf(drawn);
        return true;
    }

    private bool CanHead(TranslationRule rule, IReadOnlyList<Func<TranslationWord, bool>> ofHead)
    {
        Func<TranslationWord, bool>[] conditions = [.. OwnConditions(rule.Head!), .. ofHead];
        return grammar.Phrases.TryGetValue(rule.Head!.Name, out var phrases)
            ? phrases.Exists(inner => inner.Head is not null && CanHead(inner, conditions))
            : grammar.Lexicon.Tables[rule.Head.Name].Words.Exists(word => Array.TrueForAll(conditions, condition => condition(word)));
    }

    private static IEnumerable<Func<TranslationWord, bool>> OwnConditions(TranslationSlot place)
    {
        if (place.Tags.Count > 0)
        {
            yield return word => place.Tags.Any(word.Tags.Contains);
        }

        if (place.Excluded.Count > 0)
        {
            yield return word => !place.Excluded.Any(word.Tags.Contains);
        }
    }

    private static bool IsFree(TranslationWord word, List<TranslationWord> taken) =>
        !taken.Exists(other => other == word || other.Chinese[0] == word.Chinese[0] || other.Tags.Any(tag => tag[0] == GroupMark && word.Tags.Contains(tag)));

    private TranslationRule Weighted(List<TranslationRule> rules)
    {
        var ticket = _random.Below(rules.Sum(rule => rule.Weight));
        foreach (var rule in rules)
        {
            ticket -= rule.Weight;
            if (ticket < 0)
            {
                return rule;
            }
        }

        throw new InvalidOperationException("A weight was drawn that no rule has.");
    }

    private string Chinese(Branch sentence)
    {
        var text = new StringBuilder();
        Write(sentence, form: null, isChinese: true, text);
        return text.ToString();
    }

    private string English(Branch sentence)
    {
        var text = new StringBuilder();
        Write(sentence, form: null, isChinese: false, text);
        var words = text.ToString().Split(' ');
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i] == "a" && EnglishMorphology.TakesAn(words[i + 1]))
            {
                words[i] = "an";
            }
        }

        words[0] = char.ToUpperInvariant(words[0][0]) + words[0][1..];
        return string.Join(' ', words);
    }

    // A form that is asked of a phrase is its head's; a head whose table lacks the form has its first.
    private void Write(Node node, string? form, bool isChinese, StringBuilder text)
    {
        if (node is Leaf { Word: var word })
        {
            var forms = isChinese ? word.Table.ChineseForms : word.Table.EnglishForms;
            var place = 0;
            for (var i = 0; i < forms.Count; i++)
            {
                place = forms[i].Name == form ? i : place;
            }

            text.Append((isChinese ? word.Chinese : word.English)[place]);
            return;
        }

        var branch = (Branch)node;
        foreach (var slot in isChinese ? branch.Rule.Chinese : branch.Rule.English)
        {
            if (slot.Text is { } plain)
            {
                text.Append(plain);
            }
            else if (grammar.Lexicon.Agreeing.TryGetValue(slot.Name, out var agreeing))
            {
                text.Append(agreeing[Person(branch.Children[slot.AgreesWith!])]);
            }
            else
            {
                var agreed = slot.AgreesWith is { } subject && Person(branch.Children[subject]) == ThirdPerson ? PresentForm : null;
                Write(branch.Children[slot.Key], slot.Form ?? agreed ?? (slot.IsHead ? form : null), isChinese, text);
            }
        }
    }

    private static string Person(Node node) => node switch
    {
        Leaf leaf => leaf.Word.Tags.FirstOrDefault(TranslationLexicon.Persons.Contains) ?? ThirdPerson,
        Branch { Rule.Person: { } person } => person,
        Branch { Rule.Head: { } head } branch => Person(branch.Children[head.Key]),
        _ => ThirdPerson,
    };
}
