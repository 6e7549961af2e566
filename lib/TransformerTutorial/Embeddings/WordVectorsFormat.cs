using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace TransformerTutorial.Embeddings;

/// <summary>What word2vec's two file formats have in common: the first line, and what a word may be.</summary>
internal static class WordVectorsFormat
{
    /// <summary>How many bytes of UTF-8 a word may have at most.</summary>
    public const int LongestWord = 1 << 16;

    private const int LongestHeader = 256;
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\n\v\f\r");
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Header(WordVectors vectors) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{vectors.Count} {vectors.Dimensions}\n"));

    public static (long Count, int Dimensions) ReadHeader(string path, ByteLineReader lines)
    {
        if (lines.TryRead(LongestHeader, out var line))
        {
            line = line.TrimEnd(" \r"u8);
            if (Utf8Parser.TryParse(line, out long count, out var used) && used < line.Length && line[used] == ' '
                && Utf8Parser.TryParse(line[(used + 1)..], out int dimensions, out var more) && used + 1 + more == line.Length
                && count > 0 && dimensions > 0)
            {
                return (count, dimensions);
            }
        }

        throw new InvalidDataException($"{path}: the first line of word vectors is two whole numbers above zero, how many words there are and how long a vector is; this file begins otherwise.");
    }

    /// <summary>Throws if the file is too short for what its first line announces, or if no array could hold it.</summary>
    public static void CheckRoom(string path, long bytes, long count, int dimensions, long bytesARow)
    {
        if ((Int128)count * bytesARow > bytes)
        {
            throw new InvalidDataException($"{path}: the first line announces {count} words with vectors of length {dimensions}, which take at least {(Int128)count * bytesARow} bytes; {bytes} follow.");
        }

        if (count * dimensions > Array.MaxLength)
        {
            throw new InvalidDataException($"{path}: {count} words with vectors of length {dimensions} are more numbers than fit into memory in one piece ({Array.MaxLength}).");
        }
    }

    /// <summary>A word as the file has it.</summary>
    public static string Word(string where, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw new InvalidDataException($"{where}: there is no word before the numbers.");
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException fault)
        {
            throw new InvalidDataException($"{where}: the word is not valid UTF-8 at its byte {fault.Index + 1}.", fault);
        }
    }

    /// <summary>Throws if a word could not be read back.</summary>
    public static void CheckWords(IReadOnlyList<string> words)
    {
        for (var row = 0; row < words.Count; row++)
        {
            var word = words[row];
            var problem = word.Length == 0 ? "is empty"
                : word.AsSpan().ContainsAny(WhiteSpace) ? "has white space or a line end in it"
                : !IsUnicode(word) ? "is not valid Unicode (half of a surrogate pair)"
                : Encoding.UTF8.GetByteCount(word) > LongestWord ? $"is longer than {LongestWord} bytes"
                : null;
            if (problem is not null)
            {
                throw new ArgumentException($"The word '{word}' in row {row} {problem}: a file of word vectors could not be read back.");
            }
        }
    }

    private static bool IsUnicode(string word)
    {
        try
        {
            _ = StrictUtf8.GetByteCount(word);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
