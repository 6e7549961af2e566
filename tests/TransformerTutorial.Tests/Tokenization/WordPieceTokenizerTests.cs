using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class WordPieceTokenizerTests
{
    private const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##aff\n##able\na\n##b\nfi\n##n\n中\n文\n,\n.\n'\ns\n##s\nthe\n##the\n[\n]\n##a\nb\nn't\n've\nu\n##n't\n𠀀\ncls\n##x\nx\n!\nli\n##i\nĳ\n";

    private static readonly GreedyWordPieceTokenizer Bert = Create(new BertOptions { RemoveNonSpacingMarks = true });

    [Theory]
    [InlineData("unaffable", "un|##aff|##able")]
    [InlineData("unaffablex unaffabley", "un|##aff|##able|##x|[UNK]")]
    [InlineData("The, the.", "the|,|the|.")]
    [InlineData("中文a", "中|文|a")]
    [InlineData("𠀀𠀀", "𠀀|𠀀")]
    [InlineData("𠀁 x", "[UNK]|x")]
    [InlineData("", "")]
    [InlineData(" \t\u200D", "")]
    public void A_word_becomes_the_longest_piece_then_the_longest_that_continues_it(string text, string tokens) => Assert.Equal(tokens, Join(Bert, text));

    [Fact]
    public void A_lone_surrogate_is_unknown() => Assert.Equal("[UNK]|x|[UNK]", Join(Bert, "\uD840 x a\uDC00"));

    [Fact]
    public void Offsets_point_into_the_original_text_although_normalization_changed_it()
    {
        Assert.Equal("a@0..1|##b@1..2|fi@3..4|##n@4..5|中@6..7", JoinWithOffsets(new("ÀB ﬁn 中", UnicodeNormalizer.Nfkc)));
        Assert.Equal("a@0..2|##b@2..3|,@5..6|中@6..7|文@7..8", JoinWithOffsets(new("A\u0300B\r\n,中文", UnicodeNormalizer.Nfc)));
        Assert.Equal("un@1..4|##aff@4..7|##able@7..11", JoinWithOffsets(new("\u200DU\u200DNaffable", null)));

        static string JoinWithOffsets((string Text, Normalizer? First) row)
        {
            var normalizer = new NormalizerSequence([.. row.First is null ? Array.Empty<Normalizer>() : [row.First], new BertNormalizer()]);
            var tokens = Create(new WordPieceOptions { Normalizer = normalizer, PreTokenizer = PreTokenizers.Bert }).EncodeToTokens(row.Text, out _);
            return string.Join('|', tokens.Select(token => $"{token.Value}@{token.Offset}"));
        }
    }

    [Theory]
    [InlineData("wordpiece-uncased", 100, true, true)]
    [InlineData("wordpiece-cased", 12, false, false)]
    public void Hugging_Face_encodes_and_decodes_the_same(string name, int longestWord, bool lowerCase, bool cleanUp)
    {
        var vocabulary = OracleFiles.Read($"huggingface/models/{name}.json").GetProperty("model").GetProperty("vocab").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
        var special = new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.ToDictionary(token => token, token => vocabulary[token]);
        var tokenizer = GreedyWordPieceTokenizer.Create(new WordPieceModel(vocabulary, specialTokens: special)
        {
            MaxInputCharsPerWord = longestWord,
            Normalizer = new BertNormalizer(lowerCase: lowerCase),
            CleanUpDecodedText = cleanUp,
        }).With(SpecialTokenMode.Recognize);

        var vectors = OracleFiles.Read($"huggingface/vectors/{name}.json");
        var ids = Rows("ids");
        var offsets = Rows("offsets");
        var decoded = vectors.GetProperty("decoded").EnumerateArray().Select(text => text.GetString()).ToList();
        var differences = new List<string>();
        for (var i = 0; i < OracleFiles.Texts.Count; i++)
        {
            var text = OracleFiles.Texts[i];
            var tokens = tokenizer.EncodeToTokens(text, out _);
            if (!ids[i].SequenceEqual(tokens.Select(token => token.Id)))
            {
                differences.Add($"{text}: ids {string.Join(' ', ids[i])}, not {string.Join(' ', tokens.Select(token => token.Id))}");
            }
            else if (!offsets[i].SequenceEqual(tokens.SelectMany(token => new[] { token.Offset.Start.Value, token.Offset.End.Value })))
            {
                differences.Add($"{text}: offsets {string.Join(' ', offsets[i])}, not {string.Join(' ', tokens.Select(token => token.Offset))}");
            }

            var roundTrip = tokenizer.Decode(ids[i]);
            if (roundTrip != (decoded[i] ?? text))
            {
                differences.Add($"{text}: decoded '{decoded[i] ?? text}', not '{roundTrip}'");
            }
        }

        Assert.Empty(differences);

        List<int[]> Rows(string property) => [.. vectors.GetProperty(property).EnumerateArray().Select(row => row.EnumerateArray().Select(number => number.GetInt32()).ToArray())];
    }

    [Fact]
    public void The_naive_algorithm_gives_the_same_tokens() => DifficultText.Check(text =>
    {
        var normalized = Bert.Normalizer!.Normalize(text);
        var expected = PreTokenizers.Bert.PreTokenize(normalized).SelectMany(word => Spell(normalized.Substring(word.Offset, word.Length)));
        return expected.SequenceEqual(Bert.With(SpecialTokenMode.PlainText).EncodeToTokens(text, out _).Select(token => token.Value));

        static IEnumerable<string> Spell(string word)
        {
            var pieces = new List<string>();
            for (var start = 0; start < word.Length;)
            {
                var longest = Bert.Model.Vocabulary.Keys.Where(piece => !Bert.Model.SpecialTokens.ContainsKey(piece))
                    .Where(piece => start == 0 || piece.StartsWith("##", StringComparison.Ordinal))
                    .Select(piece => (Piece: piece, Letters: start == 0 ? piece : piece[2..]))
                    .Where(piece => word.AsSpan(start).StartsWith(piece.Letters, StringComparison.Ordinal)).OrderByDescending(piece => piece.Letters.Length).FirstOrDefault();
                if (longest.Piece is null)
                {
                    return ["[UNK]"];
                }

                pieces.Add(longest.Piece);
                start += longest.Letters.Length;
            }

            return pieces;
        }
    });

    [Fact]
    public void What_a_token_points_at_normalizes_to_the_token() => DifficultText.Check(text =>
        Bert.EncodeToTokens(text, out _).All(token => token.Value == "[UNK]" || Bert.Model.SpecialTokens.ContainsKey(token.Value)
            || Bert.Normalizer!.Normalize(text[token.Offset]).Trim() is var letters && (letters == token.Value || "##" + letters == token.Value)));

    [Fact]
    public void Strings_and_spans_ids_and_tokens_and_counts_agree() => DifficultText.Check(text =>
    {
        var tokens = Bert.EncodeToTokens(text, out var normalized);
        var ids = tokens.Select(token => token.Id).ToList();
        return Bert.EncodeToTokens(text.AsSpan(), out var normalizedSpan).SequenceEqual(tokens) && normalized == normalizedSpan
            && Bert.EncodeToIds(text).SequenceEqual(ids) && Bert.EncodeToIds(text.AsSpan()).SequenceEqual(ids)
            && Bert.CountTokens(text) == ids.Count && Bert.CountTokens(text.AsSpan()) == ids.Count
            && tokens.Zip(tokens.Skip(1)).All(pair => pair.First.Offset.Start.Value <= pair.Second.Offset.Start.Value && pair.First.Offset.End.Value <= pair.Second.Offset.End.Value)
            && Bert.EncodeToIds(text, int.MaxValue, out var normalizedIds, out var consumed).SequenceEqual(ids) && normalizedIds == normalized && consumed == (normalized ?? text).Length;
    });

    [Fact]
    public void A_limit_keeps_whole_words_and_tells_how_much_of_the_text_they_are() => DifficultText.Check(text =>
    {
        var all = Bert.EncodeToIds(text);
        var whole = Bert.EncodeToTokens(text, out var normalized);
        normalized ??= text;
        return Enumerable.Range(1, all.Count + 1).All(limit =>
        {
            var ids = Bert.EncodeToIds(text, limit, out var normalizedAgain, out var consumed);
            var index = Bert.GetIndexByTokenCount(text, limit, out _, out var count);
            var fromEnd = Bert.GetIndexByTokenCountFromEnd(text.AsSpan(), limit, out _, out var countFromEnd);
            return ids.SequenceEqual(all.Take(ids.Count)) && ids.Count <= limit && (normalizedAgain ?? text) == normalized
                && index == consumed && count == ids.Count && countFromEnd <= limit
                && Plain(normalized[..consumed]).SequenceEqual(ids) && Plain(normalized[fromEnd..]).SequenceEqual(all.Skip(all.Count - countFromEnd))
                && (ids.Count == all.Count ? consumed == normalized.Length && fromEnd == 0 : WouldNotFit(ids.Count, limit));
        });

        IReadOnlyList<int> Plain(string part) => Bert.EncodeToIds(part, considerNormalization: false);

        // The next word has more pieces than there is room for.
        bool WouldNotFit(int taken, int limit) => whole.Skip(taken + 1).TakeWhile(token => token.Value.StartsWith("##", StringComparison.Ordinal)).Count() + 1 > limit - taken;
    });

    [Theory]
    [InlineData(1, "", 0, "", 12)]
    [InlineData(2, "", 0, "the", 10)]
    [InlineData(3, "un|##aff|##able", 9, "the", 10)]
    [InlineData(4, "un|##aff|##able|the", 13, "un|##aff|##able|the", 0)]
    public void A_limit_for_a_long_word_and_a_short_one(int limit, string first, int firstEnd, string last, int lastStart)
    {
        const string Text = "unaffable the";
        Assert.Equal(first, string.Join('|', Bert.EncodeToIds(Text, limit, out _, out var consumed).Select(Bert.Model.TokenAt)));
        Assert.Equal(firstEnd, consumed);
        var index = Bert.GetIndexByTokenCountFromEnd(Text, limit, out var normalized, out var count);
        Assert.Equal(limit == 1 ? 10 : lastStart, index);
        Assert.Equal(limit == 1 ? "the" : last, string.Join('|', Bert.EncodeToTokens(normalized!, out _).TakeLast(count).Select(token => token.Value)));
    }

    [Fact]
    public void From_the_end_a_last_word_without_room_leaves_nothing()
    {
        Assert.Equal(13, Bert.GetIndexByTokenCountFromEnd("the unaffable", 2, out _, out var count));
        Assert.Equal(0, count);
    }

    [Fact]
    public void Special_tokens_come_out_of_a_text_only_where_they_are_asked_for()
    {
        const string Text = "[CLS]the[SEP] [MASK";
        Assert.Equal("[CLS]@0..5|the@5..8|[SEP]@8..13|[@14..15|[UNK]@15..19", Offsets(Bert));
        Assert.Equal("[@0..1|cls@1..4|]@4..5|the@5..8|[@8..9|[UNK]@9..12|]@12..13|[@14..15|[UNK]@15..19", Offsets(Bert.With(SpecialTokenMode.PlainText)));
        var error = Assert.Throws<ArgumentException>(() => Bert.With(SpecialTokenMode.Throw).EncodeToIds("the [SEP]"));
        Assert.Contains("'[SEP]' at character 4", error.Message, StringComparison.Ordinal);
        Assert.Equal("the", Join(Bert.With(SpecialTokenMode.Throw), "the"));

        static string Offsets(GreedyWordPieceTokenizer tokenizer) => string.Join('|', tokenizer.EncodeToTokens(Text, out _).Select(token => $"{token.Value}@{token.Offset}"));
    }

    [Fact]
    public void A_word_spelled_like_a_special_token_is_no_special_token()
    {
        var tokenizer = Create(new WordPieceOptions());
        Assert.Equal(SpecialTokenMode.PlainText, tokenizer.SpecialTokenMode);
        var model = new WordPieceModel(tokenizer.Model.Vocabulary, specialTokens: [KeyValuePair.Create("[CLS]", 2)]) { PreTokenizer = PreTokenizers.Whitespace };
        Assert.Equal([1, 1, 19], GreedyWordPieceTokenizer.Create(model).EncodeToIds("[CLS] [UNK] the"));
        Assert.Equal([2, 1, 19], GreedyWordPieceTokenizer.Create(model).With(SpecialTokenMode.Recognize).EncodeToIds("[CLS] [UNK] the"));
    }

    [Fact]
    public void The_longest_special_token_wins_and_the_normalized_text_keeps_their_spelling()
    {
        var model = new WordPieceModel([KeyValuePair.Create("[UNK]", 0), KeyValuePair.Create("a", 1)], specialTokens: [KeyValuePair.Create("<S>", 2), KeyValuePair.Create("<S> <S>", 3)]) { Normalizer = new BertNormalizer() };
        var tokens = GreedyWordPieceTokenizer.Create(model).With(SpecialTokenMode.Recognize).EncodeToTokens("À<S> <S><S>A", out var normalized);
        Assert.Equal([1, 3, 2, 1], tokens.Select(token => token.Id));
        Assert.Equal("a<S> <S><S>a", normalized);
        Assert.Equal(8..11, tokens[2].Offset);
    }

    [Fact]
    public void Options_of_the_package_decide_about_special_tokens()
    {
        Assert.Equal(SpecialTokenMode.Recognize, Bert.SpecialTokenMode);
        Assert.Equal(SpecialTokenMode.PlainText, Create(new BertOptions { SplitOnSpecialTokens = false }).SpecialTokenMode);
        Assert.Equal(SpecialTokenMode.Recognize, Create(new WordPieceOptions { SpecialTokens = new Dictionary<string, int> { ["[CLS]"] = 2 } }).SpecialTokenMode);
        Assert.Equal(SpecialTokenMode.PlainText, Create(null).SpecialTokenMode);
    }

    [Fact]
    public void A_word_that_is_too_long_counts_characters_and_not_code_units()
    {
        var model = new WordPieceModel(Bert.Model.Vocabulary) { MaxInputCharsPerWord = 3, PreTokenizer = PreTokenizers.Whitespace };
        var tokenizer = GreedyWordPieceTokenizer.Create(new WordPieceModel(model.Vocabulary.Append(KeyValuePair.Create("##𠀀", 100))) { MaxInputCharsPerWord = 3, PreTokenizer = PreTokenizers.Whitespace });
        Assert.Equal("𠀀|##𠀀|##𠀀", Join(tokenizer, "𠀀𠀀𠀀"));
        Assert.Equal("[UNK]", Join(tokenizer, "𠀀𠀀𠀀𠀀"));
        Assert.Equal("[UNK]", Join(GreedyWordPieceTokenizer.Create(model), "abab"));
    }

    [Fact]
    public void Both_steps_can_be_left_out()
    {
        Assert.Equal([1], Bert.EncodeToIds("the the", considerPreTokenization: false));
        Assert.Equal([19], Bert.EncodeToIds("the", considerPreTokenization: false));
        Assert.Equal([1], Bert.EncodeToIds("The", considerNormalization: false));
        Bert.EncodeToTokens("The", out var normalized, considerNormalization: false);
        Assert.Null(normalized);
    }

    [Theory]
    [InlineData("un ##aff ##able", "unaffable")]
    [InlineData("the , a . ! 's", "the, a.! ' s")]
    [InlineData("u n't 've ##n't", "un't'ven't")]
    [InlineData("[CLS] the [SEP]", "[CLS] the [SEP]")]
    [InlineData("##the the", "##the the")]
    public void Decoding_joins_what_belongs_together(string tokens, string text) =>
        Assert.Equal(text, Bert.Decode(tokens.Replace("'s", "' s", StringComparison.Ordinal).Split(' ').Select(token => Bert.Model.Vocabulary[token])));

    [Fact]
    public void Decoding_into_a_buffer_writes_whole_tokens()
    {
        int[] ids = [2, 5, 6, 7, 19, 15, 3];
        var text = Bert.Decode(ids);
        Assert.Equal("[CLS] unaffable the. [SEP]", text);
        Assert.Equal("unaffable the.", Bert.Decode(ids, skipSpecialTokens: true));
        var exact = new char["unaffable the.".Length];
        Assert.Equal(OperationStatus.Done, Bert.Decode(ids, exact, skipSpecialTokens: true, out var all, out _));
        Assert.Equal((ids.Length, "unaffable the."), (all, new string(exact)));
        for (var size = 0; size <= text.Length; size++)
        {
            var buffer = new char[size];
            var status = Bert.Decode(ids, buffer, out var idsConsumed, out var charsWritten);
            Assert.Equal(size == text.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall, status);
            Assert.Equal(Bert.Decode(ids.Take(idsConsumed)), new string(buffer, 0, charsWritten));
            Assert.True(idsConsumed == ids.Length || Bert.Decode(ids.Take(idsConsumed + 1)).Length > size);
        }

        Assert.Equal(OperationStatus.InvalidData, Bert.Decode([19, 999], new char[50], out var before, out var written));
        Assert.Equal((1, 3), (before, written));
        Assert.Contains("id 999 at position 1", Assert.Throws<InvalidOperationException>(() => Bert.Decode([19, 999])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Bert.Decode(null!));
    }

    [Fact]
    public void A_saved_tokenizer_loads_as_it_was_and_an_unknown_mode_is_an_error()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            Bert.Save(folder.FullName);
            var loaded = GreedyWordPieceTokenizer.Create(Path.Combine(folder.FullName, "vocab.txt"), new BertOptions());
            Assert.Equal(Bert.EncodeToIds("[CLS] The unaffable, 中."), loaded.EncodeToIds("[CLS] The unaffable, 中."));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.Throws<ArgumentOutOfRangeException>("mode", () => Bert.With((SpecialTokenMode)3));
        Assert.Throws<ArgumentOutOfRangeException>("mode", () => GreedyWordPieceTokenizer.Create(Bert.Model, (SpecialTokenMode)3));
    }

    [Fact]
    public void Limits_below_one_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bert.EncodeToIds("a", 0, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bert.GetIndexByTokenCountFromEnd("a", -1, out _, out _));
    }

    private static GreedyWordPieceTokenizer Create(WordPieceOptions? options)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Vocabulary));
        return GreedyWordPieceTokenizer.Create(stream, options);
    }

    private static string Join(Tokenizer tokenizer, string text) => string.Join('|', tokenizer.EncodeToTokens(text, out _).Select(token => token.Value));
}
