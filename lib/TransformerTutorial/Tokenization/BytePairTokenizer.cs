using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Encodes text with a byte-pair encoding and decodes it again. Merges happen by rank, smallest first; never from left to right, never the longest match.
/// <c>"low lowest" -> low&lt;/w&gt;, low, est&lt;/w&gt;</c>
/// </summary>
/// <remarks>
/// <para>Offsets are UTF-16 ranges of the text as given, also where a normalizer changed it. Byte-level tokens that divide a character among them have the range of the whole
/// character, each of them.</para>
/// <para>A limit on the number of tokens never divides a character: where its tokens don't all fit, none of them is returned. The characters consumed and the
/// indices of <c>GetIndexByTokenCount</c> count in the normalized text where a normalizer ran, as the base class has it.</para>
/// <para>Lone surrogates are encoded as U+FFFD; any other text comes back from the byte-level form as it was. The character form gives back single spaces between words.</para>
/// <para>Special tokens come out of a text only with <see cref="SpecialTokenMode.Recognize"/>; they are then looked for in the text as given, before normalization, the longest first.</para>
/// <para>Immutable but for its bounded cache of words; any number of threads can share one.</para>
/// </remarks>
public sealed partial class BytePairTokenizer : Tokenizer
{
    private readonly BytePairEncoder _encoder;
    private readonly BytePairDecoder _decoder;
    private readonly SpecialTokenSplitter? _specialTokens;

