using TransformerTutorial.Display;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class TokenExplorerTests
{
    private static BytePairTokenizer Characters { get; } = BytePairTokenizer.Create(BytePairTrainer.Train(
        ["low low lower", "x y"], new BytePairTrainerOptions { VocabularySize = 100, MinimumCount = 2 }));

    private static BytePairTokenizer Bytes { get; } = BytePairTokenizer.Create(BytePairTrainer.Train(
        ["low low low"], new BytePairTrainerOptions { ByteLevel = true, VocabularySize = 300 }));

    private static int Id(BytePairTokenizer tokenizer, string token) => tokenizer.Model.Vocabulary[token];

    [Fact]
    public void Every_token_is_shown_with_its_id_and_a_gap_where_a_space_was_dropped() =>
        Assert.Equal(
            $"BPE, 2 tokens: low·{Id(Characters, "low</w>")}  low·{Id(Characters, "low</w>")}",
            TokenExplorer.Show("low low", ("BPE", Characters)).ToString());

    [Fact]
    public void A_space_that_belongs_to_a_token_is_visible() =>
        Assert.Equal($"b, 2 tokens: low·{Id(Bytes, "low")} ␣low·{Id(Bytes, "Ġlow")}", TokenExplorer.Show("low low", ("b", Bytes)).ToString());

    [Fact]
    public void Tokens_that_share_a_character_show_their_bytes()
    {
        var bytes = new byte[] { 0xF0, 0x9F, 0x99, 0x82 }.Select(value => $"{value:X2}·{Id(Bytes, ByteAlphabet.ToCharacter(value).ToString())}");

        Assert.Equal($"b, 5 tokens: {string.Join(' ', bytes)} x·{Id(Bytes, "x")}", TokenExplorer.Show("🙂x", ("b", Bytes)).ToString());
    }

    [Fact]
    public void Line_ends_and_control_characters_are_visible()
    {
        var shown = TokenExplorer.Show("\n\u0001", ("b", Bytes)).ToString();

        Assert.Contains("↵·", shown, StringComparison.Ordinal);
        Assert.Contains("\\x01·", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_tokenizers_stand_one_below_the_other() =>
        Assert.Equal(2, TokenExplorer.Show("low", ("one", Characters), ("two", Bytes)).ToString().Split('\n').Length);

    [Fact]
    public void The_empty_text_has_no_tokens() => Assert.Equal("b, 0 tokens:", TokenExplorer.Show("", ("b", Bytes)).ToString());

    [Fact]
    public void Html_is_escaped_and_sets_text_colours_with_backgrounds()
    {
        var html = TokenExplorer.Show("<b>&", ("<i>", Bytes)).Write(MimeTypes.Html)!;

        Assert.Contains("&lt;i&gt;", html, StringComparison.Ordinal);
        Assert.Contains("&amp;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Equal(html.Split("background:").Length, html.Split(";color:#1f2328").Length);
    }

    [Fact]
    public void Half_a_surrogate_pair_does_not_break_it() =>
        Assert.Contains("EF·", TokenExplorer.Show("a\ud83d", ("b", Bytes)).ToString(), StringComparison.Ordinal);
}
