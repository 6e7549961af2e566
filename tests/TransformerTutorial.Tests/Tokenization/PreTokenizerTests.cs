using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class PreTokenizerTests
{
    public static TheoryData<string> Names => new(All.Keys);

    private static Dictionary<string, PreTokenizer> All { get; } = new()
    {
        ["white space"] = PreTokenizers.Whitespace,
        ["Chinese"] = PreTokenizers.Chinese,
        ["BERT"] = PreTokenizers.Bert,
        ["white space, then Chinese"] = PreTokenizers.InTurn(PreTokenizers.Whitespace, PreTokenizers.Chinese),
        ["BERT, then words"] = PreTokenizers.InTurn(PreTokenizers.Bert, PreTokenizer.CreateWordOrNonWord()),
        ["nothing"] = PreTokenizers.InTurn(),
    };

    [Theory]
    [InlineData("don't  stop.", "don't|stop.")]
    [InlineData("\t 我 爱\u3000你\n", "我|爱|你")]
    [InlineData(" \u0301a", "\u0301a")]
    [InlineData("", "")]
    [InlineData(" \r\n", "")]
    public void White_space_separates_words(string text, string pieces) => Assert.Equal(pieces, Pieces(PreTokenizers.Whitespace, text));

    [Theory]
    [InlineData("我爱C++编程 v2！", "我|爱|C|++|编|程|v2|！")]
    [InlineData("你好，world。“3.5%”", "你|好|，|world|。|“|3|.|5|%|”")]
    [InlineData("中\uFE00文", "中\uFE00|文")]
    [InlineData("𠀀𠀁a", "𠀀|𠀁|a")]
    [InlineData("〇々时", "〇|々|时")]
    [InlineData("cafe\u0301 na\u0308ive", "cafe\u0301|na\u0308ive")]
    [InlineData("👩\u200D👧🙂…", "👩\u200D👧🙂|…")]
    [InlineData("カタカナ한국", "カタカナ한국")]
    [InlineData("snake_case_2", "snake_case_2")]
    [InlineData(" \u0301x", "\u0301|x")]
    public void Chinese_is_cut_at_every_character_and_the_rest_by_words(string text, string pieces) => Assert.Equal(pieces, Pieces(PreTokenizers.Chinese, text));

    [Theory]
    [InlineData("don't stop.", "don|'|t|stop|.")]
    [InlineData("$1+2=3", "$|1|+|2|=|3")]
    [InlineData("a…b—c", "a|…|b|—|c")]
    [InlineData("中文。x", "中文|。|x")]
    [InlineData("a\u0001b€", "a\u0001b€")]
    public void Bert_makes_every_punctuation_mark_a_piece(string text, string pieces) => Assert.Equal(pieces, Pieces(PreTokenizers.Bert, text));

    [Theory]
    [InlineData("WhitespaceSplit", "white space")]
    [InlineData("BertPreTokenizer", "BERT")]
    public void Hugging_Face_cuts_at_the_same_places(string vector, string name)
    {
        var expected = OracleFiles.Read("huggingface/vectors/pre-tokenizers.json").GetProperty(vector).EnumerateArray().ToList();
        for (var i = 0; i < OracleFiles.Texts.Count; i++)
        {
            var places = All[name].PreTokenize(OracleFiles.Texts[i]).SelectMany(piece => new[] { piece.Offset, piece.Offset + piece.Length });
            Assert.Equal(expected[i].EnumerateArray().Select(place => place.GetInt32()), places);
        }
    }

    [Fact]
    public void White_space_cuts_as_the_regular_expression_does() => DifficultText.Check(text =>
        PreTokenizers.Whitespace.PreTokenize(text).SequenceEqual(Regex.Matches(text, @"\S+").Select(match => (match.Index, match.Length))));

    [Fact]
    public void Chinese_cuts_as_a_regular_expression_over_code_points_does()
    {
        // The same rule, said over one letter a character.
        var rule = new Regex("[HP]x*|W[Wx]*|S[Sx]*|x+");
        DifficultText.Check(text =>
        {
            var letters = new StringBuilder();
            var offsets = new List<int>();
            for (var i = 0; i < text.Length;)
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
                letters.Append(Letter(rune));
                offsets.Add(i);
                i += length;
            }

            offsets.Add(text.Length);
            var expected = rule.Matches(letters.ToString()).Select(match => (offsets[match.Index], offsets[match.Index + match.Length] - offsets[match.Index]));
            return PreTokenizers.Chinese.PreTokenize(text).SequenceEqual(expected);
        });

        static char Letter(Rune rune)
        {
            var text = rune.ToString();
            return Regex.IsMatch(text, @"^\s") ? ' '
                : rune.Value is (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF) or (>= 0x3005 and <= 0x3007) ? 'H'
                : rune.Value is 0x200C or 0x200D || Regex.IsMatch(Category(rune), "^M") ? 'x'
                : rune.Value == '_' || Regex.IsMatch(Category(rune), "^[LN]") ? 'W'
                : Regex.IsMatch(Category(rune), "^P") ? 'P'
                : 'S';
        }

        static string Category(Rune rune) => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => "L",
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => "M",
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => "N",
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => "P",
            _ => "S",
        };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_are_in_order_without_overlap_and_leave_out_nothing_but_white_space(string name)
    {
        var preTokenizer = All[name];
        DifficultText.Check(text =>
        {
            var covered = 0;
            foreach (var (offset, length) in preTokenizer.PreTokenize(text))
            {
                if (offset < covered || length <= 0 || !string.IsNullOrWhiteSpace(text[covered..offset]))
                {
                    return false;
                }

                covered = offset + length;
            }

            return covered <= text.Length && string.IsNullOrWhiteSpace(text[covered..]) && preTokenizer.PreTokenize(text.AsSpan()).SequenceEqual(preTokenizer.PreTokenize(text));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_surrogate_pair_is_never_split(string name)
    {
        var preTokenizer = All[name];
        if (name == "BERT, then words")
        {
            return; // the package's expressions work on UTF-16 units
        }

        DifficultText.Check(text => preTokenizer.PreTokenize(text).All(piece =>
            !IsInsidePair(text, piece.Offset) && !IsInsidePair(text, piece.Offset + piece.Length)));

        static bool IsInsidePair(string text, int place) => place > 0 && place < text.Length && char.IsSurrogatePair(text[place - 1], text[place]);
    }

    [Fact]
    public void A_mark_stays_with_its_character() => DifficultText.Check(text =>
        PreTokenizers.Chinese.PreTokenize(text).All(piece => piece.Offset == 0 || char.IsWhiteSpace(text[piece.Offset - 1]) || !IsMark(text, piece.Offset)));

    [Fact]
    public void In_turn_each_cuts_the_pieces_of_the_one_before() =>
        Assert.Equal("a|1|b|.|中|文|2", Pieces(PreTokenizers.InTurn(PreTokenizers.Whitespace, PreTokenizers.Chinese, new RegexPreTokenizer(new Regex(@"\d|\D+"), null)), "a1b. 中文2"));

    [Fact]
    public void Missing_arguments_are_errors()
    {
        Assert.Throws<ArgumentException>(() => PreTokenizers.InTurn(PreTokenizers.Bert, null!));
        Assert.Throws<ArgumentNullException>(() => PreTokenizers.Bert.PreTokenize((string)null!));
        Assert.Throws<ArgumentNullException>(() => PreTokenizers.InTurn().PreTokenize((string)null!));
    }

    private static bool IsMark(string text, int index) => CharUnicodeInfo.GetUnicodeCategory(text, index) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static string Pieces(PreTokenizer preTokenizer, string text) =>
        string.Join('|', preTokenizer.PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length)));
}