    private BytePairTokenizer(BytePairModel model, BytePairEncoder encoder, BytePairDecoder decoder, SpecialTokenMode mode)
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }

        Model = model;
        SpecialTokenMode = mode;
        _encoder = encoder;
        _decoder = decoder;
        _specialTokens = mode == SpecialTokenMode.PlainText || model.SpecialTokens.Count == 0 ? null : new SpecialTokenSplitter(model.SpecialTokens.Keys);
    }

    /// <summary>What it has learned, and how it is configured.</summary>
    public BytePairModel Model { get; }

    /// <summary>What it does with a text that contains something that reads like a special token.</summary>
    public SpecialTokenMode SpecialTokenMode { get; }

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => Model.PreTokenizer;

    /// <inheritdoc/>
    public override Normalizer? Normalizer => Model.Normalizer;

    /// <summary>A tokenizer from a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mode">What to do with special tokens in a text.</param>
    /// <exception cref="ArgumentException">The model contradicts itself: a merge needs a token that isn't there, or comes twice; the unknown token is not in the vocabulary.</exception>
    public static BytePairTokenizer Create(BytePairModel model, SpecialTokenMode mode = SpecialTokenMode.PlainText)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new BytePairTokenizer(model, new BytePairEncoder(model), new BytePairDecoder(model), mode);
    }

    /// <summary>
    /// A tokenizer from the package's options. Without a pre-tokenizer it gets the one that its form usually has: white space for characters, GPT-2's pattern for bytes.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or ask for a sentence's first and last token, which this tokenizer doesn't add.</exception>
    public static BytePairTokenizer Create(BpeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!string.IsNullOrEmpty(options.BeginningOfSentenceToken) || !string.IsNullOrEmpty(options.EndOfSentenceToken))
        {
            throw new ArgumentException("The options name a BeginningOfSentenceToken or an EndOfSentenceToken. This tokenizer adds no tokens to a text; put their ids around its ids.", nameof(options));
        }

        var vocabulary = options.Vocabulary.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var prefix = options.ContinuingSubwordPrefix is "" ? null : options.ContinuingSubwordPrefix;
        var merges = (options.Merges ?? []).Select((line, rank) => MergesFile.Parse(line, rank, prefix, $"Merge {rank} of the options")).ToList();
        return Create(new BytePairModel(WithSpecialTokens(vocabulary, options.SpecialTokens), merges)
        {
            ByteLevel = options.ByteLevel,
            EndOfWordSuffix = options.EndOfWordSuffix is "" ? null : options.EndOfWordSuffix,
            ContinuingSubwordPrefix = prefix,
            UnknownToken = options.UnknownToken is "" ? null : options.UnknownToken,
            FuseUnknownTokens = options.FuseUnknownTokens,
            SpecialTokens = options.SpecialTokens ?? new Dictionary<string, int>(),
            PreTokenizer = options.PreTokenizer ?? DefaultPreTokenizer(options.ByteLevel),
            Normalizer = options.Normalizer,
        });
    }

    /// <summary>The same tokenizer with another way to treat special tokens in a text. Cheap; the two share their tables and their cache.</summary>
    /// <param name="mode">What to do with special tokens in a text.</param>
    public BytePairTokenizer With(SpecialTokenMode mode) => new(Model, _encoder, _decoder, mode);

    /// <summary>Turns ids back into text, special tokens as they are spelled.</summary>
    /// <param name="ids">The ids.</param>
    /// <exception cref="InvalidOperationException">An id is not in the vocabulary.</exception>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, considerSpecialTokens: true);

    /// <summary>Turns ids back into text.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="considerSpecialTokens">Whether special tokens are spelled out, and not left out.</param>
    /// <exception cref="InvalidOperationException">An id is not in the vocabulary.</exception>
    public string Decode(IEnumerable<int> ids, bool considerSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _decoder.Decode(ids, considerSpecialTokens);
    }

    /// <summary>
    /// Turns as many ids into text as fit. What was not consumed can be decoded next; a character that several ids share is never divided.
    /// </summary>
    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
        Decode(ids, destination, considerSpecialTokens: true, out idsConsumed, out charsWritten);

    /// <summary>
    /// Turns as many ids into text as fit. What was not consumed can be decoded next; a character that several ids share is never divided.
    /// </summary>
    /// <param name="ids">The ids.</param>
    /// <param name="destination">Receives the text.</param>
    /// <param name="considerSpecialTokens">Whether special tokens are spelled out, and not left out.</param>
    /// <param name="idsConsumed">How many ids the written text stands for.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    public OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, bool considerSpecialTokens, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _decoder.Decode(ids, destination, considerSpecialTokens, out idsConsumed, out charsWritten);
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var tokens = Collect(text, textSpan, settings, stopEarly: true);
        var count = tokens.CountThatFits(settings.MaxTokenCount);
        return new EncodeResults<EncodedToken>
        {
            Tokens = tokens.ToTokens(count, Model),
            NormalizedText = tokens.NormalizedText,
            CharsConsumed = tokens.EndOf(count),
        };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (settings.MaxTokenCount == int.MaxValue)
        {
            using var ids = new IdCollector();
            Encode(text, textSpan, settings, ids);
            return new EncodeResults<int> { Tokens = ids.ToArray(), NormalizedText = ids.NormalizedText, CharsConsumed = ids.TextLength };
        }

        var tokens = Collect(text, textSpan, settings, stopEarly: true);
        var count = tokens.CountThatFits(settings.MaxTokenCount);
        return new EncodeResults<int> { Tokens = tokens.ToIds(count), NormalizedText = tokens.NormalizedText, CharsConsumed = tokens.EndOf(count) };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        if (settings.MaxTokenCount != int.MaxValue)
        {
            return Collect(text, textSpan, settings, stopEarly: true).CountThatFits(settings.MaxTokenCount);
        }

        var counter = new TokenCounter();
        Encode(text, textSpan, settings, counter);
        return counter.Count;
    }

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        var tokens = Collect(text, textSpan, settings, stopEarly: !fromEnd);
        normalizedText = tokens.NormalizedText;
        tokenCount = fromEnd ? tokens.CountThatFitsFromEnd(settings.MaxTokenCount) : tokens.CountThatFits(settings.MaxTokenCount);
        return fromEnd ? tokens.StartOfLast(tokenCount) : tokens.EndOf(tokenCount);
    }

    private static PreTokenizer DefaultPreTokenizer(bool byteLevel) => byteLevel ? BytePairPatterns.Gpt2 : PreTokenizers.Whitespace;

    /// <summary>A vocabulary with special tokens that it may not have yet.</summary>
    private static Dictionary<string, int> WithSpecialTokens(Dictionary<string, int> vocabulary, IReadOnlyDictionary<string, int>? specialTokens)
    {
        foreach (var (token, id) in specialTokens ?? new Dictionary<string, int>())
        {
            if (!vocabulary.TryAdd(token, id) && vocabulary[token] != id)
            {
                throw new ArgumentException($"The special token '{token}' has the id {id}, but in the vocabulary it has the id {vocabulary[token]}.");
            }
        }

        return vocabulary;
    }

    private TokenCollector Collect(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool stopEarly)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.MaxTokenCount);
        var collector = new TokenCollector(Model.ByteLevel, stopEarly ? settings.MaxTokenCount : int.MaxValue);
        Encode(text, textSpan, settings, collector);
        return collector;
    }

    /// <summary>Cuts out special tokens, and encodes what is between them.</summary>
    private void Encode(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, WordSink sink)
    {
        textSpan = text ?? textSpan;
        if (_specialTokens is null)
        {
            EncodeStretch(text, textSpan, settings, sink);
            return;
        }

        if (SpecialTokenMode == SpecialTokenMode.Throw)
        {
            _specialTokens.ThrowIfFound(textSpan);
        }

        var from = 0;
        while (_specialTokens.TryFind(textSpan, from, out var start, out var token))
        {
            EncodeStretch(from == 0 && start == textSpan.Length ? text : null, textSpan[from..start], settings, sink);
            sink.AddSpecialToken(token, Model.SpecialTokens[token]);
            from = start + token.Length;
        }

        EncodeStretch(from == 0 ? text : null, textSpan[from..], settings, sink);
    }

    /// <summary>Normalizes a stretch of text, cuts it into words, and encodes these.</summary>
    private void EncodeStretch(string? text, ReadOnlySpan<char> span, EncodeSettings settings, WordSink sink)
    {
        if (settings.ConsiderNormalization && Normalizer is { } normalizer)
        {
            text = sink.AddNormalizedStretch(text ?? span.ToString(), normalizer);
            span = text;
        }
        else
        {
            sink.AddStretch(span.Length);
        }

        if (!settings.ConsiderPreTokenization || PreTokenizer is null)
        {
            if (!span.IsEmpty)
            {
                sink.AddWord(_encoder.Encode(span), span, 0);
            }
        }
        else if (PreTokenizer is ScanningPreTokenizer scanner)
        {
            for (var from = 0; !sink.IsFull && scanner.TryNext(span, from, out var start, out var end); from = end)
            {
                var word = span[start..end];
                sink.AddWord(_encoder.Encode(word), word, start);
            }
        }
        else
        {
            foreach (var (offset, length) in text is null ? PreTokenizer.PreTokenize(span) : PreTokenizer.PreTokenize(text))
            {
                if (sink.IsFull)
                {
                    break;
                }

                var word = span.Slice(offset, length);
                if (length > 0)
                {
                    sink.AddWord(_encoder.Encode(word), word, offset);
                }
            }
        }
    }
}
