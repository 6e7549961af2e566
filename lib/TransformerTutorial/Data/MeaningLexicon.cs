using System.Text;

namespace TransformerTutorial.Data;

/// <summary>A word in both languages with its forms, as <c>data/meaning/words.txt</c> explains them; the first form names the word.</summary>
internal sealed record MeaningWord(IReadOnlyList<string> English, IReadOnlyList<string> Chinese);

/// <summary>A table of words: what stands in a row belongs together. A cell is null where the row has no such word.</summary>
internal sealed record MeaningTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<MeaningWord?>> Rows);

/// <summary>Words that a sentence may take for a place in it, without meaning of their own: 'last month', 上 个 月.</summary>
internal sealed record MeaningPhrase(IReadOnlyList<string> English, IReadOnlyList<string> Chinese);

/// <summary>The sentences of one subject, and their share of the corpus (for the frames: the percentage of sentences that get one).</summary>
internal sealed record MeaningSection(string Name, int Share, IReadOnlyList<MeaningTemplate> Templates);

/// <summary>What an analogy question asks for, as a line of <c>relations.txt</c> says it.</summary>
internal sealed record MeaningRelationLine(
    string Name, (string Column, int Form) From, (string Column, int Form) To, MeaningRelationKind Kind, bool InChinese);

/// <summary>
/// What the meaning corpus is made from: the files <c>words.txt</c>, <c>sentences.txt</c> and <c>relations.txt</c> of a folder, which say their own format in
/// their first lines. It reads and checks; it draws nothing.
/// </summary>
/// <remarks>Checked, with file and line in the error: every row has its table's cells, every cell both languages and no form too many; one English word has one
/// Chinese word and the other way round; the two sides of a sentence take the same words from the same rows, of which there are enough; no word of the tables stands in a
/// sentence as plain text, so that the tables know of every place where it occurs.</remarks>
internal sealed class MeaningLexicon
{
    private const string FrameSection = "frame";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    // How many forms a word of each kind may have, English and Chinese, and what a Chinese word's second form is where none is given.
    private static readonly Dictionary<string, (int English, int Chinese, string[] EnglishDefault, string[] ChineseDefault)> Kinds = new(StringComparer.Ordinal)
    {
        ["name"] = (1, 1, [], []),
        ["noun"] = (2, 2, [], ["个"]),
        ["place"] = (2, 2, ["in"], ["里"]),
        ["verb"] = (3, 1, [], []),
        ["adjective"] = (2, 1, [], []),
    };

    private readonly Dictionary<string, MeaningWord> _wordOfEnglish = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MeaningWord> _wordOfChinese = new(StringComparer.Ordinal);
    private readonly List<MeaningTable> _tables = [];
    private readonly Dictionary<string, (int Table, int Column)> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<MeaningPhrase>> _phrases = new(StringComparer.Ordinal);
    private readonly List<MeaningSection> _sections = [];
    private readonly List<MeaningRelationLine> _relations = [];

    private MeaningLexicon()
    {
    }

    /// <summary>The tables in the order of the file.</summary>
    public IReadOnlyList<MeaningTable> Tables => _tables;

    /// <summary>Phrases by the name of their list.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MeaningPhrase>> Phrases => _phrases;

    /// <summary>The sections that sentences are drawn from; the frames are not among them.</summary>
    public IReadOnlyList<MeaningSection> Sections => _sections;

    /// <summary>What may open a sentence.</summary>
    public MeaningSection Frames { get; private set; } = new(FrameSection, 0, []);

    /// <summary>The relations in the order of the file.</summary>
    public IReadOnlyList<MeaningRelationLine> Relations => _relations;

    /// <summary>Reads the three files of a folder.</summary>
    /// <exception cref="FileNotFoundException">One of the files is missing.</exception>
    /// <exception cref="InvalidDataException">A line is not as the files' first lines say; the message names file and line.</exception>
    public static MeaningLexicon Load(string folder)
    {
        var lexicon = new MeaningLexicon();
        lexicon.ReadWords(Path.Combine(folder, "words.txt"));
        lexicon.ReadSentences(Path.Combine(folder, "sentences.txt"));
        lexicon.ReadRelations(Path.Combine(folder, "relations.txt"));
        return lexicon;
    }

    /// <summary>The table and the place in it of a column; null where no table has it.</summary>
    public (int Table, int Column)? FindColumn(string name) => _columns.TryGetValue(name, out var place) ? place : null;

    /// <summary>The word that has this English form; null where the tables have none.</summary>
    public MeaningWord? FindEnglish(string form) => _wordOfEnglish.GetValueOrDefault(form);

    /// <summary>The word with this Chinese word; null where the tables have none.</summary>
    public MeaningWord? FindChinese(string word) => _wordOfChinese.GetValueOrDefault(word);

