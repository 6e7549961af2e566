using System.Buffers;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization.HuggingFace;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// A tokenizer put together as a <c>tokenizer.json</c> describes it: added tokens are found, the rest is normalized and cut into words, a
/// <see cref="BytePairTokenizer"/> or <see cref="GreedyWordPieceTokenizer"/> cuts the words into tokens, and tokens may be put around the result.
/// <see cref="TokenizerJson.Load(string, TokenizerJsonOptions?)"/> gives one where the file says more than those tokenizers can say by themselves.
/// </summary>
/// <remarks>
/// Offsets point into the original text. Tokens that are put around the text have an empty range at its start or end. A limit on the number of tokens
/// never divides a character: where its tokens don't all fit, none of them is returned. Immutable; any number of threads can share one.
/// </remarks>
public sealed class TokenizerPipeline : Tokenizer
{
    private readonly PipelineParts _parts;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly AddedTokenFinder _inOriginal;
    private readonly AddedTokenFinder _inNormalized;
    private readonly SpecialTokenSplitter? _forbidden;

    internal TokenizerPipeline(PipelineParts parts, SpecialTokenMode specialTokenMode, bool addsTemplateTokens)
    {
        _parts = parts;
        SpecialTokenMode = specialTokenMode;
        AddsTemplateTokens = addsTemplateTokens;
        _addedById = parts.AddedTokens.ToDictionary(token => token.Id);
        var found = parts.AddedTokens.Where(token => !token.Special || specialTokenMode == SpecialTokenMode.Recognize).ToList();
        _inOriginal = new AddedTokenFinder(found.Where(token => !token.Normalized).Select(token => (token.Content, token)));
        _inNormalized = new AddedTokenFinder(found.Where(token => token.Normalized).Select(token => (parts.Normalizer?.Normalize(token.Content) ?? token.Content, token)));
        _forbidden = specialTokenMode == SpecialTokenMode.Throw
            ? new SpecialTokenSplitter(parts.AddedTokens.Where(token => token.Special).Select(token => token.Content))
            : null;
    }

    /// <summary>The tokenizer that words are handed to: a <see cref="BytePairTokenizer"/> or a <see cref="GreedyWordPieceTokenizer"/>.</summary>
    public Tokenizer Model => _parts.Model;

    /// <summary>The tokens that are found in the text before anything else happens to it.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => _parts.AddedTokens;

    /// <summary>What happens to special tokens in a text. Added tokens that aren't special are found in any case.</summary>
    public SpecialTokenMode SpecialTokenMode { get; }

    /// <summary>Whether the tokens that the file's <c>post_processor</c> puts around a text (<c>[CLS]</c> and <c>[SEP]</c>, say) are put there.</summary>
    public bool AddsTemplateTokens { get; }

    /// <inheritdoc/>
    public override Normalizer? Normalizer => _parts.Normalizer;

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => _parts.PreTokenizer;

    internal PipelineParts Parts => _parts;

    /// <summary>The same tokenizer with another way to treat special tokens in a text.</summary>
    public TokenizerPipeline With(SpecialTokenMode specialTokenMode) => new(_parts, specialTokenMode, AddsTemplateTokens);

