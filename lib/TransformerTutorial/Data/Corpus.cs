using System.Text;

namespace TransformerTutorial.Data;

/// <summary>A named piece of text: lines, characters, bytes.</summary>
/// <remarks>
/// <para><c>Corpus.Load("english")</c> reads the series' own text. A reader's own file takes its place when the environment variable
/// <c>TUTORIAL_CORPUS_ENGLISH</c> names one, which is what the runner's <c>--corpus english=FILE</c> sets.</para>
/// <para>It reads UTF-8 strictly: bytes that are no UTF-8 are an error with file and line, never silently replaced. A byte order mark is dropped,
/// CRLF becomes LF, blank lines are left out.</para>
/// </remarks>
public sealed class Corpus
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Corpus(string name, IReadOnlyList<string> lines)
    {
        Name = name;
        Lines = lines;
        Text = string.Join('\n', lines);
        Bytes = Encoding.UTF8.GetByteCount(Text);
    }

    /// <summary>What it is called in tables and charts.</summary>
    public string Name { get; }

    /// <summary>The lines, without line ends; none is blank.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>All lines, joined by <c>\n</c>.</summary>
    public string Text { get; }

    /// <summary>The length of <see cref="Text"/> in UTF-8 bytes.</summary>
    public int Bytes { get; }

    /// <summary>The series' text in one language, or the reader's own in its place.</summary>
    /// <param name="language"><c>english</c> or <c>chinese</c>.</param>
    /// <exception cref="ArgumentException">There is no such corpus; the message lists those there are.</exception>
    public static Corpus Load(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        if (Environment.GetEnvironmentVariable("TUTORIAL_CORPUS_" + language.ToUpperInvariant()) is { Length: > 0 } own)
        {
            return FromFile(own);
        }

        return OfTheSeries(language);
    }

    /// <summary>The series' text in one language, whatever the reader put in its place.</summary>
    /// <param name="language"><c>english</c> or <c>chinese</c>.</param>
    /// <exception cref="ArgumentException">There is no such corpus; the message lists those there are.</exception>
    public static Corpus OfTheSeries(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        var folder = LanguageFolder(language);
        string[] byHand = [.. Directory.GetFiles(Path.Combine(folder, "by-hand"), "*.txt").Order(StringComparer.Ordinal)];
        return new Corpus(language, [.. byHand.Append(Path.Combine(folder, "generated.txt")).SelectMany(ReadLines)]);
    }

    /// <summary>Text in one language that is not in <see cref="Load"/>'s corpus: for measuring what was never seen.</summary>
    /// <param name="language"><c>english</c> or <c>chinese</c>.</param>
    /// <exception cref="ArgumentException">There is no such corpus; the message lists those there are.</exception>
    public static Corpus HeldOut(string language) =>
        new($"{language}, held out", ReadLines(Path.Combine(LanguageFolder(language), "held-out.txt")));

    /// <summary>A text file in UTF-8, one sentence or paragraph a line.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty or not UTF-8; the message names file and line.</exception>
    public static Corpus FromFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new Corpus(Path.GetFileNameWithoutExtension(path), ReadLines(path));
    }

    /// <summary>A corpus from lines in memory; blank ones are left out.</summary>
    public static Corpus FromLines(string name, IEnumerable<string> lines) =>
        new(name, [.. lines.Where(line => !string.IsNullOrWhiteSpace(line))]);

    /// <summary>The first lines, up to about <paramref name="bytes"/> bytes of UTF-8: for measuring how something grows.</summary>
    public Corpus Take(int bytes)
    {
        var taken = 0;
        return new Corpus(Name, [.. Lines.TakeWhile(line => (taken += Encoding.UTF8.GetByteCount(line) + 1) <= bytes)]);
    }

    private static string LanguageFolder(string language)
    {
        var folder = DataFolder.PathOf(language);
        if (Directory.Exists(Path.Combine(folder, "by-hand")))
        {
            return folder;
        }

        var known = Directory.GetDirectories(DataFolder.PathOf()).Where(other => Directory.Exists(Path.Combine(other, "by-hand")));
        throw new ArgumentException($"No corpus '{language}'; there are: {string.Join(", ", known.Select(Path.GetFileName).Order(StringComparer.Ordinal))}.", nameof(language));
    }

    private static string[] ReadLines(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"No text file '{path}'.", path);
        }

        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        var lines = new List<string>();
        var number = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            number++;
            try
            {
                var line = StrictUtf8.GetString(bytes[range]).TrimEnd('\r');
                if (!string.IsNullOrWhiteSpace(line))
                {
                    lines.Add(line);
                }
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException($"{path}, line {number}: not valid UTF-8 at byte {e.Index + 1} of the line.", e);
            }
        }

        return lines.Count > 0 ? [.. lines] : throw new InvalidDataException($"{path}: the file holds no text.");
    }
}
