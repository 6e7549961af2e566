using System.Text.RegularExpressions;
using TransformerTutorial.Testing;

namespace Microsoft.ML.Tokenizers.Tests;

public class PreTokenizerTests
{
    private static readonly Dictionary<string, int> Special = new() { ["<s>"] = 0, ["<s>>"] = 1, ["a b"] = 2 };

    [Theory]
    [InlineData("Don't stop -- now!", "Don't|stop|--|now!")]
    [InlineData(" \t", "")]
    [InlineData("", "")]
    public void White_space_cuts_at_white_space(string text, string pieces) => Same(PreTokenizer.CreateWhiteSpace(), text, pieces);

    [Theory]
    [InlineData("Don't stop -- now_2!", "Don|'|t|stop|-|-|now_2|!")]
    [InlineData("1+2=€3 🙂", "1|2|3")]
    [InlineData("中文。é", "中文|。|é")]
    public void Words_and_punctuation_leave_out_symbols(string text, string pieces) => Same(PreTokenizer.CreateWordOrPunctuation(), text, pieces);

    [Theory]
    [InlineData("Don't stop -- now_2!", "Don|'|t|stop|--|now_2|!")]
    [InlineData("1+2=€3 🙂", "1|+|2|=€|3|🙂")]
    public void Words_and_the_rest_leave_out_only_white_space(string text, string pieces) => Same(PreTokenizer.CreateWordOrNonWord(), text, pieces);

    [Theory]
    [InlineData("I'll say 42 times: it's  done!\n\n x", "I|'ll| say| 42| times|:| it|'s| | done|!|\n\n| x")]
    [InlineData("a  ", "a|  ")]
    [InlineData("x\n", "x|\n")]
    [InlineData("IT'S", "IT|'|S")]
    public void Roberta_keeps_the_space_before_a_word(string text, string pieces)
    {
        Same(RobertaPreTokenizer.Instance, text, pieces);
        Same(new RobertaPreTokenizer(), text, pieces);
    }

    [Theory]
    [InlineData("x<s>y <s>> z", "x|<s>|y|<s>|>|z")]
    [InlineData("a b<s><s>", "a b|<s>|<s>")]
    [InlineData("<s", "<s")]
    public void Special_tokens_are_pieces_of_their_own_and_the_first_listed_wins(string text, string pieces) => Same(PreTokenizer.CreateWhiteSpace(Special), text, pieces);

    [Fact]
    public void Special_tokens_are_spelled_literally() =>
        Same(PreTokenizer.CreateWordOrPunctuation(new Dictionary<string, int> { ["[.*]"] = 0 }), "a[.*]b[x]", "a|[.*]|b|[|x|]");

    [Fact]
    public void A_search_starts_a_new_input_at_every_piece_and_stops_before_a_special_token()
    {
        Same(new RegexPreTokenizer(new Regex("^."), null), "abc", "a|b|c");
        Same(new RegexPreTokenizer(new Regex(@"\w+$"), Special), "ab<s>cd", "ab|<s>|cd");
        Same(new RegexPreTokenizer(new Regex(@"(?<=a)b|a"), null), "aab", "a|a");
    }

    [Fact]
    public void An_empty_match_ends_the_search() => Same(new RegexPreTokenizer(new Regex("a*"), null), "aab", "aa");

    [Fact]
    public void Without_special_tokens_the_pieces_are_the_matches() => PropertyCheck.ForAll<string>(text =>
    {
        text ??= "";
        return PreTokenizer.CreateWordOrNonWord().PreTokenize(text).SequenceEqual(Regex.Matches(text, @"\w+|[^\w\s]+").Select(match => (match.Index, match.Length)));
    });

    [Fact]
    public void The_built_in_ones_are_shared_unless_they_have_special_tokens()
    {
        Assert.Same(PreTokenizer.CreateWhiteSpace(), PreTokenizer.CreateWhiteSpace());
        Assert.NotSame(PreTokenizer.CreateWhiteSpace(Special), PreTokenizer.CreateWhiteSpace(Special));
    }

    [Fact]
    public void A_regular_expression_is_required() => Assert.Throws<ArgumentNullException>(() => new RegexPreTokenizer(null!, null));

    [Fact]
    public void A_composite_gives_each_what_the_ones_before_left_and_keeps_the_rest()
    {
        var composite = new CompositePreTokenizer([new RegexPreTokenizer(new Regex(@"\d+"), null), new RegexPreTokenizer(new Regex("[a-c]+"), null)]);
        Same(composite, "xab12 cdd7", "x|ab|12| |c|dd|7");
        Same(new CompositePreTokenizer([]), "a b", "a b");
        Same(new CompositePreTokenizer([PreTokenizer.CreateWhiteSpace()]), " a  b", " |a|  |b");
        Same(composite, "", "");
    }

    [Fact]
    public void A_composite_finds_special_tokens_first()
    {
        var composite = new CompositePreTokenizer([PreTokenizer.CreateWhiteSpace()], Special);
        Same(composite, "xa b<s>y", "x|a b|<s>|y");
        Assert.Equal(2, composite.PreTokenizers.Count);
        Assert.Equal([PreTokenizer.CreateWhiteSpace()], new CompositePreTokenizer([PreTokenizer.CreateWhiteSpace()]).PreTokenizers);
    }

    [Fact]
    public void A_composite_covers_every_character_once() => PropertyCheck.ForAll<string>(text =>
    {
        text ??= "";
        var composite = new CompositePreTokenizer([PreTokenizer.CreateWordOrPunctuation(), new RegexPreTokenizer(new Regex("[+=<>]"), null)]);
        return string.Concat(composite.PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length))) == text
            && composite.PreTokenize(text.AsSpan()).SequenceEqual(composite.PreTokenize(text));
    });

    [Fact]
    public void A_composite_refuses_nothing_and_too_much()
    {
        Assert.Throws<ArgumentNullException>(() => new CompositePreTokenizer(null!));
        Assert.Contains("Pre-tokenizer 1 is null", Assert.Throws<ArgumentException>(() => new CompositePreTokenizer([RobertaPreTokenizer.Instance, null!])).Message, StringComparison.Ordinal);
        Assert.Contains("11", Assert.Throws<ArgumentException>(() => new CompositePreTokenizer([.. Enumerable.Repeat(RobertaPreTokenizer.Instance, 11)])).Message, StringComparison.Ordinal);
    }

    private static void Same(PreTokenizer preTokenizer, string text, string pieces)
    {
        Assert.Equal(pieces, string.Join('|', preTokenizer.PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length))));
        Assert.Equal(preTokenizer.PreTokenize(text), preTokenizer.PreTokenize(text.AsSpan()));
    }
}
