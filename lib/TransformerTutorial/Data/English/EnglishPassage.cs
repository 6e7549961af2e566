using System.Globalization;
using System.Text;

namespace TransformerTutorial.Data.English;

/// <summary>
/// One paragraph in the making: its topic, its two people, what has been mentioned. Expands a sentence shape into a sentence.
/// A shape is text with slots: {rule} an alternative of that rule; {A} a person; {do.past} an action of the topic in that form;
/// &lt;net|rope&gt; a noun phrase; (one|other) a choice. For example: "{A} {do.past}." -> "Marion mended the torn net.".
/// </summary>
internal sealed class EnglishPassage
{
    private static readonly string[] SmallNumbers =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    // Ends of adjectives that have no comparative: "broken", "striped", "wooden", "missing".
    private static readonly string[] Absolute =
        ["ed", "en", "ing", "full", "empty", "first", "last", "wrong", "second", "white", "brown", "red", "blue", "silver", "final", "valid", "favourite", "pine", "oak", "lost",
        "torn", "worn", "yellow", "late", "Roman", "medieval", "single", "secret", "local", "copper", "brass", "only", "leading", "urgent", "front", "unread", "confidential", "flat", "spare", "oval"];

    private static readonly string[] FemaleRoles = ["woman", "ess", "maid", "midwife", "aunt", "niece", "grandmother"];
    private static readonly string[] MaleRoles = ["man", "boy", "uncle", "nephew", "grandfather", "landlord"];

    private readonly EnglishLexicon _lexicon;
    private readonly EnglishTopic _topic;
    private readonly EnglishRandom _random;
    private readonly EnglishPerson _first;
    private readonly EnglishPerson _second;
    private readonly string _place;
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<EnglishNoun, bool> _mentioned = [];
    private readonly HashSet<EnglishNoun> _mentionedInSentence = [];
    private EnglishNoun? _lastThing;
    private EnglishPerson? _lastSubject;
    private EnglishTrouble? _trouble;
    private int _pronounRun;

    // Who acts in the clause being written: decides "her net" and "has"/"have".
    private string _possessive = "their";
    private bool _agentThirdSingular = true;
    private string _agentBe = "is";

    public EnglishPassage(EnglishLexicon lexicon, EnglishTopic topic, EnglishRandom random)
    {
        _lexicon = lexicon;
        _topic = topic;
        _random = random;
        var female = random.Chance(50);
        _first = MakePerson(female, null);
        _second = MakePerson(!female, _first);
        _place = random.Ranked(topic.Places);
    }

    /// <summary>A sentence of the given rule, with its capital letter.</summary>
    public string Sentence(string rule)
    {
        Agent(_first.Female ? "her" : "his", true, "is");
        _mentionedInSentence.Clear();
        return Tidy(Expand(Pick(rule)));
    }

    /// <summary>Everything that a rejected sentence may have changed.</summary>
    public Action Remember()
    {
        var mentioned = new Dictionary<EnglishNoun, bool>(_mentioned);
        var (lastThing, lastSubject, run, trouble) = (_lastThing, _lastSubject, _pronounRun, _trouble);
        var people = new[] { _first, _second }.Select(person => (person, person.Introduced, person.RoleKnown, person.ShortName)).ToArray();
        return () =>
        {
            _mentioned.Clear();
            foreach (var (noun, plural) in mentioned)
            {
                _mentioned[noun] = plural;
                _mentionedInSentence.Add(noun);
            }

            (_lastThing, _lastSubject, _pronounRun, _trouble) = (lastThing, lastSubject, run, trouble);
            foreach (var (person, introduced, roleKnown, shortName) in people)
            {
                (person.Introduced, person.RoleKnown, person.ShortName) = (introduced, roleKnown, shortName);
            }
        };
    }

    private string Expand(string template)
    {
        var output = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            switch (template[i])
            {
                case '{':
                    var end = template.IndexOf('}', i);
                    output.Append(Slot(template[(i + 1)..end]));
                    i = end;
                    break;
                case '<':
                    var close = template.IndexOf('>', i);
                    output.Append(NounPhrase(template[(i + 1)..close], followedByPossessive: template[close..].StartsWith(">'", StringComparison.Ordinal)).Text);
                    i = close;
                    break;
                case '(' when template.IndexOf(')', i) is var last && template[i..last].Contains('|', StringComparison.Ordinal):
                    output.Append(Expand(_random.Any(template[(i + 1)..last].Split('|'))));
                    i = last;
                    break;
                default:
                    output.Append(template[i]);
                    break;
            }
        }

