using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Turns text into tokens and back. A derived class supplies <see cref="EncodeToTokens(string?, ReadOnlySpan{char}, EncodeSettings)"/>
/// and <see cref="Decode(IEnumerable{int}, Span{char}, out int, out int)"/>; everything else follows from them, and may
/// be overridden with something faster.
/// </summary>
/// <remarks>
/// The core methods take the text twice: <c>text</c> is the string where the caller had one, else null, and <c>textSpan</c> is always the text's characters.
/// </remarks>
public abstract class Tokenizer
{
    /// <summary>For derived classes.</summary>
    protected Tokenizer()
    {
    }

    /// <summary>Rewrites a text before it is cut; null for none.</summary>
    public virtual Normalizer? Normalizer => null;

    /// <summary>Cuts a text before it is encoded; null for none.</summary>
    public virtual PreTokenizer? PreTokenizer => null;

    /// <summary>Encodes a text into tokens.</summary>
    /// <param name="text">The text where the caller had a string, else null.</param>
    /// <param name="textSpan">The text.</param>
    /// <param name="settings">Which steps to apply, and how many tokens at most.</param>
    protected abstract EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings);

    /// <summary>Encodes a text into tokens with their ids, surface forms and offsets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="normalizedText">The text after normalization, or null where no normalizer ran.</param>
    /// <param name="considerPreTokenization">Whether the pre-tokenizer is applied.</param>
    /// <param name="considerNormalization">Whether the normalizer is applied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<EncodedToken> EncodeToTokens(string text, out string? normalizedText, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var results = EncodeToTokens(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization));
        normalizedText = results.NormalizedText;
        return results.Tokens;
    }

    /// <inheritdoc cref="EncodeToTokens(string, out string?, bool, bool)"/>
    public IReadOnlyList<EncodedToken> EncodeToTokens(ReadOnlySpan<char> text, out string? normalizedText, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        var results = EncodeToTokens(null, text, Settings(considerPreTokenization, considerNormalization));
        normalizedText = results.NormalizedText;
        return results.Tokens;
    }

    /// <summary>Encodes a text into ids; unless overridden, the ids of <see cref="EncodeToTokens(string?, ReadOnlySpan{char}, EncodeSettings)"/>.</summary>
    /// <param name="text">The text where the caller had a string, else null.</param>
    /// <param name="textSpan">The text.</param>
    /// <param name="settings">Which steps to apply, and how many tokens at most.</param>
    protected virtual EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var results = EncodeToTokens(text, textSpan, settings);
        var ids = new int[results.Tokens.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = results.Tokens[i].Id;
        }

        return new EncodeResults<int> { Tokens = ids, NormalizedText = results.NormalizedText, CharsConsumed = results.CharsConsumed };
    }

    /// <summary>Encodes a text into ids.</summary>
    /// <param name="text">The text.</param>
    /// <param name="considerPreTokenization">Whether the pre-tokenizer is applied.</param>
    /// <param name="considerNormalization">Whether the normalizer is applied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeToIds(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization)).Tokens;
    }

    /// <inheritdoc cref="EncodeToIds(string, bool, bool)"/>
    public IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(null, text, Settings(considerPreTokenization, considerNormalization)).Tokens;

    /// <summary>Encodes as much of a text as fits into a number of ids.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxTokenCount">The largest number of ids; at least 1.</param>
    /// <param name="normalizedText">The text after normalization, or null where no normalizer ran.</param>
    /// <param name="charsConsumed">How many characters those ids stand for.</param>
    /// <param name="considerPreTokenization">Whether the pre-tokenizer is applied.</param>
    /// <param name="considerNormalization">Whether the normalizer is applied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokenCount"/> is less than 1.</exception>
    public IReadOnlyList<int> EncodeToIds(string text, int maxTokenCount, out string? normalizedText, out int charsConsumed, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokenCount);
        var results = EncodeToIds(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization, maxTokenCount));
        normalizedText = results.NormalizedText;
        charsConsumed = results.CharsConsumed;
        return results.Tokens;
    }

    /// <inheritdoc cref="EncodeToIds(string, int, out string?, out int, bool, bool)"/>
    public IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, int maxTokenCount, out string? normalizedText, out int charsConsumed, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokenCount);
        var results = EncodeToIds(null, text, Settings(considerPreTokenization, considerNormalization, maxTokenCount));
        normalizedText = results.NormalizedText;
        charsConsumed = results.CharsConsumed;
        return results.Tokens;
    }

    /// <summary>Counts a text's tokens; unless overridden, by encoding it.</summary>
    /// <param name="text">The text where the caller had a string, else null.</param>
    /// <param name="textSpan">The text.</param>
    /// <param name="settings">Which steps to apply, and how many tokens at most.</param>
    protected virtual int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToTokens(text, textSpan, settings).Tokens.Count;

    /// <summary>Counts a text's tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="considerPreTokenization">Whether the pre-tokenizer is applied.</param>
    /// <param name="considerNormalization">Whether the normalizer is applied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public int CountTokens(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CountTokens(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization));
    }

    /// <inheritdoc cref="CountTokens(string, bool, bool)"/>
    public int CountTokens(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        CountTokens(null, text, Settings(considerPreTokenization, considerNormalization));

    /// <summary>
    /// Finds where to cut a text so that one side of the cut has at most <see cref="EncodeSettings.MaxTokenCount"/> tokens.
    /// </summary>
    /// <param name="text">The text where the caller had a string, else null.</param>
    /// <param name="textSpan">The text.</param>
    /// <param name="settings">Which steps to apply, and how many tokens at most.</param>
    /// <param name="fromEnd">Whether the tokens at the text's end are kept, and not those at its beginning.</param>
    /// <param name="normalizedText">The text after normalization, or null where no normalizer ran.</param>
    /// <param name="tokenCount">How many tokens are kept.</param>
    /// <returns>
    /// The index behind the last token kept (0 where none is); from the end, the index of the first token kept (the length of the normalized
    /// text, or of the text where no normalizer ran, where none is).
    /// </returns>
    protected virtual int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        var limit = settings.MaxTokenCount;
        if (fromEnd)
        {
            // The last tokens are known only once the whole text is encoded.
            settings.MaxTokenCount = int.MaxValue;
        }

        var results = EncodeToTokens(text, textSpan, settings);
        var tokens = results.Tokens;
        normalizedText = results.NormalizedText;
        tokenCount = Math.Min(limit, tokens.Count);
        return (fromEnd, tokenCount > 0) switch
        {
            (false, true) => tokens[tokenCount - 1].Offset.End.Value,
            (false, false) => 0,
            (true, true) => tokens[tokens.Count - tokenCount].Offset.Start.Value,
            (true, false) => normalizedText?.Length ?? textSpan.Length,
        };
    }

    /// <summary>Finds how far a text's first tokens reach.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxTokenCount">The largest number of tokens; at least 1.</param>
    /// <param name="normalizedText">The text after normalization, or null where no normalizer ran.</param>
    /// <param name="tokenCount">How many tokens lie before the returned index.</param>
    /// <param name="considerPreTokenization">Whether the pre-tokenizer is applied.</param>
    /// <param name="considerNormalization">Whether the normalizer is applied.</param>
    /// <returns>The index behind the last of those tokens; 0 where the text has none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokenCount"/> is less than 1.</exception>
    public int GetIndexByTokenCount(string text, int maxTokenCount, out string? normalizedText, out int tokenCount, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokenCount);
        return GetIndexByTokenCount(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization, maxTokenCount), fromEnd: false, out normalizedText, out tokenCount);
    }

    /// <inheritdoc cref="GetIndexByTokenCount(string, int, out string?, out int, bool, bool)"/>
    public int GetIndexByTokenCount(ReadOnlySpan<char> text, int maxTokenCount, out string? normalizedText, out int tokenCount, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokenCount);
        return GetIndexByTokenCount(null, text, Settings(considerPreTokenization, considerNormalization, maxTokenCount), fromEnd: false, out normalizedText, out tokenCount);
    }

    /// <summary>Finds where a text's last tokens begin.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxTokenCount">The largest number of tokens; at least 1.</param>
    /// <param name="normalizedText">The text after normalization, or null where no normalizer ran.</param>
    /// <param name="tokenCount">How many tokens lie at or behind the returned index.</param>
    /// <param name="considerPreTokenization">Whether the pre-tokenizer is applied.</param>
    /// <param name="considerNormalization">Whether the normalizer is applied.</param>
    /// <returns>The index of the first of those tokens; the text's length where it has none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokenCount"/> is less than 1.</exception>
    public int GetIndexByTokenCountFromEnd(string text, int maxTokenCount, out string? normalizedText, out int tokenCount, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokenCount);
        return GetIndexByTokenCount(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization, maxTokenCount), fromEnd: true, out normalizedText, out tokenCount);
    }

    /// <inheritdoc cref="GetIndexByTokenCountFromEnd(string, int, out string?, out int, bool, bool)"/>
    public int GetIndexByTokenCountFromEnd(ReadOnlySpan<char> text, int maxTokenCount, out string? normalizedText, out int tokenCount, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTokenCount);
        return GetIndexByTokenCount(null, text, Settings(considerPreTokenization, considerNormalization, maxTokenCount), fromEnd: true, out normalizedText, out tokenCount);
    }

    /// <summary>Turns ids back into text.</summary>
    /// <param name="ids">The ids; walked more than once where the text is long.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="InvalidOperationException">An id is not in the vocabulary.</exception>
    public virtual string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var length = ids.TryGetNonEnumeratedCount(out var count) ? 8L * count : 1024;
        if (length == 0)
        {
            return "";
        }

        while (true)
        {
            var destination = ArrayPool<char>.Shared.Rent((int)Math.Min(length, Array.MaxLength));
            try
            {
                switch (Decode(ids, destination, out var idsConsumed, out var charsWritten))
                {
                    case OperationStatus.Done:
                        return new string(destination, 0, charsWritten);
                    case OperationStatus.DestinationTooSmall when destination.Length < Array.MaxLength:
                        length = 2L * destination.Length;
                        break;
                    case OperationStatus.DestinationTooSmall:
                        throw new InvalidOperationException("The decoded text is longer than a string can be.");
                    default:
                        throw new InvalidOperationException($"The id at position {idsConsumed} cannot be decoded: it is not in the vocabulary.");
                }
            }
            finally
            {
                ArrayPool<char>.Shared.Return(destination);
            }
        }
    }

    /// <summary>Turns ids back into text, into a buffer.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="destination">Receives the text.</param>
    /// <param name="idsConsumed">How many ids the written text stands for.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>, <see cref="OperationStatus.DestinationTooSmall"/>, or <see cref="OperationStatus.InvalidData"/> for an id
    /// that is not in the vocabulary.
    /// </returns>
    public abstract OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten);

    private static EncodeSettings Settings(bool considerPreTokenization, bool considerNormalization, int maxTokenCount = int.MaxValue) => new()
    {
        ConsiderPreTokenization = considerPreTokenization,
        ConsiderNormalization = considerNormalization,
        MaxTokenCount = maxTokenCount,
    };
}
