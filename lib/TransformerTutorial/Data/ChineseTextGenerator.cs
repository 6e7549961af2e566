using System.Text;

namespace TransformerTutorial.Data;

/// <summary>Writes Chinese text: stories, talk, news, letters, notices, each line a paragraph about one matter and its people.</summary>
/// <remarks>
/// <para>What it knows lies in <c>data/chinese/lexicon</c>: rules, word classes and settings. A paragraph takes a setting, a thing of that setting and two
/// or three people, then fills a sequence of sentence rules with them; names become short forms and pronouns as they do in prose. Words of a class are
/// drawn by their rank (the n-th about 1/n as often as the first), which is what gives the text its few frequent and many rare words; rules are drawn
/// evenly. No sentence is written twice.</para>
/// <para>It invents no facts: numbers, places and people in the text mean nothing.</para>
/// </remarks>
/// <example><c>ChineseTextGenerator.Generate(seed: 1, approximateBytes: 1_000, Console.Out)</c> prints five or six paragraphs.</example>
public static class ChineseTextGenerator
{
    private const int MostAttempts = 200;

    /// <summary>Writes paragraphs, one a line, each ending in <c>\n</c>.</summary>
    /// <param name="seed">The same seed gives the same text, on any machine.</param>
    /// <param name="approximateBytes">How much, in bytes of UTF-8; it ends with the paragraph that reaches it.</param>
    /// <param name="writer">Where the text goes; it is neither flushed nor closed.</param>
    /// <exception cref="DirectoryNotFoundException">The <c>data</c> folder with the lexicon was not found.</exception>
    /// <exception cref="InvalidDataException">A lexicon file is malformed; the message names file and line, or the rule.</exception>
    public static void Generate(int seed, int approximateBytes, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfNegative(approximateBytes);
        var lexicon = ChineseLexicon.Load(DataFolder.PathOf("chinese", "lexicon"));
        var choice = new ChineseChoice(seed);
        var written = new HashSet<string>(StringComparer.Ordinal);
        for (var bytes = 0; bytes < approximateBytes;)
        {
            var paragraph = NextParagraph(lexicon, choice, written);
            writer.Write(paragraph);
            writer.Write('\n');
            bytes += Encoding.UTF8.GetByteCount(paragraph) + 1;
        }
    }

    private static string NextParagraph(ChineseLexicon lexicon, ChineseChoice choice, HashSet<string> written)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (new ChineseParagraph(lexicon, choice).Write() is not { } paragraph)
            {
                continue; // A rule asked for something that the thing does not have, a price for instance.
            }

            var sentences = Sentences(paragraph).ToList();
            if (sentences.Distinct().Count() == sentences.Count && !sentences.Exists(written.Contains))
            {
                written.UnionWith(sentences);
                return paragraph;
            }
        }

        throw new InvalidDataException($"{MostAttempts} paragraphs in a row repeat a sentence: the lexicon is too small for a text of {written.Count} sentences.");
    }

    /// <summary>The sentences of a line, each with its closing mark; those of a word or two are left out.</summary>
    internal static IEnumerable<string> Sentences(string line)
    {
        const int ShortestCounted = 6;
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] is '。' or '？' or '！' || i == line.Length - 1)
            {
                var sentence = line[start..(i + 1)].Trim('“', '”');
                start = i + 1;
                if (sentence.Length > ShortestCounted)
                {
                    yield return sentence;
                }
            }
        }
    }
}
