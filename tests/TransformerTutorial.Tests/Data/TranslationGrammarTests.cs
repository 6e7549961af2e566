using TransformerTutorial.Data;

namespace TransformerTutorial.Tests.Data;

public sealed class TranslationGrammarTests : IDisposable
{
    private const string Words = """
        # a small lexicon
        ## agreement
        is am are is are
        ## person = - me+ my+'s | -
        I/me/my | 我 | first self ~self
        we/us/our | 我们 | plural self ~self
        Anna | 安娜
        ## noun = - s+s | - m
        apple | 苹果/个 | edible
        knife/knives | 刀/把
        egg | 鸡蛋/个 | edible
        ## verb = - s+s ed | - le+了
        eat/eats/ate | 吃 | | edible
        """;

    private const string Sentences = """
        ## phrase thing
        [3] a {noun*} = 一{noun*:m}{noun*}
        [1 plural] two {noun*:s} = 两{noun*:m}{noun*}
        ## shape eat 2
        {person} {verb/person} {thing@verb}. = {person}{verb}{thing}。
        {person} {verb:ed} {person#2:my} {noun@verb}. = {person}{verb:le}{person#2}的{noun}。
        ## shape be 1
        {person} {is/person} here. = {person}在这里。
        {thing} {is/thing} here. = {thing}在这里。
        ## held-out-structure question 1
        {is/person} {person} here? = {person}在这里吗？
        ## held-out-sentence name 1
        {person!self}. = {person}。
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("translation-tests-").FullName;

    public TranslationGrammarTests()
    {
        Write("words.txt", Words);
        Write("sentences.txt", Sentences);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Shapes_are_filled_and_agree_in_both_languages()
    {
        Assert.Equal(
            [
                "Anna ate my apple. 安娜吃了我的苹果。",
                "Anna ate my egg. 安娜吃了我的鸡蛋。",
                "Anna ate our apple. 安娜吃了我们的苹果。",
                "Anna ate our egg. 安娜吃了我们的鸡蛋。",
                "Anna eats an apple. 安娜吃一个苹果。",
                "Anna eats an egg. 安娜吃一个鸡蛋。",
                "Anna eats two apples. 安娜吃两个苹果。",
                "Anna eats two eggs. 安娜吃两个鸡蛋。",
                "I ate Anna's apple. 我吃了安娜的苹果。",
                "I ate Anna's egg. 我吃了安娜的鸡蛋。",
                "I eat an apple. 我吃一个苹果。",
                "I eat an egg. 我吃一个鸡蛋。",
                "I eat two apples. 我吃两个苹果。",
                "I eat two eggs. 我吃两个鸡蛋。",
                "We ate Anna's apple. 我们吃了安娜的苹果。",
                "We ate Anna's egg. 我们吃了安娜的鸡蛋。",
                "We eat an apple. 我们吃一个苹果。",
                "We eat an egg. 我们吃一个鸡蛋。",
                "We eat two apples. 我们吃两个苹果。",
                "We eat two eggs. 我们吃两个鸡蛋。",
            ],
            Drawn("eat"));
        Assert.Equal(
            [
                "A knife is here. 一把刀在这里。", "An apple is here. 一个苹果在这里。", "An egg is here. 一个鸡蛋在这里。", "Anna is here. 安娜在这里。", "I am here. 我在这里。",
                "Two apples are here. 两个苹果在这里。", "Two eggs are here. 两个鸡蛋在这里。", "Two knives are here. 两把刀在这里。", "We are here. 我们在这里。",
            ],
            Drawn("be"));
        Assert.Equal(["Am I here? 我在这里吗？", "Are we here? 我们在这里吗？", "Is Anna here? 安娜在这里吗？"], Drawn("question"));
    }

    [Fact]
    public void Weights_say_how_often_a_way_is_taken()
    {
        Write("sentences.txt", Sentences.Replace("{person} {is/person} here. = {person}在这里。\n", "", StringComparison.Ordinal));
        var grammar = TranslationGrammar.Load(_folder);
        var sentences = new TranslationSentences(grammar, seed: 1);
        var section = grammar.Sections.Single(one => one.Name == "be");

        Assert.InRange(Enumerable.Range(0, 4_000).Count(_ => sentences.Next(section).Pair.English.StartsWith("Two", StringComparison.Ordinal)), 900, 1_100);
    }

    [Fact]
    public void All_gives_every_sentence_of_a_section_once()
    {
        var grammar = TranslationGrammar.Load(_folder);
        var sentences = new TranslationSentences(grammar, seed: 1).All(grammar.Sections.Single(one => one.Name == "name"));

        Assert.Equal(["Anna. 安娜。"], sentences.Select(sentence => $"{sentence.Pair.English} {sentence.Pair.Chinese}"));
    }

    [Fact]
    public void A_shape_that_no_words_fit_is_an_error_that_names_its_section()
    {
        Write("sentences.txt", "## shape ours 1\n{person#2}, {person#3}, {person#4} = {person#2}{person#3}{person#4}");
        var grammar = TranslationGrammar.Load(_folder);

        Assert.Contains("'ours'", Assert.Throws<InvalidDataException>(() => new TranslationSentences(grammar, 1).Next(grammar.Sections[0])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apple", "line 9: a word is 'English/forms | Chinese/forms | what it is | what it takes', the last two where needed.")]
    [InlineData("apple | 苹果", "line 9: '苹果' lacks the form 'm'.")]
    [InlineData("apple | 苹果/个/只", "line 9: '苹果/个/只' is not a word with up to 2 forms.")]
    [InlineData("apple/ | 苹果/个", "line 9: 'apple/' is not a word with up to 2 forms.")]
    [InlineData("egg | 鸡蛋/个", "line 11: 'egg | 鸡蛋' is in the table 'noun' already.")]
    [InlineData("apple | 苹果/个 | | heavy", "line 9: it takes what is 'heavy', and no word is.")]
    [InlineData("## noun = -", "line 9: a heading is 'table = English forms | Chinese forms'.")]
    [InlineData("## noun = - | -", "line 9: there are two tables 'noun'.")]
    public void A_malformed_word_is_named(string word, string message) =>
        AssertMalformed("words.txt", Words.Replace("apple | 苹果/个 | edible", word, StringComparison.Ordinal), message);

    [Theory]
    [InlineData("is am are is", "line 3: a row of this table is a name of its own and the forms for first, second, third, plural.")]
    [InlineData("is am are is are\nis am are is are", "line 4: a row of this table is a name of its own and the forms for first, second, third, plural.")]
    public void A_malformed_agreement_is_named(string agreement, string message) => AssertMalformed("words.txt", Words.Replace("is am are is are", agreement, StringComparison.Ordinal), message);

    [Fact]
    public void A_word_before_the_first_heading_is_named() => AssertMalformed("words.txt", "apple | 苹果", "line 1: a word before the first heading.");

    [Theory]
    [InlineData("{beast} runs. = {beast}跑。", "line 2: '{beast}' names no table, no phrase and nothing that agrees.")]
    [InlineData("{person} {is} here. = {person}在这里。", "line 2: '{is}' does not say what it agrees with.")]
    [InlineData("{person} {is/noun} here. = {person}在这里。", "line 2: '{noun}', which '{is}' refers to, is not in this line.")]
    [InlineData("{person} {verb@noun}. = {person}{verb}。", "line 2: '{noun}', which '{verb}' refers to, is not in this line.")]
    [InlineData("{person} eats. = 吃。", "line 2: '{person}' is missing on the Chinese side.")]
    [InlineData("eat. = {person}吃。", "line 2: '{person}' is missing on the English side.")]
    [InlineData("{noun#2} and {noun}. = {noun#2}。", "line 2: '{noun}' is missing on the Chinese side.")]
    [InlineData("{noun:ing}. = {noun}。", "line 2: 'noun' has no form 'ing'.")]
    [InlineData("{noun}. = {noun:s}。", "line 2: 'noun' has no form 's'.")]
    [InlineData("{noun.heavy}. = {noun}。", "line 2: no word of 'noun' is 'heavy'.")]
    [InlineData("{noun!heavy}. = {noun}。", "line 2: no word of 'noun' is 'heavy'.")]
    [InlineData("{noun. = {noun}。", "line 2: '{noun.' holds a brace or bracket that is no place's.")]
    [InlineData("[x] {noun}. = {noun}。", "line 2: '[x] ' holds a brace or bracket that is no place's.")]
    [InlineData("[0] {noun}. = {noun}。", "line 2: a line begins with its weight, as in [2], or weight and person, as in [2 plural]; the persons are first, second, third, plural.")]
    [InlineData("[1 dual] {noun}. = {noun}。", "line 2: a line begins with its weight, as in [2], or weight and person, as in [2 plural]; the persons are first, second, third, plural.")]
    [InlineData("{noun}.", "line 2: a line is 'English = Chinese'.")]
    [InlineData("{noun}. = {noun}。\n## shape a", "line 3: a heading is 'phrase name', 'shape name share', 'held-out-structure name share' or 'held-out-sentence name share'.")]
    [InlineData("{noun}. = {noun}。\n## shape a 0", "line 3: a heading is 'phrase name', 'shape name share', 'held-out-structure name share' or 'held-out-sentence name share'.")]
    [InlineData("{noun}. = {noun}。\n## phrase noun", "line 3: 'noun' is a phrase or a table already.")]
    [InlineData("{noun}. = {noun}。\n## shape empty 1", "the section 'empty' has no shapes.")]
    [InlineData("{one}. = {one}。\n## phrase one\nx {two*} = x{two*}\n## phrase two\ny {one*} = y{one*}", "the phrase 'one' holds itself.")]
    public void A_malformed_shape_is_named(string shape, string message) => AssertMalformed("sentences.txt", $"## shape all 1\n{shape}", message);

    [Fact]
    public void A_shape_before_the_first_heading_is_named() => AssertMalformed("sentences.txt", "{noun}. = {noun}。", "line 1: a shape before the first heading.");

    private string[] Drawn(string section)
    {
        var grammar = TranslationGrammar.Load(_folder);
        var sentences = new TranslationSentences(grammar, seed: 1);
        var named = grammar.Sections.Single(one => one.Name == section);
        return [.. Enumerable.Range(0, 2_000).Select(_ => sentences.Next(named).Pair).Select(pair => $"{pair.English} {pair.Chinese}").Distinct().Order(StringComparer.Ordinal)];
    }

    private void AssertMalformed(string file, string text, string message)
    {
        Write(file, text);
        Assert.EndsWith(message, Assert.Throws<InvalidDataException>(() => TranslationGrammar.Load(_folder)).Message, StringComparison.Ordinal);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