    /// <summary>The same tokenizer, with or without the tokens that the file's <c>post_processor</c> puts around a text.</summary>
    public TokenizerPipeline WithTemplateTokens(bool add) => new(_parts, SpecialTokenMode, add);

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var original = text ?? textSpan.ToString();
        var (tokens, normalized) = Encode(original, settings);
        var count = CountThatFits(tokens, settings.MaxTokenCount);
        return new EncodeResults<EncodedToken>
        {
            Tokens = tokens.Take(count).Select(token => new EncodedToken(token.Id, token.Value, token.Original)).ToList(),
            NormalizedText = normalized,
            CharsConsumed = EndOf(tokens, count, (normalized ?? original).Length),
        };
    }

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        var original = text ?? textSpan.ToString();
        (var tokens, normalizedText) = Encode(original, settings);
        var length = (normalizedText ?? original).Length;
        if (!fromEnd)
        {
            tokenCount = CountThatFits(tokens, settings.MaxTokenCount);
            return EndOf(tokens, tokenCount, length);
        }

        var first = Math.Max(0, tokens.Count - settings.MaxTokenCount);
        while (first > 0 && first < tokens.Count && Overlap(tokens, first))
        {
            first++;
        }

        tokenCount = tokens.Count - first;
        return first == 0 ? 0 : first == tokens.Count ? length : tokens[first - 1].Processed.End.Value;
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _parts.Decoder.Decode([.. ids.Select(TokenAt)]);
    }

    /// <inheritdoc/>
    /// <remarks>Where the destination is too small, as many ids are consumed as leaves a text that the rest continues: a character is never cut.</remarks>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var tokens = ids.Select(TokenAt).ToList();
        var text = _parts.Decoder.Decode(tokens);
        string Rest(int consumed) => _parts.Decoder.Decode(tokens[consumed..]);

        // The most ids that fit, then back to a place where the rest, decoded by itself, continues the text.
        (idsConsumed, var tooMany) = (0, tokens.Count + 1);
        while (tooMany - idsConsumed > 1)
        {
            var middle = (idsConsumed + tooMany) / 2;
            (idsConsumed, tooMany) = text.Length - Rest(middle).Length <= destination.Length ? (middle, tooMany) : (idsConsumed, middle);
        }

        while (idsConsumed > 0 && !text.EndsWith(Rest(idsConsumed), StringComparison.Ordinal))
        {
            idsConsumed--;
        }

        charsWritten = idsConsumed == 0 ? 0 : text.Length - Rest(idsConsumed).Length;
        text.AsSpan(0, charsWritten).CopyTo(destination);
        return idsConsumed == tokens.Count ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    /// <summary>How many of the first tokens fit into a number, so that the last of them doesn't end within a character.</summary>
    private static int CountThatFits(List<Token> tokens, int most)
    {
        var count = Math.Min(tokens.Count, most);
        while (count > 0 && count < tokens.Count && Overlap(tokens, count))
        {
            count--;
        }

        return count;
    }

    /// <summary>Whether a token shares a character with the one before it.</summary>
    private static bool Overlap(List<Token> tokens, int index) => tokens[index].Processed.Start.Value < tokens[index - 1].Processed.End.Value;

    /// <summary>Where the text that the first tokens stand for ends, in the normalized text.</summary>
    private static int EndOf(List<Token> tokens, int count, int length) => count == tokens.Count ? length : count == 0 ? 0 : tokens[count - 1].Processed.End.Value;

    private (List<Token> Tokens, string? Normalized) Encode(string original, EncodeSettings settings)
    {
        _forbidden?.ThrowIfFound(original);
        var normalizer = settings.ConsiderNormalization ? _parts.Normalizer : null;
        var encoding = new Encoding(this, normalizer, settings.ConsiderPreTokenization ? _parts.PreTokenizer : null);
        foreach (var (start, end, added) in _inOriginal.Split(original))
        {
            if (added is not null)
            {
                encoding.Add(added, start, end, original[start..end]);
            }
            else
            {
                encoding.Add(original[start..end], start);
            }
        }

        var tokens = encoding.Tokens;
        if (_parts.PostProcessor.TrimOffsets)
        {
            TrimOffsets(original, tokens);
        }

        if (AddsTemplateTokens && _parts.PostProcessor.AddsTokens)
        {
            var processedLength = encoding.Normalized.Length;
            tokens.InsertRange(0, _parts.PostProcessor.Before.Select(id => new Token(id, TokenAt(id), "", 0..0, 0..0)));
            tokens.AddRange(_parts.PostProcessor.After.Select(id => new Token(id, TokenAt(id), "", original.Length..original.Length, processedLength..processedLength)));
        }

        return (tokens, normalizer is null ? null : encoding.Normalized.ToString());
    }

    // The white space at a token's ends, as the token shows it, is taken off its range.
    private void TrimOffsets(string original, List<Token> tokens)
    {
        static bool IsSpace(char character) => character == 'Ġ' || char.IsWhiteSpace(character);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (start, end) = (tokens[i].Original.Start.Value, tokens[i].Original.End.Value);
            var leading = tokens[i].Spelling.TakeWhile(IsSpace).Count();
            var trailing = tokens[i].Spelling.Reverse().TakeWhile(IsSpace).Count();

            // A single space at the very start was put there.
            if (!(leading == 1 && (i == 0 || start == 0) && _parts.PostProcessor.PrefixSpace))
            {
                start = Math.Min(start + leading, end);
            }

            if (trailing > 0 && end >= trailing)
            {
                end = Math.Max(end - trailing, start);
                end -= end > start && end < original.Length && char.IsSurrogatePair(original, end - 1) ? 1 : 0;
            }

            tokens[i] = tokens[i] with { Original = start..end };
        }
    }

    private string TokenAt(int id) => (_addedById.TryGetValue(id, out var added) ? added.Content : _parts.TryGetToken(id))
        ?? throw new InvalidOperationException($"The id {id} cannot be decoded: no token has it.");

    /// <summary>A token; how it was spelled, an added one with the white space that it took in; its place in the original text and in the normalized one.</summary>
    private readonly record struct Token(int Id, string Value, string Spelling, Range Original, Range Processed);

    /// <summary>One text on its way through the pipeline.</summary>
    private sealed class Encoding(TokenizerPipeline pipeline, Normalizer? normalizer, PreTokenizer? preTokenizer)
    {
        public List<Token> Tokens { get; } = [];

        public System.Text.StringBuilder Normalized { get; } = new();

        /// <summary>An added token that stands at start..end of the original, written in the normalized text as it was found.</summary>
        public void Add(AddedToken token, int start, int end, string text)
        {
            var place = Normalized.Length;
            Normalized.Append(text);
            Tokens.Add(new Token(token.Id, token.Content, text, start..end, place..Normalized.Length));
        }

        /// <summary>A stretch of the original without added tokens.</summary>
        public void Add(string stretch, int offset)
        {
            var aligned = AlignedText.Normalize(stretch, normalizer);
            foreach (var (start, end, added) in pipeline._inNormalized.Split(aligned.Text))
            {
                var (originalStart, originalEnd) = aligned.ToOriginal(start, end);
                if (added is not null)
                {
                    Add(added, offset + originalStart, offset + originalEnd, aligned.Text[start..end]);
                }
                else
                {
                    AddWords(aligned, start, end, offset);
                }
            }
        }

        private void AddWords(AlignedText aligned, int start, int end, int offset)
        {
            var text = aligned.Text[start..end];
            var place = Normalized.Length;
            Normalized.Append(text);
            var prefix = pipeline._parts.AddPrefixSpace && preTokenizer is not null && text[0] != ' ' ? 1 : 0;
            var firstCharacter = char.IsHighSurrogate(text[0]) && text.Length > 1 ? 2 : 1;
            text = prefix == 1 ? " " + text : text;
            foreach (var (wordOffset, length) in preTokenizer?.PreTokenize(text) ?? [(0, text.Length)])
            {
                var word = text.Substring(wordOffset, length);
                foreach (var token in pipeline._parts.Model.EncodeToTokens(word, out _, considerPreTokenization: false, considerNormalization: false))
                {
                    // A space that was put in front stands for the first character.
                    var from = Math.Max(0, wordOffset + token.Offset.Start.Value - prefix);
                    var to = wordOffset + token.Offset.End.Value - prefix;
                    to = to <= 0 ? firstCharacter : to;
                    var (originalStart, originalEnd) = aligned.ToOriginal(start + from, start + to);
                    Tokens.Add(new Token(token.Id, token.Value, token.Value, (offset + originalStart)..(offset + originalEnd), (place + from)..(place + to)));
                }
            }
        }
    }
}
