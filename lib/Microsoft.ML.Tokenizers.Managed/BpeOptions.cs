using System.Text.Json;

namespace Microsoft.ML.Tokenizers;

/// <summary>How a byte-pair-encoding tokenizer is set up.</summary>
public sealed class BpeOptions
{
    /// <summary>Options around a vocabulary.</summary>
    /// <param name="vocabulary">Every token with its id.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vocabulary"/> is null.</exception>
    public BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
    }

    /// <summary>Options around a vocabulary read from <c>vocab.json</c> and, where given, merges read from <c>merges.txt</c>.</summary>
    /// <param name="vocabFile">A JSON object of tokens and ids.</param>
    /// <param name="mergesFile">One merge a line, <c>left right</c>, most important first; a first line that begins with <c>#version</c> and empty lines are skipped.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vocabFile"/> is null.</exception>
    /// <exception cref="ArgumentException">A file doesn't exist.</exception>
    /// <exception cref="InvalidOperationException">A file's content is not what it should be; the message names the file and the line.</exception>
    public BpeOptions(string vocabFile, string? mergesFile = null)
    {
        ArgumentNullException.ThrowIfNull(vocabFile);
        Vocabulary = ReadVocabulary(vocabFile);
        if (mergesFile is not null)
        {
            Merges = ReadMerges(mergesFile);
        }
    }

    /// <summary>Every token with its id.</summary>
    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; }

    /// <summary>The merges, <c>left right</c>, most important first.</summary>
    public IEnumerable<string>? Merges { get; set; }

    /// <summary>Tokens that are never split, with their ids.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    /// <summary>Rewrites the text first.</summary>
    public Normalizer? Normalizer { get; set; }

    /// <summary>Cuts the text into the pieces within which merges happen.</summary>
    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Stands for a character that the vocabulary lacks.</summary>
    public string? UnknownToken { get; set; }

    /// <summary>Whether unknown characters in a row become one unknown token.</summary>
    public bool FuseUnknownTokens { get; set; }

    /// <summary>Marks a token that continues a word.</summary>
    public string? ContinuingSubwordPrefix { get; set; }

    /// <summary>Marks a token that ends a word.</summary>
    public string? EndOfWordSuffix { get; set; }

    /// <summary>Whether the symbols are UTF-8 bytes, written through GPT-2's table, and not characters.</summary>
    public bool ByteLevel { get; set; }

    /// <summary>Put before every encoded text; must be in the vocabulary.</summary>
    public string? BeginningOfSentenceToken { get; set; }

    /// <summary>Put after every encoded text; must be in the vocabulary.</summary>
    public string? EndOfSentenceToken { get; set; }

    private static Dictionary<string, int> ReadVocabulary(string file)
    {
        if (!File.Exists(file))
        {
            throw new ArgumentException($"The vocabulary file '{file}' does not exist.", nameof(file));
        }

        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<Dictionary<string, int>>(stream)
                ?? throw new InvalidOperationException($"The vocabulary file '{file}' holds null where a JSON object of tokens and ids should be.");
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"The vocabulary file '{file}' is not a JSON object of tokens and ids: {error.Message}", error);
        }
    }

    private static List<string> ReadMerges(string file)
    {
        if (!File.Exists(file))
        {
            throw new ArgumentException($"The merges file '{file}' does not exist.", nameof(file));
        }

        var merges = new List<string>();
        var lineNumber = 0;
        foreach (var line in File.ReadLines(file))
        {
            lineNumber++;
            if (line.Length == 0 || (lineNumber == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
            {
                throw new InvalidOperationException($"Line {lineNumber} of the merges file '{file}' is '{line}'; it must be two tokens with one space between them.");
            }

            merges.Add(line);
        }

        return merges;
    }
}
