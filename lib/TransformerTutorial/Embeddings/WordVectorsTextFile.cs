using System.Globalization;
using System.Text;
using TransformerTutorial.Data;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// word2vec's text format: a line <c>V d</c>, then one line for each word, the word and its numbers with one space between them.
/// Memory is taken only for what the file is long enough to hold.
/// </summary>
internal static class WordVectorsTextFile
{
    // More than any float needs; what is longer is no number.
    private const int LongestNumber = 64;

    public static (string[] Words, float[] Values, int Dimensions) Read(string path)
    {
        using var stream = File.OpenRead(path);
        var lines = new ByteLineReader(stream);
        var (count, dimensions) = WordVectorsFormat.ReadHeader(path, lines);

        // A row has at least a word of one byte, a space and a digit for each number, and a line end (which the last may lack).
        WordVectorsFormat.CheckRoom(path, stream.Length - lines.Position + 1, count, dimensions, 2 + (2L * dimensions));
        var words = new string[count];
        var values = new float[count * dimensions];
        var longest = WordVectorsFormat.LongestWord + (LongestNumber * (long)dimensions);
        for (var row = 0; row < count; row++)
        {
            var where = $"{path}, line {row + 2}";
            if (!lines.TryRead(longest, out var line))
            {
                throw new InvalidDataException(lines.IsAtEnd
                    ? $"{path} ends after {row} of the {count} words that its first line announces."
                    : $"{where} is longer than {longest} bytes, which is too long for a word and {dimensions} numbers.");
            }

            words[row] = ReadRow(where, line.TrimEnd(" \r"u8), values.AsSpan(row * dimensions, dimensions));
        }

        while (lines.TryRead(longest, out var line))
        {
            if (line.TrimEnd(" \r"u8).Length > 0)
            {
                throw new InvalidDataException($"{path} has more lines than the {count} words that its first line announces.");
            }
        }

        return lines.IsAtEnd ? (words, values, dimensions) : throw new InvalidDataException($"{path} has more lines than the {count} words that its first line announces.");
    }

    public static void Write(string path, WordVectors vectors)
    {
        WordVectorsFormat.CheckWords(vectors.Words);
        WholeFile.Write(path, stream =>
        {
            // Not disposed of: what is behind the buffer belongs to the caller.
            var buffer = new BufferedStream(stream, 1 << 16);
            buffer.Write(WordVectorsFormat.Header(vectors));
            for (var row = 0; row < vectors.Count; row++)
            {
                buffer.Write(Encoding.UTF8.GetBytes(vectors.Words[row]));
                foreach (var value in vectors.Row(row))
                {
                    buffer.WriteByte((byte)' ');
                    buffer.Write(Encoding.ASCII.GetBytes(Number(value)));
                }

                buffer.WriteByte((byte)'\n');
            }

            buffer.Flush();
        });
    }

    /// <summary>The shortest digits that read back as the same number, laid out as NumPy's <c>repr</c> does: <c>0.001</c>, <c>1e-05</c>, <c>1.0</c>, <c>1e+16</c>.</summary>
    internal static string Number(float value)
    {
        // "0.00012", "1.2E-05", "120000": the digits without zeros at either end, and the power of ten of the first one.
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = at < 0 ? text : text[..at];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var power = (at < 0 ? 0 : int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            + (point < 0 ? mantissa.Length : point) - 1 - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        var sign = float.IsNegative(value) ? "-" : "";
        if (digits.Length == 0)
        {
            return $"{sign}0.0";
        }

        // NumPy compares the number itself: 0.0001f lies below 1e-4, and is written as 1e-04.
        return sign + power switch
        {
            _ when Math.Abs((double)value) is < 1e-4 or >= 1e16 => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}",
            < 0 => $"0.{new string('0', -power - 1)}{digits}",
            _ when digits.Length > power + 1 => $"{digits[..(power + 1)]}.{digits[(power + 1)..]}",
            _ => $"{digits.PadRight(power + 1, '0')}.0",
        };
    }

    private static string ReadRow(string where, ReadOnlySpan<byte> line, Span<float> vector)
    {
        var parts = line.Split((byte)' ');
        _ = parts.MoveNext();
        var word = WordVectorsFormat.Word(where, line[parts.Current]);
        var read = 0;
        while (parts.MoveNext())
        {
            var number = line[parts.Current];
            if (read < vector.Length && !float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out vector[read]))
            {
                throw new InvalidDataException($"{where} ('{word}'): number {read + 1} is '{Encoding.UTF8.GetString(number[..Math.Min(number.Length, LongestNumber)])}'.");
            }

            read++;
        }

        return read == vector.Length ? word : throw new InvalidDataException($"{where} ('{word}') has {read} numbers; the first line announces {vector.Length}.");
    }
}
