using System.Collections.ObjectModel;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// What a WordPiece tokenizer knows: its pieces with their ids, and how a text is prepared. Made by <see cref="WordPieceTrainer"/>, read from a
/// <c>vocab.txt</c>, or put together by hand. It never changes.
/// </summary>
public sealed class WordPieceModel
{
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<int, string> _tokens = [];
    private readonly ReadOnlyDictionary<string, int> _specialTokens;

    /// <summary>Puts a model together.</summary>
    /// <param name="vocabulary">Every piece with its id. Pieces that continue a word carry the prefix.</param>
    /// <param name="unknownToken">Stands for a word that the vocabulary cannot spell; must be in the vocabulary or among the special tokens.</param>
    /// <param name="specialTokens">
    /// Tokens that plain text never produces, with their ids; they may be in the vocabulary (with the same id) or not. The unknown token
    /// always is one. Null for no others.
    /// </param>
    /// <exception cref="ArgumentException">A piece is empty, an id is negative or given twice, or the unknown token is missing; the message says which.</exception>
    public WordPieceModel(IEnumerable<KeyValuePair<string, int>> vocabulary, string unknownToken = "[UNK]", IEnumerable<KeyValuePair<string, int>>? specialTokens = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        ArgumentException.ThrowIfNullOrEmpty(unknownToken);
        _vocabulary = new(StringComparer.Ordinal);
        foreach (var (token, id) in vocabulary)
        {
            Add(_vocabulary, token, id, nameof(vocabulary));
        }

        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in specialTokens ?? [])
        {
            Add(special, token, id, nameof(specialTokens));
        }

        if (!special.TryGetValue(unknownToken, out var unknownId))
        {
            unknownId = _vocabulary.TryGetValue(unknownToken, out var id)
                ? id
                : throw new ArgumentException($"The unknown token '{unknownToken}' is not in the vocabulary.", nameof(vocabulary));
            special.Add(unknownToken, unknownId);
        }

        UnknownToken = unknownToken;
        UnknownTokenId = unknownId;
        Vocabulary = new ReadOnlyDictionary<string, int>(_vocabulary);
        _specialTokens = new(special);
    }

    /// <summary>Every piece with its id.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>Tokens that plain text never produces, with their ids.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens => _specialTokens;

    /// <summary>Stands for a word that the vocabulary cannot spell.</summary>
    public string UnknownToken { get; }

    /// <summary>The unknown token's id.</summary>
    public int UnknownTokenId { get; }

    /// <summary>Marks a piece that continues a word.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "##";

    /// <summary>A word of more characters (code points) is unknown.</summary>
    public int MaxInputCharsPerWord { get; init; } = 100;

    /// <summary>Whether decoding leaves out the space before <c>. , ? !</c> and endings such as <c>'s</c>, as BERT's does.</summary>
    public bool CleanUpDecodedText { get; init; } = true;

    /// <summary>Rewrites a text first; null for none.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>Cuts a text into words; null for none: the text is one word.</summary>
    public PreTokenizer? PreTokenizer { get; init; } = PreTokenizers.Bert;

    /// <summary>How the pieces were learned; empty where the vocabulary came from a file.</summary>
    public IReadOnlyList<WordPieceMerge> Merges { get; init; } = [];

    /// <summary>The token with an id.</summary>
    /// <param name="id">The id of a piece or a special token.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has that id.</exception>
    public string TokenAt(int id) => _tokens.TryGetValue(id, out var token)
        ? token
        : throw new ArgumentOutOfRangeException(nameof(id), id, "No token has that id.");

    /// <summary>Reads a <c>vocab.txt</c>.</summary>
    /// <param name="file">The file: one piece a line, ids from 0.</param>
    /// <param name="options">
    /// How the tokenizer is set up; <see cref="BertOptions"/> for BERT's basic tokenization and its five special tokens. Null: words are cut at
    /// white space, and nothing is special but <c>[UNK]</c>.
    /// </param>
    /// <exception cref="InvalidDataException">The file is no vocabulary; the message names the file and the line.</exception>
    /// <exception cref="ArgumentException">The options name a special token that the vocabulary doesn't have, or has with another id.</exception>
    public static WordPieceModel Load(string file, WordPieceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        using var stream = File.OpenRead(file);
        return Load(stream, file, options);
    }

    /// <summary>Reads a <c>vocab.txt</c> from a stream, which stays open.</summary>
    /// <param name="stream">The stream: one piece a line, ids from 0.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="options">How the tokenizer is set up.</param>
    /// <exception cref="InvalidDataException">The content is no vocabulary; the message names the line.</exception>
    /// <exception cref="ArgumentException">The options name a special token that the vocabulary doesn't have, or has with another id.</exception>
    public static WordPieceModel Load(Stream stream, string name, WordPieceOptions? options = null)
    {
        options ??= new WordPieceOptions();
        var vocabulary = WordPieceVocabularyFile.Read(stream, name);
        var specialTokens = options.SpecialTokens?.ToDictionary() ?? [];
        var required = options is BertOptions bert
            ? [options.UnknownToken, bert.SeparatorToken, bert.PaddingToken, bert.ClassificationToken, bert.MaskingToken]
            : new[] { options.UnknownToken };
        foreach (var token in required)
        {
            specialTokens[token] = vocabulary.TryGetValue(token, out var id)
                ? id
                : throw new ArgumentException($"The special token '{token}' is not in the vocabulary '{name}'.", nameof(options));
        }

        var basic = options is BertOptions { ApplyBasicTokenization: true } bertOptions
            ? new BertNormalizer(spaceChineseCharacters: bertOptions.IndividuallyTokenizeCjk, stripAccents: bertOptions.RemoveNonSpacingMarks, lowerCase: bertOptions.LowerCaseBeforeTokenization)
            : null;
        return new WordPieceModel(vocabulary, options.UnknownToken, specialTokens)
        {
            ContinuingSubwordPrefix = options.ContinuingSubwordPrefix,
            MaxInputCharsPerWord = options.MaxInputCharsPerWord,
            Normalizer = options.Normalizer ?? basic,
            PreTokenizer = options.PreTokenizer ?? (basic is null ? PreTokenizers.Whitespace : PreTokenizers.Bert),
        };
    }

    /// <summary>Writes the pieces as a <c>vocab.txt</c>. (How texts are prepared isn't in such a file; a <c>tokenizer.json</c> has it.)</summary>
    /// <param name="file">The file; an existing one is replaced, whole or not at all.</param>
    /// <exception cref="InvalidOperationException">The vocabulary doesn't fit the format: an id is missing between 0 and the last, or a piece contains a line end.</exception>
    public void Save(string file) => WordPieceVocabularyFile.Write(file, _tokens);

    internal bool TryGetToken(int id, out string token) => _tokens.TryGetValue(id, out token!);

    private void Add(Dictionary<string, int> target, string token, int id, string parameter)
    {
        if (string.IsNullOrEmpty(token))
        {
            throw new ArgumentException($"The token with id {id} is empty.", parameter);
        }

        if (id < 0)
        {
            throw new ArgumentException($"The id of '{token}' is {id}; an id can't be negative.", parameter);
        }

        if (!target.TryAdd(token, id) || (_vocabulary.TryGetValue(token, out var known) && known != id))
        {
            throw new ArgumentException($"The token '{token}' is there twice, with id {id} the second time.", parameter);
        }

        if (!_tokens.TryAdd(id, token) && _tokens[id] != token)
        {
            throw new ArgumentException($"Two tokens have the id {id}: '{_tokens[id]}' and '{token}'.", parameter);
        }
    }
}