    private void ReadWords(string path)
    {
        string[] kinds = [];
        List<IReadOnlyList<MeaningWord?>>? rows = null;
        List<MeaningPhrase>? phrases = null;
        var phraseLines = new List<(MeaningLine Line, MeaningPhrase Phrase)>();
        foreach (var line in ReadLines(path))
        {
            if (line.Heading is not { } heading)
            {
                if (rows is not null)
                {
                    rows.Add(ParseRow(line, kinds));
                }
                else
                {
                    (phrases ?? throw line.Malformed("a row before the first heading")).Add(ParsePhrase(line));
                    phraseLines.Add((line, phrases[^1]));
                }
            }
            else if (heading.StartsWith("phrases ", StringComparison.Ordinal))
            {
                (rows, phrases) = (null, []);
                var name = heading["phrases ".Length..];
                if (_columns.ContainsKey(name) || !_phrases.TryAdd(name, phrases))
                {
                    throw line.Malformed($"'{name}' is there twice");
                }
            }
            else
            {
                (rows, phrases) = ([], null);
                kinds = AddTable(line, heading, rows);
            }
        }

        // Only now, because a table may stand behind the phrases.
        foreach (var (line, phrase) in phraseLines)
        {
            foreach (var word in phrase.English.Concat(phrase.Chinese))
            {
                CheckIsPlain(line, word);
            }
        }

        foreach (var table in _tables)
        {
            if (table.Rows.Count < 2)
            {
                throw new InvalidDataException($"{path}: table '{table.Name}' has {table.Rows.Count} rows; a sentence with two of them needs two.");
            }
        }

        foreach (var (name, list) in _phrases)
        {
            if (list.Count == 0)
            {
                throw new InvalidDataException($"{path}: the phrases '{name}' are empty.");
            }
        }
    }

    private string[] AddTable(MeaningLine line, string heading, List<IReadOnlyList<MeaningWord?>> rows)
    {
        var equals = heading.IndexOf(" = ", StringComparison.Ordinal);
        if (equals < 0)
        {
            throw line.Malformed("a heading is 'name = column:kind | column:kind ...' or 'phrases name'");
        }

        var columns = new List<string>();
        var kinds = new List<string>();
        foreach (var field in heading[(equals + 3)..].Split('|', StringSplitOptions.TrimEntries))
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !Kinds.ContainsKey(field[(colon + 1)..]))
            {
                throw line.Malformed($"'{field}' is not 'column:kind' with one of the kinds {string.Join(", ", Kinds.Keys)}");
            }

            if (_phrases.ContainsKey(field[..colon]) || !_columns.TryAdd(field[..colon], (_tables.Count, columns.Count)))
            {
                throw line.Malformed($"a column '{field[..colon]}' is there twice");
            }

