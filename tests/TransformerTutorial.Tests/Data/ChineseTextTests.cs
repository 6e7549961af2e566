using System.Text;
using TransformerTutorial.Data;

namespace TransformerTutorial.Tests.Data;

/// <summary>The Chinese corpus as committed: its form, its size, and how its words and characters are spread.</summary>
public class ChineseTextTests
{
    private const int Seed = 2026;
    private const int GeneratedBytes = 232_000;

    private static readonly string Folder = DataFolder.PathOf("chinese");

    public static TheoryData<string> Files() => [.. Directory.GetFiles(Folder, "*.txt", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path))];

    [Fact]
    public void The_generated_file_is_what_the_generator_writes()
    {
        var writer = new StringWriter();
        ChineseTextGenerator.Generate(Seed, GeneratedBytes, writer);
        var path = Path.Combine(Folder, "generated.txt");
        if (Environment.GetEnvironmentVariable("TUTORIAL_REGENERATE") == "1")
        {
            File.WriteAllText(path, writer.ToString());
        }

        Assert.Equal(Encoding.UTF8.GetBytes(writer.ToString()), File.ReadAllBytes(path));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_clean_utf8_in_nfc_with_line_feeds_and_one_at_its_end(string file)
    {
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(Path.Combine(Folder, file)));
        Assert.True(text.IsNormalized(NormalizationForm.FormC));
        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c is '\uFEFF' or '\uFFFD' or '\u00A0' or '\u200B');
        Assert.True(text.EndsWith('\n') && !text.EndsWith("\n\n", StringComparison.Ordinal));
        Assert.DoesNotContain(text.Split('\n'), line => line != line.Trim());
    }

    [Fact]
    public void There_is_as_much_text_as_the_chapters_count_on()
    {
        var byHand = Directory.GetFiles(Path.Combine(Folder, "by-hand")).Sum(path => new FileInfo(path).Length);
        var generated = new FileInfo(Path.Combine(Folder, "generated.txt")).Length;
        Assert.True(byHand >= 110 * 1024, $"by hand: {byHand} bytes");
        Assert.True(generated >= 220 * 1024, $"generated: {generated} bytes");
        Assert.True(byHand + generated >= 330 * 1024, $"in all: {byHand + generated} bytes");
        Assert.True(new FileInfo(Path.Combine(Folder, "held-out.txt")).Length >= 10 * 1024);
    }

    [Fact]
    public void At_most_one_sentence_in_a_hundred_is_there_twice()
    {
        var sentences = Corpus.Load("chinese").Lines.SelectMany(ChineseTextGenerator.Sentences).ToList();
        var repeated = sentences.Count - sentences.Distinct().Count();
        Assert.True(sentences.Count > 3_000, $"{sentences.Count} sentences");
        Assert.True(repeated <= sentences.Count / 100, $"{repeated} of {sentences.Count} sentences repeat another");
    }

    [Fact]
    public void Text_held_out_shares_no_line_and_hardly_a_phrase_with_the_rest()
    {
        const int Phrase = 10;
        var known = Corpus.Load("chinese").Lines.SelectMany(line => Phrases(line)).ToHashSet();
        var heldOut = Corpus.HeldOut("chinese").Lines.SelectMany(line => Phrases(line)).ToList();
        var shared = heldOut.Where(known.Contains).ToList();
        Assert.True(shared.Count <= heldOut.Count / 1_000, $"{shared.Count} of {heldOut.Count}: {string.Join(' ', shared.Take(5))}");

        static IEnumerable<string> Phrases(string line) => Enumerable.Range(0, Math.Max(0, line.Length - Phrase + 1)).Select(i => line.Substring(i, Phrase));
    }

    [Fact]
    public void Words_are_spread_as_in_lifelike_text()
    {
        var lexicon = ChineseLexicon.Load(Path.Combine(Folder, "lexicon"));
        var words = Words(string.Concat(Corpus.Load("chinese").Lines), KnownWords(lexicon));
        var counts = words.CountBy(word => word).Select(pair => pair.Value).OrderDescending().ToList();

        // A few frequent words, a long tail: a third to three fifths of the vocabulary occurs once. The generator's own dictionary cuts many words
        // of the by-hand part into characters, which lowers the share; with ICU's dictionary it is 0.40 (README.md).
        var once = (double)counts.Count(count => count == 1) / counts.Count;
        Assert.InRange(once, 0.29, 0.60);
        Assert.InRange(ZipfSlope(counts), -1.15, -0.70);

        // Heaps: the vocabulary keeps growing, ever more slowly. V(n) = k n^β, β from the first half to the whole.
        var half = words.Take(words.Count / 2).Distinct().Count();
        Assert.InRange(Math.Log2((double)counts.Count / half), 0.15, 0.75);
    }

    [Fact]
    public void The_commonest_characters_are_those_of_any_chinese_text()
    {
        var common = Corpus.Load("chinese").Text.Where(char.IsLetter).CountBy(c => c).OrderByDescending(pair => pair.Value).Take(30).Select(pair => pair.Key).ToHashSet();
        Assert.Superset("的一是了不在有人".ToHashSet(), common);
    }

    [Fact]
    public void It_holds_the_letters_and_digits_of_real_text_and_two_thousand_characters()
    {
        var text = Corpus.Load("chinese").Text;
        Assert.Contains(text, char.IsAsciiDigit);
        Assert.Contains(text, char.IsAsciiLetter);
        Assert.True(text.Distinct().Count(c => c is >= '\u4E00' and <= '\u9FFF') >= 2_000);
    }

    private static HashSet<string> KnownWords(ChineseLexicon lexicon) =>
    [
        .. lexicon.Words.Values.SelectMany(words => words.Words),
        .. lexicon.Topics.SelectMany(topic => topic.Words.Values.SelectMany(words => words.Words)),
        .. lexicon.Topics.SelectMany(topic => topic.Things).SelectMany(thing => thing.Actions.Select(action => action.Resultative).Append(thing.Name)),
    ];

    /// <summary>Words as a dictionary finds them: the longest known one at each place, else one character; runs of letters and digits whole.</summary>
    private static List<string> Words(string text, HashSet<string> known)
    {
        const int Longest = 6;
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var length = 1;
            if (char.IsAsciiLetterOrDigit(text[i]))
            {
                while (i + length < text.Length && char.IsAsciiLetterOrDigit(text[i + length]))
                {
                    length++;
                }
            }
            else
            {
                for (var tried = Math.Min(Longest, text.Length - i); tried > 1 && length == 1; tried--)
                {
                    length = known.Contains(text.Substring(i, tried)) ? tried : 1;
                }
            }

            if (char.IsLetterOrDigit(text[i]))
            {
                words.Add(text.Substring(i, length));
            }

            i += length;
        }

        return words;
    }

    /// <summary>The slope of log frequency over log rank, by least squares over ranks spaced evenly in the logarithm, from the tenth word to those seen twice.</summary>
    private static double ZipfSlope(List<int> counts)
    {
        var points = Enumerable.Range(0, 80).Select(k => (int)(10 * Math.Pow(1.1, k))).Distinct()
            .Where(rank => rank <= counts.Count && counts[rank - 1] > 1)
            .Select(rank => (X: Math.Log(rank), Y: Math.Log(counts[rank - 1]))).ToList();
        var (meanX, meanY) = (points.Average(p => p.X), points.Average(p => p.Y));
        return points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / points.Sum(p => (p.X - meanX) * (p.X - meanX));
    }
}
