namespace TransformerTutorial.Data;

/// <summary>
/// A word in both languages with its forms, which its table names. <paramref name="Tags"/> say what kind of thing it is, <paramref name="Takes"/> which kinds it goes with:
/// <c>read</c> takes what is <c>readable</c>.
/// </summary>
internal sealed record TranslationWord(
    TranslationTable Table, IReadOnlyList<string> English, IReadOnlyList<string> Chinese, IReadOnlyList<string> Tags, IReadOnlyList<string> Takes)
{
    /// <summary>What tells the word from every other one.</summary>
    public string Identity => $"{Table.Name}:{English[0]}:{Chinese[0]}";

    /// <summary>Whether one of the two words takes a kind that the other is of.</summary>
    public bool GoesWith(TranslationWord other) => Takes.Any(other.Tags.Contains) || other.Takes.Any(Tags.Contains);
}

/// <summary>A form that a table names: the words give it, or it is the first form with <paramref name="Suffix"/> behind it; null where every word gives it.</summary>
internal sealed record TranslationForm(string Name, string? Suffix);

/// <summary>Words of one kind; they stand in the same places.</summary>
internal sealed record TranslationTable(string Name, IReadOnlyList<TranslationForm> EnglishForms, IReadOnlyList<TranslationForm> ChineseForms)
{
    /// <summary>The words in the order of the file.</summary>
    public List<TranslationWord> Words { get; } = [];
}

/// <summary>
/// The words of the translation corpus: the file <c>data/translation/words.txt</c>, which says its own format in its first lines. It reads and checks; it draws nothing.
/// </summary>
internal sealed class TranslationLexicon
{
    /// <summary>The persons that an agreeing form is given for, in the order in which a row gives them.</summary>
    public static readonly IReadOnlyList<string> Persons = ["first", "second", "third", "plural"];

    private const string AgreementHeading = "agreement";

    private readonly Dictionary<string, TranslationTable> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _agreeing = new(StringComparer.Ordinal);

    private TranslationLexicon()
    {
    }

    /// <summary>The tables by name.</summary>
    public IReadOnlyDictionary<string, TranslationTable> Tables => _tables;

    /// <summary>What agrees with its subject and is no word of the tables: its form for each of <see cref="Persons"/>, <c>am are is are</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Agreeing => _agreeing;

    /// <summary>Reads the file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is not as the file's first lines say; the message names file and line.</exception>
    public static TranslationLexicon Load(string path)
    {
        var lexicon = new TranslationLexicon();
        var taken = new List<(MeaningLine Line, string Tag)>();
        var identities = new HashSet<string>(StringComparer.Ordinal);
        TranslationTable? table = null;
        var isAgreement = false;
        foreach (var line in MeaningLexicon.ReadLines(path))
        {
            if (line.Heading is { } heading)
            {
                isAgreement = heading == AgreementHeading;
                table = isAgreement ? null : lexicon.AddTable(line, heading);
            }
            else if (isAgreement)
            {
                lexicon.AddAgreeing(line);
            }
            else
            {
                var word = ReadWord(line, table ?? throw line.Malformed("a word before the first heading"));
                if (!identities.Add(word.Identity))
                {
                    throw line.Malformed($"'{word.English[0]} | {word.Chinese[0]}' is in the table '{table.Name}' already");
                }

                table.Words.Add(word);
                taken.AddRange(word.Takes.Select(tag => (line, tag)));
            }
        }

        // Only now, because a word may take what stands further down.
        var tags = lexicon._tables.Values.SelectMany(one => one.Words).SelectMany(word => word.Tags).ToHashSet(StringComparer.Ordinal);
        foreach (var (line, tag) in taken.Where(use => !tags.Contains(use.Tag)))
        {
            throw line.Malformed($"it takes what is '{tag}', and no word is");
        }

        return lexicon;
    }

    private TranslationTable AddTable(MeaningLine line, string heading)
    {
        var sides = heading.Split(" = ");
        var forms = sides.Length == 2 ? sides[1].Split(" | ") : [];
        if (forms.Length != 2)
        {
            throw line.Malformed("a heading is 'table = English forms | Chinese forms'");
        }

        var table = new TranslationTable(sides[0], ReadForms(forms[0]), ReadForms(forms[1]));
        return _tables.TryAdd(table.Name, table) ? table : throw line.Malformed($"there are two tables '{table.Name}'");
    }

    private void AddAgreeing(MeaningLine line)
    {
        var fields = line.Text.Split(' ');
        if (fields.Length != 1 + Persons.Count || !_agreeing.TryAdd(fields[0], Persons.Zip(fields.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second.Replace('_', ' '), StringComparer.Ordinal)))
        {
            throw line.Malformed($"a row of this table is a name of its own and the forms for {string.Join(", ", Persons)}");
        }
    }

    private static TranslationForm[] ReadForms(string names) =>
        [.. names.Split(' ').Select(name => name.Split('+', 2)).Select(parts => new TranslationForm(parts[0], parts.Length == 2 ? parts[1] : null))];

    private static TranslationWord ReadWord(MeaningLine line, TranslationTable table)
    {
        var cells = line.Text.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length is < 2 or > 4)
        {
            throw line.Malformed("a word is 'English/forms | Chinese/forms | what it is | what it takes', the last two where needed");
        }

        return new TranslationWord(
            table, Forms(line, cells[0], table.EnglishForms), Forms(line, cells[1], table.ChineseForms), Words(cells, 2), Words(cells, 3));

        static string[] Words(string[] cells, int place) => place < cells.Length ? cells[place].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    private static string[] Forms(MeaningLine line, string cell, IReadOnlyList<TranslationForm> forms)
    {
        var given = cell.Split('/');
        var written = new string[forms.Count];
        for (var place = 0; place < forms.Count; place++)
        {
            written[place] = place < given.Length ? given[place].Replace('_', ' ')
                : forms[place].Suffix is { } suffix ? written[0] + suffix
                : throw line.Malformed($"'{cell}' lacks the form '{forms[place].Name}'");
        }

        if (given.Length > forms.Count || written.Any(string.IsNullOrWhiteSpace))
        {
            throw line.Malformed($"'{cell}' is not a word with up to {forms.Count} forms");
        }

        return written;
    }
}
