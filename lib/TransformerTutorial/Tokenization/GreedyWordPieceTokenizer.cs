using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// WordPiece: every word becomes the longest piece that it begins with, then the longest piece that continues it, and so on; a word that cannot be spelled that way is
/// one unknown token. <c>unaffable -> un ##aff ##able</c>. The algorithm is BERT's (Devlin et al. 2019, <c>tokenization.py</c>).
/// </summary>
/// <remarks>
/// <para>Offsets of tokens point into the text that was passed, also where a normalizer changed it. Indexes and character counts that come with a token limit refer to <c>normalizedText</c> where there is one,
/// as in the package; a limit never cuts a word: one whose pieces don't all fit is left out whole.</para>
/// <para>Does not add [CLS] and [SEP] around a text. Safe to use from several threads.</para>
/// </remarks>
public sealed class GreedyWordPieceTokenizer : Tokenizer
{
    private readonly PieceTable _beginning;
    private readonly PieceTable _continuing;
    private readonly SpecialTokenSplitter _specialTokens;

    private GreedyWordPieceTokenizer(WordPieceModel model, SpecialTokenMode mode)
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }

        Model = model;
        SpecialTokenMode = mode;
        _specialTokens = new(model.SpecialTokens.Keys);

        // Plain text must not produce a special token, so those are not in the tables.
        var pieces = model.Vocabulary.Where(entry => !model.SpecialTokens.ContainsKey(entry.Key)).ToList();
        _beginning = new(pieces);
        var prefix = model.ContinuingSubwordPrefix;
        _continuing = new(pieces.Where(entry => entry.Key.Length > prefix.Length && entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(entry.Key[prefix.Length..], entry.Value)));
    }

    /// <summary>The pieces, and how a text is prepared.</summary>
    public WordPieceModel Model { get; }

    /// <summary>What happens to the spelling of a special token in a text.</summary>
    public SpecialTokenMode SpecialTokenMode { get; }

    /// <inheritdoc/>
    public override Normalizer? Normalizer => Model.Normalizer;

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => Model.PreTokenizer;

    /// <summary>A tokenizer for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What to do with special tokens in a text.</param>
    public static GreedyWordPieceTokenizer Create(WordPieceModel model, SpecialTokenMode mode = SpecialTokenMode.PlainText)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model, mode);
    }

    /// <summary>A tokenizer for a <c>vocab.txt</c>.</summary>
    /// <param name="vocabFilePath">The file.</param>
    /// <param name="options">
    /// How it is set up, see <see cref="WordPieceModel.Load(string, WordPieceOptions?)"/>. Special tokens in a text are recognized with <see cref="BertOptions.SplitOnSpecialTokens"/>
    /// and where <see cref="WordPieceOptions.SpecialTokens"/> lists some, as in the package; else they are ordinary text.
    /// </param>
    /// <exception cref="InvalidDataException">The file is no vocabulary; the message names the file and the line.</exception>
    /// <exception cref="ArgumentException">The options name a special token that the vocabulary doesn't have, or has with another id.</exception>
    public static GreedyWordPieceTokenizer Create(string vocabFilePath, WordPieceOptions? options = null) =>
        new(WordPieceModel.Load(vocabFilePath, options), ModeOf(options));

    /// <summary>A tokenizer for a <c>vocab.txt</c> in a stream, which stays open.</summary>
    /// <param name="vocabStream">The stream.</param>
    /// <param name="options">How it is set up, as for a file.</param>
    /// <exception cref="InvalidDataException">The content is no vocabulary; the message names the line.</exception>
    /// <exception cref="ArgumentException">The options name a special token that the vocabulary doesn't have, or has with another id.</exception>
    public static GreedyWordPieceTokenizer Create(Stream vocabStream, WordPieceOptions? options = null) =>
        new(WordPieceModel.Load(vocabStream, "stream", options), ModeOf(options));

    /// <summary>The same tokenizer with another rule for special tokens in a text.</summary>
    /// <param name="mode">The rule.</param>
    public GreedyWordPieceTokenizer With(SpecialTokenMode mode) => new(Model, mode);

    /// <summary>Writes <c>vocab.txt</c> into a folder, see <see cref="WordPieceModel.Save"/>.</summary>
    /// <param name="folder">The folder; made where it doesn't exist.</param>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Model.Save(Path.Combine(folder, "vocab.txt"));
    }

    /// <summary>Turns ids back into text as BERT does: pieces that continue a word are joined, words get a space between them (see <see cref="WordPieceModel.CleanUpDecodedText"/>).</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="InvalidOperationException">No token has one of the ids; the message names it.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var result = new StringBuilder();
        var position = 0;
        foreach (var id in ids)
        {
            if (!Model.TryGetToken(id, out var token))
            {
                throw new InvalidOperationException($"The id {id} at position {position} cannot be decoded: no token has it.");
            }

            position++;
            if (!(skipSpecialTokens && Model.SpecialTokens.ContainsKey(token)))
            {
                var (space, characters) = Written(token, isFirst: result.Length == 0);
                result.Append(space ? " " : "").Append(characters);
            }
        }

        return result.ToString();
    }

    /// <inheritdoc cref="Decode(IEnumerable{int}, bool)"/>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false);

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
        Decode(ids, destination, skipSpecialTokens: false, out idsConsumed, out charsWritten);

    /// <summary>Turns ids back into text, into a buffer, token by token.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="destination">Receives the text; a token that doesn't fit is not written in part.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="idsConsumed">How many ids the written text stands for.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns><see cref="OperationStatus.InvalidData"/> where no token has the id behind the consumed ones.</returns>
    public OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, bool skipSpecialTokens, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        idsConsumed = 0;
        charsWritten = 0;
        foreach (var id in ids)
        {
            if (!Model.TryGetToken(id, out var token))
            {
                return OperationStatus.InvalidData;
            }

            if (!(skipSpecialTokens && Model.SpecialTokens.ContainsKey(token)))
            {
                var (space, characters) = Written(token, isFirst: charsWritten == 0);
                if ((space ? 1 : 0) + characters.Length > destination.Length - charsWritten)
                {
                    return OperationStatus.DestinationTooSmall;
                }

                if (space)
                {
                    destination[charsWritten++] = ' ';
                }

                characters.CopyTo(destination[charsWritten..]);
                charsWritten += characters.Length;
            }

            idsConsumed++;
        }

        return OperationStatus.Done;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var encoded = Encode(text, textSpan, settings, settings.MaxTokenCount, align: true);
        var tokens = new EncodedToken[encoded.Pieces.Count];
        for (var i = 0; i < tokens.Length; i++)
        {
            var piece = encoded.Pieces[i];
            tokens[i] = new(piece.Id, Model.TokenAt(piece.Id), piece.OriginalStart..piece.OriginalEnd);
        }

        return new() { Tokens = tokens, NormalizedText = encoded.NormalizedText, CharsConsumed = encoded.Consumed };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var encoded = Encode(text, textSpan, settings, settings.MaxTokenCount, align: false);
        return new() { Tokens = encoded.Pieces.ConvertAll(piece => piece.Id), NormalizedText = encoded.NormalizedText, CharsConsumed = encoded.Consumed };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        Encode(text, textSpan, settings, settings.MaxTokenCount, align: false).Pieces.Count;

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        var encoded = Encode(text, textSpan, settings, fromEnd ? int.MaxValue : settings.MaxTokenCount, align: false);
        var pieces = encoded.Pieces;
        normalizedText = encoded.NormalizedText;
        if (!fromEnd || pieces.Count <= settings.MaxTokenCount)
        {
            tokenCount = pieces.Count;
            return fromEnd ? 0 : encoded.Consumed;
        }

        var first = pieces.FindIndex(pieces.Count - settings.MaxTokenCount, piece => piece.StartsWord);
        tokenCount = first < 0 ? 0 : pieces.Count - first;
        return first < 0 ? encoded.Length : pieces[first].Start;
    }

    private static SpecialTokenMode ModeOf(WordPieceOptions? options)
    {
        var recognize = options is BertOptions bert ? bert.SplitOnSpecialTokens : options?.SpecialTokens is { Count: > 0 };
        return recognize ? SpecialTokenMode.Recognize : SpecialTokenMode.PlainText;
    }

    /// <summary>What a token adds to a decoded text.</summary>
    private (bool Space, string Characters) Written(string token, bool isFirst)
    {
        if (isFirst)
        {
            return (false, token);
        }

        if (token.StartsWith(Model.ContinuingSubwordPrefix, StringComparison.Ordinal) && !Model.SpecialTokens.ContainsKey(token))
        {
            return (false, token[Model.ContinuingSubwordPrefix.Length..]);
        }

        return (!(Model.CleanUpDecodedText && EndsWordBefore(token)), token);
    }

    /// <summary>Whether a token is written right behind the word before it: BERT's rule for decoded text.</summary>
    private static bool EndsWordBefore(string token) =>
        token[0] is '.' or ',' or '?' or '!'
        || token.StartsWith("n't", StringComparison.Ordinal)
        || token.StartsWith("'m", StringComparison.Ordinal)
        || token.StartsWith("'s", StringComparison.Ordinal)
        || token.StartsWith("'ve", StringComparison.Ordinal)
        || token.StartsWith("'re", StringComparison.Ordinal);

    /// <summary>Encodes a text: special tokens are taken out of it as it stands, and each stretch between them is normalized, cut into words, and spelled.</summary>
    private Encoded Encode(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, int limit, bool align)
    {
        if (settings.MaxTokenCount <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.MaxTokenCount, "The maximum number of tokens must be greater than zero.");
        }

        if (SpecialTokenMode == SpecialTokenMode.Throw)
        {
            _specialTokens.ThrowIfFound(textSpan);
        }

        var normalizer = settings.ConsiderNormalization ? Normalizer : null;
        var preTokenizer = settings.ConsiderPreTokenization ? PreTokenizer : null;
        var original = text ?? textSpan.ToString();
        var normalized = normalizer is null ? null : new StringBuilder(original.Length);
        var encoded = new Encoded();
        for (var from = 0; from < original.Length;)
        {
            var (stretchEnd, special) = (original.Length, (string?)null);
            if (SpecialTokenMode == SpecialTokenMode.Recognize)
            {
                _specialTokens.TryFind(original, from, out stretchEnd, out special);
            }

            var stretch = original[from..stretchEnd];
            var aligned = align ? AlignedText.Normalize(stretch, normalizer) : AlignedText.Unchanged(normalizer?.Normalize(stretch) ?? stretch);
            if (aligned.Text.Length > 0)
            {
                Spell(aligned, preTokenizer, from, limit, encoded);
            }

            normalized?.Append(aligned.Text);
            encoded.Length += aligned.Text.Length;
            from = stretchEnd;
            if (special is not null)
            {
                if (!encoded.IsFull && encoded.Pieces.Count < limit)
                {
                    encoded.Pieces.Add(new(Model.SpecialTokens[special], encoded.Length, true, from, from + special.Length));
                    encoded.Consumed = encoded.Length + special.Length;
                }
                else
                {
                    encoded.IsFull = true;
                }

                normalized?.Append(special);
                encoded.Length += special.Length;
                from += special.Length;
            }
        }

        encoded.Consumed = encoded.IsFull ? encoded.Consumed : encoded.Length;
        encoded.NormalizedText = normalized?.ToString();
        return encoded;
    }

    /// <summary>Adds the pieces of one stretch of text until the limit is reached.</summary>
    private void Spell(AlignedText text, PreTokenizer? preTokenizer, int originalOffset, int limit, Encoded encoded)
    {
        foreach (var (offset, length) in preTokenizer?.PreTokenize(text.Text) ?? [(0, text.Text.Length)])
        {
            if (encoded.IsFull)
            {
                return;
            }

            var before = encoded.Pieces.Count;
            if (length > 0 && !TrySpellWord(text, offset, length, originalOffset, encoded))
            {
                encoded.Pieces.RemoveRange(before, encoded.Pieces.Count - before);
                encoded.Add(Model.UnknownTokenId, text, offset, length, startsWord: true, originalOffset);
            }

            if (encoded.Pieces.Count > limit)
            {
                encoded.Pieces.RemoveRange(before, encoded.Pieces.Count - before);
                encoded.IsFull = true;
            }
            else if (length > 0)
            {
                encoded.Consumed = encoded.Length + offset + length;
            }
        }
    }

    private bool TrySpellWord(AlignedText text, int offset, int length, int originalOffset, Encoded encoded)
    {
        var word = text.Text.AsSpan(offset, length);
        if (length > Model.MaxInputCharsPerWord && CountCharacters(word) > Model.MaxInputCharsPerWord)
        {
            return false;
        }

        for (var start = 0; start < length;)
        {
            if (!(start == 0 ? _beginning : _continuing).TryGetLongest(word[start..], out var pieceLength, out var id))
            {
                return false;
            }

            encoded.Add(id, text, offset + start, pieceLength, startsWord: start == 0, originalOffset);
            start += pieceLength;
        }

        return true;
    }

    private static int CountCharacters(ReadOnlySpan<char> word)
    {
        var count = 0;
        foreach (var _ in word.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>A token, where it starts in the normalized text, and its range in the original.</summary>
    private readonly record struct Piece(int Id, int Start, bool StartsWord, int OriginalStart, int OriginalEnd);

    /// <summary>What encoding a text gave; all places but a piece's original range refer to the normalized text.</summary>
    private sealed class Encoded
    {
        public List<Piece> Pieces { get; } = [];

        public string? NormalizedText { get; set; }

        /// <summary>The length of the normalized text so far.</summary>
        public int Length { get; set; }

        /// <summary>Where the last token that fitted ends.</summary>
        public int Consumed { get; set; }

        /// <summary>Whether a word didn't fit any more.</summary>
        public bool IsFull { get; set; }

        /// <summary>Adds a piece that stands at a place of the stretch that is being spelled.</summary>
        public void Add(int id, AlignedText stretch, int offset, int length, bool startsWord, int originalOffset)
        {
            var (start, end) = stretch.ToOriginal(offset, offset + length);
            Pieces.Add(new(id, Length + offset, startsWord, originalOffset + start, originalOffset + end));
        }
    }

    /// <summary>Pieces by their spelling, for finding the longest one that a text begins with.</summary>
    private sealed class PieceTable
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
        private readonly int _longest;

        public PieceTable(IEnumerable<KeyValuePair<string, int>> pieces)
        {
            var ids = new Dictionary<string, int>(pieces, StringComparer.Ordinal);
            _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
            _longest = ids.Keys.Select(piece => piece.Length).DefaultIfEmpty(0).Max();
        }

        public bool TryGetLongest(ReadOnlySpan<char> text, out int length, out int id)
        {
            for (length = Math.Min(text.Length, _longest); length > 0; length--)
            {
                if (_ids.TryGetValue(text[..length], out id))
                {
                    return true;
                }
            }

            id = 0;
            return false;
        }
    }
}
