namespace TransformerTutorial.Tokenization;

/// <summary>
/// <c>merges.txt</c>: one merge a line, <c>left right</c>, most important first; the first line may begin with <c>#version</c>. Empty lines mean nothing.
/// </summary>
/// <remarks>
/// Tokens may have spaces in them. A line with more than one space is cut where both sides, and the two together, are in the vocabulary, if there is
/// exactly one such place; else it is an error.
/// </remarks>
internal static class MergesFile
{
    public const string Header = "#version: 0.2";

    /// <summary>Reads merges and checks them against a vocabulary.</summary>
    /// <exception cref="InvalidDataException">A line is not a merge, comes twice, or needs a token that the vocabulary lacks.</exception>
    public static List<BytePairMerge> Read(TextReader reader, string name, IReadOnlyDictionary<string, int> vocabulary, string? prefix)
    {
        var merges = new List<BytePairMerge>();
        var lines = new Dictionary<(string, string), int>();
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                continue;
            }

            var where = $"Line {number} of '{name}'";
            var merge = Parse(line, merges.Count, prefix, where, vocabulary);
            foreach (var token in new[] { merge.Left, merge.Right, merge.Merged })
            {
                if (!vocabulary.ContainsKey(token))
                {
                    throw new InvalidDataException($"{where} merges '{merge.Left}' and '{merge.Right}' to '{merge.Merged}', but the vocabulary has no token '{token}'.");
                }
            }

            if (!lines.TryAdd((merge.Left, merge.Right), number))
            {
                throw new InvalidDataException($"{where} merges '{merge.Left}' and '{merge.Right}', as line {lines[(merge.Left, merge.Right)]} does already.");
            }

            merges.Add(merge);
        }

        return merges;
    }

    /// <summary>Reads one line.</summary>
    /// <exception cref="InvalidDataException">It is not a merge.</exception>
    public static BytePairMerge Parse(string line, int rank, string? prefix, string where, IReadOnlyDictionary<string, int>? vocabulary = null)
    {
        var cuts = Enumerable.Range(0, line.Length).Where(index => line[index] == ' ' && index > 0 && index < line.Length - 1).ToList();
        if (cuts.Count > 1 || line.StartsWith(' ') || line.EndsWith(' '))
        {
            cuts = [.. cuts.Where(cut => vocabulary is not null
                && vocabulary.ContainsKey(line[..cut]) && vocabulary.ContainsKey(line[(cut + 1)..]) && vocabulary.ContainsKey(Join(line[..cut], line[(cut + 1)..], prefix)))];
        }

        return cuts.Count == 1
            ? Create(line[..cuts[0]], line[(cuts[0] + 1)..], rank, prefix)
            : throw new InvalidDataException($"{where} is '{line}'; a merge is two tokens with one space between them{(cuts.Count > 1 ? ", and this line can be read in several ways" : "")}.");
    }

    /// <summary>Writes merges.</summary>
    /// <exception cref="NotSupportedException">A merge could not be read back, because its tokens have spaces or line breaks in them.</exception>
    public static void Write(TextWriter writer, BytePairModel model)
    {
        writer.Write(Header + "\n");
        foreach (var merge in model.Merges)
        {
            var line = $"{merge.Left} {merge.Right}";
            if (line.AsSpan().ContainsAny('\r', '\n') || (line.Count(character => character == ' ') > 1 && !ReadsBack(line, merge, model)))
            {
                throw new NotSupportedException($"The merge of '{merge.Left}' and '{merge.Right}' can't be written to merges.txt: it could not be told where one token ends and the other begins.");
            }

            writer.Write(line + "\n");
        }
    }

    private static bool ReadsBack(string line, BytePairMerge merge, BytePairModel model)
    {
        try
        {
            var read = Parse(line, merge.Rank, model.ContinuingSubwordPrefix, "", model.Vocabulary);
            return read.Left == merge.Left;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static BytePairMerge Create(string left, string right, int rank, string? prefix) => new(rank, left, right, 0) { Merged = Join(left, right, prefix) };

    private static string Join(string left, string right, string? prefix) =>
        left + (prefix is not null && right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right);
}
