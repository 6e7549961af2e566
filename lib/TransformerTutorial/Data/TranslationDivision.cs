namespace TransformerTutorial.Data;

/// <summary>A set of the corpus while it is filled.</summary>
internal sealed class TranslationSet(int capacity)
{
    /// <summary>How many it takes.</summary>
    public int Capacity => capacity;

    /// <summary>Its sentences, in the order in which they were drawn.</summary>
    public List<DrawnSentence> Sentences { get; } = [];

    /// <summary>Whether it takes no more.</summary>
    public bool IsFull => Sentences.Count >= capacity;
}

/// <summary>
/// Draws sentences and puts each into the set where it belongs: no sentence of either language into two sets, none twice, and no Chinese sentence with two translations.
/// </summary>
internal sealed class TranslationDivision(TranslationGrammar grammar, int seed)
{
    // Of a thousand pairs of words, how many are withheld from training: for the test, and for validation.
    private const int WithheldForTest = 14;
    private const int WithheldForValidation = 10;

    // So many sentences in a row that are in a set already, or have no place: there are too few.
    private const int MostFailures = 100_000;

    private readonly TranslationSentences _sentences = new(grammar, seed);
    private readonly Dictionary<string, string> _englishOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TranslationSet> _setOf = new(StringComparer.Ordinal);

    private enum Withholding
    {
        None,
        Validation,
        Test,
    }

    /// <summary>Pairs that were left out because the same Chinese had another translation: none, if the grammar is as it should be.</summary>
    public List<SentencePair> Ambiguous { get; } = [];

    /// <summary>Draws every sentence of the sections that are held out sentence by sentence.</summary>
    public void DrawHeldOutSentences(TranslationSet set)
    {
        foreach (var section in Sections(TranslationSectionKind.HeldOutSentence))
        {
            foreach (var sentence in _sentences.All(section))
            {
                Add(set, sentence);
            }
        }
    }

    /// <summary>Draws sentences until three sets are full. Which pairs of words a sentence holds says where it goes.</summary>
    /// <exception cref="InvalidDataException">The grammar has too few sentences.</exception>
    public void DrawShapes(TranslationSet training, TranslationSet validation, TranslationSet test)
    {
        var sections = Sections(TranslationSectionKind.Shape);
        var shares = sections.SelectMany(section => Enumerable.Repeat(section, section.Share)).ToList();
        var choice = new English.EnglishRandom(unchecked(seed * 31));
        for (var failures = 0; !(training.IsFull && validation.IsFull && test.IsFull); failures++)
        {
            if (failures > MostFailures)
            {
                throw new InvalidDataException($"The shapes have too few sentences: {training.Sentences.Count} of {training.Capacity} to train on.");
            }

            var sentence = _sentences.Next(choice.Any(shares));
            var set = Belonging(sentence.Words) switch { Withholding.Test => test, Withholding.Validation => validation, _ => training };
            failures = Add(set, sentence) ? 0 : failures;
        }
    }

    /// <summary>Draws sentences of the structures that are never trained on, as many of each, of words that training may put together.</summary>
    /// <exception cref="InvalidDataException">The grammar has too few sentences.</exception>
    public void DrawHeldOutStructures(TranslationSet set)
    {
        var sections = Sections(TranslationSectionKind.HeldOutStructure);
        for (var (failures, next) = (0, 0); !set.IsFull; failures++, next++)
        {
            if (failures > MostFailures)
            {
                throw new InvalidDataException($"The structures that are held out have too few sentences: {set.Sentences.Count} of {set.Capacity}.");
            }

            var sentence = _sentences.Next(sections[next % sections.Count]);
            failures = Belonging(sentence.Words) == Withholding.None && Add(set, sentence) ? 0 : failures;
        }
    }

    private List<TranslationSection> Sections(TranslationSectionKind kind) => [.. grammar.Sections.Where(section => section.Kind == kind)];

    private bool Add(TranslationSet set, DrawnSentence sentence)
    {
        if (_englishOf.TryGetValue(sentence.Pair.Chinese, out var english))
        {
            if (english != sentence.Pair.English)
            {
                Ambiguous.Add(sentence.Pair);
            }

            return false;
        }

        if (set.IsFull || (_setOf.TryGetValue(sentence.Pair.English, out var other) && other != set))
        {
            return false;
        }

        _englishOf.Add(sentence.Pair.Chinese, sentence.Pair.English);
        _setOf[sentence.Pair.English] = set;
        set.Sentences.Add(sentence);
        return true;
    }

    private Withholding Belonging(IReadOnlyList<TranslationWord> words)
    {
        var belonging = Withholding.None;
        for (var i = 0; i < words.Count; i++)
        {
            for (var j = i + 1; j < words.Count; j++)
            {
                var pair = Belonging(words[i], words[j]);
                belonging = pair > belonging ? pair : belonging;
            }
        }

        return belonging;
    }

    private Withholding Belonging(TranslationWord one, TranslationWord other)
    {
        var (first, second) = string.CompareOrdinal(one.Identity, other.Identity) < 0 ? (one, other) : (other, one);
        return (int)(Hash($"{seed} {first.Identity} {second.Identity}") % 1000) switch
        {
            < WithheldForTest => Withholding.Test,
            < WithheldForTest + WithheldForValidation => Withholding.Validation,
            _ => Withholding.None,
        };
    }

    // FNV-1a (Fowler, Noll and Vo, 1991) over UTF-16 units, and the last mix of SplitMix64 (Steele, Lea and Flood, 2014, figure 17), so that its low digits depend on all.
    private static ulong Hash(string text)
    {
        unchecked
        {
            var hash = 0xCBF29CE484222325;
            foreach (var unit in text)
            {
                hash = (hash ^ unit) * 0x100000001B3;
            }

            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
            return hash ^ (hash >> 31);
        }
    }
}
