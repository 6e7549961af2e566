namespace TransformerTutorial.Data.English;

/// <summary>A noun of a topic, with the adjectives that go with it. A mass noun ("flour") has no plural and no "a".</summary>
internal sealed record EnglishNoun(string Singular, string Plural, bool Mass, IReadOnlyList<string> Adjectives);

/// <summary>Something that goes wrong, and what people then do about it.</summary>
internal sealed record EnglishTrouble(string Clause, string Remedy);

/// <summary>
/// What there is, who works and what happens in one field of life: a harbour, a school, a bakery. Things are the nouns that can be bought, carried and
/// lent (the lists mark the others with *); slips are what people do by mistake.
/// </summary>
internal sealed record EnglishTopic(
    string Name,
    IReadOnlyDictionary<string, EnglishNoun> Nouns,
    IReadOnlyList<EnglishNoun> Things,
    IReadOnlyList<EnglishNoun> Roles,
    IReadOnlyList<string> Places,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Slips,
    IReadOnlyList<EnglishTrouble> Troubles,
    IReadOnlyList<string> States,
    IReadOnlyList<string> Wishes,
    IReadOnlyList<string> Sayings);

/// <summary>
/// Reads the word lists and the sentence shapes (data/english/lexicon). A file is a list of headings, each followed by indented lines;
/// a line that starts with # is a comment. `grammar.txt` and `names.txt` hold rules (a heading is a rule's name, its lines are the alternatives);
/// `irregular-verbs.txt` holds three forms a line; every file under `topics` is one topic.
/// </summary>
internal sealed class EnglishLexicon
{
    private static readonly string[] TopicHeadings = ["nouns", "roles", "places", "do", "slip", "happen", "state", "want", "say"];

    private EnglishLexicon(IReadOnlyDictionary<string, IReadOnlyList<string>> rules, IReadOnlyList<EnglishTopic> topics, EnglishMorphology morphology)
    {
        Rules = rules;
        Topics = topics;
        Morphology = morphology;
    }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Rules { get; }

    public IReadOnlyList<EnglishTopic> Topics { get; }

    public EnglishMorphology Morphology { get; }

    /// <summary>Reads all files of the folder.</summary>
    /// <exception cref="InvalidDataException">A file has a line outside any heading, an unknown heading, or a malformed line.</exception>
    public static EnglishLexicon Load(string folder)
    {
        var rules = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var file in new[] { "grammar.txt", "names.txt" })
        {
            foreach (var (heading, lines) in ReadSections(Path.Combine(folder, file)))
            {
                if (!rules.TryAdd(heading, lines))
                {
                    throw new InvalidDataException($"{file}: the rule '{heading}' is defined twice.");
                }
            }
        }

        var verbs = new Dictionary<string, (string, string)>();
        foreach (var line in ReadSections(Path.Combine(folder, "irregular-verbs.txt")).SelectMany(section => section.Lines))
        {
            var forms = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (forms.Length != 3)
            {
                throw new InvalidDataException($"irregular-verbs.txt: '{line}' is not three forms.");
            }

            verbs.Add(forms[0], (forms[1], forms[2]));
        }

        // The order of files on disk differs from system to system.
        var topics = Directory.GetFiles(Path.Combine(folder, "topics"), "*.txt").Order(StringComparer.Ordinal).Select(ReadTopic).ToList();
        return new EnglishLexicon(rules, topics, new EnglishMorphology(verbs));
    }

    private static EnglishTopic ReadTopic(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var sections = TopicHeadings.ToDictionary(heading => heading, _ => new List<string>());
        foreach (var (heading, lines) in ReadSections(path))
        {
            if (!sections.TryGetValue(heading, out var section))
            {
                throw new InvalidDataException($"{name}.txt: unknown heading '{heading}'; known are {string.Join(", ", TopicHeadings)}.");
            }

            section.AddRange(lines);
        }

        var nouns = new Dictionary<string, EnglishNoun>();
        var things = new List<EnglishNoun>();
        foreach (var line in sections["nouns"])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                throw new InvalidDataException($"{name}.txt: '{line}' must be adjectives, a colon, nouns.");
            }

            var adjectives = line[..colon].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("~" or "*")).ToList();
            foreach (var text in SplitList(line[(colon + 1)..]))
            {
                var noun = ReadNoun(text, adjectives);
                if (nouns.TryAdd(noun.Singular, noun) && !noun.Mass && !line.StartsWith('*'))
                {
                    things.Add(noun);
                }
            }
        }

        return new EnglishTopic(
            name,
            nouns,
            things,
            sections["roles"].SelectMany(SplitList).Select(text => ReadNoun(text, [])).ToList(),
            sections["places"],
            sections["do"],
            sections["slip"],
            sections["happen"].Select(line => ReadTrouble(name, line)).ToList(),
            sections["state"],
            sections["want"],
            sections["say"]);
    }

    // "net", "~flour" (mass), "knife/knives" (irregular plural).
    private static EnglishNoun ReadNoun(string text, IReadOnlyList<string> adjectives)
    {
        var mass = text.StartsWith('~');
        var forms = text.TrimStart('~').Split('/');
        return new EnglishNoun(forms[0], forms.Length > 1 ? forms[1] : EnglishMorphology.Plural(forms[0]), mass, adjectives);
    }

    private static EnglishTrouble ReadTrouble(string topic, string line)
    {
        var parts = line.Split(" => ");
        return parts.Length == 2
            ? new EnglishTrouble(parts[0], parts[1])
            : throw new InvalidDataException($"{topic}.txt: '{line}' must be a trouble, =>, a remedy.");
    }

    private static IEnumerable<string> SplitList(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<(string Heading, IReadOnlyList<string> Lines)> ReadSections(string path)
    {
        string? heading = null;
        var lines = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            {
                continue;
            }

            if (!char.IsWhiteSpace(line[0]))
            {
                if (heading is not null)
                {
                    yield return (heading, lines);
                }

                (heading, lines) = (line.Trim(), []);
            }
            else if (heading is null)
            {
                throw new InvalidDataException($"{Path.GetFileName(path)}: '{line.Trim()}' stands before the first heading.");
            }
            else
            {
                lines.Add(line.Trim());
            }
        }

        if (heading is not null)
        {
            yield return (heading, lines);
        }
    }
}
