using System.Text;
using TransformerTutorial.Data;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// BERT's <c>vocab.txt</c>: UTF-8, one piece a line, the first has id 0. A byte order mark, line ends of either kind and empty lines at the end are
/// fine. Only <c>\n</c> and <c>\r\n</c> end a line, so a piece may contain spaces and Unicode's other line separators.
/// </summary>
internal static class WordPieceVocabularyFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Dictionary<string, int> Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var lines = ReadText(stream, name).Split('\n').Select(line => line.EndsWith('\r') ? line[..^1] : line).ToList();
        var count = lines.FindLastIndex(line => line.Length > 0) + 1;
        if (count == 0)
        {
            throw new InvalidDataException($"The vocabulary '{name}' is empty.");
        }

        var vocabulary = new Dictionary<string, int>(count, StringComparer.Ordinal);
        for (var id = 0; id < count; id++)
        {
            if (lines[id].Length == 0)
            {
                throw new InvalidDataException($"Line {id + 1} of the vocabulary '{name}' is empty; every line must hold a piece.");
            }

            if (!vocabulary.TryAdd(lines[id], id))
            {
                throw new InvalidDataException($"Line {id + 1} of the vocabulary '{name}' repeats '{lines[id]}' of line {vocabulary[lines[id]] + 1}; a piece can have only one id.");
            }
        }

        return vocabulary;
    }

    public static void Write(string file, IReadOnlyDictionary<int, string> tokens)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        var text = new StringBuilder();
        for (var id = 0; id < tokens.Count; id++)
        {
            if (!tokens.TryGetValue(id, out var token))
            {
                throw new InvalidOperationException($"A vocab.txt needs every id from 0 to {tokens.Count - 1}, and no token has the id {id}.");
            }

            if (token.Contains('\n', StringComparison.Ordinal) || token.EndsWith('\r'))
            {
                throw new InvalidOperationException($"The token with id {id} contains a line end, which a vocab.txt cannot hold.");
            }

            text.Append(token).Append('\n');
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        WholeFile.Write(file, StrictUtf8.GetBytes(text.ToString()));
    }

    private static string ReadText(Stream stream, string name)
    {
        try
        {
            using var reader = new StreamReader(stream, StrictUtf8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"The vocabulary '{name}' is not UTF-8 text.", error);
        }
    }
}
