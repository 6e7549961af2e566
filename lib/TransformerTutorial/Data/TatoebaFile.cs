using System.Text;
using TransformerTutorial.Data.English;

namespace TransformerTutorial.Data;

/// <summary>Reads real sentences and their translations from a file as Tatoeba's readers exchange them: English, a tab, Chinese, a line each; further columns are left out.</summary>
/// <remarks>It gives the same type as <see cref="TranslationCorpus.Generate"/>, so that a chapter takes a reader's file by one changed line. A sentence often has several translations there,
/// and they one another's: all pairs that hang together by a sentence of either language go into one set, so that no sentence of a set to measure on is in the training set.</remarks>
public static class TatoebaFile
{
    /// <summary>The structure that every pair of a file has, since nothing is known of it.</summary>
    public const string Structure = "file";

    private const byte Tab = (byte)'\t';

    // Pairs that hang together in greater numbers are trained on: one such group would fill a set to measure on with variants of one sentence.
    private const int MostTogether = 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file and divides its pairs.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="heldOut">How many pairs to measure on: <see cref="TranslationCorpus.HeldOutCombinations"/>. <see cref="TranslationCorpus.HeldOutStructures"/> is empty.</param>
    /// <param name="validation">How many pairs to choose by.</param>
    /// <param name="seed">Another seed holds out others.</param>
    /// <param name="skipMalformed">Whether a malformed line is left out and counted in <see cref="TranslationCorpus.Skipped"/> instead of being an error.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line has no two columns, an empty one, or is not UTF-8, or the file has too few pairs; the message names file and line.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of pairs is negative.</exception>
    public static TranslationCorpus Load(string path, int heldOut = 2_000, int validation = 500, int seed = 1, bool skipMalformed = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfNegative(heldOut);
        ArgumentOutOfRangeException.ThrowIfNegative(validation);
        var (pairs, skipped) = Read(path, skipMalformed);
        if (pairs.Count <= (long)heldOut + validation)
        {
            throw new InvalidDataException($"{path}: it has {pairs.Count} different pairs; {heldOut} to measure on and {validation} to choose by leave none to train on.");
        }

        List<SentencePair> training = [], choosing = [], measuring = [];
        foreach (var group in Shuffled(Groups(pairs), seed))
        {
            var set = group.Count > MostTogether ? training
                : measuring.Count + group.Count <= heldOut ? measuring
                : choosing.Count + group.Count <= validation ? choosing
                : training;
            set.AddRange(group);
        }

        return measuring.Count == heldOut && choosing.Count == validation
            ? TranslationCorpus.FromPairs(training, choosing, measuring, skipped)
            : throw new InvalidDataException($"{path}: too many of its pairs share a sentence to hold out {heldOut} and {validation} of them.");
    }

    private static (List<SentencePair> Pairs, int Skipped) Read(string path, bool skipMalformed)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"No file '{path}'.", path);
        }

        var bytes = File.ReadAllBytes(path).AsSpan();
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        var pairs = new List<SentencePair>();
        var known = new HashSet<SentencePair>();
        var (number, skipped) = (0, 0);
        foreach (var range in bytes.Split((byte)'\n'))
        {
            number++;
            var line = bytes[range];
            if (line.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (Parse(line, out var pair) is { } problem)
            {
                skipped = skipMalformed ? skipped + 1 : throw new InvalidDataException($"{path}, line {number}: {problem}.");
            }
            else if (known.Add(pair))
            {
                pairs.Add(pair);
            }
        }

        return (pairs, skipped);
    }

    // Says what is wrong with a line; null if nothing is.
    private static string? Parse(ReadOnlySpan<byte> line, out SentencePair pair)
    {
        pair = new SentencePair("", "", Structure);
        var tab = line.IndexOf(Tab);
        if (tab < 0)
        {
            return "it has no tab between an English sentence and a Chinese one";
        }

        var rest = line[(tab + 1)..];
        var end = rest.IndexOf(Tab);
        try
        {
            var english = StrictUtf8.GetString(line[..tab]).Trim();
            var chinese = StrictUtf8.GetString(end < 0 ? rest : rest[..end]).Trim();
            pair = new SentencePair(chinese, english, Structure);
            return english.Length == 0 ? "the English column is empty" : chinese.Length == 0 ? "the Chinese column is empty" : null;
        }
        catch (DecoderFallbackException)
        {
            return "it is not valid UTF-8";
        }
    }

    // Union-find (Galler and Fischer, "An improved equivalence algorithm", 1964): the first pair with a sentence stands for all that hang together with it.
    private static List<List<SentencePair>> Groups(List<SentencePair> pairs)
    {
        var parent = Enumerable.Range(0, pairs.Count).ToArray();
        var firstWith = new Dictionary<(bool IsChinese, string Sentence), int>();
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            Join(pair, (true, pairs[pair].Chinese));
            Join(pair, (false, pairs[pair].English));
        }

        var groups = new Dictionary<int, List<SentencePair>>();
        var inOrder = new List<List<SentencePair>>();
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            var root = Root(pair);
            if (!groups.TryGetValue(root, out var group))
            {
                groups[root] = group = [];
                inOrder.Add(group);
            }

            group.Add(pairs[pair]);
        }

        return inOrder;

        void Join(int pair, (bool IsChinese, string Sentence) sentence)
        {
            if (!firstWith.TryAdd(sentence, pair))
            {
                var (one, other) = (Root(pair), Root(firstWith[sentence]));
                parent[Math.Max(one, other)] = Math.Min(one, other);
            }
        }

        int Root(int pair)
        {
            while (parent[pair] != pair)
            {
                pair = parent[pair] = parent[parent[pair]];
            }

            return pair;
        }
    }

    // Fisher and Yates' shuffle (Durstenfeld, 1964, algorithm 235).
    private static List<List<SentencePair>> Shuffled(List<List<SentencePair>> groups, int seed)
    {
        var random = new EnglishRandom(seed);
        for (var last = groups.Count - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (groups[last], groups[other]) = (groups[other], groups[last]);
        }

        return groups;
    }
}
