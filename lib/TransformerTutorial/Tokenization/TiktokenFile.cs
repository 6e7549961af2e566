namespace TransformerTutorial.Tokenization;

/// <summary>
/// A <c>.tiktoken</c> rank file: one token a line, its bytes in base 64 and its rank, which is its id too. There is no list of merges: two neighbours merge where
/// together they are a token, the smallest rank first.
/// </summary>
internal static class TiktokenFile
{
    /// <summary>Reads the tokens, written in <see cref="ByteAlphabet"/>.</summary>
    /// <exception cref="InvalidDataException">A line is no token with its rank, or comes twice, or one of the 256 bytes is missing.</exception>
    public static Dictionary<string, int> Read(TextReader reader, string name)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = new Dictionary<int, int>();
        var bytes = new byte[256];
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || !int.TryParse(line.AsSpan(space + 1), System.Globalization.NumberStyles.None, null, out var rank) || rank > BytePairModel.LargestId)
            {
                throw new InvalidDataException($"Line {number} of '{name}' is '{Shorten(line)}'; it must be a token in base 64, one space, and a rank from 0 to {BytePairModel.LargestId}.");
            }

            bytes = bytes.Length < space ? new byte[space] : bytes;
            if (!Convert.TryFromBase64Chars(line.AsSpan(0, space), bytes, out var count) || count == 0)
            {
                throw new InvalidDataException($"Line {number} of '{name}': '{Shorten(line[..space])}' is not base 64.");
            }

            var token = ByteAlphabet.Encode(bytes.AsSpan(0, count));
            if (!vocabulary.TryAdd(token, rank))
            {
                throw new InvalidDataException($"Line {number} of '{name}': the token '{token}' is there already, with rank {vocabulary[token]}.");
            }

            if (!lines.TryAdd(rank, number))
            {
                throw new InvalidDataException($"Line {number} of '{name}': the rank {rank} is there already, in line {lines[rank]}.");
            }
        }

        for (var value = 0; value < 256; value++)
        {
            if (!vocabulary.ContainsKey(ByteAlphabet.ToCharacter((byte)value).ToString()))
            {
                throw new InvalidDataException($"'{name}' has no token for the byte {value:X2}; without it a text with that byte could not be encoded.");
            }
        }

        return vocabulary;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