            columns.Add(field[..colon]);
            kinds.Add(field[(colon + 1)..]);
        }

        _tables.Add(new MeaningTable(heading[..equals], columns, rows));
        return [.. kinds];
    }

    private List<MeaningWord?> ParseRow(MeaningLine line, string[] kinds)
    {
        var cells = line.Text.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != kinds.Length)
        {
            throw line.Malformed($"a row of this table has {kinds.Length} cells, this one {cells.Length}");
        }

        return [.. cells.Select((cell, i) => cell == "-" ? null : ParseWord(line, cell, kinds[i]))];
    }

    private MeaningWord ParseWord(MeaningLine line, string cell, string kind)
    {
        var sides = cell.Split(' ');
        if (sides.Length != 2)
        {
            throw line.Malformed($"'{cell}' is not an English word, a space, a Chinese word");
        }

        var (mostEnglish, mostChinese, englishDefault, chineseDefault) = Kinds[kind];
        var english = Forms(line, sides[0], kind, mostEnglish, englishDefault);
        var chinese = Forms(line, sides[1], kind, mostChinese, chineseDefault);
        var word = new MeaningWord(english, chinese);
        foreach (var form in kind == "place" ? english.Take(1) : english)
        {
            if (_wordOfEnglish.TryGetValue(form, out var other) && (other.English[0] != english[0] || other.Chinese[0] != chinese[0]))
            {
                throw line.Malformed($"'{form}' is a form of '{other.English[0]} {other.Chinese[0]}' already");
            }

            _wordOfEnglish[form] = other ?? word;
        }

        if (_wordOfChinese.TryGetValue(chinese[0], out var same) && same.English[0] != english[0])
        {
            throw line.Malformed($"'{chinese[0]}' translates '{same.English[0]}' already");
        }

        _wordOfChinese[chinese[0]] = word;
        return word;
    }

    private static string[] Forms(MeaningLine line, string side, string kind, int most, string[] defaults)
    {
        var forms = side.Split('/');
        if (forms.Length > most || forms.Contains("") || forms[0] == "-")
        {
            throw line.Malformed($"'{side}' is not a {kind} with one to {most} forms");
        }

        return forms.Length == 1 ? [.. forms, .. defaults] : forms;
    }

    private static MeaningPhrase ParsePhrase(MeaningLine line)
    {
        var (english, chinese) = line.TwoSides();
        return new MeaningPhrase(Words(english), Words(chinese));

        static string[] Words(string side) => side == "-" ? [] : side.Split(' ');
    }

    private void ReadSentences(string path)
    {
        List<MeaningTemplate>? templates = null;
        var isFrame = false;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in ReadLines(path))
        {
            if (line.Heading is { } heading)
            {
                templates = [];
                var parts = heading.Split(' ');
                if (parts.Length != 2 || !int.TryParse(parts[1], out var share) || share < 1 || share > 100)
                {
                    throw line.Malformed("a heading is a name and a share from 1 to 100");
                }

                if (!names.Add(parts[0]))
                {
                    throw line.Malformed($"'{parts[0]}' is there twice");
                }

                var section = new MeaningSection(parts[0], share, templates);
                isFrame = section.Name == FrameSection;
                if (isFrame)
                {
                    Frames = section;
                }
                else
                {
                    _sections.Add(section);
                }
            }
            else
            {
                (templates ?? throw line.Malformed("a sentence before the first heading")).Add(MeaningTemplate.Parse(this, line, isFrame));
            }
        }

        if (_sections.Count == 0 || _sections.Append(Frames).Any(section => section.Share > 0 && section.Templates.Count == 0))
        {
            throw new InvalidDataException($"{path}: there is a section without sentences, or no section at all.");
        }
    }

    private void ReadRelations(string path)
    {
        foreach (var line in ReadLines(path))
        {
            var fields = line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length != 5 || fields[3] is not ("apart" or "together" or "weak") || fields[4] is not ("both" or "english"))
            {
                throw line.Malformed("a relation is 'name column column apart|together|weak both|english'");
            }

            if (_relations.Exists(other => other.Name == fields[0]))
            {
                throw line.Malformed($"'{fields[0]}' is there twice");
            }

            var relation = new MeaningRelationLine(fields[0], Column(fields[1]), Column(fields[2]), Kind(fields[3]), fields[4] == "both");
            if (_columns[relation.From.Column].Table != _columns[relation.To.Column].Table)
            {
                throw line.Malformed($"'{fields[1]}' and '{fields[2]}' are of different tables");
            }

            _relations.Add(relation);

            (string, int) Column(string field)
            {
                var parts = field.Split(':');
                var form = parts.Length == 1 ? 0 : MeaningTemplate.FormNamed(parts[1], chinese: false);
                if (parts.Length > 2 || form < 0 || !_columns.TryGetValue(parts[0], out var place))
                {
                    throw line.Malformed($"'{field}' is no column of words.txt");
                }

                var lacking = _tables[place.Table].Rows.Select(row => row[place.Column]).FirstOrDefault(word => word is not null && word.English.Count <= form);
                return lacking is null ? (parts[0], form) : throw line.Malformed($"'{field}' asks for a form that '{lacking.English[0]} {lacking.Chinese[0]}' does not have");
            }

            static MeaningRelationKind Kind(string name) => name switch { "apart" => MeaningRelationKind.Apart, "together" => MeaningRelationKind.Together, _ => MeaningRelationKind.Weak };
        }
    }

    /// <summary>An error where a word of the tables stands as plain text.</summary>
    public void CheckIsPlain(MeaningLine line, string token)
    {
        if (token.Length == 0)
        {
            throw line.Malformed("two spaces where one belongs");
        }

        if (FindEnglish(token) is not null || FindChinese(token) is not null)
        {
            throw line.Malformed($"'{token}' is a word of words.txt; it is written {{={FindChinese(token)?.English[0] ?? token}}}");
        }
    }

    /// <summary>The lines of a lexicon file that say something: no blank ones, no comments.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is not UTF-8; the message names file and line.</exception>
    public static List<MeaningLine> ReadLines(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"No lexicon file '{path}'.", path);
        }

        var lines = new List<MeaningLine>();
        var bytes = File.ReadAllBytes(path).AsSpan();
        bytes = bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
        var number = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            number++;
            try
            {
                var line = StrictUtf8.GetString(bytes[range]).Trim();
                if (line.Length > 0 && (line[0] != '#' || line.StartsWith("## ", StringComparison.Ordinal)))
                {
                    lines.Add(new MeaningLine(path, number, line));
                }
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException($"{path}, line {number}: not valid UTF-8 at byte {e.Index + 1} of the line.", e);
            }
        }

        return lines;
    }
}

/// <summary>A line of a lexicon file, which can say where it stands.</summary>
internal sealed record MeaningLine(string Path, int Number, string Text)
{
    /// <summary>What follows the mark of a heading; null where the line is none.</summary>
    public string? Heading => Text.StartsWith("## ", StringComparison.Ordinal) ? Text[3..] : null;

    /// <summary>What stands on either side of the equals sign.</summary>
    public (string English, string Chinese) TwoSides()
    {
        var sides = Text.Split(" = ");
        return sides.Length == 2 ? (sides[0], sides[1]) : throw Malformed("a line is 'English = Chinese'");
    }

    /// <summary>The error that names file and line.</summary>
    public InvalidDataException Malformed(string what) => new($"{Path}, line {Number}: {what}.");
}
