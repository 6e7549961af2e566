using System.Buffers;

namespace Microsoft.ML.Tokenizers.Tests;

/// <summary>What the base class does on its own, seen through a tokenizer that makes a token of every word and of every full stop.</summary>
public class TokenizerTests
{
    private readonly Words _words = new();

    [Fact]
    public void Strings_are_passed_on_as_strings_and_spans_as_spans_with_the_settings()
    {
        _words.EncodeToTokens("a b", out _, considerPreTokenization: false);
        Assert.Equal(("a b", "a b", false, true, int.MaxValue), _words.LastCall);
        _words.EncodeToTokens("a b".AsSpan(), out _, considerNormalization: false);
        Assert.Equal((null, "a b", true, false, int.MaxValue), _words.LastCall);
        _words.EncodeToIds("a b", 1, out _, out _);
        Assert.Equal(("a b", "a b", true, true, 1), _words.LastCall);
        _words.CountTokens("a b".AsSpan(), false, false);
        Assert.Equal((null, "a b", false, false, int.MaxValue), _words.LastCall);
    }

    [Fact]
    public void Ids_and_counts_follow_from_the_tokens()
    {
        Assert.Equal([1, 2, 0, 1], _words.EncodeToIds("A bb. a"));
        Assert.Equal([1, 2, 0, 1], _words.EncodeToIds("A bb. a".AsSpan()));
        Assert.Equal(4, _words.CountTokens("A bb. a"));
        Assert.Equal(4, _words.CountTokens("A bb. a".AsSpan()));
        Assert.Equal([1, 2], _words.EncodeToIds("A bb. a", 2, out var normalized, out var consumed));
        Assert.Equal(("a bb. a", 4), (normalized, consumed));
        Assert.Equal([1], _words.EncodeToIds("A bb. a".AsSpan(), 1, out normalized, out consumed, considerNormalization: false));
        Assert.Equal((null, 1), (normalized, consumed));
        Assert.Empty(_words.EncodeToIds(""));
    }

    [Theory]
    [InlineData(1, 1, 1, 6, 1)]
    [InlineData(2, 4, 2, 4, 2)]
    [InlineData(4, 7, 4, 0, 4)]
    [InlineData(9, 7, 4, 0, 4)]
    public void The_index_by_token_count_is_the_edge_of_the_last_token_kept(int limit, int index, int count, int indexFromEnd, int countFromEnd)
    {
        Assert.Equal(index, _words.GetIndexByTokenCount("A bb. a", limit, out var normalized, out var tokens));
        Assert.Equal(("a bb. a", count), (normalized, tokens));
        Assert.Equal(index, _words.GetIndexByTokenCount("A bb. a".AsSpan(), limit, out _, out tokens, considerNormalization: false));
        Assert.Equal(count, tokens);
        Assert.Equal(indexFromEnd, _words.GetIndexByTokenCountFromEnd("A bb. a", limit, out normalized, out tokens));
        Assert.Equal(("a bb. a", countFromEnd), (normalized, tokens));
        Assert.Equal(indexFromEnd, _words.GetIndexByTokenCountFromEnd("A bb. a".AsSpan(), limit, out _, out tokens));
        Assert.Equal(countFromEnd, tokens);
    }

    [Fact]
    public void A_text_without_tokens_has_its_index_at_its_own_end()
    {
        Assert.Equal(0, _words.GetIndexByTokenCount("   ", 3, out _, out var count));
        Assert.Equal(0, count);
        Assert.Equal(3, _words.GetIndexByTokenCountFromEnd("   ", 3, out _, out count));
        Assert.Equal(0, count);
    }

    [Fact]
    public void From_the_end_the_whole_text_is_encoded_whatever_the_limit()
    {
        _words.GetIndexByTokenCountFromEnd("a b c", 1, out _, out _);
        Assert.Equal(int.MaxValue, _words.LastCall.MaxTokenCount);
        _words.GetIndexByTokenCount("a b c", 1, out _, out _);
        Assert.Equal(1, _words.LastCall.MaxTokenCount);
    }

    [Fact]
    public void Decoding_grows_its_buffer_until_the_text_fits()
    {
        var lengths = Enumerable.Range(0, 300).Select(i => i * 7).ToList();
        var expected = string.Join(' ', lengths.Select(Words.WordOf));
        Assert.Equal(expected, _words.Decode(lengths));
        Assert.Equal(expected, _words.Decode(lengths.Where(_ => true)));
        Assert.Equal("", _words.Decode([]));
        Assert.Equal("", _words.Decode(lengths.Where(_ => false)));
    }

