using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Everything that a byte-pair encoding has learned or was configured with: its tokens, its merges, its alphabet, and how it prepares a text.
/// It does nothing by itself; <see cref="BytePairTokenizer.Create(BytePairModel, SpecialTokenMode)"/> makes it encode.
/// </summary>
public sealed class BytePairModel
{
    /// <summary>The largest id that a vocabulary may use. Ids may have gaps, but a vocabulary isn't a sparse array.</summary>
    public const int LargestId = (1 << 24) - 1;

    private readonly string?[] _tokens;
    private IReadOnlyList<BytePairMerge>? _merges;
    private IReadOnlyDictionary<string, int> _specialTokens = new Dictionary<string, int>();

    /// <summary>A model from its tokens and merges.</summary>
    /// <param name="vocabulary">Every token, the special ones included, with its id.</param>
    /// <param name="merges">The merges by rank.</param>
    /// <exception cref="ArgumentException">Two tokens have one id, or an id is negative or larger than <see cref="LargestId"/>.</exception>
    public BytePairModel(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyList<BytePairMerge> merges)
        : this(vocabulary)
    {
        ArgumentNullException.ThrowIfNull(merges);
        _merges = merges;
    }

    private BytePairModel(IReadOnlyDictionary<string, int> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        _tokens = TokensById(vocabulary);
    }

    /// <summary>Every token, the special ones included, with its id.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary { get; }

    /// <summary>
    /// The merges by rank. Where <see cref="MergesFollowIds"/>, they are worked out when this is first read: each way to make a token of two others, the token's id as rank.
    /// </summary>
    public IReadOnlyList<BytePairMerge> Merges => _merges ??= MergeTable.ImpliedMerges(this);

    /// <summary>
    /// Whether the model has no merge list: two neighbours merge where together they are a token, smallest id first, as in tiktoken's rank files.
    /// </summary>
    public bool MergesFollowIds { get; private init; }

    /// <summary>Whether tokens are UTF-8 bytes written through <see cref="ByteAlphabet"/>, and not characters.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>Marks tokens that end a word; null for none.</summary>
    public string? EndOfWordSuffix { get; init; }

    /// <summary>Whether that suffix is written onto the last character or is a symbol of its own.</summary>
    public EndOfWordStyle EndOfWordStyle { get; init; }

    /// <summary>Marks tokens that don't begin a word; null for none. A merge drops it from its right token.</summary>
    public string? ContinuingSubwordPrefix { get; init; }

    /// <summary>Stands for a symbol that the vocabulary lacks; null for none, which makes such a text an error.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether unknown symbols in a row become one unknown token.</summary>
    public bool FuseUnknownTokens { get; init; }

    /// <summary>Whether a word that is a token as it stands is encoded as that token, whatever the merges would make of it.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Tokens that plain text never produces, with their ids; all of them are in the vocabulary too.</summary>
    /// <exception cref="ArgumentException">One of them is not in the vocabulary, or has another id there.</exception>
    public IReadOnlyDictionary<string, int> SpecialTokens
    {
        get => _specialTokens;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (token, id) in value)
            {
                if (token.Length == 0)
                {
                    throw new ArgumentException("A special token is empty.");
                }

                if (!Vocabulary.TryGetValue(token, out var known) || known != id)
                {
                    throw new ArgumentException($"The special token '{token}' with id {id} is not in the vocabulary{(Vocabulary.ContainsKey(token) ? $", where its id is {known}" : "")}.");
                }
            }

            _specialTokens = value;
        }
    }

    /// <summary>Cuts a text into words; null where all of it is one word.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Rewrites a text first; null for none.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>One more than the largest id: the size of anything that is indexed by ids.</summary>
    public int IdCount => _tokens.Length;

    /// <summary>The token with an id.</summary>
    /// <param name="id">An id.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    public string TokenAt(int id) => TryGetToken(id)
        ?? throw new ArgumentOutOfRangeException(nameof(id), id, $"No token has the id {id}; the vocabulary's largest id is {IdCount - 1}.");

    /// <summary>A model whose merges follow the ids.</summary>
    internal static BytePairModel FromRanks(IReadOnlyDictionary<string, int> vocabulary, IReadOnlyDictionary<string, int> specialTokens, PreTokenizer? preTokenizer, Normalizer? normalizer) =>
        new(vocabulary)
        {
            MergesFollowIds = true,
            ByteLevel = true,
            IgnoreMerges = true,
            SpecialTokens = specialTokens,
            PreTokenizer = preTokenizer,
            Normalizer = normalizer,
        };

    internal string? TryGetToken(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    private static string?[] TokensById(IReadOnlyDictionary<string, int> vocabulary)
    {
        var largest = -1;
        foreach (var (token, id) in vocabulary)
        {
            if (id is < 0 or > LargestId)
            {
                throw new ArgumentException($"The token '{token}' has the id {id}; ids are 0 to {LargestId:N0}.");
            }

            largest = Math.Max(largest, id);
        }

        var tokens = new string?[largest + 1];
        foreach (var (token, id) in vocabulary)
        {
            if (tokens[id] is { } other)
            {
                throw new ArgumentException($"The tokens '{other}' and '{token}' have the same id {id}.");
            }

            tokens[id] = token;
        }

        return tokens;
    }
}
