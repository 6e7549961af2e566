using System.Text;
using TransformerTutorial.Data.English;

namespace TransformerTutorial.Data;

/// <summary>
/// Writes English paragraphs from word lists and sentence shapes (data/english/lexicon). It made data/english/generated.txt.
/// The sentences are grammatical and those of a paragraph share a topic, its people and its things; they mean nothing beyond that.
/// The same seed and the same lists give the same text; no sentence comes twice.
/// </summary>
/// <example><c>EnglishTextGenerator.Generate("data/english/lexicon", seed: 1, approximateBytes: 1_000, Console.Out)</c></example>
public static class EnglishTextGenerator
{
    /// <summary>Writes paragraphs, one a line, until there are about as many bytes as asked for.</summary>
    /// <param name="lexiconFolder">The folder with grammar.txt, names.txt, irregular-verbs.txt and topics/.</param>
    /// <param name="seed">Where chance starts.</param>
    /// <param name="approximateBytes">Size of the text in UTF-8; the last paragraph is finished, so that it may be a few hundred bytes longer.</param>
    /// <param name="writer">Where the text goes. Lines end in LF, whatever the writer's own line end is.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A list is malformed; the message names the file and the line's text.</exception>
    public static void Generate(string lexiconFolder, int seed, int approximateBytes, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(lexiconFolder);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfNegative(approximateBytes);

        var lexicon = EnglishLexicon.Load(lexiconFolder);
        var random = new EnglishRandom(seed);
        var written = new HashSet<string>();
        var bytes = 0;
        while (bytes < approximateBytes)
        {
            var paragraph = Paragraph(lexicon, random, written);
            writer.Write(paragraph);
            writer.Write('\n');
            bytes += Encoding.UTF8.GetByteCount(paragraph) + 1;
        }
    }

    // A plan names the rules that the paragraph's sentences come from; one with a question mark is left out half of the time.
    private static string Paragraph(EnglishLexicon lexicon, EnglishRandom random, HashSet<string> written)
    {
        var passage = new EnglishPassage(lexicon, random.Any(lexicon.Topics), random);
        var sentences = new List<string>();
        foreach (var step in random.Any(lexicon.Rules["plan"]).Split(' '))
        {
            if (step.EndsWith('?') && random.Chance(50))
            {
                continue;
            }

            if (NewSentence(passage, step.TrimEnd('?'), written) is { } sentence)
            {
                sentences.Add(sentence);
            }
        }

        return string.Join(' ', sentences);
    }

    private static string? NewSentence(EnglishPassage passage, string rule, HashSet<string> written)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var undo = passage.Remember();
            var sentence = passage.Sentence(rule);
            if (written.Add(sentence))
            {
                return sentence;
            }

            undo();
        }

        return null;
    }
}
