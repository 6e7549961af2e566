using System.Collections;
using System.Text;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The sentences of a text file in UTF-8: a line is a sentence, white space separates its words. The file is read anew each time they are enumerated and never held in memory. A line of more than
/// <see cref="LongestSentence"/> words comes as several sentences. It doesn't lower-case or take off punctuation.
/// </summary>
/// <remarks><see cref="Word2Vec"/> reads such a file without making strings of it, several blocks at once if it has several threads.</remarks>
public sealed class SentenceFile : IEnumerable<IReadOnlyList<string>>
{
    /// <summary>Where a long line is cut, in words.</summary>
    public const int LongestSentence = 10_000;

    private const int BlockBytes = 1 << 14;

    /// <summary>Names a file, which is opened only when it is read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public SentenceFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"No text file '{path}'.", path);
        }

        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads the file. Lines without words come as empty sentences.</summary>
    /// <exception cref="InvalidDataException">The bytes are no UTF-8, or a word has more than 65,536; the message names file and line.</exception>
    public IEnumerator<IReadOnlyList<string>> GetEnumerator()
    {
        using var file = File.OpenHandle(Path);
        var scanner = new Utf8WordScanner(Path, file);
        scanner.Start(0, RandomAccess.GetLength(file));
        var sentence = new List<string>();
        while (scanner.Read())
        {
            if (scanner.Word.Length == 0 || sentence.Count == LongestSentence)
            {
                yield return sentence;
                sentence = [];
            }

            if (scanner.Word.Length > 0)
            {
                scanner.Check();
                sentence.Add(Encoding.UTF8.GetString(scanner.Word));
            }
        }

        if (sentence.Count > 0)
        {
            yield return sentence;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Counts the words and, where asked to, notes blocks of whole sentences: where each begins and how many sentences and words stand before it; the last entry is the end of the file.</summary>
    internal Utf8WordTable CountWords(CancellationToken cancellationToken, List<(long Offset, long Sentences, long Words)>? blocks = null)
    {
        using var file = File.OpenHandle(Path);
        var scanner = new Utf8WordScanner(Path, file);
        scanner.Start(0, RandomAccess.GetLength(file));
        var table = new Utf8WordTable();
        var (sentences, words, wordsOfSentence, blockStart) = (0L, 0L, 0, 0L);
        blocks?.Add((0, 0, 0));
        while (scanner.Read())
        {
            if (scanner.Word.Length == 0 || wordsOfSentence == LongestSentence)
            {
                // The next sentence begins behind the line's end, or with the word for which this one has no room.
                wordsOfSentence = 0;
                sentences++;
                var start = scanner.Offset - scanner.Word.Length;
                if (start - blockStart >= BlockBytes)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    blockStart = start;
                    blocks?.Add((blockStart, sentences, words));
                }
            }

            if (scanner.Word.Length > 0)
            {
                var index = table.FindOrAdd(scanner.Word, out var isNew);
                if (isNew)
                {
                    scanner.Check();
                }

                table.CountOf(index)++;
                words++;
                wordsOfSentence++;
            }
        }

        blocks?.Add((scanner.Offset, sentences, words));
        return table;
    }
}
