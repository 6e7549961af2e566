using System.Text;

namespace TransformerTutorial.Data;

/// <summary>A verb as the lexicon gives it with its object: what one does to the thing, and what comes of it.</summary>
/// <param name="Verb">The bare verb, 切.</param>
/// <param name="Result">Its result complement, 碎, which makes 切碎.</param>
/// <param name="StandsAlone">Whether the bare verb also takes the thing as its object: 切豆腐, but not 打窗户 (only 打开).</param>
internal sealed record ChineseAction(string Verb, string Result, bool StandsAlone)
{
    public string Resultative => Verb + Result;
}

/// <summary>Something a paragraph can be about, with the words that go with it.</summary>
internal sealed record ChineseThing(
    string Name,
    IReadOnlyList<string> Measures,
    IReadOnlyList<ChineseAction> Actions,
    IReadOnlyList<string> Qualities,
    IReadOnlyList<ChineseAction> Mishaps,
    ChinesePrice? Price);

/// <summary>What one <paramref name="Unit"/> of a thing costs, in yuan.</summary>
internal sealed record ChinesePrice(string Unit, int Lowest, int Highest);

/// <summary>Words that can stand in the same place, the frequent ones first, or, where they are drawn evenly, in any order.</summary>
internal sealed record ChineseWordClass(IReadOnlyList<string> Words, bool Evenly);

/// <summary>A setting: its word classes (places, roles, activities, nouns for lists) and its things.</summary>
internal sealed record ChineseTopic(string Name, IReadOnlyDictionary<string, ChineseWordClass> Words, IReadOnlyList<ChineseThing> Things);

/// <summary>
/// The generator's words and sentences, read from <c>data/chinese/lexicon</c>: <c>grammar.txt</c> (rules), <c>words.txt</c> (word classes) and
/// <c>topics.txt</c> (settings). The files say their own format in their first lines.
/// </summary>
internal sealed class ChineseLexicon
{
    private const string EvenlyMark = " evenly";

    private static readonly string[] TopicClasses = ["地", "人", "活动", "杂物"];

    private ChineseLexicon(
        IReadOnlyDictionary<string, IReadOnlyList<string>> rules,
        IReadOnlyDictionary<string, ChineseWordClass> words,
        IReadOnlyList<ChineseTopic> topics)
    {
        Rules = rules;
        Words = words;
        Topics = topics;
    }

    /// <summary>Rule name to its alternatives.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Rules { get; }

    public IReadOnlyDictionary<string, ChineseWordClass> Words { get; }

    public IReadOnlyList<ChineseTopic> Topics { get; }

    /// <summary>Reads the three files of a folder.</summary>
    /// <exception cref="InvalidDataException">A line is not in the file's format; the message names file and line.</exception>
    public static ChineseLexicon Load(string folder)
    {
        var rules = ReadSections(Path.Combine(folder, "grammar.txt"), "= ", line => [line]);
        var words = ReadSections(Path.Combine(folder, "words.txt"), "~ ", line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var classes = words.ToDictionary(
            section => section.Key.Split(' ')[0],
            section => new ChineseWordClass([.. section.Value.Distinct()], Evenly: section.Key.EndsWith(EvenlyMark, StringComparison.Ordinal)),
            StringComparer.Ordinal);
        return new ChineseLexicon(rules, classes, ReadTopics(Path.Combine(folder, "topics.txt")));
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadSections(string path, string mark, Func<string, string[]> split)
    {
        var sections = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        List<string>? section = null;
        foreach (var (number, line) in ReadLines(path))
        {
            if (line.StartsWith(mark, StringComparison.Ordinal))
            {
                section = [];
                if (!sections.TryAdd(line[mark.Length..], section))
                {
                    throw Malformed(path, number, $"'{line}' is there twice");
                }
            }
            else
            {
                (section ?? throw Malformed(path, number, $"a line before the first '{mark}'")).AddRange(split(line));
            }
        }

        return sections;
    }

    private static List<ChineseTopic> ReadTopics(string path)
    {
        var topics = new List<ChineseTopic>();
        Dictionary<string, ChineseWordClass>? words = null;
        List<ChineseThing>? things = null;
        foreach (var (number, line) in ReadLines(path))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                words = new Dictionary<string, ChineseWordClass>(StringComparer.Ordinal);
                things = [];
                topics.Add(new ChineseTopic(line[3..], words, things));
                continue;
            }

            if (words is null || things is null)
            {
                throw Malformed(path, number, "a line before the first '## '");
            }

            var key = line.Split(' ')[0];
            var rest = line[key.Length..].Trim();
            if (key == "物")
            {
                things.Add(ParseThing(path, number, rest));
            }
            else if (TopicClasses.Contains(key))
            {
                words[key] = new ChineseWordClass(rest.Split(' '), Evenly: false);
            }
            else
            {
                throw Malformed(path, number, $"'{key}' is none of 物, {string.Join(", ", TopicClasses)}");
            }
        }

        return topics;
    }

    private static ChineseThing ParseThing(string path, int number, string line)
    {
        var fields = line.Split('|', StringSplitOptions.TrimEntries);
        if (fields.Length != 6)
        {
            throw Malformed(path, number, $"a thing has six fields between '|', this one {fields.Length}");
        }

        return new ChineseThing(fields[0], fields[1].Split(' '), Actions(fields[2]), fields[3].Split(' '), Actions(fields[4]), Price(fields[5]));

        IReadOnlyList<ChineseAction> Actions(string field) => [.. field.Split(' ').Select(word =>
        {
            var slash = word.IndexOf('/', StringComparison.Ordinal);
            return slash > 0
                ? new ChineseAction(word[..slash], word[slash..].TrimStart('/'), StandsAlone: !word.Contains("//", StringComparison.Ordinal))
                : throw Malformed(path, number, $"'{word}' is not verb/result");
        })];

        ChinesePrice? Price(string field)
        {
            if (field == "-")
            {
                return null;
            }

            var parts = field.Split(' ', '-');
            return parts.Length == 3 && int.TryParse(parts[1], out var lowest) && int.TryParse(parts[2], out var highest) && lowest < highest
                ? new ChinesePrice(parts[0], lowest, highest)
                : throw Malformed(path, number, $"'{field}' is not 'unit lowest-highest'");
        }
    }

    private static IEnumerable<(int Number, string Line)> ReadLines(string path) =>
        File.ReadLines(path, Encoding.UTF8).Select((line, i) => (i + 1, line)).Where(l => l.line.Length > 0 && (l.line[0] != '#' || l.line.StartsWith("## ", StringComparison.Ordinal)));

    private static InvalidDataException Malformed(string path, int number, string what) => new($"{path}, line {number}: {what}.");
}
