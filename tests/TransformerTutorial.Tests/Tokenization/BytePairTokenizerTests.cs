using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Testing;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class BytePairTokenizerTests
{
    private static readonly BytePairModel Bytes = BytePairTrainer.Train(
        [.. Enumerable.Range(0, 30).Select(seed => RandomText.OfPieces(new Random(seed), 200))], new() { VocabularySize = 600, ByteLevel = true, SpecialTokens = ["<|end|>", "<|end|>>", "<pad>"] });

    private static readonly BytePairTokenizer ByteLevel = BytePairTokenizer.Create(Bytes);

    private static readonly BytePairTokenizer Words = BytePairTokenizer.Create(
        BytePairTrainer.Train(["low low low low low lower lower newest newest newest newest newest newest widest widest widest"], new() { VocabularySize = 40, SpecialTokens = ["<unk>", "<s>"] }));

    [Fact]
    public void Any_text_comes_back_from_bytes()
    {
        PropertyCheck.ForAll(AnyUtf16(), text =>
        {
            var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)); // lone surrogates become U+FFFD
            return ByteLevel.Decode(ByteLevel.EncodeToIds(text)) == expected
                && ByteLevel.Decode(ByteLevel.EncodeToIds(text.AsSpan(), considerPreTokenization: false)) == expected;
        }, cases: 500);
    }

    [Fact]
    public void Bytes_merge_as_the_definition_says()
    {
        var ranks = Bytes.Merges.ToDictionary(merge => (merge.Left, merge.Right), merge => merge.Rank);
        TestSeed.ForEachCase(300, (number, random) =>
        {
            var text = RandomText.OfPieces(random, number % 40);
            var expected = BytePairPatterns.Gpt2.PreTokenize(text).SelectMany(word => NaiveBytePairEncoding.Encode(NaiveBytePairEncoding.Bytes(text.Substring(word.Offset, word.Length)), ranks));
            Assert.Equal(expected, ByteLevel.EncodeToTokens(text, out _).Select(token => token.Value));
        });
    }

    [Theory]
    [InlineData("</w>")]
    [InlineData(null)]
    public void Characters_merge_as_the_definition_says(string? suffix)
    {
        TestSeed.ForEachCase(25, (number, random) =>
        {
            var training = string.Join(' ', Enumerable.Range(0, 80).Select(_ => RandomText.OfLetters(random, "abc中𠀀", random.Next(1, 9))));
            var model = BytePairTrainer.Train([training], new() { VocabularySize = 80, EndOfWordSuffix = suffix });
            var tokenizer = BytePairTokenizer.Create(model);
            var ranks = model.Merges.ToDictionary(merge => (merge.Left, merge.Right), merge => merge.Rank);

            // Short words are merged by scanning, long ones by a heap.
            foreach (var length in new[] { 1, 5, 20, 63, 64, 65, 200, 1000 })
            {
                var word = RandomText.OfLetters(random, "abc中𠀀", length);
                Assert.Equal(NaiveBytePairEncoding.Encode(NaiveBytePairEncoding.Characters(word, suffix), ranks), tokenizer.EncodeToTokens(word, out _).Select(token => token.Value));
            }
        });
    }

    [Fact]
    public void Merges_go_by_rank_and_not_by_length_or_from_the_left()
    {
        // "bc" was learned first, so "abcd" is a bc d and then a bcd, though "ab" comes first in the word and "abc" is a longer match.
        var tokens = new[] { "a", "b", "c", "d", "bc", "ab", "bcd", "abc" };
        var merges = new[] { ("b", "c"), ("a", "b"), ("bc", "d"), ("a", "bc") };
        var tokenizer = BytePairTokenizer.Create(new BytePairModel(
            tokens.Index().ToDictionary(pair => pair.Item, pair => pair.Index), [.. merges.Index().Select(pair => new BytePairMerge(pair.Index, pair.Item.Item1, pair.Item.Item2, 0))]));
        Assert.Equal(["a", "bcd"], tokenizer.EncodeToTokens("abcd", out _).Select(token => token.Value));
    }

    [Fact]
    public void A_word_of_a_million_characters_is_no_trouble()
    {
        var word = new string('a', 1_000_000);
        var tokenizer = BytePairTokenizer.Create(BytePairTrainer.Train([word], new() { ByteLevel = true, VocabularySize = 262 }));
        var ids = tokenizer.EncodeToIds(word);
        Assert.Equal((1_000_000 / 64, word), (ids.Count, tokenizer.Decode(ids)));
    }

    [Fact]
    public void Words_are_taken_apart_into_known_parts_and_put_together_again()
    {
        var tokens = Words.EncodeToTokens("newest  lowest!", out var normalized);
        Assert.Null(normalized);
        Assert.Equal([("newest</w>", 0..6), ("lo", 8..10), ("w", 10..11), ("es", 11..13), ("t", 13..14), ("<unk>", 14..15)], tokens.Select(token => (token.Value, token.Offset)));
        Assert.Equal("newest low", Words.Decode(Words.EncodeToIds("newest low")));
    }

    [Fact]
    public void Unknown_characters_become_one_token_each_or_one_together()
    {
        Assert.Equal([0, 0, 0], Words.EncodeToIds("xyz"));
        var fused = BytePairTokenizer.Create(new BytePairModel(Words.Model.Vocabulary, Words.Model.Merges)
        {
            UnknownToken = "<unk>",
            FuseUnknownTokens = true,
            EndOfWordSuffix = "</w>",
            PreTokenizer = PreTokenizers.Whitespace,
        });
        var tokens = fused.EncodeToTokens("xyz low", out _);
        Assert.Equal([("<unk>", 0..3), ("low</w>", 4..7)], tokens.Select(token => (token.Value, token.Offset)));
        var none = BytePairTokenizer.Create(new BytePairModel(Words.Model.Vocabulary, Words.Model.Merges) { EndOfWordSuffix = "</w>" });
        Assert.Contains("'é' (U+00E9)", Assert.Throws<ArgumentException>(() => none.EncodeToIds("é")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_divide_a_character_have_the_range_of_all_of_it()
    {
        var tokenizer = BytePairTokenizer.Create(BytePairTrainer.Train(["x"], new() { ByteLevel = true }));
        Assert.Equal([0..1, 1..3, 1..3, 1..3, 1..3, 3..4], tokenizer.EncodeToTokens("a🙂b", out _).Select(token => token.Offset));
        Assert.Equal([0..1, 0..1, 0..1], tokenizer.EncodeToTokens("\uD800", out _).Select(token => token.Offset));
    }

    [Fact]
    public void Offsets_cover_the_text_and_decode_to_what_they_cover()
    {
        TestSeed.ForEachCase(200, (number, random) =>
        {
            var text = RandomText.OfPieces(random, 30);
            var reached = 0;
            foreach (var token in ByteLevel.EncodeToTokens(text, out _))
            {
                Assert.InRange(token.Offset.Start.Value, 0, reached);
                Assert.True(token.Offset.End.Value >= reached);
                reached = token.Offset.End.Value;
                var decoded = ByteLevel.Decode([token.Id]);
                Assert.True(decoded.Contains('\uFFFD', StringComparison.Ordinal) || decoded == text[token.Offset]);
            }

            Assert.Equal(text.Length, reached);
        });
    }

    [Fact]
    public void Offsets_point_into_the_text_as_given_where_it_was_normalized()
    {
        var model = new BytePairModel(Bytes.Vocabulary, Bytes.Merges)
        {
            ByteLevel = true,
            SpecialTokens = Bytes.SpecialTokens,
            PreTokenizer = BytePairPatterns.Gpt2,
            Normalizer = new NormalizerSequence(UnicodeNormalizer.Nfkc, LowerCaseNormalizer.Instance),
        };
        var tokenizer = BytePairTokenizer.Create(model, SpecialTokenMode.Recognize);
        var tokens = tokenizer.EncodeToTokens("ﬁ<pad>Ａ ﬁ", out var normalized);
        Assert.Equal("fi<pad>a fi", normalized);
        Assert.Equal("fi<pad>a fi", tokenizer.Decode(tokens.Select(token => token.Id)));
        Assert.Contains(tokens, token => token.Value == "<pad>" && token.Offset.Equals(1..6));
        Assert.Contains(tokens, token => token.Value == "a" && token.Offset.Equals(6..7));
        Assert.Equal(9, tokens[^1].Offset.End.Value);
        Assert.Equal(tokens.Select(token => token.Id), tokenizer.EncodeToIds("ﬁ<pad>Ａ ﬁ"));
    }

    [Fact]
    public void Special_tokens_come_out_of_a_text_only_when_asked_for()
    {
        const string text = "a<|end|>>b<pad>";
        Assert.DoesNotContain(ByteLevel.EncodeToTokens(text, out _), token => Bytes.SpecialTokens.ContainsKey(token.Value));
        var recognizing = ByteLevel.With(SpecialTokenMode.Recognize);
        Assert.Equal(["a", "<|end|>>", "b", "<pad>"], recognizing.EncodeToTokens(text, out _).Select(token => token.Value));
        Assert.Equal([0..1, 1..9, 9..10, 10..15], recognizing.EncodeToTokens(text, out _).Select(token => token.Offset));
        Assert.Equal(text, recognizing.Decode(recognizing.EncodeToIds(text)));
        Assert.Equal("ab", recognizing.Decode(recognizing.EncodeToIds(text), considerSpecialTokens: false));
        var message = Assert.Throws<ArgumentException>(() => ByteLevel.With(SpecialTokenMode.Throw).EncodeToIds(text)).Message;
        Assert.Contains("'<|end|>>' at character 1", message, StringComparison.Ordinal);
        Assert.Equal(ByteLevel.EncodeToIds("ab"), ByteLevel.With(SpecialTokenMode.Throw).EncodeToIds("ab"));
    }

    [Fact]
    public void A_merge_that_would_make_a_special_token_is_not_done()
    {
        var vocabulary = new Dictionary<string, int> { ["<"] = 0, ["s"] = 1, [">"] = 2, ["<s"] = 3, ["<s>"] = 4 };
        BytePairMerge[] merges = [new(0, "<", "s", 0), new(1, "<s", ">", 0)];
        var specialTokens = new Dictionary<string, int> { ["<s>"] = 4 };
        var tokenizer = BytePairTokenizer.Create(new BytePairModel(vocabulary, merges) { SpecialTokens = specialTokens, IgnoreMerges = true });
        Assert.Equal([3, 2], tokenizer.EncodeToIds("<s>"));
        Assert.Equal([4], tokenizer.With(SpecialTokenMode.Recognize).EncodeToIds("<s>"));
        Assert.Equal([4], BytePairTokenizer.Create(new BytePairModel(vocabulary, merges)).EncodeToIds("<s>"));
    }

    [Fact]
    public void Every_way_to_encode_agrees()
    {
        foreach (var tokenizer in new[] { ByteLevel, ByteLevel.With(SpecialTokenMode.Recognize), Words })
        {
            TestSeed.ForEachCase(200, (number, random) =>
            {
                var text = RandomText.OfPieces(random, 20) + (number % 3 == 0 ? "<pad>low" : "");
                var ids = tokenizer.EncodeToIds(text);
                Assert.Equal(ids, tokenizer.EncodeToIds(text.AsSpan()));
                Assert.Equal(ids, tokenizer.EncodeToTokens(text, out _).Select(token => token.Id));
                Assert.Equal(ids, tokenizer.EncodeToTokens(text.AsSpan(), out _).Select(token => token.Id));
                Assert.Equal((ids.Count, ids.Count), (tokenizer.CountTokens(text), tokenizer.CountTokens(text.AsSpan())));
            });
        }
    }

    [Fact]
    public void A_limit_keeps_as_many_whole_characters_as_fit()
    {
        // One tokenizer that has learned whole characters, and one that knows bytes only.
        var bare = BytePairTokenizer.Create(BytePairTrainer.Train(["x"], new() { ByteLevel = true }));
        TestSeed.ForEachCase(100, (number, random) =>
        {
            var tokenizer = number % 2 == 0 ? ByteLevel : bare;
            var text = RandomText.OfPieces(random, 12);
            var all = tokenizer.EncodeToTokens(text, out _);
            for (var limit = 1; limit <= all.Count + 1; limit++)
            {
                var ids = tokenizer.EncodeToIds(text, limit, out var normalized, out var consumed);
                Assert.Null(normalized);
                Assert.InRange(ids.Count, 0, limit);
                Assert.Equal(all.Take(ids.Count).Select(token => token.Id), ids);

                // What was consumed is what the ids say, and one more token would be too many.
                Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[..consumed])), tokenizer.Decode(ids));
                Assert.True(ids.Count == all.Count || all.Skip(ids.Count).TakeWhile(token => token.Offset.Start.Value < NextBorder(all, ids.Count)).Count() + ids.Count > limit);
                Assert.Equal((consumed, ids.Count), (tokenizer.GetIndexByTokenCount(text, limit, out _, out var count), count));

                var index = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out _, out var countFromEnd);
                Assert.InRange(countFromEnd, 0, limit);
                Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[index..])), tokenizer.Decode(all.TakeLast(countFromEnd).Select(token => token.Id)));
            }

            Assert.Equal(text.Length, tokenizer.GetIndexByTokenCount(text, int.MaxValue, out _, out _));
            Assert.Equal(0, tokenizer.GetIndexByTokenCountFromEnd(text, int.MaxValue, out _, out _));
        });

        static int NextBorder(IReadOnlyList<EncodedToken> tokens, int from)
        {
            var end = tokens[from].Offset.End.Value;
            foreach (var token in tokens.Skip(from))
            {
                if (token.Offset.Start.Value >= end)
                {
                    break;
                }

                end = Math.Max(end, token.Offset.End.Value);
            }

            return end;
        }
    }

    [Fact]
    public void Decoding_piece_by_piece_gives_the_whole_text_and_never_half_a_character()
    {
        TestSeed.ForEachCase(300, (number, random) =>
        {
            foreach (var tokenizer in new[] { ByteLevel, Words })
            {
                // Any ids, so that bytes which are no UTF-8 come too.
                var ids = Enumerable.Range(0, random.Next(0, 30)).Select(_ => random.Next(number % 2 == 0 ? tokenizer.Model.IdCount : 260 % tokenizer.Model.IdCount)).ToList();
                var expected = tokenizer.Decode(ids);
                var text = new StringBuilder();
                var rest = ids;
                var buffer = new char[random.Next(1, 40)];
                while (true)
                {
                    var status = tokenizer.Decode(rest, buffer, out var consumed, out var written);
                    text.Append(buffer, 0, written);
                    rest = rest[consumed..];
                    if (status == OperationStatus.Done)
                    {
                        Assert.Empty(rest);
                        break;
                    }

                    Assert.Equal(OperationStatus.DestinationTooSmall, status);
                    buffer = consumed == 0 ? new char[buffer.Length + 1] : buffer;
                }

                Assert.Equal(expected, text.ToString());
            }
        });
    }

    [Fact]
    public void An_id_that_does_not_exist_is_named()
    {
        Assert.Contains("id 600 at position 1", Assert.Throws<InvalidOperationException>(() => ByteLevel.Decode([5, 600])).Message, StringComparison.Ordinal);
        Assert.Contains("id -1 at position 0", Assert.Throws<InvalidOperationException>(() => ByteLevel.Decode([-1])).Message, StringComparison.Ordinal);
        Assert.Equal(OperationStatus.InvalidData, ByteLevel.Decode([5, 600], new char[9], out var consumed, out var written));
        Assert.Equal((0, 0), (consumed & ~1, written & ~1));
        Assert.Contains("600", Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.TokenAt(600)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_can_share_one()
    {
        var texts = Enumerable.Range(0, 400).Select(number => RandomText.OfPieces(TestSeed.Random(number), 100)).ToArray();
        var fresh = BytePairTokenizer.Create(Bytes);
        var expected = texts.Select(text => ByteLevel.EncodeToIds(text).ToArray()).ToArray();
        Parallel.For(0, texts.Length * 5, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Assert.Equal(expected[i % texts.Length], fresh.EncodeToIds(texts[i % texts.Length])));
    }

    [Fact]
    public void A_limit_below_one_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevel.EncodeToIds("a", 0, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevel.GetIndexByTokenCount("a", -1, out _, out _));
    }

    /// <summary>Any sequence of UTF-16 units, surrogates in and out of pairs included.</summary>
    private static Gen<string> AnyUtf16() => Gen.OneOf(
            Gen.Choose(0, char.MaxValue).Select(unit => ((char)unit).ToString()),
            Gen.Choose(0xD800, 0xDFFF).Select(unit => ((char)unit).ToString()),
            Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32),
            Gen.Choose(0, 127).Select(unit => ((char)unit).ToString()))
        .ListOf().Select(string.Concat);
}