        return output.ToString();
    }

    private string Slot(string slot)
    {
        var words = slot.Split(' ');
        switch (words[0])
        {
            case "A": return Subject(_first);
            case "B": return Subject(_second);
            case "A.he": return Pronoun(_first);
            case "B.he": return Pronoun(_second);
            case "A.him": return Object(_first);
            case "B.him": return Object(_second);
            case "A.his": return _first.Introduced ? (_first.Female ? "her" : "his") : Introduce(_first, plain: true) + "'s";
            case "B.his": return _second.Introduced ? (_second.Female ? "her" : "his") : Introduce(_second, plain: true) + "'s";
            case "A.himself": return _first.Female ? "herself" : "himself";
            case "A.name": return Name(_first);
            case "B.name": return Name(_second);
            case "A.role": _first.RoleKnown = true; return _first.Role.Singular;
            case "A.full": return Name(_first, full: true);
            case "B.full": return Name(_second, full: true);
            case "A.age": return Number(_first.Age);
            case "A.boy": return (_first.Age, _first.Female) switch { ( < 30, true) => "young woman", (_, true) => "woman", ( < 30, _) => "young man", _ => "man" };
            case "A.brother": return _first.Female ? "sister" : "brother";
            case "I": Agent("my", false, "am"); return "I";
            case "you": Agent("your", false, "are"); return "you";
            case "we": Agent("our", false, "are"); return "we";
            case "they": Agent("their", false, "are"); return "they";
            case "said": return Said(words[1] == "A" ? _first : _second, words[2]);
            case "as-I": Agent("my", false, "am"); return "";
            case "as-you": Agent("your", false, "are"); return "";
            case "as-they": Agent("their", false, "are"); return "";
            case "as-A": Agent(_first.Female ? "her" : "his", true, "is"); return "";
            case "as-nobody": Agent("the", true, "is"); return "";
            case "his": return _possessive;
            case "have": return _agentThirdSingular ? "has" : "have";
            case "role": return _random.Ranked(_topic.Roles).Singular;
            case "roles": Agent("their", false, "are"); return _random.Ranked(_topic.Roles).Plural;
            case "place": return Expand(_place);
            case "other-place": return Expand(_random.Any(_topic.Places));
            case "thing": return NounPhrase(_random.Ranked(_topic.Things), "a", plural: false, adjectives: true).Text;
            case "things": return NounPhrase(_random.Ranked(_topic.Things), "", plural: true, adjectives: true).Text;
            case "plain-things": return NounPhrase(_random.Ranked(_topic.Things), "", plural: true, adjectives: false).Text;
            case "the-thing": return NounPhrase(_random.Ranked(_topic.Things), "the", plural: false, adjectives: false).Text;
            case "same": return Same();
            case "was": return _lastThing is { } noun && _mentioned.GetValueOrDefault(noun) ? "were" : "was";
            case "is": return _lastThing is { } thing && _mentioned.GetValueOrDefault(thing) ? "are" : "is";
            case "it": return _lastThing is { } last && _mentioned.GetValueOrDefault(last) ? "they" : "it";
            case "adjective": return Adjective();
            case "comparative": return EnglishMorphology.Comparative(Adjective(comparable: true));
            case "say": return Fresh(_topic.Sayings);
            case "want": return Expand(Fresh(_topic.Wishes));
            case "n": return Number(_random.Between(int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture)));
            case "figure": return _random.Between(int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture)).ToString("#,0", CultureInfo.InvariantCulture);
            case "year": return _random.Between(1890, 2025).ToString(CultureInfo.InvariantCulture);
            case "price": return Price();
            case "decimal": return FormattableString.Invariant($"{_random.Between(1, 97)}.{_random.Between(1, 9)}");
            case "clock": return FormattableString.Invariant($"{_random.Between(6, 22)}.{_random.Between(0, 11) * 5:00}");
            case "date": return $"{_random.Between(1, 28)} {Expand(Pick("month"))}";
            case "surname": return Surname();
            case "town": return Town();
            case "subject" or "food" or "garment" or "simile" or "country" or "hobby" or "adverb" or "animal" or "trait" or "wherever":
                return _random.Ranked(_lexicon.Rules[words[0]]);
            default: break;
        }

        var dot = slot.IndexOf('.', StringComparison.Ordinal);
        var form = dot < 0 ? "" : slot[(dot + 1)..];
        return (dot < 0 ? slot : slot[..dot]) switch
        {
            "do" => Action(Fresh(_topic.Actions), form),
            "slip" => Action(Fresh([.. _topic.Slips, .. _lexicon.Rules["slip"]]), form),
            "passive" => Passive(form),
            "happen" => Trouble(form),
            "fix" => Action((_trouble ?? throw new InvalidDataException("{fix} stands before {happen}.")).Remedy, form),
            "state" => Clause(Fresh(_topic.States), form, adjectives: false),
            _ => Expand(Pick(slot)),
        };
    }

    // An alternative of a rule; a number in front is its weight. Shapes that the paragraph has used already are avoided.
    private string Pick(string rule)
    {
        if (!_lexicon.Rules.TryGetValue(rule, out var alternatives))
        {
            throw new InvalidDataException($"A sentence shape asks for '{rule}', which is neither a slot nor a rule.");
        }

        return Fresh(alternatives);
    }

    private string Fresh(IReadOnlyList<string> alternatives)
    {
        var chosen = "";
        for (var attempt = 0; attempt < 6; attempt++)
        {
            chosen = _random.Any(alternatives);
            if (_used.Add(chosen))
            {
                break;
            }
        }

        return chosen;
    }

    private void Agent(string possessive, bool thirdSingular, string be) =>
        (_possessive, _agentThirdSingular, _agentBe) = (possessive, thirdSingular, be);

    // ---- verbs

    // "mend <net>" in the form asked for, with the agent's possessive where there is one.
    private string Action(string frame, string form)
    {
        var space = frame.IndexOf(' ', StringComparison.Ordinal);
        var (verb, rest) = space < 0 ? (frame, "") : (frame[..space], frame[space..]);
        return (verb == "be" ? Be(form) : _lexicon.Morphology.Verb(verb, Form(form))) + Expand(rest);
    }

    private string Be(string form) => form switch
    {
        "base" => "be",
        "ing" => "being",
        "pp" => "been",
        "past" => _agentBe == "are" ? "were" : "was",
        _ => _agentBe,
    };

    private VerbForm Form(string form) => form switch
    {
        "base" => VerbForm.Base,
        "past" => VerbForm.Past,
        "ing" => VerbForm.Ing,
        "pp" => VerbForm.Participle,
        "s" => VerbForm.ThirdPerson,
        "pres" => _agentThirdSingular ? VerbForm.ThirdPerson : VerbForm.Base,
        _ => throw new InvalidDataException($"'{form}' is no form of a verb."),
    };

    // "mend <net>" -> "the nets were mended"; only actions that begin with a verb and its object can be turned round.
    private string Passive(string form)
    {
        var frame = Fresh(_topic.Actions.Where(action => action.Contains(" <", StringComparison.Ordinal)
            && action.IndexOf(' ', StringComparison.Ordinal) == action.IndexOf(" <", StringComparison.Ordinal)).ToList());
        var open = frame.IndexOf('<', StringComparison.Ordinal);
        var close = frame.IndexOf('>', StringComparison.Ordinal);
        var (subject, plural) = NounPhrase(frame[(open + 1)..close], isSubject: true);
        Agent("the", true, "is");
        var participle = _lexicon.Morphology.Verb(frame[..(open - 1)], VerbForm.Participle);
        var be = form switch
        {
            "was" => plural ? "were" : "was",
            "is" => plural ? "are" : "is",
            "had" => "had been",
            "has" => plural ? "have been" : "has been",
            "being" => plural ? "were being" : "was being",
            "must" => "must be",
            "will" => "will be",
            _ => throw new InvalidDataException($"'{form}' is no form of a passive."),
        };
        return $"{subject} {be} {participle}{Expand(frame[(close + 1)..])}";
    }

    private string Trouble(string form)
    {
        _trouble = _random.Any(_topic.Troubles.Where(trouble => !_used.Contains(trouble.Clause)).DefaultIfEmpty(_topic.Troubles[0]).ToList());
        _used.Add(_trouble.Clause);
        return Clause(_trouble.Clause, form, adjectives: true);
    }

    // "<the engine> stop at sea" or "the fog | come down" in the tense asked for; "mice+ | come" has a plural subject.
    private string Clause(string clause, string form, bool adjectives)
    {
        string subject;
        string rest;
        bool plural;
        var saved = (_possessive, _agentThirdSingular, _agentBe);
        Agent("the", true, "is");
        if (clause.StartsWith('<'))
        {
            var close = clause.IndexOf('>', StringComparison.Ordinal);
            (subject, plural) = NounPhrase(clause[1..close], isSubject: true, adjectives);
            rest = clause[(close + 2)..];
        }
        else
        {
            var bar = clause.IndexOf(" | ", StringComparison.Ordinal);
            if (bar < 0)
            {
                throw new InvalidDataException($"{_topic.Name}.txt: '{clause}' must begin with a <noun>, or have ' | ' before its verb.");
            }

            plural = clause[bar - 1] == '+';
            (subject, rest) = (Expand(clause[..bar].TrimEnd('+')), clause[(bar + 3)..]);
        }

        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        var (main, tail) = space < 0 ? (rest, "") : (rest[..space], rest[space..]);
        string Form(VerbForm verbForm) => _lexicon.Morphology.Verb(main, verbForm);
        var finite = (main, form) switch
        {
            ("be", "past") => plural ? "were" : "was",
            ("be", "pres") => plural ? "are" : "is",
            ("be", "had") => "had been",
            ("be", "will") => "will be",
            (_, "past") => Form(VerbForm.Past),
            (_, "pres") => plural ? main : Form(VerbForm.ThirdPerson),
            (_, "had") => "had " + Form(VerbForm.Participle),
            (_, "will") => "will " + main,
            _ => throw new InvalidDataException($"'{form}' is no tense of a clause."),
        };
        var result = $"{subject} {finite}{Expand(tail)}";
        (_possessive, _agentThirdSingular, _agentBe) = saved;
        return result;
    }

    // ---- noun phrases

    // "net|rope", "the net", "a net", "some net", "bare net", "net+": a noun phrase, and whether it is plural.
    private (string Text, bool Plural) NounPhrase(string specification, bool isSubject = false, bool adjectives = true, bool followedByPossessive = false)
    {
        var determiner = "";
        foreach (var word in new[] { "the", "a", "some", "bare" })
        {
            if (specification.StartsWith(word + " ", StringComparison.Ordinal))
            {
                (determiner, specification) = (word, specification[(word.Length + 1)..]);
                break;
            }
        }

        var choices = specification.Split('|');
        var known = choices.Where(choice => _mentioned.ContainsKey(Noun(choice.TrimEnd('+')))).ToList();
        var chosen = known.Count > 0 && _random.Chance(60) ? _random.Any(known) : _random.Ranked(choices);
        var noun = Noun(chosen.TrimEnd('+'));
        if (_mentioned.TryGetValue(noun, out var wasPlural) && determiner != "bare")
        {
            if (!isSubject && !followedByPossessive && noun == _lastThing && _mentionedInSentence.Contains(noun) && _topic.Things.Contains(noun))
            {
                return (wasPlural ? "them" : "it", wasPlural);
            }

            return NounPhrase(noun, "the", wasPlural, adjectives: false);
        }

        var plural = !noun.Mass && (chosen.EndsWith('+') || (determiner.Length == 0 && !isSubject && _random.Chance(25)));
        if (determiner.Length == 0 || (determiner == "some"))
        {
            determiner = isSubject ? "the" : Determiner(noun, plural);
        }

        return NounPhrase(noun, determiner == "bare" ? "" : determiner, plural, adjectives && _random.Chance(isSubject ? 12 : 30));
    }

    private (string Text, bool Plural) NounPhrase(EnglishNoun noun, string determiner, bool plural, bool adjectives)
    {
        _mentioned[noun] = plural;
        _mentionedInSentence.Add(noun);
        _lastThing = noun;
        var adjective = adjectives && noun.Adjectives.Count > 0 ? _random.Ranked(noun.Adjectives) + " " : "";
        var head = determiner switch
        {
            "" => "",
            "one of" => $"one of {(_possessive.Length == 0 ? "the" : _possessive)} ",
            _ => determiner + " ",
        };
        return (head + adjective + (plural || determiner == "one of" ? noun.Plural : noun.Singular), plural);
    }

    private string Determiner(EnglishNoun noun, bool plural)
    {
        var roll = _random.Below(100);
        var own = _possessive;
        return (noun.Mass, plural) switch
        {
            (true, _) => roll < 55 ? "the" : roll < 75 ? "some" : roll < 85 ? own : "a little",
            (_, true) => roll < 35 ? "the" : roll < 45 ? own : roll < 55 ? "some" : roll < 62 ? "several" : roll < 70 ? "a few"
                : roll < 73 ? "dozens of" : roll < 88 ? Number(_random.Between(2, 9)) : roll < 91 ? "half a dozen" : roll < 94 ? "all the" : "",
            _ => roll < 45 ? "a" : roll < 82 ? "the" : roll < 97 ? own : "another",
        };
    }

    private EnglishNoun Noun(string name) => _topic.Nouns.TryGetValue(name, out var noun)
        ? noun
        : throw new InvalidDataException($"{_topic.Name}.txt: the noun '{name}' is used but not listed under 'nouns'.");

    private string Same()
    {
        var noun = _lastThing ??= _random.Ranked(_topic.Things);
        return NounPhrase(noun, "the", _mentioned.GetValueOrDefault(noun), adjectives: false).Text;
    }

    private string Adjective(bool comparable = false)
    {
        var adjectives = _lastThing?.Adjectives.Where(word => !word.Contains('-', StringComparison.Ordinal)
            && !(comparable && Absolute.Any(ending => word.EndsWith(ending, StringComparison.Ordinal)))).ToList();
        return adjectives is { Count: > 0 } ? _random.Any(adjectives) : "old";
    }

    // ---- people

    private EnglishPerson MakePerson(bool female, EnglishPerson? other)
    {
        string first;
        EnglishNoun role;
        do
        {
            first = _random.Ranked(_lexicon.Rules[female ? "female" : "male"]);
            role = _random.Ranked(_topic.Roles);
        }
        while (role == other?.Role || first == other?.FirstName || !Suits(role.Singular, female));
        return new EnglishPerson(first, Surname(), female, role, Town(), _random.Between(18, 79));
    }

    // "aunt" is a woman's role, "ferryman" a man's; nearly all others are anybody's.
    private static bool Suits(string role, bool female)
    {
        var woman = FemaleRoles.Any(ending => role.EndsWith(ending, StringComparison.Ordinal));
        var man = !woman && MaleRoles.Any(ending => role.EndsWith(ending, StringComparison.Ordinal));
        return female ? !man : !woman;
    }

    private string Surname() => _random.Chance(45)
        ? _random.Ranked(_lexicon.Rules["surname"])
        : _random.Any(_lexicon.Rules["surname-start"]) + _random.Any(_lexicon.Rules["surname-end"]);

    private string Town() => _random.Chance(50)
        ? _random.Ranked(_lexicon.Rules["town-name"])
        : (_random.Chance(15) ? _random.Any(_lexicon.Rules["town-before"]) + " " : "")
            + _random.Any(_lexicon.Rules["town-start"]) + _random.Any(_lexicon.Rules["town-end"]);

    private string Subject(EnglishPerson person)
    {
        Agent(person.Female ? "her" : "his", true, "is");
        if (!person.Introduced)
        {
            (_lastSubject, _pronounRun) = (person, 0);
            return Introduce(person, plain: false);
        }

        if (_lastSubject == person && _pronounRun < 3 && _random.Chance(70))
        {
            _pronounRun++;
            return person.Female ? "she" : "he";
        }

        (_lastSubject, _pronounRun) = (person, 0);
        return person.RoleKnown && _random.Chance(25) ? "the " + person.Role.Singular : person.ShortName;
    }

    // "said Marion" but "she said".
    private string Said(EnglishPerson person, string verb)
    {
        var subject = Subject(person);
        return subject is "he" or "she" ? $"{subject} {verb}" : $"{verb} {subject}";
    }

    private string Pronoun(EnglishPerson person)
    {
        Agent(person.Female ? "her" : "his", true, "is");
        if (!person.Introduced)
        {
            return Subject(person);
        }

        _lastSubject = person;
        return person.Female ? "she" : "he";
    }

    private string Object(EnglishPerson person)
    {
        if (!person.Introduced)
        {
            return Introduce(person, plain: false);
        }

        return _random.Chance(65) ? (person.Female ? "her" : "him") : person.ShortName;
    }

    private string Name(EnglishPerson person, bool full = false)
    {
        if (full)
        {
            person.Introduced = true;
            return $"{person.FirstName} {person.LastName}";
        }

        return person.Introduced ? person.ShortName : Introduce(person, plain: true);
    }

    private string Introduce(EnglishPerson person, bool plain)
    {
        person.Introduced = true;
        var full = $"{person.FirstName} {person.LastName}";
        var title = person.Female ? (_random.Chance(60) ? "Mrs" : _random.Chance(60) ? "Miss" : "Ms") : "Mr";
        if (plain)
        {
            return person.FirstName;
        }

        var roll = _random.Below(100);
        person.RoleKnown = roll is < 60 or >= 85;
        if (roll is >= 35 and < 48 or >= 70 and < 85)
        {
            person.ShortName = $"{(_random.Chance(10) ? "Dr" : title)} {person.LastName}";
        }

        var role = person.Role.Singular;
        return roll switch
        {
            < 12 => $"{full}, a {role} from {person.Town},",
            < 24 => $"a {role} called {person.FirstName}",
            < 35 => $"{full}, the {role},",
            < 48 => $"{person.ShortName}, the {role},",
            < 60 => $"{full} ({Number(person.Age, figures: true)}), a {role},",
            < 70 => person.FirstName,
            < 78 => full,
            < 85 => person.ShortName,
            < 93 => $"the {(person.Age < 30 ? "young " : person.Age > 65 ? "old " : "new ")}{role}, {full},",
            _ => $"a {(person.Age < 30 ? "young" : "local")} {role} by the name of {full}",
        };
    }

    // ---- numbers and the last touches

    private static string Number(int value, bool figures = false) =>
        value < SmallNumbers.Length && !figures ? SmallNumbers[value] : value.ToString("#,0", CultureInfo.InvariantCulture);

    private string Price() => _random.Below(4) switch
    {
        0 => $"£{_random.Between(2, 90)}",
        1 => FormattableString.Invariant($"£{_random.Between(1, 60)}.{_random.Between(1, 19) * 5:00}"),
        2 => FormattableString.Invariant($"£{_random.Between(2, 90) * 50:#,0}"),
        _ => $"{Number(_random.Between(3, 40))} pounds",
    };

    // Joins what the slots wrote: one comma where two met, "an" before a vowel, a comma before the closing quote of a sentence that goes on.
    private static string Tidy(string text)
    {
        text = text.Replace("  ", " ", StringComparison.Ordinal).Trim();
        foreach (var (from, to) in new[] { (".,\"", ",\""), ("?,\"", "?\""), ("!,\"", "!\""), (",,", ","), (",.", "."), (",?", "?"), (",!", "!"), (",;", ";"), (",:", ":"), (", '", " '") })
        {
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        var output = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var startsWord = i == 0 || !char.IsLetterOrDigit(text[i - 1]);
            if (startsWord && text[i] is 'a' or 'A' && i + 2 < text.Length && text[i + 1] == ' ' && (i == 0 || text[i - 1] is ' ' or '"' or '('))
            {
                var next = text[(i + 2)..].Split(' ', ',', '.')[0];
                output.Append(next.Length > 0 && EnglishMorphology.TakesAn(next) ? text[i] + "n" : text[i].ToString());
            }
            else if (text[i] == '.' && i + 3 < text.Length && text[i + 1] == '"' && text[i + 2] == ' ' && char.IsLower(text[i + 3]))
            {
                output.Append(',');
            }
            else
            {
                output.Append(text[i]);
            }
        }

        for (var i = 0; i < output.Length; i++)
        {
            if (StartsSentence(output, i))
            {
                output[i] = char.ToUpperInvariant(output[i]);
            }
        }

        return output.ToString();
    }

    // The first letter of all, of what is quoted, and after a full stop, question mark or exclamation mark.
    private static bool StartsSentence(StringBuilder text, int at)
    {
        if (at > 0 && text[at - 1] == '"')
        {
            return at == 1 || text[at - 2] == ' ';
        }

        return at == 0 || (at > 1 && text[at - 1] == ' ' && text[at - 2] is '.' or '?' or '!');
    }
}
