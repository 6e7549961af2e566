using System.Text;
using System.Text.RegularExpressions;
using TransformerTutorial.Data;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Data;

public sealed partial class EnglishTextTests
{
    // What made data/english/generated.txt.
    private const int Seed = 2017;
    private const int Size = 235_000;

    private static readonly string Folder = Repository.PathOf("data", "english");

    [Fact]
    public void The_committed_text_is_what_the_generator_writes()
    {
        var path = Path.Combine(Folder, "generated.txt");
        var text = Generate(Seed, Size);
        if (Environment.GetEnvironmentVariable("TUTORIAL_REGENERATE") == "1")
        {
            File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        Assert.True(text == File.ReadAllText(path), "generated.txt differs from what the generator writes; run this test with TUTORIAL_REGENERATE=1 to rewrite it.");
    }

    [Fact]
    public void The_same_seed_gives_the_same_text_and_another_seed_another()
    {
        var text = Generate(5, 20_000);
        Assert.Equal(text, Generate(5, 20_000));
        var shared = Sentences(text).Intersect(Sentences(Generate(6, 20_000))).Count();
        Assert.InRange(shared, 0, Sentences(text).Count / 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    public void The_text_is_about_as_long_as_asked_for(int bytes)
    {
        var length = Encoding.UTF8.GetByteCount(Generate(3, bytes));
        Assert.InRange(length, bytes, bytes == 0 ? 0 : bytes + 2_000);
    }

    [Fact]
    public void Any_seed_gives_whole_sentences_without_leftovers_of_the_grammar()
    {
        TestSeed.ForEachCase(40, (_, random) =>
        {
            foreach (var line in Generate(random.Next(), 8_000).TrimEnd('\n').Split('\n'))
            {
                Assert.DoesNotMatch(LeftoverPattern(), line);
                Assert.Matches(SentenceEndPattern(), line);
                Assert.True(line.Count(character => character == '"') % 2 == 0, line);
            }
        });
    }

    [Fact]
    public void A_list_with_a_mistake_in_it_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("english-lexicon").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Folder, "lexicon"), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(Path.Combine(Folder, "lexicon"), file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            File.AppendAllText(Path.Combine(folder, "topics", "bakery.txt"), "happen\n    the oven explodes\n");
            var error = Assert.Throws<InvalidDataException>(() => EnglishTextGenerator.Generate(folder, 1, 1_000, TextWriter.Null));
            Assert.Contains("bakery.txt", error.Message, StringComparison.Ordinal);
            Assert.Contains("the oven explodes", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_files_are_as_large_as_promised()
    {
        var byHand = Encoding.UTF8.GetByteCount(ByHand());
        var generated = new FileInfo(Path.Combine(Folder, "generated.txt")).Length;
        Assert.True(byHand >= 110_000, $"{byHand} bytes by hand");
        Assert.True(generated >= 220_000, $"{generated} bytes generated");
        Assert.True(new FileInfo(Path.Combine(Folder, "held-out.txt")).Length >= 10_000);
    }

    [Fact]
    public void Every_file_is_clean_text()
    {
        foreach (var file in TextFiles())
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file));
            Assert.True(text.IsNormalized(NormalizationForm.FormC), file);
            Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');
            Assert.DoesNotContain('\uFEFF', text);
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.False(text.EndsWith("\n\n", StringComparison.Ordinal), file);
            Assert.All(text.Split('\n'), line => Assert.Equal(line.Trim(), line));
        }
    }

    [Fact]
    public void Hardly_any_sentence_comes_twice()
    {
        var sentences = Sentences(Everything());
        var repeated = sentences.Count - sentences.Distinct().Count();
        Assert.True(repeated <= sentences.Count / 100, $"{repeated} of {sentences.Count} sentences are repeats");
    }

    [Fact]
    public void Words_are_distributed_as_in_real_text()
    {
        var words = Words(Everything());
        var counts = words.GroupBy(word => word).Select(group => group.Count()).OrderDescending().ToList();

        // Zipf: the count falls about as one over the rank (least squares in logarithms over the first thousand ranks).
        var slope = Slope([.. counts.Take(1_000).Select((count, rank) => (Math.Log(rank + 1), Math.Log(count)))]);
        Assert.InRange(slope, -1.15, -0.85);

        // Roughly half of the words of a text occur once in it.
        var once = counts.Count(count => count == 1) / (double)counts.Count;
        Assert.InRange(once, 0.35, 0.60);

        // Heaps: the vocabulary keeps growing, with a power of the length between 0.4 and 0.8.
        TestSeed.ForEachCase(1, (_, random) =>
        {
            var shuffled = Paragraphs(Everything());
            random.Shuffle(shuffled);
            var mixed = Words(string.Join('\n', shuffled));
            var growth = Slope([.. Enumerable.Range(3, 5).Select(power => 1 << (power + 8)).Where(length => length <= mixed.Count)
                .Select(length => (Math.Log(length), Math.Log(mixed.Take(length).Distinct().Count())))]);
            Assert.InRange(growth, 0.4, 0.8);
        });

        Assert.True(counts.Count > 6_000, $"{counts.Count} different words");
        Assert.Equal("the", words.GroupBy(word => word).MaxBy(group => group.Count())!.Key);
    }

    [Fact]
    public void The_held_out_text_has_words_of_its_own_but_not_only()
    {
        var known = Words(Everything()).ToHashSet();
        var heldOut = Words(File.ReadAllText(Path.Combine(Folder, "held-out.txt")));
        var unknown = heldOut.Count(word => !known.Contains(word)) / (double)heldOut.Count;
        Assert.InRange(unknown, 0.05, 0.30);
    }

    private static string Generate(int seed, int bytes)
    {
        using var writer = new StringWriter();
        EnglishTextGenerator.Generate(Path.Combine(Folder, "lexicon"), seed, bytes, writer);
        return writer.ToString();
    }

    private static string ByHand() =>
        string.Concat(Directory.GetFiles(Path.Combine(Folder, "by-hand"), "*.txt").Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private static string Everything() => ByHand() + File.ReadAllText(Path.Combine(Folder, "generated.txt"));

    private static IEnumerable<string> TextFiles() =>
        Directory.GetFiles(Path.Combine(Folder, "by-hand"), "*.txt").Append(Path.Combine(Folder, "generated.txt")).Append(Path.Combine(Folder, "held-out.txt"));

    private static string[] Paragraphs(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Sentences(string text) =>
        [.. SentenceBreakPattern().Split(text).Where(sentence => sentence.Length > 0)];

    private static List<string> Words(string text) => [.. WordPattern().Matches(text).Select(match => match.Value.ToLowerInvariant())];

    private static double Slope(IReadOnlyList<(double X, double Y)> points)
    {
        var meanX = points.Average(point => point.X);
        var meanY = points.Average(point => point.Y);
        return points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / points.Sum(point => (point.X - meanX) * (point.X - meanX));
    }

    [GeneratedRegex("""[{}<>|]|  | [,.;?!]|,,|\.\.[^.]| a (?!one)[aeio][a-z]|\ban [bcdfgjklmpqrstvwz]|[.?!] [a-z]|\.,|,\.|\b(?:took|asked|told|gave|showed|helped|from|with|except|for) s?he\b(?! (?:was|had|did))""")]
    private static partial Regex LeftoverPattern();

    [GeneratedRegex("""[.!?]"?$""")]
    private static partial Regex SentenceEndPattern();

    [GeneratedRegex("""(?<=[.!?]"?)\s+""")]
    private static partial Regex SentenceBreakPattern();

    [GeneratedRegex(@"\p{L}+(?:['-]\p{L}+)*")]
    private static partial Regex WordPattern();
}
