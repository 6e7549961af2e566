using Microsoft.ML.Tokenizers;
using TransformerTutorial.Models;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Decoding;

/// <summary>One language's tokenizer, as a translator needs it: texts to ids and back, and how a token is shown. What it knows of special and unknown tokens it knows of this library's tokenizers; of others it takes every id for a word.</summary>
internal sealed class TranslationTokenizer
{
    private readonly SpecialIds _special;
    private readonly string _language;

    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="vocabulary">How many ids the model has for this language; null if it doesn't say.</param>
    /// <param name="special">The ids that stand for no word.</param>
    /// <param name="language">What error messages call it: source or target.</param>
    /// <exception cref="ArgumentException">Tokenizer and model are not of one piece: other special ids, or other numbers of ids.</exception>
    public TranslationTokenizer(Tokenizer tokenizer, long? vocabulary, SpecialIds special, string language)
    {
        (Tokenizer, _special, _language) = (tokenizer, special, language);
        var inner = tokenizer is TokenizerPipeline pipeline ? pipeline.Model : tokenizer;
        if (inner is BytePairTokenizer { Model: var bytePair })
        {
            UnknownId = bytePair.UnknownToken is { } unknown ? bytePair.Vocabulary[unknown] : null;
            Require(vocabulary, bytePair.IdCount, bytePair.SpecialTokens, id => bytePair.TryGetToken(id));
        }
        else if (inner is GreedyWordPieceTokenizer { Model: var wordPiece })
        {
            UnknownId = wordPiece.UnknownTokenId;
            Require(vocabulary, wordPiece.Vocabulary.Values.Max() + 1, wordPiece.SpecialTokens, id => wordPiece.TryGetToken(id, out var token) ? token : null);
        }
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>What stands for characters that the tokenizer doesn't know; null if there is none.</summary>
    public int? UnknownId { get; }

    /// <summary>A text's ids, and what of it each stands for.</summary>
    /// <exception cref="ArgumentException">The text has no tokens, half of a surrogate pair, or a token that is for padding, begin or end; the message says where.</exception>
    public (int[] Ids, string[] Pieces) Encode(string text, string name)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsSurrogatePair(text, i);
            if (char.IsSurrogate(text[i]) && !isPair)
            {
                throw new ArgumentException($"{name} has half of a surrogate pair at {i}: it was cut in the middle of a character.");
            }

            i += isPair ? 1 : 0;
        }

        var tokens = Tokenizer.EncodeToTokens(text, out _);
        if (tokens.Count == 0)
        {
            throw new ArgumentException($"{name} holds nothing to translate.");
        }

        foreach (var token in tokens.Where(token => _special.Contains(token.Id)))
        {
            throw new ArgumentException($"{name} holds the token '{token.Value}', whose id {token.Id} stands for padding, begin or end.");
        }

        return ([.. tokens.Select(token => token.Id)], [.. tokens.Select(token => text[token.Offset] is { Length: > 0 } piece ? piece : token.Value)]);
    }

    /// <summary>A text of ids that are words.</summary>
    public string Decode(IReadOnlyList<int> ids) => ids.Count == 0 ? "" : Tokenizer.Decode(ids);

    /// <summary>A token by itself, spaces made visible.</summary>
    public string Show(int id) => id == _special.End ? "⟨end⟩" : Visible(Tokenizer switch
    {
        BytePairTokenizer { Model: { ByteLevel: false } model } => model.TryGetToken(id) ?? "",
        GreedyWordPieceTokenizer { Model: var model } => model.TryGetToken(id, out var token) ? token : "",
        _ => Tokenizer.Decode([id]),
    });

    /// <summary>Text with its spaces and line ends made visible.</summary>
    public static string Visible(string text) => text.Replace(' ', '␣').Replace('\n', '↵').Replace('\t', '⇥');

    private void Require(long? vocabulary, int idCount, IReadOnlyDictionary<string, int> specialTokens, Func<int, string?> tokenAt)
    {
        if (vocabulary is { } ids && ids != idCount)
        {
            throw new ArgumentException($"The {_language} tokenizer has {idCount} ids, the model {ids}: they don't belong together.");
        }

        if (UnknownId is { } unknown && _special.Contains(unknown))
        {
            throw new ArgumentException($"The {_language} tokenizer's id for what it doesn't know is {unknown}, which stands for padding, begin or end. Name its unknown token behind those three in its trainer's special tokens.");
        }

        foreach (var id in new[] { _special.Padding, _special.Begin, _special.End })
        {
            if (tokenAt(id) is { } token && !specialTokens.ContainsKey(token))
            {
                throw new ArgumentException($"The id {id} stands for padding, begin or end, but in the {_language} tokenizer it is the word '{token}'. Give its trainer three special tokens, so that they get the first ids.");
            }
        }
    }
}