    [Fact]
    public void An_id_that_cannot_be_decoded_is_an_error_that_tells_where()
    {
        Assert.Contains("position 1 ", Assert.Throws<InvalidOperationException>(() => _words.Decode([1, -1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => _words.Decode(null!));
    }

    [Fact]
    public void A_destination_that_is_too_small_gets_whole_tokens()
    {
        var destination = new char[5];
        Assert.Equal(OperationStatus.DestinationTooSmall, _words.Decode([1, 2, 3], destination, out var ids, out var characters));
        Assert.Equal((2, 4, "x xx"), (ids, characters, new string(destination, 0, characters)));
        Assert.Equal(OperationStatus.InvalidData, _words.Decode([1, -1], destination, out ids, out characters));
        Assert.Equal((1, 1), (ids, characters));
    }

    [Fact]
    public void Missing_texts_and_limits_below_one_are_errors()
    {
        Assert.Throws<ArgumentNullException>("text", () => _words.EncodeToIds(null!));
        Assert.Throws<ArgumentNullException>("text", () => _words.EncodeToIds(null!, 1, out _, out _));
        Assert.Throws<ArgumentNullException>("text", () => _words.EncodeToTokens(null!, out _));
        Assert.Throws<ArgumentNullException>("text", () => _words.CountTokens(null!));
        Assert.Throws<ArgumentNullException>("text", () => _words.GetIndexByTokenCount(null!, 1, out _, out _));
        Assert.Throws<ArgumentNullException>("text", () => _words.GetIndexByTokenCountFromEnd(null!, 1, out _, out _));
        foreach (var limit in new[] { 0, -1, int.MinValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>("maxTokenCount", () => _words.EncodeToIds("a", limit, out _, out _));
            Assert.Throws<ArgumentOutOfRangeException>("maxTokenCount", () => _words.EncodeToIds("a".AsSpan(), limit, out _, out _));
            Assert.Throws<ArgumentOutOfRangeException>("maxTokenCount", () => _words.GetIndexByTokenCount("a", limit, out _, out _));
            Assert.Throws<ArgumentOutOfRangeException>("maxTokenCount", () => _words.GetIndexByTokenCount("a".AsSpan(), limit, out _, out _));
            Assert.Throws<ArgumentOutOfRangeException>("maxTokenCount", () => _words.GetIndexByTokenCountFromEnd("a", limit, out _, out _));
            Assert.Throws<ArgumentOutOfRangeException>("maxTokenCount", () => _words.GetIndexByTokenCountFromEnd("a".AsSpan(), limit, out _, out _));
        }
    }

    [Fact]
    public void Without_overrides_there_is_no_normalizer_and_no_pre_tokenizer()
    {
        Assert.Null(_words.Normalizer);
        Assert.Null(_words.PreTokenizer);
    }

    [Fact]
    public void Settings_have_no_limit_and_both_steps_off()
    {
        var settings = new EncodeSettings();
        Assert.Equal((int.MaxValue, false, false), (settings.MaxTokenCount, settings.ConsiderNormalization, settings.ConsiderPreTokenization));
    }

    [Fact]
    public void Tokens_are_equal_by_id_value_and_offset()
    {
        var token = new EncodedToken(3, "abc", 1..4);
        Assert.True(token.Equals(new EncodedToken(3, "abc", 1..4)));
        Assert.Equal(token.GetHashCode(), new EncodedToken(3, "abc", 1..4).GetHashCode());
        Assert.False(token.Equals(new EncodedToken(4, "abc", 1..4)));
        Assert.False(token.Equals(new EncodedToken(3, "abd", 1..4)));
        Assert.False(token.Equals(new EncodedToken(3, "abc", 1..5)));
        Assert.False(token.Equals((object)"abc"));
    }

    /// <summary>A word's id is its length, a full stop's 0; decoding writes words of x's.</summary>
    private sealed class Words : Tokenizer
    {
        public (string? Text, string Span, bool PreTokenization, bool Normalization, int MaxTokenCount) LastCall { get; private set; }

        public static string WordOf(int id) => id == 0 ? "." : new string('x', id);

        public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
        {
            (idsConsumed, charsWritten) = (0, 0);
            foreach (var id in ids)
            {
                if (id < 0)
                {
                    return OperationStatus.InvalidData;
                }

                var word = (idsConsumed == 0 ? "" : " ") + WordOf(id);
                if (!word.TryCopyTo(destination[charsWritten..]))
                {
                    return OperationStatus.DestinationTooSmall;
                }

                charsWritten += word.Length;
                idsConsumed++;
            }

            return OperationStatus.Done;
        }

        protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
        {
            LastCall = (text, textSpan.ToString(), settings.ConsiderPreTokenization, settings.ConsiderNormalization, settings.MaxTokenCount);
            var normalized = settings.ConsiderNormalization ? textSpan.ToString().ToLowerInvariant() : null;
            var tokens = PreTokenizer.CreateWordOrPunctuation().PreTokenize(normalized ?? textSpan.ToString())
                .Take(settings.MaxTokenCount).Select(piece => Token(normalized ?? LastCall.Span, piece.Offset, piece.Length)).ToList();
            return new() { Tokens = tokens, NormalizedText = normalized, CharsConsumed = tokens.Count > 0 ? tokens[^1].Offset.End.Value : 0 };
        }

        private static EncodedToken Token(string text, int offset, int length)
        {
            var value = text.Substring(offset, length);
            return new(value == "." ? 0 : length, value, offset..(offset + length));
        }
    }
}
