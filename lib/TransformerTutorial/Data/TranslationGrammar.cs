namespace TransformerTutorial.Data;

/// <summary>Where the sentences of a section belong.</summary>
internal enum TranslationSectionKind
{
    /// <summary>Sentences of the corpus, which their combinations of words divide between training and the held-out sets.</summary>
    Shape,

    /// <summary>Sentences of a structure that is never trained on.</summary>
    HeldOutStructure,

    /// <summary>Sentences that are never trained on, although their structure is: each is the only combination of its kind.</summary>
    HeldOutSentence,
}

/// <summary>Sentences of one structure, and their share among the sections of their kind.</summary>
internal sealed record TranslationSection(string Name, TranslationSectionKind Kind, int Share)
{
    /// <summary>The shapes that a sentence is drawn from.</summary>
    public List<TranslationRule> Rules { get; } = [];
}

/// <summary>
/// The sentence shapes of the translation corpus and the phrases in them: the file <c>data/translation/sentences.txt</c>, which says its own format in its first lines. It
/// reads and checks; it draws nothing.
/// </summary>
internal sealed class TranslationGrammar
{
    private readonly Dictionary<string, List<TranslationRule>> _phrases = new(StringComparer.Ordinal);
    private readonly List<TranslationSection> _sections = [];

    private TranslationGrammar(TranslationLexicon lexicon) => Lexicon = lexicon;

    /// <summary>The words.</summary>
    public TranslationLexicon Lexicon { get; }

    /// <summary>The ways to say each phrase, by its name.</summary>
    public IReadOnlyDictionary<string, List<TranslationRule>> Phrases => _phrases;

    /// <summary>The sections in the order of the file.</summary>
    public IReadOnlyList<TranslationSection> Sections => _sections;

    /// <summary>Reads <c>words.txt</c> and <c>sentences.txt</c> of a folder.</summary>
    /// <exception cref="FileNotFoundException">One of the files is missing.</exception>
    /// <exception cref="InvalidDataException">A line is not as the files' first lines say; the message names file and line.</exception>
    public static TranslationGrammar Load(string folder)
    {
        var grammar = new TranslationGrammar(TranslationLexicon.Load(Path.Combine(folder, "words.txt")));
        var lines = new List<(MeaningLine Line, List<TranslationRule> Rules)>();
        List<TranslationRule>? rules = null;
        foreach (var line in MeaningLexicon.ReadLines(Path.Combine(folder, "sentences.txt")))
        {
            if (line.Heading is { } heading)
            {
                rules = grammar.AddSection(line, heading);
            }
            else
            {
                lines.Add((line, rules ?? throw line.Malformed("a shape before the first heading")));
            }
        }

        // Only now, because a shape may name a phrase that stands further down.
        foreach (var (line, of) in lines)
        {
            of.Add(TranslationRule.Parse(grammar, line));
        }

        if (grammar._sections.Find(section => section.Rules.Count == 0) is { } empty)
        {
            throw new InvalidDataException($"{Path.Combine(folder, "sentences.txt")}: the section '{empty.Name}' has no shapes.");
        }

        foreach (var (line, of) in lines)
        {
            grammar.CheckEnds(of.Single(rule => rule.Line == line), []);
        }

        foreach (var (line, of) in lines)
        {
            of.Single(rule => rule.Line == line).Check(grammar);
        }

        return grammar;
    }

    // A phrase that holds itself would never be written to its end.
    private void CheckEnds(TranslationRule rule, IReadOnlyList<string> within)
    {
        foreach (var name in rule.Places.Select(place => place.Name).Where(_phrases.ContainsKey))
        {
            if (within.Contains(name))
            {
                throw rule.Line.Malformed($"the phrase '{name}' holds itself");
            }

            foreach (var inner in _phrases[name])
            {
                CheckEnds(inner, [.. within, name]);
            }
        }
    }

    private List<TranslationRule> AddSection(MeaningLine line, string heading)
    {
        var fields = heading.Split(' ');
        if (fields is ["phrase", var phrase])
        {
            var rules = new List<TranslationRule>();
            return !Lexicon.Tables.ContainsKey(phrase) && _phrases.TryAdd(phrase, rules) ? rules : throw line.Malformed($"'{phrase}' is a phrase or a table already");
        }

        TranslationSectionKind? kind = fields[0] switch
        {
            "shape" => TranslationSectionKind.Shape,
            "held-out-structure" => TranslationSectionKind.HeldOutStructure,
            "held-out-sentence" => TranslationSectionKind.HeldOutSentence,
            _ => null,
        };
        if (kind is null || fields.Length != 3 || !int.TryParse(fields[2], out var share) || share < 1)
        {
            throw line.Malformed("a heading is 'phrase name', 'shape name share', 'held-out-structure name share' or 'held-out-sentence name share'");
        }

        var section = new TranslationSection(fields[1], kind.Value, share);
        _sections.Add(section);
        return section.Rules;
    }
}
