using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Data;

namespace TransformerTutorial.Tokenization;

/// <content>Files: <c>vocab.json</c>, <c>merges.txt</c> and <c>bpe.json</c> in and out, tiktoken's rank files in.</content>
public sealed partial class BytePairTokenizer
{
    /// <summary>The name of a saved vocabulary.</summary>
    public const string VocabularyFileName = "vocab.json";

    /// <summary>The name of saved merges.</summary>
    public const string MergesFileName = "merges.txt";

    /// <summary>Loads a tokenizer from <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <param name="vocabularyFile">A JSON object of tokens and ids.</param>
    /// <param name="mergesFile">One merge a line, <c>left right</c>, most important first; the first line may begin with <c>#version</c>.</param>
    /// <param name="options">What the files don't say; null for a character-level tokenizer without suffix, prefix, special tokens.</param>
    /// <exception cref="InvalidDataException">A file's content is wrong; the message names file and line.</exception>
    /// <exception cref="ArgumentException">The options name a token that the vocabulary lacks.</exception>
    public static BytePairTokenizer Load(string vocabularyFile, string mergesFile, BytePairFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyFile);
        ArgumentException.ThrowIfNullOrEmpty(mergesFile);
        options ??= new BytePairFileOptions();
        var vocabulary = VocabularyFile.Read(File.ReadAllBytes(vocabularyFile), vocabularyFile);
        using var reader = OpenText(mergesFile);
        var merges = MergesFile.Read(reader, mergesFile, vocabulary, NullIfEmpty(options.ContinuingSubwordPrefix));
        if (!string.IsNullOrEmpty(options.UnknownToken) && !options.SpecialTokens.Contains(options.UnknownToken))
        {
            options = options with { SpecialTokens = [.. options.SpecialTokens, options.UnknownToken] };
        }

