using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using TransformerTutorial.Data;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// word2vec's binary format: a line <c>V d</c>, then for each word the word, a space, and its numbers, four bytes each, little endian; a line end may follow.
/// Memory is taken only for what the file is long enough to hold.
/// </summary>
internal static class WordVectorsBinaryFile
{
    public static (string[] Words, float[] Values, int Dimensions) Read(string path)
    {
        using var stream = File.OpenRead(path);
        var lines = new ByteLineReader(stream);
        var (count, dimensions) = WordVectorsFormat.ReadHeader(path, lines);

        // A row has at least a word of one byte, a space and the numbers.
        WordVectorsFormat.CheckRoom(path, stream.Length - lines.Position, count, dimensions, 2 + (4L * dimensions));
        stream.Position = lines.Position;
        using var bytes = new BufferedStream(stream, 1 << 16);
        var words = new string[count];
        var values = new float[count * dimensions];
        for (var row = 0; row < count; row++)
        {
            var where = $"{path}, row {row + 1} at byte {bytes.Position + 1}";
            words[row] = ReadWord(where, bytes);
            var vector = MemoryMarshal.AsBytes(values.AsSpan(row * dimensions, dimensions));
            if (bytes.ReadAtLeast(vector, vector.Length, throwOnEndOfStream: false) < vector.Length)
            {
                throw new InvalidDataException($"{where}: the file ends within the vector of '{words[row]}'; its first line announces {count} words.");
            }
        }

        if (!BitConverter.IsLittleEndian)
        {
            var bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        var rest = stream.Length - bytes.Position;
        return rest == 0 || (rest == 1 && bytes.ReadByte() == '\n') ? (words, values, dimensions)
            : throw new InvalidDataException($"{path}: {rest} bytes follow the {count} words that its first line announces.");
    }

    public static void Write(string path, WordVectors vectors)
    {
        WordVectorsFormat.CheckWords(vectors.Words);
        WholeFile.Write(path, stream =>
        {
            // Not disposed of: what is behind the buffer belongs to the caller.
            var buffer = new BufferedStream(stream, 1 << 16);
            buffer.Write(WordVectorsFormat.Header(vectors));
            Span<byte> number = stackalloc byte[sizeof(float)];
            for (var row = 0; row < vectors.Count; row++)
            {
                buffer.Write(Encoding.UTF8.GetBytes(vectors.Words[row] + " "));
                foreach (var value in vectors.Row(row))
                {
                    BinaryPrimitives.WriteSingleLittleEndian(number, value);
                    buffer.Write(number);
                }
            }

            buffer.Flush();
        });
    }

    private static string ReadWord(string where, BufferedStream bytes)
    {
        var word = new List<byte>();
        for (var next = bytes.ReadByte(); next != ' '; next = bytes.ReadByte())
        {
            // The line end behind the vector before, which word2vec's own tool writes.
            if (next == '\n' && word.Count == 0 && bytes.ReadByte() is var following)
            {
                next = following;
                if (next == ' ')
                {
                    break;
                }
            }

            if (next < 0)
            {
                throw new InvalidDataException($"{where}: the file ends within a word.");
            }

            word.Add((byte)next);
            if (next == '\n' || word.Count > WordVectorsFormat.LongestWord)
            {
                throw new InvalidDataException($"{where}: {(next == '\n' ? "a word has a line end in it" : $"no space ends the word within {WordVectorsFormat.LongestWord} bytes")}.");
            }
        }

        return WordVectorsFormat.Word(where, CollectionsMarshal.AsSpan(word));
    }
}