        return FromFiles(vocabulary, merges, options, options.PreTokenizer ?? DefaultPreTokenizer(options.ByteLevel));
    }

    /// <summary>Loads a tokenizer that <see cref="Save"/> has written, with everything it had.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidDataException">A file's content is wrong; the message names file and line.</exception>
    /// <exception cref="FileNotFoundException">One of the files isn't there.</exception>
    public static BytePairTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var settingsFile = Path.Combine(folder, BytePairSettingsFile.Name);
        if (!File.Exists(settingsFile))
        {
            throw new FileNotFoundException(
                $"'{folder}' has no {BytePairSettingsFile.Name}, so it wasn't written by {nameof(BytePairTokenizer)}.{nameof(Save)}. Load {VocabularyFileName} and {MergesFileName} by themselves and say in the options how they were trained.",
                settingsFile);
        }

        var (options, mergesFollowIds) = BytePairSettingsFile.Read(File.ReadAllBytes(settingsFile), settingsFile);
        var vocabularyFile = Path.Combine(folder, VocabularyFileName);
        var vocabulary = VocabularyFile.Read(File.ReadAllBytes(vocabularyFile), vocabularyFile);
        if (mergesFollowIds)
        {
            return Create(BytePairModel.FromRanks(vocabulary, SpecialTokensOf(vocabulary, options), options.PreTokenizer, options.Normalizer), options.SpecialTokenMode);
        }

        var mergesFile = Path.Combine(folder, MergesFileName);
        using var reader = OpenText(mergesFile);
        var merges = MergesFile.Read(reader, mergesFile, vocabulary, NullIfEmpty(options.ContinuingSubwordPrefix));
        return FromFiles(vocabulary, merges, options, options.PreTokenizer);
    }

    /// <summary>
    /// Saves the tokenizer as <c>vocab.json</c>, <c>merges.txt</c> and <c>bpe.json</c>. Others can read the first two; the third holds the pattern, normalizer, special tokens and
    /// suffix, without which a reloaded tokenizer would cut texts differently. Files of these names are replaced, each of them whole or not at all.
    /// </summary>
    /// <param name="folder">The folder; created if need be.</param>
    /// <exception cref="NotSupportedException">The pre-tokenizer or normalizer is not one of the library's, or a merge can't be written as a line. Nothing is written then.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var vocabulary = new MemoryStream();
        VocabularyFile.Write(vocabulary, Model.Vocabulary);
        vocabulary.WriteByte((byte)'\n');
        var files = new List<(string Name, byte[] Content)>
        {
            (VocabularyFileName, vocabulary.ToArray()),
            (BytePairSettingsFile.Name, Encoding.UTF8.GetBytes(BytePairSettingsFile.Write(Model, SpecialTokenMode))),
        };
        if (!Model.MergesFollowIds)
        {
            using var merges = new StringWriter();
            MergesFile.Write(merges, Model);
            files.Add((MergesFileName, Encoding.UTF8.GetBytes(merges.ToString())));
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, content) in files)
        {
            WholeFile.Write(Path.Combine(folder, name), content);
        }

        if (Model.MergesFollowIds)
        {
            File.Delete(Path.Combine(folder, MergesFileName));
        }
    }

    /// <summary>Loads a tokenizer from a rank file of tiktoken's: base 64 and rank, line by line, no merges.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preTokenizer">The pattern that the ranks were trained with; one of <see cref="BytePairPatterns"/>. The file doesn't say which.</param>
    /// <param name="specialTokens">Special tokens with their ids, which the file doesn't list either; null for none.</param>
    /// <param name="mode">What to do with special tokens in a text.</param>
    /// <exception cref="InvalidDataException">The file's content is wrong; the message names file and line.</exception>
    /// <exception cref="ArgumentException">A special token has an id that is taken.</exception>
    public static BytePairTokenizer LoadTiktoken(string path, PreTokenizer preTokenizer, IReadOnlyDictionary<string, int>? specialTokens = null, SpecialTokenMode mode = SpecialTokenMode.PlainText)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(preTokenizer);
        using var reader = OpenText(path);
        var vocabulary = WithSpecialTokens(TiktokenFile.Read(reader, path), specialTokens);
        return Create(BytePairModel.FromRanks(vocabulary, specialTokens ?? new Dictionary<string, int>(), preTokenizer, normalizer: null), mode);
    }

    private static BytePairTokenizer FromFiles(Dictionary<string, int> vocabulary, List<BytePairMerge> merges, BytePairFileOptions options, PreTokenizer? preTokenizer) => Create(
        new BytePairModel(vocabulary, merges)
        {
            ByteLevel = options.ByteLevel,
            EndOfWordSuffix = NullIfEmpty(options.EndOfWordSuffix),
            EndOfWordStyle = options.EndOfWordStyle,
            ContinuingSubwordPrefix = NullIfEmpty(options.ContinuingSubwordPrefix),
            UnknownToken = NullIfEmpty(options.UnknownToken),
            FuseUnknownTokens = options.FuseUnknownTokens,
            IgnoreMerges = options.IgnoreMerges,
            SpecialTokens = SpecialTokensOf(vocabulary, options),
            PreTokenizer = preTokenizer,
            Normalizer = options.Normalizer,
        },
        options.SpecialTokenMode);

    private static Dictionary<string, int> SpecialTokensOf(Dictionary<string, int> vocabulary, BytePairFileOptions options) => options.SpecialTokens.Distinct(StringComparer.Ordinal).ToDictionary(
        name => name,
        name => vocabulary.TryGetValue(name, out var id) ? id : throw new ArgumentException($"The special token '{name}' is not in the vocabulary."),
        StringComparer.Ordinal);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>UTF-8, with or without a byte order mark. Bytes that are no UTF-8 are an error and not replaced in silence.</summary>
    private static StringReader OpenText(string path)
    {
        try
        {
            var content = File.ReadAllBytes(path).AsSpan();
            content = content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
            return new StringReader(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content));
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"'{path}' is not UTF-8: {error.Message}", error);
        }
    }
}
